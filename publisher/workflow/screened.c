/* SPDX-License-Identifier: Apache-2.0
 * screened - see screened.h.
 */
#include "screened.h"

#include <stdlib.h>
#include <string.h>

#include "cap_io.h"

/* Without an incident's name, how long bulletins of one hazard and area count as one story. */
static const int64_t STORY_MS = (int64_t)7 * 24 * 3600 * 1000;

/* Its own key, so that nobody can try names against the record without the house's secret. */
static void key_of(const struct config *config, char key[DIGEST_HEX])
{
	static const char purpose[] = "tocsin screening traces";
	const char *secret = config->callback_secret;

	digest_hmac(secret, strlen(secret), purpose, strlen(purpose), key);
}

static void take(void *arg, const char *bulletin, const struct store_trace *trace)
{
	screen_traces_add(arg, bulletin, trace->kind, trace->subject, trace->digest);
}

static char *places(const struct screen_found *found)
{
	struct cap_problems problems = {0};
	struct buf out;

	screen_problems(found, &problems);
	buf_init(&out, 0);
	for (size_t i = 0; i < problems.count; i++)
		buf_format(&out, "%s%s: %s / %s", i ? "\n" : "", problems.items[i].path,
		        problems.items[i].zh, problems.items[i].en);
	cap_problems_finish(&problems);
	return buf_take(&out);
}

/* Else nothing that others say can be about the same one: and in a storm of one hazard it would be
 * asked of all the others for each of them. */
static bool speaks_of_somebody(const struct screen_traces *own)
{
	for (size_t i = 0; i < own->count; i++)
		if (own->items[i].subject)
			return true;
	return false;
}

bool screened_look(struct house *house, struct store *reader, struct bulletin *b, int64_t now,
        struct screened *screened, struct err *err)
{
	const struct policy *policy = atomic_load(&house->policy);
	struct screen_rules rules = {house->screen, &policy->hotline_numbers};
	struct screen_traces others = {0};
	struct cap_problems problems = {0};
	char key[DIGEST_HEX];
	struct cap_alert *alert =
	        cap_parse_unfilled(b->cap, strlen(b->cap), CAP_LIMIT_SOURCE, &problems);

	*screened = (struct screened){0};
	cap_problems_finish(&problems);
	if (!alert)
		return err_set(err, ERR_INTERNAL, "%s 的草稿无法读回",
		        "the draft of %s cannot be read back", b->id ? b->id : "-");
	screen_alert(alert, &rules, &screened->found);
	cap_alert_destroy(&alert);
	key_of(house->config, key);
	screen_traces_of(&screened->found, key, &screened->traces);
	bool ok = !speaks_of_somebody(&screened->traces) ||
	          store_each_trace(reader, b, now - STORY_MS, take, &others, err);
	if (ok)
		screen_aggregate(&screened->found, &screened->traces, &others);
	screen_traces_finish(&others);
	b->screening = screened->found.hit_count ? SCREENING_HELD : SCREENING_NONE;
	free(b->screening_note);
	b->screening_note = places(&screened->found);
	return ok;
}

bool screened_write(struct store *store, const struct bulletin *b, const struct screened *screened,
        int64_t now, struct err *err)
{
	const struct screen_traces *own = &screened->traces;
	struct store_trace *traces = mem_array(own->count, sizeof *traces);
	json_t *hits = screen_hits_json(&screened->found);

	for (size_t i = 0; i < own->count; i++)
		traces[i] = (struct store_trace){
		        own->items[i].kind, own->items[i].digest, own->items[i].subject};
	bool ok = store_put_screening(store, b->id, hits, traces, own->count, now, err);
	json_decref(hits);
	free(traces);
	return ok;
}

void screened_finish(struct screened *screened)
{
	screen_found_finish(&screened->found);
	screen_traces_finish(&screened->traces);
}
