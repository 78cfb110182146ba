/* SPDX-License-Identifier: Apache-2.0
 * host_kept - receipts until tocsind has them on disk. They live in memory only: when this process
 * dies too, tocsind settles its jobs by rule. Sent again, in order, after every welcome.
 */
#include "host.h"

#include <stdlib.h>
#include <string.h>

void host_keep(
        struct host *host, const struct host_job *job, bool delivered, const struct buf *frame)
{
	struct host_kept *kept = mem_push(&host->kept, &host->kept_count, sizeof *host->kept);

	kept->job = job->number;
	kept->key = mem_text(job->id);
	kept->bulletin = mem_text(job->bulletin ? job->bulletin->id : "");
	kept->people = job->settled - job->written;
	kept->delivered = delivered;
	kept->tally = false;
	kept->frame = mem_text_n(frame->data, frame->len);
	kept->len = frame->len;
}

/* A tally says all that the one before it said. */
void host_keep_tally(struct host *host, const struct host_job *job, const struct buf *frame)
{
	for (size_t i = 0; i < host->kept_count; i++) {
		struct host_kept *kept = &host->kept[i];
		if (!kept->tally || kept->job != job->number)
			continue;
		free(kept->frame);
		kept->frame = mem_text_n(frame->data, frame->len);
		kept->len = frame->len;
		return;
	}
	host_keep(host, job, false, frame);
	host->kept[host->kept_count - 1].tally = true;
	host->kept[host->kept_count - 1].people = 0; /* the job is in hand, and counts them */
}

void host_kept_ack(struct host *host, int64_t job)
{
	size_t left = 0;

	for (size_t i = 0; i < host->kept_count; i++) {
		if (host->kept[i].job != job) {
			host->kept[left++] = host->kept[i];
			continue;
		}
		free(host->kept[i].key);
		free(host->kept[i].bulletin);
		free(host->kept[i].frame);
	}
	host->kept_count = left;
}

void host_kept_send(struct host *host)
{
	for (size_t i = 0; i < host->kept_count; i++) {
		struct buf frame;
		buf_init(&frame, 0);
		buf_add(&frame, host->kept[i].frame, host->kept[i].len);
		bool sent = host_link_send(host, &frame);
		buf_finish(&frame);
		if (!sent)
			return;
	}
}

bool host_kept_delivered(const struct host *host, int64_t job, const char *key)
{
	for (size_t i = 0; i < host->kept_count; i++)
		if (host->kept[i].delivered && host->kept[i].job == job &&
		        strcmp(host->kept[i].key, key) == 0)
			return true;
	return false;
}

size_t host_kept_people(const struct host *host, const struct host_job *job)
{
	const char *bulletin = job->bulletin ? job->bulletin->id : "";
	size_t people = 0;

	for (size_t i = 0; i < host->kept_count; i++)
		if (host->kept[i].people && strcmp(host->kept[i].bulletin, bulletin) == 0)
			people += host->kept[i].people;
	return people;
}

void host_kept_finish(struct host *host)
{
	while (host->kept_count)
		host_kept_ack(host, host->kept[0].job);
	free(host->kept);
	host->kept = NULL;
}
