/* SPDX-License-Identifier: Apache-2.0
 * change_shown - see change_shown.h.
 */
#include "change_shown.h"

#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "fields.h"
#include "mem.h"
#include "text_diff.h"

/* Are these the lines of the change that made this document the one in force? */
static bool made_it(const char *lines, const char *follows, const char document[DIGEST_HEX])
{
	struct change_text text;
	char digest[DIGEST_HEX];

	if (!change_text_read(&text, lines, strlen(lines), NULL))
		return false;
	change_text_digest(&text, digest);
	bool made = strcmp(digest, follows) == 0 && strcmp(text.body, document) == 0;
	change_text_finish(&text);
	return made;
}

/* By the change whose digest `follows` is, as the history on the server names it. */
static bool made_by_a_change(
        const json_t *versions, const char *follows, const char document[DIGEST_HEX])
{
	const json_t *version;
	struct err err;
	bool made = false;
	size_t i;

	json_array_foreach((json_t *)versions, i, version)
	{
		if (strcmp(json_text(version, "head"), follows) != 0 || made)
			continue;
		char *path = mem_format("/api/v1/changes/%s", json_text(version, "change"));
		json_t *change = client_get(path, &err);
		made = made_it(json_text(change, "text"), follows, document);
		json_decref(change);
		free(path);
	}
	return made;
}

char *change_shown(const struct change_text *text, const char *body, struct err *err)
{
	json_t *policy = client_get("/api/v1/policy", err);
	const char *before = json_text(policy, "text");
	char digest[DIGEST_HEX];
	char *diff = NULL;

	if (!policy)
		return NULL;
	digest_sha256(before, strlen(before), digest);
	if (strcmp(digest, text->follows) == 0 ||
	        made_by_a_change(json_object_get(policy, "versions"), text->follows, digest))
		diff = text_diff(before, body);
	else
		err_set(err, ERR_DENIED,
		        "变更 %s 所接续的不是服务器给出的现行授权规则（须请提出人以现行规则为底重新"
		        "提出；如无人变更过，则服务器所说不实），无法比对",
		        "change %s does not follow the policy that the server shows as the one in "
		        "force (let it be proposed anew on that one; where nothing was changed, "
		        "the server does not tell the truth): there is nothing to compare with",
		        text->id);
	json_decref(policy);
	return diff;
}
