/* SPDX-License-Identifier: Apache-2.0
 * change_kinds - see change_kinds.h.
 */
#include "change_kinds.h"

#include <string.h>

#include "change_people.h"

const struct change_kind change_kinds[] = {
        {"policy", "授权规则", DUTY_ADMIN, "网络安全等级保护基本要求（GB/T 22239）三员分立",
                change_policy_validate, change_policy_apply, change_policy_after,
                change_policy_show, change_policy_follows},
        {"account", "账号", DUTY_ACCOUNTS, "网络安全等级保护基本要求（GB/T 22239）三员分立",
                change_account_validate, change_account_apply, NULL, NULL, NULL},
        {"token", "访问令牌", DUTY_ACCOUNTS, "网络安全等级保护基本要求（GB/T 22239）三员分立",
                change_token_validate, change_token_apply, NULL, NULL, NULL},
        {"purge", "清除", DUTY_AUDIT,
                "个人信息保护法 第四十七条；网络安全法 第二十一条（日志留存不少于六个月）",
                change_purge_validate, change_purge_apply, change_purge_after, NULL, NULL},
        {"recipients", "接收人名册", DUTY_ADMIN,
                "个人信息保护法 第五十一条（操作权限）；网络安全等级保护基本要求（GB/T 22239）"
                "三员分立",
                change_recipients_validate, change_recipients_apply, change_recipients_after,
                change_recipients_show, NULL},
        {0},
};

const struct change_kind *change_kind_find(const char *name, struct err *err)
{
	for (const struct change_kind *kind = change_kinds; kind->name; kind++)
		if (strcmp(kind->name, name) == 0)
			return kind;
	err_set(err, ERR_INPUT, "没有“%s”这一种变更", "there is no kind of change \"%s\"", name);
	return NULL;
}
