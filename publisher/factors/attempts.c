/* SPDX-License-Identifier: Apache-2.0
 * attempts - see attempts.h. What was answered is a list: each entry cost a password's hash, so
 * there are never many.
 */
#include "attempts.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "mem.h"

enum { KEY = 32, NONCE = 43, ANSWERED_MOST = 16384 };

struct answered {
	char nonce[NONCE + 1];
	int64_t asked;
};

struct attempts {
	pthread_mutex_t lock;
	unsigned char key[KEY];
	struct answered *answered;
	size_t count;
};

struct attempts *attempts_create(void)
{
	struct attempts *attempts = mem_zero(sizeof *attempts);

	pthread_mutex_init(&attempts->lock, NULL);
	random_bytes(attempts->key, sizeof attempts->key);
	return attempts;
}

void attempts_destroy(struct attempts **attempts)
{
	struct attempts *old = *attempts;

	if (!old)
		return;
	pthread_mutex_destroy(&old->lock);
	explicit_bzero(old->key, sizeof old->key);
	free(old->answered);
	free(old);
	*attempts = NULL;
}

char *attempt_name(int64_t now)
{
	char *nonce = random_token();
	char *name = mem_format("%lld.%s", (long long)now, nonce);

	free(nonce);
	return name;
}

static bool read_name(const char *attempt, struct answered *out)
{
	static const char letters[] =
	        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	size_t digits = strspn(attempt, "0123456789");

	if (digits == 0 || digits > 15 || attempt[digits] != '.')
		return false;
	const char *nonce = attempt + digits + 1;
	if (strlen(nonce) != NONCE || strspn(nonce, letters) != NONCE)
		return false;
	out->asked = strtoll(attempt, NULL, 10);
	memcpy(out->nonce, nonce, sizeof out->nonce);
	return true;
}

/* Clocks are set, too: either way. */
static bool is_young(const struct answered *one, int64_t now)
{
	return llabs(now - one->asked) <= ATTEMPT_MS;
}

bool attempt_is_young(const char *attempt, int64_t now)
{
	struct answered one;

	return read_name(attempt, &one) && is_young(&one, now);
}

char *attempt_challenge(
        const struct attempts *attempts, const char *act, const char *officer, const char *attempt)
{
	char digest[DIGEST_HEX];
	/* The attempt stands last and holds no line's end: no two sets of words make one text. */
	char *text = mem_format(
	        "tocsin-sign-in 1\nact %s\nofficer %s\nattempt %s\n", act, officer, attempt);

	digest_hmac(attempts->key, sizeof attempts->key, text, strlen(text), digest);
	free(text);
	return base64url_text(digest, strlen(digest));
}

static void forget(struct attempts *attempts, int64_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < attempts->count; i++)
		if (is_young(&attempts->answered[i], now))
			attempts->answered[kept++] = attempts->answered[i];
	attempts->count = kept;
}

static bool is_answered(const struct attempts *attempts, const char *nonce)
{
	for (size_t i = 0; i < attempts->count; i++)
		if (strcmp(attempts->answered[i].nonce, nonce) == 0)
			return true;
	return false;
}

bool attempt_take(struct attempts *attempts, const char *attempt, int64_t now)
{
	struct answered one;

	if (!read_name(attempt, &one) || !is_young(&one, now))
		return false;
	pthread_mutex_lock(&attempts->lock);
	forget(attempts, now);
	bool first = attempts->count < ANSWERED_MOST && !is_answered(attempts, one.nonce);
	if (first)
		*(struct answered *)mem_push(&attempts->answered, &attempts->count, sizeof one) =
		        one;
	pthread_mutex_unlock(&attempts->lock);
	return first;
}
