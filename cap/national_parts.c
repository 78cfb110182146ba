/* SPDX-License-Identifier: Apache-2.0
 * national_parts - see national_parts.h. Cannot fail.
 */
#include "national_parts.h"

#include <string.h>

#define BLANKS " \t\r\n"

void national_note(struct cap_problems *problems, const char *rule, const char *path,
        const char *zh, const char *en)
{
	if (problems->count < CAP_NOTES_MAX)
		cap_problem_put(problems, CAP_PROBLEM_NOTE, rule, path, zh, en);
}

struct national_event national_event_of(
        const struct national_help *help, const char *code, const char *headline, const char *text)
{
	struct national_event event = {.category = CAP_OTHER};

	if (help && help->event)
		help->event(help->events, code, headline, text, &event);
	return event;
}

/* Bytes of the separator here; 0: none. */
static size_t separator(const char *at, bool blanks)
{
	static const char *const wide[] = {"，", "、", "；"};

	if (*at == ',' || *at == ';' || (*at && blanks && strchr(BLANKS, *at)))
		return 1;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (strncmp(at, wide[i], strlen(wide[i])) == 0)
			return strlen(wide[i]);
	return 0;
}

static const char *next(const char **at, size_t *len, bool blanks)
{
	size_t step;

	while ((step = separator(*at, blanks)) > 0 || (**at && strchr(BLANKS, **at)))
		*at += step ? step : 1;
	const char *from = *at;

	while (**at && !separator(*at, blanks))
		*at += 1;
	*len = (size_t)(*at - from);
	while (*len && strchr(BLANKS, from[*len - 1]))
		*len -= 1;
	return *len ? from : NULL;
}

const char *national_next(const char **at, size_t *len)
{
	return next(at, len, true);
}

const char *national_next_name(const char **at, size_t *len)
{
	return next(at, len, false);
}
