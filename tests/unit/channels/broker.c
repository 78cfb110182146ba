/* SPDX-License-Identifier: Apache-2.0
 * broker - see broker.h. What does not come within ten seconds ends the test.
 */
#include "broker.h"

#include <arpa/inet.h>
#include <mqtt_protocol.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "digest.h"
#include "folder.h"
#include "mem.h"
#include "when.h"

enum { PATIENCE = 10000 };

extern char **environ;

static struct sockaddr_in loopback(int port)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
	        .sin_port = htons((uint16_t)port),
	        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int free_port(void)
{
	struct sockaddr_in address = loopback(0);
	socklen_t len = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	close(fd);
	return ntohs(address.sin_port);
}

static bool answers(const char *port)
{
	struct sockaddr_in address = loopback((int)strtol(port, NULL, 10));
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool there = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;

	close(fd);
	return there;
}

static const char *program(void)
{
	static const char *const places[] = {
	        "/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto"};

	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		if (access(places[i], X_OK) == 0)
			return places[i];
	return NULL;
}

bool broker_start(struct broker *broker, const char *extra)
{
	if (!program())
		return false;
	if (!broker->folder) {
		broker->folder = folder_make();
		snprintf(broker->port, sizeof broker->port, "%d", free_port());
	}
	char *text = mem_format("listener %s 127.0.0.1\nallow_anonymous true\npersistence "
	                        "false\nlog_dest none\n%s\n",
	        broker->port, extra ? extra : "");
	folder_write(broker->folder, "mosquitto.conf", text);
	char *path = mem_format("%s/mosquitto.conf", broker->folder);
	const char *argv[] = {"mosquitto", "-c", path, NULL};
	assert_int_equal(
	        posix_spawn(&broker->pid, program(), NULL, NULL, (char *const *)argv, environ), 0);
	free(text);
	free(path);
	for (int64_t until = when_boot() + PATIENCE; !answers(broker->port); poll(NULL, 0, 5))
		if (when_boot() > until)
			fail_msg("the broker does not listen on port %s", broker->port);
	return true;
}

void broker_stop(struct broker *broker)
{
	if (broker->pid <= 0)
		return;
	kill(broker->pid, SIGKILL);
	waitpid(broker->pid, NULL, 0);
	broker->pid = 0;
}

void broker_finish(struct broker *broker)
{
	broker_stop(broker);
	folder_remove(&broker->folder);
}

static void on_message(struct mosquitto *client, void *arg, const struct mosquitto_message *message,
        const mosquitto_property *properties)
{
	struct ear *ear = arg;
	struct heard *heard = mem_push(&ear->heard, &ear->count, sizeof *heard);
	uint32_t expiry = 0;
	char *name = NULL, *value = NULL;

	(void)client;
	heard->topic = mem_text(message->topic);
	heard->payload =
	        mem_text_n(message->payload ? message->payload : "", (size_t)message->payloadlen);
	heard->retain = message->retain;
	mosquitto_property_read_int32(
	        properties, MQTT_PROP_MESSAGE_EXPIRY_INTERVAL, &expiry, false);
	heard->expiry = (long)expiry;
	mosquitto_property_read_string_pair(
	        properties, MQTT_PROP_USER_PROPERTY, &name, &value, false);
	heard->key = mem_text(value ? value : "");
	free(name);
	free(value);
}

static void on_subscribe(
        struct mosquitto *client, void *arg, int mid, int count, const int *granted)
{
	(void)client;
	(void)mid;
	(void)count;
	(void)granted;
	((struct ear *)arg)->ready = true;
}

/* QoS 0: beyond its window of 20, mosquitto 2.0 lets a new message of QoS 1 overtake those that
 * wait. */
void ear_open(struct ear *ear, const struct broker *broker, const char *topic)
{
	int64_t until = when_boot() + PATIENCE;
	unsigned number;

	*ear = (struct ear){0};
	random_bytes(&number, sizeof number);
	snprintf(ear->own, sizeof ear->own, "ear/%u", number);
	mosquitto_lib_init();
	ear->client = mosquitto_new(NULL, true, ear);
	mosquitto_int_option(ear->client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
	mosquitto_message_v5_callback_set(ear->client, on_message);
	mosquitto_subscribe_callback_set(ear->client, on_subscribe);
	assert_int_equal(mosquitto_connect(
	                         ear->client, "127.0.0.1", (int)strtol(broker->port, NULL, 10), 60),
	        0);
	assert_int_equal(mosquitto_subscribe(ear->client, NULL, topic, 0), 0);
	assert_int_equal(mosquitto_subscribe(ear->client, NULL, ear->own, 0), 0);
	while (!ear->ready && when_boot() < until)
		mosquitto_loop(ear->client, 20, 1);
	assert_true(ear->ready);
}

static void forget(struct ear *ear)
{
	for (size_t i = 0; i < ear->count; i++) {
		free(ear->heard[i].topic);
		free(ear->heard[i].payload);
		free(ear->heard[i].key);
	}
	ear->count = 0;
}

void ear_close(struct ear *ear)
{
	mosquitto_destroy(ear->client);
	mosquitto_lib_cleanup();
	forget(ear);
	free(ear->heard);
}

const struct heard *ear_wait(struct ear *ear, const char *topic)
{
	int64_t until = when_boot() + PATIENCE;

	while (when_boot() < until) {
		for (size_t i = ear->count; i-- > 0;)
			if (strcmp(ear->heard[i].topic, topic) == 0)
				return &ear->heard[i];
		mosquitto_loop(ear->client, 20, 1);
	}
	fail_msg("nothing was heard on %s", topic);
	return NULL;
}

size_t ear_count(struct ear *ear, const char *topic_part)
{
	size_t count = 0;

	mosquitto_publish(ear->client, NULL, ear->own, 1, "x", 1, false);
	ear_wait(ear, ear->own);
	for (size_t i = 0; i < ear->count; i++) {
		count += strstr(ear->heard[i].topic, topic_part) != NULL;
		if (strcmp(ear->heard[i].topic, ear->own) == 0)
			ear->heard[i].topic[0] = '-'; /* the next round has its own */
	}
	return count;
}
