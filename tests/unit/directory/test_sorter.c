/* SPDX-License-Identifier: Apache-2.0
 * More records than fit: in order, each as often as it was put, and unreadable on the disk.
 */
#include "directory_fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include "sorter.h"
#include "veil.h"

struct item {
	uint64_t key;
	char word[8];
};

static int by_key(const void *a, const void *b)
{
	const struct item *one = a;
	const struct item *other = b;

	return (one->key > other->key) - (one->key < other->key);
}

static void sorts(size_t count, size_t memory)
{
	char *folder = folder_make();
	struct sorter *sorter = sorter_create(folder, sizeof(struct item), memory, by_key);
	struct err err = {0};
	const void *record;
	uint64_t last = 0;
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		struct item item = {.key = (i * 2654435761U) % 1000003, .word = "word"};
		sum += item.key;
		assert_true(sorter_put(sorter, &item, &err));
	}
	assert_true(sorter_sort(sorter, &err));
	for (size_t i = 0; i < count; i++) {
		assert_true(sorter_take(sorter, &record, &err));
		assert_non_null(record);
		const struct item *item = record;
		assert_true(item->key >= last);
		assert_string_equal(item->word, "word");
		last = item->key;
		sum -= last;
	}
	assert_true(sorter_take(sorter, &record, &err));
	assert_null(record);
	assert_true(sorter_take(sorter, &record, &err));
	assert_null(record);
	assert_true(sum == 0);
	sorter_destroy(&sorter);
	folder_remove(&folder);
}

static void in_order(void **state)
{
	(void)state;
	sorts(0, 0);
	sorts(1, 0);
	sorts(1000, 0);
	sorts(100000, 16 * 1000);  /* a hundred runs, windows that are filled again */
	sorts(100000, 16 * 33333); /* the last run is shorter */
	sorts(5, 16);              /* a record a run */
}

/* What would lie there if the program died now. */
static void veiled(void **state)
{
	(void)state;
	static const char secret[] = "13800000001 13800000002 13800000";
	char bytes[sizeof secret];
	struct veil *veil = veil_create();
	struct veil *other = veil_create();

	memcpy(bytes, secret, sizeof bytes);
	veil_turn(veil, 4096, bytes, sizeof bytes);
	assert_memory_not_equal(bytes, secret, 16);
	assert_memory_not_equal(bytes + 16, secret + 16, 16);
	char elsewhere[sizeof secret];
	memcpy(elsewhere, secret, sizeof elsewhere);
	veil_turn(veil, 8192, elsewhere, sizeof elsewhere);
	assert_memory_not_equal(elsewhere, bytes, 16);
	memcpy(elsewhere, secret, sizeof elsewhere);
	veil_turn(other, 4096, elsewhere, sizeof elsewhere);
	assert_memory_not_equal(elsewhere, bytes, 16);
	veil_turn(veil, 4096 + 16, bytes + 16, sizeof bytes - 16); /* from the middle */
	assert_memory_equal(bytes + 16, secret + 16, sizeof bytes - 16);
	veil_turn(veil, 4096, bytes, 16);
	assert_memory_equal(bytes, secret, sizeof bytes);
	veil_destroy(&veil);
	veil_destroy(&other);
}

static void no_folder(void **state)
{
	(void)state;
	struct sorter *sorter = sorter_create("/nonexistent", 16, 16, by_key);
	struct item item = {1, ""};
	struct err err = {0};

	assert_true(sorter_put(sorter, &item, &err));
	assert_false(sorter_put(sorter, &item, &err));
	assert_int_equal(err.kind, ERR_UNAVAILABLE);
	sorter_destroy(&sorter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(in_order),
	        cmocka_unit_test(veiled),
	        cmocka_unit_test(no_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
