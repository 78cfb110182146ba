/* SPDX-License-Identifier: Apache-2.0
 * test_reply - status and body of every far side's answer, as a table, and the verdict it must
 * become.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "reply.h"
#include "utf8.h"

enum {
	YES = CHANNEL_DELIVERED,
	LATER = CHANNEL_DEFERRED,
	NO = CHANNEL_REJECTED,
	MAYBE = CHANNEL_UNKNOWN
};

struct row {
	const char *name;
	enum http_state state;
	long status;
	const char *body;
	int want;
	const char *said; /* must stand in proof, reason or far_id */
};

static struct http_answer make(const struct row *row)
{
	struct http_answer answer = {
	        .state = row->state, .status = row->status, .reason = "it broke"};

	if (row->body)
		buf_text(&answer.body, row->body);
	return answer;
}

static void check(const struct row *row, const struct channel_receipt *got)
{
	static const char *const words[] = {"DELIVERED", "DEFERRED", "REJECTED", "UNKNOWN"};

	if ((int)got->verdict != row->want)
		fail_msg("%s: got %s (%s%s), want %s", row->name, words[got->verdict], got->proof,
		        got->reason, words[row->want]);
	if (row->said && !strstr(got->proof, row->said) && !strstr(got->reason, row->said) &&
	        strcmp(got->far_id, row->said) != 0)
		fail_msg("%s: got \"%s\" \"%s\" \"%s\", want \"%s\" in one", row->name, got->proof,
		        got->reason, got->far_id, row->said);
	if (got->verdict == CHANNEL_DELIVERED)
		assert_true(*got->proof);
	else
		assert_true(*got->reason);
}

/* The statuses every far side shares; `read` wants its own body for 2xx. */
static const struct row transport[] = {
        {"not sent", HTTP_NOT_SENT, 0, NULL, LATER, "not sent: it broke"},
        {"no answer", HTTP_NO_ANSWER, 0, NULL, MAYBE, "no whole answer"},
        {"no answer after a status", HTTP_NO_ANSWER, 200, "{", MAYBE, NULL},
        {"408", HTTP_ANSWERED, 408, "", LATER, "408"},
        {"425", HTTP_ANSWERED, 425, "", LATER, "425"},
        {"429", HTTP_ANSWERED, 429, "", LATER, "429"},
        {"500", HTTP_ANSWERED, 500, "oops", LATER, "500: oops"},
        {"502 html", HTTP_ANSWERED, 502, "<html>\r\n<h1>Bad", LATER, "502: <html>  <h1>Bad"},
        {"503", HTTP_ANSWERED, 503, NULL, LATER, "503"},
        {"504", HTTP_ANSWERED, 504, "", MAYBE, "504"},
        {"301", HTTP_ANSWERED, 301, "", NO, "redirects"},
        {"400", HTTP_ANSWERED, 400, "bad", NO, "400: bad"},
        {"403", HTTP_ANSWERED, 403, "", NO, "403"},
        {"404", HTTP_ANSWERED, 404, "", NO, "404"},
};

static void test_transport(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof transport / sizeof transport[0]; i++) {
		struct http_answer answer = make(&transport[i]);
		struct channel_receipt weibo = {0};
		struct channel_receipt wecom = {0};
		struct channel_receipt kannel = {0};
		struct channel_receipt webhook = {0};
		struct row keyed = transport[i];
		reply_weibo(&answer, WEIBO_FIRST, &weibo);
		reply_wecom(&answer, &wecom);
		reply_kannel(&answer, &kannel);
		reply_webhook(&answer, &webhook);
		check(&transport[i], &weibo);
		check(&transport[i], &wecom);
		check(&transport[i], &kannel);
		if (keyed.want == MAYBE)
			keyed.want = LATER;
		check(&keyed, &webhook);
		http_answer_finish(&answer);
	}
}

static const struct row kannel[] = {
        {"accepted", HTTP_ANSWERED, 202, "0: Accepted for delivery", YES,
                "HTTP 202 0: Accepted for delivery"},
        {"queued", HTTP_ANSWERED, 202, "3: Queued for later delivery", YES,
                "3: Queued for later delivery"},
        {"other words", HTTP_ANSWERED, 202, "Sent.", MAYBE, "Sent."},
        {"nothing", HTTP_ANSWERED, 202, NULL, MAYBE, NULL},
        {"a portal's page", HTTP_ANSWERED, 200, "<html>Welcome</html>", MAYBE, NULL},
        {"wrong password", HTTP_ANSWERED, 403, "Authorization failed for sendsms", NO,
                "Authorization"},
        {"no sender", HTTP_ANSWERED, 400, "Sender missing and no global set, rejected", NO,
                "Sender"},
        {"busy", HTTP_ANSWERED, 503, "Temporal failure, try again later.", LATER, "Temporal"},
};

static void test_kannel(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof kannel / sizeof kannel[0]; i++) {
		struct http_answer answer = make(&kannel[i]);
		struct channel_receipt receipt = {0};
		reply_kannel(&answer, &receipt);
		check(&kannel[i], &receipt);
		http_answer_finish(&answer);
	}
}

static const struct row weibo[] = {
        {"a post", HTTP_ANSWERED, 200,
                "{\"created_at\":\"Wed Oct 24 23:49:17 +0800 2012\",\"id\":9007199254740993,"
                "\"idstr\":\"9007199254740993\"}",
                YES, "9007199254740993"},
        {"a post with mid only", HTTP_ANSWERED, 200, "{\"mid\":\"77\"}", YES, "77"},
        {"200 with an error", HTTP_ANSWERED, 200, "{\"error_code\":10017,\"error\":\"x\"}", NO,
                "10017"},
        {"200 without a post", HTTP_ANSWERED, 200, "{}", MAYBE, NULL},
        {"200 with a page", HTTP_ANSWERED, 200, "<html>", MAYBE, NULL},
        {"200 with half a post", HTTP_ANSWERED, 200, "{\"idstr\":\"1\"", MAYBE, NULL},
        {"error code as text", HTTP_ANSWERED, 400, "{\"error_code\":\"20012\",\"error\":\"t\"}", NO,
                "20012"},
        {"older: too frequent", HTTP_ANSWERED, 400,
                "{\"error_code\":\"20012\",\"error\":\"out of limit, too frequent!\"}", LATER,
                "too often"},
        {"identical", HTTP_ANSWERED, 400, "{\"error_code\":20019,\"error\":\"repeat content!\"}",
                YES, "20019"},
        {"older: identical", HTTP_ANSWERED, 400,
                "{\"error_code\":20015,\"error\":\"repeated weibo\"}", YES, NULL},
        {"similar, first", HTTP_ANSWERED, 400, "{\"error_code\":20017,\"error\":\"similar\"}", NO,
                "20017"},
        {"link outside", HTTP_ANSWERED, 400,
                "{\"error_code\":\"10017\",\"error\":\"appkey not bind domain!\"}", NO,
                "not bind domain"},
        {"too often", HTTP_ANSWERED, 400, "{\"error_code\":20016,\"error\":\"t\"}", LATER, NULL},
        {"hourly limit", HTTP_ANSWERED, 403, "{\"error_code\":10023,\"error\":\"t\"}", LATER, NULL},
        {"slow", HTTP_ANSWERED, 200, "{\"error_code\":20032,\"error\":\"t\"}", MAYBE, NULL},
        {"illegal content", HTTP_ANSWERED, 400, "{\"error_code\":20021,\"error\":\"t\"}", NO, NULL},
        {"expired token", HTTP_ANSWERED, 403, "{\"error\":\"expired_token\",\"error_code\":21327}",
                LATER, "authorise"},
        {"system error", HTTP_ANSWERED, 400, "{\"error_code\":10001,\"error\":\"system error\"}",
                LATER, NULL},
        {"5xx with a code", HTTP_ANSWERED, 503, "{\"error_code\":10008,\"error\":\"?\"}", LATER,
                "503"},
        {"unknown code", HTTP_ANSWERED, 400, "{\"error_code\":29999,\"error\":\"new\"}", NO,
                "29999"},
};

static void test_weibo(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof weibo / sizeof weibo[0]; i++) {
		struct http_answer answer = make(&weibo[i]);
		struct channel_receipt receipt = {0};
		reply_weibo(&answer, WEIBO_FIRST, &receipt);
		check(&weibo[i], &receipt);
		http_answer_finish(&answer);
	}
}

static void test_weibo_similar(void **state)
{
	static const struct row row = {"similar", HTTP_ANSWERED, 400,
	        "{\"error_code\":20017,\"error\":\"similar\"}", YES, NULL};
	struct http_answer answer = make(&row);
	struct channel_receipt in_doubt = {0};
	struct channel_receipt other = {0};

	(void)state;
	reply_weibo(&answer, WEIBO_IN_DOUBT, &in_doubt);
	reply_weibo(&answer, WEIBO_OTHER, &other);
	assert_int_equal(in_doubt.verdict, CHANNEL_DELIVERED);
	assert_string_equal(in_doubt.reason, "");
	assert_int_equal(other.verdict, CHANNEL_UNKNOWN);
	http_answer_finish(&answer);
}

static const struct row wecom[] = {
        {"ok", HTTP_ANSWERED, 200, "{\"errcode\":0,\"errmsg\":\"ok\"}", YES, "errcode 0"},
        {"limit", HTTP_ANSWERED, 200, "{\"errcode\":45009,\"errmsg\":\"api freq out of limit\"}",
                LATER, "45009"},
        {"busy", HTTP_ANSWERED, 200, "{\"errcode\":-1,\"errmsg\":\"system busy\"}", LATER, NULL},
        {"wrong key", HTTP_ANSWERED, 200, "{\"errcode\":93000,\"errmsg\":\"invalid webhook url\"}",
                NO, "93000"},
        {"new code", HTTP_ANSWERED, 200, "{\"errcode\":99999,\"errmsg\":\"?\"}", NO, "99999"},
        {"no errcode", HTTP_ANSWERED, 200, "{}", MAYBE, NULL},
        {"a list", HTTP_ANSWERED, 200, "[0]", MAYBE, NULL},
};

static void test_wecom(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wecom / sizeof wecom[0]; i++) {
		struct http_answer answer = make(&wecom[i]);
		struct channel_receipt receipt = {0};
		reply_wecom(&answer, &receipt);
		check(&wecom[i], &receipt);
		if (strcmp(wecom[i].name, "limit") == 0)
			assert_int_equal(receipt.retry_after, 60000);
		http_answer_finish(&answer);
	}
}

static const struct row webhook[] = {
        {"200", HTTP_ANSWERED, 200, "{\"ok\":true}", YES, "HTTP 200 {\"ok\":true}"},
        {"204", HTTP_ANSWERED, 204, NULL, YES, "HTTP 204"},
        {"409", HTTP_ANSWERED, 409, "", LATER, "409"},
        {"422", HTTP_ANSWERED, 422, "", NO, "422"},
        {"401", HTTP_ANSWERED, 401, "", NO, "401"},
};

static void test_webhook(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof webhook / sizeof webhook[0]; i++) {
		struct http_answer answer = make(&webhook[i]);
		struct channel_receipt receipt = {0};
		reply_webhook(&answer, &receipt);
		check(&webhook[i], &receipt);
		http_answer_finish(&answer);
	}
}

struct wechat_row {
	struct row row;
	enum reply_step step;
	bool repeatable;
};

static const struct wechat_row wechat[] = {
        {{"token", HTTP_ANSWERED, 200, "{\"access_token\":\"T\",\"expires_in\":7200}", 0, NULL},
                REPLY_OK, true},
        {{"errcode 0", HTTP_ANSWERED, 200, "{\"errcode\":0,\"publish_id\":5}", 0, NULL}, REPLY_OK,
                false},
        {{"40001", HTTP_ANSWERED, 200, "{\"errcode\":40001,\"errmsg\":\"t\"}", LATER, "40001"},
                REPLY_TOKEN, true},
        {{"40014", HTTP_ANSWERED, 200, "{\"errcode\":40014,\"errmsg\":\"t\"}", LATER, NULL},
                REPLY_TOKEN, true},
        {{"42001", HTTP_ANSWERED, 200, "{\"errcode\":42001,\"errmsg\":\"t\"}", LATER, NULL},
                REPLY_TOKEN, false},
        {{"-1", HTTP_ANSWERED, 200, "{\"errcode\":-1,\"errmsg\":\"busy\"}", LATER, "busy"},
                REPLY_END, false},
        {{"45011", HTTP_ANSWERED, 200, "{\"errcode\":45011,\"errmsg\":\"t\"}", LATER, NULL},
                REPLY_END, false},
        {{"40164", HTTP_ANSWERED, 200, "{\"errcode\":40164,\"errmsg\":\"ip\"}", NO, "list"},
                REPLY_END, true},
        {{"48001", HTTP_ANSWERED, 200, "{\"errcode\":48001,\"errmsg\":\"t\"}", NO, NULL}, REPLY_END,
                true},
        {{"53503", HTTP_ANSWERED, 200, "{\"errcode\":53503,\"errmsg\":\"t\"}", NO, NULL}, REPLY_END,
                false},
        {{"page", HTTP_ANSWERED, 200, "<html>", MAYBE, NULL}, REPLY_END, false},
        {{"page, repeatable", HTTP_ANSWERED, 200, "<html>", LATER, NULL}, REPLY_END, true},
        {{"no answer", HTTP_NO_ANSWER, 0, NULL, MAYBE, NULL}, REPLY_END, false},
        {{"no answer, repeatable", HTTP_NO_ANSWER, 0, NULL, LATER, NULL}, REPLY_END, true},
};

static void test_wechat(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wechat / sizeof wechat[0]; i++) {
		struct http_answer answer = make(&wechat[i].row);
		struct channel_receipt receipt = {0};
		struct wechat_reply reply;
		enum reply_step step =
		        reply_wechat(&answer, wechat[i].repeatable, &reply, &receipt);
		if (step != wechat[i].step)
			fail_msg("%s: got step %d, want %d", wechat[i].row.name, step,
			        wechat[i].step);
		if (step != REPLY_OK)
			check(&wechat[i].row, &receipt);
		http_answer_finish(&answer);
	}
}

static void test_wechat_fields(void **state)
{
	static const struct row row = {"published", HTTP_ANSWERED, 200,
	        "{\"publish_id\":100000001,\"publish_status\":0,\"article_id\":\"a\",\"article_"
	        "detail\":"
	        "{\"count\":1,\"item\":[{\"idx\":1,\"article_url\":\"http://mp.example/1\"}]}}",
	        0, NULL};
	struct http_answer answer = make(&row);
	struct channel_receipt receipt = {0};
	struct wechat_reply reply;

	(void)state;
	assert_int_equal(reply_wechat(&answer, true, &reply, &receipt), REPLY_OK);
	assert_string_equal(reply.publish_id, "100000001");
	assert_string_equal(reply.article_url, "http://mp.example/1");
	reply_wechat_published(&reply, reply.publish_id, &receipt);
	assert_int_equal(receipt.verdict, CHANNEL_DELIVERED);
	assert_non_null(strstr(receipt.proof, "http://mp.example/1"));
	http_answer_finish(&answer);
}

static void test_wechat_status(void **state)
{
	static const int want[] = {YES, MAYBE, NO, LATER, NO, NO, NO, MAYBE};

	(void)state;
	for (long status = 0; status < 8; status++) {
		struct wechat_reply reply = {.publish_status = status};
		struct channel_receipt receipt = {0};
		reply_wechat_published(&reply, "5", &receipt);
		if ((int)receipt.verdict != want[status])
			fail_msg("publish_status %ld: got %d, want %d", status, receipt.verdict,
			        want[status]);
		assert_string_equal(receipt.far_id, "5");
	}
}

/* Whatever comes in is one line of valid UTF-8 on its way out, for every room there is. */
static void test_quote(void **state)
{
	static const char nasty[] = "a\x01\x7f\n\xff\xe6\x9a\xb4\xe6\x9a \xf0\x9f\x98\x80\xc0\x80";
	char out[40];

	(void)state;
	for (size_t room = 1; room < sizeof out; room++) {
		for (size_t len = 0; len < sizeof nasty; len++) {
			reply_quote(out, room, nasty, len);
			assert_true(strlen(out) < room);
			assert_true(utf8_valid(out, strlen(out), NULL));
			assert_null(strpbrk(out, "\n\r\t\x01\x7f"));
		}
	}
	reply_quote(out, sizeof out, "暴雨\t红色 ", strlen("暴雨\t红色 "));
	assert_string_equal(out, "暴雨 红色");
}

static void test_hide(void **state)
{
	static const struct row row = {
	        "echo", HTTP_ANSWERED, 400, "key=K/12 K/12K/12 K%2F12.", NO, NULL};
	struct http_answer answer = make(&row);

	(void)state;
	reply_hide(&answer, "");
	reply_hide(&answer, NULL);
	reply_hide(&answer, "*");
	assert_string_equal(answer.body.data, row.body);
	reply_hide(&answer, "K/12");
	assert_string_equal(answer.body.data, "key=**** ******** ******.");
	http_answer_finish(&answer);
	reply_hide(&answer, "K/12");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_transport),
	        cmocka_unit_test(test_kannel),
	        cmocka_unit_test(test_weibo),
	        cmocka_unit_test(test_weibo_similar),
	        cmocka_unit_test(test_wecom),
	        cmocka_unit_test(test_webhook),
	        cmocka_unit_test(test_wechat),
	        cmocka_unit_test(test_wechat_fields),
	        cmocka_unit_test(test_wechat_status),
	        cmocka_unit_test(test_quote),
	        cmocka_unit_test(test_hide),
	};

	return cmocka_run_group_tests_name("reply", tests, NULL, NULL);
}
