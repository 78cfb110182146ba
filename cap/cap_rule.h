/* SPDX-License-Identifier: Apache-2.0
 * cap_rule - the table of rules, the profiles it serves, and asking them of a message.
 *
 * The rows stand in cap_rules.def. error: the message breaks the standard (or the profile) or says
 * nothing certain. warning: it is likely wrong, or readers will differ. advice: it would serve the
 * public better.
 */
#ifndef TOCSIN_CAP_RULE_H
#define TOCSIN_CAP_RULE_H

#include <stdint.h>

#include "cap_io.h"

/* One bit each; a set of them is an unsigned. */
enum cap_profile {
	CAP_PROFILE_BASE = 1, /* the standard, always asked */
	CAP_PROFILE_CHINA = 2,
	CAP_PROFILE_GOOGLE = 4,
	CAP_PROFILE_IPAWS = 8,
	CAP_PROFILE_CAP_CP = 16,
	CAP_PROFILE_CAP_AU = 32,
	CAP_PROFILE_END = 64
};
const char *cap_profile_text(enum cap_profile profile); /* base china google ipaws cap-cp cap-au */
bool cap_profile_read(const char *text, enum cap_profile *out);

enum cap_object { CAP_OF_READING, CAP_OF_ALERT, CAP_OF_INFO, CAP_OF_RESOURCE, CAP_OF_AREA };
enum { CAP_OBJECTS = CAP_OF_AREA + 1 };
const char *cap_object_text(enum cap_object object); /* bytes alert info resource area */

struct cap_look;
typedef void cap_rule_function(const struct cap_look *look);

struct cap_rule {
	const char *id;
	uint8_t error, warning, advice; /* profiles in which it has that level */
	enum cap_object object;
	const char *at;          /* elements it looks at; "" = any */
	cap_rule_function *look; /* NULL: found while the bytes are read */
	const char *zh, *en;
};

const struct cap_rule *cap_rule_at(size_t index); /* in the table's order; NULL past its end */
/* The strictest level among these profiles; false: none of them asks it. */
bool cap_rule_level(const struct cap_rule *rule, unsigned profiles, enum cap_level *out);

/* What a record knows of a message that another refers to. */
enum cap_standing {
	CAP_STANDING_UNKNOWN,  /* not in the record */
	CAP_STANDING_IN_FORCE, /* `sent` is filled in, here and below */
	CAP_STANDING_ENDED,    /* cancelled, replaced or expired */
};
typedef enum cap_standing cap_known_function(
        void *record, const struct cap_reference *reference, struct cap_time *sent);

/* How to ask. Zeroed: the standard alone, without a record. */
struct cap_ways {
	unsigned profiles; /* besides the standard */
	cap_known_function *known;
	void *record;
};
void cap_check_by(
        const struct cap_alert *alert, const struct cap_ways *ways, struct cap_problems *problems);

#endif
