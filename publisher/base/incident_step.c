/* SPDX-License-Identifier: Apache-2.0
 * incident_step - see incident_step.h. Refuses by naming the line.
 */
#include "incident_step.h"

#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "utf8.h"

void incident_step_finish(struct incident_step *step)
{
	char *owned[] = {step->incident, step->hazard, step->from, step->to, step->reason};

	for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++)
		free(owned[i]);
	texts_finish(&step->areas);
	*step = (struct incident_step){0};
}

void incident_step_write(const struct incident_step *step, struct buf *out)
{
	buf_text(out, "tocsin-incident 1\n");
	lines_put(out, "incident", step->incident);
	buf_format(out, "sequence %lld\n", (long long)step->sequence);
	lines_put(out, "previous", step->previous);
	lines_put(out, "verb", act_text(step->act));
	lines_put(out, "mode", mode_text(step->mode));
	lines_put(out, "hazard", step->hazard);
	for (size_t i = 0; i < step->areas.count; i++)
		lines_put(out, "area", step->areas.items[i]);
	lines_put(out, "from", step->from);
	lines_put(out, "to", step->to);
	lines_put(out, "reason", step->reason);
}

bool incident_act(enum act act)
{
	return act == ACT_ASSIGN || act == ACT_HANDOVER || act == ACT_CLOSE;
}

static void read_lines(struct lines *lines, struct incident_step *step)
{
	step->incident = lines_text(lines, "incident");
	step->sequence = lines_count(lines, lines_value(lines, "sequence"));
	const char *previous = lines_value(lines, "previous");
	if (strcmp(previous, "-") != 0)
		lines_digest(lines, previous, step->previous);
	if (!act_read(lines_value(lines, "verb"), &step->act) || !incident_act(step->act))
		lines->bad = true;
	if (!mode_read(lines_value(lines, "mode"), &step->mode))
		lines->bad = true;
	step->hazard = lines_text(lines, "hazard");
	while (lines_next_is(lines, "area"))
		texts_add(&step->areas, lines_value(lines, "area"));
	step->from = lines_text(lines, "from");
	step->to = lines_text(lines, "to");
	step->reason = lines_text(lines, "reason");
}

bool incident_step_read(struct incident_step *step, const char *bytes, size_t len, struct err *err)
{
	struct lines lines = {.number = 1};
	struct buf again;

	*step = (struct incident_step){0};
	if (!utf8_valid(bytes, len, NULL))
		return err_set(err, ERR_INPUT, "事件步骤不是 UTF-8 文本",
		        "the incident's step is not UTF-8 text");
	char *copy = mem_text_n(bytes, len);
	lines.at = copy;
	if (strcmp(lines_value(&lines, "tocsin-incident"), "1") != 0)
		lines.bad = true;
	read_lines(&lines, step);
	free(copy);

	buf_init(&again, len + 1);
	incident_step_write(step, &again);
	bool same = lines_same(&lines, &again, bytes, len);
	buf_finish(&again);
	if (same)
		return true;
	incident_step_finish(step);
	return err_set(err, ERR_INPUT, "事件步骤第 %d 行附近有误",
	        "the incident's step is wrong near line %d", lines.number);
}

bool incident_id_fits(const char *id)
{
	size_t len = strlen(id);

	if (!len || len > INCIDENT_ID_MOST || strpbrk(id, "\"/") || strcmp(id, "-") == 0 ||
	        id[0] == ' ' || id[len - 1] == ' ')
		return false;
	char *line = mem_text(id);
	utf8_one_line(line);
	bool same = strcmp(line, id) == 0;
	free(line);
	return same;
}

void signed_step_finish(struct signed_step *step)
{
	free(step->text);
	proof_finish(&step->proof);
	*step = (struct signed_step){0};
}

void signed_steps_finish(struct signed_steps *steps)
{
	for (size_t i = 0; i < steps->count; i++)
		signed_step_finish(&steps->items[i]);
	free(steps->items);
	*steps = (struct signed_steps){0};
}

bool signed_step_open(struct signed_step *signed_step, struct incident_step *step, struct err *err)
{
	size_t len = strlen(signed_step->text);

	if (!incident_step_read(step, signed_step->text, len, err))
		return false;
	signed_step->proof.act = step->act;
	digest_sha256(signed_step->text, len, signed_step->proof.manifest);
	return true;
}
