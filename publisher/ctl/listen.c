/* SPDX-License-Identifier: Apache-2.0
 * listen - `tocsin listen`: subscribes to a broker and prints each alert, one line each, as a
 * subscriber would see it. Also the quickest proof that messages arrive.
 */
#include "command.h"

#include <mosquitto.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "cap_io.h"
#include "mem.h"
#include "when.h"

static volatile sig_atomic_t stop;

struct listener {
	const char *topic;
	long most, seen;
};

static void on_term(int signal)
{
	(void)signal;
	stop = 1;
}

static void on_connect(struct mosquitto *client, void *arg, int code)
{
	const struct listener *listener = arg;

	if (code == 0)
		mosquitto_subscribe(client, NULL, listener->topic, 1);
	else
		fprintf(stderr, "tocsin: %s\n", mosquitto_connack_string(code));
}

static void print_alert(const struct mosquitto_message *message)
{
	struct cap_problems problems = {0};
	struct cap_alert *alert = message->payloadlen
	                                  ? cap_parse(message->payload, (size_t)message->payloadlen,
	                                            CAP_LIMIT_SOURCE, &problems)
	                                  : NULL;

	printf("%s%s ", message->topic, message->retain ? " (retained)" : "");
	if (alert) {
		const struct cap_info *info = alert->info_count ? &alert->infos[0] : NULL;
		printf("%s %s %s\n", alert->identifier, cap_msg_type_text(alert->msg_type),
		        info && info->headline ? info->headline : "");
	} else {
		printf("%s\n", message->payloadlen ? "(not CAP)" : "(cleared)");
	}
	fflush(stdout);
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
}

static void on_message(struct mosquitto *client, void *arg, const struct mosquitto_message *message)
{
	struct listener *listener = arg;

	(void)client;
	print_alert(message);
	if (listener->most && ++listener->seen >= listener->most)
		stop = 1;
}

static int listen_to(const char *host, int port, struct listener *listener, int64_t until)
{
	struct mosquitto *client = mosquitto_new(NULL, true, listener);
	int code = EX_OK;

	if (!client)
		return EX_OSERR;
	mosquitto_connect_callback_set(client, on_connect);
	mosquitto_message_callback_set(client, on_message);
	if (mosquitto_connect(client, host, port, 30) != MOSQ_ERR_SUCCESS) {
		fprintf(stderr, "tocsin: 无法连接 %s:%d / cannot connect to %s:%d\n", host, port,
		        host, port);
		code = EX_UNAVAILABLE;
	}
	while (code == EX_OK && !stop && (!until || when_boot() < until))
		if (mosquitto_loop(client, 100, 1) != MOSQ_ERR_SUCCESS)
			code = EX_UNAVAILABLE;
	mosquitto_disconnect(client);
	mosquitto_destroy(client);
	return code;
}

int command_listen(int argc, char **argv)
{
	char *host = take_option(&argc, argv, "--host");
	char *port = take_option(&argc, argv, "--port");
	char *topic = take_option(&argc, argv, "--topic");
	char *count = take_option(&argc, argv, "--count");
	char *seconds = take_option(&argc, argv, "--seconds");
	struct listener listener = {
	        topic ? topic : "alert/v1/+/+/+/cap", count ? strtol(count, NULL, 10) : 0, 0};

	if (argc != 1) {
		fputs("usage: tocsin listen [--host HOST] [--port PORT] [--topic TOPIC] [--count "
		      "N] [--seconds N]\n",
		        stderr);
		return EX_USAGE;
	}
	signal(SIGTERM, on_term);
	signal(SIGINT, on_term);
	cap_setup();
	mosquitto_lib_init();
	int code = listen_to(host ? host : "127.0.0.1", port ? (int)strtol(port, NULL, 10) : 1883,
	        &listener, seconds ? when_boot() + strtol(seconds, NULL, 10) * 1000 : 0);
	mosquitto_lib_cleanup();
	return code;
}
