/* SPDX-License-Identifier: Apache-2.0
 * schema_16 - which far sides of a bulletin an officer holds back, since when and why
 * (schema_versions.h, store_pause.h). What waits there stays as it is in `delivery`.
 */
#include "schema_versions.h"

#include <stddef.h>

/* clang-format off */
const char *const schema_version_16[] = {
	"CREATE TABLE pause (bulletin INTEGER NOT NULL REFERENCES bulletin (row), target TEXT NOT NULL,"
	" since BIGINT NOT NULL, officer TEXT NOT NULL, reason TEXT NOT NULL,"
	" PRIMARY KEY (bulletin, target))",
	NULL,
};
/* clang-format on */
