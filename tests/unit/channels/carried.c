/* SPDX-License-Identifier: Apache-2.0
 * carried - see carried.h.
 */
#include "carried.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "options.h"
#include "signed.h"
#include "when.h"

enum { PATIENCE_MS = 10000 };

const struct channel_job *work_take(struct channel_work *work)
{
	return work->next < work->count ? &work->jobs[work->next++] : NULL;
}

int work_wakes(struct channel_work *work)
{
	(void)work;
	return -1;
}

void work_done(struct channel_work *work, const struct channel_job *job, int recipient,
        const struct channel_receipt *receipt)
{
	*(struct carried_answer *)mem_push(&work->answers, &work->answer_count,
	        sizeof *work->answers) = (struct carried_answer){job, recipient, *receipt};
}

bool work_halted(struct channel_work *work, const struct channel_job *job)
{
	(void)job;
	return work->halt_after && work->answer_count >= work->halt_after;
}

bool work_overtaken(struct channel_work *work, const struct channel_job *job)
{
	return work->next < work->count && work->jobs[work->next].bulletin && job->bulletin &&
	       level_rank(work->jobs[work->next].bulletin->view.level) >
	               level_rank(job->bulletin->view.level);
}

size_t work_unwritten(struct channel_work *work, const struct channel_job *job)
{
	(void)work;
	(void)job;
	return 0;
}

void work_far(struct channel_work *work, bool well, const char *why)
{
	work->far = well ? 1 : -1;
	snprintf(work->far_why, sizeof work->far_why, "%s", why);
}

void work_report(
        struct channel_work *work, const char *far_id, const struct channel_receipt *receipt)
{
	*(struct carried_answer *)mem_push(&work->reports, &work->report_count,
	        sizeof *work->reports) = (struct carried_answer){NULL, -1, *receipt};
	assert_string_equal(far_id, receipt->far_id);
}

void carried_finish(struct channel_work *work)
{
	free(work->answers);
	free(work->reports);
	*work = (struct channel_work){0};
}

const struct channel_receipt *carried_whole(
        const struct channel_work *work, const struct channel_job *job)
{
	for (size_t i = 0; i < work->answer_count; i++)
		if (work->answers[i].job == job && work->answers[i].recipient == -1)
			return &work->answers[i].receipt;
	return NULL;
}

const char *verdict_text(enum channel_verdict verdict)
{
	static const char *const texts[] = {"DELIVERED", "DEFERRED", "REJECTED", "UNKNOWN"};

	return texts[verdict];
}

/* A file without a name, which only its owner may read; gone when *fd is closed. */
static char *keep_secret(const char *value, int *fd)
{
	*fd = memfd_create("secret", MFD_CLOEXEC);
	assert_true(*fd >= 0);
	assert_int_equal(fchmod(*fd, 0600), 0);
	assert_int_equal(write(*fd, value, strlen(value)), (ssize_t)strlen(value));
	return mem_format("/proc/self/fd/%d", *fd);
}

static void add_setting(const struct channel_type *type, struct channel_setting *setting, int *fd,
        const char *name, const char *value)
{
	const struct option *row = option_find(type->options, name);

	setting->name = mem_text(name);
	*fd = -1;
	setting->value =
	        row && row->kind == OPTION_SECRET ? keep_secret(value, fd) : mem_text(value);
}

struct channel *carried_open(const struct channel_type *type, ...)
{
	struct channel_setting settings[16];
	int fds[16];
	size_t count = 0;
	struct err err = {0};
	va_list args;
	const char *name;

	va_start(args, type);
	while ((name = va_arg(args, const char *)) != NULL) {
		add_setting(type, &settings[count], &fds[count], name, va_arg(args, const char *));
		count++;
	}
	va_end(args);
	struct channel *channel = channel_create(type, settings, count, &err);
	for (size_t i = 0; i < count; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
		free(settings[i].name);
		free(settings[i].value);
	}
	if (!channel || !type->open(channel, &err))
		fail_msg("%s: %s", type->name, err.en);
	return channel;
}

void carried_close(struct channel **channel)
{
	(*channel)->type->close(*channel);
	channel_destroy(channel);
}

const struct channel_receipt *carried_deliver(
        struct channel *channel, struct channel_work *work, const struct channel_job *job)
{
	carried_finish(work);
	work->jobs = job;
	work->count = 1;
	channel->type->deliver(channel, work);
	const struct channel_receipt *receipt = carried_whole(work, job);
	if (!receipt)
		fail_msg("%s: the job was not answered", channel->type->name);
	return receipt;
}

enum channel_verdict carried_issue(struct channel *channel, struct channel_work *work,
        const char *identifier, char digest[DIGEST_HEX])
{
	struct signed_bulletin alert;
	const struct channel_bulletin *active[] = {&alert.shown};

	signed_make(&alert, NULL,
	        &(struct signed_wish){.identifier = identifier, .kind = channel->type->name});
	signed_digest(active, 1, digest);
	struct channel_job job = {.id = "7-key",
	        .kind = CHANNEL_ISSUE,
	        .attempt = 1,
	        .bulletin = &alert.shown,
	        .text = alert.text,
	        .active = active,
	        .active_count = 1,
	        .active_digest = digest,
	        .deadline = when_boot() + 5000,
	        .expires = alert.shown.view.expires};
	enum channel_verdict verdict = carried_deliver(channel, work, &job)->verdict;
	signed_finish(&alert);
	return verdict;
}

void carried_tend_until(struct channel *channel, struct channel_work *work, int far)
{
	work->far = 0;
	for (int64_t until = when_boot() + PATIENCE_MS; work->far != far; poll(NULL, 0, 5)) {
		channel->type->tend(channel, work);
		if (when_boot() > until)
			fail_msg("the far side is told to be %d, not %d: %s", work->far, far,
			        work->far_why);
	}
}

struct channel_job carried_job(const char *id, const char *text, int64_t ms)
{
	static const char cap[] = "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"/>";
	static char web[] = "https://alerts.example.org/1";
	static struct channel_bulletin bulletin;

	bulletin = (struct channel_bulletin){.cap = cap, .cap_len = sizeof cap - 1, .manifest = ""};
	bulletin.view.level = LEVEL_RED;
	bulletin.view.web = web;
	return (struct channel_job){
	        .id = id,
	        .kind = CHANNEL_ISSUE,
	        .attempt = 1,
	        .bulletin = &bulletin,
	        .text = text,
	        .deadline = when_boot() + ms,
	        .expires = when_now() + 3600 * 1000,
	};
}
