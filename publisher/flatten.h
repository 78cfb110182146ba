/* SPDX-License-Identifier: Apache-2.0
 * flatten - CAP message -> flat view. Used by tocsind for what it renders and by the signer for relays, so
 * that both see the same thing.
 */
#ifndef TOCSIN_FLATTEN_H
#define TOCSIN_FLATTEN_H

#include "cap.h"
#include "view.h"

/* The facts a CAP message states about itself in our profile (or an upstream's: colour from the parameter
 * "colour"/"color", else from severity). Codes borrowed from nowhere: the caller's texts. */
struct cap_facts {
	enum kind kind;
	enum level level;
	char *hazard;	    /* eventCode under GB/T 35561, or "" */
	struct texts areas; /* division codes from geocodes, 6 digits where the code is a whole division */
	int64_t expires;    /* the latest info's; 0 = none */
	char *incident;     /* first of `incidents`, or "" */
};
void cap_facts_finish(struct cap_facts *facts);
/* false: something it states cannot be understood (unknown kind, two levels, an area without a code). */
bool cap_facts_read(const struct cap_alert *alert, struct cap_facts *facts, struct err *err);

/* verb, mode and chain are not in the CAP; public_url ("https://host/warnings", or "") makes `web`. */
void flatten(const struct cap_alert *alert, const struct cap_facts *facts, enum verb verb, enum mode mode,
	const char *chain, const char *replaces, const char *public_url, struct view *view);

#endif
