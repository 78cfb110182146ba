/* SPDX-License-Identifier: Apache-2.0
 * The contract of the record, for every engine there is: SQLite.
 */
#include "fixture.h"

#include <stdlib.h>
#include <unistd.h>

#include "record_contract.h"

/* Whoever takes the lock's file away lets a second one in. */
static struct record *open_beside(const char *place, struct err *err)
{
	char *lock = mem_format("%s/lock", place);

	assert_int_equal(unlink(lock), 0);
	free(lock);
	return record_open(place, err);
}

static const struct engine sqlite = {
        .name = "record contract, SQLite",
        .place = folder_make,
        .remove = folder_remove,
        .open = record_open,
        .beside = open_beside,
        .close = record_close,
        .take = record_take_leases,
        .when_fenced = record_when_fenced,
        .change = record_do,
        .post = record_post,
        .reader = record_reader_open,
        .reader_close = record_reader_close,
};

int main(void)
{
	return record_contract(&sqlite) + record_refusals(&sqlite) + record_leases(&sqlite);
}
