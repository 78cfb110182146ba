/* SPDX-License-Identifier: Apache-2.0
 * person - see person.h. Pure.
 */
#include "person.h"

#include <string.h>

#include "policy.h"
#include "utf8.h"

_Static_assert(sizeof(struct person) % 16 == 0, "the sorter wants it so");

/* Full-width digits and the plus sign, as spreadsheets have them. */
static int dialled(uint32_t c)
{
	if (c >= 0xff10 && c <= 0xff19)
		return (int)(c - 0xff10) + '0';
	if (c == 0xff0b)
		return '+';
	return c < 128 ? (int)c : 0;
}

static bool is_mobile(const char *digits)
{
	return strlen(digits) == 11 && digits[0] == '1' && digits[1] >= '3' && digits[1] <= '9';
}

bool person_number(const char *text, char number[NUMBER_ROOM])
{
	char digits[NUMBER_ROOM] = "";
	size_t len = 0;

	for (uint32_t c; (c = utf8_next(&text));) {
		int one = dialled(c);
		if (one == ' ' || one == '-' || one == '\t' || c == 0x3000)
			continue;
		if (len == NUMBER_ROOM - 1 ||
		        !((one >= '0' && one <= '9') || (one == '+' && len == 0)))
			return false;
		digits[len++] = (char)one;
	}
	static const char *const home[] = {"+86", "0086", "86", ""};
	memset(number, 0, NUMBER_ROOM);
	for (size_t i = 0; i < sizeof home / sizeof *home; i++) {
		size_t skip = strlen(home[i]);
		if (strncmp(digits, home[i], skip) == 0 && is_mobile(digits + skip)) {
			memcpy(number, digits + skip, strlen(digits + skip));
			return true;
		}
	}
	if (*digits != '+' || len < 9 || len > 16 || digits[1] == '0' ||
	        strncmp(digits, "+86", 3) == 0)
		return false;
	memcpy(number, digits, len);
	return true;
}

void person_mask(const char *name, char masked[12])
{
	const char *at = name;

	memset(masked, 0, 12);
	if (!utf8_next(&at))
		return;
	size_t first = (size_t)(at - name);
	memcpy(masked, name, first);
	memcpy(masked + first, "**", 2);
}

bool person_division(const char *code, int64_t *out)
{
	if (!policy_division_concrete(code))
		return false;
	*out = 0;
	for (size_t i = 0; i < 12; i++)
		*out = *out * 10 + (i < strlen(code) ? code[i] - '0' : 0);
	return true;
}

void person_divisions(const char *code, int64_t *first, int64_t *last)
{
	size_t stem = policy_division_stem(code);

	*first = *last = 0;
	for (size_t i = 0; i < 12; i++) {
		*first = *first * 10 + (i < stem ? code[i] - '0' : 0);
		*last = *last * 10 + (i < stem ? code[i] - '0' : 9);
	}
}

uint64_t person_place(int32_t lon, int32_t lat)
{
	enum { BITS = 24 };
	uint64_t along = 0;

	if (lon == PLACE_NONE || lat == PLACE_NONE)
		return 0;
	uint32_t x = (uint32_t)((lon + 180000000LL) * ((1 << BITS) - 1) / 360000000);
	uint32_t y = (uint32_t)((lat + 90000000LL) * ((1 << BITS) - 1) / 180000000);
	for (uint32_t side = 1U << (BITS - 1); side; side >>= 1) {
		uint32_t right = (x & side) != 0;
		uint32_t up = (y & side) != 0;
		along = along << 2 | ((3 * right) ^ up);
		if (up)
			continue;
		if (right) {
			x = ~x;
			y = ~y;
		}
		uint32_t turned = x;
		x = y;
		y = turned;
	}
	return along + 1;
}

void block_head_widen(struct block_head *head, const struct detail *detail)
{
	if (detail->lon == PLACE_NONE)
		return;
	bool first = head->placed++ == 0;
	if (first || detail->lon < head->west)
		head->west = detail->lon;
	if (first || detail->lon > head->east)
		head->east = detail->lon;
	if (first || detail->lat < head->south)
		head->south = detail->lat;
	if (first || detail->lat > head->north)
		head->north = detail->lat;
}

int person_by_number(const void *a, const void *b)
{
	const struct person *one = a;
	const struct person *other = b;
	int order = memcmp(one->number, other->number, NUMBER_ROOM);

	return order ? order : (one->line > other->line) - (one->line < other->line);
}

int person_by_place(const void *a, const void *b)
{
	const struct person *one = a;
	const struct person *other = b;

	if (one->detail.division != other->detail.division)
		return one->detail.division < other->detail.division ? -1 : 1;
	if (one->place != other->place)
		return one->place < other->place ? -1 : 1;
	return memcmp(one->number, other->number, NUMBER_ROOM);
}

static uint64_t mixed(uint64_t hash, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ at[i]) * 0x100000001b3ULL;
	return hash;
}

uint64_t person_said(const struct detail *detail, const struct profile *profile)
{
	uint64_t hash = 0xcbf29ce484222325ULL;

	hash = mixed(hash, &detail->division, sizeof detail->division);
	hash = mixed(hash, &detail->lon, sizeof detail->lon);
	hash = mixed(hash, &detail->lat, sizeof detail->lat);
	hash = mixed(hash, detail->name, sizeof detail->name);
	hash = mixed(hash, &profile->rank, sizeof profile->rank);
	hash = mixed(hash, profile->hazards, strlen(profile->hazards) + 1);
	hash = mixed(hash, profile->groups, strlen(profile->groups) + 1);
	return mixed(hash, profile->purposes, strlen(profile->purposes) + 1);
}
