/* SPDX-License-Identifier: Apache-2.0
 * population - see population.h. Relies on csv for reading.
 */
#include "population.h"

#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "csv.h"
#include "mem.h"

enum { PEOPLE_DIGITS = 10 };

static bool people_row(void *place, char **fields, struct err *err)
{
	struct population *population = place;
	size_t digits = strspn(fields[1], "0123456789");
	char *code = NULL;

	if (!division_code_short(fields[0], &code))
		return err_set(err, ERR_CONFIG, "区划代码“%s”应为 6、9 或 12 位数字",
		        "division code \"%s\" is not 6, 9 or 12 digits", fields[0]);
	bool twice = population_of(population, code) != NULL;
	bool good = digits && digits <= PEOPLE_DIGITS && !fields[1][digits];

	if (twice || !good || !fields[2][0]) {
		free(code);
		return twice   ? err_set(err, ERR_CONFIG, "区划 %s 重复",
		                         "division %s is there twice", fields[0])
		       : !good ? err_set(err, ERR_CONFIG, "人口数“%s”应为整数",
		                         "\"%s\" is no number of people", fields[1])
		               : err_set(err, ERR_CONFIG, "%s 的人口数没有写明出处，不能采用",
		                         "the figure of %s has no source: it cannot be used",
		                         fields[0]);
	}
	struct populace *one =
	        mem_push(&population->items, &population->count, sizeof *population->items);
	one->code = code;
	one->people = strtoll(fields[1], NULL, 10);
	one->source = mem_text(fields[2]);
	return true;
}

struct population *population_read(const char *path, struct err *err)
{
	static const struct csv_table table = {
	        "population.csv", "code,people,source", 3, people_row};
	struct population *population = mem_zero(sizeof *population);

	if (*path && !csv_read(path, &table, population, err))
		population_destroy(&population);
	return population;
}

void population_destroy(struct population **population)
{
	struct population *old = *population;

	*population = NULL;
	for (size_t i = 0; old && i < old->count; i++) {
		free(old->items[i].code);
		free(old->items[i].source);
	}
	if (old)
		free(old->items);
	free(old);
}

const struct populace *population_of(const struct population *population, const char *code)
{
	for (size_t i = 0; i < population->count; i++)
		if (strcmp(population->items[i].code, code) == 0)
			return &population->items[i];
	return NULL;
}
