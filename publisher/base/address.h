/* SPDX-License-Identifier: Apache-2.0
 * address - IP addresses of clients: read, held against allowed ranges, and who one is when proxies
 * stand in front.
 *
 * Inside, an address is 16 bytes; IPv4 stands in its mapped form (::ffff:a.b.c.d), so that one
 * comparison serves both. A zone ("%eth0") is not an address here.
 */
#ifndef TOCSIN_ADDRESS_H
#define TOCSIN_ADDRESS_H

#include <stdbool.h>

#include "mem.h"

struct address {
	unsigned char bytes[16];
};

enum { ADDRESS_TEXT = 46 };

bool address_read(const char *text, struct address *address);
/* "192.0.2.7", "192.0.2.0/24", "2001:db8::/32": malformed covers nothing. */
bool address_in(const struct address *address, const char *range);
bool address_range_valid(const char *range);
/* Of the whole world's internet: no loopback, private, link-local, shared, multicast, documentation
 * or reserved address, nor one that carries an IPv4 address inside (6to4, NAT64, Teredo). */
bool address_is_public(const struct address *address);
bool address_is_loopback(const struct address *address);
/* false: neither IPv4 nor IPv6. */
struct sockaddr;
bool address_of_socket(const struct sockaddr *socket, struct address *address);
bool address_in_any(const struct address *address, const struct texts *ranges);

/* Whom failures are counted for: an IPv4 address by itself, IPv6 by its /64, since one line has
 * them all. */
void address_group(const struct address *address, char text[ADDRESS_TEXT]);

/* The client behind `peer`: the peer itself unless it lies in `proxies`; then the last address of
 * `forwarded` (X-Forwarded-For) that is none of them. What stands further left the client may have
 * written itself. A malformed list: the peer. false: peer is no address. */
bool address_client(const char *peer, const char *forwarded, const struct texts *proxies,
        struct address *client);

#endif
