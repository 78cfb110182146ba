/* SPDX-License-Identifier: Apache-2.0
 * fixture - see fixture.h.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "store_db.h"

void *shared_with_children(size_t size)
{
	void *room = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(room != MAP_FAILED);
	return room;
}

int place_open(void **state)
{
	struct place *place = mem_zero(sizeof *place);
	struct err err = {0};

	place->folder = folder_make();
	place->store = record_tool_open(place->folder, &err);
	if (!place->store)
		print_error("%s\n", err.en);
	*state = place;
	return place->store ? 0 : -1;
}

int place_close(void **state)
{
	struct place *place = *state;

	record_tool_close(&place->store);
	folder_remove(&place->folder);
	free(place);
	return 0;
}

static void set(char **place, const char *text)
{
	free(*place);
	*place = mem_text(text);
}

static void add_audience(struct bulletin *bulletin)
{
	struct audience *audience = bulletin_add_audience(bulletin);

	audience->target = mem_text("sms-main");
	texts_add(&audience->blocks, "13900000001\n13900000002\n13900000003\n");
	texts_add(&audience->blocks, "13900000004\n13900000005\n");
	audience_seal(audience);
}

struct bulletin *sample_bulletin(const char *headline)
{
	struct bulletin *b = bulletin_create();

	b->kind = KIND_WARNING;
	b->level = LEVEL_ORANGE;
	b->screening = SCREENING_REVIEWED;
	set(&b->hazard, "11B03");
	set(&b->status, "Actual");
	set(&b->unit, "tj-met");
	set(&b->drafter, "li");
	texts_add(&b->earlier, "zhou");
	texts_add(&b->earlier, "wu");
	set(&b->headline, headline);
	texts_add(&b->areas, "120116");
	texts_add(&b->areas, "120111");
	texts_add(&b->targets, "mqtt-north");
	texts_add(&b->targets, "sms-main");
	set(&b->cap, "<alert/>");
	b->created = now;
	b->expires = now + 3600 * 1000;
	struct bulletin_text *text = bulletin_add_text(b);
	text->target = mem_text("sms-main");
	text->kind = mem_text("sms");
	text->body = mem_text("【天津】暴雨橙色预警 {sent}");
	add_audience(b);
	return b;
}

void sample_proof(struct proof *proof, enum act act, const char *officer)
{
	*proof = (struct proof){.act = act, .officer = mem_text(officer), .time = now};
	digest_sha256("manifest", 8, proof->manifest);
	proof->signature = mem_text("c2lnbmF0dXJl");
}

void sample_delivery(struct delivery *delivery, const struct bulletin *bulletin, const char *target)
{
	delivery_init(delivery);
	set(&delivery->bulletin, bulletin->id);
	set(&delivery->chain, bulletin->chain);
	set(&delivery->target, target);
	delivery->level = bulletin->level;
	delivery->order = bulletin->order;
	delivery->expires = bulletin->expires;
}

struct store *begin_change(struct place *place)
{
	assert_true(store_begin(place->store, NULL));
	return place->store;
}

void end_change(struct place *place, bool ok)
{
	if (ok)
		assert_true(store_commit(place->store, NULL));
	else
		store_roll_back(place->store);
}

void must_put(struct place *place, struct bulletin *bulletin)
{
	struct err err = {0};
	bool ok = store_put_bulletin(begin_change(place), bulletin, &err);

	end_change(place, ok);
	if (!ok)
		fail_msg("%s", err.en);
}

struct bulletin *must_get(struct place *place, const char *id)
{
	struct bulletin *bulletin = NULL;
	struct err err = {0};

	if (!store_get_bulletin(place->store, id, &bulletin, &err))
		fail_msg("%s", err.en);
	return bulletin;
}

int house_open(void **state)
{
	struct house *house = mem_zero(sizeof *house);
	struct err err = {0};

	house->folder = folder_make();
	house->record = record_open(house->folder, &err);
	if (!house->record)
		print_error("%s\n", err.en);
	*state = house;
	return house->record ? 0 : -1;
}

int house_close(void **state)
{
	struct house *house = *state;

	record_close(&house->record);
	folder_remove(&house->folder);
	free(house);
	return 0;
}

bool add_line(struct store *store, void *arg, struct err *err)
{
	return store_audit(store, "line", arg, NULL, now, err);
}

bool refuse(struct store *store, void *arg, struct err *err)
{
	return add_line(store, arg, err) && err_set(err, ERR_DENIED, "不行", "this is refused");
}

int64_t lines_of(struct store *store, const char *ref)
{
	json_t *list = NULL;

	assert_true(store_list_audit(
	        store, &(struct audit_wish){.ref = ref, .most = 1000000}, &list, NULL));
	int64_t count = (int64_t)json_array_size(list);
	json_decref(list);
	return count;
}
