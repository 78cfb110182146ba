/* SPDX-License-Identifier: Apache-2.0
 * step - what people did to a bulletin besides approving it: one row of its history each, with who,
 * when and why.
 */
#ifndef TOCSIN_STEP_H
#define TOCSIN_STEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "digest.h"

enum step_kind {
	STEP_SUBMIT,   /* a draft was handed in for approval */
	STEP_RETURN,   /* a reviewer or signer sent it back to be reworded */
	STEP_REJECT,   /* a reviewer or signer refused it for good */
	STEP_WITHDRAW, /* its drafter, or their unit, took it back */
	STEP_DISCARD,  /* a draft was thrown away */
	STEP_HELD, /* at submission the screen found something; the reason says where and what */
	STEP_OVERRIDE, /* a reviewer let it pass, for this reason */
	STEP_SECRECY,  /* 已作保密审查: with somebody's sign-off; the reason is its basis */
	STEP_KIND_COUNT
};
const char *step_text(enum step_kind kind);
const char *step_zh(enum step_kind kind); /* 提交 退回 否决 撤回 作废 筛查命中 放行 保密审查 */
bool step_read(const char *text, enum step_kind *out);

struct step {
	enum step_kind kind;
	char *officer;
	char *reason;              /* "" where none is asked for */
	char manifest[DIGEST_HEX]; /* what it was done to; "" for a draft never submitted */
	int64_t at;                /* ms */
};

struct step_list {
	struct step *items;
	size_t count;
};
void step_finish(struct step *step);
void step_list_finish(struct step_list *list);

#endif
