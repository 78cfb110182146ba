/* SPDX-License-Identifier: Apache-2.0
 * status - what the status key signs: a few fixed forms, as lines of text. A form has no place for
 * anybody's words: numbers are short ASCII, officers and units are ids of the policy, the rest are
 * counts, moments, digests and words of our own lists.
 *
 *   heartbeat  this node lives; where its audit chain stands, what is in force, which sequence
 *              numbers nobody will see
 *   index      what is in force, with the digest of each signed CAP, and where the chain stands
 *   end        one bulletin is no longer in force
 *   keys       the public keys
 *   notice     an officer's turn
 *   test       a sign of life on request
 *
 * Form: "tocsin-status 1", "form NAME", then that form's lines in order, "key value"; "-" is
 * nothing. Reading is strict: status_write(status_read(x)) is x, byte for byte, or x is refused.
 * The alert key signs none of these, and the status key nothing else (signer/check_status.c).
 */
#ifndef TOCSIN_STATUS_H
#define TOCSIN_STATUS_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "digest.h"
#include "err.h"
#include "key.h"
#include "terms.h"

enum status_form {
	STATUS_HEARTBEAT,
	STATUS_INDEX,
	STATUS_END,
	STATUS_KEYS,
	STATUS_NOTICE,
	STATUS_TEST,
	STATUS_FORM_COUNT
};
const char *status_form_text(enum status_form form);

/* Whose turn it is to do what. */
enum status_step {
	STEP_DRAFT,   /* returned to its drafter, or to be handed in by an officer */
	STEP_REVIEW,  /* 审核 */
	STEP_SIGN,    /* 签发 */
	STEP_RELEASE, /* 发布 */
	STEP_REPORT,  /* the report owed after an urgent release (事后报告) */
	STEP_DUE,     /* a duty of the law with its deadline */
	STEP_CHANGE,  /* an administrative change wants a second administrator */
	STEP_COUNT
};
const char *status_step_text(enum status_step step);
const char *status_step_zh(enum status_step step); /* 等待审核 ... */

/* What is known of the audit chain. */
enum status_chain { CHAIN_UNCHECKED, CHAIN_WHOLE, CHAIN_BROKEN, CHAIN_COUNT };
const char *status_chain_text(enum status_chain chain);

/* Why a bulletin is no longer in force. */
enum status_end { END_EXPIRED, END_CANCELLED, END_REPLACED, END_COUNT };

enum {
	STATUS_VOIDS_MOST = 64,
	STATUS_ITEMS_MOST = 2000,
	STATUS_NAME = 129, /* room of a name, with its NUL */
	STATUS_KEY = 129,  /* of a public key, base64 */
	STATUS_MOST_BYTES = 512 << 10,
};

struct status_item {
	char identifier[STATUS_NAME];
	char cap[DIGEST_HEX]; /* of the signed CAP */
};

/* Members a form does not use are left zeroed. */
struct status {
	enum status_form form;
	char node[STATUS_NAME]; /* who says so */
	enum mode mode;
	int64_t time; /* ms, whole seconds */

	/* heartbeat, index */
	int64_t head_seq;           /* last row of the audit chain; 0 = empty */
	char head_hash[DIGEST_HEX]; /* its hash; "" = empty */
	enum status_chain chain;
	char active[DIGEST_HEX];          /* of the set in force */
	char policy[DIGEST_HEX];          /* the policy's version */
	int64_t sequence;                 /* the last number given on the topic root; heartbeat */
	int64_t voids[STATUS_VOIDS_MOST]; /* numbers that will not be seen, rising; heartbeat */
	size_t void_count;
	struct status_item *items; /* in order of release; index */
	size_t item_count;

	/* end, notice, test */
	char number[STATUS_NAME]; /* the bulletin's or change's identifier; test: what was asked */
	enum status_end end;

	/* notice */
	enum status_step step;
	int64_t waiting; /* seconds */
	char officer[STATUS_NAME];
	char unit[STATUS_NAME];
	char audience[DIGEST_HEX]; /* of the addresses (status_audience); "" = a robot's group */

	/* keys */
	char alert_key[STATUS_KEY], status_key[STATUS_KEY];
};

void status_finish(struct status *status);
void status_write(const struct status *status, struct buf *out);
bool status_read(struct status *status, const char *bytes, size_t len, struct err *err);

/* A form as it lies outside: its text, then the line "signature BASE64" of the status key. */
void status_seal(const char *text, const char *signature, struct buf *out);
/* The first sealed form of *bytes, which then points behind it: form read and signature good under
 * `key` (NULL: not looked at). false + *err otherwise. */
bool status_open(struct status *status, const char **bytes, const struct key *key, struct err *err);

/* Short ASCII, no blank: what may stand as a number. Short, no blank: as somebody's id, where
 * whoever reads the form knows the ids there are. */
bool status_is_name(const char *text);
bool status_is_id(const char *text);
/* The digest of a notice's addresses, in their order. */
void status_audience(const char *const *addresses, size_t count, char hex[DIGEST_HEX]);

#endif
