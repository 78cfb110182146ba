/* SPDX-License-Identifier: Apache-2.0
 * cap_feed - a list of messages: Atom (RFC 4287) and RSS (2.0, 1.0, 0.9x).
 *
 * An entry carries its messages, or says where each is. Which of its addresses that is: a link (or
 * enclosure, or content elsewhere) of CAP's media type; else the only link that is no page for
 * people, nor the entry's own; else its id, where that is an address. Two links that may be it are
 * none: nothing is guessed.
 */
#ifndef TOCSIN_CAP_FEED_H
#define TOCSIN_CAP_FEED_H

#include "cap_read.h"

struct cap_feed_item {
	char *id;       /* the entry's id or guid; "" = it has none */
	char *updated;  /* as it stood; "" */
	char *link;     /* where its message is, as it stood, perhaps relative; "" = nowhere */
	char *document; /* the message it carries, as cap_message.document; NULL: it is at `link` */
	size_t len;
};

struct cap_feed {
	struct cap_feed_item *items;
	size_t count; /* at most CAP_MESSAGES_MAX */
	bool cut;     /* there were more */
};

enum cap_feed_kind { CAP_FEED_LIST, CAP_FEED_OTHER, CAP_FEED_BROKEN };
/* OTHER: XML, and no feed. BROKEN: *err says why; nothing is kept. `manner` says what cap_read
 * would be told of the encoding. */
enum cap_feed_kind cap_feed_read(const void *bytes, size_t len, const struct cap_manner *manner,
        struct cap_feed *out, struct err *err);
void cap_feed_finish(struct cap_feed *feed);

#endif
