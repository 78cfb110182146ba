/* SPDX-License-Identifier: Apache-2.0
 * bulletin - one warning (or advisory, fact, ...) on its way through the house, as the record keeps
 * it.
 *
 *   DRAFT -> SUBMITTED -> APPROVED -> RELEASED -> SUPERSEDED | CANCELLED | EXPIRED
 *   | ^----------'------------'  returned, withdrawn, edited
 *   '-> DISCARDED;  SUBMITTED, APPROVED -> REJECTED
 *   STAGED -> RELEASED  (cancel and corrections, worded and approved with their original)
 */
#ifndef TOCSIN_BULLETIN_H
#define TOCSIN_BULLETIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mem.h"
#include "proof.h"
#include "terms.h"

enum bulletin_state {
	BULLETIN_DRAFT,
	BULLETIN_SUBMITTED,
	BULLETIN_APPROVED,
	BULLETIN_RELEASED,
	BULLETIN_SUPERSEDED,
	BULLETIN_CANCELLED,
	BULLETIN_EXPIRED,
	BULLETIN_REJECTED,
	BULLETIN_STAGED,
	BULLETIN_DISCARDED,
	BULLETIN_STATE_COUNT
};
const char *bulletin_state_text(enum bulletin_state state);
const char *bulletin_state_zh(enum bulletin_state state);
bool bulletin_state_read(const char *text, enum bulletin_state *out);
/* The arrows above that the record lets pass: a final word stays, what was released only ends. */
bool bulletin_may_become(enum bulletin_state from, enum bulletin_state to);
bool bulletin_is_fixed(
        enum bulletin_state state); /* released or final: its words may not change any more */

struct bulletin_text {
	char *target; /* the far side's name */
	char *kind;   /* its channel kind */
	char *body;   /* unfilled */
	char *filled; /* at release; NULL before */
	/* How much of its far side's room it takes, known where it was just rendered, not on
	 * record: */
	char unit[16]; /* "" = not known */
	int used, limit, parts;
	bool shortened;
};

/* Recipients chosen for one far side, frozen at submission. One address a line, in blocks of at
 * most AUDIENCE_BLOCK lines; the digest is taken over the list of the blocks' digests (hex, LF). */
enum { AUDIENCE_BLOCK = 1000 };
struct audience {
	char *target;
	char digest[DIGEST_HEX];
	int64_t count;
	struct texts blocks; /* empty in lists read from the record: see store_audience_block */
	bool kept; /* frozen in the directory (store_directory.h): its blocks are never in hand */
	int64_t kept_blocks; /* then, how many there are */
};

struct bulletin {
	int64_t row; /* 0 = not stored yet */
	char *id;    /* "b12": short, for people; made from row */
	enum bulletin_state state;
	int64_t version; /* counts edits; a change names the version it saw */
	enum mode mode;
	enum verb verb;
	enum kind kind;
	enum level level;
	enum procedure procedure;
	enum disclosure disclosure;
	enum screening screening;
	char *disclosure_reason; /* why it is not 主动公开; "" when it is */
	char *screening_note;    /* what was found, or why it was overridden; "" */
	char *hazard, *status, *unit, *drafter, *source, *incident, *handler;
	struct texts earlier; /* who drafted it before the drafter did, oldest first */
	char *identifier;     /* "" before submission */
	char *chain;          /* identifier of the chain's first message; "" before submission */
	char *replaces;       /* identifier of what it updates, cancels, corrects; "" */
	char *parent;         /* STAGED and once staged: id of the original; "" */
	char *staged_as;      /* cancel, wrong-area, false-alarm; "" */
	char *headline;       /* for lists: bulletin_headline */
	struct texts areas;   /* division codes */
	struct texts targets; /* far sides by name */
	char *cap;            /* canonical, unfilled */
	char *manifest;       /* unfilled; "" before submission */
	struct bulletin_text *texts;
	size_t text_count;
	struct audience *audiences;
	size_t audience_count;
	char *upstream; /* a relay's bytes as they came; NULL otherwise */
	size_t upstream_len;
	int64_t created, submitted, approved, released; /* ms; 0 = not yet */
	int64_t sent, expires;                          /* ms; 0 = none */
	char *releaser;                                 /* officer; "" */
	char *signed_cap;                               /* NULL before release */
	char *filled_manifest;                          /* NULL before release */
	char *manifest_signature;                       /* NULL before release */
	char *reason;     /* of the cancel or correction; goes to the record only; "" */
	int64_t sequence; /* MQTT; given at release; 0 before */
	int64_t order;    /* of release: given by the store when it becomes RELEASED; 0 before */
};

struct bulletin *bulletin_create(void); /* every text that is never NULL is "" */
void bulletin_destroy(struct bulletin **bulletin);
/* What lists show: HEADLINE_BYTES of it at most, for whoever hands in a draft may write a book
 * there. The words themselves are the CAP's. NULL becomes "". */
enum { HEADLINE_BYTES = 600 };
void bulletin_headline(struct bulletin *bulletin, const char *headline);
struct bulletin_text *bulletin_add_text(struct bulletin *bulletin);
const struct bulletin_text *bulletin_text(
        const struct bulletin *bulletin, const char *target); /* or NULL */
struct audience *bulletin_add_audience(struct bulletin *bulletin);
const struct audience *bulletin_audience(
        const struct bulletin *bulletin, const char *target); /* or NULL */
void audience_seal(struct audience *audience);                /* count and digest from the blocks */

/* One delivery: a bulletin (or one block of its audience) to one far side. */
struct delivery {
	int64_t id;     /* 0 = not stored yet */
	char *bulletin; /* id */
	char *chain;
	char *target;
	int job_kind; /* enum channel_job_kind: ISSUE or CLEAR */
	int block;    /* 0-based; -1 = the whole */
	enum level level;
	bool correction; /* cancel and correct go first within their level */
	enum delivery_state state;
	bool began;    /* in SENDING: the first byte may have left */
	int attempt;   /* attempts begun so far */
	int doubts;    /* of them, those that may have arrived and were followed by another */
	int64_t order; /* of release: the bulletin's order; chains go in this order */
	int64_t due;   /* ms, UTC: not before */
	int64_t expires;
	char *far_id, *proof, *reason;
	int64_t first_sent, updated; /* ms; 0 = not yet */
	int64_t reached, failed;     /* recipients answered so far */
	unsigned char *done; /* bitmap of recipients that need no more attempts; NULL = none */
	size_t done_len;
};
void delivery_init(struct delivery *delivery); /* texts "" */
void delivery_finish(struct delivery *delivery);

#endif
