/* SPDX-License-Identifier: Apache-2.0
 * starve - for tests of want of memory: the linker puts us between a program's own code and the C
 * library (CMakeLists.txt: --wrap). What libraries ask through pointers to our code counts too.
 */
#ifndef TOCSIN_STARVE_H
#define TOCSIN_STARVE_H

#include <stdbool.h>
#include <stddef.h>

extern struct starve_memory {
	bool on;
	bool forth;   /* from the fatal one on, all fail */
	size_t fatal; /* counts from 1 */
	size_t asked;
	long held; /* blocks not given back */
} memory;

void starve_begin(size_t fatal, bool forth);
bool starve_end(void); /* was the fatal one asked for? */

#endif
