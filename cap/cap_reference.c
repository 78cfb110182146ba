/* SPDX-License-Identifier: Apache-2.0
 * cap_reference - the triplets of `references`: "sender,identifier,sent", white space between them
 * (cap_io.h). Strict: a triplet that is not one ends the reading with an error.
 */
#include <stdlib.h>
#include <string.h>

#include "cap_io.h"
#include "cap_place.h"

#define BLANKS " \t\r\n"

void cap_reference_finish(struct cap_reference *reference)
{
	free(reference->sender);
	free(reference->identifier);
	*reference = (struct cap_reference){0};
}

char *cap_reference_text(const struct cap_alert *alert)
{
	char sent[26];

	cap_time_write(alert->sent, sent);
	return mem_format("%s,%s,%s", alert->sender ? alert->sender : "",
	        alert->identifier ? alert->identifier : "", sent);
}

/* Takes the triplet apart in place; false when it has not three good parts. */
static bool split(char *text, struct cap_reference *out)
{
	char *first = strchr(text, ',');
	char *second = first ? strchr(first + 1, ',') : NULL;

	if (!second || first == text || second == first + 1 ||
	        !cap_time_read(second + 1, &out->sent))
		return false;
	out->sender = mem_text_n(text, (size_t)(first - text));
	out->identifier = mem_text_n(first + 1, (size_t)(second - first - 1));
	return true;
}

bool cap_reference_next(const char **at, struct cap_reference *out, struct err *err)
{
	char part[CAP_EXCERPT];

	*out = (struct cap_reference){0};
	if (err)
		err->kind = ERR_NONE;
	*at += strspn(*at, BLANKS);
	if (!**at)
		return false;
	size_t len = strcspn(*at, BLANKS);
	char *text = mem_text_n(*at, len);
	bool good = split(text, out);

	*at += len;
	cap_excerpt(text, part);
	free(text);
	if (good)
		return true;
	return err_set(err, ERR_INPUT, "references 中的“%s”不是“sender,identifier,sent”三段式",
	        "\"%s\" in references is not of the form sender,identifier,sent", part);
}
