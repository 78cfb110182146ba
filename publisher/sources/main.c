/* SPDX-License-Identifier: Apache-2.0
 * tocsin-source NAME - one feed: fetches bytes and hands them in. Has neither record nor keys.
 * tocsin-source --manual - the options of each type, as roff.
 *
 * Comes back for ever after tocsind was away (0.1 s, doubling to 2 s). Ends with 0 on SIGTERM, 64
 * for a wrong command line, 78 when its settings are refused.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "digest.h"
#include "feed.h"
#include "log.h"
#include "notify.h"
#include "watched_folder.h"

static volatile sig_atomic_t stop;

static void on_term(int signal)
{
	(void)signal;
	stop = 1;
}

static void nap(int ms)
{
	struct timespec ts = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

	nanosleep(&ts, NULL);
}

static bool run_type(struct hand_in *line, struct err *err)
{
	if (strcmp(hand_in_type(line), "folder") == 0)
		return folder_run(line, &stop, err);
	if (strcmp(hand_in_type(line), "feed") == 0)
		return feed_run(line, &stop, err);
	return err_set(err, ERR_CONFIG, "没有来源类型 %s", "there is no source type %s",
	        hand_in_type(line));
}

static int serve(const char *socket_path, const char *name)
{
	int wait = 100;

	while (!stop) {
		struct err err = {0};
		struct hand_in *line = hand_in_open(socket_path, name, &err);
		bool ok = line && run_type(line, &err);
		hand_in_close(&line);
		if (!ok && (err.kind == ERR_CONFIG || err.kind == ERR_MISSING)) {
			log_event(LOG_FATAL, "settings", "source", name, "reason", err.en, NULL);
			return EX_CONFIG;
		}
		if (stop)
			break;
		log_event(LOG_WARN, "no-line", "source", name, "reason", err.en, NULL);
		wait = ok ? 100 : wait < 1000 ? wait * 2 : 2000;
		nap(wait);
	}
	return EX_OK;
}

static int print_manual(void)
{
	struct buf out;

	buf_init(&out, 0);
	buf_text(&out, ".SS folder\n");
	folder_manual(&out);
	buf_text(&out, ".SS feed\n");
	feed_manual(&out);
	fputs(out.data, stdout);
	buf_finish(&out);
	return EX_OK;
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = on_term};

	digest_setup();
	if (argc == 2 && strcmp(argv[1], "--manual") == 0)
		return print_manual();
	if (argc != 4 || strcmp(argv[2], "--socket") != 0) {
		fputs("usage: tocsin-source NAME --socket PATH\n"
		      "       tocsin-source --manual\n",
		        stderr);
		return EX_USAGE;
	}
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	notify_systemd("READY=1");
	return serve(argv[3], argv[1]);
}
