/* SPDX-License-Identifier: Apache-2.0
 * seen - see seen.h. On the disk first, then in memory, then answered.
 */
#include "seen.h"

#include <stdlib.h>
#include <string.h>

#include "seen_chains.h"
#include "seen_ended.h"
#include "seen_file.h"

struct seen {
	struct seen_chains chains;
	struct seen_ended ended;
	struct seen_file *file; /* NULL: none */
};

static bool take(void *arg, const char *line)
{
	struct seen *seen = arg;
	struct seen_chain chain;
	struct seen_end end;

	if (seen_chain_read(&chain, line))
		seen_chains_put(&seen->chains, &chain);
	else if (seen_end_read(&end, line))
		seen_ended_put(&seen->ended, &end);
	else
		return false;
	return true;
}

static void add_chain(struct texts *lines, const struct seen_chain *chain)
{
	struct buf line;

	buf_init(&line, 0);
	seen_chain_write(chain, &line);
	texts_add(lines, line.data);
	buf_finish(&line);
}

static void add_end(struct texts *lines, const struct seen_end *end)
{
	struct buf line;

	buf_init(&line, 0);
	seen_end_write(end, &line);
	texts_add(lines, line.data);
	buf_finish(&line);
}

/* What does not count any more is left out, where there is any. */
static bool tidy(struct seen *seen, int64_t now, struct err *err)
{
	struct texts lines = {0};
	bool ok = true;

	seen_chains_prune(&seen->chains, now);
	seen_ended_prune(&seen->ended, now);
	if (seen_file_lines(seen->file) == seen->chains.count + seen->ended.count)
		return true;
	for (size_t i = 0; i < seen->chains.count; i++)
		add_chain(&lines, &seen->chains.items[i]);
	for (size_t i = 0; i < seen->ended.count; i++)
		add_end(&lines, &seen->ended.items[i]);
	ok = seen_file_rewrite(seen->file, &lines, err);
	texts_finish(&lines);
	return ok;
}

struct seen *seen_open(const char *path, enum mode mode, int64_t now, struct err *err)
{
	struct seen *seen = mem_zero(sizeof *seen);

	if (!path)
		return seen;
	char *form = mem_format("tocsin-seen 1 %s", mode_text(mode));
	seen->file = seen_file_open(path, form, take, seen, err);
	free(form);
	if (!seen->file || !tidy(seen, now, err))
		seen_close(&seen);
	return seen;
}

void seen_close(struct seen **seen)
{
	struct seen *s = *seen;

	if (!s)
		return;
	seen_file_close(&s->file);
	seen_chains_finish(&s->chains);
	seen_ended_finish(&s->ended);
	free(s);
	*seen = NULL;
}

/* --- incidents -------------------------------------------------------------------------------- */

static struct seen_chain chain_of(
        const char *incident, const struct signed_steps *steps, bool closed)
{
	const struct proof *last = &steps->items[steps->count - 1].proof;
	struct seen_chain chain = {
	        .length = (int64_t)steps->count, .time = last->time, .closed = closed};

	digest_sha256(incident, strlen(incident), chain.incident);
	memcpy(chain.head, last->manifest, DIGEST_HEX);
	return chain;
}

static bool leads_on(const struct seen_chain *before, const struct signed_steps *steps)
{
	return (int64_t)steps->count >= before->length &&
	       strcmp(steps->items[before->length - 1].proof.manifest, before->head) == 0;
}

bool seen_steps(struct seen *seen, const char *incident, const struct signed_steps *steps,
        bool closed, struct err *err)
{
	char key[DIGEST_HEX];
	struct buf line;

	digest_sha256(incident, strlen(incident), key);
	const struct seen_chain *before = seen_chains_find(&seen->chains, key);
	if (before && !leads_on(before, steps))
		return err_set(err, ERR_DENIED,
		        "签名拒绝：事件 %s 已见到第 %lld "
		        "步，所附步骤到不了那里（规则：移交不得倒退）",
		        "not signed: incident %s was seen at step %lld already, and the steps that "
		        "came do not lead there (rule: no hand-over is undone)",
		        incident, (long long)before->length);
	if ((int64_t)steps->count == (before ? before->length : 0))
		return true; /* nothing new */
	struct seen_chain chain = chain_of(incident, steps, closed);
	buf_init(&line, 0);
	seen_chain_write(&chain, &line);
	bool ok = !seen->file || seen_file_add(seen->file, line.data, err);
	buf_finish(&line);
	if (ok)
		seen_chains_put(&seen->chains, &chain);
	return ok;
}

/* --- messages --------------------------------------------------------------------------------- */

bool seen_lacks_end(const struct seen *seen, const struct manifest *manifest, struct err *err)
{
	struct seen_end end = seen_end_of(manifest);

	return !seen_ended_has(&seen->ended, &end) ||
	       err_set(err, ERR_DENIED,
	               "签名拒绝：%s "
	               "已被解除、更正或更新的消息接续，不再签发（规则：同一链条先后有序）",
	               "not signed: %s was followed by a cancel, correction or update already and "
	               "is not issued again (rule: a chain goes in order)",
	               manifest->identifier);
}

bool seen_end(struct seen *seen, const struct manifest *ended, struct err *err)
{
	struct seen_end end = seen_end_of(ended);
	struct buf line;

	if (seen_ended_has(&seen->ended, &end))
		return true;
	buf_init(&line, 0);
	seen_end_write(&end, &line);
	bool ok = !seen->file || seen_file_add(seen->file, line.data, err);
	buf_finish(&line);
	if (ok)
		seen_ended_put(&seen->ended, &end);
	return ok;
}
