/* SPDX-License-Identifier: Apache-2.0
 * token - see token.h.
 */
#include "token.h"

#include <stdlib.h>
#include <string.h>

#include "when.h"

enum { TOUCH_MS = 60000 };

static void with_blanks(char *list)
{
	for (char *p = list; *p; p++)
		*p = *p == ',' ? ' ' : *p;
}

static bool is_scope(const char *word, size_t len)
{
	static const char *const known[] = {
	        "read", "draft", "submit", "approve", "release", "cancel", "admin"};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strlen(known[i]) == len && strncmp(known[i], word, len) == 0)
			return true;
	return false;
}

bool token_scopes(char *scopes, struct err *err)
{
	with_blanks(scopes);
	for (const char *at = scopes; *at;) {
		size_t len = strcspn(at, " ");
		if (!is_scope(at, len))
			return err_set(err, ERR_USAGE, "没有权限 %s", "there is no scope %s", at);
		at += len + strspn(at + len, " ");
	}
	return true;
}

/* Each of a list's ranges, until one says true. */
static bool any_range(
        const char *list, bool (*says)(const char *range, const void *arg), const void *arg)
{
	char *copy = mem_text(list);
	char *rest = copy;
	char *range;
	bool found = false;

	while (!found && (range = strsep(&rest, " ")))
		found = *range && says(range, arg);
	free(copy);
	return found;
}

static bool is_broken(const char *range, const void *arg)
{
	(void)arg;
	return !address_range_valid(range);
}

bool token_addresses(char *addresses, struct err *err)
{
	with_blanks(addresses);
	return !any_range(addresses, is_broken, NULL) ||
	       err_set(err, ERR_USAGE, "%s 中有的不是地址或网段",
	               "not all of %s are addresses or ranges", addresses);
}

bool token_ends(const char *day, int64_t *ends, struct err *err)
{
	*ends = 0;
	return !*day || when_read_day(day, ends) ||
	       err_set(err, ERR_USAGE, "止期 %s 应为日期，如 2027-01-01",
	               "the end %s must be a day such as 2027-01-01", day);
}

struct touch {
	char *name;
	int64_t now;
};

static bool write_touch(struct store *store, void *arg, struct err *err)
{
	const struct touch *touch = arg;

	return store_touch_token(store, touch->name, touch->now, err);
}

static void touched(void *arg, bool ok, const struct err *err)
{
	struct touch *touch = arg;

	(void)ok;
	(void)err;
	free(touch->name);
	free(touch);
}

static void use(struct house *house, const struct token *token, int64_t now)
{
	if (now - token->used < TOUCH_MS)
		return;
	struct touch *touch = mem_zero(sizeof *touch);
	touch->name = mem_text(token->name);
	touch->now = now;
	record_post(house->record, 0, write_touch, touched, touch);
}

static bool lies_in(const char *range, const void *client)
{
	return address_in(client, range);
}

static bool comes_from(const struct token *token, const struct address *client, struct err *err)
{
	return !*token->addresses || any_range(token->addresses, lies_in, client) ||
	       err_set(err, ERR_DENIED, "令牌 %s 不可从此地址使用",
	               "the token %s may not be used from this address", token->name);
}

bool token_find(struct house *house, struct store *reader, const char *digest,
        const struct address *client, struct token *out, struct err *err)
{
	int64_t now = when_now();

	if (!store_find_token(reader, digest, now, out, err))
		return false;
	if (comes_from(out, client, err)) {
		use(house, out, now);
		return true;
	}
	token_finish(out);
	return false;
}
