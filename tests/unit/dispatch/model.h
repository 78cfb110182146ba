/* SPDX-License-Identifier: Apache-2.0
 * model - looks at a dispatch from the outside and fails the test when a promise is broken. Naive
 * on purpose: lists and scans, nothing shared with the thing it watches.
 *
 *   (a) handed out: only what waits, is due, not expired, not withdrawn, newest of its chain, with
 * no older one in flight before its deadline; and nothing better could have gone instead (b)
 * nothing due stays behind when a far side without limits and faults asks (c) every change is one
 * the story allows; nothing changes after its end; every delivery ends (d) the account's limit
 * holds over the whole run
 */
#ifndef TOCSIN_DISPATCH_MODEL_H
#define TOCSIN_DISPATCH_MODEL_H

#include "dispatch.h"

enum { MODEL_TARGETS = 6, MODEL_LANES = 2 };

struct seen {
	struct dispatch_delivery is; /* chain unused */
	int chain;
	enum delivery_state state;
	int64_t due, deadline;
	bool withdrawn, backed_off;
	bool said_final, said_unknown, retried; /* what the dispatch was told about it */
	int handed;
	size_t place; /* in the target's list of waiting or flying */
};

struct crowd {
	int64_t *ids;
	size_t count;
};

struct model {
	struct seen *seen; /* by id; 0 unused */
	size_t count;
	int64_t (*newest)[MODEL_TARGETS]; /* by chain */
	size_t chain_count;
	struct dispatch_target targets[MODEL_TARGETS];
	struct crowd waiting[MODEL_TARGETS], flying[MODEL_TARGETS];
	int failures[MODEL_TARGETS][MODEL_LANES];
	int64_t paid[MODEL_TARGETS], started, biggest;
	int64_t ends[DELIVERY_STATE_COUNT], handed;
	uint64_t trace; /* the same for the same run */
};

void model_finish(struct model *model);
void model_note(struct model *model, int64_t a, int64_t b, int64_t c);
int model_add_chain(struct model *model);
int64_t model_add(
        struct model *model, const struct dispatch_delivery *delivery, int chain); /* its id */
void model_handed(struct model *model, int64_t id, int target, enum dispatch_lane lane, int64_t now,
        int64_t deadline);
void model_idle(struct model *model, int target, enum dispatch_lane lane,
        int64_t now); /* dispatch_next gave 0 */
void model_told(struct model *model, int64_t id, bool final,
        bool unknown); /* before dispatch_done, _lost */
void model_put_back(struct model *model, int64_t id);
void model_back(struct model *model, int target, int64_t now);
void model_change(struct model *model, const struct dispatch_change *change, int64_t now);
int model_lane(const struct model *model, const struct seen *seen);
bool model_ended(enum delivery_state state);

#endif
