/* SPDX-License-Identifier: Apache-2.0
 * record_tool - the record opened and locked: for a tool that works on it alone, and as the first
 * step of the running one. A lock that is held, a newer schema, a damaged table: refused with a
 * sentence, nothing changed. A tool's store that failed once takes no more changes.
 */
#include "record.h"

#include <stdlib.h>
#include <unistd.h>

#include "folder.h"
#include "reserve.h"
#include "schema.h"
#include "store_check.h"

struct store *record_tool_open(const char *folder, struct err *err)
{
	int lock;
	char *path;

	reserve_give_up(folder); /* opening writes, too */
	if (!folder_open(folder, &lock, &path, err))
		return NULL;
	struct store *store = store_open(path, STORE_WRITE, err);
	free(path);
	if (!store) {
		close(lock);
		return NULL;
	}
	store->lock = lock;
	store->audit_key = folder_audit_key(folder, err);
	if (!store->audit_key || !schema_upgrade(store, err) || !store_check_live(store, err))
		record_tool_close(&store);
	return store;
}

void record_tool_close(struct store **store)
{
	int lock = *store ? (*store)->lock : -1;

	store_close(store);
	if (lock >= 0)
		close(lock);
}

bool record_tool_do(struct store *store, record_change change, void *arg, struct err *err)
{
	if (store->broken)
		return err_set(err, ERR_UNAVAILABLE, "记录库 %s 已出错，不再改动：%s",
		        "the record %s has failed and is not changed any more: %s", store->path,
		        store->fault);
	if (!store_begin(store, err))
		return false;
	if (change(store, arg, err) && !store->broken && store_commit(store, err))
		return true;
	store_roll_back(store);
	return false;
}
