/* SPDX-License-Identifier: Apache-2.0
 * ingest_work - one arrival on its way through. Inside ingest/ only: ingest.c drafts and keeps,
 * ingest_cap.c reads CAP.
 */
#ifndef TOCSIN_INGEST_WORK_H
#define TOCSIN_INGEST_WORK_H

#include "ingest.h"
#include "screened.h"

/* One arrival on its way through. */
struct work {
	struct house *house;
	struct store *reader;
	const struct arrival *arrival;
	struct arrived *arrived;
	const struct cap_message *message; /* CAP only: as it was read */
	const struct cap_alert *alert;     /* its */
	char digest[DIGEST_HEX];           /* of its canonical content */
	struct cap_problems
	        kept;    /* what reading noted and the rules say of references: for the notes */
	bool distrusted; /* its source has a trust list, and by that its signature is not good */
	char *before;    /* id of what its triple named until now; NULL: nothing */
	struct bulletin *bulletin;
	struct screened screened;
	const char *outcome, *problem;
	int64_t now;
};
void work_finish(struct work *w); /* what it made; what it borrows stays */

bool work_take_cap(struct work *w, struct err *err);
/* Is it fit to be a draft? *found: what reading said of the bytes as a whole. */
bool work_look_at(struct work *w, const struct cap_message *message,
        const struct cap_problems *found, struct err *err);

bool work_draft(struct work *w, struct err *err); /* makes w->bulletin */
bool work_keep(struct work *w, struct err *err);  /* screened, and on disk */
/* Kept for inspection; always false, and *err as it was. */
bool work_refused(struct work *w, const char *outcome, struct err *err);

void work_add_notes(struct cap_problems *notes, const struct cap_problems *more);

#endif
