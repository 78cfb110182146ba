/* SPDX-License-Identifier: Apache-2.0
 * scene - see scene.h.
 */
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ahead.h"
#include "when.h"
#include "source_tree.h"

const char *const who_id[WHO_COUNT] = {"li", "zhao", "chen", "wu", "wang", "sun"};

static const char policy_head[] =
        "version: 1\n"
        "units:\n"
        "  - {id: tj-met, name: 天津市气象局, code: \"12000041600000\", division: \"120000\"}\n"
        "  - {id: tj-emb, name: 天津市应急管理局, code: \"12000041900000\", division: \"120000\"}\n"
        "grants:\n"
        "  - {unit: tj-met, role: handle, acts: [publish, update, cancel], hazards: [\"11B*\"],\n"
        "     levels: [red, orange, yellow, blue], areas: [\"12*\"], channels: [\"*\"], from: "
        "2026-01-01,\n"
        "     until: 2199-01-01, basis: \"气象法 第二十二条\"}\n"
        "signoff:\n"
        "  - {levels: [red], reviews: 1, signs: 2}\n"
        "  - {levels: [blue], reviews: 0, signs: 1}\n"
        "  - {levels: [orange, yellow, none], reviews: 1, signs: 1}\n"
        "urgent: {levels: [red], reviews: 0, signs: 1, report_within: PT24H}\n"
        "relays:\n"
        "  - {source: met-feed, unit: tj-met, hazards: [\"11B*\"], areas: [\"12*\"], auto: [red, "
        "orange, yellow, blue],\n"
        "     basis: \"气象法 第二十二条\"}\n"
        "officers:\n";

static struct policy *make_policy(struct scene *scene)
{
	static const char *const duties[WHO_COUNT] = {
	        "draft", "review", "sign", "sign", "publish", "draft, review, sign, publish"};
	struct buf text;
	struct err err = {0};

	buf_init(&text, 0);
	buf_text(&text, policy_head);
	for (int i = 0; i < WHO_COUNT; i++) {
		char *key = key_base64(scene->keys[i]);
		buf_format(&text, "  - {id: %s, unit: %s, duties: [%s], keys: [\"%s\"]}\n",
		        who_id[i], i == SUN ? "tj-emb" : "tj-met", duties[i], key);
		free(key);
	}
	struct policy *policy = policy_parse("authority.yaml", text.data, text.len, &err);
	if (!policy)
		fail_msg("policy: %s", err.en);
	buf_finish(&text);
	return policy;
}

int64_t scene_time(const char *text)
{
	int64_t ms = 0;

	assert_true(when_read(text, &ms, NULL));
	return ms;
}

static struct cap_trust *trust_in(const struct key *key)
{
	char folder[] = "/tmp/tocsin-scene-XXXXXX";
	struct err err = {0};

	assert_non_null(mkdtemp(folder));
	char *pem = mem_format("%s/upstream.pem", folder);
	char *list = mem_format("%s/upstream.trust", folder);
	FILE *rows = fopen(list, "we");
	assert_true(key_write_public(key, pem, MODE_LIVE, &err));
	assert_non_null(rows);
	fputs("12000041600000 key upstream.pem\nwarning@example.cn key upstream.pem\n", rows);
	fclose(rows);
	struct cap_trust *trust = cap_trust_read(list, false, &err);
	if (!trust)
		fail_msg("%s", err.en);
	remove(pem);
	remove(list);
	remove(folder);
	free(pem);
	free(list);
	return trust;
}

/* The project's own tables, and the tests' list of one protected site. */
static struct screen_lists *tables(void)
{
	struct err err = {0};
	char *folder = source_path("publisher/data");
	char *sites = source_path("tests/data/screening/protected-sites.csv");
	struct screen_lists *lists = screen_lists_read(folder, sites, &err);

	if (!lists)
		fail_msg("tables: %s", err.en);
	free(folder);
	free(sites);
	return lists;
}

void scene_init(struct scene *scene)
{
	*scene = (struct scene){.now = scene_time("2026-11-23T09:00:00+08:00")};
	for (int i = 0; i < WHO_COUNT; i++)
		scene->keys[i] = key_generate();
	scene->upstream = key_generate();
	scene->signer.alert = key_generate();
	scene->signer.status = key_generate();
	scene->signer.mode = MODE_LIVE;
	scene->signer.public_url = mem_text("https://warning.example.cn/warnings");
	scene->signer.policy = make_policy(scene);
	scene->signer.screen = tables();
	if (getenv("TOCSIN_AHEAD"))
		scene->signer.ahead = ahead_create();
	scene->signer.seen = seen_open(NULL, MODE_LIVE, scene->now, NULL);
	struct signer_trust *trust =
	        mem_push(&scene->signer.trusts, &scene->signer.trust_count, sizeof *trust);
	trust->source = mem_text("met-feed");
	trust->trust = trust_in(scene->upstream);
	struct signer_style *style =
	        mem_push(&scene->signer.styles, &scene->signer.style_count, sizeof *style);
	*style =
	        (struct signer_style){mem_text("sms-a"), mem_text("【天津应急】"), mem_text(""), 0};
}

void scene_finish(struct scene *scene)
{
	for (int i = 0; i < WHO_COUNT; i++)
		key_destroy(&scene->keys[i]);
	key_destroy(&scene->upstream);
	signer_finish(&scene->signer);
}

int scene_open(void **state)
{
	struct scene *scene = mem_zero(sizeof *scene);

	scene_init(scene);
	*state = scene;
	return 0;
}

int scene_close(void **state)
{
	scene_finish(*state);
	free(*state);
	return 0;
}

int scene_setup(void **state)
{
	return cap_sign_setup(NULL) ? scene_open(state) : -1;
}

int scene_teardown(void **state)
{
	scene_close(state);
	cap_sign_shutdown();
	return 0;
}
