/* SPDX-License-Identifier: Apache-2.0
 * incident_act - see incident_act.h.
 *
 * The record's transaction looks at everything anew: who handles it, how far it has gone, what the
 * policy says. Of two hand-overs at the same moment the second one finds the incident moved on.
 */
#include "incident_act.h"

#include <stdlib.h>
#include <string.h>

#include "approve.h"
#include "ask.h"
#include "decide_json.h"
#include "incident_chain.h"
#include "log.h"
#include "signer_client.h"
#include "utf8.h"
#include "when.h"

enum { TITLE_MOST = 300, AREAS_MOST = 500 };

/* --- opening
 * -------------------------------------------------------------------------------------- */

static bool settle_hazard(const struct catalog *catalog, struct incident *incident, struct err *err)
{
	const struct hazard *hazard = catalog_hazard(catalog, incident->hazard);

	if (!hazard)
		hazard = catalog_hazard_named(catalog, incident->hazard);
	if (!hazard)
		return err_set(err, ERR_INPUT, "hazard：事件分类中没有“%s”",
		        "hazard: there is no event type \"%s\"", incident->hazard);
	mem_set_text(&incident->hazard, hazard->code);
	return true;
}

static bool settle_areas(const struct catalog *catalog, struct incident *incident, struct err *err)
{
	struct texts codes = {0};
	bool ok = incident->areas.count > 0 && incident->areas.count <= AREAS_MOST;

	if (!ok)
		err_set(err, ERR_INPUT, "areas 应有 1 至 %d 个区划",
		        "areas: between 1 and %d divisions", AREAS_MOST);
	for (size_t i = 0; ok && i < incident->areas.count; i++) {
		const char *name = incident->areas.items[i];
		const struct division *division = catalog_division(catalog, name);
		if (!division)
			division = catalog_division_named(catalog, name);
		if (!division)
			ok = err_set(err, ERR_INPUT, "areas：没有区划“%s”",
			        "areas: there is no division \"%s\"", name);
		else if (!texts_have(&codes, division->code))
			texts_add(&codes, division->code);
	}
	if (!ok) {
		texts_finish(&codes);
		return false;
	}
	texts_finish(&incident->areas);
	incident->areas = codes;
	return true;
}

static bool settle_words(struct incident *incident, struct err *err)
{
	if (*incident->id && !incident_id_fits(incident->id))
		return err_set(err, ERR_INPUT,
		        "事件编号须为 1 至 %d 字节的一行文字，不含引号和斜杠，首尾无空格",
		        "an incident's id is one line of 1 to %d bytes, without quotes, slashes or "
		        "blanks around it",
		        INCIDENT_ID_MOST);
	utf8_one_line(incident->title);
	if (!*incident->title || strlen(incident->title) > TITLE_MOST)
		return err_set(err, ERR_INPUT, "title 须为 1 至 %d 字节",
		        "title: between 1 and %d bytes", TITLE_MOST);
	return true;
}

static bool write_open(struct store *store, void *arg, struct err *err)
{
	struct incident *incident = arg;

	if (!store_add_incident(store, incident, err))
		return false;
	json_t *body = json_pack("{s:s,s:s,s:s}", "incident", incident->id, "hazard",
	        incident->hazard, "officer", incident->opener);
	bool ok = store_audit(store, "incident opened", incident->id, body, incident->opened, err);
	json_decref(body);
	return ok;
}

bool incident_open(struct house *house, const struct caller *caller, struct incident *incident,
        struct err *err)
{
	if (!caller_must_be_officer(caller, err) || !settle_words(incident, err) ||
	        !settle_hazard(house->catalog, incident, err) ||
	        !settle_areas(house->catalog, incident, err))
		return false;
	mem_put_text(&incident->opener, caller->officer->id);
	mem_put_text(&incident->handler, "");
	incident->opened = when_now();
	bool ok = record_do(house->record, 0, write_open, incident, err);
	log_event(ok ? LOG_INFO : LOG_WARN, "incident-open", "incident", incident->id, "officer",
	        incident->opener, "reason", ok ? NULL : err->en, NULL);
	return ok;
}

/* --- the next step
 * -------------------------------------------------------------------------------- */

bool incident_next(struct house *house, struct store *reader, const char *id, enum act act,
        const char *to, const char *reason, struct buf *out, struct err *err)
{
	struct incident now;

	if (strlen(reason) > INCIDENT_REASON_MOST)
		return err_set(err, ERR_INPUT, "reason 至多 %d 字节", "reason: at most %d bytes",
		        INCIDENT_REASON_MOST);
	if ((act == ACT_CLOSE) != (*to == '\0'))
		return err_set(err, ERR_INPUT, "指派和移交须写明接手单位（to），终结则不写",
		        "assign and handover say to which unit (to), close does not");
	if (*to && !policy_unit(atomic_load(&house->policy), to))
		return err_set(
		        err, ERR_INPUT, "授权规则中没有单位 %s", "the policy knows no unit %s", to);
	if (!store_get_incident(reader, id, &now, err))
		return false;
	bool ok = (act == ACT_ASSIGN) == (*now.handler == '\0');
	if (!ok)
		err_set(err, ERR_CONFLICT,
		        "事件 %s 现由“%s”处置：无人处置的才指派，有人处置的才移交或终结",
		        "incident %s is handled by \"%s\" now: what nobody handles is assigned, "
		        "what somebody handles is handed over or closed",
		        now.id, now.handler);
	if (ok) {
		struct incident_step step = {now.id, now.sequence + 1, "", act, house->config->mode,
		        now.hazard, now.areas, now.handler, (char *)to, (char *)reason};
		memcpy(step.previous, now.head, DIGEST_HEX);
		incident_step_write(&step, out); /* borrows everything: never finished */
	}
	incident_finish(&now);
	return ok;
}

/* --- taking it
 * ------------------------------------------------------------------------------------ */

struct taking {
	const struct policy *policy;
	enum mode mode;
	struct signed_step *step;
	struct incident_step *read;
	int64_t now;
	struct decision decision;
};

static json_t *facts_json(const struct taking *t)
{
	const struct incident_step *step = t->read;
	const struct proof *proof = &t->step->proof;
	json_t *areas = json_array();
	char at[WHEN_TEXT];

	when_text(proof->time, at);
	for (size_t i = 0; i < step->areas.count; i++)
		json_array_append_new(areas, json_string(step->areas.items[i]));
	return json_pack("{s:s,s:s,s:s?,s:s,s:o,s:{s:s,s:s?},s:s}", "officer", proof->officer,
	        "verb", act_text(step->act), "to", *step->to ? step->to : NULL, "hazard",
	        step->hazard, "areas", areas, "incident", "id", step->incident, "handler",
	        *step->from ? step->from : NULL, "at", at);
}

static bool write_decision(struct store *store, const struct taking *t, struct err *err)
{
	json_t *facts = facts_json(t);
	json_t *decision = decision_json(&t->decision);
	bool ok = store_add_decision(store, NULL, act_text(t->read->act), t->step->proof.officer,
	        t->decision.permit, decision, facts, t->now, err);

	json_decref(facts);
	json_decref(decision);
	return ok;
}

/* It continues what the record holds: asked of the same function that the signer asks. */
static bool continues(struct store *store, const struct taking *t, struct err *err)
{
	struct incident_standing standing;
	struct signed_steps steps;

	if (!store_list_incident_steps(store, t->read->incident, &steps, err))
		return false;
	bool ok = steps.count < INCIDENT_STEPS_MOST ||
	          err_set(err, ERR_CONFLICT, "事件 %s 已有 %d 步，请另行登记",
	                  "incident %s has %d steps already: open another", t->read->incident,
	                  INCIDENT_STEPS_MOST);
	if (ok) {
		struct signed_step *place = mem_push(&steps.items, &steps.count, sizeof *place);
		*place = *t->step;
		ok = incident_chain(
		        t->policy, &steps, t->read->incident, t->mode, t->now, &standing, err);
		steps.count--; /* the last one is the caller's */
	}
	if (ok)
		incident_standing_finish(&standing);
	signed_steps_finish(&steps);
	return ok;
}

static bool write_audit(struct store *store, const struct taking *t, struct err *err)
{
	const struct incident_step *step = t->read;
	json_t *body = json_pack("{s:s,s:I,s:s,s:s,s:s,s:s,s:s}", "incident", step->incident,
	        "sequence", (json_int_t)step->sequence, "act", act_text(step->act), "from",
	        step->from, "to", step->to, "officer", t->step->proof.officer, "step",
	        t->step->proof.manifest);
	bool ok = store_audit(store, "incident step", step->incident, body, t->now, err);

	json_decref(body);
	return ok;
}

/* Somebody was quicker? Then it is not asked at all: the question has another answer now. */
static bool is_next(struct store *store, const struct taking *t, struct err *err)
{
	const struct incident_step *step = t->read;
	struct incident now;

	if (!store_get_incident(store, step->incident, &now, err))
		return false;
	bool next = step->sequence == now.sequence + 1 && strcmp(step->previous, now.head) == 0;
	if (!next)
		err_set(err, ERR_CONFLICT,
		        "事件 %s 在您查看之后已有新的一步（现由“%s”处置），请重新查看后再办",
		        "incident %s was dealt with by somebody else since you looked (handled by "
		        "\"%s\" now): look again",
		        now.id, now.handler);
	incident_finish(&now);
	return next;
}

static bool write_step(struct store *store, void *arg, struct err *err)
{
	struct taking *t = arg;
	struct incident_request request =
	        incident_step_request(t->read, t->step->proof.officer, t->step->proof.time);

	if (!is_next(store, t, err))
		return false;
	decision_finish(&t->decision);
	authority_incident(t->policy, &request, &t->decision);
	if (!t->decision.permit)
		return write_decision(store, t, err);
	return continues(store, t, err) &&
	       store_add_incident_step(store, t->read, t->step, t->now, err) &&
	       write_decision(store, t, err) && write_audit(store, t, err);
}

/* It is recorded: that the signer is not there now changes nothing. It hears of it again with the
 * next bulletin. */
static void tell_signer(struct house *house, struct store *reader, const char *id)
{
	struct signed_steps steps;
	struct err err;

	if (store_list_incident_steps(reader, id, &steps, &err) &&
	        signer_steps(house->config->signer_socket, id, &steps, &err))
		log_event(LOG_INFO, "signer-told", "incident", id, NULL);
	else
		log_event(LOG_WARN, "signer-not-told", "incident", id, "reason", err.en, NULL);
	signed_steps_finish(&steps);
}

bool incident_take_step(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, struct signed_step *step, struct err *err)
{
	struct incident_step read;
	struct taking t = {.policy = atomic_load(&house->policy),
	        .mode = house->config->mode,
	        .step = step,
	        .read = &read,
	        .now = when_now()};

	if (!caller_must_be_officer(caller, err) || !signed_step_open(step, &read, err))
		return false;
	bool ok = strcmp(read.incident, id) == 0 ||
	          err_set(err, ERR_INPUT, "步骤文本说的是事件 %s，不是 %s",
	                  "the step's text is about incident %s, not %s", read.incident, id);
	ok = ok && approve_proof_is_own(caller, &step->proof, t.now, err) &&
	     policy_proof_holds(t.policy, &step->proof, err) &&
	     record_do(house->record, level_rank(LEVEL_ORANGE), write_step, &t, err);
	if (ok && !t.decision.permit)
		ok = ask_say_refusal(&t.decision, err);
	log_event(ok ? LOG_INFO : LOG_WARN, "incident-step", "incident", id, "act",
	        act_text(read.act), "officer", step->proof.officer, "to", read.to, "reason",
	        ok ? NULL : err->en, NULL);
	if (ok)
		tell_signer(house, reader, id);
	decision_finish(&t.decision);
	incident_step_finish(&read);
	return ok;
}
