/* SPDX-License-Identifier: Apache-2.0
 * cap_signature_form - takes one Signature element apart, step by step, in the one order we allow.
 *
 * Refuses what is not exactly of the form: a second Reference, an Object, a Manifest, an algorithm
 * or a transform that is not in the profile, a child or an attribute that has no business there.
 * KeyInfo is never believed.
 */
#include "cap_signature.h"

#include <string.h>

const struct signature_profile signature_own = {
        .algorithms = SIGNATURE_ENVELOPED | SIGNATURE_EXC_C14N | SIGNATURE_SHA256 |
                      SIGNATURE_ECDSA_SHA256,
        .exact = true,
};

static const struct {
	const char *uri;
	enum signature_algorithm algorithm;
} algorithms[] = {
        {DSIG_NAMESPACE "enveloped-signature", SIGNATURE_ENVELOPED},
        {"http://www.w3.org/2001/10/xml-exc-c14n#", SIGNATURE_EXC_C14N},
        {"http://www.w3.org/TR/2001/REC-xml-c14n-20010315", SIGNATURE_C14N10},
        {"http://www.w3.org/2006/12/xml-c14n11", SIGNATURE_C14N11},
        {"http://www.w3.org/2001/04/xmlenc#sha256", SIGNATURE_SHA256},
        {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", SIGNATURE_ECDSA_SHA256},
        {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", SIGNATURE_RSA_SHA256},
};

enum { ANY_C14N = SIGNATURE_EXC_C14N | SIGNATURE_C14N10 | SIGNATURE_C14N11 };

/* A strict walk: each step asks for what must come next, and once something is amiss nothing comes.
 */
struct walk {
	const struct signature_profile *profile;
	bool amiss;
};

static xmlNodePtr skip(struct walk *walk, xmlNodePtr node)
{
	while (node && signature_blank(node) && !walk->profile->exact)
		node = node->next;
	return node;
}

/* `node` must be this element of the xmldsig namespace, in the exact profile without attributes. */
static bool expect(struct walk *walk, xmlNodePtr node, const char *name)
{
	if (!node || !signature_is(node, DSIG_NAMESPACE, name))
		walk->amiss = true;
	return !walk->amiss;
}

static xmlNodePtr first(struct walk *walk, xmlNodePtr parent, const char *name)
{
	xmlNodePtr node = walk->amiss ? NULL : skip(walk, parent->children);

	return expect(walk, node, name) ? node : NULL;
}

static xmlNodePtr next(struct walk *walk, xmlNodePtr before, const char *name)
{
	xmlNodePtr node = walk->amiss ? NULL : skip(walk, before->next);

	return expect(walk, node, name) ? node : NULL;
}

static void last(struct walk *walk, xmlNodePtr node)
{
	if (walk->amiss || skip(walk, node->next))
		walk->amiss = true;
}

static const char *only_text(struct walk *walk, xmlNodePtr node)
{
	if (walk->amiss || !node->children || node->children->next ||
	        node->children->type != XML_TEXT_NODE)
		walk->amiss = true;
	return walk->amiss ? "" : (const char *)node->children->content;
}

static const char *attribute_text(const xmlAttr *attribute)
{
	const xmlNode *text = attribute->children;

	if (!text)
		return "";
	return text->next || text->type != XML_TEXT_NODE ? NULL : (const char *)text->content;
}

/* No attribute but Id and Type (which say nothing here), and not even those in the exact profile.
 */
static void plain(struct walk *walk, xmlNodePtr node)
{
	if (walk->amiss)
		return;
	for (const xmlAttr *a = node->properties; a; a = a->next)
		if (a->ns || walk->profile->exact ||
		        (strcmp((const char *)a->name, "Id") != 0 &&
		                strcmp((const char *)a->name, "Type") != 0))
			walk->amiss = true;
}

/* An element that names an algorithm and holds nothing else; the algorithm, when it is one of
 * `allowed`. */
static unsigned algorithm(struct walk *walk, xmlNodePtr node, unsigned allowed)
{
	const xmlAttr *a = walk->amiss ? NULL : node->properties;
	const char *uri = a && !a->next && !a->ns && !strcmp((const char *)a->name, "Algorithm")
	                          ? attribute_text(a)
	                          : NULL;

	allowed &= walk->profile->algorithms;
	for (size_t i = 0;
	        uri && !skip(walk, node->children) && i < sizeof algorithms / sizeof algorithms[0];
	        i++)
		if (strcmp(uri, algorithms[i].uri) == 0 && (allowed & algorithms[i].algorithm))
			return algorithms[i].algorithm;
	walk->amiss = true;
	return 0;
}

/* Enveloped first; then a canonicalization, which may only be left out where the implied one,
 * inclusive C14N 1.0, is allowed. */
static void transforms(struct walk *walk, xmlNodePtr node)
{
	xmlNodePtr enveloped = first(walk, node, "Transform");

	plain(walk, node);
	algorithm(walk, enveloped, SIGNATURE_ENVELOPED);
	xmlNodePtr more = walk->amiss ? NULL : skip(walk, enveloped->next);
	if (!more) {
		if (!(walk->profile->algorithms & SIGNATURE_C14N10))
			walk->amiss = true;
		return;
	}
	xmlNodePtr c14n = next(walk, enveloped, "Transform");
	algorithm(walk, c14n, ANY_C14N);
	last(walk, c14n);
}

/* One attribute URI="" (and no other that counts): the whole document. */
static void whole_document(struct walk *walk, xmlNodePtr reference)
{
	bool empty = false;

	for (const xmlAttr *a = walk->amiss ? NULL : reference->properties; a; a = a->next) {
		const char *text = attribute_text(a);
		bool uri = !a->ns && strcmp((const char *)a->name, "URI") == 0;
		if (uri && text && !*text)
			empty = true;
		else if (uri || a->ns || walk->profile->exact)
			walk->amiss = true;
	}
	if (!empty)
		walk->amiss = true;
}

static const char *reference(struct walk *walk, xmlNodePtr node)
{
	whole_document(walk, node);
	xmlNodePtr list = first(walk, node, "Transforms");
	if (list)
		transforms(walk, list);
	xmlNodePtr method = next(walk, list, "DigestMethod");
	algorithm(walk, method, SIGNATURE_SHA256);
	xmlNodePtr value = next(walk, method, "DigestValue");
	plain(walk, value);
	last(walk, value);
	return only_text(walk, value);
}

static void signed_info(struct walk *walk, struct signature *s)
{
	xmlNodePtr c14n = first(walk, s->signed_info, "CanonicalizationMethod");

	plain(walk, s->signed_info);
	algorithm(walk, c14n, ANY_C14N);
	xmlNodePtr method = next(walk, c14n, "SignatureMethod");
	algorithm(walk, method, SIGNATURE_ECDSA_SHA256 | SIGNATURE_RSA_SHA256);
	xmlNodePtr node = next(walk, method, "Reference");
	if (node)
		s->digest = reference(walk, node);
	last(walk, node);
}

static void key_info(struct walk *walk, xmlNodePtr value, struct signature *s)
{
	xmlNodePtr node = walk->amiss ? NULL : skip(walk, value->next);

	if (!node && !walk->profile->exact)
		return;
	if (!expect(walk, node, "KeyInfo"))
		return;
	last(walk, node);
	if (!walk->profile->exact)
		return; /* what stands in it is not believed, so it is not looked at */
	plain(walk, node);
	xmlNodePtr name = first(walk, node, "KeyName");
	plain(walk, name);
	last(walk, name);
	s->key_name = only_text(walk, name);
}

enum cap_signature signature_take_apart(
        const struct signature_profile *profile, struct signature *s, struct err *err)
{
	struct walk walk = {.profile = profile};

	plain(&walk, s->node);
	s->signed_info = first(&walk, s->node, "SignedInfo");
	if (s->signed_info)
		signed_info(&walk, s);
	xmlNodePtr value = next(&walk, s->signed_info, "SignatureValue");
	plain(&walk, value);
	s->value = only_text(&walk, value);
	key_info(&walk, value, s);
	if (!walk.amiss)
		return CAP_SIGNATURE_GOOD;
	return signature_bad(err, "其结构或所用算法不在允许之列",
	        "its structure or an algorithm it names is not allowed");
}
