/* SPDX-License-Identifier: Apache-2.0
 * test_catalog - the project's own tables, look-ups, and tables that are wrong.
 */
#include "ingest_fixture.h"

#include "csv.h"
#include "population.h"

#include <unistd.h>

static void reads_own_tables(void **state)
{
	struct catalog *catalog = fixture_catalog();

	(void)state;
	assert_true(catalog->hazard_count > 400);
	assert_int_equal(catalog->division_count, 18);
	assert_string_equal(catalog_hazard(catalog, "11B03")->name_zh, "暴雨");
	assert_int_equal(catalog_hazard(catalog, "11B03")->category, CAP_MET);
	assert_string_equal(catalog_hazard(catalog, "11B30")->name_en,
	        "Low temperature, rain, snow and freezing");
	assert_null(catalog_hazard(catalog, "99Z99"));
	assert_null(catalog_hazard(catalog, NULL));
	catalog_destroy(&catalog);
	assert_null(catalog);
	catalog_destroy(&catalog);
}

static const struct {
	const char *text, *code; /* NULL: nothing found */
} hazard_texts[] = {
        {"海上大风", "11B23"},
        {"天津地区道路结冰", "11B21"},
        {"雷雨大风", "11B20"},
        {"低温雨雪冰冻", "11B30"},
        {"地质灾害气象风险", "11B37"},
        {"霾", "11B19"},
        {"撞车", NULL}, /* three codes share it */
        {"春游", NULL},
        {"", NULL},
};

static void finds_longest_hazard(void **state)
{
	struct catalog *catalog = fixture_catalog();

	(void)state;
	for (size_t i = 0; i < sizeof hazard_texts / sizeof hazard_texts[0]; i++) {
		const struct hazard *got = catalog_hazard_in(catalog, hazard_texts[i].text);
		const char *want = hazard_texts[i].code;
		if (want ? !got || strcmp(got->code, want) != 0 : got != NULL)
			fail_msg("\"%s\": got %s, want %s", hazard_texts[i].text,
			        got ? got->code : "none", want ? want : "none");
	}
	assert_null(catalog_hazard_named(catalog, "天津地区道路结冰"));
	assert_null(catalog_hazard_named(catalog, "火灾"));
	assert_string_equal(catalog_hazard_named(catalog, "霜冻")->code, "11B16");
	catalog_destroy(&catalog);
}

static const struct {
	const char *text, *code;
	bool unit;
} places[] = {
        {"滨海新区", "120116", false},
        {"滨海", "120116", false},
        {"binhai", "120116", false},
        {"Binhai New Area", "120116", false},
        {"天津市", "120000", false},
        {"天津", "120000", false},
        {"和平", "120101", false},
        {"市辖区", NULL, false},
        {"区", NULL, false},
        {"", NULL, false},
        {"滨海新区气象台", "120116", true},
        {"天津市气象台", "120000", true},
        {"天津海洋中心气象台", "120000", true},
        {"河北省气象台", NULL, true},
        {"河东区应急管理局", "120102", true},
        {"河东县气象局", NULL, true},
        {"吴起县气象台", NULL, true},
};

static void finds_divisions(void **state)
{
	struct catalog *catalog = fixture_catalog();

	(void)state;
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		const struct division *got =
		        places[i].unit ? catalog_division_of_unit(catalog, places[i].text)
		                       : catalog_division_named(catalog, places[i].text);
		const char *want = places[i].code;
		if (want ? !got || strcmp(got->code, want) != 0 : got != NULL)
			fail_msg("\"%s\": got %s, want %s", places[i].text,
			        got ? got->code : "none", want ? want : "none");
	}
	assert_string_equal(catalog_division(catalog, "120116000000")->slug, "binhai");
	assert_null(catalog_division(catalog, "12011"));
	catalog_destroy(&catalog);
}

static const struct {
	const char *code, *want; /* NULL: not a code */
} codes[] = {
        {"120116000000", "120116"},
        {"120116001000", "120116001"},
        {"120116001002", "120116001002"},
        {"120116001", "120116001"},
        {"120116000", "120116"},
        {"120000", "120000"},
        {"1201160", NULL},
        {"12011600000a", NULL},
        {"", NULL},
};

static void shortens_codes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		char *got = NULL;
		bool ok = division_code_short(codes[i].code, &got);
		if (ok != (codes[i].want != NULL) || (ok && strcmp(got, codes[i].want) != 0))
			fail_msg("\"%s\": got %s, want %s", codes[i].code, got ? got : "none",
			        codes[i].want ? codes[i].want : "none");
		free(got);
	}
}

static void splits_csv(void **state)
{
	char good[] = "a,\"b, \"\"c\"\"\",,d";
	char open[] = "a,\"b";
	char many[] = "1,2,3,4,5";
	char *fields[4];
	size_t count;

	(void)state;
	assert_true(csv_split(good, fields, 4, &count));
	assert_int_equal(count, 4);
	assert_string_equal(fields[1], "b, \"c\"");
	assert_string_equal(fields[2], "");
	assert_string_equal(fields[3], "d");
	assert_false(csv_split(open, fields, 4, &count));
	assert_false(csv_split(many, fields, 4, &count));
}

#define EVENTS_HEAD "code,name_zh,name_en,cap_category,basis\n"
#define DIVISIONS                                                                                  \
	"code,name_zh,name_en,level,parent,slug\n120000,天津市,Tianjin,municipality,,tianjin\n"

static const struct {
	const char *name, *events, *divisions, *want;
} bad_tables[] = {
        {"no heading", "11B03,暴雨,Rain,Met,A\n", DIVISIONS, "event-types.csv:1: the heading"},
        {"bad code", "# note\n" EVENTS_HEAD "11b03,暴雨,Rain,Met,A\n", DIVISIONS,
                "event-types.csv:3: \"11b03\""},
        {"twice", EVENTS_HEAD "11B03,暴雨,Rain,Met,A\n11B03,暴雪,Snow,Met,A\n", DIVISIONS,
                "csv:3: event code"},
        {"category", EVENTS_HEAD "11B03,暴雨,Rain,Weather,A\n", DIVISIONS, "csv:2: \"Weather\""},
        {"fields", EVENTS_HEAD "11B03,暴雨,Rain,Met\n", DIVISIONS, "csv:2: there are not 5"},
        {"empty", "\n\n# nothing\n", DIVISIONS, "is empty"},
        {"not UTF-8", EVENTS_HEAD "11B03,\xb1\xa9\xd3\xea,Rain,Met,A\n", DIVISIONS, "not UTF-8"},
        {"division code", EVENTS_HEAD,
                "code,name_zh,name_en,level,parent,slug\n12,天津,x,district,,\n",
                "divisions.csv:2"},
        {"level", EVENTS_HEAD, "code,name_zh,name_en,level,parent,slug\n120000,天津,x,city,,\n",
                "\"city\""},
};

static void write_file(const char *folder, const char *name, const char *text)
{
	char *path = mem_format("%s/%s", folder, name);
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	free(path);
}

static void remove_file(const char *folder, const char *name)
{
	char *path = mem_format("%s/%s", folder, name);

	unlink(path);
	free(path);
}

static void names_faults(void **state)
{
	char folder[] = "tocsin-catalog-XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < sizeof bad_tables / sizeof bad_tables[0]; i++) {
		struct err err = {0};
		write_file(folder, "event-types.csv", bad_tables[i].events);
		write_file(folder, "divisions.csv", bad_tables[i].divisions);
		struct catalog *catalog = catalog_read(folder, &err);
		if (catalog || !strstr(err.en, bad_tables[i].want) || err.kind != ERR_CONFIG ||
		        !err.zh[0])
			fail_msg("%s: got \"%s\", want \"%s\"", bad_tables[i].name, err.en,
			        bad_tables[i].want);
	}
	remove_file(folder, "event-types.csv");
	remove_file(folder, "divisions.csv");
	rmdir(folder);
	assert_null(catalog_read("no-such-folder", NULL));
}

static const struct {
	const char *rows, *want; /* NULL: read */
} people_tables[] = {
        {"120116,2067318,census 2020\n120110,857027,census 2020\n", NULL},
        {"120116,2067318,\n", "no source"},
        {"120116,,census 2020\n", "no number"},
        {"120116,about 2 million,census 2020\n", "no number"},
        {"120116,-1,census 2020\n", "no number"},
        {"120116,1,a\n120116000000,2,a\n", "twice"},
        {"Binhai,1,a\n", "not 6, 9 or 12"},
};

static void people_have_a_source(void **state)
{
	char folder[] = "/tmp/tocsin-people-XXXXXX";
	char path[64];
	struct population *none = population_read("", NULL);

	(void)state;
	assert_null(population_of(none, "120116"));
	population_destroy(&none);
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/people.csv", folder);
	for (size_t i = 0; i < sizeof people_tables / sizeof people_tables[0]; i++) {
		struct err err = {0};
		char *text = mem_format("code,people,source\n%s", people_tables[i].rows);
		write_file(folder, "people.csv", text);
		struct population *population = population_read(path, &err);
		bool as_wanted = people_tables[i].want
		                         ? !population && strstr(err.en, people_tables[i].want)
		                         : population != NULL;
		if (!as_wanted)
			fail_msg("%s: got \"%s\"", people_tables[i].rows, err.en);
		if (population)
			assert_int_equal(population_of(population, "120116")->people, 2067318);
		population_destroy(&population);
		free(text);
	}
	remove_file(folder, "people.csv");
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(people_have_a_source),
	        cmocka_unit_test(reads_own_tables),
	        cmocka_unit_test(finds_longest_hazard),
	        cmocka_unit_test(finds_divisions),
	        cmocka_unit_test(shortens_codes),
	        cmocka_unit_test(splits_csv),
	        cmocka_unit_test(names_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
