/* SPDX-License-Identifier: Apache-2.0
 * draft_report - an accident report in JSON -> draft. Every fault is named with the member's path,
 * all at once; the sentence in *err is the first of them. Relies on jansson.
 */
#include <stdlib.h>
#include <string.h>

#include "cap_io.h"
#include "draft_plain.h"
#include "draft_report.h"
#include "utf8.h"

static void check_level(struct report *report)
{
	const struct draft_content *content = &report->content;

	if (kind_takes_level(content->kind, content->level))
		return;
	if (content->level == LEVEL_NONE)
		cap_problem_add(report->problems, CAP_PROBLEM_ERROR, "report.level", "level",
		        "%s须有级别，请选择（“level”）%.0s",
		        "%.0sa %s has a level: choose one (\"level\")", kind_zh(content->kind),
		        kind_text(content->kind));
	else
		cap_problem_add(report->problems, CAP_PROBLEM_ERROR, "report.level", "level",
		        "%s不能用“%s”，请另选级别（“level”）%.0s%.0s",
		        "%.0s%.0sa %s cannot have the level %s: choose another (\"level\")",
		        kind_zh(content->kind), level_zh(content->level), kind_text(content->kind),
		        level_text(content->level));
}

static void check_together(struct report *report)
{
	const struct draft_content *content = &report->content;

	check_level(report);
	if (content->incident && strchr(content->incident, '"'))
		cap_problem_add(report->problems, CAP_PROBLEM_ERROR, "report.incident", "incident",
		        "“incident”不能含有双引号", "\"incident\" must not hold a double quote");
	if (content->expires && content->onset && content->expires <= content->onset)
		cap_problem_add(report->problems, CAP_PROBLEM_ERROR, "report.expires", "expires",
		        "失效时间（“expires”）须晚于发生时间（“when”）",
		        "\"expires\" is not after \"when\"");
}

/* What was done belongs to the account of an accident; of a warning it is what people are to do. */
static void join_words(struct report *report)
{
	struct draft_content *content = &report->content;
	bool ahead = content->kind == KIND_WARNING || content->kind == KIND_ADVISORY;
	struct buf buf;

	if (ahead && report->measures && !content->instruction) {
		content->instruction = report->measures;
		report->measures = NULL;
	}
	buf_init(&buf, 0);
	buf_text(&buf, report->what);
	if (report->measures)
		buf_format(&buf, "\n处置措施：%s", report->measures);
	if (report->result)
		buf_format(&buf, "\n处置结果：%s", report->result);
	content->description = buf_take(&buf);
	mem_set_text(&content->sender_name, content->unit->name);
}

static bool refuse(const struct cap_problems *problems, struct err *err)
{
	const struct cap_problem *first = &problems->items[0];

	if (problems->errors == 1)
		return err_set(err, ERR_INPUT, "%s%.0s", "%.0s%s", first->zh, first->en);
	return err_set(err, ERR_INPUT, "%s%.0s（共 %zu 处错误）", "%.0s%s (%zu errors in all)",
	        first->zh, first->en, problems->errors);
}

static json_t *load(const char *bytes, size_t len, struct err *err)
{
	json_error_t cause;
	json_t *root = NULL;

	if (len > DRAFT_LIMIT) {
		err_set(err, ERR_TOO_BIG, "报告超过 %d 字节", "the report is larger than %d bytes",
		        DRAFT_LIMIT);
		return NULL;
	}
	if (!utf8_valid(bytes, len, NULL)) {
		err_set(err, ERR_INPUT, "报告不是 UTF-8；若是 GBK，请另存为 UTF-8",
		        "the report is not UTF-8; if it is GBK, save it as UTF-8");
		return NULL;
	}
	root = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &cause);
	if (!root)
		err_set(err, ERR_INPUT, "报告第 %d 行第 %d 列不是 JSON：%s",
		        "the report is not JSON at line %d, column %d: %s", cause.line,
		        cause.column, cause.text);
	else if (!json_is_object(root))
		err_set(err, ERR_INPUT, "报告应为 JSON 对象", "the report is not a JSON object");
	if (root && json_is_object(root))
		return root;
	json_decref(root);
	return NULL;
}

/* All of it or no draft: nobody is to find half of what they asked for. */
static bool add_sentences(const struct report *report, struct draft *draft, struct err *err)
{
	const char *member = "plain";
	struct err cause = {0};
	bool ok = !report->plain || draft_add_plain(draft, report->rules, &cause);

	if (ok && report->english) {
		member = "languages";
		ok = draft_add_english(draft, report->rules, &cause);
	}
	if (ok)
		return true;
	cap_problem_put(
	        &draft->notes, CAP_PROBLEM_ERROR, "report.sentences", member, cause.zh, cause.en);
	bulletin_destroy(&draft->bulletin);
	cap_alert_destroy(&draft->alert);
	return err_set(err, cause.kind, "%s%.0s", "%.0s%s", cause.zh, cause.en);
}

bool draft_from_report(const char *bytes, size_t len, const struct draft_rules *rules, int64_t now,
        struct draft *draft, struct err *err)
{
	struct report report = {.rules = rules, .problems = &draft->notes};
	json_t *root = load(bytes, len, err);
	bool ok = false;

	*draft = (struct draft){0};
	if (!root)
		return false;
	report.content.kind = KIND_FACT;
	report.content.occurring = true;
	report.content.unit = draft_unit_find(rules, rules->unit);
	report_members(&report, root);
	json_decref(root);
	check_together(&report);
	if (!report.content.unit && !draft->notes.errors)
		draft_no_unit(rules->unit, err);
	else if (draft->notes.errors)
		refuse(&draft->notes, err);
	else
		ok = true;
	if (ok) {
		join_words(&report);
		draft_build(&report.content, rules, now, draft);
		ok = add_sentences(&report, draft, err);
	}
	free(report.what);
	free(report.measures);
	free(report.result);
	draft_content_finish(&report.content);
	return ok;
}
