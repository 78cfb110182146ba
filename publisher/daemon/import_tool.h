/* SPDX-License-Identifier: Apache-2.0
 * import_tool - `tocsind --import-recipients FILE`: a CSV of recipients becomes a directory that
 * two administrators can put in force. Runs beside the tocsind that serves.
 */
#ifndef TOCSIN_IMPORT_TOOL_H
#define TOCSIN_IMPORT_TOOL_H

#include "config.h"

/* errors: where faulty lines are written down; NULL = nowhere. Prints what the import found, and
 * what to do next. */
bool import_tool_run(
        const struct config *config, const char *file, const char *errors, struct err *err);

#endif
