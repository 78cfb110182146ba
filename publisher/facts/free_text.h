/* SPDX-License-Identifier: Apache-2.0
 * free_text - the texts of a CAP message that people write, each with its path: what the screen and
 * the review look through.
 */
#ifndef TOCSIN_FREE_TEXT_H
#define TOCSIN_FREE_TEXT_H

#include "cap.h"

struct free_text {
	char *path;       /* /alert/info[1]/headline */
	const char *text; /* borrowed from the message */
};

struct free_texts {
	struct free_text *items;
	size_t count;
};

void free_texts_of(const struct cap_alert *alert,
        struct free_texts *out); /* absent and empty ones are left out */
void free_texts_finish(struct free_texts *texts);

#endif
