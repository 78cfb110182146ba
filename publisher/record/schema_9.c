/* SPDX-License-Identifier: Apache-2.0
 * schema_9 - what was taken back is found by when (schema_versions.h): the morning report names
 * what a loss of authority kept from a far side.
 */
#include "schema_versions.h"

#include <stddef.h>

/* clang-format off */
const char *const schema_version_9[] = {
	"CREATE INDEX delivery_withdrawn ON delivery (updated) WHERE state = 'withdrawn'",
	NULL,
};
/* clang-format on */
