/* SPDX-License-Identifier: Apache-2.0
 * schema_18 - what the phone network reported of a block's recipients (schema_versions.h,
 * store_reported.h). A row of its own, so that whoever reads deliveries reads none of it; the
 * counts before the words, so that whoever adds them up does not read these either.
 */
#include "schema_versions.h"

#include <stddef.h>

/* clang-format off */
const char *const schema_version_18[] = {
	"CREATE TABLE reported (delivery INTEGER PRIMARY KEY REFERENCES delivery (id),"
	" people BIGINT NOT NULL, delivered BIGINT NOT NULL, failed BIGINT NOT NULL,"
	" rejected BIGINT NOT NULL, buffered BIGINT NOT NULL, accepted BIGINT NOT NULL,"
	" line BIGINT NOT NULL, words TEXT NOT NULL)",
	NULL,
};
/* clang-format on */
