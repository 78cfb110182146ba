/* SPDX-License-Identifier: Apache-2.0
 * account_tool - see account_tool.h. The record gets the code's digest only.
 */
#include "account_tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enrol.h"
#include "record.h"
#include "secret.h"
#include "token_tool.h"
#include "when.h"

struct order {
	const char *officer, *digest;
};

static bool open_it(struct store *store, void *arg, struct err *err)
{
	const struct order *order = arg;

	return enrol_open(
	        store, order->officer, order->digest, true, "on the machine", when_now(), err);
}

static bool add_one(
        const struct config *config, struct store *store, const char *officer, struct err *err)
{
	char digest[DIGEST_HEX];
	struct order order = {officer, digest};
	char *code = random_token();

	digest_sha256(code, strlen(code), digest);
	bool ok = (*officer || err_set(err, ERR_USAGE, "请写明人员", "name an officer")) &&
	          token_tool_officer(store, config, officer, err) &&
	          record_tool_do(store, open_it, &order, err);
	if (ok)
		puts(code);
	secret_forget(&code);
	return ok;
}

bool account_tool_add(const struct config *config, const char *officers, struct err *err)
{
	struct store *store = record_tool_open(config->state, err);
	char *copy = mem_text(officers);
	char *rest = copy;
	bool ok = store != NULL;

	while (ok && rest)
		ok = add_one(config, store, strsep(&rest, ","), err);
	record_tool_close(&store);
	free(copy);
	return ok;
}
