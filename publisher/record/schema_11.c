/* SPDX-License-Identifier: Apache-2.0
 * schema_11 - holds (schema_versions.h): a record that was restored from a backup lets nothing out
 * until an officer ends its hold (store_hold.h).
 */
#include "schema_versions.h"

#include <stddef.h>

/* clang-format off */
const char *const schema_version_11[] = {
	"CREATE TABLE hold (number INTEGER PRIMARY KEY, since BIGINT NOT NULL,"
	" copied BIGINT NOT NULL, cut BIGINT NOT NULL, ended BIGINT NOT NULL,"
	" ended_by TEXT NOT NULL)",
	NULL,
};
/* clang-format on */
