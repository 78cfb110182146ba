/* SPDX-License-Identifier: Apache-2.0
 * cap_signature - see cap_signature.h. Relies on cap_gate for everything about hostile bytes; walks
 * a tree of at most its depth. Whatever is not exactly of the form is refused with a sentence.
 */
#include "cap_signature.h"

#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <string.h>

static void ignore(void *context, xmlErrorPtr error)
{
	(void)context;
	(void)error;
}

void signature_quiet_begin(struct signature_quiet *quiet)
{
	xmlStructuredErrorFunc function = xmlStructuredError;

	memcpy(&quiet->function, &function, sizeof function);
	quiet->context = xmlStructuredErrorContext;
	xmlSetStructuredErrorFunc(NULL, ignore);
}

void signature_quiet_end(const struct signature_quiet *quiet)
{
	xmlStructuredErrorFunc function;

	memcpy(&function, &quiet->function, sizeof function);
	xmlSetStructuredErrorFunc(quiet->context, function);
}

xmlDocPtr signature_load(const void *bytes, size_t len, struct err *err)
{
	if (!cap_gate(bytes, len, CAP_LIMIT_SOURCE, err))
		return NULL;
	xmlDocPtr doc = xmlReadMemory(bytes, (int)len, NULL, "UTF-8",
	        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT);
	if (doc && xmlDocGetRootElement(doc) && !doc->intSubset && !doc->extSubset)
		return doc;
	xmlFreeDoc(doc);
	err_set(err, ERR_INPUT, "文件不是格式良好的 XML", "the document is not well-formed XML");
	return NULL;
}

bool signature_is(const xmlNode *node, const char *space, const char *name)
{
	return node->type == XML_ELEMENT_NODE && node->ns &&
	       strcmp((const char *)node->ns->href, space) == 0 &&
	       (!name || strcmp((const char *)node->name, name) == 0);
}

/* The next node in document order behind `node`, within `root`; `into` false steps over its
 * children. */
static xmlNodePtr after(xmlNodePtr root, xmlNodePtr node, bool into)
{
	if (into && node->type == XML_ELEMENT_NODE && node->children)
		return node->children;
	while (node != root && !node->next)
		node = node->parent;
	return node == root ? NULL : node->next;
}

bool signature_blank(const xmlNode *node)
{
	return node->type == XML_TEXT_NODE && node->content &&
	       strspn((const char *)node->content, " \t\r\n") ==
	               strlen((const char *)node->content);
}

enum cap_signature signature_bad(struct err *err, const char *zh, const char *en)
{
	err_set(err, ERR_IDENTITY, "签名不可采信：%s%.0s", "the signature is refused: %.0s%s", zh,
	        en);
	return CAP_SIGNATURE_BAD;
}

/* Exactly one Signature, child of the root and last in it; nothing of that namespace outside it. */
static enum cap_signature find(xmlDocPtr doc, xmlNodePtr *out, struct err *err)
{
	xmlNodePtr root = xmlDocGetRootElement(doc);
	xmlNodePtr found = NULL;

	for (xmlNodePtr node = root; node;) {
		bool ours = signature_is(node, DSIG_NAMESPACE, NULL);
		if (ours && (found || node->parent != root ||
		                    !signature_is(node, DSIG_NAMESPACE, "Signature")))
			return signature_bad(err, "Signature 须恰有一个，且直接位于根元素之下",
			        "there must be exactly one Signature, a child of the root");
		if (ours)
			found = node;
		node = after(root, node, !ours);
	}
	if (!found)
		return CAP_SIGNATURE_NONE;
	if (!signature_is(root, CAP_SPACE_12, "alert"))
		return signature_bad(
		        err, "根元素不是 CAP 1.2 的 alert", "the root is not a CAP 1.2 alert");
	for (xmlNodePtr node = found->next; node; node = node->next)
		if (!signature_blank(node))
			return signature_bad(err, "Signature 不是根元素的最后一个子元素",
			        "the Signature is not the last child of the root");
	*out = found;
	return CAP_SIGNATURE_GOOD;
}

enum cap_signature signature_open(const void *bytes, size_t len,
        const struct signature_profile *profile, struct signature *out, struct err *err)
{
	*out = (struct signature){.doc = signature_load(bytes, len, err)};
	enum cap_signature result = out->doc ? find(out->doc, &out->node, err) : CAP_SIGNATURE_BAD;

	if (result == CAP_SIGNATURE_GOOD)
		result = signature_take_apart(profile, out, err);
	if (result == CAP_SIGNATURE_GOOD && profile->exact &&
	        !signature_bytes_canonical(out->doc, bytes, len))
		result = signature_bad(
		        err, "文件字节不是规范形式", "the bytes are not in canonical form");
	if (result != CAP_SIGNATURE_GOOD)
		signature_close(out);
	return result;
}

void signature_close(struct signature *signature)
{
	xmlFreeDoc(signature->doc);
	*signature = (struct signature){0};
}

/* The part of the tree that is written: all under `root` that is not under `without`. */
struct part {
	xmlNodePtr root;
	xmlNodePtr without;
};

static int in_part(void *arg, xmlNodePtr node, xmlNodePtr parent)
{
	const struct part *part = arg;

	/* Namespace nodes have no parent of their own. */
	for (xmlNodePtr n = node->type == XML_NAMESPACE_DECL ? parent : node; n; n = n->parent) {
		if (n == part->without)
			return 0;
		if (n == part->root)
			return 1;
	}
	return 0;
}

unsigned char *signature_canonical(xmlNodePtr root, xmlNodePtr without, size_t *len_out)
{
	struct part part = {root, without};
	struct signature_quiet quiet;
	unsigned char *copy = NULL;

	signature_quiet_begin(&quiet);
	xmlOutputBufferPtr out = xmlAllocOutputBuffer(NULL);
	if (out && xmlC14NExecute(
	                   root->doc, in_part, &part, XML_C14N_EXCLUSIVE_1_0, NULL, 0, out) >= 0) {
		*len_out = xmlOutputBufferGetSize(out);
		copy = xmlStrndup(xmlOutputBufferGetContent(out), (int)*len_out);
	}
	if (out)
		xmlOutputBufferClose(out);
	signature_quiet_end(&quiet);
	return copy;
}

bool signature_bytes_canonical(xmlDocPtr doc, const void *bytes, size_t len)
{
	static const char declaration[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
	const size_t head = sizeof declaration - 1;
	const char *text = bytes;
	size_t size = 0;
	unsigned char *canonical = signature_canonical(xmlDocGetRootElement(doc), NULL, &size);

	bool same = canonical && len == head + size + 1 && memcmp(text, declaration, head) == 0 &&
	            memcmp(text + head, canonical, size) == 0 && text[len - 1] == '\n';
	xmlFree(canonical);
	return same;
}
