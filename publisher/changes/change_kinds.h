/* SPDX-License-Identifier: Apache-2.0
 * change_kinds - what two administrators can change: a row of one table each.
 *
 * A row says whose act it is, when a document is one, what it does to the record, and what has to
 * happen in the running house behind it.
 */
#ifndef TOCSIN_CHANGE_KINDS_H
#define TOCSIN_CHANGE_KINDS_H

#include "house.h"
#include "store_change.h"

struct change_kind {
	const char *name;
	const char *zh;
	unsigned duty;     /* both people hold it: DUTY_ADMIN, DUTY_ACCOUNTS or DUTY_AUDIT */
	const char *basis; /* what the rule of two stands on, quoted in decisions */
	/* Worker thread, at proposal and again at confirmation: could this document take effect
	 * now? */
	bool (*validate)(
	        struct house *house, struct store *reader, const char *body, struct err *err);
	/* Inside the transaction that ends the change; writes its own audit lines, where there is
	 * more to say than that the change took effect. May leave a word for who confirms. */
	bool (*apply)(struct store *store, struct change *change, int64_t now, struct err *err);
	/* After the commit, on a worker thread; may be NULL. What fails here logs it and is made
	 * good by a chore or the next start: the change is in effect. */
	void (*after)(struct house *house, struct store *reader, const struct change *change);
	/* What changes, for whoever confirms: text, the caller's. NULL: the document itself. */
	char *(*show)(struct house *house, struct store *reader, const struct change *change);
	/* What else would follow from it now: [{"zh","en"}], sentences for whoever confirms. NULL:
	 * nothing. */
	json_t *(*follows)(struct house *house, struct store *reader, const struct change *change);
};

extern const struct change_kind change_kinds[]; /* ends with a NULL name */
const struct change_kind *change_kind_find(const char *name, struct err *err); /* NULL: *err */

/* The kinds, by subject, each in its own file; for change_kinds.c. */
bool change_policy_validate(
        struct house *house, struct store *reader, const char *body, struct err *err);
bool change_policy_apply(struct store *store, struct change *change, int64_t now, struct err *err);
void change_policy_after(struct house *house, struct store *reader, const struct change *change);
char *change_policy_show(struct house *house, struct store *reader, const struct change *change);
json_t *change_policy_follows(
        struct house *house, struct store *reader, const struct change *change);

bool change_purge_validate(
        struct house *house, struct store *reader, const char *body, struct err *err);
bool change_purge_apply(struct store *store, struct change *change, int64_t now, struct err *err);
void change_purge_after(struct house *house, struct store *reader, const struct change *change);

bool change_recipients_validate(
        struct house *house, struct store *reader, const char *body, struct err *err);
bool change_recipients_apply(
        struct store *store, struct change *change, int64_t now, struct err *err);
void change_recipients_after(
        struct house *house, struct store *reader, const struct change *change);
char *change_recipients_show(
        struct house *house, struct store *reader, const struct change *change);

#endif
