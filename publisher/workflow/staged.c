/* SPDX-License-Identifier: Apache-2.0
 * staged - see staged.h.
 */
#include "staged.h"

bool staged_find(struct store *reader, const char *id, const char *as, struct bulletin **staged,
        struct err *err)
{
	struct bulletin *original = NULL;
	struct err missing = {0};

	if (!store_get_bulletin(reader, id, &original, err))
		return false;
	bool ok = store_get_staged(reader, original->id, as, staged, &missing);
	if (!ok && missing.kind == ERR_MISSING)
		err_set(err, ERR_CONFLICT, "%s 的状态是 %s，没有可用的 %s 用语",
		        "%s is %s: no words for %s are staged with it", original->id,
		        bulletin_state_text(original->state), as);
	else if (!ok && err)
		*err = missing;
	bulletin_destroy(&original);
	return ok;
}
