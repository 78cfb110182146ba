/* SPDX-License-Identifier: Apache-2.0
 * broker - a mosquitto of the test's own on a free port of the loopback, without memory; and an ear
 * that collects what a subscriber hears.
 */
#ifndef TOCSIN_TEST_BROKER_H
#define TOCSIN_TEST_BROKER_H

#include <mosquitto.h>
#include <stdbool.h>
#include <sys/types.h>

struct broker {
	char *folder;
	char port[8];
	pid_t pid;
};

/* extra: more lines for its configuration. false: there is no mosquitto on this machine. */
bool broker_start(struct broker *broker, const char *extra);
void broker_stop(struct broker *broker); /* killed; may be started again on the same port */
void broker_finish(struct broker *broker);

struct heard {
	char *topic, *payload;
	bool retain;
	long expiry; /* seconds left; 0 = none */
	char *key;   /* user property alert-key; "" none */
};

struct ear {
	struct mosquitto *client;
	struct heard *heard;
	size_t count;
	bool ready;
	char own[16]; /* topic of what it sends to itself */
};

void ear_open(struct ear *ear, const struct broker *broker, const char *topic);
void ear_close(struct ear *ear);
/* Waits until a message whose topic is this has been heard (after `from`) and gives it; ends the
 * test else. */
const struct heard *ear_wait(struct ear *ear, const char *topic);
/* How many of the messages the broker has taken by now; waits for one of its own to come round. */
size_t ear_count(struct ear *ear, const char *topic_part);

#endif
