/* SPDX-License-Identifier: Apache-2.0
 * own_code - see own_code.h.
 */
#include "own_code.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "client.h"
#include "command.h"
#include "digest.h"
#include "mem.h"
#include "mode_tag.h"
#include "secret.h"
#include "terminal.h"

static bool mode_of_server(enum mode *mode, struct err *err)
{
	struct reply reply;
	bool ok = client_json("GET", "/healthz", NULL, false, &reply, err);
	json_t *health = ok ? reply_json(&reply) : NULL;
	const char *word = json_string_value(json_object_get(health, "mode"));

	if (ok && !mode_read(word ? word : "", mode))
		ok = err_set(err, ERR_UNAVAILABLE, "%s 没有说明实例模式",
		        "%s does not say its mode", client_server());
	json_decref(health);
	reply_finish(&reply);
	return ok;
}

/* A token of a drill's instance begins with its mode's word, or that instance takes none of it. */
static bool mode_for_code(const char *word, enum mode *mode, struct err *err)
{
	struct err why;

	if (word)
		return mode_read(word, mode) ||
		       err_set(err, ERR_USAGE, "--mode 应为 live、exercise 或 test，而不是 %s",
		               "--mode is live, exercise or test, not %s", word);
	if (mode_of_server(mode, &why))
		return true;
	return err_set(err, why.kind, "%s%.0s；实例不可及时请写明 --mode live|exercise|test",
	        "%.0s%s; where the instance cannot be reached, say --mode live|exercise|test",
	        why.zh, why.en);
}

static bool write_code(const char *path, const char *code, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	char *line = mem_format("%s\n", code);
	size_t len = strlen(line);
	bool ok = fd >= 0 && write(fd, line, len) == (ssize_t)len && fsync(fd) == 0;

	if (!ok)
		err_set(err, ERR_UNAVAILABLE, "无法写 %s：%s", "cannot write %s: %s", path,
		        strerror(errno));
	if (fd >= 0)
		close(fd);
	secret_forget(&line);
	return ok;
}

int own_code_make(const char *path, const char *mode_word)
{
	char digest[DIGEST_HEX];
	enum mode mode;
	struct err err;

	if (!mode_for_code(mode_word, &mode, &err))
		return say_err(&err);
	char *secret = random_token();
	char *code = mem_format("%s%s", mode_tag_token(mode), secret);
	digest_sha256(code, strlen(code), digest);
	bool ok = write_code(path, code, &err);
	if (ok)
		puts(digest);
	secret_forget(&secret);
	secret_forget(&code);
	return ok ? EX_OK : say_err(&err);
}

/* A name without a folder is a file here, not a credential of a service. */
char *own_code_read(const char *path, struct err *err)
{
	char *here = mem_format("%s%s", strchr(path, '/') ? "" : "./", path);
	char *code = secret_read(here, err);

	free(here);
	return code;
}

/* As somebody reads it off a slip: capitals, without blanks. */
static void tidy(char *word)
{
	char *to = word;

	for (const char *at = word; *at; at++)
		if (*at != ' ')
			*to++ = *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at;
	*to = '\0';
}

int own_code_word(const char *path)
{
	struct err err;
	char *code = own_code_read(path, &err);
	bool twice = code && strchr(code, '.');
	if (twice)
		err_set(&err, ERR_CONFLICT, "%s 中已有确认词", "%s holds a word already", path);
	char *word = code && !twice ? terminal_ask("确认词 / word", true, &err) : NULL;
	if (word)
		tidy(word);
	char *whole = word ? mem_format("%s.%s", code, word) : NULL;
	char *next = mem_format("%s.new", path);

	bool ok = whole && write_code(next, whole, &err);
	if (ok && rename(next, path) != 0)
		ok = err_set(&err, ERR_UNAVAILABLE, "无法写 %s：%s", "cannot write %s: %s", path,
		        strerror(errno));
	secret_forget(&whole);
	secret_forget(&word);
	secret_forget(&code);
	free(next);
	return ok ? EX_OK : say_err(&err);
}
