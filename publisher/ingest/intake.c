/* SPDX-License-Identifier: Apache-2.0
 * intake - see intake.h. The source keeps its file until it hears that the bytes are on disk.
 */
#include "intake.h"

#include <stdlib.h>

#include "ingest.h"
#include "loop.h"

struct errand {
	struct house *house;
	struct loop *loop;
	char *source, *name, *bytes;
	size_t len;
	void (*answer)(void *seat, const struct err *err);
	void *seat;
	bool ok;
	struct err err;
};

static void answered(void *arg)
{
	struct errand *errand = arg;

	errand->answer(errand->seat, errand->ok ? NULL : &errand->err);
	free(errand->source);
	free(errand->name);
	free(errand->bytes);
	free(errand);
}

static void run(struct store *reader, void *arg)
{
	struct errand *errand = arg;
	struct arrived arrived;
	struct arrival arrival = {
	        .form = ingest_form(errand->bytes, errand->len),
	        .way = errand->source,
	        .name = errand->name,
	        .bytes = errand->bytes,
	        .len = errand->len,
	        .limit = (size_t)errand->house->config->limit_source,
	        .source = errand->source,
	};

	ingest_as_source_sends(errand->house->config, &arrival);
	errand->ok = ingest(errand->house, reader, &arrival, &arrived, &errand->err);
	arrived_finish(&arrived);
	loop_post(errand->loop, answered, errand);
}

void intake_take(void *ctx, const char *source, const char *name, const void *bytes, size_t len,
        struct loop *loop, void (*answer)(void *seat, const struct err *err), void *seat)
{
	struct errand *errand = mem_zero(sizeof *errand);

	errand->house = ctx;
	errand->loop = loop;
	errand->source = mem_text(source);
	errand->name = mem_text(name);
	errand->bytes = mem_text_n(bytes, len);
	errand->len = len;
	errand->answer = answer;
	errand->seat = seat;
	if (workers_add(errand->house->workers, run, errand))
		return;
	err_set(&errand->err, ERR_BUSY, "系统繁忙，请稍后再交",
	        "too busy just now: hand it in again");
	loop_post(loop, answered, errand);
}
