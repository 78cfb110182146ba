/* SPDX-License-Identifier: Apache-2.0
 * screening_fixture - see screening_fixture.h.
 */
#include "screening_fixture.h"

#include "buf.h"
#include "utf8.h"
#include "source_tree.h"

void screening_start(struct screening *screening)
{
	struct err err = {0};
	char *folder = source_path("publisher/data");
	char *sites = source_path("tests/data/screening/protected-sites.csv");

	*screening = (struct screening){.lists = screen_lists_read(folder, sites, &err)};
	if (!screening->lists)
		print_error("%s\n", err.en);
	assert_non_null(screening->lists);
	texts_add(&screening->hotlines, "02229990000");
	texts_add(&screening->hotlines, "13900001111");
	screening->rules = (struct screen_rules){screening->lists, &screening->hotlines};
	free(folder);
	free(sites);
}

void screening_end(struct screening *screening)
{
	screen_lists_destroy(&screening->lists);
	texts_finish(&screening->hotlines);
}

char *screening_file(const char *folder, const char *name)
{
	char *path = *name ? mem_format("%s/%s", folder, name) : mem_text(folder);
	FILE *file = fopen(path, "rb");
	struct buf text;
	char *all = NULL;

	free(path);
	if (!file)
		return NULL;
	buf_init(&text, 0);
	if (buf_read(&text, file) && utf8_valid(text.data ? text.data : "", text.len, NULL))
		all = buf_take(&text);
	fclose(file);
	buf_finish(&text);
	return all;
}

/* \u200b in place. */
static void unescape(char *text)
{
	char *out = text;

	while (*text) {
		unsigned c;
		char bytes[5];
		if (sscanf(text, "\\u%4x", &c) == 1) {
			size_t len = utf8_put(c, bytes);
			memcpy(out, bytes, len);
			out += len;
			text += 6;
		} else {
			*out++ = *text++;
		}
	}
	*out = '\0';
}

void screening_each_line(
        const char *name, void (*line)(struct screening *screening, char **fields, size_t number))
{
	struct screening screening;
	char *folder = source_path("tests/data/screening");
	char *text = screening_file(folder, name);
	char *fields[3];
	size_t number = 0;

	assert_non_null(text);
	screening_start(&screening);
	for (char *at = text; *at;) {
		char *end = at + strcspn(at, "\n");
		char *next = *end ? end + 1 : end;
		*end = '\0';
		number++;
		if (*at && *at != '#') {
			for (size_t i = 0; i < 3; i++) {
				fields[i] = at;
				at += strcspn(at, "\t");
				if (*at)
					*at++ = '\0';
				unescape(fields[i]);
			}
			line(&screening, fields, number);
		}
		at = next;
	}
	screening_end(&screening);
	free(text);
	free(folder);
}
