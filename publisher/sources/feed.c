/* SPDX-License-Identifier: Apache-2.0
 * feed - see feed.h: the settings, and one look after another. What a look finds is handed in by
 * feed_take.c.
 */
#include "feed.h"

#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "cap_read.h"
#include "feed_take.h"
#include "log.h"
#include "when.h"

enum { PAUSE_MOST = 3600000 };

static const struct option rows[] = {
        {"url", OPTION_TEXT, offsetof(struct feed, url), NULL, 0, 0,
                "Address of the feed: Atom, RSS, or one document (CAP, EDXL-DE, JSON).",
                "订阅源地址：Atom、RSS，或单个文档（CAP、EDXL-DE、JSON）。"},
        {"memory", OPTION_TEXT, offsetof(struct feed, memory), NULL, 0, 0,
                "File that remembers which entries are done with, in a folder of this source's "
                "own.",
                "记住已处理条目的文件，放在该来源自己的目录里。"},
        {"every", OPTION_SECONDS, offsetof(struct feed, every), "60", 200, 86400000,
                "How often to look.", "查看间隔。"},
        {"timeout", OPTION_SECONDS, offsetof(struct feed, timeout), "10", 100, 60000,
                "How long fetching one document may take, redirects and all.",
                "取一个文档（含重定向）的最长时间。"},
        {"limit", OPTION_NUMBER, offsetof(struct feed, limit), "8388608", 1024, CAP_LIMIT_FEED,
                "Largest feed, in bytes; a message is held to 1000000.",
                "订阅源的最大字节数；单条报文不超过 1000000。"},
        {"hosts", OPTION_LIST, offsetof(struct feed, hosts), "", 0, 0,
                "Other sites that links and redirects may lead to, host or host:port (a host alone "
                "is its https). Empty: the feed's own only.",
                "链接和重定向还可去往的站点： 主机名（即其 https）或 主机名:端口； "
                "留空只限自身站点。"},
        {"inside", OPTION_LIST, offsetof(struct feed, inside), "", 0, 0,
                "Addresses or ranges that may be connected to although they are no public ones "
                "(loopback, private ...).",
                "允许连接的非公网地址或网段（本机、内网等）。"},
        {"header", OPTION_SECRET, offsetof(struct feed, header), "", 0, 0,
                "File whose first line is a header (Authorization: ...) sent to the feed's own "
                "site and no other.",
                "其首行为请求头（如 Authorization: ...）的文件，只发给订阅源自身的站点。"},
        {"encoding", OPTION_TEXT, offsetof(struct feed, encoding), "", 0, 0,
                "Encoding of a feed that is not UTF-8 and names no other, as the source's setting "
                "of this name.",
                "订阅源不是 UTF-8 又没有声明编码时采用的编码，同来源设置 encoding。"},
        HTTP_OPTIONS(struct feed, rules),
        {0},
};

void feed_manual(struct buf *out)
{
	option_manual(rows, out);
}

static bool check_encoding(const struct feed *feed, struct err *err)
{
	return !*feed->encoding || cap_encoding_known(feed->encoding) ||
	       err_set(err, ERR_CONFIG, "不认识 encoding：%s", "there is no encoding %s",
	               feed->encoding);
}

static bool check_inside(const struct feed *feed, struct err *err)
{
	for (size_t i = 0; i < feed->inside.count; i++)
		if (!address_range_valid(feed->inside.items[i]))
			return err_set(err, ERR_CONFIG, "inside：%s 不是地址或网段",
			        "inside: %s is no address or range", feed->inside.items[i]);
	return true;
}

static bool check_header(const struct feed *feed, struct err *err)
{
	return !*feed->header || (http_header_safe(feed->header) && strchr(feed->header, ':')) ||
	       err_set(err, ERR_CONFIG, "header 文件首行应为“名称: 值”",
	               "the first line of the file of header must be \"Name: value\"");
}

/* Its own site first: feed_fetch.c counts on it. */
static bool take_sites(struct feed *feed, struct err *err)
{
	char *own = http_url_site(feed->url);
	bool ok = http_url_allowed(&feed->rules, feed->url, err) && own;

	if (ok)
		texts_add(&feed->sites, own);
	free(own);
	for (size_t i = 0; ok && i < feed->hosts.count; i++) {
		char *url = mem_format("https://%s", feed->hosts.items[i]);
		char *site = strpbrk(feed->hosts.items[i], "/?#@") ? NULL : http_url_site(url);

		if (site)
			texts_add(&feed->sites, site);
		else
			ok = err_set(err, ERR_CONFIG, "hosts：%s 不是主机名或 主机名:端口",
			        "hosts: %s is no host or host:port", feed->hosts.items[i]);
		free(site);
		free(url);
	}
	return ok;
}

static bool feed_init(struct feed *feed, struct hand_in *line, struct err *err)
{
	*feed = (struct feed){0};
	feed->rules.inside = &feed->inside;
	return hand_in_options(line, rows, feed, err) && check_encoding(feed, err) &&
	       check_inside(feed, err) && check_header(feed, err) && take_sites(feed, err);
}

/* Said when it changes, not at every look. */
static void say_away(struct feed_look *look, const struct err *err)
{
	if (err && !look->away)
		log_event(LOG_WARN, "feed-away", "reason", err->en, NULL);
	else if (!err && look->away)
		log_event(LOG_INFO, "feed-back", NULL);
	look->away = err != NULL;
}

/* How long until the next look; 0: the line broke. */
static int look_once(struct feed_look *look, const volatile sig_atomic_t *stop)
{
	struct feed_memory *memory = look->memory;
	bool anew = look->again || feed_memory_due(memory, when_boot());
	struct http_answer answer;
	struct err err = {0};
	bool alive = true;
	enum fetched fetched =
	        feed_fetch(look->feed, look->http, look->feed->url, (size_t)look->feed->limit,
	                anew ? NULL : memory->etag, anew ? NULL : memory->modified, &answer, &err);
	int64_t pause =
	        answer.retry_after > look->feed->every ? answer.retry_after : look->feed->every;

	say_away(look, fetched == FETCHED || fetched == FETCH_SAME ? NULL : &err);
	if (fetched == FETCHED) {
		alive = feed_take(look, answer.body.data, answer.body.len, stop);
		/* Of what was not read to its end nothing may say "the same" next time. */
		feed_memory_answer(memory, look->again ? NULL : answer.etag,
		        look->again ? NULL : answer.modified);
	}
	feed_memory_save(memory);
	http_answer_finish(&answer);
	return !alive ? 0 : pause < PAUSE_MOST ? (int)pause : PAUSE_MOST;
}

bool feed_run(struct hand_in *line, const volatile sig_atomic_t *stop, struct err *err)
{
	struct feed feed;
	struct feed_memory memory = {0};
	bool ok = feed_init(&feed, line, err);

	if (ok) {
		struct http *http = http_create(&feed.rules);
		struct feed_look look = {
		        .feed = &feed, .memory = &memory, .http = http, .line = line};
		int wait = 1;

		feed_memory_open(&memory, feed.memory, feed.url);
		while (!*stop && (wait = look_once(&look, stop)) && hand_in_wait(line, wait))
			continue;
		feed_memory_close(&memory);
		http_destroy(&http);
	}
	texts_finish(&feed.sites);
	option_finish(&feed, rows);
	return ok;
}
