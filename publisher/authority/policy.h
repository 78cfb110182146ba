/* SPDX-License-Identifier: Apache-2.0
 * policy - the policy document (authority.yaml) in memory: units, officers, grants, rules.
 *
 * Read once, never changed: many threads may look at one policy. A document with an error does not
 * load; every error is reported at once, each as "file:line:col: sentence". Nor does one load whose
 * own examples
 * (`tests:`) fail. How it is written: docs/AUTHORITY.md.
 */
#ifndef TOCSIN_POLICY_H
#define TOCSIN_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "digest.h"
#include "err.h"
#include "hours.h"
#include "key.h"
#include "mem.h"
#include "passkey.h"
#include "proof.h"
#include "terms.h"

/* The last three are the administrators' (三员分立), each a person of their own: policy and rights
 * (安全管理员), accounts, tokens and sessions (系统管理员), audit (审计管理员). */
enum duty {
	DUTY_DRAFT = 1,
	DUTY_REVIEW = 2,
	DUTY_SIGN = 4,
	DUTY_PUBLISH = 8,
	DUTY_ADMIN = 16,
	DUTY_ACCOUNTS = 32,
	DUTY_AUDIT = 64,
	DUTY_ADMINISTRATORS = DUTY_ADMIN | DUTY_ACCOUNTS | DUTY_AUDIT,
};
const char *duty_text(unsigned duty); /* of one bit */
const char *duty_zh(unsigned duty); /* 拟制 审核 签发 发布 安全管理 系统管理 审计管理 */
enum role { ROLE_HANDLE, ROLE_CHARGE, ROLE_BEHALF }; /* 处置 主管 代发 */
const char *role_text(enum role role);

struct unit {
	char *id, *name;       /* never NULL: the id when the document gives no name */
	char *code, *division; /* or NULL */
	char *superior;        /* unit id, or NULL */
};

struct officer {
	char *id, *name, *unit;
	char *person; /* never NULL: the id when the document names none */
	unsigned duties;
	bool active;
	struct key **keys; /* public, of key files */
	size_t key_count;
	struct passkey *passkeys;
	size_t passkey_count;
};

/* One row. Its label ("grants[3]") names it in reasons. A level, kind or verb is covered when its
 * bit (1u << value) is set. Patterns as in the design: with or without '*' a code covers what
 * begins with it; 6-digit divisions first lose trailing zero pairs; 9- and 12-digit ones lose a
 * trailing 000 (again, if 9 digits remain) and then, when 6 digits are left, follow the 6-digit
 * rule. */
struct grant {
	char *label;
	char *unit;
	enum role role;
	char *of;                     /* behalf: for whom */
	unsigned acts, kinds, levels; /* acts: the bit of `correct` stands with that of `update` */
	struct texts hazards, areas, channels;
	int64_t from, until; /* ms; until excluded; absent = INT64_MIN, INT64_MAX */
	char *basis;
};

struct forbid {
	char *label;
	char *unless_unit;                     /* or NULL: everybody */
	struct texts hazards, areas, channels; /* empty = matches everything */
	unsigned kinds, levels, acts; /* all bits when absent; `update` brings `correct` with it */
	char *basis;
};

struct signoff {
	char *label; /* "signoff[0]", with its basis behind it where the row names one */
	char *basis; /* or NULL */
	unsigned levels;
	int reviews, signs;
	struct hours hours;
};

struct relay {
	char *label;
	char *source, *unit;
	struct texts hazards, areas, channels; /* channels absent = all */
	unsigned kinds, levels;                /* levels from `auto` */
	char *basis;
};

/* A number a unit publishes: no text is held for it. */
struct hotline {
	char *number; /* digits only */
	char *unit;
	char *basis; /* or NULL */
};

/* What a release obliges the unit to (突发事件应对法). */
enum obligation {
	OBLIGATION_REPORT,       /* upward: 第六十一、六十四条 */
	OBLIGATION_NOTICE,       /* garrison, neighbouring regions: 第六十四条 */
	OBLIGATION_ANNOUNCE,     /* the next announcement: 第六十六、六十七条 */
	OBLIGATION_ADVICE,       /* advice and hotline: 第六十六、六十七条 */
	OBLIGATION_LIFT,         /* 第七十条 */
	OBLIGATION_AFTER_REPORT, /* of an urgent release; opened by `urgent:` */
	OBLIGATION_COUNT
};

struct duty_rule {
	enum obligation what;
	unsigned acts, kinds, levels; /* bits; absent = publish and update, warning, all */
	struct texts hazards;         /* empty = all */
	char *to;                     /* to whom; "" */
	int64_t within;               /* ms after the release; 0 = when the message expires */
	char *basis;
};

/* Who is on duty for which steps, and how they are called. */
struct roster_row {
	char *unit, *officer;
	char *deputy;               /* or NULL */
	char *phone, *deputy_phone; /* or NULL: by a robot's group only */
	unsigned steps;             /* bits of enum status_step */
	unsigned days;              /* bits, 0 = Monday; absent = all */
	struct hours hours;
	int64_t from, until; /* ms; until excluded */
};

struct policy {
	struct unit *units;
	size_t unit_count;
	struct officer *officers;
	size_t officer_count;
	struct grant *grants;
	size_t grant_count;
	struct forbid *forbids;
	size_t forbid_count;
	struct signoff *signoffs;
	size_t signoff_count;
	bool has_urgent;
	struct signoff urgent; /* levels, reviews, signs */
	int64_t urgent_report_ms;
	struct relay *relays;
	size_t relay_count;
	struct hotline *hotlines;
	size_t hotline_count;
	struct texts hotline_numbers; /* theirs, for the screen */
	struct passkey_house passkeys;
	struct roster_row *roster;
	size_t roster_count;
	bool sign_by_roster;      /* only who stands on it may review and sign (5) */
	int64_t approvals_within; /* ms: an approval older than that, when what it approves is sent,
	                             does not count */
	struct duty_rule *duty_rules;
	size_t duty_rule_count;
	struct policy_index *index; /* compiled: who is where, patterns as stems (policy_index.h) */
	char version[DIGEST_HEX];   /* SHA-256 of the document's bytes: names the policy in every
	                               decision */
	char *text;                 /* the document as it was read */
};

struct policy *policy_read(const char *path, struct err *err);
struct policy *policy_parse(const char *name, const char *bytes, size_t len, struct err *err);
/* The same with every fault as a line of its own, "file:line:col: zh / en"; *err has the first and
 * the count. */
struct policy *policy_read_all(const char *path, struct buf *faults);
struct policy *policy_parse_all(
        const char *name, const char *bytes, size_t len, struct buf *faults);
void policy_destroy(struct policy **policy);

const struct unit *policy_unit(const struct policy *policy, const char *id);       /* or NULL */
const struct officer *policy_officer(const struct policy *policy, const char *id); /* or NULL */
/* How many people hold the duty in an active account with a key. */
size_t policy_people(const struct policy *policy, unsigned duty);
/* One person, also through two accounts. An unknown officer is nobody but themselves. */
bool policy_same_person(const struct policy *policy, const char *one, const char *other);
/* As whom the officer's person drafted it, now or earlier; NULL: had no hand in it. */
const char *policy_wrote_as(const struct policy *policy, const char *officer, const char *drafter,
        const struct texts *earlier);
/* Does an approval of this moment still count for what is sent at that one? */
bool policy_is_fresh(const struct policy *policy, int64_t approved, int64_t sent);
/* "24 小时" and "24 h"; the caller's. */
void policy_freshness_say(const struct policy *policy, char **zh, char **en);
bool policy_is_superior(
        const struct policy *policy, const char *above, const char *below); /* any way up */

/* Does the proof hold under one of the named officer's keys (or passkeys, as it says), is the
 * officer active, and is it by a passkey where the policy requires one? false: *err. */
bool policy_proof_holds(const struct policy *policy, const struct proof *proof, struct err *err);
/* The signature alone: of what was done under another policy, by who may have left. */
bool policy_proof_signed(const struct policy *policy, const struct proof *proof, struct err *err);

/* The pattern rules, once. A request names concrete codes only. */
bool policy_division_covers(const char *pattern, const char *code);
bool policy_division_touches(const char *pattern, const char *code); /* contains or lies in */
bool policy_hazard_covers(const char *pattern, const char *code);
bool policy_division_concrete(const char *code); /* 6, 9 or 12 digits */
bool policy_hazard_concrete(const char *code);   /* 5 characters, digits and capital letters */
bool policy_division_pattern(
        const char *pattern); /* up to 12 digits, then '*' or nothing; not empty */
bool policy_hazard_pattern(const char *pattern); /* up to 5 characters, likewise */
size_t policy_division_stem(const char *code);   /* how much of the code (or pattern) counts */

#endif
