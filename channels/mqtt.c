/* SPDX-License-Identifier: Apache-2.0
 * mqtt - alerts to a broker, MQTT 5, QoS 1. ROOT is topic_root in live mode, topic_root/exercise
 * and topic_root/test in the others, so that no drill stands on a live topic:
 *
 *   ROOT/AREA/HAZARD/LEVEL/cap   live: the signed CAP, once per 6-digit area
 *   ROOT/AREA/HAZARD/LEVEL/json  the same as JSON
 *   ROOT/state/AREA/IDENTIFIER   retained: the signed CAP while it is in force; the broker drops
 *                                it at expiry
 *   ROOT/sys/NODE/state          retained: digest and identifiers of what is in force, the sequence
 *   ROOT/sys/NODE/status         retained: online, offline (the will)
 *   ROOT/sys/NODE/heartbeat      retained: the signed heartbeat (status.h)
 *
 * A projection: after every job the retained alerts are those in force and no others; the new is
 * published before the old is cleared. Each message carries the key of its job: a repeat has the
 * same one. A job is delivered when the broker acknowledged its last message; a lost connection
 * defers what is in flight.
 */
#include "mqtt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel_types.h"
#include "utf8.h"
#include "when.h"

enum { TRY_EVERY = 1000, BYE_WAITS = 1000 };

#define AT(member) offsetof(struct mqtt, member)

static const struct option rows[] = {
        {"host", OPTION_TEXT, AT(host), NULL, 0, 0, "The broker's name or address.",
                "MQTT 服务器的名称或地址。"},
        {"port", OPTION_NUMBER, AT(port), "1883", 1, 65535, "The broker's port.",
                "MQTT 服务器的端口。"},
        {"client_id", OPTION_TEXT, AT(client_id), "", 0, 0,
                "Our name at the broker; empty: made of node, far side and mode.",
                "本端在服务器上的标识；为空时由节点、对端和模式组成。"},
        {"username", OPTION_TEXT, AT(username), "", 0, 0, "The account; empty: none.",
                "账号；为空表示不用。"},
        {"password", OPTION_SECRET, AT(password), "", 0, 0,
                "The file the account's password stands in.", "存放账号密码的文件。"},
        {"cafile", OPTION_TEXT, AT(cafile), "", 0, 0,
                "The authorities whose certificates are believed (PEM), or the word system; empty: "
                "no TLS.",
                "受信任的证书颁发机构文件（PEM），或写 system；为空则不加密。"},
        {"certfile", OPTION_TEXT, AT(certfile), "", 0, 0, "Our certificate (PEM); empty: none.",
                "本端证书（PEM）；为空表示不用。"},
        {"keyfile", OPTION_TEXT, AT(keyfile), "", 0, 0, "The key of our certificate (PEM).",
                "本端证书的私钥文件（PEM）。"},
        {"keepalive", OPTION_NUMBER, AT(keepalive), "20", 5, 65535,
                "Seconds of silence after which the connection is tried.",
                "多少秒没有往来就探测连接。"},
        {"connect_timeout", OPTION_SECONDS, AT(connect_timeout), "3", 100, 60000,
                "How long connecting may take, in seconds.", "连接最多用时（秒）。"},
        {"look_back", OPTION_SECONDS, AT(look_back), "0", 0, 600000,
                "A message of our own must come back from the broker within this time, as a "
                "subscriber would have it; our account must be allowed to read below sys. 0: it "
                "is not looked.",
                "自发的探测消息须在此时间内由服务器送回；账号须能读取 sys 下的主题。0 表示不查。"},
        {"topic_root", OPTION_TEXT, AT(topic_root), "alert/v1", 0, 0,
                "What all topics begin with; drills stand below it in their own branch.",
                "所有主题的开头；演练和测试另有分支。"},
        {0},
};

static bool root_good(const struct mqtt *mqtt, struct err *err)
{
	size_t len = strlen(mqtt->topic_root);

	if (len && mqtt->topic_root[0] != '/' && mqtt->topic_root[0] != '$' &&
	        mqtt->topic_root[len - 1] != '/' &&
	        mosquitto_pub_topic_check2(mqtt->topic_root, len) == MOSQ_ERR_SUCCESS)
		return true;
	return err_set(err, ERR_CONFIG, "设置 topic_root 不能用作主题的开头：%s",
	        "setting topic_root cannot begin a topic: %s", mqtt->topic_root);
}

static void mqtt_close(struct channel *channel)
{
	struct mqtt *mqtt = (struct mqtt *)channel;

	if (mqtt->connected && !mqtt->spoilt && mqtt->state_due)
		mqtt_put_state(mqtt);
	if (mqtt->connected) {
		char *topic = mqtt_sys_topic(mqtt, "status");
		struct mqtt_message bye = {
		        .topic = topic, .payload = "offline", .len = 7, .retain = true};
		if (mqtt_publish_own(mqtt, &bye, when_boot() + BYE_WAITS))
			mosquitto_disconnect_v5(mqtt->client, 0, NULL);
		free(topic);
	}
	mqtt_disconnect(mqtt);
	mqtt_know_nothing(mqtt);
	buf_finish(&mqtt->listed);
	mqtt->listed_era = 0;
	free(mqtt->waiting);
	mqtt->waiting = NULL;
	free(mqtt->root);
	mqtt->root = NULL;
	if (mqtt->library)
		mosquitto_lib_cleanup();
	mqtt->library = false;
}

static bool mqtt_open(struct channel *channel, struct err *err)
{
	struct mqtt *mqtt = (struct mqtt *)channel;
	enum mode mode = channel->mode;

	mqtt_close(channel);
	if (!root_good(mqtt, err))
		return false;
	mosquitto_lib_init();
	mqtt->library = true;
	mqtt->root = mode == MODE_LIVE ? mem_text(mqtt->topic_root)
	                               : mem_format("%s/%s", mqtt->topic_root, mode_text(mode));
	buf_init(&mqtt->listed, 0);
	return mqtt_connect(mqtt, when_boot() + mqtt->connect_timeout, err);
}

static void answer(struct channel_work *work, struct mqtt_flight *flight)
{
	struct channel_receipt receipt = {.verdict = flight->verdict};

	if (receipt.verdict == CHANNEL_DELIVERED)
		snprintf(receipt.proof, sizeof receipt.proof, "PUBACK mid=%d, %zu messages",
		        flight->last_mid, flight->sent);
	else
		memcpy(receipt.reason, flight->why,
		        utf8_cut(flight->why, sizeof receipt.reason - 1));
	const struct channel_job *job = flight->job;
	*flight = (struct mqtt_flight){0};
	work_done(work, job, -1, &receipt);
}

static void defer(struct mqtt_flight *flight, const char *why)
{
	if (flight->verdict == CHANNEL_DELIVERED)
		flight->verdict = CHANNEL_DEFERRED;
	if (*flight->why)
		return;
	size_t len = utf8_cut(why, sizeof flight->why - 1);

	memcpy(flight->why, why, len);
	flight->why[len] = '\0';
}

/* Connects if need be. A broker that was just found dead is not asked again for every job. */
static bool ready(struct mqtt *mqtt, int64_t deadline, struct err *err)
{
	int64_t now = when_boot();
	int64_t most = now + mqtt->connect_timeout;

	if (mqtt->connected && !mqtt->spoilt)
		return true;
	if (now < mqtt->next_try)
		return err_set(err, ERR_UNAVAILABLE, "MQTT 服务器 %s 刚才不可用：%s",
		        "the MQTT broker %s was not available a moment ago: %s", mqtt->host,
		        mqtt->why);
	if (mqtt_connect(mqtt, most < deadline ? most : deadline, err))
		return true;
	mqtt->next_try = when_boot() + TRY_EVERY;
	return false;
}

/* A job into a free place. Its messages are on their way, or it is answered on the next turn. */
static void start(struct mqtt *mqtt, int place, const struct channel_job *job)
{
	struct mqtt_flight *flight = &mqtt->flights[place];
	struct err err = {0};

	struct channel_receipt refusal;

	*flight = (struct mqtt_flight){.job = job, .verdict = CHANNEL_DELIVERED};
	if (!channel_carries(&mqtt->channel, job, &refusal)) {
		flight->verdict = refusal.verdict;
		defer(flight, refusal.reason);
	} else if (!ready(mqtt, job->deadline, &err)) {
		defer(flight, err.en);
	} else if (mqtt_send_job(mqtt, place, job) && job->kind != CHANNEL_NOTE) {
		mqtt_list(mqtt, job);
	}
}

static int free_place(const struct mqtt *mqtt)
{
	for (int i = 0; i < MQTT_WINDOW; i++)
		if (!mqtt->flights[i].job)
			return i;
	return -1;
}

/* Answers what has all its acknowledgements, was refused, or is out of time. How many are still on
 * their way. */
static size_t settle(struct mqtt *mqtt, struct channel_work *work, bool *all_good)
{
	int64_t now = when_boot();
	size_t left = 0;

	for (int i = 0; i < MQTT_WINDOW; i++) {
		struct mqtt_flight *flight = &mqtt->flights[i];
		if (!flight->job)
			continue;
		if (flight->waiting && !mqtt->connected)
			defer(flight,
			        *mqtt->why ? mqtt->why : "the connection to the broker broke");
		else if (flight->waiting && now >= flight->job->deadline)
			defer(flight, "the broker did not acknowledge in time");
		if (flight->waiting && flight->verdict == CHANNEL_DELIVERED) {
			left++;
			continue;
		}
		if (flight->waiting)
			mqtt->spoilt = true;
		*all_good = *all_good && flight->verdict == CHANNEL_DELIVERED;
		answer(work, flight);
	}
	return left;
}

static void state_if_due(struct mqtt *mqtt)
{
	if (mqtt->state_due && mqtt->connected && !mqtt->spoilt && when_boot() >= mqtt->next_state)
		mqtt_put_state(mqtt);
}

static void mqtt_deliver(struct channel *channel, struct channel_work *work)
{
	struct mqtt *mqtt = (struct mqtt *)channel;
	bool all_good = true;
	bool more;

	do {
		const struct channel_job *job = NULL;
		int place;
		while ((place = free_place(mqtt)) >= 0 && (job = work_take(work)))
			start(mqtt, place, job);
		more = place < 0; /* there may be more work than places */
		if (mqtt->connected && mqtt->waiting_count)
			mqtt_pump(mqtt, when_boot() + 20);
	} while (settle(mqtt, work, &all_good) || more);
	mqtt->state_due &= all_good;
	state_if_due(mqtt);
	if (mqtt->spoilt)
		mqtt_disconnect(
		        mqtt); /* nothing given up may leave later; the next turn asks anew */
}

/* Keepalive; and a lost broker is found again, and asked what it still holds. */
static void mqtt_tend(struct channel *channel, struct channel_work *work)
{
	struct mqtt *mqtt = (struct mqtt *)channel;
	struct err err = {0};

	bool well = mqtt->connected && !mqtt->spoilt && mqtt_pump(mqtt, when_boot());
	if (!well)
		well = ready(mqtt, when_boot() + mqtt->connect_timeout, &err);
	state_if_due(mqtt);
	work_far(work, well && mqtt_shows(mqtt, &err), err.en);
}

static void mqtt_held(struct channel *channel, char digest[65])
{
	snprintf(digest, DIGEST_HEX, "%s", ((struct mqtt *)channel)->digest);
}

const struct channel_type channel_mqtt = {
        .name = "mqtt",
        .size = sizeof(struct mqtt),
        .options = rows,
        .takes_key = true,
        .projection = true,
        .notes = 1u << STATUS_HEARTBEAT,
        .window = MQTT_WINDOW,
        .open = mqtt_open,
        .deliver = mqtt_deliver,
        .tend = mqtt_tend,
        .held = mqtt_held,
        .close = mqtt_close,
};
