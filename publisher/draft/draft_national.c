/* SPDX-License-Identifier: Apache-2.0
 * draft_national - see draft_national.h. Relies on the grammar of headlines (draft_text.h); what is
 * not in the table stays unknown.
 */
#include "draft_national.h"

#include <stdlib.h>

#include "draft_text.h"

/* "河南省气象局发布大风蓝色预警[IV级/一般]", or an event's name alone. */
static const struct hazard *read_headline(
        const struct catalog *catalog, const char *headline, enum level *level)
{
	char *text = text_folded(headline);
	const struct hazard *hazard = NULL;
	struct text_subject subject;

	if (text_subject_find(text, &subject)) {
		char *event = mem_text_n(subject.event, subject.event_len);

		hazard = catalog_hazard_in(catalog, event);
		*level = subject.level != LEVEL_NONE ? subject.level : text_grade(subject.rest);
		free(event);
	} else {
		hazard = catalog_hazard_named(catalog, text);
	}
	free(text);
	return hazard;
}

void draft_national_event(void *catalog, const char *code, const char *headline, const char *text,
        struct national_event *out)
{
	const struct hazard *hazard =
	        headline ? read_headline(catalog, headline, &out->level) : NULL;

	if (!hazard)
		hazard = catalog_hazard(catalog, code);
	if (hazard) {
		out->name = hazard->name_zh;
		out->code = hazard->code;
		out->category = hazard->category;
	}
	out->occurring = text && text_occurring(text);
}
