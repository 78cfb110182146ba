/* SPDX-License-Identifier: Apache-2.0
 * screen_digits - see screen_digits.h.
 */
#include "screen_digits.h"

#include <stdio.h>
#include <string.h>

enum { LOCAL_LEN = 7 };

static bool all_digits(const char *text, size_t len)
{
	return strspn(text, "0123456789") >= len;
}

static int number_of(const char *digits, size_t len)
{
	int number = 0;

	for (size_t i = 0; i < len; i++)
		number = number * 10 + (digits[i] - '0');
	return number;
}

static bool is_day(int year, int month, int day)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return year >= 1900 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= days[month - 1];
}

/* GB/T 2260: the first two digits of a division code, and of the residence permits of Hong Kong,
 * Macao and Taiwan people. */
static bool is_province(const char *digits)
{
	static const char provinces[] =
	        "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 "
	        "46 50 51 52 53 54 61 62 63 64 65 71 81 82 83";
	char two[3] = {digits[0], digits[1], '\0'};

	return strstr(provinces, two) != NULL;
}

/* ISO 7064 MOD 11-2. */
static bool check_digit_fits(const char *digits)
{
	static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	int sum = 0;

	for (int i = 0; i < 17; i++)
		sum += weights[i] * (digits[i] - '0');
	return digits[17] == "10X98765432"[sum % 11];
}

static bool id_shaped(const char *digits)
{
	return strlen(digits) == 18 && all_digits(digits, 17) && check_digit_fits(digits);
}

bool digits_resident_id(const char *digits)
{
	return id_shaped(digits) && is_province(digits) &&
	       is_day(number_of(digits + 6, 4), number_of(digits + 10, 2),
	               number_of(digits + 12, 2));
}

bool digits_old_resident_id(const char *digits)
{
	return strlen(digits) == 15 && all_digits(digits, 15) && is_province(digits) &&
	       number_of(digits + 2, 4) > 0 &&
	       is_day(1900 + number_of(digits + 6, 2), number_of(digits + 8, 2),
	               number_of(digits + 10, 2));
}

bool digits_permanent_id(const char *digits)
{
	return id_shaped(digits) && digits[0] == '9' && is_province(digits + 1) &&
	       is_day(number_of(digits + 6, 4), number_of(digits + 10, 2),
	               number_of(digits + 12, 2));
}

bool digits_old_permanent_id(const char *text)
{
	for (int i = 0; i < 3; i++)
		if (text[i] < 'A' || text[i] > 'Z')
			return false;
	return strlen(text) == 15 && all_digits(text + 3, 12) && is_province(text + 3) &&
	       is_day(1900 + number_of(text + 7, 2), number_of(text + 9, 2),
	               number_of(text + 11, 2));
}

static const char *without_country(const char *digits)
{
	if (strncmp(digits, "0086", 4) == 0)
		return digits + 4;
	return strlen(digits) > 10 && strncmp(digits, "86", 2) == 0 ? digits + 2 : digits;
}

bool digits_mobile(const char *digits)
{
	digits = without_country(digits);
	return strlen(digits) == 11 && all_digits(digits, 11) && digits[0] == '1' &&
	       digits[1] >= '3';
}

bool digits_service(const char *digits)
{
	return strlen(digits) == 10 && all_digits(digits, 10) &&
	       (strncmp(digits, "400", 3) == 0 || strncmp(digits, "800", 3) == 0);
}

static bool area_and_local(const char *digits, const struct screen_lists *lists)
{
	for (size_t len = 3; len <= 4; len++) {
		char area[5] = "";
		size_t all = strlen(digits);
		if (all < len + LOCAL_LEN || all > len + LOCAL_LEN + 1)
			continue;
		memcpy(area, digits, len);
		if (digits[len] >= '2' && digits[len] <= '8' &&
		        screen_list_has(&lists->area_codes, area))
			return true;
	}
	return false;
}

bool digits_landline(const char *digits, const struct screen_lists *lists)
{
	const char *bare = without_country(digits);
	char whole[24];

	if (!all_digits(bare, strlen(bare)) || strlen(bare) > 12)
		return false;
	if (bare == digits || *bare == '0')
		return area_and_local(bare, lists);
	snprintf(whole, sizeof whole, "0%s", bare);
	return area_and_local(whole, lists);
}

static bool luhn(const char *digits)
{
	int sum = 0;
	size_t len = strlen(digits);

	for (size_t i = 0; i < len; i++) {
		int digit = digits[len - 1 - i] - '0';
		digit = i % 2 ? digit * 2 : digit;
		sum += digit > 9 ? digit - 9 : digit;
	}
	return sum % 10 == 0;
}

bool digits_bank_card(const char *digits, const struct screen_lists *lists)
{
	if (!all_digits(digits, strlen(digits)) || !luhn(digits))
		return false;
	for (size_t i = 0; i < lists->prefix_count; i++) {
		const struct screen_prefix *p = &lists->prefixes[i];
		if (strlen(digits) == p->digits &&
		        strncmp(digits, p->prefix, strlen(p->prefix)) == 0)
			return true;
	}
	return false;
}

/* The same number, or its local part of at least seven digits. */
static bool same_number(const char *digits, const char *published)
{
	const char *a = without_country(digits);
	const char *b = without_country(published);

	a += *a == '0';
	b += *b == '0';
	size_t len = strlen(a);
	size_t whole = strlen(b);
	return strcmp(a, b) == 0 || ((len == LOCAL_LEN || len == LOCAL_LEN + 1) && whole > len &&
	                                    whole < 11 && strcmp(a, b + whole - len) == 0);
}

bool digits_published(
        const char *digits, const struct screen_lists *lists, const struct texts *hotlines)
{
	if (screen_list_has(&lists->public_numbers, digits))
		return true;
	for (size_t i = 0; hotlines && i < hotlines->count; i++)
		if (same_number(digits, hotlines->items[i]))
			return true;
	return false;
}
