/* SPDX-License-Identifier: Apache-2.0
 * schema_12 - what is asked often is found by an index, however long the past (schema_versions.h):
 * the sequence numbers that no subscriber will see, asked with every heartbeat; what was written
 * lately of one hazard, asked at every submission.
 */
#include "schema_versions.h"

#include <stddef.h>

/* clang-format off */
const char *const schema_version_12[] = {
	"CREATE INDEX bulletin_sequence ON bulletin (sequence) WHERE sequence > 0",
	"DROP INDEX bulletin_hazard",
	"CREATE INDEX bulletin_hazard ON bulletin (hazard, created, incident, chain)",
	NULL,
};
/* clang-format on */
