/* SPDX-License-Identifier: Apache-2.0
 * policy_match - which codes a pattern covers (policy.h): the only place that knows it.
 *
 * A code or pattern has a stem: what is left when the '*' and the zeros that mean "all of it" are
 * gone. A pattern covers a code when the code's stem begins with the pattern's. Both sides lose
 * their zeros, so covering is transitive: what covers 120000 covers every district of it. Cannot
 * fail; NULL is covered by nothing.
 */
#include "policy.h"

#include <string.h>

enum { DIVISION_MOST = 12, HAZARD_SIZE = 5 };

static size_t without_star(const char *pattern)
{
	size_t len = strlen(pattern);

	return len && pattern[len - 1] == '*' ? len - 1 : len;
}

static bool ends_with_zeros(const char *code, size_t len, size_t zeros)
{
	return len >= zeros && strspn(code + len - zeros, "0") >= zeros;
}

size_t policy_division_stem(const char *code)
{
	size_t len = without_star(code);

	while ((len == 12 || len == 9) && ends_with_zeros(code, len, 3))
		len -= 3;
	if (len != 6)
		return len;
	while (len && ends_with_zeros(code, len, 2))
		len -= 2;
	return len;
}

bool policy_division_covers(const char *pattern, const char *code)
{
	if (!pattern || !code)
		return false;
	size_t stem = policy_division_stem(pattern);

	return stem <= policy_division_stem(code) && memcmp(pattern, code, stem) == 0;
}

bool policy_division_touches(const char *pattern, const char *code)
{
	return policy_division_covers(pattern, code) || policy_division_covers(code, pattern);
}

bool policy_hazard_covers(const char *pattern, const char *code)
{
	return pattern && code && strncmp(pattern, code, without_star(pattern)) == 0;
}

static bool all_digits(const char *text, size_t len)
{
	return strspn(text, "0123456789") >= len;
}

static bool all_hazard(const char *text, size_t len)
{
	return strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") >= len;
}

bool policy_division_concrete(const char *code)
{
	size_t len = code ? strlen(code) : 0;

	return (len == 6 || len == 9 || len == 12) && all_digits(code, len);
}

bool policy_hazard_concrete(const char *code)
{
	return code && strlen(code) == HAZARD_SIZE && all_hazard(code, HAZARD_SIZE);
}

bool policy_division_pattern(const char *pattern)
{
	size_t len = pattern ? without_star(pattern) : 0;

	return pattern && *pattern && len <= DIVISION_MOST && all_digits(pattern, len);
}

bool policy_hazard_pattern(const char *pattern)
{
	size_t len = pattern ? without_star(pattern) : 0;

	return pattern && *pattern && len <= HAZARD_SIZE && all_hazard(pattern, len);
}
