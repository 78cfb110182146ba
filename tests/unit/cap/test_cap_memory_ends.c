/* SPDX-License-Identifier: Apache-2.0
 * No memory where libxml2, libxmlsec1 and libcrypto ask for it, and in the rules: the k-th request
 * fails, for every k, each in a process of its own. It says so and gives the blocks back, or ends
 * with the sentence of mem.h; never by a signal, never with an answer the document does not give.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <libxml/xmlerror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "cap_fixture.h"
#include "cap_rule.h"
#include "cap_signature.h"
#include "cap_trust.h"
#include "digest.h"
#include "sign_fixture.h"
#include "starve.h"

/* What the child's exit code says besides EX_OSERR. */
enum { CHILD_SAME, CHILD_SAID, CHILD_MADE_UP, CHILD_LEAKS, CHILD_NOT_STARVED };

struct scene {
	struct sign_place place;
	struct cap_alert *alert;
	struct buf good;
	struct cap_trust *trust;
};

/* true: the answer the document gives. Otherwise *err says why not. */
typedef bool job_function(struct scene *scene, struct err *err);

static bool by_own_key(struct scene *scene, struct err *err)
{
	return cap_verify(scene->good.data, scene->good.len, scene->place.key, NULL, err) ==
	       CAP_SIGNATURE_GOOD;
}

static bool by_us_alone(struct scene *scene, struct err *err)
{
	return signature_verify_own(scene->good.data, scene->good.len, scene->place.key, NULL,
	               err) == CAP_SIGNATURE_GOOD;
}

static bool by_upstream_key(struct scene *scene, struct err *err)
{
	return cap_trust_verify(scene->trust, scene->good.data, scene->good.len, 0, err) ==
	       CAP_SIGNATURE_GOOD;
}

/* Of another key it must stay bad. */
static bool by_attackers_key(struct scene *scene, struct err *err)
{
	enum cap_signature found =
	        cap_verify(scene->good.data, scene->good.len, scene->place.attacker, NULL, err);

	return found == CAP_SIGNATURE_BAD && err->kind == ERR_IDENTITY;
}

static bool signs(struct scene *scene, struct err *err)
{
	struct buf out;

	buf_init(&out, 0);
	bool done = cap_sign(scene->alert, scene->place.key, NULL, &out, err);

	buf_finish(&out);
	return done;
}

static bool asks_the_rules(struct scene *scene, struct err *err)
{
	const struct cap_ways ways = {.profiles = CAP_PROFILE_END - 1};
	struct cap_problems problems = {0};

	cap_check_by(scene->alert, &ways, &problems);
	bool same = problems.count > 10 && !problems.starved;

	if (problems.starved && problems.errors)
		err_set(err, ERR_UNAVAILABLE, "内存不足", "out of memory");
	cap_problems_finish(&problems);
	return same;
}

/* In the child: one request fails, or all from it on. */
static int starved(struct scene *scene, job_function *job, size_t fatal)
{
	struct err err = {0};

	starve_begin(fatal, fatal % 2);
	bool same = job(scene, &err);
	bool failed = memory.asked >= fatal;

	memory.fatal = 0;
	memory.forth = false;
	xmlResetLastError();
	starve_end();
	if (memory.held > 0)
		return CHILD_LEAKS;
	if (same)
		return failed ? CHILD_SAME : CHILD_NOT_STARVED;
	return failed && err.kind == ERR_UNAVAILABLE ? CHILD_SAID : CHILD_MADE_UP;
}

static int in_a_child(struct scene *scene, job_function *job, size_t fatal, char *said, size_t room)
{
	int pipes[2];
	int status;
	size_t len = 0;
	ssize_t got;

	assert_int_equal(pipe(pipes), 0);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(pipes[1], STDERR_FILENO);
		_exit(starved(scene, job, fatal));
	}
	close(pipes[1]);
	while (len < room - 1 && (got = read(pipes[0], said + len, room - 1 - len)) > 0)
		len += (size_t)got;
	said[len] = '\0';
	close(pipes[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* `step` over 1 where another job asks for nearly the same; every one when there is time
 * ($TOCSIN_SOAK). */
/* `step` over 1 where another job asks for nearly the same. */
static void bear(struct scene *scene, const char *what, job_function *job, size_t step)
{
	size_t ended = 0;
	size_t count = 0;
	char said[2000];
	struct err err;
	int code = CHILD_SAME;
	const char *soak = getenv("TOCSIN_SOAK");

	if (soak && *soak)
		step = 1;
	assert_true(job(scene, &err)); /* and warms the libraries up: what they keep is no leak */
	for (size_t fatal = 1; code != CHILD_NOT_STARVED; fatal += step) {
		code = in_a_child(scene, job, fatal, said, sizeof said);
		ended += code == EX_OSERR;
		count++;
		if (code == EX_OSERR ? !strstr(said, "内存不足 / out of memory")
		                     : code != CHILD_SAME && code != CHILD_SAID &&
		                               code != CHILD_NOT_STARVED)
			fail_msg("%s: request %zu: %d %s", what, fatal, code, said);
	}
	print_message("%s: %zu requests failed, %zu ended the program\n", what, count - 1, ended);
	assert_true(count > 50);
}

static void verifying_bears_it(void **state)
{
	bear(*state, "own key", by_own_key, 1);
	bear(*state, "upstream's key", by_upstream_key, 1);
	bear(*state, "attacker's key", by_attackers_key, 1);
	bear(*state, "ours alone", by_us_alone, 1);
}

static void signing_bears_it(void **state)
{
	bear(*state, "signing", signs, 1);
}

static void the_rules_bear_it(void **state)
{
	bear(*state, "rules", asks_the_rules, 1);
}

static int set_up(void **state)
{
	static struct scene scene;
	struct cap_problems problems = {0};
	struct err err;
	char *text = sample_read("rainstorm_update.xml");

	if (!digest_setup() || !cap_sign_setup(&err))
		return -1;
	sign_place_init(&scene.place);
	char *list = sign_list(
	        &scene.place, "warning@example.cn key pub.pem\n12000041600000 key pub.pem\n");
	scene.trust = cap_trust_read(list, false, &err);
	free(list);
	scene.alert = cap_parse(text, strlen(text), CAP_LIMIT_API, &problems);
	buf_init(&scene.good, 0);
	free(text);
	*state = &scene;
	return scene.trust && scene.alert && problems.errors == 0 &&
	                       cap_sign(scene.alert, scene.place.key, NULL, &scene.good, &err)
	               ? 0
	               : -1;
}

static int take_down(void **state)
{
	struct scene *scene = *state;

	buf_finish(&scene->good);
	cap_alert_destroy(&scene->alert);
	cap_trust_destroy(&scene->trust);
	sign_place_finish(&scene->place);
	cap_sign_shutdown();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(verifying_bears_it),
	        cmocka_unit_test(signing_bears_it),
	        cmocka_unit_test(the_rules_bear_it),
	};

	return cmocka_run_group_tests(tests, set_up, take_down);
}
