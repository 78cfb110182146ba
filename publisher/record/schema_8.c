/* SPDX-License-Identifier: Apache-2.0
 * schema_8 - incidents and their steps (schema_versions.h).
 */
#include "schema_versions.h"

#include <stddef.h>

/* clang-format off */
const char *const schema_version_8[] = {
	/* Where it stands; rewritten by every step. */
	"CREATE TABLE incident (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
	" title TEXT NOT NULL, hazard TEXT NOT NULL, areas TEXT NOT NULL, state TEXT NOT NULL,"
	" handler TEXT NOT NULL, sequence BIGINT NOT NULL, head TEXT NOT NULL,"
	" opened BIGINT NOT NULL, opener TEXT NOT NULL)",
	/* Never rewritten: what officers put their names to. */
	"CREATE TABLE incident_step (incident INTEGER NOT NULL REFERENCES incident (row),"
	" sequence BIGINT NOT NULL, officer TEXT NOT NULL, time BIGINT NOT NULL,"
	" text TEXT NOT NULL, signature TEXT NOT NULL, recorded BIGINT NOT NULL,"
	" PRIMARY KEY (incident, sequence))",
	NULL,
};
/* clang-format on */
