/* SPDX-License-Identifier: Apache-2.0
 * terms - the words of the trade that every room uses, once: levels, kinds, verbs, modes.
 *
 * Each enum has NAME_text() (the word in files and on the wire), NAME_zh() where people read it,
 * and NAME_read(), which is false for a word it does not know (and then leaves *out alone).
 */
#ifndef TOCSIN_TERMS_H
#define TOCSIN_TERMS_H

#include <stdbool.h>

/* Colours of warnings, I-IV of emergency responses (应急响应). */
enum level {
	LEVEL_NONE,
	LEVEL_BLUE,
	LEVEL_YELLOW,
	LEVEL_ORANGE,
	LEVEL_RED,
	LEVEL_IV,
	LEVEL_III,
	LEVEL_II,
	LEVEL_I,
	LEVEL_COUNT
};
const char *level_text(enum level level); /* none blue yellow orange red IV III II I */
const char *level_zh(enum level level);   /* 无级别 蓝色 ... Ⅰ级 */
bool level_read(const char *text, enum level *out);
int level_rank(enum level level); /* 0 none, 1 blue or IV, ... 4 red or I: the order of sending */

/* What kind of bulletin it is (design: 信息类别). */
enum kind {
	KIND_WARNING,       /* 预警 */
	KIND_ADVISORY,      /* 安全生产提示 */
	KIND_FACT,          /* 事实通报 */
	KIND_MEASURE,       /* 处置措施 */
	KIND_RESULT,        /* 处置结果 */
	KIND_RESPONSE,      /* 应急响应 */
	KIND_CLARIFICATION, /* 辟谣 */
	KIND_LOSS,          /* 灾情、救助 */
	KIND_REPORT,        /* 调查报告 */
	KIND_NOTICE,        /* 通知公告 */
	KIND_COUNT
};
const char *kind_text(enum kind kind);
const char *kind_zh(enum kind kind);
bool kind_read(const char *text, enum kind *out);
bool kind_takes_level(
        enum kind kind, enum level level); /* colours: warning; I-IV: response; else none */

enum verb { VERB_PUBLISH, VERB_UPDATE, VERB_CANCEL, VERB_CORRECT, VERB_COUNT };
const char *verb_text(enum verb verb);
const char *verb_zh(enum verb verb);
bool verb_read(const char *text, enum verb *out);
/* Nothing of the chain is in force after it: it takes back what was said. */
bool verb_ends_chain(enum verb verb);

enum mode { MODE_LIVE, MODE_EXERCISE, MODE_TEST, MODE_COUNT };
const char *mode_text(enum mode mode);
const char *mode_zh(enum mode mode);     /* 实战 演练 测试 */
const char *mode_status(enum mode mode); /* CAP's: Actual, Exercise, Test */
const char *mode_banner(enum mode mode); /* in front of every text: "", 【演练】, 【测试】 */
bool mode_read(const char *text, enum mode *out);

enum procedure { PROCEDURE_NORMAL, PROCEDURE_URGENT, PROCEDURE_RELAY, PROCEDURE_COUNT };
const char *procedure_text(enum procedure procedure);
bool procedure_read(const char *text, enum procedure *out);

enum disclosure {
	DISCLOSURE_PROACTIVE,
	DISCLOSURE_ON_REQUEST,
	DISCLOSURE_WITHHELD,
	DISCLOSURE_COUNT
};
const char *disclosure_text(enum disclosure disclosure);
const char *disclosure_zh(enum disclosure disclosure); /* 主动公开 依申请公开 不予公开 */
bool disclosure_read(const char *text, enum disclosure *out);

enum screening {
	SCREENING_NONE,
	SCREENING_REVIEWED,
	SCREENING_HELD,
	SCREENING_OVERRIDDEN,
	SCREENING_COUNT
};
const char *screening_text(enum screening screening);
bool screening_read(const char *text, enum screening *out);

/* What became of a delivery so far. The last six are final. */
enum delivery_state {
	DELIVERY_WAITING,
	DELIVERY_SENDING,
	DELIVERY_DELIVERED,
	DELIVERY_REJECTED,
	DELIVERY_EXPIRED,
	DELIVERY_SUPERSEDED,
	DELIVERY_WITHDRAWN,
	DELIVERY_UNKNOWN,
	DELIVERY_STATE_COUNT
};
const char *delivery_state_text(enum delivery_state state);
const char *delivery_state_zh(enum delivery_state state);
bool delivery_state_read(const char *text, enum delivery_state *out);

/* Kinds of channels (design, section 5). Public ones need disclosure "proactive". */
struct channel_traits {
	const char *kind;
	const char *zh;
	bool is_public;  /* what goes there, anybody can read */
	bool lanes;      /* an urgent and a routine process; else one, ordered by level */
	bool takes_key;  /* the far side drops a repeat of the same id */
	bool projection; /* it mirrors the active set */
	bool recipients; /* its jobs carry recipients */
	bool notes;      /* officers can be told there whose turn it is */
	bool heartbeat;  /* it shows the house's heartbeat (status.h) */
	bool index;      /* it shows the signed index */
};
const struct channel_traits *channel_traits(const char *kind); /* or NULL: no such kind */
bool channel_kind_known(const char *kind);
bool channel_kind_public(const char *kind); /* an unknown kind is treated as public */
const char *channel_kind_zh(const char *kind);

#endif
