/* SPDX-License-Identifier: Apache-2.0
 * note - what an officer is told when it is his turn: one line, made from a form under the status
 * key and from nothing else (base/status.h). See text.h.
 */
#include "text.h"

#include <string.h>

#include "words.h"

static void waited(int64_t seconds, struct buf *out)
{
	long long minutes = (long long)seconds / 60;

	if (minutes >= 60)
		buf_format(out, "%lld小时%lld分钟", minutes / 60, minutes % 60);
	else if (minutes)
		buf_format(out, "%lld分钟", minutes);
	else
		buf_format(out, "%lld秒", (long long)seconds);
}

bool text_note(const char *kind, const char *signature, const struct status *notice,
        struct buf *out, struct err *err)
{
	bool markdown = strcmp(kind, "wecom") == 0;
	struct buf line;

	if (notice->form != STATUS_NOTICE)
		return err_set(err, ERR_INPUT, "状态表“%s”不是待办通知",
		        "the form \"%s\" is no notice", status_form_text(notice->form));
	if (!markdown && strcmp(kind, "sms") != 0)
		return err_set(err, ERR_INPUT, "渠道“%s”不发送待办通知",
		        "channels of kind \"%s\" carry no notices", kind);
	buf_init(&line, 0);
	if (!markdown)
		buf_text(&line, signature);
	buf_format(&line, "%s警钟待办：%s %s，已等", mode_banner(notice->mode), notice->number,
	        status_step_zh(notice->step));
	waited(notice->waiting, &line);
	buf_format(&line, "，请%s（%s）办理。", notice->officer, notice->unit);
	if (markdown)
		text_markdown(out, line.data);
	else
		words_line(out, line.data);
	buf_finish(&line);
	return true;
}
