/* SPDX-License-Identifier: Apache-2.0
 * mqtt_send - messages out, acknowledgements in.
 *
 * A message counts as arrived only at the version 5 acknowledgement with a reason below 128 (16,
 * nobody is subscribed, is a yes). Nothing is published unless the broker has let us in: the
 * library would keep it.
 */
#include "mqtt.h"

#include <mqtt_protocol.h>
#include <stdio.h>

#include "when.h"

/* Would the broker say no to the same message again? */
static bool final_reason(int reason)
{
	return reason == MQTT_RC_TOPIC_NAME_INVALID || reason == MQTT_RC_PACKET_TOO_LARGE ||
	       reason == MQTT_RC_PAYLOAD_FORMAT_INVALID || reason == MQTT_RC_RETAIN_NOT_SUPPORTED ||
	       reason == MQTT_RC_QOS_NOT_SUPPORTED;
}

static bool final_error(int rc)
{
	return rc == MOSQ_ERR_INVAL || rc == MOSQ_ERR_PAYLOAD_SIZE ||
	       rc == MOSQ_ERR_OVERSIZE_PACKET || rc == MOSQ_ERR_MALFORMED_UTF8 ||
	       rc == MOSQ_ERR_QOS_NOT_SUPPORTED || rc == MOSQ_ERR_RETAIN_NOT_SUPPORTED;
}

/* Seconds the broker may keep it; 0 = it never expires. */
static uint32_t interval(int64_t expires)
{
	int64_t seconds = (expires - when_now() + 999) / 1000;

	return !expires               ? 0
	       : seconds < 1          ? 1
	       : seconds > UINT32_MAX ? UINT32_MAX
	                              : (uint32_t)seconds;
}

static mosquitto_property *properties_of(const struct mqtt_message *message)
{
	mosquitto_property *list = NULL;
	char sequence[24];
	uint32_t seconds = interval(message->expires);

	if (message->content_type) {
		mosquitto_property_add_byte(&list, MQTT_PROP_PAYLOAD_FORMAT_INDICATOR, 1);
		mosquitto_property_add_string(&list, MQTT_PROP_CONTENT_TYPE, message->content_type);
	}
	if (seconds)
		mosquitto_property_add_int32(&list, MQTT_PROP_MESSAGE_EXPIRY_INTERVAL, seconds);
	if (message->job && message->len) {
		snprintf(sequence, sizeof sequence, "%lld", (long long)message->job->sequence);
		mosquitto_property_add_string_pair(
		        &list, MQTT_PROP_USER_PROPERTY, "alert-key", message->job->id);
		mosquitto_property_add_string_pair(
		        &list, MQTT_PROP_USER_PROPERTY, "sequence", sequence);
	}
	return list;
}

static void refuse(struct mqtt_flight *flight, bool final, const char *topic, const char *why)
{
	flight->verdict = final ? CHANNEL_REJECTED : CHANNEL_DEFERRED;
	if (!*flight->why)
		snprintf(flight->why, sizeof flight->why, "%s%s%s", topic, *topic ? ": " : "", why);
}

bool mqtt_publish(struct mqtt *mqtt, int flight, const struct mqtt_message *message)
{
	int mid = 0;
	mosquitto_property *properties = properties_of(message);
	int rc = mqtt->connected ? mosquitto_publish_v5(mqtt->client, &mid, message->topic,
	                                   (int)message->len, message->payload, 1, message->retain,
	                                   properties)
	                         : MOSQ_ERR_NO_CONN;

	mosquitto_property_free_all(&properties);
	if (rc == MOSQ_ERR_SUCCESS) {
		*(struct mqtt_waiting *)mem_push(&mqtt->waiting, &mqtt->waiting_count,
		        sizeof *mqtt->waiting) = (struct mqtt_waiting){mid, flight};
		if (flight >= 0) {
			mqtt->flights[flight].waiting++;
			mqtt->flights[flight].sent++;
		}
		return true;
	}
	if (rc == MOSQ_ERR_NO_CONN || rc == MOSQ_ERR_CONN_LOST)
		mqtt->connected = false;
	if (flight >= 0)
		refuse(&mqtt->flights[flight], final_error(rc), message->topic,
		        mosquitto_strerror(rc));
	mqtt->spoilt = true;
	return false;
}

void mqtt_acknowledged(struct mqtt *mqtt, int mid, int reason)
{
	for (size_t i = 0; i < mqtt->waiting_count; i++) {
		if (mqtt->waiting[i].mid != mid)
			continue;
		int flight = mqtt->waiting[i].flight;
		mqtt->waiting[i] = mqtt->waiting[--mqtt->waiting_count];
		if (reason >= 128)
			mqtt->spoilt = true;
		if (flight < 0) {
			mqtt->own_done = reason < 128;
			return;
		}
		mqtt->flights[flight].waiting--;
		mqtt->flights[flight].last_mid = mid;
		if (reason >= 128)
			refuse(&mqtt->flights[flight], final_reason(reason), "",
			        mosquitto_reason_string(reason));
		return;
	}
}

bool mqtt_publish_own(struct mqtt *mqtt, const struct mqtt_message *message, int64_t deadline)
{
	mqtt->own_done = false;
	if (!mqtt_publish(mqtt, -1, message))
		return false;
	while (!mqtt->own_done && !mqtt->spoilt && when_boot() < deadline)
		if (!mqtt_pump(mqtt, deadline))
			return false;
	return mqtt->own_done;
}
