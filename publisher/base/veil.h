/* SPDX-License-Identifier: Apache-2.0
 * veil - bytes that lie in a temporary file for a while and must be nobody's afterwards: AES-256 in
 * counter mode under a key that is in memory only. The program ends, however it ends, and what is
 * left on the disk is noise.
 *
 * It hides, it does not prove: whoever can write the file can change it. A place in the file may be
 * written once only.
 */
#ifndef TOCSIN_VEIL_H
#define TOCSIN_VEIL_H

#include <stddef.h>
#include <stdint.h>

struct veil;
struct veil *veil_create(void); /* under a key of its own */
void veil_destroy(struct veil **veil);
/* Covers or uncovers, in place, what stands at this offset of the file: a multiple of 16. */
void veil_turn(struct veil *veil, int64_t offset, void *bytes, size_t len);

#endif
