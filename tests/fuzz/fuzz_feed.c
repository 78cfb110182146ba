/* SPDX-License-Identifier: Apache-2.0
 * fuzz_feed - any bytes into the reader of Atom and RSS. Beyond not crashing: an address has no
 * blanks around it, a message that was taken out is one to the lenient reader too, and there are no
 * more than it may give.
 */
#include <string.h>

#include "cap_feed.h"
#include "fuzz.h"

static void look_at(const struct cap_feed_item *item)
{
	struct cap_manner manner = {.lenient = true};
	struct cap_messages messages;

	must(item->id && item->updated && item->link);
	must(!*item->link || !strchr(" \t\r\n", *item->link));
	if (!item->document)
		return;
	cap_read(item->document, item->len, &manner, &messages);
	must(messages.count == 1 || messages.problems.errors);
	cap_messages_finish(&messages);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct cap_manner manner = {.lenient = true};
	struct cap_feed feed;
	struct err err = {0};
	enum cap_feed_kind kind = cap_feed_read(bytes, len, &manner, &feed, &err);

	must(kind != CAP_FEED_BROKEN || err.kind != ERR_NONE);
	must(kind == CAP_FEED_LIST || feed.count == 0);
	must(feed.count <= CAP_MESSAGES_MAX);
	for (size_t i = 0; i < feed.count; i++)
		look_at(&feed.items[i]);
	cap_feed_finish(&feed);
	return 0;
}
