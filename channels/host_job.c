/* SPDX-License-Identifier: Apache-2.0
 * host_job - jobs in hand: read from a frame, kept in the order they came, gone when answered.
 *
 * A job that names a bulletin this connection does not have is kept all the same; host_check
 * refuses it.
 */
#include "host.h"

#include <stdlib.h>
#include <string.h>

#include "protocol.h"

static void job_destroy(struct host *host, struct host_job *job)
{
	struct host_job **at = &host->jobs;

	while (*at && *at != job)
		at = &(*at)->next;
	if (*at)
		*at = job->next;
	host_bulletin_let_go(host, job->bulletin);
	host_set_job_finish(host, job);
	for (size_t i = 0; i < job->recipient_count; i++) {
		free((char *)job->recipients[i].address);
		free((char *)job->recipients[i].callback);
	}
	free(job->id);
	free(job->text);
	free(job->digest);
	free(job->form);
	free(job->signature);
	free(job->recipients);
	free(job->recipient_numbers);
	free(job->answered);
	free(job);
}

/* The same on every attempt, and different for any other bulletin, even where job numbers begin
 * again. */
static char *job_key(const struct host *host, const struct host_job *job)
{
	char digest[DIGEST_HEX];
	const char *identifier = job->bulletin ? job->bulletin->shown.view.identifier : job->form;
	char *text = mem_format("%s\n%s\n%d\n%lld", host->name, identifier ? identifier : "",
	        (int)job->job.kind, (long long)job->number);

	digest_sha256(text, strlen(text), digest);
	free(text);
	return mem_format("%lld-%.16s", (long long)job->number, digest);
}

/* One of the block; those who need no more attempts are counted into its digest only. */
static void read_recipient(struct host_job *job, struct frame *frame, struct digest_stream *digest,
        const unsigned char *done, size_t done_len)
{
	int64_t number = frame_get_int(frame, TAG_RECIPIENT);
	size_t numbers = job->recipient_count;

	frame->spoilt |= number < 0 || number >= HOST_RECIPIENTS_MOST ||
	                 job->block_people == HOST_RECIPIENTS_MOST;
	if (frame->spoilt)
		return;
	size_t byte = (size_t)number / 8;
	struct channel_recipient recipient = {.address = frame_get_text(frame, TAG_ADDRESS),
	        .callback = frame_get_text(frame, TAG_CALLBACK)};
	job->block_people++;
	digest_more(digest, recipient.address, strlen(recipient.address));
	digest_more(digest, "\n", 1);
	if (byte < done_len && done[byte] >> (number % 8) & 1) {
		free((char *)recipient.address);
		free((char *)recipient.callback);
		return;
	}
	*(int64_t *)mem_push(&job->recipient_numbers, &numbers, sizeof(int64_t)) = number;
	*(struct channel_recipient *)mem_push(
	        &job->recipients, &job->recipient_count, sizeof recipient) = recipient;
}

static void read_recipients(struct host_job *job, struct frame *frame)
{
	struct digest_stream *digest = digest_begin();
	const unsigned char *done = NULL;
	size_t done_len = 0;

	job->block = -1;
	if (frame_more(frame, TAG_BLOCK)) {
		job->block = frame_get_int(frame, TAG_BLOCK);
		done = frame_get(frame, TAG_BYTES, &done_len);
	}
	while (frame_more(frame, TAG_RECIPIENT) && !frame->spoilt)
		read_recipient(job, frame, digest, done, done_len);
	digest_end(&digest, job->block_digest);
	job->answered = mem_array(job->recipient_count + 1, sizeof *job->answered);
}

static void read_head(struct host *host, struct host_job *job, struct frame *frame, int64_t now)
{
	job->number = frame_get_int(frame, TAG_JOB);
	int64_t kind = frame_get_int(frame, TAG_KIND);
	job->job.attempt = (int)frame_get_int(frame, TAG_ATTEMPT);
	char *bulletin = frame_get_text(frame, TAG_ID);
	job->text = frame_get_text(frame, TAG_TEXT);
	int64_t wait = frame_get_int(frame, TAG_WAIT);
	job->job.expires = frame_get_int(frame, TAG_EXPIRES);
	job->job.sequence = frame_get_int(frame, TAG_SEQUENCE);
	job->digest = frame_get_text(frame, TAG_DIGEST);
	if (kind < CHANNEL_ISSUE || kind > CHANNEL_NOTE || wait < 0 || wait > 86400000)
		frame->spoilt = true;
	job->job.kind = (enum channel_job_kind)kind;
	job->job.deadline = now + wait;
	job->received = now;
	job->bulletin = host_bulletin_use(host, bulletin);
	free(bulletin);
}

/* A note's text is a form; what is sent is made from it once it was checked. */
static void read_note(struct host_job *job, struct frame *frame)
{
	if (job->job.kind != CHANNEL_NOTE)
		return;
	job->form = job->text;
	job->text = mem_text("");
	job->signature = frame_get_text(frame, TAG_SIGNATURE);
}

/* What the channel sees of it. */
static void show(const struct host *host, struct host_job *job)
{
	job->id = job_key(host, job);
	job->job.id = job->id;
	job->job.bulletin = job->bulletin ? &job->bulletin->shown : NULL;
	job->job.text = job->text;
	job->job.recipients = job->recipients;
	job->job.recipient_count = job->recipient_count;
	job->job.active_digest = job->digest;
	job->job.form = job->form ? job->form : "";
	job->job.signature = job->signature ? job->signature : "";
	job->worst = CHANNEL_DELIVERED;
}

bool host_job_take(struct host *host, struct frame *frame, struct err *err)
{
	struct host_job *job = mem_zero(sizeof *job);
	struct host_job **at = &host->jobs;

	read_head(host, job, frame, host->quiet);
	host_set_read(host, job, frame);
	read_recipients(job, frame);
	read_note(job, frame);
	show(host, job);
	while (*at)
		at = &(*at)->next;
	*at = job;
	if (frame_close(frame, err))
		return true;
	job_destroy(host, job);
	return false;
}

void host_jobs_drop(struct host *host, bool waiting_only)
{
	for (struct host_job *job = host->jobs, *next; job; job = next) {
		next = job->next;
		if (!waiting_only || !job->taken)
			job_destroy(host, job);
	}
}

void host_jobs_drop_ended(struct host *host)
{
	for (struct host_job *job = host->jobs, *next; job; job = next) {
		next = job->next;
		if (job->ended)
			job_destroy(host, job);
	}
}

/* A bulk job keeps a channel at work for hours: what it has done with must not pile up. */
void host_jobs_drop_done(struct host *host)
{
	for (struct host_job *job = host->jobs, *next; job; job = next) {
		next = job->next;
		if (job->ended && (job->let_go || !job->taken))
			job_destroy(host, job);
	}
}

/* A notice is short, and about what may be red. */
static int rank_of(const struct host_job *job)
{
	if (job->job.kind == CHANNEL_NOTE)
		return level_rank(LEVEL_ORANGE);
	return job->bulletin ? level_rank(job->bulletin->shown.view.level) : 0;
}

/* Red first; where the far side mirrors the active set, in the order of the record. tocsind never
 * hands out two of one chain at a time, so no Cancel can overtake its Alert here. */
struct host_job *host_job_next(struct host *host)
{
	struct host_job *best = NULL;
	int best_rank = -1;

	for (struct host_job *job = host->jobs; job; job = job->next) {
		int rank = rank_of(job);
		if (job->taken || job->ended || rank <= best_rank)
			continue;
		if (host->channel->type->projection)
			return job;
		best = job;
		best_rank = rank;
	}
	return best;
}

struct host_job *host_job_find(struct host *host, int64_t number)
{
	struct host_job *job = host->jobs;

	while (job && (job->ended || job->number != number))
		job = job->next;
	return job;
}

bool host_job_overtaken(struct host *host, const struct host_job *job)
{
	const struct host_job *next = host_job_next(host);

	return next && rank_of(next) > rank_of(job);
}

size_t host_jobs_in_hand(const struct host *host)
{
	size_t count = 0;

	for (const struct host_job *job = host->jobs; job; job = job->next)
		count += !job->ended;
	return count;
}
