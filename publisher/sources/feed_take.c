/* SPDX-License-Identifier: Apache-2.0
 * feed_take - see feed_take.h. What cannot be fetched now is tried again, at growing intervals up
 * to an hour, as long as the feed lists it; nothing is ever taken for a cancel.
 */
#include "feed_take.h"

#include <stdlib.h>
#include <string.h>

#include "cap_feed.h"
#include "log.h"
#include "utf8.h"
#include "when.h"

/* A site that is down shall not hold up the look at the feed itself: after so many in a row the
 * others wait for the next. */
enum { MESSAGE_MAX = 1000000, NAME_MAX_BYTES = 200, FAILED_MAX = 5, WAIT_MOST = 3600000 };

static void wait_again(const struct feed_look *look, struct seen *seen)
{
	int64_t wait = look->feed->every;

	for (int i = 0; i < seen->tries && wait < WAIT_MOST; i++)
		wait *= 2;
	seen->state = SEEN_WAITS;
	seen->tries++;
	seen->next = when_boot() + (wait < WAIT_MOST ? wait : WAIT_MOST);
}

/* Refused is what stands in the feed itself for good: other words make another entry. What a link
 * led to may have been a page that says "later" in a 200, and the warning comes after it. */
static void after_refusal(
        const struct feed_look *look, struct seen *seen, bool linked, const char *bytes, size_t len)
{
	if (linked) {
		digest_sha256(bytes, len, seen->refused);
		wait_again(look, seen);
	} else {
		seen->state = SEEN_DONE;
	}
}

/* false: the line broke. */
static bool hand_in(struct feed_look *look, struct seen *seen, const char *name, bool linked,
        const char *bytes, size_t len)
{
	struct err err = {0};
	enum handed handed = HANDED_REFUSED;

	if (len > MESSAGE_MAX)
		err_set(&err, ERR_TOO_BIG, "%zu 字节，超过上限 %d", "%zu bytes, the limit is %d",
		        len, MESSAGE_MAX);
	else
		handed = hand_in_bytes(look->line, name, bytes, len, &err);
	if (handed == HANDED_TAKEN)
		log_event(LOG_INFO, "handed-in", "entry", name, NULL);
	else if (handed == HANDED_REFUSED)
		log_event(LOG_WARN, "refused", "entry", name, "reason", err.en, NULL);
	if (handed == HANDED_TAKEN)
		seen->state = SEEN_DONE;
	else if (handed == HANDED_REFUSED)
		after_refusal(look, seen, linked, bytes, len);
	else
		wait_again(look, seen);
	look->memory->changed = true;
	return handed != HANDED_LOST;
}

/* A page that says the file is gone, or a form to sign in, is no message whatever its status. */
static bool looks_like_xml(const char *bytes, size_t len)
{
	size_t i = len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	if (len >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0))
		return true;
	while (i < len && strchr(" \t\r\n", bytes[i]) && bytes[i])
		i++;
	return i < len && bytes[i] == '<';
}

static bool was_refused(const struct seen *seen, const struct http_answer *answer)
{
	char digest[DIGEST_HEX];

	digest_sha256(answer->body.data, answer->body.len, digest);
	return strcmp(digest, seen->refused) == 0;
}

/* false: the line broke. */
static bool take_link(struct feed_look *look, struct seen *seen, const char *name, const char *link)
{
	char *url = http_url_join(look->feed->url, link);
	struct http_answer answer = {0};
	struct err err = {0};
	bool alive = true;
	enum fetched fetched = url ? feed_fetch(look->feed, look->http, url, MESSAGE_MAX, NULL,
	                                     NULL, &answer, &err)
	                           : FETCH_REFUSED;

	if (!url)
		err_set(&err, ERR_DENIED, "链接不是网址", "its link is no address");
	if (fetched == FETCHED && !looks_like_xml(answer.body.data, answer.body.len)) {
		err_set(&err, ERR_INPUT, "链接处不是 XML", "what is there is no XML");
		fetched = FETCH_FAILED;
	}
	look->failed = fetched == FETCH_FAILED ? look->failed + 1 : 0;
	if (fetched == FETCHED && was_refused(seen, &answer)) {
		wait_again(look, seen);
	} else if (fetched == FETCHED) {
		alive = hand_in(look, seen, name, true, answer.body.data, answer.body.len);
	} else if (fetched == FETCH_REFUSED) {
		seen->state = SEEN_BARRED;
		log_event(LOG_WARN, "link-refused", "entry", name, "reason", err.en, NULL);
	} else {
		wait_again(look, seen);
		log_event(LOG_WARN, "not-fetched", "entry", name, "reason", err.en, NULL);
	}
	http_answer_finish(&answer);
	free(url);
	return alive;
}

static char *name_of(const struct cap_feed_item *item)
{
	const char *name = *item->id ? item->id : *item->link ? item->link : "(entry)";
	char *text = mem_text_n(name, utf8_cut(name, NAME_MAX_BYTES));

	utf8_one_line(text);
	return text;
}

/* What makes an entry another one: its id, its moment, and what it carries or leads to. */
static void key_of(const struct cap_feed_item *item, char key[DIGEST_HEX])
{
	struct digest_stream *stream = digest_begin();

	digest_more(stream, item->id, strlen(item->id) + 1);
	digest_more(stream, item->updated, strlen(item->updated) + 1);
	digest_more(stream, item->link, strlen(item->link) + 1);
	if (item->document)
		digest_more(stream, item->document, item->len);
	digest_end(&stream, key);
}

/* false: the line broke. */
static bool take_item(struct feed_look *look, const struct cap_feed_item *item)
{
	char key[DIGEST_HEX];
	bool alive = true;

	key_of(item, key);
	struct seen *seen = feed_memory_at(look->memory, key);

	seen->listed = true;
	if (seen->state == SEEN_DONE || seen->state == SEEN_BARRED ||
	        (seen->state == SEEN_WAITS && seen->next > when_boot()))
		return true;
	char *name = name_of(item);

	if (item->document) {
		alive = hand_in(look, seen, name, false, item->document, item->len);
	} else if (*item->link) {
		alive = look->failed >= FAILED_MAX || take_link(look, seen, name, item->link);
	} else {
		seen->state = SEEN_BARRED;
		log_event(LOG_WARN, "no-link", "entry", name, "reason",
		        "it carries no message, and none of its links is surely the one", NULL);
	}
	free(name);
	return alive;
}

/* From its end: lists have the newest first, and what an update updates shall be there before it.
 */
static bool take_list(
        struct feed_look *look, const struct cap_feed *list, const volatile sig_atomic_t *stop)
{
	bool alive = true;
	size_t left = list->count;

	look->failed = 0;
	while (alive && !*stop && left > 0)
		alive = take_item(look, &list->items[--left]);
	if (list->cut)
		log_event(LOG_ERROR, "feed-cut", "reason", "it has more than 1000 entries", NULL);
	look->again = !alive || left > 0;
	if (!look->again)
		feed_memory_sweep(look->memory);
	return alive;
}

/* One document: again when it has changed. */
static bool take_whole(struct feed_look *look, const char *bytes, size_t len)
{
	const struct cap_feed_item item = {.id = (char *)"feed",
	        .updated = (char *)"",
	        .link = (char *)"",
	        .document = (char *)bytes,
	        .len = len};
	bool alive = take_item(look, &item);

	feed_memory_sweep(look->memory);
	look->again = false;
	return alive;
}

bool feed_take(
        struct feed_look *look, const char *bytes, size_t len, const volatile sig_atomic_t *stop)
{
	struct cap_manner manner = {.lenient = true, .encoding = look->feed->encoding};
	struct cap_feed list = {0};
	struct err err = {0};
	enum cap_feed_kind kind = CAP_FEED_OTHER;
	bool alive = true;

	if (looks_like_xml(bytes, len))
		kind = cap_feed_read(bytes, len, &manner, &list, &err);
	if (kind == CAP_FEED_LIST)
		alive = take_list(look, &list, stop);
	else if (kind == CAP_FEED_OTHER)
		alive = take_whole(look, bytes, len);
	else
		log_event(LOG_ERROR, "feed-unreadable", "reason", err.en, NULL);
	look->again = look->again || kind == CAP_FEED_BROKEN;
	cap_feed_finish(&list);
	return alive;
}
