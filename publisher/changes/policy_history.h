/* SPDX-License-Identifier: Apache-2.0
 * policy_history - which policy is in force: the newest version of the record, led to from the
 * installed file step by step, each by two administrators' proofs under the one before.
 *
 * The file in the settings is the first installation only. Root replaces it deliberately
 * (tocsind --install-policy); a file that was changed otherwise does not count, and says so.
 */
#ifndef TOCSIN_POLICY_HISTORY_H
#define TOCSIN_POLICY_HISTORY_H

#include "house.h"

/* At the start: installs the first one, or walks and verifies the whole history. false: *err. */
bool policy_history_open(struct house *house, struct store *reader, struct err *err);

/* Brings house->policy to the record's newest, step by step, each by its two proofs: what somebody
 * wrote into the record behind our back does not count while we run either. Any thread with a
 * reader. */
bool policy_history_refresh(struct house *house, struct store *reader, struct err *err);
/* A chore, and done at once after a change: the same, and said once when it cannot be. */
void policy_history_keep_up(struct house *house, struct store *reader, int64_t now);

/* Can the settings' file be read at all? Asked before anything is opened. */
bool policy_history_file_reads(const struct config *config, struct err *err);

/* Is the settings' file still the one installed? *err says what is wrong with it. */
bool policy_history_file_holds(struct house *house, struct store *reader, struct err *err);
/* A chore: a file that was changed while we run is said aloud at once, for the next start would be
 * refused, and that may be in the night. */
void policy_history_watch(struct house *house, struct store *reader, int64_t now);

/* The tool: puts the settings' file into a record nobody runs on, as root's act. */
bool policy_history_install(const struct config *config, struct err *err);

/* The policy in force by a record, for tools: the newest version, or the file when there is none
 * yet. */
struct policy *policy_history_tool_read(
        struct store *store, const struct config *config, struct err *err);

#endif
