/* SPDX-License-Identifier: Apache-2.0
 * api_history - see api_history.h. Relies on the words kept at each submission (store_add_words).
 */
#include "api_history.h"

#include <stdlib.h>
#include <string.h>

#include "api_json.h"
#include "compare.h"

static json_t *steps_json(const struct step_list *steps)
{
	json_t *array = json_array();

	for (size_t i = 0; i < steps->count; i++) {
		const struct step *s = &steps->items[i];
		json_array_append_new(array,
		        json_pack("{s:s,s:s,s:s,s:s,s:s,s:o}", "step", step_text(s->kind),
		                "step_zh", step_zh(s->kind), "officer", s->officer, "reason",
		                s->reason, "manifest", s->manifest, "time", moment_json(s->at)));
	}
	return array;
}

/* The last time this officer judged it. */
struct glance {
	const char *act, *manifest;
	int64_t at;
};

static void look_at(struct glance *last, const char *act, const char *manifest, int64_t at)
{
	if (at >= last->at)
		*last = (struct glance){act, manifest, at};
}

static struct glance last_glance(
        const char *officer, const struct approval_list *approvals, const struct step_list *steps)
{
	struct glance last = {0};

	for (size_t i = 0; i < approvals->count; i++) {
		const struct approval *a = &approvals->items[i];
		if (strcmp(a->proof.officer, officer) == 0 &&
		        (a->proof.act == ACT_REVIEW || a->proof.act == ACT_SIGN))
			look_at(&last, act_text(a->proof.act), a->proof.manifest, a->recorded);
	}
	for (size_t i = 0; i < steps->count; i++) {
		const struct step *s = &steps->items[i];
		if (strcmp(s->officer, officer) == 0 && s->kind == STEP_RETURN)
			look_at(&last, step_text(s->kind), s->manifest, s->at);
	}
	return last;
}

static bool changes_json(struct call *call, const struct bulletin *b, const struct glance *last,
        json_t **out, struct err *err)
{
	char *manifest = NULL;
	char *cap = NULL;

	*out = json_null();
	if (!last->act)
		return true;
	json_t *fields = store_get_words(call->reader, b->id, last->manifest, &manifest, &cap, err)
	                         ? compare_with(manifest, cap, b, err)
	                         : NULL;
	if (fields)
		*out = json_pack("{s:s,s:o,s:o}", "since", last->act, "time", moment_json(last->at),
		        "fields", fields);
	free(manifest);
	free(cap);
	/* Submitted before words were kept: nothing can be said. */
	return fields || err->kind == ERR_MISSING;
}

/* 已作保密审查: by whom and on what basis, of the words as they stand; null: not yet. */
static json_t *secrecy_json(const struct bulletin *b, const struct step_list *steps)
{
	char digest[DIGEST_HEX];

	digest_sha256(b->manifest, strlen(b->manifest), digest);
	for (size_t i = steps->count; i > 0 && b->state != BULLETIN_DRAFT; i--) {
		const struct step *s = &steps->items[i - 1];
		if (s->kind == STEP_SECRECY && strcmp(s->manifest, digest) == 0)
			return json_pack("{s:s,s:s,s:s,s:o}", "said", step_zh(s->kind), "officer",
			        s->officer, "basis", s->reason, "time", moment_json(s->at));
	}
	return json_null();
}

bool show_history(struct call *call, const struct bulletin *b,
        const struct approval_list *approvals, json_t *json, struct err *err)
{
	const struct officer *officer = call->caller->officer;
	struct step_list steps = {0};
	json_t *changes = NULL;

	if (!store_list_steps(call->reader, b->id, &steps, err))
		return false;
	struct glance last = officer && !bulletin_is_fixed(b->state)
	                             ? last_glance(officer->id, approvals, &steps)
	                             : (struct glance){0};
	bool ok = changes_json(call, b, &last, &changes, err);
	json_object_set_new(json, "steps", steps_json(&steps));
	json_object_set_new(json, "changes", changes);
	json_object_set_new(json, "secrecy_review", secrecy_json(b, &steps));
	step_list_finish(&steps);
	return ok;
}
