/* SPDX-License-Identifier: Apache-2.0
 * config_check - what one far side or source must be, beyond the kinds of its settings' values. For
 * config_read.c only.
 */
#ifndef TOCSIN_CONFIG_CHECK_H
#define TOCSIN_CONFIG_CHECK_H

#include "config.h"
#include "yaml.h"

/* Where the fault of one key is told; the mapping's own place when the key is not there. */
struct fy_node *config_place(struct fy_node *map, const char *key);
/* Fill in what follows from other settings, too. */
void config_check_target(struct yaml *yaml, struct fy_node *map, const struct config *config,
        struct config_target *target);
void config_check_source(struct yaml *yaml, struct fy_node *map, const struct config *config,
        struct config_source *source);

#endif
