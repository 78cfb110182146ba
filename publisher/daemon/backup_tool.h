/* SPDX-License-Identifier: Apache-2.0
 * backup_tool - what `tocsind --backup` and `tocsind --restore` do (docs/OPERATING.md, section 7).
 *
 * A backup is a folder of its own, FOLDER/tocsin-YYYYMMDDhhmmss, 0700, which gets its name when all
 * of it is on the disk and was looked at:
 *
 *   record.db      one state of the record
 *   audit.key      what its keyed digests are made with
 *   tocsin.yaml, authority.yaml   settings and policy as they lay on the disk
 *   about          what this is, and what belongs to it and lies elsewhere
 *   SHA256SUMS     of all these, as sha256sum writes and checks it
 */
#ifndef TOCSIN_BACKUP_TOOL_H
#define TOCSIN_BACKUP_TOOL_H

#include "config.h"

/* Beside a tocsind that runs, or without one. folder "": the setting `backups`. Prints the new
 * backup's path. The oldest beyond the setting `backups_keep` are taken away, after this one
 * stands. */
bool backup_tool_make(const struct config *config, const char *folder, struct err *err);

/* A backup becomes the record of this instance, whose state folder holds none; it is held. */
bool backup_tool_restore(const struct config *config, const char *backup, struct err *err);

#endif
