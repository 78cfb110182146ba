/* SPDX-License-Identifier: Apache-2.0
 * schema_13 - how often a delivery was sent again although it may have arrived (schema_versions.h):
 * "twice at most" holds over restarts, too.
 */
#include "schema_versions.h"

#include <stddef.h>

/* clang-format off */
const char *const schema_version_13[] = {
	"ALTER TABLE delivery ADD COLUMN doubts BIGINT NOT NULL DEFAULT 0",
	NULL,
};
/* clang-format on */
