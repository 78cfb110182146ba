/* SPDX-License-Identifier: Apache-2.0
 * schema_3 - administrative changes: who proposed and confirmed them, and every version of the
 * policy that was ever in force. Never changed any more: what comes after is another version.
 */
#include <stddef.h>

#include "schema_versions.h"

/* clang-format off */
const char *const schema_version_3[] = {
	/* A change as it was signed (base/change_text.h) with its document. */
	"CREATE TABLE change (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
	" kind TEXT NOT NULL, mode TEXT NOT NULL, follows TEXT NOT NULL, digest TEXT NOT NULL,"
	" body TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, closer TEXT NOT NULL,"
	" proposed BIGINT NOT NULL, ends BIGINT NOT NULL, closed BIGINT NOT NULL)",
	"CREATE INDEX change_open ON change (ends) WHERE state = 'proposed'",
	"CREATE TABLE change_proof (id INTEGER PRIMARY KEY,"
	" change INTEGER NOT NULL REFERENCES change (row), act TEXT NOT NULL,"
	" officer TEXT NOT NULL, time BIGINT NOT NULL, signature TEXT NOT NULL,"
	" recorded BIGINT NOT NULL, UNIQUE (change, officer))",
	/* Where the policy's history stands: head is the digest of the change that led here, or,
	 * for one that root installed (change = ''), of the document. */
	"CREATE TABLE policy_version (number BIGINT PRIMARY KEY, version TEXT NOT NULL,"
	" head TEXT NOT NULL, change TEXT NOT NULL, at BIGINT NOT NULL, text TEXT NOT NULL)",
	NULL,
};
/* clang-format on */
