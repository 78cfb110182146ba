/* SPDX-License-Identifier: Apache-2.0
 * website_page - the page and the CAP file of each bulletin: put there, made again after a loss,
 * and replaced by a page that says so when the bulletin is over. False: *err names the file that
 * could not be written.
 */
#include "website.h"

#include <stdlib.h>
#include <string.h>

#include "lists.h"
#include "lookup.h"
#include "text.h"

static bool put_page(
        const struct website *site, const char *identifier, const char *html, struct err *err)
{
	char *path = site_path(TEXT_PAGE_DIR, identifier, ".html");
	bool good = site_write(site, path, html, strlen(html), err);

	free(path);
	return good;
}

static bool put_cap(
        const struct website *site, const struct channel_bulletin *bulletin, struct err *err)
{
	char *path = site_path(TEXT_CAP_DIR, bulletin->view.identifier, ".xml");
	bool good = site_write(site, path, bulletin->cap, bulletin->cap_len, err);

	free(path);
	return good;
}

/* The page again from the view, as it was approved: the renderer and the moment are the same. */
static bool put_page_again(
        const struct website *site, const struct channel_bulletin *bulletin, struct err *err)
{
	struct buf page, filled;

	buf_init(&page, 0);
	buf_init(&filled, 0);
	bool good = text_render("website", &bulletin->view, NULL, &page, NULL, err);
	if (good) {
		text_fill_sent(page.data, bulletin->view.sent, &filled);
		good = put_page(site, bulletin->view.identifier, filled.data, err);
	}
	buf_finish(&page);
	buf_finish(&filled);
	return good;
}

static const struct view *ended_by(const struct website *site, const struct site_item *item)
{
	for (size_t i = 0; i < site->item_count; i++)
		if (strcmp(site->items[i].view.replaces, item->view.identifier) == 0)
			return &site->items[i].view;
	return NULL;
}

static bool end_item(struct website *site, struct site_item *item, int64_t now, struct err *err)
{
	const struct view *by = ended_by(site, item);
	struct buf page;

	buf_init(&page, 0);
	text_page_ended(&item->view, by, &page);
	bool good = put_page(site, item->view.identifier, page.data, err);
	buf_finish(&page);
	item->in_force = false;
	item->ended = now;
	free(item->by);
	item->by = mem_text(by ? by->identifier : "");
	item->unsaid = !good || !site_save_item(site, item, err);
	return !item->unsaid;
}

/* It came last, or nearly so. */
static bool in_active(const struct channel_job *job, const char *identifier)
{
	for (size_t i = job->active_count; i-- > 0;)
		if (strcmp(job->active[i]->view.identifier, identifier) == 0)
			return true;
	return false;
}

/* The set has only grown since the site was looked through, and what came is in it. */
static bool nothing_ended(struct website *site, const struct channel_job *job)
{
	if (!job->active_era || job->active_era != site->ended_era)
		return false;
	const struct view *view = job->bulletin ? &job->bulletin->view : NULL;
	const struct site_item *item = view ? site_find(site, view->identifier) : NULL;
	return !item || item->in_force || verb_ends_chain(view->verb);
}

static bool end_all_but(
        struct website *site, const struct lookup *active, int64_t now, struct err *err)
{
	for (size_t i = 0; i < site->item_count; i++) {
		struct site_item *item = &site->items[i];
		bool done = item->ended && !item->unsaid;
		bool is_end = !item->in_force && verb_ends_chain(item->view.verb);
		if (done || is_end || lookup_get(active, item->view.identifier))
			continue;
		if (!end_item(site, item, now, err))
			return false;
	}
	return true;
}

/* Whatever is shown as in force and is not any more, ends. What announces an end (a Cancel) stays
 * as it is. */
bool site_end_others(
        struct website *site, const struct channel_job *job, int64_t now, struct err *err)
{
	struct lookup active = {0};

	if (nothing_ended(site, job))
		return true;
	for (size_t i = 0; i < job->active_count; i++)
		lookup_put(&active, job->active[i]->view.identifier, site);
	bool good = end_all_but(site, &active, now, err);
	site->ended_era = good ? job->active_era : 0;
	lookup_finish(&active);
	return good;
}

/* Shows one bulletin of the active set that the site lost, or never had. */
bool site_restore(struct website *site, const struct channel_bulletin *bulletin, struct err *err)
{
	const char *identifier = bulletin->view.identifier;
	struct site_item *item = site_find(site, identifier);
	char *page = site_path(TEXT_PAGE_DIR, identifier, ".html");
	char *cap = site_path(TEXT_CAP_DIR, identifier, ".xml");
	bool whole = item && item->in_force && site_has(site, page) && site_has(site, cap);

	free(page);
	free(cap);
	if (whole)
		return true;
	if (!item)
		item = site_add(site, &bulletin->view);
	item->in_force = true;
	item->ended = 0;
	return put_cap(site, bulletin, err) && put_page_again(site, bulletin, err) &&
	       site_save_item(site, item, err);
}

bool site_issue(struct website *site, const struct channel_job *job, struct err *err)
{
	const struct view *view = &job->bulletin->view;
	struct site_item *item = site_find(site, view->identifier);

	if (!put_cap(site, job->bulletin, err) || !put_page(site, view->identifier, job->text, err))
		return false;
	if (!item)
		item = site_add(site, view);
	item->in_force = in_active(job, view->identifier);
	item->ended = 0;
	return site_save_item(site, item, err);
}
