/* SPDX-License-Identifier: Apache-2.0
 * config_rows - the tables of every setting: for config_read.c and config.c only.
 */
#ifndef TOCSIN_CONFIG_ROWS_H
#define TOCSIN_CONFIG_ROWS_H

#include "option.h"

extern const struct option config_settings[];
extern const struct option config_target_settings[];
extern const struct option config_source_settings[];

#endif
