/* SPDX-License-Identifier: Apache-2.0
 * release_ahead - see release_ahead.h. On the threads of the chores, so that a signer that hangs
 * holds up no call.
 */
#include "release_ahead.h"

#include <stdlib.h>

#include "encode.h"
#include "log.h"
#include "when.h"

struct look {
	struct house *house;
	char *id;
};

static bool look_through(
        const struct house *house, struct store *reader, const struct bulletin *b, struct err *err)
{
	struct approval_list approvals = {0};
	bool ok = b->state != BULLETIN_APPROVED || b->procedure == PROCEDURE_RELAY ||
	          (store_list_approvals(reader, b->id, &approvals, err) &&
	                  encode_ahead(house, b, &approvals, when_now(), err));

	approval_list_finish(&approvals);
	return ok;
}

static void look(struct store *reader, void *arg)
{
	struct look *look = arg;
	struct bulletin *b = NULL;
	struct err err = {0};

	if (!store_get_bulletin(reader, look->id, &b, &err) ||
	        !look_through(look->house, reader, b, &err))
		log_event(LOG_WARN, "would-not-be-signed", "bulletin", look->id, "reason", err.en,
		        NULL);
	bulletin_destroy(&b);
	free(look->id);
	free(look);
}

void release_ahead(struct house *house, const char *id)
{
	struct look *one = mem_zero(sizeof *one);

	one->house = house;
	one->id = mem_text(id);
	if (workers_add(house->tenders, look, one))
		return;
	free(one->id);
	free(one);
}
