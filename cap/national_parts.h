/* SPDX-License-Identifier: Apache-2.0
 * national_parts - what both directions of conversion share. Inside national_*.c only.
 */
#ifndef TOCSIN_NATIONAL_PARTS_H
#define TOCSIN_NATIONAL_PARTS_H

#include "national.h"

/* A restriction that says so keeps a classification through CAP. */
#define NATIONAL_CLASS "secClassification "
#define NATIONAL_PUBLIC "None"

/* A note with the path of an element; where there are too many already, none. */
void national_note(struct cap_problems *problems, const char *rule, const char *path,
        const char *zh, const char *en);

/* The event as far as help knows it; all NULL where there is none. */
struct national_event national_event_of(
        const struct national_help *help, const char *code, const char *headline, const char *text);

/* Parts of a list; "," "，" ";" and white space part them; empty ones are none. *at moves on; NULL
 * at the end. */
const char *national_next(const char **at, size_t *len);
/* The same, but white space is part of a name. */
const char *national_next_name(const char **at, size_t *len);

#endif
