/* SPDX-License-Identifier: Apache-2.0
 * schema_17 - who may write about a far side's deliveries, and do what only one may do
 * (schema_versions.h, store_lease.h). A record that comes from before was never taken by anybody.
 */
#include "schema_versions.h"

#include <stddef.h>

/* clang-format off */
const char *const schema_version_17[] = {
	"CREATE TABLE lease (name TEXT NOT NULL PRIMARY KEY, holder TEXT NOT NULL, token BIGINT NOT NULL,"
	" until BIGINT NOT NULL)",
	NULL,
};
/* clang-format on */
