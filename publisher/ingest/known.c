/* SPDX-License-Identifier: Apache-2.0
 * known - see known.h.
 */
#include "known.h"

#include <stdlib.h>
#include <string.h>

static enum cap_standing standing_of(const struct bulletin *bulletin, int64_t now)
{
	bool over = bulletin->state == BULLETIN_SUPERSEDED ||
	            bulletin->state == BULLETIN_CANCELLED || bulletin->state == BULLETIN_EXPIRED;

	return over || (bulletin->expires && bulletin->expires <= now) ? CAP_STANDING_ENDED
	                                                               : CAP_STANDING_IN_FORCE;
}

static enum cap_standing received(
        const struct known *known, const struct cap_reference *reference, int64_t *sent)
{
	struct bulletin *bulletin = NULL;
	char *id = NULL;
	struct err err;

	if (!store_find_message(
	            known->reader, reference->sender, reference->identifier, sent, &id, &err))
		return CAP_STANDING_UNKNOWN;
	bool found = store_get_bulletin(known->reader, id, &bulletin, &err);
	enum cap_standing standing =
	        found ? standing_of(bulletin, known->now) : CAP_STANDING_IN_FORCE;

	bulletin_destroy(&bulletin);
	free(id);
	return standing;
}

/* Our senders end with the unit's code, with which our identifiers begin. */
static bool is_ours(const struct cap_reference *reference)
{
	size_t code = strcspn(reference->identifier, "_");
	size_t len = strlen(reference->sender);

	return code && len >= code &&
	       strncmp(reference->sender + len - code, reference->identifier, code) == 0;
}

static enum cap_standing released(
        const struct known *known, const struct cap_reference *reference, int64_t *sent)
{
	enum cap_standing standing = CAP_STANDING_UNKNOWN;
	struct bulletin *bulletin = NULL;
	struct err err;

	if (is_ours(reference) &&
	        store_get_bulletin(known->reader, reference->identifier, &bulletin, &err) &&
	        bulletin->released) {
		standing = standing_of(bulletin, known->now);
		*sent = bulletin->sent;
	}
	bulletin_destroy(&bulletin);
	return standing;
}

enum cap_standing known_message(
        void *record, const struct cap_reference *reference, struct cap_time *sent)
{
	const struct known *known = record;
	int64_t ms = 0;
	enum cap_standing standing = received(known, reference, &ms);

	if (standing == CAP_STANDING_UNKNOWN)
		standing = released(known, reference, &ms);
	*sent = (struct cap_time){.set = standing != CAP_STANDING_UNKNOWN, .ms = ms};
	return standing;
}
