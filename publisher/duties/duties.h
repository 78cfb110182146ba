/* SPDX-License-Identifier: Apache-2.0
 * duties - what the law asks for after a release: opened with it, closed by whoever does it or by
 * the message that fulfils it, and said aloud while an urgent release goes unreported.
 */
#ifndef TOCSIN_DUTIES_H
#define TOCSIN_DUTIES_H

#include "house.h"

/* Inside the transaction of the release: closes what this message fulfils in its chain, opens what
 * the policy's rows ask for, each with its audit line. */
bool duties_open(struct store *store, const struct policy *policy, const struct bulletin *bulletin,
        int64_t now, struct err *err);

/* An officer of the duty's unit (or of one above it) says it is done. An after-report needs a
 * reference: the number under which it was filed. */
bool duties_done(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, const char *reference, const char *note, struct err *err);

/* A chore: every overdue after-report is an error in the log, again after 1, 2, 4, ... 60 minutes.
 */
void duties_shout(struct house *house, struct store *reader, int64_t now);

#endif
