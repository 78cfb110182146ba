/* SPDX-License-Identifier: Apache-2.0
 * case - `tocsin case export | verify`: the whole case of a bulletin into one file, and the check
 * of such a file by itself (case_verify.h).
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "case_verify.h"
#include "client.h"
#include "mem.h"

static int usage(void)
{
	fputs("usage: tocsin case export ID FILE\n"
	      "       tocsin case verify FILE --alert-key PUBLIC.pem [--status-key PUBLIC.pem]"
	      " [--policy FILE]\n",
	        stderr);
	return EX_USAGE;
}

static int export_case(const char *id, const char *path)
{
	struct reply reply;
	struct err err;
	char *url = mem_format("/api/v1/bulletins/%s/case", id);
	bool ok = client_call("GET", url, NULL, NULL, 0, &reply, &err);

	free(url);
	if (ok) {
		FILE *out = fopen(path, "wex");
		ok = out && fwrite(reply.body.data, 1, reply.body.len, out) == reply.body.len;
		ok = out && fclose(out) == 0 && ok;
		if (!ok)
			err_set(&err, ERR_CONFLICT, "无法写 %s（已存在？）",
			        "cannot write %s (is it there already?)", path);
	}
	reply_finish(&reply);
	return ok ? EX_OK : say_err(&err);
}

static bool read_keys(const char *alert, const char *status, const char *policy,
        struct case_keys *keys, struct err *err)
{
	keys->alert = key_read_public(alert, err);
	keys->status = keys->alert && status ? key_read_public(status, err) : NULL;
	keys->policy = keys->alert && policy ? policy_read(policy, err) : NULL;
	return keys->alert && (!status || keys->status) && (!policy || keys->policy);
}

static int verify_case(const char *path, const char *alert, const char *status, const char *policy)
{
	struct case_keys keys = {0};
	struct case_found found = {0};
	struct err err;
	json_error_t trouble;
	json_t *json = NULL;

	bool ok = read_keys(alert, status, policy, &keys, &err);
	if (ok && !(json = json_load_file(path, JSON_REJECT_DUPLICATES, &trouble)))
		ok = err_set(&err, ERR_INPUT, "%s 不是案卷：%s", "%s is no case: %s", path,
		        trouble.text);
	ok = ok && case_verify(json, &keys, &found, &err);
	if (ok)
		printf("案卷成立 / the case holds: %zu messages, %zu signed, %zu approvals, %zu "
		       "audit records\n",
		        found.messages, found.signed_messages, found.approvals, found.records);
	json_decref(json);
	key_destroy(&keys.alert);
	key_destroy(&keys.status);
	policy_destroy(&keys.policy);
	return ok ? EX_OK : say_err(&err);
}

int command_case(int argc, char **argv)
{
	const char *alert = take_option(&argc, argv, "--alert-key");
	const char *status = take_option(&argc, argv, "--status-key");
	const char *policy = take_option(&argc, argv, "--policy");

	if (argc == 4 && strcmp(argv[1], "export") == 0)
		return export_case(argv[2], argv[3]);
	if (argc == 3 && strcmp(argv[1], "verify") == 0 && alert)
		return verify_case(argv[2], alert, status, policy);
	return usage();
}
