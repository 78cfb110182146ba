/* SPDX-License-Identifier: Apache-2.0
 * figure - see figure.h.
 */
#include "figure.h"

#include <stdio.h>
#include <stdlib.h>

double figure_ms(clockid_t clock)
{
	struct timespec at;

	clock_gettime(clock, &at);
	return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;

	return (left > right) - (left < right);
}

double figure_median(double *values, size_t count)
{
	qsort(values, count, sizeof *values, by_size);
	return values[count / 2];
}

void figure_print(const struct figure *figure)
{
	double ratio = figure->ratio != 0 ? figure->ratio : figure->ours / figure->against;

	printf("{\"bench\":\"%s\",\"ours\":%.3f,\"against\":%.3f,\"ratio\":%.4f,\"unit\":\"%s\","
	       "\"pairs\":%d}\n",
	        figure->name, figure->ours, figure->against, ratio, figure->unit, figure->pairs);
	fflush(stdout);
}
