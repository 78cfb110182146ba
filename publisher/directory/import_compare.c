/* SPDX-License-Identifier: Apache-2.0
 * import_compare - an import's second step: what the file says beside who is in force, both in the
 * order of their numbers.
 *
 * A number that stands there twice counts once, as its first line has it; where the lines differ,
 * the later one is a fault, for nobody can tell which is meant. One line without consent is enough.
 */
#include <string.h>

#include "import_private.h"

struct comparing {
	struct importing *importing;
	struct person one; /* the number whose lines are being read */
	bool have;
	const struct person *known; /* the next of who is in force; NULL = no more */
};

static bool next_known(struct comparing *c, struct err *err)
{
	const void *record;

	if (!sorter_take(c->importing->known, &record, err))
		return false;
	c->known = record;
	return true;
}

static int order(const struct person *a, const struct person *b)
{
	return memcmp(a->number, b->number, NUMBER_ROOM);
}

/* Everybody in force before this number is gone; of the number itself, what has become of it. */
static bool meet(struct comparing *c, struct err *err)
{
	struct generation *made = c->importing->made;
	bool kept = !c->one.withheld;

	while (c->known && order(c->known, &c->one) < 0) {
		made->gone++;
		if (!next_known(c, err))
			return false;
	}
	bool was = c->known && order(c->known, &c->one) == 0;
	made->added += kept && !was;
	made->gone += !kept && was;
	made->changed += kept && was && c->known->said != c->one.said;
	made->withheld += !kept;
	made->people += kept;
	return (!was || next_known(c, err)) &&
	       (!kept || sorter_put(c->importing->kept, &c->one, err));
}

static void repeat(struct comparing *c, const struct person *again)
{
	struct people_file *file = &c->importing->file;

	if (again->withheld != c->one.withheld)
		c->one.withheld = 1;
	else if (again->said == c->one.said)
		c->importing->made->repeated++;
	else
		people_fault(file, again->line, "number",
		        "此号码在前面某行已出现且内容不同，以前面的为准",
		        "this number stands in a line before with other words, which count");
}

static bool each_number(struct comparing *c, struct err *err)
{
	const void *record;

	for (;;) {
		if (!sorter_take(c->importing->said, &record, err))
			return false;
		const struct person *next = record;
		if (next && c->have && order(next, &c->one) == 0) {
			repeat(c, next);
			continue;
		}
		if (c->have && !meet(c, err))
			return false;
		if (!next)
			return true;
		c->one = *next;
		c->have = true;
	}
}

bool import_compare(struct importing *importing, struct err *err)
{
	struct comparing c = {.importing = importing};

	importing->kept =
	        sorter_create(importing->order->folder, sizeof(struct person), 0, person_by_place);
	if (!next_known(&c, err) || !each_number(&c, err))
		return false;
	while (c.known) {
		importing->made->gone++;
		if (!next_known(&c, err))
			return false;
	}
	return sorter_sort(importing->kept, err);
}
