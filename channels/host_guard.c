/* SPDX-License-Identifier: Apache-2.0
 * host_guard - the way out of a library call that never returns: an alarm ends the process at once.
 *
 * Neither libmosquitto nor a name lookup can be called back once it hangs, so the process dies and
 * is started again; tocsind defers the job in hand, or calls it unknown. Only the handler runs
 * then: it writes one line that was made ready before, and ends.
 */
#include "host.h"

#include <signal.h>
#include <sys/time.h>
#include <sysexits.h>
#include <unistd.h>

static void on_alarm(int number)
{
	static const char line[] =
	        "<3>event=hung reason=\"a call did not return in time; the process ends\"\n";
	ssize_t written = write(STDERR_FILENO, line, sizeof line - 1);

	(void)number;
	(void)written;
	_exit(EX_TEMPFAIL);
}

void host_guard_start(void)
{
	struct sigaction action = {.sa_handler = on_alarm};

	sigaction(SIGALRM, &action, NULL);
}

void host_guard(int64_t ms)
{
	struct itimerval timer = {.it_value = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000}};

	setitimer(ITIMER_REAL, &timer, NULL);
}
