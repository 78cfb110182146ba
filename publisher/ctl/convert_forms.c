/* SPDX-License-Identifier: Apache-2.0
 * convert_forms - the forms a message is converted to (convert.h), and what was had before.
 */
#include "convert.h"

#include <stdlib.h>
#include <string.h>

#include "cap_losses.h"
#include "client.h"
#include "flatten.h"
#include "plain_text.h"
#include "problems.h"
#include "text.h"

bool convert_cap(struct convert *convert, struct buf *out, struct err *err)
{
	(void)err;
	cap_write(convert->alert, out);
	return true;
}

bool convert_national(struct convert *convert, struct buf *out, struct err *err)
{
	struct national *national =
	        national_from_cap(convert->alert, convert->help, &convert->problems);

	(void)err;
	national_write(national, out);
	national_destroy(&national);
	return true;
}

bool convert_public(const struct cap_alert *alert, struct err *err)
{
	if (alert->scope == CAP_PUBLIC)
		return true;
	return err_set(err, ERR_DENIED, "不是公开信息（scope %s），不写成给公众的形式",
	        "it is not for the public (scope %s): no form that is for the public is made of it",
	        cap_scope_text(alert->scope));
}

/* What it replaces: the last one it names. */
static char *replaced(const struct cap_alert *alert)
{
	const char *at = alert->references ? alert->references : "";
	struct cap_reference reference;
	char *last = mem_text("");

	while (cap_reference_next(&at, &reference, NULL)) {
		mem_set_text(&last, reference.identifier);
		cap_reference_finish(&reference);
	}
	return last;
}

bool convert_view(struct convert *convert, struct view *view, struct err *err)
{
	static const enum mode modes[] = {[CAP_EXERCISE] = MODE_EXERCISE,
	        [CAP_SYSTEM] = MODE_TEST,
	        [CAP_TEST] = MODE_TEST,
	        [CAP_DRAFT] = MODE_TEST};
	static const enum verb verbs[] = {[CAP_ALERT] = VERB_PUBLISH,
	        [CAP_UPDATE] = VERB_UPDATE,
	        [CAP_CANCEL] = VERB_CANCEL,
	        [CAP_ACK] = VERB_COUNT,
	        [CAP_ERROR] = VERB_COUNT};
	const struct cap_alert *alert = convert->alert;
	const struct cap_info *info = cap_china_info(alert);
	struct cap_facts facts;

	if (verbs[alert->msg_type] == VERB_COUNT)
		return err_set(err, ERR_INPUT, "msgType 是 %s，不是给公众的信息",
		        "msgType is %s: nothing for the public",
		        cap_msg_type_text(alert->msg_type));
	if (!cap_facts_read_draft(alert, convert->catalog, &facts, err))
		return false;
	char *replaces = replaced(alert);

	flatten(alert, &facts, verbs[alert->msg_type], modes[alert->status],
	        *replaces ? replaces : alert->identifier, replaces, "", view);
	mem_put_text(&view->web, info->web);
	free(replaces);
	cap_facts_finish(&facts);
	return true;
}

bool convert_json(struct convert *convert, struct buf *out, struct err *err)
{
	struct view view = {0};
	struct buf text;

	if (!convert_public(convert->alert, err) || !convert_view(convert, &view, err))
		return false;
	cap_losses(
	        convert->alert, cap_china_info(convert->alert), CAP_FORM_JSON, &convert->problems);
	buf_init(&text, 0);
	bool ok = text_render("webhook", &view, NULL, &text, NULL, err);

	if (ok) {
		text_fill_sent(text.data, view.sent, out);
		buf_char(out, '\n');
	}
	buf_finish(&text);
	view_finish(&view);
	return ok;
}

bool convert_text(struct convert *convert, struct buf *out, struct err *err)
{
	struct phrases *phrases = phrases_read(convert->tables, err);
	struct view view = {0};

	if (!phrases)
		return false;
	bool ok = convert_public(convert->alert, err) && convert_view(convert, &view, err);

	if (ok) {
		struct plain_message message = {convert->alert, &view, convert->catalog, phrases};

		cap_losses(convert->alert, cap_china_info(convert->alert), CAP_FORM_TEXT,
		        &convert->problems);
		ok = plain_text(&message, convert->language, convert->limit, out, NULL,
		        &convert->problems, err);
		buf_char(out, '\n');
	}
	view_finish(&view);
	phrases_destroy(&phrases);
	return ok;
}

static void add(struct convert_known *known, const struct cap_alert *alert)
{
	struct cap_reference *one = mem_push(&known->items, &known->count, sizeof *known->items);

	one->sender = mem_text(alert->sender ? alert->sender : "");
	one->identifier = mem_text(alert->identifier ? alert->identifier : "");
	one->sent = alert->sent;
}

bool convert_known_add(struct convert_known *known, const char *file, struct err *err)
{
	struct cap_manner manner = {.lenient = true, .limit = CAP_LIMIT_SOURCE};
	struct cap_messages messages = {0};
	size_t len = 0;
	char *bytes = client_file(file, &len, err);
	bool ok = bytes && (cap_read(bytes, len, &manner, &messages) ||
	                           problems_err(&messages.problems, err));

	for (size_t i = 0; ok && i < messages.count; i++)
		if (messages.items[i].alert)
			add(known, messages.items[i].alert);
	cap_messages_finish(&messages);
	free(bytes);
	return ok;
}

void convert_known_finish(struct convert_known *known)
{
	for (size_t i = 0; i < known->count; i++)
		cap_reference_finish(&known->items[i]);
	free(known->items);
	*known = (struct convert_known){0};
}

enum cap_standing convert_known_find(
        void *record, const struct cap_reference *reference, struct cap_time *sent)
{
	const struct convert_known *known = record;

	for (size_t i = 0; i < known->count; i++) {
		const struct cap_reference *one = &known->items[i];

		if (strcmp(one->sender, reference->sender) != 0 ||
		        strcmp(one->identifier, reference->identifier) != 0)
			continue;
		*sent = one->sent;
		return CAP_STANDING_IN_FORCE;
	}
	return CAP_STANDING_UNKNOWN;
}
