/* SPDX-License-Identifier: Apache-2.0
 * store_mode - a record belongs to the mode it was begun in, for ever: no drill is written into a
 * live record, nor the reverse.
 */
#include "store_db.h"

#include <stdlib.h>
#include <string.h>

static bool begin_as(struct store *store, const char *mode, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "INSERT INTO instance (mode)"
	        " SELECT ? WHERE NOT EXISTS (SELECT 1 FROM instance)",
	        err);
	query_text(&q, mode);
	return query_run(&q);
}

bool store_bind_mode(struct store *store, enum mode mode, struct err *err)
{
	struct query q;
	enum mode begun = mode;

	if (!begin_as(store, mode_text(mode), err))
		return false;
	query_begin(&q, store, "SELECT mode FROM instance", err);
	bool known = query_row(&q) && mode_read(query_peek_text(&q), &begun);
	if (!query_end(&q))
		return false;
	if (known && begun == mode)
		return true;
	return err_set(err, ERR_CONFIG,
	        "记录库 %s 属于%s模式%.0s，本实例为%s模式%.0s：请另设 state 目录",
	        "the record %s belongs to %.0s%s, this instance is %.0s%s: give it a state folder "
	        "of "
	        "its own",
	        store->path, mode_zh(begun), mode_text(begun), mode_zh(mode), mode_text(mode));
}
