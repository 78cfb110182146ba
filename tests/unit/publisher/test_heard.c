/* SPDX-License-Identifier: Apache-2.0
 * test_heard - where the end of a chain goes: far sides and blocks that may have an earlier
 * message.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "heard.h"

enum { FAR_BLOCK = 9999 }; /* of ten million people */

static struct bulletin *with_list(const char *digest)
{
	struct bulletin *b = bulletin_create();

	if (digest) {
		struct audience *audience = bulletin_add_audience(b);
		mem_set_text(&audience->target, "sms");
		snprintf(audience->digest, sizeof audience->digest, "%s", digest);
	}
	return b;
}

static void add(
        struct heard *heard, const char *earlier_list, const char *next_list, struct delivery like)
{
	struct bulletin *earlier = with_list(earlier_list), *next = with_list(next_list);

	like.target = (char *)"sms";
	heard_add(heard, earlier, &like, next);
	bulletin_destroy(&earlier);
	bulletin_destroy(&next);
}

static void blocks_that_may_have_it(void **state)
{
	static const struct {
		const char *what;
		struct delivery like;
		bool heard;
	} cases[] = {
	        {"never handed out", {.state = DELIVERY_WAITING}, false},
	        {"handed out and given back before its first byte",
	                {.state = DELIVERY_WAITING, .attempt = 1}, false},
	        {"on its way", {.state = DELIVERY_SENDING, .attempt = 1}, true},
	        {"begun and deferred", {.state = DELIVERY_WAITING, .first_sent = 1}, true},
	        {"delivered", {.state = DELIVERY_DELIVERED, .first_sent = 1}, true},
	        {"begun and withdrawn", {.state = DELIVERY_WITHDRAWN, .first_sent = 1}, true},
	        {"in doubt", {.state = DELIVERY_UNKNOWN}, true},
	        {"sent again in doubt", {.state = DELIVERY_WAITING, .doubts = 1}, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct heard heard = {0};
		struct delivery like = cases[i].like;
		like.block = FAR_BLOCK;
		add(&heard, "aa", "aa", like);
		if (heard_has(&heard, "sms", FAR_BLOCK) != cases[i].heard ||
		        heard_has(&heard, "sms", -1) != cases[i].heard)
			fail_msg("%s", cases[i].what);
		assert_false(heard_has(&heard, "sms", FAR_BLOCK - 1));
		assert_false(heard_has(&heard, "weibo", -1));
		heard_finish(&heard);
	}
}

/* Two messages, of one of which somebody in block 3 has heard, of the other somebody in block 900.
 */
static void blocks_of_all_earlier_ones(void **state)
{
	struct heard heard = {0};

	(void)state;
	add(&heard, "aa", "aa", (struct delivery){.block = 3, .first_sent = 1});
	add(&heard, "aa", "aa", (struct delivery){.block = 900, .first_sent = 1});
	for (int block = 0; block < 1000; block++)
		assert_int_equal(heard_has(&heard, "sms", block), block == 3 || block == 900);
	heard_finish(&heard);
}

static void another_list_is_no_list(void **state)
{
	static const char *const lists[][2] = {{"aa", "bb"}, {NULL, "bb"}, {"aa", NULL}};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct heard heard = {0};
		add(&heard, lists[i][0], lists[i][1],
		        (struct delivery){.state = DELIVERY_DELIVERED, .block = 3});
		assert_true(heard_has(&heard, "sms", 0) && heard_has(&heard, "sms", 77));
		heard_finish(&heard);
	}
}

static void a_far_side_without_a_list(void **state)
{
	struct heard heard = {0};

	(void)state;
	add(&heard, NULL, NULL, (struct delivery){.state = DELIVERY_WAITING, .block = -1});
	assert_false(heard_has(&heard, "sms", -1));
	add(&heard, NULL, NULL,
	        (struct delivery){.state = DELIVERY_WAITING, .attempt = 1, .block = -1});
	assert_true(heard_has(&heard, "sms", -1));
	heard_finish(&heard);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(blocks_that_may_have_it),
	        cmocka_unit_test(blocks_of_all_earlier_ones),
	        cmocka_unit_test(another_list_is_no_list),
	        cmocka_unit_test(a_far_side_without_a_list),
	};
	return cmocka_run_group_tests_name("heard", tests, NULL, NULL);
}
