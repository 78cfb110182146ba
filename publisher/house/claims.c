/* SPDX-License-Identifier: Apache-2.0
 * claims - see claims.h. A list under a mutex: there are never more of them than worker threads.
 * Cannot fail.
 */
#include "claims.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

struct claims {
	pthread_mutex_t lock;
	struct texts names;
};

struct claims *claims_create(void)
{
	struct claims *claims = mem_zero(sizeof *claims);

	pthread_mutex_init(&claims->lock, NULL);
	return claims;
}

void claims_destroy(struct claims **claims)
{
	if (!*claims)
		return;
	texts_finish(&(*claims)->names);
	pthread_mutex_destroy(&(*claims)->lock);
	free(*claims);
	*claims = NULL;
}

bool claims_take(struct claims *claims, const char *name)
{
	pthread_mutex_lock(&claims->lock);
	bool is_free = !texts_have(&claims->names, name);
	if (is_free)
		texts_add(&claims->names, name);
	pthread_mutex_unlock(&claims->lock);
	return is_free;
}

void claims_drop(struct claims *claims, const char *name)
{
	struct texts *names = &claims->names;

	pthread_mutex_lock(&claims->lock);
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->items[i], name) != 0)
			continue;
		free(names->items[i]);
		names->items[i] = names->items[--names->count];
		break;
	}
	pthread_mutex_unlock(&claims->lock);
}
