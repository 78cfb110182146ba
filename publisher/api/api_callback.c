/* SPDX-License-Identifier: Apache-2.0
 * api_callback - what far sides report of single recipients, at the addresses made for them
 * (callback.h). Only gathered here: the answer goes out when the report is on disk, so that a
 * gateway which keeps what it had no answer for loses none. An address we did not make is not
 * found.
 */
#include "api.h"

#include <stdlib.h>

#include "callback.h"
#include "outbox.h"

static void on_disk(void *arg, const struct err *err)
{
	struct call *call = arg;

	if (!err)
		call_text(call, "text/plain; charset=utf-8", "ok\n");
	call_answer(call, err);
}

static bool type_read(const struct call *call, enum report_word *word, struct err *err)
{
	char *type = call_query(call, "type");
	bool known = type && callback_word(type, word);

	free(type);
	return known || err_set(err, ERR_INPUT, "回执类型（type）不是 1、2、4、8、16 之一",
	                        "the kind of report (type) is none of 1, 2, 4, 8, 16");
}

/* Loop thread (ROUTE_LATER). */
static bool take_report(struct call *call, struct err *err)
{
	struct house *house = call->house;
	struct outbox_report report = {.told = on_disk, .arg = call};

	if (atomic_load(&house->draining))
		return err_set(err, ERR_UNAVAILABLE, "系统正在停止，请稍后再报",
		        "stopping: report it again later");
	if (!callback_read(call->part[0], house->config->callback_secret, &report.delivery,
	            &report.recipient)) {
		outbox_no_report(house->outbox);
		return err_set(err, ERR_MISSING, "没有这个回执地址", "no such callback");
	}
	if (!type_read(call, &report.word, err))
		return false;
	outbox_report(house->outbox, &report);
	return true;
}

const struct route api_callback_routes[] = {
        {"GET", "/c/{}", NULL, ROUTE_LATER, take_report},
        {"POST", "/c/{}", NULL, ROUTE_LATER, take_report},
        {0},
};
