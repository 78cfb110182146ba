/* SPDX-License-Identifier: Apache-2.0
 * Files on the disk: copied whole and private, never over another; replaced whole; digests of files
 * as of bytes.
 */
#include "base_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"
#include "mem.h"

enum { LARGE = 3 * (1 << 20) + 17 }; /* no whole number of pieces */

static void a_copy_is_whole_private_and_new(void **state)
{
	char folder[] = "/tmp/tocsin-disk-XXXXXX";
	char *bytes = mem_array(LARGE, 1);
	char from_hex[DIGEST_HEX], to_hex[DIGEST_HEX], want[DIGEST_HEX];
	struct stat about;
	int64_t size = 0;

	(void)state;
	assert_non_null(mkdtemp(folder));
	char *from = mem_format("%s/from", folder);
	char *to = mem_format("%s/to", folder);
	for (size_t i = 0; i < LARGE; i++)
		bytes[i] = (char)(i * 7 % 251);
	digest_sha256(bytes, LARGE, want);
	int fd = disk_replace(from, bytes, LARGE);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(chmod(from, 0644), 0);
	assert_true(disk_copy(from, to));
	assert_true(disk_digest(from, from_hex, &size) && disk_digest(to, to_hex, &size));
	assert_int_equal(size, LARGE);
	assert_string_equal(from_hex, want);
	assert_string_equal(to_hex, want);
	assert_int_equal(stat(to, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	assert_false(disk_copy(from, to));
	assert_int_equal(errno, EEXIST);
	unlink(from);
	assert_false(disk_copy(from, to));
	assert_int_equal(errno, ENOENT);
	assert_false(disk_digest(from, from_hex, &size));
	assert_true(disk_sync_folder(folder));
	unlink(to);
	rmdir(folder);
	assert_false(disk_sync_folder(folder));
	free(from);
	free(to);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_copy_is_whole_private_and_new),
	};

	return cmocka_run_group_tests_name("disk", tests, NULL, NULL);
}
