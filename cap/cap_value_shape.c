/* SPDX-License-Identifier: Apache-2.0
 * cap_value_shape - the readers of polygons and circles (cap_schema.h).
 *
 * The text is kept as it stood, so that nothing that was read by a liberty can pass for the
 * standard's form later: strictly it is an error again, and marked doubtful in both ways.
 */
#include <stdlib.h>

#include "cap_geometry.h"
#include "cap_liberty.h"
#include "cap_schema.h"

static void note_shape(struct cap_reader *reader, const struct cap_place *place, unsigned liberties,
        const char *text)
{
	static const struct {
		unsigned liberty;
		const char *rule, *zh, *en;
	} rows[] = {
	        {LIBERTY_OPEN, "read.polygon.open",
	                "多边形没有闭合：照读照显示，但范围不能算数，发送前须由人改正",
	                "the polygon is not closed: it is read and shown, but its area counts for "
	                "nothing until somebody mends it"},
	        {LIBERTY_REVERSED, "read.shape.reversed",
	                "经纬度写反（经度在前）：照读照显示，但范围不能算数，发送前须由人改正",
	                "longitude stands first: it is read the other way and shown, but its area "
	                "counts for nothing until somebody mends it"},
	        {LIBERTY_ROUND, "read.shape.round",
	                "经度超过 180 "
	                "度，绕地球接着数：照读照显示，但范围不能算数，发送前须由人改正",
	                "longitudes are past 180 and were counted on round the globe: it is read "
	                "and shown, but its area counts for nothing until somebody mends it"},
	        {LIBERTY_MARKS, "read.shape.marks",
	                "括号、分隔符或正号不合标准：照读照显示，但范围不能算数，发送前须由人改正",
	                "brackets, separators or signs are not the standard's: it is read and "
	                "shown, but its area counts for nothing until somebody mends it"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (liberties & rows[i].liberty)
			cap_read_note(reader, place, rows[i].rule, rows[i].zh, rows[i].en, text);
	}
}

/* What geometry says. An empty element names no area: it is left out, and a warning says so. */
static void bad_shape(struct cap_reader *reader, const struct cap_place *place, const char *rule,
        const struct err *err, bool empty)
{
	if (empty)
		cap_read_say(reader, CAP_PROBLEM_WARNING, place, rule, "元素是空的，按没有处理",
		        "the element is empty and counts as absent", NULL);
	else
		cap_read_error(reader, place, rule, err->zh, err->en, NULL);
}

/* Read it another way, or say what is wrong. false: leave it out. */
static bool settle(struct cap_reader *reader, const struct cap_place *place, const char *text,
        const char *rule, const struct err *err, unsigned liberties)
{
	if (!rule) {
		reader->starved = true;
		return false;
	}
	if (liberties)
		note_shape(reader, place, liberties, text);
	else
		bad_shape(reader, place, rule, err, !*text);
	reader->doubtful = reader->doubtful || *text;
	return *text != '\0';
}

void cap_read_polygon(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	struct cap_area *area = object;
	struct cap_polygon polygon;
	const char *rule;
	struct err err;
	unsigned liberties = 0;
	const char *text = cap_read_leaf(reader, place, node);

	(void)row;
	if (!text)
		return;
	bool keep = cap_polygon_read(text, &polygon, &rule, &err);

	if (!keep) {
		polygon.doubtful = true;
		if (rule && *polygon.text && reader->lenient &&
		        !liberty_polygon(&polygon, &liberties) && !polygon.points)
			rule = NULL;
		keep = settle(reader, place, polygon.text, rule, &err, liberties);
	}
	struct cap_polygon *slot =
	        keep ? cap_read_got(reader,
	                       mem_try_push(&area->polygons, &area->polygon_count, sizeof polygon))
	             : NULL;

	if (slot) {
		*slot = polygon;
		return;
	}
	free(polygon.text);
	free(polygon.points);
}

void cap_read_circle(struct cap_reader *reader, const struct cap_place *place,
        const struct cap_node *node, const struct cap_row *row, void *object)
{
	struct cap_area *area = object;
	struct cap_circle circle;
	const char *rule;
	struct err err;
	unsigned liberties = 0;
	const char *text = cap_read_leaf(reader, place, node);

	(void)row;
	if (!text)
		return;
	bool keep = cap_circle_read(text, &circle, &rule, &err);

	if (!keep) {
		circle.doubtful = true;
		if (rule && *circle.text && reader->lenient && !liberty_circle(&circle, &liberties))
			liberties = 0;
		keep = settle(reader, place, circle.text, rule, &err, liberties);
	}
	struct cap_circle *slot =
	        keep ? cap_read_got(reader,
	                       mem_try_push(&area->circles, &area->circle_count, sizeof circle))
	             : NULL;

	if (slot)
		*slot = circle;
	else
		free(circle.text);
}
