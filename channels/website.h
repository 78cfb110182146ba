/* SPDX-License-Identifier: Apache-2.0
 * website - the inside of the website channel, shared by website*.c only. The layout is in
 * website.c.
 */
#ifndef TOCSIN_WEBSITE_H
#define TOCSIN_WEBSITE_H

#include "channel.h"
#include "district_map.h"
#include "http.h"

/* A bulletin the site shows: in force, ended not long ago, or one that only announces an end (a
 * Cancel). */
struct site_item {
	struct view view;
	bool in_force;
	int64_t ended; /* when_now() ms; 0 = it has not */
	char *by;      /* identifier of what ended it; "" = it expired, or has not ended */
	bool unsaid;   /* it has, and its page or its file does not say so yet */
};

struct website {
	struct channel channel;
	char *folder, *public_url, *title, *author, *map_file;
	long keep_ended_hours;
	struct site_item *items;
	size_t item_count;
	int64_t ended_era; /* channel_job.active_era at which all that had ended was; 0 = unknown */
	long generation;
	char digest[DIGEST_HEX]; /* of the set the lists show; "" = not known */
	int64_t sequence;
	int64_t next_sweep; /* when_boot() ms */
	struct district_map map;
	const char *no_map; /* why there is none although there should be; NULL = all is well */
	char *index;        /* the signed index (status.h), sealed; NULL = none came yet */

	struct http_rules rules;
	long look_back;          /* ms; 0 = what the public sees is not looked at */
	struct http *http;       /* NULL = it is not */
	int64_t next_look;       /* when_boot() ms */
	int64_t shown;           /* when_boot() ms: the last time the public saw what was written */
	char wanted[DIGEST_HEX]; /* of the set, when the last look began */
	bool hidden;
};

/* website_store.c: files. Every one appears whole, by rename; false: *err names the file and the
 * cause. */
bool site_folder(const struct website *site, const char *name, struct err *err);
bool site_folders(const struct website *site, struct err *err);
bool site_write(const struct website *site, const char *path, const void *bytes, size_t len,
        struct err *err);
bool site_read(const struct website *site, const char *path,
        struct buf *out); /* false: none, or too large */
char *site_path(
        const char *dir, const char *identifier, const char *end); /* relative; the caller's */
bool site_has(const struct website *site, const char *path);
void site_load(struct website *site);
bool site_save_item(const struct website *site, const struct site_item *item, struct err *err);
struct site_item *site_find(struct website *site, const char *identifier); /* or NULL */
struct site_item *site_add(struct website *site, const struct view *view); /* a copy */
void site_drop(struct website *site, size_t index, bool file_too);

/* website_page.c */
bool site_issue(struct website *site, const struct channel_job *job, struct err *err);
bool site_restore(struct website *site, const struct channel_bulletin *bulletin, struct err *err);
bool site_end_others(
        struct website *site, const struct channel_job *job, int64_t now, struct err *err);

/* website_map.c */
void site_read_map(struct website *site);

/* website_look.c: the site as the public has it. */
bool site_look_open(struct website *site, struct err *err);
void site_look_close(struct website *site);
void site_look_back(struct website *site, struct channel_work *work); /* at each turn */

/* website_lists.c: index, feed, map and data as one generation. */
bool site_publish_lists(struct website *site, int64_t now, struct err *err);
void site_remove_old(const struct website *site); /* generations that nobody reads any more */

#endif
