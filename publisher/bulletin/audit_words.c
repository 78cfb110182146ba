/* SPDX-License-Identifier: Apache-2.0
 * audit_words - see audit_words.h. Steps, states and acts have their words elsewhere: they are
 * asked for there. Cannot fail.
 */
#include "audit_words.h"

#include <string.h>

#include "bulletin.h"
#include "proof.h"
#include "step.h"

struct word {
	const char *text, *zh;
};

static const struct word whats[] = {
        {"account-ended", "账号停用"},
        {"approved", "审签"},
        {"call-answered", "确认叫应"},
        {"called", "叫应"},
        {"chain-broken", "审计链被改动"},
        {"change-effective", "变更生效"},
        {"change-expired", "变更逾期作废"},
        {"change-proposed", "提出变更"},
        {"change-refused", "变更被否决"},
        {"change-withdrawn", "变更撤回"},
        {"decision", "询问授权规则"},
        {"delivery", "投递结果"},
        {"duty-done", "待办办结"},
        {"duty-opened", "记入待办"},
        {"edited", "修改"},
        {"enrolled", "账号启用"},
        {"enrolment-opened", "发放启用码"},
        {"expired", "到期"},
        {"hold-ended", "结束扣住"},
        {"incident opened", "事件建立"},
        {"incident step", "事件处置"},
        {"intake", "来件"},
        {"late-reason", "超时说明"},
        {"password-changed", "口令更改"},
        {"paused", "暂停投递"},
        {"policy-changed", "授权规则变更"},
        {"policy-installed", "授权规则安装"},
        {"purged", "到期清除"},
        {"received", "收到"},
        {"recipients-changed", "接收人名单变更"},
        {"released", "发布"},
        {"report", "手机回执"},
        {"restored", "由备份恢复"},
        {"resumed", "继续投递"},
        {"retried", "立即再投"},
        {"session-ended", "会话结束"},
        {"sessions-ended", "全部会话结束"},
        {"settled", "认定结果"},
        {"shift-made", "生成交接班单"},
        {"shift-signed", "交接班签字"},
        {"sign-in", "登录"},
        {"sign-in-refused", "登录被拒"},
        {"sign-in-slowed", "登录受限"},
        {"token-added", "发放令牌"},
        {"token-ended", "停用令牌"},
};

static const struct word occasions[] = {
        {"submission", "提交"},
        {"release", "发布"},
        {"relay", "转发"},
        {"delivery", "投递"},
        {"hold", "结束扣住"},
        {"propose", "提出变更"},
        {"confirm", "确认变更"},
        {"withdraw", "撤回变更"},
        {"wrong-area", "更正区域"},
        {"false-alarm", "更正误发"},
};

enum { WHATS = sizeof whats / sizeof *whats, OCCASIONS = sizeof occasions / sizeof *occasions };

static const char *find(const struct word *words, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i].text, text) == 0)
			return words[i].zh;
	return NULL;
}

const char *audit_what_zh(const char *what)
{
	const char *zh = find(whats, WHATS, what);
	enum bulletin_state state;
	enum step_kind step;

	if (!zh && step_read(what, &step))
		zh = step_zh(step);
	if (!zh && bulletin_state_read(what, &state))
		zh = bulletin_state_zh(state);
	return zh ? zh : what;
}

const char *audit_what_read(const char *text)
{
	for (size_t i = 0; i < WHATS; i++)
		if (strcmp(whats[i].zh, text) == 0)
			return whats[i].text;
	for (int step = 0; step < STEP_KIND_COUNT; step++)
		if (strcmp(step_zh((enum step_kind)step), text) == 0)
			return step_text((enum step_kind)step);
	for (int state = 0; state < BULLETIN_STATE_COUNT; state++)
		if (strcmp(bulletin_state_zh((enum bulletin_state)state), text) == 0)
			return bulletin_state_text((enum bulletin_state)state);
	return text;
}

const char *asked_zh(const char *asked)
{
	const char *zh = find(occasions, OCCASIONS, asked);
	enum act act;

	if (!zh && act_read(asked, &act))
		zh = act_zh(act);
	return zh ? zh : asked;
}
