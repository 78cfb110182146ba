/* SPDX-License-Identifier: Apache-2.0
 * tocsin - the command line: a table of commands; usage is printed from it. Exit codes are those of
 * sysexits.h.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "command.h"
#include "decide_main.h"
#include "digest.h"

static const struct {
	const char *name;
	command_run run;
	const char *help;
} commands[] = {
        {"login", command_login, "[OFFICER]                 登录 / sign in"},
        {"logout", command_logout, "                          退出 / sign out"},
        {"whoami", command_whoami, "[--json]                  当前身份 / who is signed in"},
        {"passwd", command_passwd,
                "[--second-factor]         改密码或动态码 / another password or authenticator"},
        {"enrol", command_enrol,
                "OFFICER [--code FILE] [--passkey] | --code FILE [--word]  凭登记码设置密码 / an "
                "account's first "
                "password, by a "
                "one-time code"},
        {"sessions", command_sessions,
                "[--end ID]                本人会话 / where you are signed in"},
        {"account", command_account,
                "list [--json]             账号一览（系统管理员） / accounts, for who keeps them"},
        {"token", command_token,
                "list [--json]             令牌一览（系统管理员） / tokens, for who keeps them"},
        {"submit", command_submit,
                "[--draft] FILE|-|ID       提交报文、事故报告、气象公文或草稿 / hand in a CAP "
                "file, report, bulletin text, or a draft by its id"},
        {"edit", command_edit,
                "ID FILE|-                 修改草稿，原批准作废 / other words; approvals are void"},
        {"approve", command_approve,
                "ID --as review|sign [--override REASON]  审核或签发；放行筛查命中 / review or "
                "sign; let a screening hit pass"},
        {"return", command_return,
                "ID --reason TEXT          退回修改 / send it back to be reworded"},
        {"reject", command_reject, "ID --reason TEXT          否决 / refuse it for good"},
        {"withdraw", command_withdraw,
                "ID --reason TEXT          撤回 / take it back into a draft"},
        {"discard", command_discard, "ID --reason TEXT          草稿作废 / throw a draft away"},
        {"release", command_release, "ID                        发布 / release"},
        {"cancel", command_cancel, "ID --reason TEXT          解除 / cancel, in the staged words"},
        {"correct", command_correct,
                "ID --wrong-area|--false-alarm --reason TEXT  更正 / correct, in the staged words"},
        {"settle", command_settle,
                "NUMBER --came|--not-came --reason TEXT  认定不确定的投递 / say what became of an "
                "unknown delivery"},
        {"retry", command_retry,
                "NUMBER                    立即重试等待中的投递 / try now what waits for its far "
                "side"},
        {"pause", command_pause,
                "ID TARGET --reason TEXT   暂停发往一个渠道 / hold one far side back"},
        {"resume", command_resume, "ID TARGET                 继续发往该渠道 / let it go on"},
        {"status", command_status, "[ID] [--json]             状态 / where things stand"},
        {"why", command_why,
                "ID [--json]               授权依据 / why it was permitted or refused"},
        {"incident", command_incident,
                "open|assign|handover|close|show|list ...  事件 / who handles an incident"},
        {"shift", command_shift,
                "hand --to OFFICER | take ID | show ID | list  交接班 / hand the watch over, "
                "signed by "
                "both"},
        {"decide", decide_main,
                "--policy FILE < REQUESTS  按规则判定 / ask the policy, a JSON line each"},
        {"validate", command_validate,
                "[--lenient] [--trust LIST] [--profile NAME]... FILE... | --rules  校验 CAP 及签名 "
                "/ check CAP files and signatures"},
        {"convert", command_convert,
                "--to national|cap|json|text [--table NAME] FILE  转换格式，并报告所失 / another "
                "form, and what is lost"},
        {"change", command_change,
                "propose KIND FILE | list | show ID | confirm ID | withdraw ID --reason TEXT  "
                "管理变更，须两人 / administrative changes, by two people"},
        {"due", command_due,
                "[--json] | done ID --note TEXT [--reference NUMBER] | confirm ID  待办 / what "
                "waits for somebody"},
        {"ends", command_ends,
                "[--json]                  到期一览 / what ends: grants, tokens, certificates, "
                "accounts"},
        {"report", command_report,
                "[morning|assessment|late ID] [--month M] [--format F]  报表 / the night's brief, "
                "promptness"},
        {"audit", command_audit,
                "verify|export|show ...    审计链：校验、导出、查看 / the audit chain: check it, "
                "take a copy, look"},
        {"purge", command_purge,
                "--before DAY --confirmations-before DAY  提出清除个人信息，须两人 / propose to "
                "destroy what is about persons"},
        {"case", command_case,
                "export ID FILE | verify FILE --alert-key PEM  案卷：导出、核验 / a whole case: "
                "take it away, check it"},
        {"recipients", command_recipients,
                "count|import|propose ...   接收人名册：计数、导入、提出生效 / the directory of "
                "recipients: count, import, propose"},
        {"backup", command_backup,
                "[--config FILE] [FOLDER]  备份记录库（本机） / copy the record, on its machine"},
        {"restore", command_restore,
                "[--config FILE] BACKUP    由备份恢复，恢复后扣住（本机） / a backup becomes the "
                "record, and is held"},
        {"hold", command_hold,
                "[--json] | end --sent unknown|nothing --reason TEXT  扣住：查看、解除 / is the "
                "restored record held; let it go"},
        {"listen", command_listen,
                "[--host H] [--port P] [--topic T] [--count N] [--seconds N] "
                "[--heartbeat]  订阅 MQTT / print "
                "alerts from a broker"},
        {"officer", command_officer, "enrol ID --key FILE       人员密钥 / make an officer's key"},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void usage(FILE *out)
{
	fputs("usage: tocsin COMMAND ...\n", out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].help);
	fputs("environment: TOCSIN_URL, TOCSIN_TOKEN_FILE, TOCSIN_OFFICER, TOCSIN_KEY_FILE\n", out);
}

int say_err(const struct err *err)
{
	fprintf(stderr, "tocsin: %s / %s\n", err->zh, err->en);
	return err_exit_code(err->kind);
}

char *take_option(int *argc, char **argv, const char *name)
{
	for (int i = 1; i + 1 < *argc; i++) {
		if (strcmp(argv[i], name) != 0)
			continue;
		char *value = argv[i + 1];
		memmove(&argv[i], &argv[i + 2], (size_t)(*argc - i - 2) * sizeof *argv);
		*argc -= 2;
		return value;
	}
	return NULL;
}

bool take_flag(int *argc, char **argv, const char *name)
{
	for (int i = 1; i < *argc; i++) {
		if (strcmp(argv[i], name) != 0)
			continue;
		memmove(&argv[i], &argv[i + 1], (size_t)(*argc - i - 1) * sizeof *argv);
		*argc -= 1;
		return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	digest_setup();
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return printf("tocsin %s\n", TOCSIN_VERSION) > 0 ? EX_OK : EX_IOERR;
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		return EX_OK;
	}
	for (size_t i = 0; argc > 1 && i < COMMANDS; i++) {
		if (strcmp(commands[i].name, argv[1]) != 0)
			continue;
		if (argc == 3 && strcmp(argv[2], "--help") == 0 && commands[i].run != decide_main) {
			printf("usage: tocsin %s %s\n各选项见 man tocsin / each option: man "
			       "tocsin\n",
			        commands[i].name, commands[i].help);
			return EX_OK;
		}
		return commands[i].run(argc - 1, argv + 1);
	}
	usage(stderr);
	return EX_USAGE;
}
