/* SPDX-License-Identifier: Apache-2.0
 * schema_1 - the record's first tables (schema_versions.h).
 */
#include "schema_versions.h"

#include <stddef.h>

/* clang-format off */
const char *const schema_version_1[] = {
	/* The head: what lists show and questions ask for. Rewritten on every step. */
	"CREATE TABLE bulletin (row INTEGER PRIMARY KEY, state TEXT NOT NULL,"
	" version BIGINT NOT NULL, mode TEXT NOT NULL, verb TEXT NOT NULL, kind TEXT NOT NULL,"
	" level TEXT NOT NULL, procedure TEXT NOT NULL, disclosure TEXT NOT NULL,"
	" screening TEXT NOT NULL, screening_note TEXT NOT NULL, hazard TEXT NOT NULL,"
	" status TEXT NOT NULL, unit TEXT NOT NULL, drafter TEXT NOT NULL,"
	" source TEXT NOT NULL, incident TEXT NOT NULL, handler TEXT NOT NULL,"
	" identifier TEXT NOT NULL, chain TEXT NOT NULL, replaces TEXT NOT NULL,"
	" parent TEXT NOT NULL, staged_as TEXT NOT NULL, headline TEXT NOT NULL,"
	" areas TEXT NOT NULL, targets TEXT NOT NULL, releaser TEXT NOT NULL,"
	" reason TEXT NOT NULL, created BIGINT NOT NULL, submitted BIGINT NOT NULL,"
	" approved BIGINT NOT NULL, released BIGINT NOT NULL, sent BIGINT NOT NULL,"
	" expires BIGINT NOT NULL, sequence BIGINT NOT NULL, release_order BIGINT NOT NULL)",
	"CREATE INDEX bulletin_state ON bulletin (state, row)",
	"CREATE INDEX bulletin_identifier ON bulletin (identifier)",
	"CREATE INDEX bulletin_chain ON bulletin (chain, release_order)",
	"CREATE INDEX bulletin_parent ON bulletin (parent)",
	/* The words: fixed once released. */
	"CREATE TABLE bulletin_body (bulletin INTEGER PRIMARY KEY REFERENCES bulletin (row),"
	" cap TEXT NOT NULL, manifest TEXT NOT NULL, signed_cap TEXT, filled_manifest TEXT,"
	" manifest_signature TEXT, upstream BLOB)",
	"CREATE TABLE bulletin_text (bulletin INTEGER NOT NULL REFERENCES bulletin (row),"
	" target TEXT NOT NULL, position INTEGER NOT NULL, kind TEXT NOT NULL,"
	" body TEXT NOT NULL, filled TEXT, PRIMARY KEY (bulletin, target))",
	"CREATE TABLE audience (bulletin INTEGER NOT NULL REFERENCES bulletin (row),"
	" target TEXT NOT NULL, position INTEGER NOT NULL, digest TEXT NOT NULL,"
	" count BIGINT NOT NULL, PRIMARY KEY (bulletin, target))",
	"CREATE TABLE audience_block (bulletin INTEGER NOT NULL, target TEXT NOT NULL,"
	" block INTEGER NOT NULL, lines TEXT NOT NULL, PRIMARY KEY (bulletin, target, block),"
	" FOREIGN KEY (bulletin, target) REFERENCES audience (bulletin, target))",
	/* People's acts. */
	"CREATE TABLE approval (id INTEGER PRIMARY KEY,"
	" bulletin INTEGER NOT NULL REFERENCES bulletin (row), act TEXT NOT NULL,"
	" officer TEXT NOT NULL, time BIGINT NOT NULL, manifest TEXT NOT NULL,"
	" signature TEXT NOT NULL, recorded BIGINT NOT NULL, voided INTEGER NOT NULL)",
	"CREATE INDEX approval_bulletin ON approval (bulletin)",
	"CREATE TABLE decision (id INTEGER PRIMARY KEY,"
	" bulletin INTEGER REFERENCES bulletin (row), asked TEXT NOT NULL,"
	" officer TEXT NOT NULL, permit INTEGER NOT NULL, decision TEXT NOT NULL,"
	" facts TEXT NOT NULL, at BIGINT NOT NULL)",
	"CREATE INDEX decision_bulletin ON decision (bulletin)",
	"CREATE TABLE token (secret_digest TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
	" officer TEXT NOT NULL, source TEXT NOT NULL, scopes TEXT NOT NULL,"
	" ends BIGINT NOT NULL, created BIGINT NOT NULL)",
	/* What goes out. One row per far side or block; the same job is never stored twice. */
	"CREATE TABLE delivery (id INTEGER PRIMARY KEY,"
	" bulletin INTEGER NOT NULL REFERENCES bulletin (row), target TEXT NOT NULL,"
	" job_kind INTEGER NOT NULL, block INTEGER NOT NULL, chain TEXT NOT NULL,"
	" level TEXT NOT NULL, correction INTEGER NOT NULL, state TEXT NOT NULL,"
	" began INTEGER NOT NULL, attempt INTEGER NOT NULL, release_order BIGINT NOT NULL,"
	" due BIGINT NOT NULL, expires BIGINT NOT NULL, far_id TEXT NOT NULL,"
	" proof TEXT NOT NULL, reason TEXT NOT NULL, first_sent BIGINT NOT NULL,"
	" updated BIGINT NOT NULL, reached BIGINT NOT NULL, failed BIGINT NOT NULL, done BLOB,"
	" UNIQUE (bulletin, target, job_kind, block))",
	"CREATE INDEX delivery_live ON delivery (state) WHERE state IN "
	"('waiting','sending','unknown')",
	"CREATE INDEX delivery_far_id ON delivery (target, far_id) WHERE far_id <> '';",
	/* What came in. */
	"CREATE TABLE intake (id INTEGER PRIMARY KEY, at BIGINT NOT NULL, way TEXT NOT NULL,"
	" name TEXT NOT NULL, outcome TEXT NOT NULL, problem TEXT NOT NULL,"
	" size BIGINT NOT NULL, bytes BLOB NOT NULL)",
	"CREATE TABLE identity (sender TEXT NOT NULL, identifier TEXT NOT NULL,"
	" sent BIGINT NOT NULL, digest TEXT NOT NULL, bulletin TEXT NOT NULL,"
	" PRIMARY KEY (sender, identifier, sent))",
	"CREATE TABLE idempotent (token TEXT NOT NULL, key TEXT NOT NULL,"
	" request_digest TEXT NOT NULL, status INTEGER NOT NULL, answer TEXT NOT NULL,"
	" at BIGINT NOT NULL, PRIMARY KEY (token, key))",
	/* Numbers. */
	"CREATE TABLE taken_identifier (identifier TEXT PRIMARY KEY, at BIGINT NOT NULL)",
	"CREATE TABLE counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
	/* The hash chain, and where it ends (so that a cut-off tail shows). */
	"CREATE TABLE audit (seq BIGINT PRIMARY KEY, at BIGINT NOT NULL, what TEXT NOT NULL,"
	" ref TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL)",
	"CREATE INDEX audit_ref ON audit (ref, seq)",
	"CREATE TABLE audit_head (chain TEXT PRIMARY KEY, seq BIGINT NOT NULL,"
	" hash TEXT NOT NULL)",
	NULL,
};
/* clang-format on */
