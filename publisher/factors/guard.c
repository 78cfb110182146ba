/* SPDX-License-Identifier: Apache-2.0
 * guard - see guard.h. A plain table looked through from end to end: a try costs a hash of a tenth
 * of a second anyway.
 */
#include "guard.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

enum { MINUTE = 60000, MOST_DOUBLINGS = 20 };

static const struct {
	const char *text;
	int64_t free; /* failures without a wait */
	int64_t first, most;
} rules[] = {
        [GUARD_DEVICE] = {"device", 10, MINUTE / 2, 15 * MINUTE},
        [GUARD_PAIR] = {"pair", 5, MINUTE / 2, 15 * MINUTE},
        [GUARD_SOURCE] = {"source", 30, MINUTE / 2, 5 * MINUTE},
        [GUARD_ACCOUNT] = {"account", 20, MINUTE / 2, 15 * MINUTE},
};

struct guard {
	pthread_mutex_t lock;
	struct guard_count counts[GUARD_ROOM];
	size_t used;
	int64_t minute, written, unwritten;
};

struct guard *guard_create(void)
{
	struct guard *guard = mem_zero(sizeof *guard);

	pthread_mutex_init(&guard->lock, NULL);
	return guard;
}

void guard_destroy(struct guard **guard)
{
	if (!*guard)
		return;
	pthread_mutex_destroy(&(*guard)->lock);
	free(*guard);
	*guard = NULL;
}

const char *guard_what_text(enum guard_what what)
{
	return rules[what].text;
}

/* --- the table -------------------------------------------------------------------------------- */

static void key_of(enum guard_what what, const struct guard_try *try, char key[DIGEST_HEX])
{
	bool person = what != GUARD_SOURCE;
	bool place = what == GUARD_PAIR || what == GUARD_SOURCE;
	char *text = mem_format("%s\n%s\n%s\n%s", rules[what].text, person ? try->officer : "",
	        place ? try->source : "", what == GUARD_DEVICE ? try->device : "");

	digest_sha256(text, strlen(text), key);
	free(text);
}

static struct guard_count *find(struct guard *guard, const char *key)
{
	for (size_t i = 0; i < guard->used; i++)
		if (guard->counts[i].key[0] == key[0] &&
		        memcmp(guard->counts[i].key, key, DIGEST_HEX) == 0)
			return &guard->counts[i];
	return NULL;
}

/* Matters less: waits shorter, failed less often, longer ago. */
static bool less(const struct guard_count *a, const struct guard_count *b)
{
	if (a->until != b->until)
		return a->until < b->until;
	if (a->failures != b->failures)
		return a->failures < b->failures;
	return a->at < b->at;
}

static struct guard_count *place_for(struct guard *guard, const char *key)
{
	struct guard_count *count = find(guard, key);

	if (count)
		return count;
	if (guard->used < GUARD_ROOM) {
		count = &guard->counts[guard->used++];
	} else {
		count = &guard->counts[0];
		for (size_t i = 1; i < guard->used; i++)
			if (less(&guard->counts[i], count))
				count = &guard->counts[i];
	}
	*count = (struct guard_count){0};
	memcpy(count->key, key, DIGEST_HEX);
	return count;
}

static bool forgotten(const struct guard_count *count, int64_t now)
{
	return now - count->at > GUARD_FORGETS_MS || count->at > now + GUARD_FORGETS_MS;
}

/* --- a try ------------------------------------------------------------------------------------ */

static bool is_charged(enum guard_what what, const struct guard_try *try)
{
	return (what == GUARD_DEVICE) == (*try->device != '\0');
}

static bool is_felt(enum guard_what what, const struct guard_try *try)
{
	return is_charged(what, try) && !(what == GUARD_ACCOUNT && try->known_source);
}

static int64_t wait_of(struct guard *guard, const struct guard_try *try, int64_t now)
{
	int64_t until = 0;
	char key[DIGEST_HEX];

	for (enum guard_what what = 0; what < GUARD_WHATS; what++) {
		if (!is_felt(what, try))
			continue;
		key_of(what, try, key);
		const struct guard_count *count = find(guard, key);
		if (count && !forgotten(count, now) && count->until > now && count->until > until)
			until = count->until;
	}
	return until;
}

static void charge(struct guard *guard, enum guard_what what, const struct guard_try *try,
        int64_t now, struct guard_locks *locks)
{
	char key[DIGEST_HEX];

	key_of(what, try, key);
	struct guard_count *count = place_for(guard, key);
	if (forgotten(count, now))
		count->failures = count->until = 0;
	count->failures++;
	count->at = now;
	int64_t over = count->failures - rules[what].free;
	if (over < 0)
		return;
	int64_t wait = rules[what].first << (over < MOST_DOUBLINGS ? over : MOST_DOUBLINGS);
	count->until = now + (wait < rules[what].most ? wait : rules[what].most);
	locks->items[locks->count++] = (struct guard_lock){what, *count};
}

int64_t guard_enter(
        struct guard *guard, const struct guard_try *try, int64_t now, struct guard_locks *locks)
{
	*locks = (struct guard_locks){0};
	pthread_mutex_lock(&guard->lock);
	int64_t until = wait_of(guard, try, now);
	for (enum guard_what what = 0; until == 0 && what < GUARD_WHATS; what++)
		if (is_charged(what, try))
			charge(guard, what, try, now, locks);
	pthread_mutex_unlock(&guard->lock);
	return until;
}

/* Address and account keep what others did: one right password among many guesses pardons none. */
static void give_back(struct guard *guard, enum guard_what what, const struct guard_try *try)
{
	char key[DIGEST_HEX];

	key_of(what, try, key);
	struct guard_count *count = find(guard, key);
	if (!count)
		return;
	bool anew = what == GUARD_DEVICE || what == GUARD_PAIR;
	count->failures = anew || count->failures == 0 ? 0 : count->failures - 1;
	if (count->failures < rules[what].free)
		count->until = 0;
}

void guard_passed(struct guard *guard, const struct guard_try *try)
{
	pthread_mutex_lock(&guard->lock);
	for (enum guard_what what = 0; what < GUARD_WHATS; what++)
		if (is_charged(what, try))
			give_back(guard, what, try);
	pthread_mutex_unlock(&guard->lock);
}

void guard_restore(struct guard *guard, const struct guard_count *count)
{
	pthread_mutex_lock(&guard->lock);
	*place_for(guard, count->key) = *count;
	pthread_mutex_unlock(&guard->lock);
}

bool guard_may_write(struct guard *guard, int64_t now, int64_t *unwritten)
{
	pthread_mutex_lock(&guard->lock);
	if (guard->minute != now / MINUTE) {
		guard->minute = now / MINUTE;
		guard->written = 0;
	}
	bool may = guard->written < GUARD_LINES;
	*unwritten = may ? guard->unwritten : 0;
	guard->unwritten = may ? 0 : guard->unwritten + 1;
	guard->written += may;
	pthread_mutex_unlock(&guard->lock);
	return may;
}
