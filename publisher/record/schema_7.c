/* SPDX-License-Identifier: Apache-2.0
 * schema_7 - promptness and duties (schema_versions.h): when a message reached us, when each far
 * side accepted it, why something was late, and what the law asks for after a release.
 */
#include "schema_versions.h"

#include <stddef.h>

/* clang-format off */
const char *const schema_version_7[] = {
	"ALTER TABLE delivery ADD COLUMN accepted BIGINT NOT NULL DEFAULT 0",
	"UPDATE delivery SET accepted = updated WHERE state = 'delivered'",
	"CREATE INDEX bulletin_released ON bulletin (released)",
	"CREATE INDEX bulletin_expires ON bulletin (expires) WHERE state = 'released'",
	"CREATE INDEX delivery_ended ON delivery (updated) WHERE state IN "
	"('rejected','expired','unknown')",
	/* When the bytes reached us, and what the sender says of when they left. */
	"CREATE TABLE receipt (bulletin INTEGER PRIMARY KEY REFERENCES bulletin (row),"
	" at BIGINT NOT NULL, upstream_sent BIGINT NOT NULL)",
	"CREATE TABLE late_reason (id INTEGER PRIMARY KEY,"
	" bulletin INTEGER NOT NULL REFERENCES bulletin (row), officer TEXT NOT NULL,"
	" reason TEXT NOT NULL, at BIGINT NOT NULL)",
	"CREATE INDEX late_reason_bulletin ON late_reason (bulletin, id)",
	/* What a release obliges somebody to. `closed_by` is an officer or the bulletin that did it. */
	"CREATE TABLE duty (id INTEGER PRIMARY KEY,"
	" bulletin INTEGER NOT NULL REFERENCES bulletin (row), chain TEXT NOT NULL,"
	" unit TEXT NOT NULL, what TEXT NOT NULL, recipient TEXT NOT NULL, basis TEXT NOT NULL,"
	" opened BIGINT NOT NULL, due BIGINT NOT NULL, state TEXT NOT NULL,"
	" closed BIGINT NOT NULL, closed_by TEXT NOT NULL, reference TEXT NOT NULL,"
	" note TEXT NOT NULL, shouts INTEGER NOT NULL, shouted BIGINT NOT NULL)",
	"CREATE INDEX duty_open ON duty (due) WHERE state = 'open'",
	"CREATE INDEX duty_chain ON duty (chain) WHERE state = 'open'",
	"CREATE INDEX duty_bulletin ON duty (bulletin)",
	/* Whom the roster calls for a step, since when, how often, and who answered (叫应). */
	"CREATE TABLE turn_call (bulletin INTEGER NOT NULL REFERENCES bulletin (row),"
	" step TEXT NOT NULL, since BIGINT NOT NULL, rung INTEGER NOT NULL,"
	" called BIGINT NOT NULL, tries INTEGER NOT NULL, arrived BIGINT NOT NULL,"
	" confirmed BIGINT NOT NULL, confirmed_by TEXT NOT NULL,"
	" PRIMARY KEY (bulletin, step, since))",
	NULL,
};
/* clang-format on */
