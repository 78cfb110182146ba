/* SPDX-License-Identifier: Apache-2.0
 * outbox_bulk - the recipients of a block while an agent works on it: what its tallies say goes on
 * disk, one write at a time for each block, so that a commit takes in all that came during the one
 * before it. The agent is told how many are there: it bounds what only it knows.
 */
#include "outbox_private.h"

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "when.h"

struct tally {
	unsigned char taken[AGENT_TALLY], refused[AGENT_TALLY];
	int64_t seen; /* of them, counted in the pace */
	bool writing; /* one is on its way */
	bool fresh;   /* something came since */
};

/* On its way: loop -> record thread -> loop. */
struct tally_write {
	struct outbox *outbox;
	int64_t id, count;
	char *agent, *lane;
	unsigned char taken[AGENT_TALLY], refused[AGENT_TALLY];
};

static int64_t count_bits(const unsigned char *bits)
{
	int64_t count = 0;

	for (size_t i = 0; i < AGENT_TALLY; i++)
		for (unsigned char left = bits[i]; left; left &= (unsigned char)(left - 1))
			count++;
	return count;
}

static bool write_tally(struct store *store, void *arg, struct err *err)
{
	const struct tally_write *w = arg;

	return store_delivery_recipients(
	        store, w->id, w->taken, w->refused, AGENT_TALLY, when_now(), err);
}

static void post(struct outbox *outbox, struct entry *entry, const char *agent, const char *lane);

/* Loop thread: it is on disk. */
static void counted(void *arg)
{
	struct tally_write *w = arg;
	struct agent *agent = agents_find(w->outbox->agents, w->agent, w->lane);
	struct entry *entry = outbox_entry(w->outbox, w->id);

	if (!--w->outbox->marks)
		outbox_look_who_is_prompt(w->outbox);
	if (agent)
		agent_send_counted(agent, w->id, w->count);
	if (entry && entry->tally) {
		entry->tally->writing = false;
		if (entry->tally->fresh)
			post(w->outbox, entry, w->agent, w->lane);
	}
	free(w->agent);
	free(w->lane);
	free(w);
}

static void written(void *arg, bool ok, const struct err *err)
{
	struct tally_write *w = arg;

	if (!ok)
		log_event(LOG_WARN, "tally-refused", "reason", err ? err->en : "", NULL);
	loop_post(w->outbox->loop, counted, w);
}

static void post(struct outbox *outbox, struct entry *entry, const char *agent, const char *lane)
{
	struct tally_write *w = mem_zero(sizeof *w);

	w->outbox = outbox;
	w->id = entry->id;
	w->agent = mem_text(agent);
	w->lane = mem_text(lane);
	memcpy(w->taken, entry->tally->taken, AGENT_TALLY);
	memcpy(w->refused, entry->tally->refused, AGENT_TALLY);
	w->count = count_bits(w->taken) + count_bits(w->refused);
	entry->tally->writing = true;
	entry->tally->fresh = false;
	outbox->marks++;
	record_post(outbox->record, outbox_rank(entry), write_tally, written, w);
}

void outbox_tally(struct outbox *outbox, const struct agent *agent, struct entry *entry,
        const unsigned char *taken, const unsigned char *refused)
{
	if (!entry->tally)
		entry->tally = mem_zero(sizeof *entry->tally);
	struct tally *tally = entry->tally;
	memcpy(tally->taken, taken, AGENT_TALLY);
	memcpy(tally->refused, refused, AGENT_TALLY);
	int64_t said = count_bits(taken) + count_bits(refused);
	outbox_pace_add(outbox, entry, said - tally->seen);
	tally->seen = said;
	tally->fresh = true;
	if (!tally->writing)
		post(outbox, entry, agent->name, agent->lane);
}

void outbox_tally_end(struct outbox *outbox, struct entry *entry)
{
	if (!entry->tally)
		return;
	if (entry->tally->fresh)
		post(outbox, entry, "", "");
	free(entry->tally);
	entry->tally = NULL;
}

int64_t outbox_block_left(
        const char *lines, const unsigned char *done, size_t done_len, int64_t *people)
{
	int64_t left = 0;

	for (*people = 0; *lines; (*people)++) {
		size_t byte = (size_t)*people / 8;
		left += byte >= done_len || !(done[byte] >> (*people % 8) & 1);
		lines += strcspn(lines, "\n");
		lines += *lines == '\n';
	}
	return left;
}

/* --- called back --------------------------------------------------------------------------------
 */

/* What is in flight only; an agent that is away is told when it is back. */
void outbox_halt(struct outbox *outbox, struct entry *entry)
{
	entry->halted = entry->orphan_until != 0;
	for (struct agent *agent = agents_first(outbox->agents); agent; agent = agent->next)
		for (size_t i = 0; i < agent->job_count; i++)
			if (agent->jobs[i] == entry->id) {
				entry->halted = true;
				agent_send_halt(agent, entry->id);
			}
}

void outbox_call_back(struct outbox *outbox, const struct issue *newer)
{
	for (size_t b = 0; b < ENTRY_BUCKETS; b++)
		for (struct entry *entry = outbox->entries[b]; entry; entry = entry->next)
			if (entry->block >= 0 && entry->issue->order < newer->order &&
			        strcmp(entry->issue->chain, newer->chain) == 0)
				outbox_halt(outbox, entry);
}

void outbox_given_back(struct outbox *outbox, struct entry *entry)
{
	entry->halted = false;
	dispatch_put_back(outbox->dispatch, entry->id, when_boot());
}
