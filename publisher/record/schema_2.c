/* SPDX-License-Identifier: Apache-2.0
 * schema_2 - what the secrecy screen found (schema_versions.h): places, and keyed digests of what
 * may tell too much beside other bulletins. Never the words themselves. The reason for a
 * disclosure class that keeps a bulletin from the public.
 */
#include "schema_versions.h"

#include <stddef.h>

/* clang-format off */
const char *const schema_version_2[] = {
	"CREATE TABLE screening (bulletin INTEGER PRIMARY KEY REFERENCES bulletin (row),"
	" hits TEXT NOT NULL, at BIGINT NOT NULL)",
	"CREATE TABLE screening_trace (bulletin INTEGER NOT NULL REFERENCES bulletin (row),"
	" kind TEXT NOT NULL, digest TEXT NOT NULL, subject INTEGER NOT NULL,"
	" PRIMARY KEY (bulletin, kind, digest))",
	"CREATE INDEX bulletin_incident ON bulletin (incident) WHERE incident <> ''",
	"CREATE INDEX bulletin_hazard ON bulletin (hazard, created)",
	"ALTER TABLE bulletin ADD COLUMN disclosure_reason TEXT NOT NULL DEFAULT ''",
	NULL,
};
/* clang-format on */
