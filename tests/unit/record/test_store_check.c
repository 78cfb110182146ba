/* SPDX-License-Identifier: Apache-2.0
 * Every page of a record spoilt in turn: what work rests on keeps it from being opened, everything
 * else is found by the long look, and neither says anything of a record that is whole.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_check.h"
#include "store_db.h"

enum { PAST = 60, PAGE = 4096 };

static bool always(void *arg)
{
	(void)arg;
	return true;
}

/* What a house leaves: one that is under way, and a past. */
static bool work(struct store *store, void *arg, struct err *err)
{
	bool ok = true;

	(void)arg;
	for (int i = 0; ok && i <= PAST; i++) {
		struct bulletin *b = sample_bulletin("暴雨");
		struct delivery d;
		int64_t number;
		b->state = i == PAST ? BULLETIN_RELEASED : BULLETIN_EXPIRED;
		free(b->signed_cap);
		b->signed_cap = mem_zero(3001);
		memset(b->signed_cap, 'x', 3000);
		ok = store_put_bulletin(store, b, err);
		sample_delivery(&d, b, "mqtt-north");
		ok = ok && store_add_delivery(store, &d, err) &&
		     store_delivery_sending(store, d.id, now, err) &&
		     (i == PAST || store_delivery_state(store, d.id, DELIVERY_DELIVERED, 0, "",
		                           "yes", "", now, err)) &&
		     store_next_sequence(store, "mqtt", &number, err);
		delivery_finish(&d);
		bulletin_destroy(&b);
	}
	return ok && store_bind_mode(store, MODE_LIVE, err);
}

struct file {
	char *path;
	char *bytes;
	size_t pages;
};

static void read_file(struct place *place, struct file *file)
{
	struct stat about;

	record_tool_close(&place->store); /* its log goes into the tables */
	file->path = mem_format("%s/record.db", place->folder);
	assert_int_equal(stat(file->path, &about), 0);
	file->pages = (size_t)about.st_size / PAGE;
	file->bytes = mem_zero((size_t)about.st_size);
	FILE *in = fopen(file->path, "re");
	assert_non_null(in);
	assert_int_equal(fread(file->bytes, PAGE, file->pages, in), file->pages);
	fclose(in);
}

/* With this page (from 0) spoilt; SIZE_MAX: as it was. */
static void write_file(const struct file *file, size_t spoilt)
{
	char noise[PAGE];
	FILE *out = fopen(file->path, "we");

	memset(noise, 0xa5, sizeof noise);
	assert_non_null(out);
	for (size_t page = 0; page < file->pages; page++)
		assert_int_equal(
		        fwrite(page == spoilt ? noise : file->bytes + page * PAGE, PAGE, 1, out),
		        1);
	fclose(out);
}

enum found { NOT_AT_ALL, AT_THE_START, BY_THE_LONG_LOOK };

static enum found look(struct place *place, struct err *err)
{
	enum found found = NOT_AT_ALL;

	place->store = record_tool_open(place->folder, err);
	if (!place->store)
		return AT_THE_START;
	if (!store_check_all(place->store, always, NULL, err))
		found = BY_THE_LONG_LOOK;
	record_tool_close(&place->store);
	return found;
}

static void every_spoilt_page_is_found(void **state)
{
	struct place *place = *state;
	struct file file;
	struct err err = {0};
	size_t counts[3] = {0};

	assert_true(record_tool_do(place->store, work, NULL, &err));
	read_file(place, &file);
	for (size_t page = 0; page < file.pages; page++) {
		write_file(&file, page);
		enum found found = look(place, &err);
		counts[found]++;
		if (found == NOT_AT_ALL)
			continue;
		assert_int_equal(err.kind, ERR_DAMAGED);
		assert_non_null(strstr(err.en, file.path));
		assert_non_null(strstr(err.zh, "恢复"));
	}
	print_message("%zu pages: %zu kept it from being opened, %zu were found by the long look, "
	              "%zu hold nothing\n",
	        file.pages, counts[AT_THE_START], counts[BY_THE_LONG_LOOK], counts[NOT_AT_ALL]);
	assert_true(counts[AT_THE_START] > 10 && counts[BY_THE_LONG_LOOK] > 10);
	/* Pages that nobody uses, and the middle of long words, which the chain and signatures
	 * hold. */
	assert_true(counts[NOT_AT_ALL] * 3 < file.pages);
	write_file(&file, SIZE_MAX);
	assert_int_equal(look(place, &err), NOT_AT_ALL);
	place->store = record_tool_open(place->folder, &err);
	assert_non_null(place->store);
	free(file.path);
	free(file.bytes);
}

static bool never(void *arg)
{
	(*(int *)arg)++;
	return false;
}

static void the_long_look_ends_when_it_is_told(void **state)
{
	struct place *place = *state;
	struct err err = {0};
	int asked = 0;

	for (int i = 0; i < 20; i++)
		assert_true(record_tool_do(place->store, work, NULL, &err));
	assert_true(store_check_all(place->store, never, &asked, &err));
	assert_int_equal(asked, 1);
	assert_true(store_check_all(place->store, always, NULL, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                every_spoilt_page_is_found, place_open, place_close),
	        cmocka_unit_test_setup_teardown(
	                the_long_look_ends_when_it_is_told, place_open, place_close),
	};

	return cmocka_run_group_tests_name("store_check", tests, NULL, NULL);
}
