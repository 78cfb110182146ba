/* SPDX-License-Identifier: Apache-2.0
 * recipients - see recipients.h. Numbers never reach an error sentence or a log. The file is read
 * anew each time; what is chosen from the directory is kept there and named by its digest.
 */
#include "recipients.h"

#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "choose.h"
#include "flatten.h"
#include "phone.h"
#include "policy.h"
#include "when.h"

static const char DIRECTORY[] = "directory";

bool recipients_in_directory(const struct config_target *target)
{
	return strcmp(target->recipients, DIRECTORY) == 0;
}

int64_t recipients_seconds(const struct config_target *target, int64_t people)
{
	if (target->per_minute <= 0)
		return -1;
	return (people * 60 + target->per_minute - 1) / target->per_minute;
}

/* --- out of a file -----------------------------------------------------------------------------
 */

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
	if (!division || !phone_shaped(line) || !policy_division_concrete(division))
		return err_set(err, ERR_CONFIG, "接收人名单 %s 第 %zu 行不是“号码,区划代码”",
		        "%s line %zu is not number,division", path, number);
	if (in_areas(areas, division))
		add_number(chosen, line);
	return true;
}

static bool choose_from_file(
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
	if (ok)
		audience_seal(audience);
	return ok;
}

/* --- out of the directory ----------------------------------------------------------------------
 */

static void list_drawn(const struct cap_alert *alert, const struct cap_area ***out, size_t *count)
{
	for (size_t i = 0; i < alert->info_count; i++)
		for (size_t k = 0; k < alert->infos[i].area_count; k++)
			if (flatten_area_is_drawn(&alert->infos[i].areas[k]))
				*(const struct cap_area **)mem_push(out, count, sizeof **out) =
				        &alert->infos[i].areas[k];
}

static bool count_only(struct store *store, const struct selection *selection,
        struct audience *audience, struct err *err)
{
	struct chosen_count count;

	if (!choose_count(store, selection, &count, err))
		return false;
	audience->count = count.people;
	return true;
}

static bool freeze(const char *folder, struct store *store, const struct selection *selection,
        struct audience *audience, struct err *err)
{
	struct store *writer = directory_open(folder, true, err);
	bool ok = writer && choose_freeze(store, writer, selection, when_now(), audience, err);

	directory_close(&writer);
	return ok;
}

static bool choose_from_directory(const struct config *config, const struct config_target *target,
        const struct bulletin *b, const struct cap_alert *alert, bool keep,
        struct audience *audience, struct err *err)
{
	struct texts coded = {0};
	const struct cap_area **drawn = NULL;
	struct selection selection = {.divisions = &coded,
	        .hazard = *b->hazard ? b->hazard : NULL,
	        .level = b->level,
	        .kind = b->kind,
	        .groups = &target->groups,
	        .within = keep ? RECIPIENTS_FREEZE_MS : RECIPIENTS_COUNT_MS,
	        .looks = RECIPIENTS_LOOKS_MOST};
	struct store *store = directory_open(config->state, false, err);
	bool ok = store && flatten_named_divisions(alert, &coded, err);

	list_drawn(alert, &drawn, &selection.drawn_count);
	selection.drawn = drawn;
	if (ok)
		ok = keep ? freeze(config->state, store, &selection, audience, err)
		          : count_only(store, &selection, audience, err);
	directory_close(&store);
	texts_finish(&coded);
	free(drawn);
	return ok;
}

bool recipients_choose(const struct config *config, const struct config_target *target,
        struct bulletin *b, const struct cap_alert *alert, bool keep, struct err *err)
{
	if (!target->traits->recipients)
		return true;
	struct audience *audience = bulletin_add_audience(b);
	mem_set_text(&audience->target, target->name);
	bool ok = recipients_in_directory(target)
	                  ? choose_from_directory(config, target, b, alert, keep, audience, err)
	                  : choose_from_file(target->recipients, &b->areas, audience, err);
	return ok &&
	       (audience->count ||
	               err_set(err, ERR_INPUT,
	                       "通道 %s 在所选区域内没有接收人：在“通道”（targets）中去掉它再"
	                       "提交，或请管理员补充接收人",
	                       "%s has no recipients in the areas chosen: leave it out of the "
	                       "far sides (targets), or have an administrator add recipients",
	                       target->name));
}
