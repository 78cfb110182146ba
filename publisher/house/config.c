/* SPDX-License-Identifier: Apache-2.0
 * config - the settings themselves (config.h): one row each, and freeing.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "cap_trust.h"
#include "config_rows.h"

const struct option config_settings[] = {
        {"node", OPTION_TEXT, offsetof(struct config, node), NULL, 0, 0,
                "Name of this instance, in topics and logs.", "本实例名称，用于主题与日志。"},
        {"mode", OPTION_TEXT, offsetof(struct config, mode_word), NULL, 0, 0,
                "live, exercise or test; there is no default.",
                "实战 live、演练 exercise 或测试 test，必须写明。"},
        {"state", OPTION_TEXT, offsetof(struct config, state), NULL, 0, 0, "Folder of the record.",
                "记录所在目录。"},
        {"policy", OPTION_TEXT, offsetof(struct config, policy), NULL, 0, 0,
                "The policy document (authority.yaml).", "授权规则文件。"},
        {"catalog", OPTION_TEXT, offsetof(struct config, catalog), "/usr/share/tocsin", 0, 0,
                "Folder of the event types and divisions.", "灾害种类与行政区划数据目录。"},
        {"api_listen", OPTION_LIST, offsetof(struct config, api_listen), "127.0.0.1:8080", 0, 0,
                "Addresses of the API and the desk.", "接口与值班台监听地址。"},
        {"callback_listen", OPTION_LIST, offsetof(struct config, callback_listen), "127.0.0.1:8081",
                0, 0, "Addresses for far sides that report back; all that a proxy may pass on.",
                "接收回执的监听地址，代理只可转发到这里。"},
        {"metrics_listen", OPTION_LIST, offsetof(struct config, metrics_listen), "127.0.0.1:8082",
                0, 0,
                "Addresses of /metrics (Prometheus), open to whoever reaches them; an empty list: "
                "none.",
                "运行指标 /metrics（Prometheus 格式）的监听地址，无需登录；空列表则不提供。"},
        {"callback_url", OPTION_TEXT, offsetof(struct config, callback_url),
                "http://127.0.0.1:8081", 0, 0, "How far sides reach callback_listen.",
                "对端访问回执地址所用的网址。"},
        {"callback_secret", OPTION_SECRET, offsetof(struct config, callback_secret), NULL, 0, 0,
                "File whose first line makes callback addresses unguessable.",
                "用于生成回执地址的密钥文件。"},
        {"agent_socket", OPTION_TEXT, offsetof(struct config, agent_socket),
                "/run/tocsin/agents.sock", 0, 0, "Where tocsin-channel and tocsin-source connect.",
                "通道与来源进程的连接套接字。"},
        {"signer_socket", OPTION_TEXT, offsetof(struct config, signer_socket),
                "/run/tocsin/signer.sock", 0, 0, "Where tocsin-signer listens.",
                "签名进程的套接字。"},
        {"public_url", OPTION_TEXT, offsetof(struct config, public_url), "", 0, 0,
                "Address of the public pages, without the last slash: a page is "
                "PUBLIC_URL/NUMBER.html.",
                "公众网页地址（末尾不带斜杠），网页为 该地址/编号.html。"},
        {"desk", OPTION_TEXT, offsetof(struct config, desk), "", 0, 0,
                "Folder of the operators' pages; empty: none.", "值班台网页目录，留空则不提供。"},
        {"protected_sites", OPTION_TEXT, offsetof(struct config, protected_sites), "", 0, 0,
                "CSV file of protected sites (name,lat,lon,radius_m,aliases), kept apart and "
                "secret; a text that names or locates one is held. Empty: none.",
                "受保护场所清单文件，单独保密存放；涉及其名称或坐标的文字扣住。"},
        {"population", OPTION_TEXT, offsetof(struct config, population), "", 0, 0,
                "CSV file of code,people,source: how many live in a division, shown to whoever "
                "writes. Empty: no figures are shown.",
                "各区划人口的 CSV 文件（code,people,source），拟制时显示；留空则不显示。"},
        {"change_within", OPTION_SECONDS, offsetof(struct config, change_within), "604800", 1000,
                2592000000,
                "How long a proposed administrative change waits for the second person.",
                "管理变更提出后等待第二人确认的时限。"},
        {"heartbeat", OPTION_NUMBER, offsetof(struct config, heartbeat), "10", 1, 3600,
                "Seconds between two signed heartbeats, which carry the audit chain's head "
                "outside.",
                "签名心跳的间隔（秒）。"},
        {"keep_days", OPTION_NUMBER, offsetof(struct config, keep_days), "180", 180, 36500,
                "Days for which far sides' confirmations, logins and the like cannot be purged; "
                "the law's floor for logs is six months. The audit chain is never purged.",
                "回执等日志类内容至少保留的天数，法定不少于六个月。"},
        {"keep_numbers_days", OPTION_NUMBER, offsetof(struct config, keep_numbers_days), "30", 1,
                36500,
                "Days for which recipients' numbers and what came in cannot be purged after an "
                "event.",
                "接收人号码和来件原文至少保留的天数。"},
        {"import_faults_most", OPTION_NUMBER, offsetof(struct config, import_faults_most), "10", 0,
                100, "Per cent of a recipients' CSV that may be faulty; more: none of it counts.",
                "接收人 CSV 允许有误的行的百分比，超过则整份不收。"},
        {"limit_upload", OPTION_NUMBER, offsetof(struct config, limit_upload), "67108864", 1024,
                1073741824,
                "Bytes of a recipients' CSV uploaded on the desk's page; a larger one is imported "
                "on the machine.",
                "在管理页上传的接收人 CSV 的上限（字节），更大的在服务器上导入。"},
        {"ends_soon", OPTION_NUMBER, offsetof(struct config, ends_soon), "30", 1, 3650,
                "How many days before it ends something is spoken of (tocsin ends): grants, "
                "tokens, certificates, accounts of far sides.",
                "授权、令牌、证书、对端账号等到期前多少天开始提醒。"},
        {"certificates", OPTION_LIST, offsetof(struct config, certificates), "", 0, 0,
                "Certificate files (PEM) whose end is watched, besides those that targets name: "
                "the public site's, those of upstream sources.",
                "另行监视到期日的证书文件（PEM），如公众网站和上级来源的证书。"},
        {"backups", OPTION_TEXT, offsetof(struct config, backups), "/var/backups/tocsin", 0, 0,
                "Folder (0700) for backups of the record; empty: tocsin backup must name one.",
                "记录库备份目录（0700）；留空则每次备份须写明。"},
        {"backups_keep", OPTION_NUMBER, offsetof(struct config, backups_keep), "28", 1, 10000,
                "How many backups are kept there; older ones go when a new one stands. They hold "
                "numbers of persons.",
                "备份保留份数，新备份完成后删除更早的；其中有接收人号码。"},
        {"workers", OPTION_NUMBER, offsetof(struct config, workers), "2", 1, 64, "Worker threads.",
                "工作线程数。"},
        {"people_secret", OPTION_SECRET, offsetof(struct config, people_secret), "", 0, 0,
                "File whose first line seals second factors in the record and keys the digests of "
                "clients' addresses; empty: nobody signs in to an account.",
                "密封第二因素、计算地址摘要的密钥文件；留空则不能用账号登录。"},
        {"proxies", OPTION_LIST, offsetof(struct config, proxies), "", 0, 0,
                "Addresses (or ranges, 192.0.2.0/24) of proxies in front of api_listen, whose "
                "X-Forwarded-For is believed.",
                "api_listen 前的代理地址或网段，只采信它们给出的 X-Forwarded-For。"},
        {"session_idle", OPTION_SECONDS, offsetof(struct config, session_idle), "1800", 1000,
                86400000, "A session that is not used for so long ends.", "会话闲置多久后结束。"},
        {"session_most", OPTION_SECONDS, offsetof(struct config, session_most), "43200", 1000,
                604800000, "A session ends after so long, used or not.",
                "会话最长时间，到时必须重新登录。"},
        {"cookie_secure", OPTION_YES, offsetof(struct config, cookie_secure), "yes", 0, 0,
                "Whether browsers send the session's cookie over TLS only; no: for a desk without "
                "TLS on this machine.",
                "浏览器是否只经 TLS 发送会话 cookie；仅本机无 TLS 时可设为 no。"},
        {"password_hash", OPTION_TEXT, offsetof(struct config, password_word), "argon2id", 0, 0,
                "How passwords are kept: argon2id or pbkdf2-sm3. A change holds from each "
                "officer's next sign-in.",
                "密码存储算法：argon2id 或 pbkdf2-sm3，更改后于各人下次登录时生效。"},
        {"password_memory", OPTION_NUMBER, offsetof(struct config, password.memory), "65536", 19456,
                1048576, "Memory of argon2id, in KiB.", "argon2id 所用内存（KiB）。"},
        {"password_passes", OPTION_NUMBER, offsetof(struct config, password.passes), "3", 2, 64,
                "Passes of argon2id.", "argon2id 轮数。"},
        {"password_iterations", OPTION_NUMBER, offsetof(struct config, password.iterations),
                "600000", 300000, 100000000, "Iterations of pbkdf2-sm3.", "pbkdf2-sm3 迭代次数。"},
        {"password_threads", OPTION_NUMBER, offsetof(struct config, password_threads), "1", 1, 16,
                "Passwords looked at at once: each takes password_memory.",
                "同时核对密码的个数，每个占用 password_memory。"},
        {"limit_api", OPTION_NUMBER, offsetof(struct config, limit_api), "262144", 1024, 8388608,
                "Largest body the API takes, in bytes.", "接口接收的最大字节数。"},
        {"limit_source", OPTION_NUMBER, offsetof(struct config, limit_source), "1000000", 1024,
                1000000, "Largest file a source hands in, in bytes (one frame must hold it).",
                "来源文件的最大字节数。"},
        {"prompt_draft", OPTION_LEVEL_SECONDS, offsetof(struct config, prompt.draft), "300", 1000,
                604800000, "Promptness: from receipt to submission, by level.",
                "时限：收到至提交，可按级别分列。"},
        {"prompt_review", OPTION_LEVEL_SECONDS, offsetof(struct config, prompt.review), "300", 1000,
                604800000, "Promptness: from submission to the last review.",
                "时限：提交至审核完成。"},
        {"prompt_sign", OPTION_LEVEL_SECONDS, offsetof(struct config, prompt.sign), "300", 1000,
                604800000, "Promptness: from the review to the last signature.",
                "时限：审核至签发完成。"},
        {"prompt_release", OPTION_LEVEL_SECONDS, offsetof(struct config, prompt.release), "120",
                1000, 604800000, "Promptness: from the last signature to the release.",
                "时限：签发至发布。"},
        {"prompt_channel", OPTION_LEVEL_SECONDS, offsetof(struct config, prompt.channel), "120",
                1000, 604800000, "Promptness: from the release to a far side's acceptance.",
                "时限：发布至对端接收。"},
        {"prompt_total", OPTION_LEVEL_SECONDS, offsetof(struct config, prompt.total),
                "900 orange=600 red=600 II=600 I=600", 1000, 604800000,
                "Promptness: from receipt to release.", "时限：收到至发布。"},
        {"due_soon", OPTION_SECONDS, offsetof(struct config, due_soon), "1800", 1000, 86400000,
                "How long before it expires a message appears in the due list.",
                "信息失效前多久列入待办。"},
        {"notice_again", OPTION_SECONDS, offsetof(struct config, notice_again), "120", 1000,
                86400000, "How long after the first notice the one on duty is told again.",
                "首次通知后多久再次通知值班人员。"},
        {"notice_deputy", OPTION_SECONDS, offsetof(struct config, notice_deputy), "120", 1000,
                86400000, "How long after that the deputy is told.", "再过多久通知副班。"},
        {0},
};

const struct option config_target_settings[] = {
        {"name", OPTION_TEXT, offsetof(struct config_target, name), NULL, 0, 0,
                "Name of the far side.", "对端名称。"},
        {"kind", OPTION_TEXT, offsetof(struct config_target, kind), NULL, 0, 0,
                "mqtt, website, sms, weibo, wechat, wecom, webhook, ...: what it is to the policy.",
                "通道种类。"},
        {"type", OPTION_TEXT, offsetof(struct config_target, type), "", 0, 0,
                "Channel type that carries it, when it is not the kind (null, fail).",
                "承载通道类型，默认同种类。"},
        {"signature", OPTION_TEXT, offsetof(struct config_target, signature), "", 0, 0,
                "SMS signature with its brackets.", "短信签名（含【】）。"},
        {"prefix", OPTION_TEXT, offsetof(struct config_target, prefix), "", 0, 0,
                "Words in front of each text.", "文本前缀。"},
        {"sms_max_parts", OPTION_NUMBER, offsetof(struct config_target, sms_max_parts), "10", 1, 20,
                "Most parts of a long SMS.", "长短信最多条数。"},
        {"part_price", OPTION_TEXT, offsetof(struct config_target, price_word), "", 0, 0,
                "What a part of an SMS costs, in yuan (0.045), shown to whoever writes; empty: no "
                "cost is shown.",
                "每条短信的价格（元，如 0.045），拟制时显示费用；留空则不显示。"},
        {"recipients", OPTION_TEXT, offsetof(struct config_target, recipients), "", 0, 0,
                "Who gets the SMS: directory, or a CSV file of number,division for a few.",
                "接收人：directory（名册），或少量号码的 CSV（号码,区划）。"},
        {"groups", OPTION_LIST, offsetof(struct config_target, groups), "", 0, 0,
                "Groups of the directory; empty: whoever.", "限于名册中的这些分组；留空不限。"},
        {"per_minute", OPTION_NUMBER, offsetof(struct config_target, per_minute), "0", 0, 10000000,
                "Jobs (or recipients) a minute the far side's contract allows; 0: no limit.",
                "每分钟上限，0 为不限。"},
        {"back_off_first", OPTION_SECONDS, offsetof(struct config_target, back_off_first), "0.5",
                50, 600000, "First wait after a failed attempt.", "首次重试等待。"},
        {"back_off_most", OPTION_SECONDS, offsetof(struct config_target, back_off_most), "60", 50,
                3600000, "Longest wait between attempts.", "最长重试等待。"},
        {"quiet_hours", OPTION_TEXT, offsetof(struct config_target, quiet_word), "", 0, 0,
                "Part of every day (22:00-06:00, at +08:00) in which the levels of quiet_levels "
                "wait; what expires meanwhile is not sent. Empty: none.",
                "静默时段（如 22:00-06:00，北京时间）：其间 quiet_levels "
                "规定的级别不发，届时已失效的不再发送；留空则无。"},
        {"quiet_levels", OPTION_TEXT, offsetof(struct config_target, quiet_level_word), "yellow", 0,
                0,
                "The highest level that waits in quiet_hours, with all below it: yellow (and III), "
                "blue (and IV) or none. Orange and red (II, I) never wait.",
                "静默时段内等待的最高级别（含其下各级）：yellow（Ⅲ级）、blue（Ⅳ级）或 "
                "none；橙色、红色（Ⅱ级、Ⅰ级）从不等待。"},
        {"default", OPTION_YES, offsetof(struct config_target, by_default), "yes", 0, 0,
                "Whether a bulletin that names no far sides goes here.",
                "未指定通道时是否默认发往此处。"},
        {"ends", OPTION_TEXT, offsetof(struct config_target, ends), "", 0, 0,
                "Day on which its account, token or contract ends, YYYY-MM-DD; empty: not known.",
                "对端账号、令牌或合同的到期日（YYYY-MM-DD）。"},
        {"notices", OPTION_YES, offsetof(struct config_target, notices), "no", 0, 0,
                "Whether officers are told here whose turn it is: an SMS gateway, or a robot's "
                "group of their own.",
                "是否用于通知值班人员（短信网关，或值班人员的机器人群）。"},
        {0},
};

const struct option config_source_settings[] = {
        {"name", OPTION_TEXT, offsetof(struct config_source, name), NULL, 0, 0, "Name of the feed.",
                "来源名称。"},
        {"type", OPTION_TEXT, offsetof(struct config_source, type), "folder", 0, 0,
                "folder: a watched folder; feed: a list fetched by HTTPS.",
                "来源类型：folder 为监视目录，feed 为经 HTTPS 取回的订阅源。"},
        {"unit", OPTION_TEXT, offsetof(struct config_source, unit), "", 0, 0,
                "Unit whose drafts these become.", "草稿归属单位。"},
        {"ends", OPTION_TEXT, offsetof(struct config_source, ends), "", 0, 0,
                "Day on which its account, token or contract ends, YYYY-MM-DD; empty: not known.",
                "来源账号、令牌或合同的到期日（YYYY-MM-DD）。"},
        {"lenient", OPTION_YES, offsetof(struct config_source, lenient), "yes", 0, 0,
                "Read CAP as feeds send it: wrappers (Atom, RSS, EDXL-DE ...) are opened, messages "
                "of the national platform (12379) become CAP, and each liberty taken is noted "
                "(docs/CAP.md).",
                "按来源的实际写法宽松读取 CAP：打开外层（Atom、RSS、EDXL-DE "
                "等），国家预警信息 12379 转成 CAP，每一处宽松都有记录（docs/CAP.md）。"},
        {"zone", OPTION_TEXT, offsetof(struct config_source, zone), "", 0, 0,
                "Offset of times that have none, such as +08:00; empty: they are refused. Only if "
                "lenient.",
                "时间没有写时差时采用的时差，如 +08:00；不设则拒收。仅宽松读取时可设。"},
        {"encoding", OPTION_TEXT, offsetof(struct config_source, encoding), "", 0, 0,
                "Encoding of bytes that are not UTF-8 and name no other: GB18030, ISO-8859-1 or "
                "windows-1252. Only if lenient.",
                "字节不是 UTF-8 又没有声明编码时采用的编码：GB18030、ISO-8859-1 或 "
                "windows-1252。仅宽松读取时可设。"},
        {"trust", OPTION_TEXT, offsetof(struct config_source, trust), "", 0, 0,
                "Trust list: whose signature counts for which sender (docs/CAP.md). What is found "
                "of each message's signature is recorded.",
                "可信清单：哪个发送者以谁的签名为准（docs/CAP.md）。 "
                "每条报文的验签结果记入记录。"},
        {"inclusive_c14n", OPTION_YES, offsetof(struct config_source, inclusive), "no", 0, 0,
                "Take signatures over inclusive C14N (1.0, 1.1) from this source too.",
                "此来源的签名也可用包含式规范化（C14N 1.0、1.1）。"},
        {"signature_required", OPTION_YES, offsetof(struct config_source, signature_required), "no",
                0, 0, "Refuse CAP whose signature is not good, and any other form. Needs trust.",
                "签名无效的 CAP 及其他形式的来件一律拒收。须设 trust。"},
        {"json", OPTION_TEXT, offsetof(struct config_source, json), "", 0, 0,
                "Whose JSON this is: nws, qweather-alert, qweather-warning, cma-map, cma-station "
                "or nmc (docs/CAP.md); empty: JSON is an accident report. Only if lenient.",
                "该来源的 JSON 属于哪一家，取值如上（docs/CAP.md）；留空则 JSON "
                "按事故快报读入。仅宽松读取时可设。"},
        {0},
};

static void pairs_finish(struct config_pair *pairs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(pairs[i].name);
		free(pairs[i].value);
	}
	free(pairs);
}

void config_destroy(struct config **config)
{
	struct config *c = *config;

	if (!c)
		return;
	for (size_t i = 0; i < c->target_count; i++) {
		option_finish(&c->targets[i], config_target_settings);
		pairs_finish(c->targets[i].options, c->targets[i].option_count);
	}
	for (size_t i = 0; i < c->source_count; i++) {
		option_finish(&c->sources[i], config_source_settings);
		cap_trust_destroy(&c->sources[i].trusted);
		pairs_finish(c->sources[i].options, c->sources[i].option_count);
	}
	free(c->targets);
	free(c->sources);
	option_finish(c, config_settings);
	free(c->file);
	free(c);
	*config = NULL;
}

const struct config_target *config_target(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->target_count; i++)
		if (strcmp(config->targets[i].name, name) == 0)
			return &config->targets[i];
	return NULL;
}

const struct config_source *config_source(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->source_count; i++)
		if (strcmp(config->sources[i].name, name) == 0)
			return &config->sources[i];
	return NULL;
}
