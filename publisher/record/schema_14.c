/* SPDX-License-Identifier: Apache-2.0
 * schema_14 - the watch handed over (交接班): a page a time, and who signed it
 * (schema_versions.h, store_shift.h).
 */
#include "schema_versions.h"

#include <stddef.h>

/* clang-format off */
const char *const schema_version_14[] = {
	"CREATE TABLE shift (number INTEGER PRIMARY KEY, unit TEXT NOT NULL, state TEXT NOT NULL,"
	" made BIGINT NOT NULL, closed BIGINT NOT NULL, digest TEXT NOT NULL, text TEXT NOT NULL)",
	"CREATE INDEX shift_unit ON shift (unit, number)",
	"CREATE TABLE shift_proof (shift INTEGER NOT NULL REFERENCES shift (number),"
	" officer TEXT NOT NULL, time BIGINT NOT NULL, signature TEXT NOT NULL,"
	" recorded BIGINT NOT NULL, PRIMARY KEY (shift, officer))",
	NULL,
};
/* clang-format on */
