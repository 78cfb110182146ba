/* SPDX-License-Identifier: Apache-2.0
 * mode_tag - see mode_tag.h.
 */
#include "mode_tag.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "secret.h"

enum { FILE_MOST = 64 << 10 };

static char *beginning_of(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = mem_zero(FILE_MOST + 2);
	ssize_t len = fd < 0 ? -1 : read(fd, text, FILE_MOST + 1);

	if (len < 0)
		err_set(err, ERR_CONFIG, "无法读取凭据文件 %s：%s", "cannot read credential %s: %s",
		        path, strerror(errno));
	else if (len > FILE_MOST)
		err_set(err, ERR_CONFIG, "凭据文件 %s 过大", "credential %s is too large", path);
	if (fd >= 0)
		close(fd);
	if (len >= 0 && len <= FILE_MOST)
		return text;
	free(text);
	return NULL;
}

/* The word behind "tocsin-mode:", or behind "mode:" on any line but the first; its length, or 0. */
static size_t tag_of(const char *line, bool first, const char **word)
{
	static const char *const names[] = {"tocsin-mode:", "mode:"};

	for (size_t i = 0; i < (first ? 1 : 2); i++) {
		const char *name = names[i];
		if (strncmp(line, name, strlen(name)) != 0)
			continue;
		*word = line + strlen(name);
		*word += strspn(*word, " \t");
		return strcspn(*word, " \t\r\n");
	}
	return 0;
}

/* The mode the text names, MODE_LIVE when none; a word nobody knows, or two, is a fault. */
static bool read_tag(const char *text, const char *path, enum mode *mode, struct err *err)
{
	bool found = false;
	bool inside = false;
	const char *word;

	*mode = MODE_LIVE;
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		size_t len = inside ? 0 : tag_of(line, line == text, &word);
		inside = (inside || strncmp(line, "-----BEGIN", 10) == 0) &&
		         strncmp(line, "-----END", 8) != 0;
		if (!len)
			continue;
		char *name = mem_text_n(word, len);
		bool known = !found && mode_read(name, mode);
		if (!known)
			err_set(err, ERR_CONFIG, "凭据文件 %s 的模式标记 %s 不对或重复",
			        "credential %s bears a mode nobody knows, or two: %s", path, name);
		free(name);
		if (!known)
			return false;
		found = true;
	}
	return true;
}

bool mode_tag_fits(const char *path, enum mode mode, struct err *err)
{
	char *text = beginning_of(path, err);
	enum mode tagged = MODE_LIVE;

	if (!text)
		return false;
	bool ok = read_tag(text, path, &tagged, err);
	explicit_bzero(text, FILE_MOST);
	free(text);
	if (ok && tagged != mode)
		ok = err_set(err, ERR_CONFIG,
		        "凭据文件 %s 属于%s模式%.0s，本实例为%s模式%.0s：演练与实战的凭据不能混用",
		        "credential %s is for %.0s%s, this instance is %.0s%s: credentials of "
		        "drills and of live instances never mix",
		        path, mode_zh(tagged), mode_text(tagged), mode_zh(mode), mode_text(mode));
	return ok;
}

bool mode_tag_fits_secret(const char *name, enum mode mode, struct err *err)
{
	char *path = *name ? secret_path(name, err) : NULL;
	bool ok = !*name || (path && mode_tag_fits(path, mode, err));

	free(path);
	return ok;
}

const char *mode_tag_line(enum mode mode)
{
	return mode == MODE_EXERCISE ? "tocsin-mode: exercise\n"
	       : mode == MODE_TEST   ? "tocsin-mode: test\n"
	                             : "";
}

const char *mode_tag_token(enum mode mode)
{
	return mode == MODE_EXERCISE ? "exercise-" : mode == MODE_TEST ? "test-" : "";
}

enum mode mode_tag_of_token(const char *token)
{
	for (enum mode mode = MODE_EXERCISE; mode < MODE_COUNT; mode++)
		if (strncmp(token, mode_tag_token(mode), strlen(mode_tag_token(mode))) == 0)
			return mode;
	return MODE_LIVE;
}
