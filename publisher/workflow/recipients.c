/* SPDX-License-Identifier: Apache-2.0
 * recipients - see recipients.h. Numbers never reach an error sentence or a log.
 */
#include "recipients.h"

#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"

static bool is_number(const char *text)
{
	size_t len = strlen(text);

	return len >= 5 && len <= 20 &&
	       strspn(text + (*text == '+'), "0123456789") == len - (*text == '+');
}

static bool in_areas(const struct texts *areas, const char *division)
{
	for (size_t i = 0; i < areas->count; i++)
		if (policy_division_covers(areas->items[i], division))
			return true;
	return false;
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

struct chosen {
	struct audience *audience;
	struct buf block;
	size_t in_block;
	void *seen; /* tsearch tree of numbers */
};

static void end_block(struct chosen *chosen)
{
	if (chosen->in_block)
		texts_add(&chosen->audience->blocks, chosen->block.data);
	buf_reset(&chosen->block);
	chosen->in_block = 0;
}

static void add_number(struct chosen *chosen, const char *number)
{
	char *copy = mem_text(number);
	char **found = tsearch(copy, &chosen->seen, compare);

	if (!found || *found != copy) {
		free(copy);
		return;
	}
	buf_format(&chosen->block, "%s\n", number);
	if (++chosen->in_block == AUDIENCE_BLOCK)
		end_block(chosen);
}

static bool take_line(struct chosen *chosen, char *line, size_t number, const char *path,
        const struct texts *areas, struct err *err)
{
	line[strcspn(line, "\r\n")] = '\0';
	if (number == 1 && strncmp(line, "\xef\xbb\xbf", 3) == 0)
		memmove(line, line + 3, strlen(line + 3) + 1);
	if (!*line || *line == '#' || (number == 1 && strncmp(line, "number,", 7) == 0))
		return true;
	char *division = strchr(line, ',');
	if (division)
		*division++ = '\0';
	if (!division || !is_number(line) || !policy_division_concrete(division))
		return err_set(err, ERR_CONFIG, "接收人名单 %s 第 %zu 行不是“号码,区划代码”",
		        "%s line %zu is not number,division", path, number);
	if (in_areas(areas, division))
		add_number(chosen, line);
	return true;
}

bool recipients_choose(
        const char *path, const struct texts *areas, struct audience *audience, struct err *err)
{
	struct chosen chosen = {.audience = audience};
	char line[512];
	size_t number = 0;
	FILE *file = *path ? fopen(path, "re") : NULL;

	if (!file)
		return err_set(err, ERR_CONFIG, "无法读取接收人名单 %s：%s",
		        "cannot read the recipients' file %s: %s", *path ? path : "(recipients)",
		        *path ? strerror(errno) : "-");
	bool ok = true;
	buf_init(&chosen.block, 0);
	while (ok && fgets(line, sizeof line, file))
		ok = take_line(&chosen, line, ++number, path, areas, err);
	fclose(file);
	end_block(&chosen);
	buf_finish(&chosen.block);
	tdestroy(chosen.seen, free);
	return ok;
}
