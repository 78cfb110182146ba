/* SPDX-License-Identifier: Apache-2.0
 * schema_versions - the statements that lead from each version of the record to the next.
 *
 * SQL within what SQLite and PostgreSQL's relatives share: words are TEXT (so that a person reads
 * the tables with any tool), moments are BIGINT milliseconds, lists are lines. The two things
 * another engine spells differently are BLOB and `INTEGER PRIMARY KEY` (numbers given by the
 * database). A version that was released is never changed: the next one is added.
 */
#ifndef TOCSIN_SCHEMA_VERSIONS_H
#define TOCSIN_SCHEMA_VERSIONS_H

extern const char *const schema_version_1[]; /* each ends with NULL */
extern const char *const schema_version_2[];
extern const char *const schema_version_3[];
extern const char *const schema_version_4[];
extern const char *const schema_version_5[];
extern const char *const schema_version_6[];
extern const char *const schema_version_7[];
extern const char *const schema_version_8[];
extern const char *const schema_version_9[];
extern const char *const schema_version_10[];
extern const char *const schema_version_11[];
extern const char *const schema_version_12[];
extern const char *const schema_version_13[];
extern const char *const schema_version_14[];
extern const char *const schema_version_15[];
extern const char *const schema_version_16[];
extern const char *const schema_version_17[];
extern const char *const schema_version_18[];

#endif
