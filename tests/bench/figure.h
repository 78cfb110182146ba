/* SPDX-License-Identifier: Apache-2.0
 * figure - what the benches in C share: a clock, the middle of many measurements, and the line that
 * tests/bench/run takes.
 */
#ifndef TOCSIN_FIGURE_H
#define TOCSIN_FIGURE_H

#include <stddef.h>
#include <time.h>

double figure_ms(clockid_t clock); /* since some moment */

double figure_median(double *values, size_t count); /* sorts them */

struct figure {
	const char *name, *unit;
	double ours, against;
	double ratio; /* 0: ours / against */
	int pairs;
};
void figure_print(const struct figure *figure);

#endif
