/* SPDX-License-Identifier: Apache-2.0
 * outbox_clock - the wall clock watched (steady.h): what follows for deliveries and the set in
 * force when it is set, and that no warning ends, and none is released, by a clock that nobody
 * believes.
 */
#include "outbox_private.h"

#include <stdio.h>

#include "log.h"
#include "when.h"

static void tell(const char *event, enum log_weight weight, int64_t step)
{
	char ms[24];

	snprintf(ms, sizeof ms, "%lld", (long long)step);
	log_event(weight, event, "step_ms", ms, NULL);
}

int64_t outbox_utc(struct outbox *outbox, int64_t boot)
{
	int64_t step;

	switch (steady_look(&outbox->clock, when_now(), boot, &step)) {
	case STEADY_SAME:
		break;
	case STEADY_STEPPED:
		tell("clock-stepped", LOG_WARN, step);
		dispatch_clock_stepped(outbox->dispatch, step, boot);
		break;
	case STEADY_TRUSTED:
		tell("clock-trusted", LOG_INFO, step);
		dispatch_clock_stepped(outbox->dispatch, step, boot);
		break;
	case STEADY_DOUBTFUL:
		tell("clock-doubtful", LOG_ERROR, step);
		break;
	}
	atomic_store(&outbox->clock_offset, outbox->clock.offset);
	atomic_store(&outbox->clock_doubtful, outbox->clock.doubtful);
	return steady_now(&outbox->clock, boot);
}

int64_t outbox_believed_now(struct outbox *outbox, int64_t now)
{
	return atomic_load(&outbox->clock_doubtful)
	               ? when_boot() + atomic_load(&outbox->clock_offset)
	               : now;
}

bool outbox_clock_believed(struct outbox *outbox, struct err *err)
{
	return !atomic_load(&outbox->clock_doubtful) ||
	       err_set(err, ERR_UNAVAILABLE,
	               "本机时钟突然前跳五分钟以上，或早于本程序的编写日期，不可信：核对时间并校正"
	               "后再发布；"
	               "若时钟无误，重新启动 tocsind 和各通道",
	               "this machine's clock has jumped forward by more than five minutes, or "
	               "stands "
	               "before this program was written: set it right and release again, or, if it "
	               "is "
	               "right, start tocsind and the channels anew");
}
