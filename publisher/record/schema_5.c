/* SPDX-License-Identifier: Apache-2.0
 * schema_5 - people: accounts, sessions, known devices and addresses, waits after failures; and
 * what a token may be bound to (schema_versions.h).
 */
#include "schema_versions.h"

#include <stddef.h>

/* clang-format off */
const char *const schema_version_5[] = {
	/* One row per officer who has or is to have a password. The *_next columns wait for the
	 * end of an enrolment. Second factors are sealed (base/seal.h). */
	"CREATE TABLE account (officer TEXT PRIMARY KEY, password TEXT NOT NULL,"
	" factor TEXT NOT NULL, used_step BIGINT NOT NULL, enrol_digest TEXT NOT NULL,"
	" enrol_ends BIGINT NOT NULL, password_next TEXT NOT NULL, factor_next TEXT NOT NULL,"
	" created BIGINT NOT NULL, changed BIGINT NOT NULL, signed_in BIGINT NOT NULL)",
	"CREATE TABLE session (digest TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
	" officer TEXT NOT NULL, source TEXT NOT NULL, cookie INTEGER NOT NULL,"
	" created BIGINT NOT NULL, used BIGINT NOT NULL, ends BIGINT NOT NULL)",
	"CREATE INDEX session_officer ON session (officer, created)",
	/* Where an officer signed in from before. `source` is a keyed digest of an address. */
	"CREATE TABLE known_device (digest TEXT PRIMARY KEY, officer TEXT NOT NULL,"
	" ends BIGINT NOT NULL)",
	"CREATE INDEX known_device_officer ON known_device (officer, ends)",
	"CREATE TABLE known_source (officer TEXT NOT NULL, source TEXT NOT NULL,"
	" ends BIGINT NOT NULL, PRIMARY KEY (officer, source))",
	"CREATE TABLE sign_in_wait (key TEXT PRIMARY KEY, failures BIGINT NOT NULL,"
	" until BIGINT NOT NULL, at BIGINT NOT NULL)",
	"ALTER TABLE token ADD COLUMN addresses TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE token ADD COLUMN used BIGINT NOT NULL DEFAULT 0",
	NULL,
};
/* clang-format on */
