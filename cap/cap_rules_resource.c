/* SPDX-License-Identifier: Apache-2.0
 * cap_rules_resource - rules about one resource, and about URIs (cap_rules.h). Relies on libcrypto
 * for SHA-1, which is what CAP's digest is. Cannot fail.
 */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cap_rules.h"
#include "digest.h"

#define TOKEN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&^_.+-"

void cap_rule_resource_desc(const struct cap_look *look)
{
	if (cap_blank(look->resource->desc))
		cap_found(look, "resourceDesc", 0, NULL);
}

/* type/subtype, parameters may follow. */
static bool is_mime(const char *text)
{
	size_t type = strspn(text, TOKEN);

	if (!type || text[type] != '/')
		return false;
	const char *rest = text + type + 1;
	size_t subtype = strspn(rest, TOKEN);

	rest += subtype + strspn(rest + subtype, " ");
	return subtype && (*rest == '\0' || *rest == ';');
}

void cap_rule_mime_form(const struct cap_look *look)
{
	const char *mime = look->resource->mime_type;

	if (!mime || !is_mime(mime))
		cap_found(look, "mimeType", 0, mime);
}

void cap_rule_mime_type(const struct cap_look *look)
{
	static const char *const known[] = {"application/", "audio/", "font/", "image/", "message/",
	        "model/", "multipart/", "text/", "video/", "x-"};
	const char *mime = look->resource->mime_type;

	if (!mime || !is_mime(mime))
		return;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strncasecmp(mime, known[i], strlen(known[i])) == 0)
			return;
	}
	cap_found(look, "mimeType", 0, mime);
}

/* The length of the scheme before ":"; 0 = relative. */
static size_t scheme_length(const char *uri)
{
	size_t len =
	        strspn(uri, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

	return uri[len] == ':' ? len : 0;
}

bool cap_uri_absolute(const char *uri)
{
	size_t len = scheme_length(uri);

	return len && uri[len + 1];
}

bool cap_uri_safe(const char *uri)
{
	static const char *const safe[] = {"http", "https", "ftp", "ftps", "mailto", "tel"};
	size_t len = scheme_length(uri);

	for (size_t i = 0; i < sizeof safe / sizeof *safe; i++) {
		if (strlen(safe[i]) == len && strncasecmp(uri, safe[i], len) == 0)
			return true;
	}
	return len == 0;
}

void cap_rule_uri_scheme(const struct cap_look *look)
{
	const char *uri = look->resource->uri;

	if (!cap_blank(uri) && !cap_uri_safe(uri))
		cap_found(look, "uri", 0, uri);
}

void cap_rule_uri_missing(const struct cap_look *look)
{
	if (cap_blank(look->resource->uri) && cap_blank(look->resource->deref_uri))
		cap_found(look, NULL, 0, look->resource->desc);
}

void cap_rule_uri_relative(const struct cap_look *look)
{
	const char *uri = look->resource->uri;

	if (!cap_blank(uri) && !cap_uri_absolute(uri) && cap_blank(look->resource->deref_uri))
		cap_found(look, "uri", 0, uri);
}

/* What derefUri holds; NULL when it is absent or not base64. Lines may be broken. */
static unsigned char *content(const struct cap_resource *resource, size_t *len)
{
	if (cap_blank(resource->deref_uri))
		return NULL;
	char *joined = mem_text(resource->deref_uri);
	char *to = joined;

	for (const char *from = joined; *from; from++) {
		if (!strchr(" \t\r\n", *from))
			*to++ = *from;
	}
	*to = '\0';
	unsigned char *bytes = base64_bytes(joined, len);

	free(joined);
	return bytes;
}

void cap_rule_deref_form(const struct cap_look *look)
{
	size_t len;
	unsigned char *bytes = content(look->resource, &len);

	if (!bytes && !cap_blank(look->resource->deref_uri))
		cap_found(look, "derefUri", 0, NULL);
	free(bytes);
}

void cap_rule_size_negative(const struct cap_look *look)
{
	const char *size = look->resource->size;

	if (size && *size == '-' && strspn(size + 1, "0") != strlen(size + 1))
		cap_found(look, "size", 0, size);
}

/* The standard calls size approximate: only what cannot be the same thing is said. */
void cap_rule_size_differs(const struct cap_look *look)
{
	size_t len;
	unsigned char *bytes = look->resource->size ? content(look->resource, &len) : NULL;

	if (!bytes)
		return;
	double said = strtod(look->resource->size, NULL);

	if (said > 2 * (double)len || said < (double)len / 2)
		cap_found(look, "size", 0, look->resource->size);
	free(bytes);
}

static bool is_sha1(const char *text)
{
	return strlen(text) == 40 && strspn(text, "0123456789abcdefABCDEF") == 40;
}

void cap_rule_digest_form(const struct cap_look *look)
{
	const char *digest = look->resource->digest;

	if (!cap_blank(digest) && !is_sha1(digest))
		cap_found(look, "digest", 0, digest);
}

void cap_rule_digest_differs(const struct cap_look *look)
{
	const char *digest = look->resource->digest;
	unsigned char hash[EVP_MAX_MD_SIZE];
	char hex[2 * EVP_MAX_MD_SIZE + 1] = "";
	size_t len;
	size_t hash_len = 0;
	unsigned char *bytes = digest && is_sha1(digest) ? content(look->resource, &len) : NULL;

	if (!bytes)
		return;
	if (EVP_Q_digest(NULL, "SHA1", NULL, bytes, len, hash, &hash_len) == 1) {
		for (size_t i = 0; i < hash_len; i++)
			snprintf(hex + 2 * i, 3, "%02x", hash[i]);
		if (strcasecmp(hex, digest) != 0)
			cap_found(look, "digest", 0, digest);
	}
	free(bytes);
}
