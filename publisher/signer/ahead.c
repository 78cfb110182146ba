/* SPDX-License-Identifier: Apache-2.0
 * ahead - see ahead.h. A ring of a few; cannot fail.
 */
#include "ahead.h"

#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "mem.h"

struct looked {
	bool used;
	char words[DIGEST_HEX];
	struct signing signing;
};

struct ahead {
	struct looked kept[AHEAD_MOST];
	size_t next;
};

struct ahead *ahead_create(void)
{
	return mem_zero(sizeof(struct ahead));
}

static void drop(struct looked *looked)
{
	if (looked->used)
		signing_finish(&looked->signing);
	*looked = (struct looked){0};
}

void ahead_forget(struct ahead *ahead)
{
	for (size_t i = 0; i < AHEAD_MOST; i++)
		drop(&ahead->kept[i]);
}

void ahead_destroy(struct ahead **ahead)
{
	if (!*ahead)
		return;
	ahead_forget(*ahead);
	free(*ahead);
	*ahead = NULL;
}

/* With its end, so that no two lists of texts read the same. */
static void add(struct digest_stream *stream, const char *text)
{
	digest_more(stream, text, strlen(text) + 1);
}

static void words_digest(const struct signing *s, char out[DIGEST_HEX])
{
	struct digest_stream *stream = digest_begin();

	add(stream, s->manifest_text);
	add(stream, s->cap);
	for (size_t i = 0; i < s->text_count; i++) {
		add(stream, s->texts[i].target);
		add(stream, s->texts[i].body);
	}
	digest_end(&stream, out);
}

void ahead_keep(struct ahead *ahead, struct signing *s)
{
	struct looked *place = &ahead->kept[ahead->next];
	char words[DIGEST_HEX];

	words_digest(s, words);
	for (size_t i = 0; i < AHEAD_MOST; i++)
		if (ahead->kept[i].used && strcmp(ahead->kept[i].words, words) == 0)
			place = &ahead->kept[i];
	if (place == &ahead->kept[ahead->next])
		ahead->next = (ahead->next + 1) % AHEAD_MOST;
	drop(place);
	place->used = true;
	memcpy(place->words, words, DIGEST_HEX);
	place->signing = *s;
	*s = (struct signing){0};
}

/* Borrows nothing: what stays behind is dropped. */
static void give(struct signing *looked, struct signing *s)
{
	s->manifest = looked->manifest;
	memcpy(s->digest, looked->digest, DIGEST_HEX);
	s->alert = looked->alert;
	s->facts = looked->facts;
	s->worded = looked->worded;
	s->hit = looked->hit;
	s->known = looked->proofs;
	s->known_count = looked->proof_count;
	looked->manifest = (struct manifest){0};
	looked->alert = NULL;
	looked->facts = (struct cap_facts){0};
	looked->worded = (struct texts){0};
	looked->proofs = NULL;
	looked->proof_count = 0;
}

bool ahead_take(struct ahead *ahead, struct signing *s)
{
	char words[DIGEST_HEX];

	words_digest(s, words);
	for (size_t i = 0; i < AHEAD_MOST; i++) {
		struct looked *looked = &ahead->kept[i];
		if (!looked->used || strcmp(looked->words, words) != 0)
			continue;
		give(&looked->signing, s);
		drop(looked);
		return true;
	}
	return false;
}
