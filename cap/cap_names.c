/* SPDX-License-Identifier: Apache-2.0
 * cap_names - see cap_names.h: Namespaces in XML 1.0, with a bound. Fails with a cause.
 */
#include "cap_names.h"

#include <string.h>

#define XML_SPACE "http://www.w3.org/XML/1998/namespace"
#define XMLNS_SPACE "http://www.w3.org/2000/xmlns/"
#define XSI_SPACE "http://www.w3.org/2001/XMLSchema-instance"

const struct gate_cause names_bad = {"XML 命名空间不合规：前缀没有声明，或名称里的冒号不对",
        "the namespaces are not well-formed: a prefix is not declared, or a colon is misplaced"};
static const struct gate_cause bad_binding = {"XML 命名空间不合规：这样的前缀声明是不允许的",
        "the namespaces are not well-formed: this declaration of a prefix is not allowed"};
static const struct gate_cause twice = {"XML 命名空间不合规：同一个属性出现了两次",
        "the namespaces are not well-formed: the same attribute stands twice"};
static const struct gate_cause too_many = {
        "同时有效的命名空间声明超过 64 个", "more than 64 namespace declarations hold at once"};

static enum cap_space space_of(const char *uri)
{
	static const struct {
		const char *uri;
		enum cap_space space;
	} known[] = {
	        {CAP_SPACE_12, SPACE_CAP_12},
	        {CAP_SPACE_11, SPACE_CAP_11},
	        {CAP_SPACE_10, SPACE_CAP_10},
	        {"http://www.w3.org/2000/09/xmldsig#", SPACE_DSIG},
	        {"", SPACE_NONE},
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strcmp(uri, known[i].uri) == 0)
			return known[i].space;
	}
	return SPACE_OTHER;
}

/* The parser saw one name, the colon a letter like others; what stands behind it must be a name
 * too. */
static bool begins_a_name(const char *text)
{
	static const struct {
		const char *first, *last; /* in UTF-8: characters of a name, but not its first */
	} inner[] = {{"-", "-"}, {".", "."}, {"0", "9"}, {"\xc2\xb7", "\xc2\xb7"},
	        {"\xcc\x80", "\xcd\xaf"}, {"\xe2\x80\xbf", "\xe2\x81\x80"}};

	for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) {
		size_t len = strlen(inner[i].first);

		if (strncmp(text, inner[i].first, len) >= 0 &&
		        strncmp(text, inner[i].last, len) <= 0)
			return false;
	}
	return *text;
}

static const struct gate_cause *bind(struct names *names, const char *prefix, const char *uri)
{
	bool xml = strcmp(prefix, "xml") == 0;

	if (strcmp(prefix, "xmlns") == 0 || strchr(prefix, ':') || (*prefix && !*uri) ||
	        xml != (strcmp(uri, XML_SPACE) == 0) || strcmp(uri, XMLNS_SPACE) == 0)
		return &bad_binding;
	if (names->count == BINDINGS_MAX)
		return &too_many;
	struct binding *binding = &names->items[names->count];

	*binding = (struct binding){arena_text(names->arena, prefix, strlen(prefix)),
	        arena_text(names->arena, uri, strlen(uri)), space_of(uri)};
	if (!binding->prefix || !binding->uri)
		return &gate_no_memory;
	names->count++;
	return NULL;
}

const struct gate_cause *names_declare(struct names *names, const char *const *attributes)
{
	const struct gate_cause *cause = NULL;

	for (; *attributes && !cause; attributes += 2) {
		if (strncmp(*attributes, "xmlns", 5) != 0)
			continue;
		if ((*attributes)[5] == '\0')
			cause = bind(names, "", attributes[1]);
		else if ((*attributes)[5] == ':')
			cause = begins_a_name(*attributes + 6)
			                ? bind(names, *attributes + 6, attributes[1])
			                : &bad_binding;
	}
	return cause;
}

/* NULL: there is none. */
static const struct binding *find(const struct names *names, const char *prefix, size_t len)
{
	static const struct binding xml = {"xml", XML_SPACE, SPACE_OTHER};
	static const struct binding none = {"", "", SPACE_NONE};

	for (size_t i = names->count; i-- > 0;) {
		const char *known = names->items[i].prefix;

		if (strncmp(known, prefix, len) == 0 && known[len] == '\0')
			return &names->items[i];
	}
	if (len == 3 && strncmp(prefix, "xml", 3) == 0)
		return &xml;
	return len ? NULL : &none;
}

/* The local part of a name, and what its prefix is bound to (*binding NULL: the name is no good).
 * Without a prefix an attribute is in no namespace. */
static const char *resolve(
        const struct names *names, const char *name, bool element, const struct binding **binding)
{
	static const struct binding none = {"", "", SPACE_NONE};
	const char *colon = strchr(name, ':');
	const char *local = colon ? colon + 1 : name;

	if (!colon)
		*binding = element ? find(names, "", 0) : &none;
	else if (colon == name || !begins_a_name(local) || strchr(local, ':'))
		*binding = NULL;
	else
		*binding = find(names, name, (size_t)(colon - name));
	return local;
}

/* The hints where a schema lies change nothing; all other attributes might. */
static bool is_hint(const char *local, const struct binding *binding)
{
	return strcmp(binding->uri, XSI_SPACE) == 0 &&
	       (strcmp(local, "schemaLocation") == 0 ||
	               strcmp(local, "noNamespaceSchemaLocation") == 0);
}

static bool stands_before(const struct names *names, const char *const *attributes, size_t at,
        const char *local, const struct binding *binding)
{
	for (size_t i = 0; i < at; i += 2) {
		const struct binding *other;
		const char *other_local = strchr(attributes[i], ':')
		                                  ? resolve(names, attributes[i], false, &other)
		                                  : NULL;

		if (other_local && other && strcmp(other_local, local) == 0 &&
		        strcmp(other->uri, binding->uri) == 0)
			return true;
	}
	return false;
}

const char *names_element(
        const struct names *names, const char *name, const struct binding **binding)
{
	const char *local = resolve(names, name, true, binding);

	if (local != name && strncmp(name, "xmlns:", 6) == 0)
		*binding = NULL;
	return local;
}

const struct gate_cause *names_attributes(
        const struct names *names, const char *const *attributes, bool *meant)
{
	*meant = false;
	for (size_t i = 0; attributes[i]; i += 2) {
		const struct binding *binding;

		if (strncmp(attributes[i], "xmlns", 5) == 0 &&
		        (attributes[i][5] == '\0' || attributes[i][5] == ':'))
			continue;
		const char *local = resolve(names, attributes[i], false, &binding);

		if (!binding)
			return &names_bad;
		if (*binding->uri && stands_before(names, attributes, i, local, binding))
			return &twice;
		*meant = *meant || !is_hint(local, binding);
	}
	return NULL;
}

bool names_have(const struct names *names, size_t from, const char *prefix)
{
	for (size_t i = from; i < names->count; i++) {
		if (strcmp(names->items[i].prefix, prefix) == 0)
			return true;
	}
	return false;
}
