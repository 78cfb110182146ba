/* SPDX-License-Identifier: Apache-2.0
 * change_text - see change_text.h. A line that is not as it would be written ends the reading.
 */
#include "change_text.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

static const char small_letters[] = "abcdefghijklmnopqrstuvwxyz-";
static const char id_characters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

enum { ID_LEAST = 6, KIND_MOST = 40 };

void change_text_finish(struct change_text *text)
{
	free(text->id);
	free(text->kind);
	*text = (struct change_text){0};
}

bool change_id_fits(const char *id)
{
	size_t len = strlen(id);

	return len >= ID_LEAST && len <= CHANGE_ID_MOST && strncmp(id, "c-", 2) == 0 &&
	       strspn(id, id_characters) == len;
}

bool change_kind_fits(const char *kind)
{
	size_t len = strlen(kind);

	return len > 0 && len <= KIND_MOST && strspn(kind, small_letters) == len;
}

void change_text_write(const struct change_text *text, struct buf *out)
{
	buf_format(out, "tocsin-change 1\nid %s\nkind %s\nmode %s\nfollows %s\nbody %s\n", text->id,
	        text->kind, mode_text(text->mode), text->follows, text->body);
}

/* The value of the next line, the caller's; NULL: it is not that line. */
static char *next_value(const char **at, const char *key)
{
	size_t len = strlen(key);
	const char *end = strchr(*at, '\n');

	if (!end || strncmp(*at, key, len) != 0 || (*at)[len] != ' ')
		return NULL;
	char *value = mem_text_n(*at + len + 1, (size_t)(end - *at) - len - 1);
	*at = end + 1;
	return value;
}

static bool next_digest(const char **at, const char *key, char hex[DIGEST_HEX])
{
	char *value = next_value(at, key);
	bool fits = value && digest_is_hex(value);

	if (fits)
		memcpy(hex, value, DIGEST_HEX);
	free(value);
	return fits;
}

static bool read_lines(struct change_text *text, const char *at)
{
	char *form = next_value(&at, "tocsin-change");
	text->id = next_value(&at, "id");
	text->kind = next_value(&at, "kind");
	char *mode = next_value(&at, "mode");
	bool fits = form && strcmp(form, "1") == 0 && text->id && change_id_fits(text->id) &&
	            text->kind && change_kind_fits(text->kind) && mode &&
	            mode_read(mode, &text->mode) && next_digest(&at, "follows", text->follows) &&
	            next_digest(&at, "body", text->body) && !*at;

	free(form);
	free(mode);
	return fits;
}

bool change_text_read(struct change_text *text, const char *bytes, size_t len, struct err *err)
{
	char *copy = mem_text_n(bytes, len);

	*text = (struct change_text){0};
	bool fits = strlen(copy) == len && read_lines(text, copy);
	free(copy);
	if (fits)
		return true;
	change_text_finish(text);
	return err_set(err, ERR_INPUT, "变更的签署内容不合格式（tocsin-change 1）",
	        "the lines of this change are not of the form tocsin-change 1");
}

void change_text_digest(const struct change_text *text, char hex[DIGEST_HEX])
{
	struct buf lines;

	buf_init(&lines, 0);
	change_text_write(text, &lines);
	digest_sha256(lines.data, lines.len, hex);
	buf_finish(&lines);
}
