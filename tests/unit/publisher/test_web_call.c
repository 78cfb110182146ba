/* SPDX-License-Identifier: Apache-2.0
 * What a call answers where something is wrong: a problem with a title for every kind of error, and
 * never half an answer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "house.h"
#include "web_call.h"

enum { ROOM = 1000 };

static bool say_too_much(struct call *call, struct err *err)
{
	char *text = mem_zero(2 * ROOM);

	(void)err;
	memset(text, 'x', 2 * ROOM - 1);
	call_text(call, "text/plain", text);
	free(text);
	return true;
}

static bool say_little(struct call *call, struct err *err)
{
	(void)err;
	call_text(call, "text/plain", "so");
	return true;
}

static int status_of(call_handler handler, char **answer)
{
	static struct house house;
	const struct route route = {"GET", "/", NULL, 0, handler};
	struct call call = {.house = &house,
	        .authorization = mem_text(""),
	        .idempotency_key = mem_text(""),
	        .body = mem_text(""),
	        .from = {.cookie = mem_text("")},
	        .status = 200};

	buf_init(&call.answer, ROOM);
	call_run(&call, &route);
	*answer = mem_text(call.answer.data);
	int status = call.status;
	call_finish(&call);
	return status;
}

static void no_half_answers(void **state)
{
	char *answer;

	(void)state;
	assert_int_equal(status_of(say_little, &answer), 200);
	assert_string_equal(answer, "so");
	free(answer);
	assert_int_equal(status_of(say_too_much, &answer), 503);
	assert_non_null(strstr(answer, "too long to give"));
	free(answer);
}

static void every_kind_has_a_title(void **state)
{
	(void)state;
	for (int kind = ERR_NONE; kind <= ERR_INTERNAL; kind++) {
		struct err err = {0};
		struct buf out;
		err_set(&err, (enum err_kind)kind, "话", "words");
		buf_init(&out, 0);
		web_problem(&err, NULL, &out);
		assert_non_null(strstr(out.data, "\"detail\":\"words\""));
		buf_finish(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(no_half_answers),
	        cmocka_unit_test(every_kind_has_a_title),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
