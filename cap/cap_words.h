/* SPDX-License-Identifier: Apache-2.0
 * cap_words - the standard's closed lists of words, in the order of the enums in cap.h. Inside cap/
 * only.
 */
#ifndef TOCSIN_CAP_WORDS_H
#define TOCSIN_CAP_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct cap_words {
	const char *const *words;
	size_t count;
};

extern const struct cap_words cap_status_words, cap_msg_type_words, cap_scope_words,
        cap_category_words, cap_response_type_words, cap_urgency_words, cap_severity_words,
        cap_certainty_words;

/* Words are compared as they stand: case and blanks count, as in the schema. */
bool cap_words_read(const struct cap_words *list, const char *text, unsigned *out);
const char *cap_words_text(const struct cap_words *list, unsigned value); /* "" past the end */

#endif
