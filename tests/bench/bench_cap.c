/* SPDX-License-Identifier: Apache-2.0
 * bench_cap - reading a message and asking all rules of the standard, against libxml2 that only
 * makes its tree of the same bytes, and against libxml2 that validates that tree by CAP's XSD.
 *
 * Both sides in turn, over all files of a set as often as fills a slice of CPU time; medians of the
 * rates. Sets: our own samples, and the real messages of $TOCSIN_SHARED, where there are; the XSD
 * lies there too. Goals: 0.5 of the tree, 3 times the validation.
 */
#include <dirent.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cap_rule.h"
#include "figure.h"

enum { PAIRS = 9, SLICE_MS = 150 };

struct document {
	char *bytes;
	size_t len;
};

struct set {
	struct document *items;
	size_t count, bytes;
};

/* --- the files -------------------------------------------------------------------------------- */

static char *whole(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	struct buf bytes;

	if (!file)
		return NULL;
	buf_init(&bytes, 0);
	bool good = buf_read(&bytes, file);

	fclose(file);
	*len = bytes.len;
	if (good)
		return buf_take(&bytes);
	buf_finish(&bytes);
	return NULL;
}

/* A bare message of CAP 1.2 that we read without a fault of the schema: what both sides finish. */
static bool wanted(const char *bytes, size_t len)
{
	struct cap_problems problems = {0};
	struct cap_alert *alert = cap_parse(bytes, len, CAP_LIMIT_FEED, &problems);
	bool good = alert && problems.errors == 0;

	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
	return good;
}

static void add_file(struct set *set, const char *path)
{
	size_t len;
	char *bytes = whole(path, &len);

	if (!bytes || !memmem(bytes, len, "urn:oasis:names:tc:emergency:cap:1.2", 36) ||
	        !wanted(bytes, len)) {
		free(bytes);
		return;
	}
	struct document *document = mem_push(&set->items, &set->count, sizeof *set->items);

	document->bytes = bytes;
	document->len = len;
	set->bytes += len;
}

/* All files below; a folder that is not there has none. */
static void add_folder(struct set *set, const char *path)
{
	struct dirent **names;
	int count = scandir(path, &names, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		char *below = mem_format("%s/%s", path, names[i]->d_name);
		struct stat about;

		if (names[i]->d_name[0] != '.' && stat(below, &about) == 0) {
			if (S_ISDIR(about.st_mode))
				add_folder(set, below);
			else
				add_file(set, below);
		}
		free(below);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
}

static void set_finish(struct set *set)
{
	for (size_t i = 0; i < set->count; i++)
		free(set->items[i].bytes);
	free(set->items);
}

/* --- the sides -------------------------------------------------------------------------------- */

typedef void side_function(const struct document *document, void *with);

static void ours(const struct document *document, void *with)
{
	struct cap_problems problems = {0};
	struct cap_alert *alert =
	        cap_parse(document->bytes, document->len, CAP_LIMIT_FEED, &problems);

	(void)with;
	if (alert)
		cap_check(alert, &problems);
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
}

static xmlDocPtr tree_of(const struct document *document)
{
	return xmlReadMemory(document->bytes, (int)document->len, NULL, NULL,
	        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT);
}

static void tree(const struct document *document, void *with)
{
	(void)with;
	xmlFreeDoc(tree_of(document));
}

/* What `xmllint --schema --noout` does for each file once it has read the schema. */
static void schema(const struct document *document, void *with)
{
	xmlDocPtr doc = tree_of(document);
	xmlSchemaValidCtxtPtr context = xmlSchemaNewValidCtxt(with);

	if (!doc || xmlSchemaValidateDoc(context, doc) != 0)
		abort(); /* the set holds what is valid: otherwise less is measured than is said */
	xmlSchemaFreeValidCtxt(context);
	xmlFreeDoc(doc);
}

/* MB/s over the set, as often as fills the slice. */
static double rate(const struct set *set, side_function *side, void *with)
{
	double start = figure_ms(CLOCK_THREAD_CPUTIME_ID);
	double used;
	size_t passes = 0;

	do {
		for (size_t i = 0; i < set->count; i++)
			side(&set->items[i], with);
		passes++;
		used = figure_ms(CLOCK_THREAD_CPUTIME_ID) - start;
	} while (used < SLICE_MS);
	return (double)set->bytes * (double)passes / used / 1e3;
}

/* Is the ratio the goal or more? */
static bool measure(
        const char *name, const struct set *set, side_function *side, void *with, double goal)
{
	double mine[PAIRS];
	double theirs[PAIRS];

	for (int i = 0; i < PAIRS; i++) {
		mine[i] = rate(set, ours, NULL);
		theirs[i] = rate(set, side, with);
	}
	double a = figure_median(mine, PAIRS);
	double b = figure_median(theirs, PAIRS);

	figure_print(&(struct figure){name, "MB/s", a, b, .pairs = PAIRS});
	fprintf(stderr, "%s: %zu files, %zu bytes, goal %.1f: %s\n", name, set->count, set->bytes,
	        goal, a / b >= goal ? "reached" : "MISSED");
	return a / b >= goal;
}

static bool measure_schema(const char *name, const struct set *set, const char *shared)
{
	char *path = mem_format("%s/corpus/schema/CAP-v1.2.xsd", shared);
	xmlSchemaParserCtxtPtr parser = xmlSchemaNewParserCtxt(path);
	xmlSchemaPtr xsd = parser ? xmlSchemaParse(parser) : NULL;
	bool good = true;

	xmlSchemaFreeParserCtxt(parser);
	if (xsd)
		good = measure(name, set, schema, xsd, 3);
	else
		fprintf(stderr, "%s: not measured, there is no %s\n", name, path);
	xmlSchemaFree(xsd);
	free(path);
	return good;
}

int main(void)
{
	const char *shared = getenv("TOCSIN_SHARED");
	char *corpus = mem_format("%s/corpus/cap", shared ? shared : "");
	struct set samples = {0};
	struct set real = {0};

	add_folder(&samples, TOCSIN_SAMPLES);
	add_folder(&real, corpus);
	bool good = measure("cap-parse", &samples, tree, NULL, .5);

	good = measure_schema("cap-schema", &samples, shared ? shared : "") && good;
	if (real.count) {
		good = measure("cap-parse-real", &real, tree, NULL, .5) && good;
		good = measure_schema("cap-schema-real", &real, shared) && good;
	} else {
		fprintf(stderr, "cap-parse-real: not measured, there is nothing in %s\n", corpus);
	}
	set_finish(&samples);
	set_finish(&real);
	free(corpus);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
