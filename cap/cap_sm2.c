/* SPDX-License-Identifier: Apache-2.0
 * cap_sm2 - what two sides agree on about SM2, read from "name=value".
 */
#include "cap_signature.h"

#include <string.h>

/* No standard names SM2 in XML. These are the names most senders use. */
const struct cap_sm2 cap_sm2_default = {
        .signature = DSIG_NAMESPACE "sm2-sm3",
        .digest = DSIG_NAMESPACE "sm3",
        .id = pkey_sm2_id,
};

enum { TEXT_MOST = 256 };

/* It is written into an attribute as it stands. */
static bool plain_text(const char *text)
{
	size_t len = strlen(text);

	for (const char *p = text; *p; p++)
		if (*p <= ' ' || *p > '~' || strchr("\"<>&", *p))
			return false;
	return len > 0 && len <= TEXT_MOST;
}

bool cap_sm2_set(struct cap_sm2 *sm2, const char *text, struct err *err)
{
	const struct {
		const char *name;
		const char **place;
	} texts[] = {{"signature=", &sm2->signature}, {"digest=", &sm2->digest}, {"id=", &sm2->id}};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		const char *value = text + strlen(texts[i].name);
		if (strncmp(text, texts[i].name, strlen(texts[i].name)) == 0 && plain_text(value)) {
			*texts[i].place = value;
			return true;
		}
	}
	sm2->der = strcmp(text, "value=der") == 0;
	if (sm2->der || strcmp(text, "value=raw") == 0)
		return true;
	return err_set(err, ERR_CONFIG,
	        "SM2 设置 %s：应为 signature=URI、digest=URI、id=标识、value=raw 或 value=der",
	        "SM2 setting %s: must be signature=URI, digest=URI, id=TEXT, value=raw or "
	        "value=der",
	        text);
}
