/* SPDX-License-Identifier: Apache-2.0
 * fuzz - what every fuzz_NAME.c defines; libFuzzer or fuzz_replay.c calls it.
 */
#ifndef TOCSIN_FUZZ_H
#define TOCSIN_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#endif
