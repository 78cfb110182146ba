/* SPDX-License-Identifier: Apache-2.0
 * address - see address.h. Relies on inet_pton alone; text it does not take is no address.
 */
#include "address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAPPED = 12, RANGE_MOST = 64 };

static const unsigned char mapped[MAPPED] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool is_v4(const struct address *address)
{
	return memcmp(address->bytes, mapped, MAPPED) == 0;
}

bool address_read(const char *text, struct address *address)
{
	memcpy(address->bytes, mapped, MAPPED);
	return inet_pton(AF_INET, text, address->bytes + MAPPED) == 1 ||
	       inet_pton(AF_INET6, text, address->bytes) == 1;
}

/* The range's address and how many of the 128 bits count. */
static bool read_range(const char *range, struct address *base, int *bits)
{
	char text[RANGE_MOST];
	size_t len = strcspn(range, "/");
	const char *number = range[len] ? range + len + 1 : NULL;

	if (len >= sizeof text)
		return false;
	memcpy(text, range, len);
	text[len] = '\0';
	if (!address_read(text, base))
		return false;
	int most = strchr(text, ':') ? 128 : 32;
	if (number &&
	        (!*number || strlen(number) > 3 || strspn(number, "0123456789") != strlen(number)))
		return false;
	long given = number ? strtol(number, NULL, 10) : most;
	*bits = (int)given + (128 - most);
	return given <= most;
}

bool address_range_valid(const char *range)
{
	struct address base;
	int bits;

	return read_range(range, &base, &bits);
}

bool address_in(const struct address *address, const char *range)
{
	struct address base;
	int bits;

	if (!read_range(range, &base, &bits))
		return false;
	int whole = bits / 8;
	if (memcmp(address->bytes, base.bytes, (size_t)whole) != 0)
		return false;
	if (bits % 8 == 0)
		return true;
	unsigned mask = 0xffU << (8 - bits % 8) & 0xffU;
	return ((address->bytes[whole] ^ base.bytes[whole]) & mask) == 0;
}

bool address_in_any(const struct address *address, const struct texts *ranges)
{
	for (size_t i = 0; i < ranges->count; i++)
		if (address_in(address, ranges->items[i]))
			return true;
	return false;
}

void address_group(const struct address *address, char text[ADDRESS_TEXT])
{
	struct address group = *address;

	if (is_v4(address)) {
		inet_ntop(AF_INET, address->bytes + MAPPED, text, ADDRESS_TEXT);
		return;
	}
	memset(group.bytes + 8, 0, 8);
	inet_ntop(AF_INET6, group.bytes, text, ADDRESS_TEXT);
}

/* The last part of the list's first `len` bytes; *len becomes where that part's comma stands. */
static bool last_part(const char *list, size_t *len, struct address *part)
{
	char text[ADDRESS_TEXT];
	size_t end = *len;

	while (end > 0 && list[end - 1] == ' ')
		end--;
	size_t begin = end;
	while (begin > 0 && list[begin - 1] != ',')
		begin--;
	*len = begin > 0 ? begin - 1 : 0;
	while (begin < end && list[begin] == ' ')
		begin++;
	if (end - begin >= sizeof text)
		return false;
	memcpy(text, list + begin, end - begin);
	text[end - begin] = '\0';
	return address_read(text, part);
}

bool address_client(const char *peer, const char *forwarded, const struct texts *proxies,
        struct address *client)
{
	struct address part;
	size_t len = strlen(forwarded);

	if (!address_read(peer, client))
		return false;
	if (!address_in_any(client, proxies))
		return true;
	while (len > 0) {
		if (!last_part(forwarded, &len, &part))
			return true;
		*client = part;
		if (!address_in_any(&part, proxies))
			return true;
	}
	return true;
}
