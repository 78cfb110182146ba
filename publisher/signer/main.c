/* SPDX-License-Identifier: Apache-2.0
 * main - tocsin-signer: the process that holds the keys.
 *
 * Gives up what it can first thing, reads keys and policy, then answers on its Unix socket until
 * SIGTERM. Opens no other socket and, once it serves, no file but its copy of the policy and what
 * it has seen. Anything amiss at the start ends it with a sentence on stderr and a code of
 * sysexits.h.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "digest.h"
#include "log.h"
#include "notify.h"
#include "signer_options.h"
#include "serve.h"
#include "stream.h"

enum { SOCKET_MODE = 0660 };

/* No core file, no debugger, no new rights: the keys stay in here. */
static bool give_up_rights(void)
{
	struct rlimit none = {0, 0};

	return setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

/* SIGTERM and SIGINT become readable; a peer that goes away and a file that may not grow are no
 * signals. */
static int stop_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int fail(const struct err *err)
{
	fprintf(stderr, "tocsin-signer: %s / %s\n", err->zh, err->en);
	return err_exit_code(err->kind);
}

static int run(const struct options *options, struct signer *signer, int stop)
{
	struct err err = {0};
	int fd = stream_listen(options->socket, SOCKET_MODE, &err);

	if (fd < 0)
		return fail(&err);
	log_event(LOG_INFO, "ready", "mode", mode_text(signer->mode), "policy",
	        signer->policy->version, NULL);
	notify_systemd("READY=1");
	serve(signer, fd, stop);
	notify_systemd("STOPPING=1");
	close(fd);
	unlink(options->socket);
	log_event(LOG_INFO, "stopped", NULL);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct options options;
	struct signer signer = {0};
	struct err err = {0};
	int stop = -1;

	digest_setup();
	if (!give_up_rights() || (stop = stop_signals()) < 0) {
		fprintf(stderr, "tocsin-signer: 无法放弃特权 / cannot give up rights\n");
		return EXIT_FAILURE;
	}
	if (!options_read(argc, argv, &options, &err) || !cap_sign_setup(&err)) {
		options_finish(&options);
		return fail(&err);
	}
	int code = options.help                            ? EXIT_SUCCESS
	           : options_load(&options, &signer, &err) ? run(&options, &signer, stop)
	                                                   : fail(&err);
	signer_finish(&signer);
	options_finish(&options);
	cap_sign_shutdown();
	close(stop);
	return code;
}
