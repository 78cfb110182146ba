/* SPDX-License-Identifier: Apache-2.0
 * manifest - see manifest.h. Refuses by naming the line.
 */
#include "manifest.h"

#include <stdlib.h>
#include <string.h>

#include "utf8.h"
#include "when.h"

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

/* A value with a line end in it would read as two lines, and so as another manifest. */
static void line(struct buf *out, const char *key, const char *value)
{
	buf_format(out, "%s ", key);
	size_t from = out->len;

	buf_text(out, value && *value ? value : "-");
	if (!out->full)
		utf8_one_line(out->data + from);
	buf_char(out, '\n');
}

static void moment(struct buf *out, const char *key, int64_t ms)
{
	char text[WHEN_TEXT] = "";

	if (ms)
		when_text(ms, text);
	line(out, key, text);
}

void manifest_write(const struct manifest *m, struct buf *out)
{
	buf_text(out, "tocsin-manifest 1\n");
	line(out, "identifier", m->identifier);
	line(out, "sender", m->sender);
	line(out, "status", m->status);
	line(out, "mode", mode_text(m->mode));
	line(out, "verb", verb_text(m->verb));
	line(out, "kind", kind_text(m->kind));
	line(out, "hazard", m->hazard);
	line(out, "level", level_text(m->level));
	line(out, "procedure", procedure_text(m->procedure));
	line(out, "disclosure", disclosure_text(m->disclosure));
	if (m->held)
		line(out, "screening", screening_text(SCREENING_HELD));
	line(out, "unit", m->unit);
	line(out, "drafter", m->drafter);
	line(out, "source", m->source);
	line(out, "incident", m->incident);
	line(out, "chain", m->chain);
	line(out, "replaces", m->replaces);
	moment(out, "expires", m->expires);
	for (size_t i = 0; i < m->areas.count; i++)
		line(out, "area", m->areas.items[i]);
	for (size_t i = 0; i < m->target_count; i++) {
		const struct manifest_target *t = &m->targets[i];
		buf_format(out, "target %s %s %s", t->name, t->kind, t->text);
		if (t->audience[0])
			buf_format(out, " %s %lld", t->audience, (long long)t->audience_count);
		buf_char(out, '\n');
	}
	line(out, "cap", m->cap);
	line(out, "view", m->view);
	for (size_t i = 0; i < m->attachments.count; i++)
		line(out, "attachment", m->attachments.items[i]);
	for (size_t i = 0; i < m->staged_count; i++)
		buf_format(out, "staged %s %s\n", m->staged[i].as, m->staged[i].digest);
	moment(out, "sent", m->sent);
}

/* A walk over the lines. `value` is the current line behind "key ", cut out in place. */
struct lines {
	char *at;
	int number;
	bool bad;
};

static bool next_is(const struct lines *lines, const char *key)
{
	size_t len = strlen(key);

	return !lines->bad && strncmp(lines->at, key, len) == 0 && lines->at[len] == ' ';
}

static char *value_of(struct lines *lines, const char *key)
{
	char *end = lines->bad ? NULL : strchr(lines->at, '\n');

	if (!end || !next_is(lines, key)) {
		lines->bad = true;
		return lines->at + strlen(lines->at);
	}
	char *value = lines->at + strlen(key) + 1;
	*end = '\0';
	lines->at = end + 1;
	lines->number++;
	return value;
}

static char *text_of(struct lines *lines, const char *key)
{
	const char *value = value_of(lines, key);

	return mem_text(strcmp(value, "-") == 0 ? "" : value);
}

static int64_t moment_of(struct lines *lines, const char *key)
{
	const char *value = value_of(lines, key);
	int64_t ms = 0;

	if (!lines->bad && strcmp(value, "-") != 0 && !when_read(value, &ms, NULL))
		lines->bad = true;
	return ms;
}

static void digest_of(struct lines *lines, const char *value, char out[DIGEST_HEX])
{
	if (!value || !digest_is_hex(value)) {
		lines->bad = true;
		return;
	}
	memcpy(out, value, DIGEST_HEX);
}

static void read_target(struct lines *lines, struct manifest *m)
{
	char *rest = value_of(lines, "target");
	struct manifest_target *t = mem_push(&m->targets, &m->target_count, sizeof *t);
	const char *name = strsep(&rest, " ");
	const char *kind = strsep(&rest, " ");
	const char *text = strsep(&rest, " ");
	const char *audience = strsep(&rest, " ");

	t->name = mem_text(name);
	t->kind = mem_text(kind ? kind : "");
	digest_of(lines, text, t->text);
	if (!audience)
		return;
	digest_of(lines, audience, t->audience);
	if (!rest || !*rest || strspn(rest, "0123456789") != strlen(rest) || strlen(rest) > 12)
		lines->bad = true;
	else
		t->audience_count = strtoll(rest, NULL, 10);
}

static void read_staged(struct lines *lines, struct manifest *m)
{
	char *rest = value_of(lines, "staged");
	struct manifest_staged *s = mem_push(&m->staged, &m->staged_count, sizeof *s);

	s->as = mem_text(strsep(&rest, " "));
	digest_of(lines, rest, s->digest);
}

#define READ_WORD(lines, key, reader, place)                                                       \
	do {                                                                                       \
		if (!reader(value_of(lines, key), place))                                          \
			(lines)->bad = true;                                                       \
	} while (0)

static void read_head(struct lines *lines, struct manifest *m)
{
	m->identifier = text_of(lines, "identifier");
	m->sender = text_of(lines, "sender");
	m->status = text_of(lines, "status");
	READ_WORD(lines, "mode", mode_read, &m->mode);
	READ_WORD(lines, "verb", verb_read, &m->verb);
	READ_WORD(lines, "kind", kind_read, &m->kind);
	m->hazard = text_of(lines, "hazard");
	READ_WORD(lines, "level", level_read, &m->level);
	READ_WORD(lines, "procedure", procedure_read, &m->procedure);
	READ_WORD(lines, "disclosure", disclosure_read, &m->disclosure);
	if (next_is(lines, "screening")) {
		enum screening screening = SCREENING_NONE;
		READ_WORD(lines, "screening", screening_read, &screening);
		m->held = screening == SCREENING_HELD;
	}
	m->unit = text_of(lines, "unit");
	m->drafter = text_of(lines, "drafter");
	m->source = text_of(lines, "source");
	m->incident = text_of(lines, "incident");
	m->chain = text_of(lines, "chain");
	m->replaces = text_of(lines, "replaces");
	m->expires = moment_of(lines, "expires");
}

static void read_lists(struct lines *lines, struct manifest *m)
{
	while (next_is(lines, "area"))
		texts_add(&m->areas, value_of(lines, "area"));
	while (next_is(lines, "target"))
		read_target(lines, m);
	digest_of(lines, value_of(lines, "cap"), m->cap);
	digest_of(lines, value_of(lines, "view"), m->view);
	while (next_is(lines, "attachment"))
		texts_add(&m->attachments, value_of(lines, "attachment"));
	while (next_is(lines, "staged"))
		read_staged(lines, m);
	m->sent = moment_of(lines, "sent");
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
	if (strcmp(value_of(&lines, "tocsin-manifest"), "1") != 0)
		lines.bad = true;
	read_head(&lines, m);
	read_lists(&lines, m);
	free(copy);

	buf_init(&again, len + 1);
	manifest_write(m, &again);
	bool same = !lines.bad && !again.full && again.len == len &&
	            memcmp(again.data, bytes, len) == 0;
	buf_finish(&again);
	if (same)
		return true;
	manifest_finish(m);
	return err_set(err, ERR_INPUT, "清单第 %d 行附近有误", "the manifest is wrong near line %d",
	        lines.number);
}

void manifest_digest(const struct manifest *m, char hex[DIGEST_HEX])
{
	struct buf text;

	buf_init(&text, 0);
	manifest_write(m, &text);
	digest_sha256(text.data, text.len, hex);
	buf_finish(&text);
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
