/* SPDX-License-Identifier: Apache-2.0
 * mqtt_state - what the broker holds of us: retained alerts, and the digest of the active set.
 *
 * Asked once per connection, by reading our own topics back; then kept up by ourselves, for we are
 * the only writer. The end of the retained messages is known by a probe we send ourselves: it comes
 * back behind them. A broker that does not let us read is taken as empty, which costs a state job
 * and nothing else.
 */
#include "mqtt.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lists.h"
#include "text.h"
#include "when.h"

enum {
	PROBE_WAITS = 2000, /* ms */
	STATE_WAITS = 1000, /* ms */
	STATE_PACE = 4096,  /* bytes a ms */
};

char *mqtt_sys_topic(const struct mqtt *mqtt, const char *what)
{
	return mem_format("%s/sys/%s/%s", mqtt->root, mqtt->channel.node, what);
}

char *mqtt_state_topic(const struct mqtt *mqtt, const char *area, const char *identifier)
{
	struct buf topic;

	buf_init(&topic, 0);
	buf_format(&topic, "%s/state/%s/", mqtt->root, area);
	text_file_name(identifier, &topic);
	return buf_take(&topic);
}

bool mqtt_area(const struct view_area *area, char six[7])
{
	size_t digits = strspn(area->code, "0123456789");

	if (digits < 6 || area->code[digits])
		return false;
	memcpy(six, area->code, 6);
	six[6] = '\0';
	return true;
}

bool mqtt_area_seen(const struct view *view, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (strncmp(view->areas[i].code, view->areas[index].code, 6) == 0)
			return true;
	return false;
}

void mqtt_wanted(const struct mqtt *mqtt, const struct channel_job *job, struct lookup *out)
{
	char six[7];

	for (size_t i = 0; i < job->active_count; i++) {
		const struct view *view = &job->active[i]->view;
		for (size_t k = 0; k < view->area_count; k++) {
			if (!mqtt_area(&view->areas[k], six) || mqtt_area_seen(view, k))
				continue;
			char *topic = mqtt_state_topic(mqtt, six, view->identifier);
			lookup_put(out, topic, (void *)job->active[i]);
			free(topic);
		}
	}
}

void mqtt_know(struct mqtt *mqtt, const char *topic)
{
	lookup_put(&mqtt->known, topic, mqtt);
}

void mqtt_know_nothing(struct mqtt *mqtt)
{
	lookup_finish(&mqtt->known);
	mqtt->clear_era = 0;
}

/* While the set only grows, so does the list. */
void mqtt_list(struct mqtt *mqtt, const struct channel_job *job)
{
	if (!job->active_era || job->active_era != mqtt->listed_era) {
		buf_reset(&mqtt->listed);
		mqtt->listed_count = 0;
	}
	for (; mqtt->listed_count < job->active_count; mqtt->listed_count++) {
		buf_text(&mqtt->listed, mqtt->listed_count ? "," : "");
		text_json_string(&mqtt->listed, job->active[mqtt->listed_count]->view.identifier);
	}
	mqtt->listed_era = job->active_era;
	mqtt->state_sequence = job->sequence;
	snprintf(mqtt->state_digest, sizeof mqtt->state_digest, "%s", job->active_digest);
	mqtt->state_due = true;
}

static void write_state(const struct mqtt *mqtt, struct buf *out)
{
	char moment[WHEN_TEXT];

	when_text(when_now(), moment);
	buf_format(out, "{\"digest\":\"%s\",\"sequence\":%lld,\"time\":\"%s\",\"identifiers\":[",
	        mqtt->state_digest, (long long)mqtt->state_sequence, moment);
	buf_add(out, mqtt->listed.data, mqtt->listed.len);
	buf_text(out, "]}");
}

/* What the broker now holds, for whoever asks after a restart. Only after everything it names is
 * there; a long one not at each job of a storm. */
void mqtt_put_state(struct mqtt *mqtt)
{
	char *topic = mqtt_sys_topic(mqtt, "state");
	struct buf state;

	buf_init(&state, 0);
	write_state(mqtt, &state);
	struct mqtt_message message = {.topic = topic,
	        .payload = state.data,
	        .len = state.len,
	        .retain = true,
	        .content_type = "application/json"};
	if (mqtt_publish_own(mqtt, &message, when_boot() + STATE_WAITS))
		snprintf(mqtt->digest, sizeof mqtt->digest, "%s", mqtt->state_digest);
	else
		mqtt->spoilt = true;
	mqtt->state_due = false;
	mqtt->next_state = when_boot() + (int64_t)(state.len / STATE_PACE);
	buf_finish(&state);
	free(topic);
}

static void read_state(struct mqtt *mqtt, const struct mosquitto_message *message)
{
	json_t *json = json_loadb(message->payload, (size_t)message->payloadlen, 0, NULL);
	const char *digest = json_string_value(json_object_get(json, "digest"));

	if (digest && digest_is_hex(digest))
		snprintf(mqtt->digest, sizeof mqtt->digest, "%s", digest);
	json_decref(json);
}

static bool ends_with_probe(const struct mqtt *mqtt, const struct mosquitto_message *message)
{
	return (size_t)message->payloadlen == strlen(mqtt->probe) &&
	       memcmp(message->payload, mqtt->probe, strlen(mqtt->probe)) == 0;
}

void mqtt_heard(struct mqtt *mqtt, const struct mosquitto_message *message)
{
	size_t root = strlen(mqtt->root);

	if (strncmp(message->topic, mqtt->root, root) != 0 || message->payloadlen <= 0)
		return;
	if (strncmp(message->topic + root, "/state/", 7) == 0) {
		if (message->retain)
			mqtt_know(mqtt, message->topic);
		return;
	}
	char *state = mqtt_sys_topic(mqtt, "state");
	if (strcmp(message->topic, state) == 0)
		read_state(mqtt, message);
	else if (ends_with_probe(mqtt, message))
		mqtt->probe_back = true;
	free(state);
}

void mqtt_make_probe(struct mqtt *mqtt)
{
	char *token = random_token();

	snprintf(mqtt->probe, sizeof mqtt->probe, "%s", token);
	free(token);
	mqtt->probe_back = false;
	mqtt->probe_sent = when_boot();
}

static bool wait_for(struct mqtt *mqtt, const bool *flag, int64_t deadline)
{
	while (!*flag && when_boot() < deadline)
		if (!mqtt_pump(mqtt, deadline))
			return false;
	return true;
}

static bool read_back(struct mqtt *mqtt, char *const topics[3], int64_t deadline)
{
	struct mqtt_message probe = {
	        .topic = topics[2], .payload = mqtt->probe, .len = strlen(mqtt->probe)};

	if (mosquitto_subscribe_multiple(mqtt->client, NULL, 3, topics, 0, 0, NULL) ||
	        !wait_for(mqtt, &mqtt->subscribed, deadline))
		return false;
	if (!mqtt->subscribed || !mqtt->can_read || !mqtt_publish_own(mqtt, &probe, deadline))
		return mqtt->connected;
	return wait_for(mqtt, &mqtt->probe_back, deadline);
}

bool mqtt_learn(struct mqtt *mqtt, int64_t deadline)
{
	char *topics[3] = {mem_format("%s/state/#", mqtt->root), mqtt_sys_topic(mqtt, "state"),
	        mqtt_sys_topic(mqtt, "probe")};
	int64_t until = when_boot() + PROBE_WAITS;

	mqtt_know_nothing(mqtt);
	*mqtt->digest = '\0';
	mqtt_make_probe(mqtt);
	mqtt->subscribed = false;
	mqtt->can_read = true;
	bool good = read_back(mqtt, topics, until < deadline ? until : deadline);
	mqtt->can_read = mqtt->probe_back;
	mqtt->hides = mqtt->look_back && !mqtt->probe_back;
	mqtt->late = 0;
	if (good) /* the probe's stays where more are to come back */
		mosquitto_unsubscribe_multiple(
		        mqtt->client, NULL, mqtt->look_back ? 2 : 3, topics, NULL);
	if (!mqtt->can_read) {
		mqtt_know_nothing(mqtt);
		*mqtt->digest = '\0';
	}
	for (size_t i = 0; i < 3; i++)
		free(topics[i]);
	return good;
}
