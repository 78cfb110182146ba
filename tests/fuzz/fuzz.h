/* SPDX-License-Identifier: Apache-2.0
 * fuzz - what every fuzz_NAME.c defines, libFuzzer or fuzz_replay.c calls, and what it asks.
 */
#ifndef TOCSIN_FUZZ_H
#define TOCSIN_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* What always holds. Not assert(): a fuzzer finds nothing where that is compiled away. */
static inline void must(bool condition)
{
	if (!condition)
		abort();
}

#endif
