/* SPDX-License-Identifier: Apache-2.0
 * schema_15 - of how many blocks an audience is (schema_versions.h): a release makes a delivery of
 * each without asking the directory, which may be gone. 0, as older rows have it: the directory
 * knows.
 */
#include "schema_versions.h"

#include <stddef.h>

/* clang-format off */
const char *const schema_version_15[] = {
	"ALTER TABLE audience ADD COLUMN blocks BIGINT NOT NULL DEFAULT 0",
	NULL,
};
/* clang-format on */
