/* SPDX-License-Identifier: Apache-2.0
 * fail - the double that fails by plan, one word a job: delivered, deferred, rejected, unknown,
 * hang (the call never returns) and exit (the process is killed). The last word holds for all jobs
 * after it. It can be looked at, and then shows something or does not. For tests only.
 */
#include "channel.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "channel_types.h"

struct fail_channel {
	struct channel channel;
	char *plan;
	bool shows;
	size_t at; /* of the word for the next job */
};

static const struct option rows[] = {
        {"plan", OPTION_TEXT, offsetof(struct fail_channel, plan), "deferred", 0, 0,
                "What becomes of each job in turn: delivered, deferred, rejected, unknown, hang, "
                "exit; separated by commas; the last one holds.",
                "依次给出每个任务的结果，以逗号分隔；最后一个一直有效。"},
        {"shows", OPTION_YES, offsetof(struct fail_channel, shows), "no", 0, 0,
                "Whether what was delivered can be read back.", "已送达的内容能否读回。"},
        {0},
};

static const char *const words[] = {
        [CHANNEL_DELIVERED] = "delivered",
        [CHANNEL_DEFERRED] = "deferred",
        [CHANNEL_REJECTED] = "rejected",
        [CHANNEL_UNKNOWN] = "unknown",
};
enum { WORD_COUNT = sizeof words / sizeof words[0] };

static bool word_is(const char *at, size_t len, const char *word)
{
	return strlen(word) == len && strncmp(at, word, len) == 0;
}

static bool word_known(const char *at, size_t len)
{
	for (size_t i = 0; i < WORD_COUNT; i++)
		if (word_is(at, len, words[i]))
			return true;
	return word_is(at, len, "hang") || word_is(at, len, "exit");
}

static bool fail_open(struct channel *channel, struct err *err)
{
	struct fail_channel *fail = (struct fail_channel *)channel;

	for (const char *at = fail->plan;; at++) {
		size_t len = strcspn(at, ",");
		if (!word_known(at, len))
			return err_set(err, ERR_CONFIG, "设置 plan 中有不认识的词：%s",
			        "setting plan holds a word that is not known: %s", fail->plan);
		at += len;
		if (!*at)
			return true;
	}
}

/* The word for this job; moves on to the next one where there is one. */
static const char *next_word(struct fail_channel *fail, size_t *len)
{
	const char *at = fail->plan + fail->at;

	*len = strcspn(at, ",");
	if (at[*len])
		fail->at += *len + 1;
	return at;
}

static void fail_deliver(struct channel *channel, struct channel_work *work)
{
	const struct channel_job *job;

	while ((job = work_take(work))) {
		struct channel_receipt receipt = {0};
		size_t len;
		const char *word = next_word((struct fail_channel *)channel, &len);
		while (word_is(word, len, "hang"))
			pause();
		if (word_is(word, len, "exit"))
			raise(SIGKILL);
		for (int i = 0; i < WORD_COUNT; i++)
			if (word_is(word, len, words[i]))
				receipt.verdict = (enum channel_verdict)i;
		if (receipt.verdict == CHANNEL_DELIVERED)
			snprintf(receipt.proof, sizeof receipt.proof, "fail: as planned");
		if (receipt.verdict == CHANNEL_DELIVERED)
			snprintf(receipt.far_id, sizeof receipt.far_id, "%s", job->id);
		else
			snprintf(receipt.reason, sizeof receipt.reason, "fails by plan: %.*s",
			        (int)len, word);
		work_done(work, job, -1, &receipt);
	}
}

static bool fail_look(struct channel *channel, const char *far_id, struct buf *out, struct err *err)
{
	if (!((struct fail_channel *)channel)->shows)
		return err_set(
		        err, ERR_UNAVAILABLE, "%s 读不回来", "%s cannot be read back", far_id);
	buf_text(out, far_id);
	return true;
}

static void fail_close(struct channel *channel)
{
	(void)channel;
}

const struct channel_type channel_fail = {
        .name = "fail",
        .size = sizeof(struct fail_channel),
        .options = rows,
        .notes = (1u << STATUS_FORM_COUNT) - 1,
        .window = 1,
        .open = fail_open,
        .deliver = fail_deliver,
        .look = fail_look,
        .close = fail_close,
};
