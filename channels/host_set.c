/* SPDX-License-Identifier: Apache-2.0
 * host_set - all that is in force, as this connection was told: each job says what has come and
 * what has gone since the one before it, and the digest of the whole. Jobs wait in line, so what a
 * job says is kept with it and done when its turn comes. A set that then does not have the digest
 * ends the connection, and with it the set: the next connection begins with nothing and is told
 * all.
 */
#include "host.h"

#include <stdlib.h>
#include <string.h>

#include "protocol.h"

static void push(struct host_bulletin ***items, size_t *count, struct host_bulletin *b)
{
	*(struct host_bulletin **)mem_push(items, count, sizeof **items) = b;
}

/* Whatever is not in the set cannot leave it, and nothing comes twice. */
void host_set_read(struct host *host, struct host_job *job, struct frame *frame)
{
	struct host_set *set = &host->set;

	while (frame_more(frame, TAG_ENDED) && !frame->spoilt) {
		char *id = frame_get_text(frame, TAG_ENDED);
		struct host_bulletin *b = host_bulletin_find(host, id);
		free(id);
		frame->spoilt |= !b || !b->named;
		if (frame->spoilt)
			return;
		b->named = false;
		set->said--;
		push(&job->leaves, &job->leave_count, b);
	}
	while (frame_more(frame, TAG_ACTIVE) && !frame->spoilt) {
		char *id = frame_get_text(frame, TAG_ACTIVE);
		struct host_bulletin *b = host_bulletin_find(host, id);
		frame->spoilt |= !b || b->named || set->said >= HOST_ACTIVE_MOST;
		if (!frame->spoilt)
			host_bulletin_use(host, id);
		free(id);
		if (frame->spoilt)
			return;
		b->named = true;
		set->said++;
		push(&job->joins, &job->join_count, b);
	}
}

void host_set_job_finish(struct host *host, struct host_job *job)
{
	for (size_t i = 0; i < job->join_count; i++)
		host_bulletin_let_go(host, job->joins[i]);
	free(job->joins);
	free(job->leaves);
	job->joins = job->leaves = NULL;
	job->join_count = job->leave_count = 0;
}

static void put(struct host *host, struct host_bulletin *b)
{
	struct host_set *set = &host->set;
	const char *identifier = b->shown.view.identifier;

	push(&set->items, &set->count, b);
	digest_more(set->digest, identifier, strlen(identifier));
	digest_more(set->digest, "\n", 1);
	if (!host_check_bulletin(host, b, NULL))
		set->bad++;
	else if (b->ours)
		*(const struct channel_bulletin **)mem_push(
		        &set->shown, &set->shown_count, sizeof *set->shown) = &b->shown;
}

/* All in one walk; what stays is put anew, for the digest is over all of it. */
static void take_out(struct host *host, struct host_job *job)
{
	struct host_set *set = &host->set;
	struct host_set old = *set;

	for (size_t i = 0; i < job->leave_count; i++)
		job->leaves[i]->leaving = true;
	digest_drop(&old.digest);
	*set = (struct host_set){.said = old.said, .era = old.era + 1, .digest = digest_begin()};
	for (size_t i = 0; i < old.count; i++) {
		struct host_bulletin *b = old.items[i];
		bool leaves = b->leaving;
		b->leaving = false;
		if (leaves)
			host_bulletin_let_go(host, b);
		else
			put(host, b);
	}
	free(old.items);
	free(old.shown);
}

bool host_set_turn(struct host *host, struct host_job *job, struct err *err)
{
	struct host_set *set = &host->set;
	char digest[DIGEST_HEX];

	if (!*job->digest)
		return true;
	if (!set->digest)
		set->digest = digest_begin();
	if (job->leave_count)
		take_out(host, job);
	for (size_t i = 0; i < job->join_count; i++)
		put(host, job->joins[i]);
	job->join_count = 0; /* the set's now */
	host_set_job_finish(host, job);
	digest_so_far(set->digest, digest);
	return strcmp(digest, job->digest) == 0 ||
	       err_set(err, ERR_INPUT, "本进程所知的生效信息与 tocsind 所说的不符",
	               "what we were told is in force is not what tocsind says it is");
}

bool host_set_check(const struct host *host, struct err *err)
{
	const struct host_set *set = &host->set;

	for (size_t i = 0; i < set->count && set->bad; i++)
		if (!host_check_bulletin(host, set->items[i], err))
			return false;
	return true;
}

void host_set_drop(struct host *host)
{
	struct host_set *set = &host->set;

	for (size_t i = 0; i < set->count; i++)
		host_bulletin_let_go(host, set->items[i]);
	free(set->items);
	free(set->shown);
	digest_drop(&set->digest);
	*set = (struct host_set){.era = set->era + 1};
}
