/* SPDX-License-Identifier: Apache-2.0
 * website - the public pages, as files under one folder that any web server may serve:
 *
 *   current -> gen/N            the root of the site; turned by rename, so all lists change at once
 *   gen/N/index.html feed.atom alerts.geojson active.json status.txt, and links to warnings, cap,
 * style.css and map.css; status.txt is the signed index as it came warnings/NAME.html  cap/NAME.xml
 * style.css   one file per bulletin, replaced by rename views/NAME  digest  mode what the channel
 * remembers; not for readers
 *
 * A projection: after every job it shows exactly what is in force, and below it what ended a short
 * while ago. The page of a bulletin that is over says so at its top and points to what ended it.
 * Several jobs in line share one turn of the lists. Fails (deferred) when a file cannot be written;
 * nothing is half shown then. A folder belongs to one mode for ever, so that no drill turns up on
 * the public site.
 */
#include "website.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "channel_types.h"
#include "lists.h"
#include "text.h"
#include "utf8.h"
#include "when.h"

enum { WINDOW = 64, SWEEP_EVERY = 60000 };

#define AT(member) offsetof(struct website, member)

static const struct option rows[] = {
        {"folder", OPTION_TEXT, AT(folder), NULL, 0, 0,
                "The site's folder; the web server's root is FOLDER/current.",
                "网站目录；网页服务器的根目录为其下的 current。"},
        {"public_url", OPTION_TEXT, AT(public_url), NULL, 0, 0,
                "The address under which the public reaches the site, without a slash at the end.",
                "公众访问网站的地址，末尾不带斜杠。"},
        {"title", OPTION_TEXT, AT(title), "突发事件预警信息", 0, 0,
                "The title of the site and its feed.", "网站和订阅源的标题。"},
        {"author", OPTION_TEXT, AT(author), "", 0, 0, "Who runs the site; empty: the title.",
                "网站主办单位；为空时用标题。"},
        {"map", OPTION_TEXT, AT(map_file), "", 0, 0,
                "The district map (map.json, made by draw_map.py) shown beside the lists; empty: "
                "none.",
                "列表旁的分区地图文件（map.json，由 draw_map.py 生成）；为空则不显示地图。"},
        {"look_back", OPTION_SECONDS, AT(look_back), "0", 0, 600000,
                "The site must show under public_url, within this time, what was written; this "
                "machine must reach it there as the public does. 0: it is not looked.",
                "写入的内容须在此时间内由 public_url 对外显示；本机须能像公众一样访问它。0 "
                "表示不查。"},
        HTTP_OPTIONS(struct website, rules),
        {"keep_ended_hours", OPTION_NUMBER, AT(keep_ended_hours), "24", 0, 8760,
                "How long lists and feed still name what has ended, in hours.",
                "已结束的信息在列表和订阅源中保留的小时数。"},
        {0},
};

/* A folder another mode has used is refused. */
static bool claim_folder(const struct website *site, struct err *err)
{
	const char *mode = mode_text(site->channel.mode);
	struct buf before;

	buf_init(&before, 64);
	bool there = site_read(site, "mode", &before) && before.len;
	bool ours = !there || strcmp(before.data, mode) == 0;
	if (!ours)
		err_set(err, ERR_CONFIG, "网站目录 %s 属于 %s 模式，不能用于 %s 模式",
		        "the site's folder %s belongs to mode %s, not %s", site->folder,
		        before.data, mode);
	buf_finish(&before);
	return ours && (there || site_write(site, "mode", mode, strlen(mode), err));
}

static void read_generation(struct website *site)
{
	char target[64] = "";
	char *path = mem_format("%s/current", site->folder);
	ssize_t len = readlink(path, target, sizeof target - 1);

	free(path);
	if (len > 4 && strncmp(target, "gen/", 4) == 0)
		site->generation = strtol(target + 4, NULL, 10);
}

/* Never furnished, or emptied under us: a new disk, a hand that cleaned up. */
static bool bare(const struct website *site)
{
	static const char *const needed[] = {"mode", "style.css", "map.css", "views", "gen",
	        TEXT_PAGE_DIR, TEXT_CAP_DIR, "current/index.html"};

	for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
		if (!site_has(site, needed[i]))
			return true;
	return false;
}

static void read_digest(struct website *site)
{
	struct buf bytes;

	buf_init(&bytes, DIGEST_HEX);
	*site->digest = '\0';
	if (site_read(site, "digest", &bytes) && bytes.len && digest_is_hex(bytes.data) &&
	        !bare(site))
		snprintf(site->digest, sizeof site->digest, "%s", bytes.data);
	buf_finish(&bytes);
}

static void site_close(struct channel *channel)
{
	struct website *site = (struct website *)channel;

	while (site->item_count)
		site_drop(site, site->item_count - 1, false);
	free(site->items);
	site->ended_era = 0;
	site->items = NULL;
	free(site->index);
	site->index = NULL;
	map_finish(&site->map);
	site_look_close(site);
}

/* The signed index of before, so that no generation goes without one. */
static void read_index(struct website *site)
{
	struct buf bytes;

	buf_init(&bytes, STATUS_MOST_BYTES);
	if (site_read(site, "current/status.txt", &bytes) && bytes.len)
		site->index = buf_take(&bytes);
	buf_finish(&bytes);
}

static bool site_open(struct channel *channel, struct err *err)
{
	struct website *site = (struct website *)channel;

	site_close(channel);
	if (!site_look_open(site, err) || !site_folders(site, err) || !claim_folder(site, err) ||
	        !site_write(site, "style.css", page_style(), strlen(page_style()), err) ||
	        !site_write(site, "map.css", map_style(), strlen(map_style()), err))
		return false;
	site_read_map(site);
	site_load(site);
	read_generation(site);
	read_digest(site);
	read_index(site);
	return site->digest[0] || site_publish_lists(site, when_now(), err);
}

static void take_index(struct website *site, const struct channel_job *job)
{
	struct buf sealed;

	buf_init(&sealed, STATUS_MOST_BYTES);
	status_seal(job->form, job->signature, &sealed);
	free(site->index);
	site->index = buf_take(&sealed);
	buf_finish(&sealed);
}

/* While it is not known what the site shows, each job brings all that is in force. */
static bool put_job(struct website *site, const struct channel_job *job, struct err *err)
{
	bool all = job->kind == CHANNEL_STATE || !site->digest[0];

	if (job->kind == CHANNEL_NOTE) {
		take_index(site, job);
		return true;
	}
	if (job->kind == CHANNEL_ISSUE && !site_issue(site, job, err))
		return false;
	for (size_t i = 0; i < job->active_count && all; i++)
		if (!site_restore(site, job->active[i], err))
			return false;
	return site_end_others(site, job, when_now(), err);
}

static void answer(const struct website *site, struct channel_work *work,
        const struct channel_job *job, const struct err *why)
{
	struct channel_receipt receipt = {.verdict = why ? CHANNEL_DEFERRED : CHANNEL_DELIVERED};

	if (why)
		snprintf(receipt.reason, sizeof receipt.reason, "%.*s",
		        (int)utf8_cut(why->en, sizeof receipt.reason - 1), why->en);
	else
		snprintf(receipt.proof, sizeof receipt.proof, "shown in generation %ld%s%s",
		        site->generation, site->no_map ? ", without the map: " : "",
		        site->no_map ? site->no_map : "");
	work_done(work, job, -1, &receipt);
}

/* What the lists show after these jobs; a note changes nothing in it. */
static const char *digest_after(
        const struct website *site, const struct channel_job *const *jobs, size_t count)
{
	while (count-- > 0)
		if (jobs[count]->kind != CHANNEL_NOTE)
			return jobs[count]->active_digest;
	return site->digest;
}

/* The digest changes only when every job of the turn was done: a page that is missing must not be
 * hidden behind a digest that says it is there. */
static bool turn_lists(struct website *site, const char *digest, bool all_good, struct err *err)
{
	char before[DIGEST_HEX];

	snprintf(before, sizeof before, "%s", site->digest);
	if (digest != site->digest || !all_good)
		snprintf(site->digest, sizeof site->digest, "%s", all_good ? digest : "");
	if (site_publish_lists(site, when_now(), err))
		return true;
	snprintf(site->digest, sizeof site->digest, "%s", before);
	return false;
}

/* Begun anew where it is bare; what had ended is forgotten then. */
static bool furnish(struct channel *channel, struct channel_work *work)
{
	struct website *site = (struct website *)channel;
	const struct channel_job *job;
	struct err err = {0};

	if (!bare(site) || site_open(channel, &err))
		return true;
	while ((job = work_take(work)))
		answer(site, work, job, &err);
	return false;
}

static void site_deliver(struct channel *channel, struct channel_work *work)
{
	struct website *site = (struct website *)channel;
	const struct channel_job *jobs[WINDOW];
	size_t count;

	if (!furnish(channel, work))
		return;
	do {
		struct err err = {0};
		bool all_good = true;
		for (count = 0; count < WINDOW && (jobs[count] = work_take(work));) {
			struct channel_receipt refusal;
			if (!channel_carries(channel, jobs[count], &refusal)) {
				work_done(work, jobs[count], -1, &refusal);
				continue;
			}
			if (put_job(site, jobs[count], &err)) {
				count++;
				continue;
			}
			all_good = false;
			answer(site, work, jobs[count], &err);
		}
		bool turned =
		        count && turn_lists(site, digest_after(site, jobs, count), all_good, &err);
		for (size_t i = 0; i < count; i++)
			answer(site, work, jobs[i], turned ? NULL : &err);
		if (turned)
			site_remove_old(site); /* nobody waits for that */
	} while (count);
}

/* Once a minute: what ended too long ago leaves the lists; its page stays. */
static void site_tend(struct channel *channel, struct channel_work *work)
{
	struct website *site = (struct website *)channel;
	int64_t oldest = when_now() - (int64_t)site->keep_ended_hours * 3600000;
	bool changed = false;

	site_look_back(site, work);
	if (when_boot() < site->next_sweep)
		return;
	site->next_sweep = when_boot() + SWEEP_EVERY;
	for (size_t i = site->item_count; i-- > 0;) {
		const struct site_item *item = &site->items[i];
		int64_t since = item->ended ? item->ended : item->view.sent;
		if (item->in_force || since >= oldest)
			continue;
		site_drop(site, i, true);
		changed = true;
	}
	if (changed && site_publish_lists(site, when_now(), NULL))
		site_remove_old(site);
}

static void site_held(struct channel *channel, char digest[65])
{
	struct website *site = (struct website *)channel;

	read_digest(site);
	snprintf(digest, DIGEST_HEX, "%s", site->digest);
}

static bool site_look(struct channel *channel, const char *far_id, struct buf *out, struct err *err)
{
	const struct website *site = (const struct website *)channel;
	char *path = site_path(TEXT_PAGE_DIR, far_id, ".html");
	bool there = site_read(site, path, out);

	free(path);
	return there || err_set(err, ERR_MISSING, "网站上没有 %s 的页面",
	                        "the site has no page of %s", far_id);
}

const struct channel_type channel_website = {
        .name = "website",
        .size = sizeof(struct website),
        .options = rows,
        .takes_key = true,
        .projection = true,
        .notes = 1u << STATUS_INDEX,
        .window = WINDOW,
        .open = site_open,
        .deliver = site_deliver,
        .tend = site_tend,
        .held = site_held,
        .look = site_look,
        .close = site_close,
};
