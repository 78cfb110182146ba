/* SPDX-License-Identifier: Apache-2.0
 * mqtt_job - which messages a job is made of, and in which order: the live ones, the new state, and
 * only then the clearing of what is over. The broker keeps that order on one connection. False: a
 * message was refused at once; the flight says why.
 */
#include "mqtt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "when.h"

static bool areas_expressible(const struct view *view, struct mqtt_flight *flight)
{
	char six[7];
	bool good = view->area_count > 0;

	for (size_t i = 0; i < view->area_count; i++)
		good = good && mqtt_area(&view->areas[i], six);
	if (good)
		return true;
	flight->verdict = CHANNEL_REJECTED;
	snprintf(flight->why, sizeof flight->why, "an area has no division code: it has no topic");
	return false;
}

/* The message for whoever listens now: CAP, and the text we have for this far side. */
static bool publish_live(struct mqtt *mqtt, int f, const struct channel_job *job, const char *six)
{
	const struct view *view = &job->bulletin->view;
	bool hazard = strlen(view->hazard) == 5 && !strpbrk(view->hazard, "/+#");
	char *base = mem_format("%s/%s/%s/%s", mqtt->root, six, hazard ? view->hazard : "00000",
	        level_text(view->level));
	char *cap = mem_format("%s/cap", base);
	char *json = mem_format("%s/json", base);
	struct mqtt_message message = {.topic = cap,
	        .payload = job->bulletin->cap,
	        .len = job->bulletin->cap_len,
	        .content_type = "application/cap+xml",
	        .expires = job->expires,
	        .job = job};
	bool good = mqtt_publish(mqtt, f, &message);

	message.topic = json;
	message.payload = job->text;
	message.len = strlen(job->text);
	message.content_type = "application/json";
	good = good && (!message.len || mqtt_publish(mqtt, f, &message));
	free(base);
	free(cap);
	free(json);
	return good;
}

static bool publish_state(struct mqtt *mqtt, int f, const struct channel_job *job,
        const struct channel_bulletin *bulletin, const char *six)
{
	char *topic = mqtt_state_topic(mqtt, six, bulletin->view.identifier);
	struct mqtt_message message = {.topic = topic,
	        .payload = bulletin->cap,
	        .len = bulletin->cap_len,
	        .retain = true,
	        .content_type = "application/cap+xml",
	        .expires = bulletin->view.expires ? bulletin->view.expires + job->skew : 0,
	        .job = job};
	bool good = mqtt_publish(mqtt, f, &message);

	if (good)
		mqtt_know(mqtt, topic);
	free(topic);
	return good;
}

static bool clear(struct mqtt *mqtt, int f, const char *topic)
{
	struct mqtt_message message = {.topic = topic, .payload = "", .retain = true};

	return mqtt_publish(mqtt, f, &message);
}

/* Retained alerts that are no longer in force. */
static bool clear_others(struct mqtt *mqtt, int f, const struct lookup *wanted)
{
	const struct lookup_slot *slot;
	struct texts over = {0};
	bool good = true;

	for (size_t at = 0; (slot = lookup_next(&mqtt->known, &at));)
		if (!lookup_get(wanted, slot->name))
			texts_add(&over, slot->name);
	for (size_t i = 0; i < over.count && good; i++) {
		good = clear(mqtt, f, over.items[i]);
		if (good)
			lookup_drop(&mqtt->known, over.items[i]);
	}
	texts_finish(&over);
	return good;
}

/* Where we may not read back, what this one replaces is cleared in its own areas at least. */
static bool clear_replaced(
        struct mqtt *mqtt, int f, const struct view *view, const struct lookup *wanted)
{
	char six[7];

	for (size_t i = 0; i < view->area_count && *view->replaces && !mqtt->can_read; i++) {
		if (!mqtt_area(&view->areas[i], six) || mqtt_area_seen(view, i))
			continue;
		char *topic = mqtt_state_topic(mqtt, six, view->replaces);
		bool good = lookup_get(wanted, topic) || clear(mqtt, f, topic);
		free(topic);
		if (!good)
			return false;
	}
	return true;
}

/* The state topics of one bulletin that should be there: all of them, or only those that are
 * missing. */
static bool put_states(struct mqtt *mqtt, int f, const struct channel_job *job,
        const struct channel_bulletin *bulletin, const struct lookup *have)
{
	const struct view *view = &bulletin->view;
	char six[7];

	if (view->expires && view->expires <= when_now() - job->skew)
		return true;
	for (size_t i = 0; i < view->area_count; i++) {
		if (!mqtt_area(&view->areas[i], six) || mqtt_area_seen(view, i))
			continue;
		char *topic = mqtt_state_topic(mqtt, six, view->identifier);
		bool there = have && lookup_get(have, topic);
		free(topic);
		if (!there && !publish_state(mqtt, f, job, bulletin, six))
			return false;
	}
	return true;
}

static bool issue(struct mqtt *mqtt, int f, const struct channel_job *job)
{
	const struct view *view = &job->bulletin->view;
	char six[7];

	if (!areas_expressible(view, &mqtt->flights[f]))
		return false;
	for (size_t i = 0; i < view->area_count; i++)
		if (mqtt_area(&view->areas[i], six) && !mqtt_area_seen(view, i) &&
		        !publish_live(mqtt, f, job, six))
			return false;
	for (size_t i = job->active_count; i-- > 0;) /* it came last, or nearly so */
		if (strcmp(job->active[i]->view.identifier, view->identifier) == 0)
			return put_states(mqtt, f, job, job->bulletin, NULL);
	return true;
}

static bool restore(struct mqtt *mqtt, int f, const struct channel_job *job)
{
	bool good = true;

	for (size_t i = 0; i < job->active_count && good; i++)
		good = put_states(mqtt, f, job, job->active[i], &mqtt->known);
	return good;
}

static bool put_heartbeat(struct mqtt *mqtt, int flight, const struct channel_job *job)
{
	char *topic = mqtt_sys_topic(mqtt, "heartbeat");
	struct buf sealed;

	buf_init(&sealed, STATUS_MOST_BYTES);
	status_seal(job->form, job->signature, &sealed);
	struct mqtt_message message = {.topic = topic,
	        .payload = sealed.data,
	        .len = sealed.len,
	        .retain = true,
	        .content_type = "text/plain; charset=utf-8"};
	bool good = mqtt_publish(mqtt, flight, &message);
	buf_finish(&sealed);
	free(topic);
	return good;
}

/* All that the broker shows of us is in force still: then nothing is to be cleared, and nobody need
 * make the topics of all that is in force to find that out. */
static bool nothing_ended(const struct mqtt *mqtt, const struct channel_job *job)
{
	return job->active_era && job->active_era == mqtt->clear_era;
}

static bool clear_ended(struct mqtt *mqtt, int f, const struct channel_job *job)
{
	struct lookup wanted = {0};

	mqtt_wanted(mqtt, job, &wanted);
	bool good = (job->kind != CHANNEL_ISSUE ||
	                    clear_replaced(mqtt, f, &job->bulletin->view, &wanted)) &&
	            clear_others(mqtt, f, &wanted);
	if (good)
		mqtt->clear_era = job->active_era;
	lookup_finish(&wanted);
	return good;
}

bool mqtt_send_job(struct mqtt *mqtt, int flight, const struct channel_job *job)
{
	if (job->kind == CHANNEL_NOTE)
		return put_heartbeat(mqtt, flight, job);
	/* While it is not known what the broker holds, each job brings all that is in force. */
	bool all = job->kind == CHANNEL_STATE || !mqtt->digest[0];
	bool adds = !all && !*job->bulletin->view.replaces && nothing_ended(mqtt, job);
	bool good = job->kind != CHANNEL_ISSUE || issue(mqtt, flight, job);

	good = good && (!all || restore(mqtt, flight, job));
	if (good && adds)
		return true;
	mqtt->clear_era = 0;
	return good && clear_ended(mqtt, flight, job);
}
