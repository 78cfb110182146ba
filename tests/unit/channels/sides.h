/* SPDX-License-Identifier: Apache-2.0
 * sides - the HTTP far sides as rows: how a channel to each double is opened, and a text it takes.
 */
#ifndef TOCSIN_TEST_SIDES_H
#define TOCSIN_TEST_SIDES_H

#include "carried.h"
#include "far.h"

#define POST                                                                                       \
	"【测试】大风蓝色预警信号，2026年11月23日09时00分发布。详情 https://alerts.example.org/1"
#define ARTICLE                                                                                    \
	"{\"title\":\"大风蓝色预警信号\",\"digest\":\"大风\",\"author\":\"天津\","     \
	"\"content\":\"<p>请注意防范 \\\"大风\\\"</p>\"}"

enum { WEIBO, WECHAT, WECOM, WEBHOOK, SIDES };

struct side {
	const struct channel_type *type;
	const char *name, *text;
	struct channel *(*open)(const char *url, const char *secret);
};

extern const struct side sides[SIDES];

/* The doubles of one test program; for cmocka's group set-up and tear-down. */
extern struct far far;
int sides_start(void **state);
int sides_stop(void **state);

/* A channel to its double, which has forgotten all; the right secrets. */
struct channel *open_side(const struct side *side);
/* A channel to another path, or with another secret. */
struct channel *open_side_as(const struct side *side, const char *path, const char *secret);

void expect(const char *what, const struct channel_receipt *got, enum channel_verdict want);
void expect_arrived(const char *name, size_t want, size_t want_repeats);
/* Counts verdicts of `count` jobs (at most 40) carried in one call. */
void carry_many(struct channel *channel, const char *texts[], size_t count, size_t counts[4],
        int64_t *retry_after);

#endif
