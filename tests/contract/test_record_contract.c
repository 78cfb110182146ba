/* SPDX-License-Identifier: Apache-2.0
 * The contract of the record, for every engine there is: SQLite.
 */
#include "fixture.h"
#include "record_contract.h"

static const struct engine sqlite = {
        .name = "record contract, SQLite",
        .place = folder_make,
        .remove = folder_remove,
        .open = record_open,
        .close = record_close,
        .change = record_do,
        .post = record_post,
        .reader = record_reader_open,
        .reader_close = record_reader_close,
};

int main(void)
{
	return record_contract(&sqlite) + record_refusals(&sqlite);
}
