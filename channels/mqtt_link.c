/* SPDX-License-Identifier: Apache-2.0
 * mqtt_link - the connection to the broker, its loop turned by hand in our own thread.
 *
 * libmosquitto keeps messages of QoS 1 in its own queue and sends them again after a reconnect. Two
 * queues disagree about what was sent, so a lost connection's client is destroyed with all it held,
 * and every connection is a new client. Its connect() blocks for as long as the kernel likes; so
 * the port is tried first, with our own deadline. A name look-up can still hang: the host's guard
 * ends the process then.
 */
#include "mqtt.h"

#include <errno.h>
#include <fcntl.h>
#include <mqtt_protocol.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "when.h"

static int left(int64_t deadline)
{
	int64_t ms = deadline - when_boot();

	return ms <= 0 ? 0 : ms > 1000 ? 1000 : (int)ms;
}

/* 0 = it answers; else an errno. */
static int try_address(const struct addrinfo *address, int64_t deadline)
{
	int trouble = 0;
	socklen_t len = sizeof trouble;
	int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct pollfd pfd = {.fd = fd, .events = POLLOUT};

	if (fd < 0)
		return errno;
	if (connect(fd, address->ai_addr, address->ai_addrlen) != 0 && errno != EINPROGRESS)
		trouble = errno;
	while (!trouble && poll(&pfd, 1, left(deadline)) <= 0)
		if (when_boot() >= deadline)
			trouble = ETIMEDOUT;
	if (!trouble)
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &trouble, &len);
	close(fd);
	return trouble;
}

static bool port_answers(const struct mqtt *mqtt, int64_t deadline, struct err *err)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *all = NULL;
	char port[12];
	int trouble = ETIMEDOUT;

	snprintf(port, sizeof port, "%ld", mqtt->port);
	int rc = getaddrinfo(mqtt->host, port, &hints, &all);
	if (rc != 0)
		return err_set(err, ERR_UNAVAILABLE, "找不到 MQTT 服务器 %s：%s",
		        "cannot find the MQTT broker %s: %s", mqtt->host, gai_strerror(rc));
	for (const struct addrinfo *at = all; at && trouble; at = at->ai_next)
		trouble = try_address(at, deadline);
	freeaddrinfo(all);
	return !trouble || err_set(err, ERR_UNAVAILABLE, "无法连接 MQTT 服务器 %s:%s：%s",
	                           "cannot connect to the MQTT broker %s:%s: %s", mqtt->host, port,
	                           strerror(trouble));
}

static void on_connect(struct mosquitto *client, void *arg, int reason, int flags,
        const mosquitto_property *properties)
{
	struct mqtt *mqtt = arg;

	(void)client;
	(void)flags;
	(void)properties;
	mqtt->connected = reason == 0;
	if (reason)
		snprintf(mqtt->why, sizeof mqtt->why, "the broker refused us: %s (%d)",
		        mosquitto_reason_string(reason), reason);
}

static void on_disconnect(
        struct mosquitto *client, void *arg, int reason, const mosquitto_property *properties)
{
	struct mqtt *mqtt = arg;

	(void)client;
	(void)properties;
	mqtt->connected = false;
	if (!*mqtt->why)
		snprintf(mqtt->why, sizeof mqtt->why, "the broker closed the connection (%d)",
		        reason);
}

static void on_publish(struct mosquitto *client, void *arg, int mid, int reason,
        const mosquitto_property *properties)
{
	(void)client;
	(void)properties;
	mqtt_acknowledged(arg, mid, reason);
}

static void on_message(struct mosquitto *client, void *arg, const struct mosquitto_message *message,
        const mosquitto_property *properties)
{
	(void)client;
	(void)properties;
	mqtt_heard(arg, message);
}

static void on_subscribe(struct mosquitto *client, void *arg, int mid, int count,
        const int *granted, const mosquitto_property *properties)
{
	struct mqtt *mqtt = arg;

	(void)client;
	(void)mid;
	(void)properties;
	mqtt->subscribed = true;
	for (int i = 0; i < count; i++)
		if (granted[i] >= 128)
			mqtt->can_read = false;
}

static int set_tls(struct mqtt *mqtt)
{
	const char *certfile = *mqtt->certfile ? mqtt->certfile : NULL;
	const char *keyfile = *mqtt->keyfile ? mqtt->keyfile : NULL;
	bool system = strcmp(mqtt->cafile, "system") == 0;

	if (!*mqtt->cafile)
		return MOSQ_ERR_SUCCESS;
	if (system)
		mosquitto_int_option(mqtt->client, MOSQ_OPT_TLS_USE_OS_CERTS, 1);
	return mosquitto_tls_set(mqtt->client, system ? NULL : mqtt->cafile,
	        system ? "/etc/ssl/certs" : NULL, certfile, keyfile, NULL);
}

/* The broker says it for us when we are gone without a word. */
static int set_will(struct mqtt *mqtt)
{
	char *topic = mqtt_sys_topic(mqtt, "status");
	int rc = mosquitto_will_set_v5(mqtt->client, topic, 7, "offline", 1, true, NULL);

	free(topic);
	return rc;
}

static char *client_id(const struct mqtt *mqtt)
{
	const struct channel *channel = &mqtt->channel;

	if (*mqtt->client_id)
		return mem_text(mqtt->client_id);
	return mem_format(
	        "tocsin-%s-%s-%s", channel->node, channel->name, mode_text(channel->mode));
}

static int make_client(struct mqtt *mqtt)
{
	char *id = client_id(mqtt);

	mqtt->client = mosquitto_new(id, true, mqtt);
	free(id);
	if (!mqtt->client)
		return MOSQ_ERR_NOMEM;
	mosquitto_int_option(mqtt->client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
	mosquitto_int_option(mqtt->client, MOSQ_OPT_TCP_NODELAY, 1);
	mosquitto_connect_v5_callback_set(mqtt->client, on_connect);
	mosquitto_disconnect_v5_callback_set(mqtt->client, on_disconnect);
	mosquitto_publish_v5_callback_set(mqtt->client, on_publish);
	mosquitto_message_v5_callback_set(mqtt->client, on_message);
	mosquitto_subscribe_v5_callback_set(mqtt->client, on_subscribe);
	int rc = *mqtt->username ? mosquitto_username_pw_set(mqtt->client, mqtt->username,
	                                   *mqtt->password ? mqtt->password : NULL)
	                         : MOSQ_ERR_SUCCESS;
	rc = rc ? rc : set_tls(mqtt);
	return rc ? rc : set_will(mqtt);
}

/* A broker that lets small packets wait for one another (Nagle; mosquitto does, unless told
 * otherwise) keeps its second acknowledgement until the first was confirmed, and our kernel may
 * take 40 ms for that. It falls back by itself, so it is told each time. */
static void confirm_at_once(const struct mqtt *mqtt)
{
	int fd = mosquitto_socket(mqtt->client);
	int yes = 1;

	if (fd >= 0)
		setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof yes);
}

bool mqtt_pump(struct mqtt *mqtt, int64_t until)
{
	int wait = left(until);

	if (!mqtt->client)
		return false;
	confirm_at_once(mqtt);
	int rc = mosquitto_loop(mqtt->client, wait > 20 ? 20 : wait, 1);
	if (rc == MOSQ_ERR_SUCCESS)
		return true;
	mqtt->connected = false;
	if (!*mqtt->why)
		snprintf(mqtt->why, sizeof mqtt->why, "the connection to the broker broke: %s",
		        rc == MOSQ_ERR_ERRNO ? strerror(errno) : mosquitto_strerror(rc));
	return false;
}

static bool say_online(struct mqtt *mqtt, int64_t deadline)
{
	char *topic = mqtt_sys_topic(mqtt, "status");
	struct mqtt_message online = {
	        .topic = topic, .payload = "online", .len = 6, .retain = true};
	bool said = mqtt_publish_own(mqtt, &online, deadline);

	free(topic);
	return said;
}

static bool shake_hands(struct mqtt *mqtt, int64_t deadline)
{
	int rc = make_client(mqtt);

	if (!rc)
		rc = mosquitto_connect_bind_v5(mqtt->client, mqtt->host, (int)mqtt->port,
		        (int)mqtt->keepalive, NULL, NULL);
	if (rc) {
		snprintf(mqtt->why, sizeof mqtt->why, "%s",
		        rc == MOSQ_ERR_ERRNO ? strerror(errno) : mosquitto_strerror(rc));
		return false;
	}
	while (!mqtt->connected && !*mqtt->why && when_boot() < deadline)
		if (!mqtt_pump(mqtt, deadline))
			break;
	if (!mqtt->connected && !*mqtt->why)
		snprintf(mqtt->why, sizeof mqtt->why, "the broker did not answer in time");
	return mqtt->connected && say_online(mqtt, deadline) && mqtt_learn(mqtt, deadline);
}

bool mqtt_connect(struct mqtt *mqtt, int64_t deadline, struct err *err)
{
	mqtt_disconnect(mqtt);
	*mqtt->why = '\0';
	mqtt->spoilt = false;
	if (!port_answers(mqtt, deadline, err))
		return false;
	if (shake_hands(mqtt, deadline))
		return true;
	err_set(err, ERR_UNAVAILABLE, "MQTT 服务器 %s:%ld 不可用：%s",
	        "the MQTT broker %s:%ld is not available: %s", mqtt->host, mqtt->port,
	        *mqtt->why ? mqtt->why : "it does not acknowledge");
	mqtt_disconnect(mqtt);
	return false;
}

void mqtt_disconnect(struct mqtt *mqtt)
{
	if (mqtt->client)
		mosquitto_destroy(mqtt->client);
	mqtt->client = NULL;
	mqtt->connected = false;
	mqtt->waiting_count = 0;
	mqtt->state_due = false;
}
