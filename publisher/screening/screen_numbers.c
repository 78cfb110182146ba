/* SPDX-License-Identifier: Apache-2.0
 * screen_numbers - numbers of persons in a text: they may be written in pieces (138-1234-5678,
 * 110101 19900307 7715). Which cuts are believed depends on how sure the number itself is: an id
 * has a check digit, a telephone number only a shape. Cannot fail.
 */
#include <stdlib.h>
#include <string.h>

#include "screen_digits.h"
#include "screen_look.h"

enum { PIECES = 40, JOINED_MOST = 19, TOGETHER = 6, APART_MOST = 2 };

struct piece {
	size_t first, len; /* into the letters */
};

/* A run of pieces with nothing but separators between them. */
struct run {
	const struct look *look;
	struct piece pieces[PIECES];
	size_t count;
	bool called; /* 电话, tel stands before it */
};

static bool parts(uint32_t c)
{
	return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '/' || c == 0xb7 ||
	       c == '~' || c == '*' || c == 0x30fb;
}

/* The digits of pieces [from, to] joined, and a closing X; false when they are more than fit. */
static bool joined(const struct run *run, size_t from, size_t to, char digits[JOINED_MOST + 1])
{
	size_t len = 0;

	for (size_t i = from; i <= to; i++)
		for (size_t n = 0; n < run->pieces[i].len; n++) {
			if (len == JOINED_MOST)
				return false;
			digits[len++] = (char)look_at(run->look, run->pieces[i].first + n);
		}
	uint32_t next = look_at(run->look, run->pieces[to].first + run->pieces[to].len);
	if (len == 17 && (next == 'x' || next == 'X'))
		digits[len++] = 'X';
	digits[len] = '\0';
	return true;
}

/* "3-4-4" */
static bool cut_like(const struct run *run, size_t from, size_t to, const char *cuts)
{
	for (; *cuts; cuts++) {
		size_t i = from;
		while (i <= to && *cuts && (size_t)(*cuts - '0') == run->pieces[i].len) {
			i++;
			cuts++;
		}
		if (i > to && (!*cuts || *cuts == ' '))
			return true;
		cuts += strcspn(cuts, " ");
		if (!*cuts)
			break;
	}
	return false;
}

static bool all_single(const struct run *run, size_t from, size_t to)
{
	for (size_t i = from; i <= to; i++)
		if (run->pieces[i].len != 1)
			return false;
	return true;
}

static bool is_whole(const struct run *run, size_t from, size_t to)
{
	return from == 0 && to + 1 == run->count;
}

/* A country code before it is no piece of the number. */
static size_t behind_country(const struct run *run, size_t from, size_t to)
{
	const struct piece *p = &run->pieces[from];
	bool eight_six = (p->len == 2 || p->len == 4) &&
	                 look_at(run->look, p->first + p->len - 2) == '8' &&
	                 look_at(run->look, p->first + p->len - 1) == '6';

	return to > from && eight_six ? from + 1 : from;
}

/* Part of a word or an identifier: letters of ours behind it. */
static bool goes_on(const struct run *run, size_t to)
{
	uint32_t c = look_at(run->look, run->pieces[to].first + run->pieces[to].len);

	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

enum found_number { NOTHING, RESIDENT, PERMANENT, MOBILE, LANDLINE, SERVICE, LOCAL, CARD };

static enum found_number id_of(const struct run *run, size_t from, size_t to, const char *digits)
{
	if (to - from >= TOGETHER && !(is_whole(run, from, to) && all_single(run, from, to)))
		return NOTHING;
	if (digits_resident_id(digits))
		return RESIDENT;
	if (digits_permanent_id(digits))
		return PERMANENT;
	bool sure = is_whole(run, from, to) && !goes_on(run, to) &&
	            (from == to || cut_like(run, from, to, "663"));
	return sure && digits_old_resident_id(digits) ? RESIDENT : NOTHING;
}

static bool mobile_cut(const struct run *run, size_t from, size_t to)
{
	size_t first = behind_country(run, from, to);

	return first == to || cut_like(run, first, to, "344 353 74 47 3323 434") ||
	       (run->called && to - first < TOGETHER) ||
	       (first == 0 && to + 1 == run->count && all_single(run, first, to));
}

/* Fixed and service numbers have English look-alikes: only beside Chinese, or with +86. */
static bool is_chinese(const struct run *run, size_t from)
{
	size_t first = run->pieces[from].first;

	return run->look->letters.han ||
	       (first > 0 && look_at(run->look, first - 1) == '+' &&
	               look_at(run->look, first) == '8' && look_at(run->look, first + 1) == '6');
}

static enum found_number phone_of(const struct run *run, size_t from, size_t to, const char *digits)
{
	const struct screen_rules *rules = run->look->rules;
	size_t first = behind_country(run, from, to);
	enum found_number kind = NOTHING;

	if (goes_on(run, to) || to - from >= 12)
		return NOTHING;
	if (digits_mobile(digits) && mobile_cut(run, from, to))
		kind = MOBILE;
	else if (!is_chinese(run, from))
		return NOTHING;
	else if (digits_landline(digits, rules->lists) &&
	         (first == to ||
	                 cut_like(run, first, to, "38 37 48 47 344 334 444 434 28 244 343")))
		kind = LANDLINE;
	else if (digits_service(digits) &&
	         (from == to || cut_like(run, from, to, "334 343 37 433 64 3322")))
		kind = SERVICE;
	else if (run->called && strlen(digits) >= 7 && strlen(digits) <= 8 && digits[0] >= '2' &&
	         digits[0] <= '8' && (from == to || cut_like(run, from, to, "44 34")))
		kind = LOCAL;
	return kind && digits_published(digits, rules->lists, rules->hotlines) ? NOTHING : kind;
}

static enum found_number card_of(const struct run *run, size_t from, size_t to, const char *digits)
{
	bool cut = from == to || cut_like(run, from, to, "4444 44443 4443 44442 44441 613 68 66");

	return is_whole(run, from, to) && cut && !goes_on(run, to) &&
	                       digits_bank_card(digits, run->look->rules->lists)
	               ? CARD
	               : NOTHING;
}

static enum found_number number_of(
        const struct run *run, size_t from, size_t to, const char *digits)
{
	enum found_number kind = id_of(run, from, to, digits);

	kind = kind ? kind : phone_of(run, from, to, digits);
	return kind ? kind : card_of(run, from, to, digits);
}

static const struct {
	const char *rule, *zh, *en, *token;
} kinds[] = {
        [RESIDENT] = {"screen.resident-id", "疑似居民身份证号", "looks like a resident id number",
                "id"},
        [PERMANENT] = {"screen.permanent-id", "疑似外国人永久居留证件号",
                "looks like a foreigner's permanent-residence number", "id"},
        [MOBILE] = {"screen.mobile", "疑似个人手机号", "looks like a personal mobile number",
                "phone"},
        [LANDLINE] = {"screen.landline", "疑似未公布的固定电话",
                "looks like a landline that is no published hotline", "phone"},
        [SERVICE] = {"screen.service-number", "疑似未公布的 400/800 电话",
                "looks like a 400/800 number that is no published hotline", "phone"},
        [LOCAL] = {"screen.landline", "疑似未公布的固定电话",
                "looks like a landline that is no published hotline", "phone"},
        [CARD] = {"screen.bank-card", "疑似银行卡号", "looks like a bank card number", "card"},
};

static void tell(
        const struct run *run, size_t from, size_t to, enum found_number kind, const char *digits)
{
	size_t first = run->pieces[from].first;
	size_t end = run->pieces[to].first + run->pieces[to].len;
	size_t len = strlen(digits);

	end += digits[len - 1] == 'X';
	look_hit(run->look, first, end, kinds[kind].rule, kinds[kind].zh, kinds[kind].en);
	look_token(run->look, first, end, kinds[kind].token, true, digits);
	look_token(run->look, first, end, "tail", true, digits + (len > 4 ? len - 4 : 0));
}

/* Looks at every stretch of pieces from here, longest first; returns how many the find took, or 1.
 */
static size_t look_from(const struct run *run, size_t from)
{
	size_t to = from + PIECES / 2 < run->count ? from + PIECES / 2 : run->count - 1;

	for (to++; to-- > from;) {
		char digits[JOINED_MOST + 1];
		enum found_number kind = NOTHING;
		if (joined(run, from, to, digits))
			kind = number_of(run, from, to, digits);
		if (kind) {
			tell(run, from, to, kind, digits);
			return to - from + 1;
		}
	}
	return 1;
}

static void collect(struct run *run, size_t *index)
{
	size_t i = *index;

	while (run->count < PIECES && look_is_digit(run->look, i)) {
		struct piece *piece = &run->pieces[run->count++];
		piece->first = i;
		while (look_is_digit(run->look, i))
			i++;
		piece->len = i - piece->first;
		*index = i;
		for (int n = 0; n < APART_MOST && parts(look_at(run->look, i)); n++)
			i++;
	}
}

/* 电话：, 手机号码, tel. within a few letters before. */
static bool called_before(const struct look *look, size_t index)
{
	static const char *const words[] = {"电话", "手机", "联系方式", "传真", "座机", "热线",
	        "致电", "拨打", "微信", "tel", "phone", "mobile", "fax"};
	size_t from = index > 10 ? index - 10 : 0;

	for (size_t i = from; i < index; i++) {
		size_t end = look_word_of(look, i, words, sizeof words / sizeof words[0]);
		bool near = end && end <= index;
		for (size_t n = end; near && n < index; n++)
			near = look_is_han(look, n) ||
			       strchr(":(.-+ ", (int)look_at(look, n) & 0x7f);
		if (near)
			return true;
	}
	return false;
}

/* CHN310180010101: the old permit begins with the letters of a nation. */
static bool old_permit(const struct look *look, size_t digits)
{
	char text[16];

	if (digits < 3)
		return false;
	for (size_t i = 0; i < 15; i++) {
		uint32_t c = look_at(look, digits - 3 + i);
		if (c == 0 || c > 'Z')
			return false;
		text[i] = (char)c;
	}
	text[15] = '\0';
	uint32_t before = digits > 3 ? look_at(look, digits - 4) : 0;
	bool word = (before >= 'A' && before <= 'Z') || (before >= '0' && before <= '9');
	if (word || look_is_digit(look, digits + 12) || !digits_old_permanent_id(text))
		return false;
	look_hit(look, digits - 3, digits + 12, kinds[PERMANENT].rule, kinds[PERMANENT].zh,
	        kinds[PERMANENT].en);
	look_token(look, digits - 3, digits + 12, "id", true, text);
	return true;
}

void look_for_numbers(const struct look *look)
{
	size_t i = 0;

	while (i < look->letters.count) {
		struct run run = {.look = look};
		if (!look_is_digit(look, i)) {
			i++;
			continue;
		}
		run.called = called_before(look, i);
		bool permit = old_permit(look, i);
		collect(&run, &i);
		for (size_t from = 0; !permit && from < run.count;)
			from += look_from(&run, from);
	}
}
