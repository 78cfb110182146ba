/* SPDX-License-Identifier: Apache-2.0
 * address - see address.h. Relies on inet_pton alone; text it does not take is no address.
 */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

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

/* IANA's registries of special-purpose addresses (RFC 6890 and after); of IPv6 only 2000::/3 is
 * given out. */
bool address_is_public(const struct address *address)
{
	static const char *const special[] = {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10",
	        "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
	        "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "2001::/23", "2001:db8::/32",
	        "2002::/16", "3fff::/20"};

	for (size_t i = 0; i < sizeof special / sizeof *special; i++)
		if (address_in(address, special[i]))
			return false;
	return is_v4(address) || address_in(address, "2000::/3");
}

bool address_is_loopback(const struct address *address)
{
	return address_in(address, "127.0.0.0/8") || address_in(address, "::1");
}

bool address_of_socket(const struct sockaddr *socket, struct address *address)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (socket->sa_family == AF_INET) {
		memcpy(&in, socket, sizeof in);
		memcpy(address->bytes, mapped, MAPPED);
		memcpy(address->bytes + MAPPED, &in.sin_addr, sizeof in.sin_addr);
	} else if (socket->sa_family == AF_INET6) {
		memcpy(&in6, socket, sizeof in6);
		memcpy(address->bytes, &in6.sin6_addr, sizeof address->bytes);
	}
	return socket->sa_family == AF_INET || socket->sa_family == AF_INET6;
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
