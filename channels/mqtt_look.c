/* SPDX-License-Identifier: Apache-2.0
 * mqtt_look - does the broker show what it takes? An acknowledgement says only that it took it. So,
 * where `look_back` is set, a message nobody else heeds goes out under our own root and must come
 * back as a subscriber would have it. One that does not: the far side is ill, and once it shows
 * again it is asked anew what it holds, for what it took meanwhile may be nowhere.
 */
#include "mqtt.h"

#include <stdlib.h>
#include <string.h>

#include "when.h"

void mqtt_send_probe(struct mqtt *mqtt)
{
	char *topic = mqtt_sys_topic(mqtt, "probe");

	mqtt_make_probe(mqtt);
	/* QoS 0: what is lost is sent again, and no acknowledgement stands in another's way. */
	mosquitto_publish_v5(
	        mqtt->client, NULL, topic, (int)strlen(mqtt->probe), mqtt->probe, 0, false, NULL);
	free(topic);
}

static bool not_shown(const struct mqtt *mqtt, struct err *err)
{
	return err_set(err, ERR_UNAVAILABLE,
	        "MQTT 服务器 %s 收下消息却不转发：%ld 毫秒内没有收回我们自己的消息",
	        "the MQTT broker %s takes messages and does not show them: one of our own did not "
	        "come back within %ld ms",
	        mqtt->host, mqtt->look_back);
}

bool mqtt_shows(struct mqtt *mqtt, struct err *err)
{
	int64_t since = when_boot() - mqtt->probe_sent;

	if (!mqtt->look_back)
		return true;
	if (mqtt->probe_back && mqtt->hides) {
		mqtt->hides = false;
		mqtt->spoilt = true;
		return not_shown(mqtt, err);
	}
	mqtt->late = !mqtt->probe_back && since >= mqtt->look_back ? mqtt->late + 1 : 0;
	if (mqtt->late > 1) /* looked at twice: it may have lain unread in our own socket */
		mqtt->hides = true;
	if (since >= mqtt->look_back && (mqtt->probe_back || mqtt->late > 1))
		mqtt_send_probe(mqtt);
	return !mqtt->hides || not_shown(mqtt, err);
}
