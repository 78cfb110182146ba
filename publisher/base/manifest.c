/* SPDX-License-Identifier: Apache-2.0
 * manifest - see manifest.h. Refuses by naming the line.
 */
#include "manifest.h"

#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "utf8.h"

void manifest_init(struct manifest *manifest)
{
	*manifest = (struct manifest){0};
}

void manifest_finish(struct manifest *m)
{
	char **owned[] = {&m->identifier, &m->sender, &m->status, &m->hazard, &m->unit, &m->drafter,
	        &m->source, &m->incident, &m->chain, &m->replaces};

	for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++)
		free(*owned[i]);
	texts_finish(&m->earlier);
	texts_finish(&m->areas);
	texts_finish(&m->attachments);
	for (size_t i = 0; i < m->target_count; i++) {
		free(m->targets[i].name);
		free(m->targets[i].kind);
	}
	for (size_t i = 0; i < m->staged_count; i++)
		free(m->staged[i].as);
	free(m->targets);
	free(m->staged);
	manifest_init(m);
}

void manifest_write(const struct manifest *m, struct buf *out)
{
	buf_text(out, "tocsin-manifest 1\n");
	lines_put(out, "identifier", m->identifier);
	lines_put(out, "sender", m->sender);
	lines_put(out, "status", m->status);
	lines_put(out, "mode", mode_text(m->mode));
	lines_put(out, "verb", verb_text(m->verb));
	lines_put(out, "kind", kind_text(m->kind));
	lines_put(out, "hazard", m->hazard);
	lines_put(out, "level", level_text(m->level));
	lines_put(out, "procedure", procedure_text(m->procedure));
	lines_put(out, "disclosure", disclosure_text(m->disclosure));
	if (m->held)
		lines_put(out, "screening", screening_text(SCREENING_HELD));
	lines_put(out, "unit", m->unit);
	lines_put(out, "drafter", m->drafter);
	for (size_t i = 0; i < m->earlier.count; i++)
		lines_put(out, "earlier", m->earlier.items[i]);
	lines_put(out, "source", m->source);
	lines_put(out, "incident", m->incident);
	lines_put(out, "chain", m->chain);
	lines_put(out, "replaces", m->replaces);
	lines_put_moment(out, "expires", m->expires);
	for (size_t i = 0; i < m->areas.count; i++)
		lines_put(out, "area", m->areas.items[i]);
	for (size_t i = 0; i < m->target_count; i++) {
		const struct manifest_target *t = &m->targets[i];
		buf_format(out, "target %s %s %s", t->name, t->kind, t->text);
		if (t->audience[0])
			buf_format(out, " %s %lld", t->audience, (long long)t->audience_count);
		buf_char(out, '\n');
	}
	lines_put(out, "cap", m->cap);
	lines_put(out, "view", m->view);
	for (size_t i = 0; i < m->attachments.count; i++)
		lines_put(out, "attachment", m->attachments.items[i]);
	for (size_t i = 0; i < m->staged_count; i++)
		buf_format(out, "staged %s %s\n", m->staged[i].as, m->staged[i].digest);
	lines_put_moment(out, "sent", m->sent);
}

static void read_target(struct lines *lines, struct manifest *m)
{
	char *rest = lines_value(lines, "target");
	struct manifest_target *t = mem_push(&m->targets, &m->target_count, sizeof *t);
	const char *name = strsep(&rest, " ");
	const char *kind = strsep(&rest, " ");
	const char *text = strsep(&rest, " ");
	const char *audience = strsep(&rest, " ");

	t->name = mem_text(name);
	t->kind = mem_text(kind ? kind : "");
	lines_digest(lines, text, t->text);
	if (!audience)
		return;
	lines_digest(lines, audience, t->audience);
	t->audience_count = lines_count(lines, rest);
}

static void read_staged(struct lines *lines, struct manifest *m)
{
	char *rest = lines_value(lines, "staged");
	struct manifest_staged *s = mem_push(&m->staged, &m->staged_count, sizeof *s);

	s->as = mem_text(strsep(&rest, " "));
	lines_digest(lines, rest, s->digest);
}

#define READ_WORD(lines, key, reader, place)                                                       \
	do {                                                                                       \
		if (!reader(lines_value(lines, key), place))                                       \
			(lines)->bad = true;                                                       \
	} while (0)

static void read_head(struct lines *lines, struct manifest *m)
{
	m->identifier = lines_text(lines, "identifier");
	m->sender = lines_text(lines, "sender");
	m->status = lines_text(lines, "status");
	READ_WORD(lines, "mode", mode_read, &m->mode);
	READ_WORD(lines, "verb", verb_read, &m->verb);
	READ_WORD(lines, "kind", kind_read, &m->kind);
	m->hazard = lines_text(lines, "hazard");
	READ_WORD(lines, "level", level_read, &m->level);
	READ_WORD(lines, "procedure", procedure_read, &m->procedure);
	READ_WORD(lines, "disclosure", disclosure_read, &m->disclosure);
	if (lines_next_is(lines, "screening")) {
		enum screening screening = SCREENING_NONE;
		READ_WORD(lines, "screening", screening_read, &screening);
		m->held = screening == SCREENING_HELD;
	}
	m->unit = lines_text(lines, "unit");
	m->drafter = lines_text(lines, "drafter");
	while (lines_next_is(lines, "earlier"))
		texts_add(&m->earlier, lines_value(lines, "earlier"));
	m->source = lines_text(lines, "source");
	m->incident = lines_text(lines, "incident");
	m->chain = lines_text(lines, "chain");
	m->replaces = lines_text(lines, "replaces");
	m->expires = lines_moment(lines, "expires");
}

static void read_lists(struct lines *lines, struct manifest *m)
{
	while (lines_next_is(lines, "area"))
		texts_add(&m->areas, lines_value(lines, "area"));
	while (lines_next_is(lines, "target"))
		read_target(lines, m);
	lines_digest(lines, lines_value(lines, "cap"), m->cap);
	lines_digest(lines, lines_value(lines, "view"), m->view);
	while (lines_next_is(lines, "attachment"))
		texts_add(&m->attachments, lines_value(lines, "attachment"));
	while (lines_next_is(lines, "staged"))
		read_staged(lines, m);
	m->sent = lines_moment(lines, "sent");
}

bool manifest_read(struct manifest *m, const char *bytes, size_t len, struct err *err)
{
	struct lines lines = {.number = 1};
	struct buf again;

	manifest_init(m);
	if (!utf8_valid(bytes, len, NULL))
		return err_set(
		        err, ERR_INPUT, "清单不是 UTF-8 文本", "the manifest is not UTF-8 text");
	char *copy = mem_text_n(bytes, len);
	lines.at = copy;
	if (strcmp(lines_value(&lines, "tocsin-manifest"), "1") != 0)
		lines.bad = true;
	read_head(&lines, m);
	read_lists(&lines, m);
	free(copy);

	buf_init(&again, len + 1);
	manifest_write(m, &again);
	bool same = lines_same(&lines, &again, bytes, len);
	buf_finish(&again);
	if (same)
		return true;
	manifest_finish(m);
	return err_set(err, ERR_INPUT, "清单第 %d 行附近有误", "the manifest is wrong near line %d",
	        lines.number);
}

const struct manifest_target *manifest_target(const struct manifest *m, const char *name)
{
	for (size_t i = 0; i < m->target_count; i++)
		if (strcmp(m->targets[i].name, name) == 0)
			return &m->targets[i];
	return NULL;
}

const struct manifest_staged *manifest_staged(const struct manifest *m, const char *as)
{
	for (size_t i = 0; i < m->staged_count; i++)
		if (strcmp(m->staged[i].as, as) == 0)
			return &m->staged[i];
	return NULL;
}
