/* SPDX-License-Identifier: Apache-2.0
 * draft_plain - what the table of sentences adds to a draft: a plain paragraph below the Chinese
 * description, an English info. Made from the message alone, so that a form can tell both again.
 */
#ifndef TOCSIN_DRAFT_PLAIN_H
#define TOCSIN_DRAFT_PLAIN_H

#include "draft.h"

/* The draft's message, settled; notes gain what the table had to say generally. false + *err: it
 * cannot be said whole, and nothing was added. */
bool draft_add_plain(struct draft *draft, const struct draft_rules *rules, struct err *err);
bool draft_add_english(struct draft *draft, const struct draft_rules *rules, struct err *err);

/* Is the second info, the last, what draft_add_english() makes of the first? Of `rules` catalog and
 * phrases are looked at. */
bool draft_english_is_ours(const struct bulletin *bulletin, const struct cap_alert *alert,
        const struct draft_rules *rules);
/* The description without the plain paragraph; the caller's. NULL: it has none of ours. */
char *draft_without_plain(const struct bulletin *bulletin, const struct cap_alert *alert,
        const struct draft_rules *rules);

#endif
