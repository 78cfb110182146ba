/* SPDX-License-Identifier: Apache-2.0
 * options - making an instance of a channel type from settings, and taking it apart.
 */
#ifndef TOCSIN_OPTIONS_H
#define TOCSIN_OPTIONS_H

#include "channel.h"

struct channel_setting {
	char *name, *value; /* lists repeat */
};

/* A zeroed instance with its options filled in and its head's `type` set; not opened. NULL: *err
 * names the setting (unknown, out of its limits, missing, a secret that cannot be read). */
struct channel *channel_create(const struct channel_type *type,
        const struct channel_setting *settings, size_t count, struct err *err);
/* Is every secret file among the settings one of this mode? (mode_tag.h) */
bool channel_secrets_fit(const struct channel_type *type, const struct channel_setting *settings,
        size_t count, enum mode mode, struct err *err);
void channel_destroy(struct channel **channel); /* closes it and wipes its secrets */

#endif
