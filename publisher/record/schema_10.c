/* SPDX-License-Identifier: Apache-2.0
 * schema_10 - who drafted a bulletin before its drafter did: whoever wrote any of it does not
 * approve it. Of what is older nobody is known.
 */
#include "schema_versions.h"

#include <stddef.h>

/* clang-format off */
const char *const schema_version_10[] = {
	"ALTER TABLE bulletin ADD COLUMN earlier TEXT NOT NULL DEFAULT ''",
	NULL,
};
/* clang-format on */
