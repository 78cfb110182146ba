/* SPDX-License-Identifier: Apache-2.0
 * view - see view.h. Memory only; cannot fail.
 */
#include "view.h"

#include <stdlib.h>

#include "view_rows.h"

#define AT(member) offsetof(struct view, member)

/* The order on the wire and in the digest: new members go to the end. */
const size_t view_texts[] = {AT(identifier), AT(chain), AT(replaces), AT(references), AT(hazard),
        AT(event), AT(sender), AT(sender_name), AT(headline), AT(description), AT(instruction),
        AT(contact), AT(web), AT(category), AT(urgency), AT(severity), AT(certainty), AT(language)};
const size_t view_text_count = sizeof view_texts / sizeof view_texts[0];

char **view_text(struct view *view, size_t row)
{
	return (char **)((char *)view + view_texts[row]);
}

void view_init(struct view *view)
{
	*view = (struct view){0};
	for (size_t i = 0; i < view_text_count; i++)
		*view_text(view, i) = mem_text("");
}

void view_finish(struct view *view)
{
	for (size_t i = 0; i < view_text_count; i++)
		free(*view_text(view, i));
	for (size_t i = 0; i < view->area_count; i++) {
		free(view->areas[i].code);
		free(view->areas[i].name);
		free(view->areas[i].polygon);
	}
	free(view->areas);
	*view = (struct view){0};
}

struct view_area *view_add_area(struct view *view)
{
	struct view_area *area = mem_push(&view->areas, &view->area_count, sizeof *view->areas);

	area->code = mem_text("");
	area->name = mem_text("");
	area->polygon = mem_text("");
	return area;
}
