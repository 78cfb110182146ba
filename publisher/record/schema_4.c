/* SPDX-License-Identifier: Apache-2.0
 * schema_4 - which mode the record belongs to (schema_versions.h). One with bulletins has theirs.
 */
#include "schema_versions.h"

#include <stddef.h>

/* clang-format off */
const char *const schema_version_4[] = {
	"CREATE TABLE instance (mode TEXT NOT NULL)",
	"INSERT INTO instance (mode) SELECT mode FROM bulletin ORDER BY row LIMIT 1",
	NULL,
};
/* clang-format on */
