/* SPDX-License-Identifier: Apache-2.0
 * choose - a directory of a million recipients (TOCSIN_BENCH_FULL: ten million): imported from a
 * CSV, then chosen from by one polygon, as submission does it: counted, and frozen as an audience.
 * Against what there is without blocks and boxes: every one of them looked at. Memory is this
 * process's largest, so that it holds for the import and the choice. TMPDIR says on which disk.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "catalog.h"
#include "choose.h"
#include "figure.h"
#include "folder.h"
#include "import.h"

enum { SOME = 1000000, FULL = 10000000, PAIRS = 5 };

static void die(const struct err *err)
{
	fprintf(stderr, "choose: %s\n", err->en);
	exit(1);
}

/* Where people live: around sixteen centres, thinner outwards; always the same crowd. */
static unsigned long long dice_state = 20261127;

static double dice(void)
{
	dice_state = dice_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (double)(dice_state >> 11) / 9007199254740992.0;
}

static void write_csv(const char *path, long count)
{
	static const char *const levels[] = {"", "", "yellow", "orange"};
	FILE *file = fopen(path, "we");

	if (!file)
		exit(1);
	fputs("number,name,division,longitude,latitude,level,groups,consent\n", file);
	for (long i = 0; i < count; i++) {
		int centre = (int)(dice() * 16);
		double out = dice() * dice() * 0.3;
		double angle = dice() * 6.2831853;
		fprintf(file, "1%02ld%08ld,张三,%d,%.6f,%.6f,%s,%s,yes\n", 30 + i / 100000000,
		        i % 100000000, 120101 + centre, 117.0 + centre % 4 * 0.2 + out * cos(angle),
		        38.9 + centre / 4 * 0.2 + out * sin(angle), levels[i % 4],
		        i % 50 ? "" : "village");
	}
	fclose(file);
}

static double rss_mb(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_maxrss / 1024;
}

static void import(const char *folder, const char *path, long count)
{
	struct catalog catalog = {0};
	struct import order = {.folder = folder, .path = path, .catalog = &catalog, .now = 1};
	struct generation made;
	struct err err;
	double start = figure_ms(CLOCK_MONOTONIC);

	if (!directory_import(&order, &made, &err))
		die(&err);
	fprintf(stderr, "choose: %lld people in %lld blocks imported in %.1f s, %lld faults\n",
	        (long long)made.people, (long long)made.blocks,
	        (figure_ms(CLOCK_MONOTONIC) - start) / 1000, (long long)made.faults);
	struct store *store = directory_open(folder, true, &err);
	if (!store || made.people != count || !generation_enforce(store, made.id, 2, &err))
		die(&err);
	directory_close(&store);
}

static double count_once(
        const char *folder, const struct selection *selection, struct chosen_count *count)
{
	struct err err;
	double start = figure_ms(CLOCK_MONOTONIC);
	struct store *store = directory_open(folder, false, &err);

	if (!store || !choose_count(store, selection, count, &err))
		die(&err);
	directory_close(&store);
	return figure_ms(CLOCK_MONOTONIC) - start;
}

static double freeze_once(const char *folder, const struct selection *selection, int64_t now)
{
	struct audience audience = {0};
	struct err err;
	double start = figure_ms(CLOCK_MONOTONIC);
	struct store *reader = directory_open(folder, false, &err);
	struct store *writer = directory_open(folder, true, &err);

	if (!reader || !writer || !choose_freeze(reader, writer, selection, now, &audience, &err))
		die(&err);
	double took = figure_ms(CLOCK_MONOTONIC) - start;
	directory_close(&reader);
	directory_close(&writer);
	return took;
}

/* Everybody looked at, for what the blocks' boxes save. */
struct one_by_one {
	struct store *store;
	struct region *region;
	int64_t people;
};

static bool look(void *arg, const struct block_head *head, struct err *err)
{
	struct one_by_one *all = arg;
	struct detail *details;
	char *lines;

	if (!block_open(all->store, head, &lines, &details, err))
		return false;
	for (int64_t i = 0; i < head->count; i++)
		all->people += details[i].lon != PLACE_NONE &&
		               region_has(all->region, details[i].lon / 1e6, details[i].lat / 1e6);
	free(lines);
	free(details);
	return true;
}

static double look_at_all(const char *folder, const struct cap_area *area, int64_t *people)
{
	struct one_by_one all = {.region = region_create()};
	struct generation current;
	struct err err;
	double start = figure_ms(CLOCK_MONOTONIC);

	all.store = directory_open(folder, false, &err);
	if (!all.store || !region_add(all.region, area, &err) ||
	        !generation_current(all.store, &current, &err) ||
	        !block_each(all.store, current.id, 0, INT64_MAX, look, &all, &err))
		die(&err);
	directory_close(&all.store);
	region_destroy(&all.region);
	*people = all.people;
	return figure_ms(CLOCK_MONOTONIC) - start;
}

static void measure(const char *folder, long count)
{
	struct cap_alert *alert = cap_alert_create();
	struct cap_area *area = cap_info_add_area(cap_alert_add_info(alert));
	const struct cap_area *drawn[] = {area};
	struct selection selection = {
	        .drawn = drawn, .drawn_count = 1, .any_level = true, .kind = KIND_WARNING};
	double counts[PAIRS], freezes[PAIRS], looks[PAIRS];
	struct chosen_count chosen = {0};
	int64_t people = 0;

	if (!cap_area_add_polygon(area,
	            "38.85,117.00 39.05,116.95 39.30,117.10 39.45,117.40 39.20,117.62 38.95,117.55 "
	            "38.80,117.30 38.85,117.00",
	            NULL))
		exit(1);
	for (int i = 0; i < PAIRS; i++) {
		counts[i] = count_once(folder, &selection, &chosen);
		looks[i] = look_at_all(folder, area, &people);
	}
	for (int i = 0; i < PAIRS; i++) {
		/* Each time another selection: the same one would be found frozen. */
		selection.any_level = false;
		selection.level = LEVEL_RED;
		char hazard[8];
		snprintf(hazard, sizeof hazard, "11B%02d", i);
		selection.hazard = hazard;
		freezes[i] = freeze_once(folder, &selection, 10 + i);
	}
	if (people != chosen.people)
		exit(1);
	fprintf(stderr, "choose: %lld of %ld people in %lld blocks; largest memory %.1f MB\n",
	        (long long)chosen.people, count, (long long)chosen.blocks, rss_mb());
	double full = figure_median(looks, PAIRS);
	figure_print(&(struct figure){
	        "choose-count-polygon", "ms", figure_median(counts, PAIRS), full, .pairs = PAIRS});
	figure_print(&(struct figure){"choose-freeze-polygon", "ms", figure_median(freezes, PAIRS),
	        full, .pairs = PAIRS});
	figure_print(&(struct figure){"choose-memory", "MB", rss_mb(), 64, .pairs = 1});
	cap_alert_destroy(&alert);
}

int main(void)
{
	long count = getenv("TOCSIN_BENCH_FULL") ? FULL : SOME;
	char *folder = folder_make();

	char *path = mem_format("%s/people.csv", folder);
	write_csv(path, count);
	import(folder, path, count);
	measure(folder, count);
	folder_remove(&folder);
	free(path);
	return 0;
}
