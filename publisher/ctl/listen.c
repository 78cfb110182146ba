/* SPDX-License-Identifier: Apache-2.0
 * listen - `tocsin listen`: subscribes to a broker and prints each alert, one line each, as a
 * subscriber would see it. Also the quickest proof that messages arrive. `--heartbeat` listens for
 * the signed heartbeats instead, checks each, and with `--keep` adds it to a file outside: what
 * `tocsin audit verify --head` takes.
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
#include "status.h"
#include "when.h"

static volatile sig_atomic_t stop;

struct listener {
	const char *topic;
	long most, seen;
	bool heartbeats;
	const struct key *key; /* the status key's public half; NULL = not checked */
	const char *keep;      /* file; NULL = none */
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

static bool keep_form(const char *path, const char *sealed)
{
	FILE *file = fopen(path, "ae");
	bool ok = file && fputs(sealed, file) >= 0;

	return file && fclose(file) == 0 && ok;
}

static void print_heartbeat(
        const struct listener *listener, const struct mosquitto_message *message)
{
	char *sealed = mem_text_n(message->payload, (size_t)message->payloadlen);
	const char *at = sealed;
	struct status s;
	struct err err = {0};
	char time[WHEN_TEXT];

	if (!status_open(&s, &at, listener->key, &err)) {
		printf("%s %s / %s\n", message->topic, err.zh, err.en);
	} else {
		when_text(s.time, time);
		printf("%s %s %s %s head %lld:%s chain %s sequence %lld%s\n", message->topic,
		        s.node, mode_text(s.mode), time, (long long)s.head_seq, s.head_hash,
		        status_chain_text(s.chain), (long long)s.sequence,
		        listener->key ? "" : "（未验签 / not verified）");
		if (listener->keep && listener->key && !keep_form(listener->keep, sealed))
			fprintf(stderr, "tocsin: 无法写入 %s / cannot write %s\n", listener->keep,
			        listener->keep);
	}
	fflush(stdout);
	status_finish(&s);
	free(sealed);
}

static void on_message(struct mosquitto *client, void *arg, const struct mosquitto_message *message)
{
	struct listener *listener = arg;

	(void)client;
	if (listener->heartbeats)
		print_heartbeat(listener, message);
	else
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
	const char *key_file = take_option(&argc, argv, "--status-key");
	const char *keep = take_option(&argc, argv, "--keep");
	bool heartbeats = take_flag(&argc, argv, "--heartbeat");
	struct listener listener = {.topic = topic        ? topic
	                                     : heartbeats ? "alert/v1/sys/+/heartbeat"
	                                                  : "alert/v1/+/+/+/cap",
	        .most = count ? strtol(count, NULL, 10) : 0,
	        .heartbeats = heartbeats,
	        .keep = keep};
	struct key *key = NULL;
	struct err err;

	if (argc != 1 || (keep && !key_file)) {
		fputs("usage: tocsin listen [--host HOST] [--port PORT] [--topic TOPIC] [--count "
		      "N] [--seconds N]\n"
		      "       [--heartbeat [--status-key PUBLIC.pem [--keep FILE]]]\n",
		        stderr);
		return EX_USAGE;
	}
	if (key_file && !(key = key_read_public(key_file, &err)))
		return say_err(&err);
	listener.key = key;
	signal(SIGTERM, on_term);
	signal(SIGINT, on_term);
	mosquitto_lib_init();
	int code = listen_to(host ? host : "127.0.0.1", port ? (int)strtol(port, NULL, 10) : 1883,
	        &listener, seconds ? when_boot() + strtol(seconds, NULL, 10) * 1000 : 0);
	mosquitto_lib_cleanup();
	key_destroy(&key);
	return code;
}
