/* SPDX-License-Identifier: Apache-2.0
 * far - see far.h.
 */
#include "far.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "http.h"
#include "when.h"

extern char **environ;

static const struct http_rules rules = {.connect_timeout = 3000, .ca_file = (char *)""};

static pid_t spawn(const char *const *arguments, int in, int out)
{
	const char *argv[20] = {"python3"};
	posix_spawn_file_actions_t actions;
	pid_t pid = -1;

	for (size_t i = 0; arguments[i]; i++)
		argv[i + 1] = arguments[i];
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	assert_int_equal(
	        posix_spawnp(&pid, "python3", &actions, NULL, (char *const *)argv, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

bool far_start(struct far *far, const char *const *arguments, int *status)
{
	int to[2];
	int from[2];
	char line[2048];

	*far = (struct far){0};
	assert_int_equal(pipe2(to, O_CLOEXEC), 0);
	assert_int_equal(pipe2(from, O_CLOEXEC), 0);
	far->pid = spawn(arguments, to[0], from[1]);
	far->in = to[1];
	close(to[0]);
	close(from[1]);
	FILE *out = fdopen(from[0], "r");
	bool said = fgets(line, sizeof line, out) != NULL;
	fclose(out);
	if (said)
		far->hello = json_loads(line, 0, NULL);
	if (far->hello)
		return true;
	close(far->in);
	waitpid(far->pid, status, 0);
	*far = (struct far){.in = -1};
	return false;
}

void far_stop(struct far *far)
{
	if (far->pid <= 0)
		return;
	close(far->in);
	waitpid(far->pid, NULL, 0);
	json_decref(far->hello);
	*far = (struct far){.in = -1};
}

char *far_url(const struct far *far, const char *name, const char *path)
{
	return mem_format("http://127.0.0.1:%d%s",
	        (int)json_integer_value(json_object_get(far->hello, name)), path);
}

static json_t *call(const struct far *far, const char *name, const char *path, const char *body)
{
	struct http *http = http_create(&rules);
	struct http_request request = {.deadline = when_boot() + 10000};
	struct http_answer answer;
	char *url = far_url(far, name, path);

	buf_text(&request.url, url);
	buf_text(&request.body, body);
	http_call(http, &request, &answer);
	if (answer.status != 200)
		fail_msg("%s: HTTP %ld %s", url, answer.status, answer.reason);
	json_t *value = json_loadb(answer.body.data, answer.body.len, 0, NULL);
	assert_non_null(value);
	http_answer_finish(&answer);
	http_destroy(&http);
	free(url);
	return value;
}

void far_fault(const struct far *far, const char *name, const char *json)
{
	char *body = mem_format("{\"far\":\"%s\",%s}", name, json);

	json_decref(call(far, name, "/fault", body));
	free(body);
}

void far_forget(const struct far *far, const char *name)
{
	char *body = mem_format("{\"far\":\"%s\"}", name);

	json_decref(call(far, name, "/forget", body));
	free(body);
}

json_t *far_ask(const struct far *far, const char *name, const char *what)
{
	char *path = mem_format("/%s?far=%s", what, name);
	json_t *value = call(far, name, path, NULL);

	free(path);
	return value;
}

size_t far_arrived(const struct far *far, const char *name, size_t *repeats)
{
	json_t *arrived = far_ask(far, name, "arrived");
	size_t count = json_array_size(arrived);

	*repeats = 0;
	for (size_t i = 0; i < count; i++)
		*repeats += (size_t)json_integer_value(
		        json_object_get(json_array_get(arrived, i), "repeats"));
	json_decref(arrived);
	return count;
}
