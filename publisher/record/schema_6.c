/* SPDX-License-Identifier: Apache-2.0
 * schema_6 - the history of a bulletin before its release (schema_versions.h): who sent it back,
 * refused it, took it back; and the words as they stood at each submission.
 */
#include "schema_versions.h"

#include <stddef.h>

/* clang-format off */
const char *const schema_version_6[] = {
	"CREATE TABLE step (id INTEGER PRIMARY KEY,"
	" bulletin INTEGER NOT NULL REFERENCES bulletin (row), kind TEXT NOT NULL,"
	" officer TEXT NOT NULL, reason TEXT NOT NULL, manifest TEXT NOT NULL,"
	" at BIGINT NOT NULL)",
	"CREATE INDEX step_bulletin ON step (bulletin)",
	/* By the manifest's digest: what somebody had before them when they acted. */
	"CREATE TABLE submitted_words (bulletin INTEGER NOT NULL REFERENCES bulletin (row),"
	" digest TEXT NOT NULL, manifest TEXT NOT NULL, cap TEXT NOT NULL,"
	" PRIMARY KEY (bulletin, digest))",
	NULL,
};
/* clang-format on */
