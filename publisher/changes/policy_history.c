/* SPDX-License-Identifier: Apache-2.0
 * policy_history - see policy_history.h.
 */
#include "policy_history.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "log.h"
#include "policies.h"
#include "policy_change.h"
#include "policy_history_step.h"
#include "store_change.h"
#include "when.h"

/* --- installing ------------------------------------------------------------------------------- */

struct installation {
	const struct policy *policy;
	int64_t number;
};

static bool write_installation(struct store *store, void *arg, struct err *err)
{
	const struct installation *i = arg;
	char none[] = "";
	struct policy_version version = {
	        .number = i->number, .change = none, .at = when_now(), .text = i->policy->text};

	memcpy(version.version, i->policy->version, DIGEST_HEX);
	memcpy(version.head, i->policy->version, DIGEST_HEX);
	json_t *body = json_pack(
	        "{s:I,s:s}", "number", (json_int_t)i->number, "policy", i->policy->version);
	bool ok = store_add_policy_version(store, &version, err) &&
	          store_audit(store, "policy-installed", "", body, version.at, err);
	json_decref(body);
	return ok;
}

static bool first_installation(struct house *house, struct err *err)
{
	struct policy *policy = policy_read(house->config->policy, err);
	struct installation i = {policy, 1};
	bool ok = policy && record_do(house->record, 0, write_installation, &i, err);

	if (ok)
		policies_put(house, i.number, policy->version, policy);
	else
		policy_destroy(&policy);
	return ok;
}

/* The last version that root installed. */
static bool installed_version(struct store *reader, const struct policy_version *newest,
        struct policy_version *out, struct err *err)
{
	int64_t number = newest->number;

	while (store_get_policy_version(reader, number, out, err)) {
		if (!*out->change)
			return true;
		policy_version_finish(out);
		number--;
	}
	return false;
}

static bool file_is(const struct config *config, const struct policy_version *installed,
        struct policy **policy, struct err *err)
{
	*policy = policy_read(config->policy, err);
	if (!*policy)
		return false;
	if (strcmp((*policy)->version, installed->version) == 0)
		return true;
	policy_destroy(policy);
	return err_set(err, ERR_CONFIG,
	        "%s 不是当初安装的授权规则（%.16s）：文件一经安装，只能由两名管理员变更（tocsin "
	        "change），或由 root 停机后执行 tocsind --install-policy",
	        "%s is not the policy that was installed (%.16s): once installed it changes by two "
	        "administrators only (tocsin change), or by root, tocsind stopped: tocsind "
	        "--install-policy",
	        config->policy, installed->version);
}

/* --- the history ------------------------------------------------------------------------------ */

/* The policy that this version leads to from the one before; *head moves on. NULL: *err. */
static struct policy *step_on(struct house *house, struct store *reader, int64_t number,
        const struct policy *before, char head[DIGEST_HEX], struct err *err)
{
	struct policy_step step;
	struct policy *next = NULL;

	if (policy_history_step(reader, number, &step, err))
		next = policy_step_take(before, head, house->config->mode, &step, head, err);
	policy_step_finish(&step);
	return next;
}

/* From the installed one, whose policy is taken, to the newest. *head: where the history stands. */
static struct policy *walk(struct house *house, struct store *reader, int64_t number,
        int64_t newest, struct policy *policy, char head[DIGEST_HEX], struct err *err)
{
	while (policy && number < newest) {
		struct err why = {0};
		struct policy *next = step_on(house, reader, ++number, policy, head, &why);
		policy_destroy(&policy);
		policy = next;
		if (!policy)
			err_set(err, ERR_UNAVAILABLE,
			        "记录中第 %lld 版授权规则不成立，拒绝启动：%s%.0s",
			        "version %lld of the policy in the record does not hold, not "
			        "started: %.0s%s",
			        (long long)number, why.zh, why.en);
	}
	return policy;
}

bool policy_history_open(struct house *house, struct store *reader, struct err *err)
{
	struct policy_version newest, installed = {0};
	struct policy *policy = NULL;
	struct err none = {0};
	char head[DIGEST_HEX];

	if (!store_newest_policy(reader, &newest, &none)) {
		if (none.kind == ERR_MISSING)
			return first_installation(house, err);
		*err = none;
		return false;
	}
	if (installed_version(reader, &newest, &installed, err) &&
	        file_is(house->config, &installed, &policy, err)) {
		memcpy(head, installed.head, DIGEST_HEX);
		policy = walk(house, reader, installed.number, newest.number, policy, head, err);
	}
	if (policy)
		policies_put(house, newest.number, head, policy);
	policy_version_finish(&installed);
	policy_version_finish(&newest);
	return policy != NULL;
}

bool policy_history_refresh(struct house *house, struct store *reader, struct err *err)
{
	struct policy_version newest;
	struct policies_place at;

	if (!store_newest_policy(reader, &newest, err))
		return false;
	int64_t number = newest.number;
	policy_version_finish(&newest);
	for (policies_place(house, &at); at.number < number; policies_place(house, &at)) {
		struct policy *policy =
		        step_on(house, reader, at.number + 1, at.policy, at.head, err);
		if (!policy)
			return false;
		log_event(LOG_INFO, "policy", "version", policy->version, NULL);
		policies_put(house, at.number + 1, at.head, policy);
	}
	return true;
}

void policy_history_keep_up(struct house *house, struct store *reader, int64_t now)
{
	struct err err = {0};
	bool ok = policy_history_refresh(house, reader, &err);

	(void)now;
	if (policies_stuck_is(house->policies, !ok) && !ok)
		log_event(LOG_ERROR, "policy-not-in-force", "reason", err.en, NULL);
}

bool policy_history_file_reads(const struct config *config, struct err *err)
{
	struct policy *policy = policy_read(config->policy, err);
	bool reads = policy != NULL;

	policy_destroy(&policy);
	return reads;
}

bool policy_history_file_holds(struct house *house, struct store *reader, struct err *err)
{
	struct policy_version newest, installed = {0};
	struct policy *policy = NULL;

	if (!store_newest_policy(reader, &newest, err))
		return false;
	bool ok = installed_version(reader, &newest, &installed, err) &&
	          file_is(house->config, &installed, &policy, err);
	policy_destroy(&policy);
	policy_version_finish(&installed);
	policy_version_finish(&newest);
	return ok;
}

/* When it was written last, to the nanosecond; -1: it cannot be found. */
static int64_t written_at(const char *path)
{
	struct stat about;

	return stat(path, &about) == 0
	               ? (int64_t)about.st_mtim.tv_sec * 1000000000 + about.st_mtim.tv_nsec
	               : -1;
}

void policy_history_watch(struct house *house, struct store *reader, int64_t now)
{
	const char *file = house->config->policy;
	struct err err = {0};

	(void)now;
	if (policies_file_is(house->policies, written_at(file)) &&
	        !policy_history_file_holds(house, reader, &err))
		log_event(LOG_ERROR, "policy-file", "file", file, "reason", err.en, NULL);
}

/* --- tools ------------------------------------------------------------------------------------ */

/* An old document installed once more would make the changes that once followed it fit again. */
static bool is_new(
        struct store *store, const struct policy *policy, int64_t *number, struct err *err)
{
	struct policy_version newest;
	struct err none = {0};
	int64_t known = 0;

	*number = 1;
	if (store_newest_policy(store, &newest, &none)) {
		*number = newest.number + 1;
		policy_version_finish(&newest);
	}
	return store_find_policy_head(store, policy->version, &known, err) &&
	       (!known ||
	               err_set(err, ERR_CONFLICT,
	                       "这份授权规则曾经安装过（第 %lld "
	                       "版）：请在注释中写上今天的日期再安装",
	                       "this document was installed before (version %lld): write today's "
	                       "date into a comment and install it then",
	                       (long long)known));
}

bool policy_history_install(const struct config *config, struct err *err)
{
	struct policy *policy = policy_read(config->policy, err);
	struct store *store = policy ? record_tool_open(config->state, err) : NULL;
	struct installation i = {policy, 0};
	bool ok = store && is_new(store, policy, &i.number, err) &&
	          record_tool_do(store, write_installation, &i, err);

	record_tool_close(&store);
	policy_destroy(&policy);
	return ok;
}

struct policy *policy_history_tool_read(
        struct store *store, const struct config *config, struct err *err)
{
	struct policy_version newest;
	struct err none = {0};

	if (!store_newest_policy(store, &newest, &none))
		return policy_read(config->policy, err);
	struct policy *policy =
	        policy_parse("authority.yaml", newest.text, strlen(newest.text), err);
	policy_version_finish(&newest);
	return policy;
}
