/* SPDX-License-Identifier: Apache-2.0
 * directory_fixture - see directory_fixture.h.
 */
#include "directory_fixture.h"

#include <stdio.h>
#include <unistd.h>

#include "source_tree.h"

int people_begin(void **state)
{
	struct people *people = mem_zero(sizeof *people);
	char *tables = source_path("publisher/data");

	people->folder = folder_make();
	people->catalog = catalog_read(tables, &people->err);
	free(tables);
	*state = people;
	return people->catalog ? 0 : -1;
}

int people_end(void **state)
{
	struct people *people = *state;

	catalog_destroy(&people->catalog);
	folder_remove(&people->folder);
	free(people->errors);
	free(people);
	return 0;
}

static char *file_text(const char *path)
{
	FILE *file = fopen(path, "rbe");
	struct buf text;

	buf_init(&text, 0);
	assert_true(file && buf_read(&text, file));
	fclose(file);
	return buf_take(&text);
}

bool people_import_most(struct people *people, const char *csv, size_t len, long faults_most)
{
	char *path = mem_format("%s/people.csv", people->folder);
	char *errors = mem_format("%s/errors.csv", people->folder);
	FILE *file = fopen(path, "wbe");

	assert_non_null(file);
	assert_int_equal(fwrite(csv, 1, len, file), len);
	fclose(file);
	struct import import = {.folder = people->folder,
	        .path = path,
	        .errors = errors,
	        .catalog = people->catalog,
	        .faults_most = faults_most,
	        .now = 1000};
	bool ok = directory_import(&import, &people->made, &people->err);
	free(people->errors);
	people->errors = file_text(errors);
	unlink(path);
	unlink(errors);
	free(errors);
	free(path);
	return ok;
}

bool people_import(struct people *people, const char *csv)
{
	return people_import_most(people, csv, strlen(csv), 100);
}

void people_enforce(struct people *people, const char *csv)
{
	if (!people_import(people, csv))
		fail_msg("%s", people->err.en);
	struct store *store = directory_open(people->folder, true, &people->err);
	assert_non_null(store);
	if (!generation_enforce(store, people->made.id, 2000, &people->err))
		fail_msg("%s", people->err.en);
	directory_close(&store);
}

char *people_chosen(
        struct people *people, const struct selection *selection, struct audience *audience)
{
	struct err err = {0};
	struct store *reader = directory_open(people->folder, false, &err);
	struct store *writer = directory_open(people->folder, true, &err);
	struct buf numbers;
	int64_t blocks = 0;

	assert_non_null(reader);
	assert_non_null(writer);
	if (!choose_freeze(reader, writer, selection, 5000, audience, &err))
		fail_msg("%s", err.en);
	buf_init(&numbers, 0);
	buf_text(&numbers, "");
	if (audience->kept)
		assert_true(audience_kept_blocks(writer, audience->digest, &blocks, &err));
	for (int64_t i = 0; i < blocks; i++) {
		char *lines = NULL;
		assert_true(audience_kept_lines(writer, audience->digest, i, &lines, &err));
		buf_text(&numbers, lines);
		free(lines);
	}
	directory_close(&reader);
	directory_close(&writer);
	return buf_take(&numbers);
}

struct texts one_word(const char *word)
{
	struct texts words = {0};

	texts_add(&words, word);
	return words;
}
