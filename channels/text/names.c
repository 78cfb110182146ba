/* SPDX-License-Identifier: Apache-2.0
 * names - where a bulletin's files lie on the site. See lists.h.
 */
#include "lists.h"

#include <stdbool.h>
#include <string.h>

static bool plain(const char *at, const char *start)
{
	bool letter = (*at >= '0' && *at <= '9') || (*at >= 'A' && *at <= 'Z') ||
	              (*at >= 'a' && *at <= 'z');

	return letter || *at == '_' || *at == '-' || (*at == '.' && at != start);
}

void text_file_name(const char *identifier, struct buf *out)
{
	for (const char *at = identifier; *at; at++) {
		if (plain(at, identifier))
			buf_char(out, *at);
		else
			buf_format(out, "=%02X", (unsigned char)*at);
	}
}

void text_cap_url(const char *site, const char *identifier, struct buf *out)
{
	size_t len = strlen(site);

	while (len && site[len - 1] == '/')
		len--;
	buf_add(out, site, len);
	buf_text(out, "/" TEXT_CAP_DIR "/");
	text_file_name(identifier, out);
	buf_text(out, ".xml");
}
