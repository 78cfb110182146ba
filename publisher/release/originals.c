/* SPDX-License-Identifier: Apache-2.0
 * originals - see originals.h. Cannot fail: the two that must go, go.
 */
#include "originals.h"

#include <string.h>

#include "mem.h"
#include "protocol.h"

static size_t bytes_of(const struct bulletin *b)
{
	const char *parts[] = {b->filled_manifest, b->manifest_signature, b->signed_cap};
	size_t bytes = 0;

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		bytes += parts[i] ? strlen(parts[i]) : 0;
	return bytes;
}

static const struct bulletin *called(const struct bulletin_list *chain, const char *identifier)
{
	for (size_t i = chain->count; i > 0; i--)
		if (strcmp(chain->items[i - 1]->identifier, identifier) == 0)
			return chain->items[i - 1];
	return NULL;
}

const struct bulletin **originals_of(
        const struct bulletin *b, const struct bulletin_list *chain, size_t *count)
{
	const struct bulletin **out = mem_array(chain->count, sizeof *out);
	const struct bulletin *replaced = called(chain, b->replaces);
	const struct bulletin *first = called(chain, b->chain);
	size_t room = ORIGINALS_BYTES;
	size_t n = 0;

	first = first == replaced ? NULL : first;
	if (replaced)
		out[n++] = replaced;
	for (size_t i = chain->count; i > 0; i--) {
		const struct bulletin *one = chain->items[i - 1];
		size_t bytes = bytes_of(one);
		if (one == replaced || one == first)
			continue;
		if (bytes > room || n + (first ? 1 : 0) == SIGN_ORIGINALS_MOST)
			break;
		room -= bytes;
		out[n++] = one;
	}
	if (first)
		out[n++] = first;
	*count = n;
	return out;
}
