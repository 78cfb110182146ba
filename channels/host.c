/* SPDX-License-Identifier: Apache-2.0
 * host - main of tocsin-channel: one process per far side and lane.
 *
 *   tocsin-channel NAME --lane urgent|routine|all --socket PATH --alert-key PUBLIC.pem
 *                  [--status-key PUBLIC.pem] [--signature 【WORDS】] --mode live|exercise|test
 *   tocsin-channel --manual [TYPE]      the settings of the channel types, as roff
 *
 * Stays up for ever: with tocsind gone it connects again, with the far side gone it opens again.
 * SIGTERM: what is in flight is finished, receipts are handed in, exit 0. Exit 64 usage, 78
 * settings or key, 75 a hung call.
 */
#include "host.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "digest.h"
#include "log.h"
#include "mode_tag.h"

static volatile sig_atomic_t stopping; /* a handler has nowhere else to put it */

static void on_stop_signal(int number)
{
	(void)number;
	stopping = 1;
}

bool host_stopping(void)
{
	return stopping;
}

/* Without SA_RESTART: a wait ends when the signal comes. */
static void listen_to_signals(void)
{
	struct sigaction stop = {.sa_handler = on_stop_signal};
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	host_guard_start();
}

static int usage(void)
{
	fputs("usage: tocsin-channel NAME --lane urgent|routine|all --socket PATH --alert-key "
	      "PUBLIC.pem"
	      " [--status-key PUBLIC.pem] [--signature 【WORDS】] --mode live|exercise|test\n"
	      "       tocsin-channel --manual [TYPE]\n",
	        stderr);
	return EX_USAGE;
}

static int print_manual(const char *name)
{
	struct buf out;

	buf_init(&out, 0);
	for (size_t i = 0; channel_types[i]; i++) {
		if (name && strcmp(name, channel_types[i]->name) != 0)
			continue;
		buf_format(&out, ".SS %s\n", channel_types[i]->name);
		option_manual(channel_types[i]->options, &out);
	}
	fputs(out.len ? out.data : "", stdout);
	bool known = out.len > 0;
	buf_finish(&out);
	return known ? EX_OK : EX_USAGE;
}

struct arguments {
	const char *name, *lane, *socket, *alert_key, *status_key, *signature, *mode;
};

static bool lane_known(const char *lane)
{
	return lane && (strcmp(lane, "urgent") == 0 || strcmp(lane, "routine") == 0 ||
	                       strcmp(lane, "all") == 0);
}

/* Every argument but status key and signature is needed, once; getopt's struct option would clash
 * with ours.
 */
static bool read_arguments(int argc, char **argv, struct arguments *a)
{
	const struct {
		const char *name;
		const char **place;
	} rows[] = {{"--lane", &a->lane}, {"--socket", &a->socket}, {"--alert-key", &a->alert_key},
	        {"--status-key", &a->status_key}, {"--signature", &a->signature},
	        {"--mode", &a->mode}};

	for (int i = 1; i < argc; i++) {
		const char **place = argv[i][0] == '-' ? NULL : &a->name;
		for (size_t row = 0; row < sizeof rows / sizeof rows[0] && i + 1 < argc; row++)
			if (strcmp(argv[i], rows[row].name) == 0)
				place = rows[row].place;
		if (!place || *place)
			return false;
		*place = place == &a->name ? argv[i] : argv[++i];
	}
	return a->name && a->socket && a->alert_key && a->mode && lane_known(a->lane);
}

/* A drill's key is none for a live process, nor the reverse. */
static struct key *own_key(const char *path, enum mode mode, struct err *err)
{
	return mode_tag_fits(path, mode, err) ? key_read_public(path, err) : NULL;
}

int main(int argc, char **argv)
{
	struct arguments a = {0};
	struct host host = {0};
	struct err err = {0};

	digest_setup();
	if (argc >= 2 && argc <= 3 && strcmp(argv[1], "--manual") == 0)
		return print_manual(argv[2]);
	if (!read_arguments(argc, argv, &a) || !mode_read(a.mode, &host.mode))
		return usage();
	listen_to_signals();
	host.name = a.name;
	host.lane = a.lane;
	host.socket = a.socket;
	host.signature = a.signature ? a.signature : "";
	host.alert_key = own_key(a.alert_key, host.mode, &err);
	if (host.alert_key && a.status_key)
		host.status_key = own_key(a.status_key, host.mode, &err);
	if (!host.alert_key || (a.status_key && !host.status_key) ||
	        !host_signature_shaped(host.signature, &err)) {
		log_event(LOG_FATAL, "start", "far", a.name, "reason", err.en, "zh", err.zh, NULL);
		return EX_CONFIG;
	}
	host_run(&host);
	return EX_OK;
}
