/* SPDX-License-Identifier: Apache-2.0
 * cap_signature_form - takes one Signature element apart, step by step, in the one order we allow.
 *
 * Refuses what is not exactly of the form: a second Reference, an Object, a Manifest, an algorithm
 * or a transform that is not in the profile, a child or an attribute that has no business there.
 * KeyInfo is never believed.
 */
#include "cap_signature.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

unsigned signature_method_of(enum key_kind kind)
{
	switch (kind) {
	case KEY_P256:
	case KEY_EC:
		return SIGNATURE_ECDSA_SHA256;
	case KEY_RSA:
		return SIGNATURE_RSA_SHA256;
	case KEY_SM2:
		return SIGNATURE_SM2_SM3;
	case KEY_NONE:
		break;
	}
	return 0;
}

struct signature_profile signature_own(const struct key *key, const struct cap_sm2 *sm2)
{
	enum key_kind kind = key_kind(key);

	return (struct signature_profile){
	        .algorithms = SIGNATURE_ENVELOPED | SIGNATURE_EXC_C14N | signature_method_of(kind) |
	                      (kind == KEY_SM2 ? SIGNATURE_SM3 : SIGNATURE_SHA256),
	        .exact = true,
	        .sm2 = sm2 ? *sm2 : cap_sm2_default,
	};
}

static const struct {
	const char *uri; /* NULL: cap_sm2 says it */
	enum signature_algorithm algorithm;
} algorithms[] = {
        {DSIG_NAMESPACE "enveloped-signature", SIGNATURE_ENVELOPED},
        {"http://www.w3.org/2001/10/xml-exc-c14n#", SIGNATURE_EXC_C14N},
        {"http://www.w3.org/TR/2001/REC-xml-c14n-20010315", SIGNATURE_C14N10},
        {"http://www.w3.org/2006/12/xml-c14n11", SIGNATURE_C14N11},
        {"http://www.w3.org/2001/04/xmlenc#sha256", SIGNATURE_SHA256},
        {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", SIGNATURE_ECDSA_SHA256},
        {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", SIGNATURE_RSA_SHA256},
        {NULL, SIGNATURE_SM3},
        {NULL, SIGNATURE_SM2_SM3},
};

enum { ALGORITHM_COUNT = sizeof algorithms / sizeof algorithms[0] };

static const char *uri_at(const struct cap_sm2 *sm2, size_t i)
{
	if (algorithms[i].uri)
		return algorithms[i].uri;
	return algorithms[i].algorithm == SIGNATURE_SM3 ? sm2->digest : sm2->signature;
}

const char *signature_uri(const struct cap_sm2 *sm2, unsigned algorithm)
{
	for (size_t i = 0; i < ALGORITHM_COUNT; i++)
		if (algorithms[i].algorithm == algorithm)
			return uri_at(sm2, i);
	return "";
}

/* A strict walk: each step asks for what must come next, and once something is amiss nothing comes.
 * What was amiss first is what is said. */
struct walk {
	const struct signature_profile *profile;
	bool amiss;
	enum cap_signature result;
	struct err *err;
};

static void fault(struct walk *walk, enum cap_signature what, const char *zh, const char *en,
        const char *detail)
{
	if (!walk->amiss)
		walk->result = signature_say(walk->err, what, zh, en, detail);
	walk->amiss = true;
}

static void misshapen(struct walk *walk, const char *zh, const char *en, const char *detail)
{
	fault(walk, CAP_SIGNATURE_BAD, zh, en, detail);
}

static const struct whole_node *skip(struct walk *walk, const struct whole_node *node)
{
	while (node && signature_blank(node) && !walk->profile->exact)
		node = node->next;
	return node;
}

/* `node` must be this element of the xmldsig namespace, in the exact profile without attributes. */
static bool expect(struct walk *walk, const struct whole_node *node, const char *name)
{
	if (!walk->amiss && (!node || !signature_is(node, DSIG_NAMESPACE, name))) {
		const char *found = !node                         ? "-"
		                    : node->kind == WHOLE_ELEMENT ? node->local
		                                                  : "text";
		char *both = mem_format("%s / %s", name, found);
		misshapen(walk, "签名结构不对（应为 / 实为）：",
		        "its structure is not as it must be (wanted / found): ", both);
		free(both);
	}
	return !walk->amiss;
}

static const struct whole_node *first(
        struct walk *walk, const struct whole_node *parent, const char *name)
{
	if (!walk->amiss && parent->comment)
		misshapen(walk, "签名里有注释：", "a comment is in: ", parent->local);
	const struct whole_node *node = walk->amiss ? NULL : skip(walk, parent->child);

	return expect(walk, node, name) ? node : NULL;
}

static const struct whole_node *next(
        struct walk *walk, const struct whole_node *before, const char *name)
{
	const struct whole_node *node = walk->amiss ? NULL : skip(walk, before->next);

	return expect(walk, node, name) ? node : NULL;
}

static void last(struct walk *walk, const struct whole_node *node)
{
	const struct whole_node *more = walk->amiss ? NULL : skip(walk, node->next);

	if (more)
		misshapen(walk, "签名里有多余的部分：", "it holds what it must not: ",
		        more->kind == WHOLE_ELEMENT ? more->local : "text");
}

static const char *only_text(struct walk *walk, const struct whole_node *node)
{
	const char *text = walk->amiss ? NULL : signature_only_text(node);

	if (!walk->amiss && (!text || !*text))
		misshapen(walk, "这一项应恰有一段文字：", "this must hold one text: ", node->local);
	return walk->amiss ? "" : text;
}

/* A base64 of ours has one spelling: bits behind the last byte are zero, so no letter of it can
 * change unseen. */
static const char *only_base64(struct walk *walk, const struct whole_node *node)
{
	const char *text = only_text(walk, node);
	size_t len = 0;
	unsigned char *bytes = walk->amiss ? NULL : signature_bytes_of(text, &len);

	if (!walk->amiss && !bytes)
		misshapen(walk, "这一项不是规范写法的 base64：",
		        "this is not base64 in its one proper spelling: ", node->local);
	free(bytes);
	return text;
}

/* No attribute but Id and Type (which say nothing here), and not even those in the exact profile.
 */
static void plain(struct walk *walk, const struct whole_node *node)
{
	if (walk->amiss)
		return;
	for (size_t i = 0; i < node->attribute_count; i++) {
		const char *name = node->attributes[i].name;
		if (walk->profile->exact || (strcmp(name, "Id") != 0 && strcmp(name, "Type") != 0))
			misshapen(walk, "签名里有多余的属性：",
			        "it has an attribute it must not: ", name);
	}
}

/* Known but not for this source, or not known at all. */
static void refuse_algorithm(struct walk *walk, const char *uri)
{
	for (size_t i = 0; i < ALGORITHM_COUNT; i++)
		if ((algorithms[i].algorithm & (SIGNATURE_C14N10 | SIGNATURE_C14N11)) &&
		        strcmp(uri, uri_at(&walk->profile->sm2, i)) == 0) {
			fault(walk, CAP_SIGNATURE_UNSUPPORTED, "未对此来源开启包含式规范化：",
			        "inclusive canonicalization is not opted in to for this source: ",
			        uri);
			return;
		}
	fault(walk, CAP_SIGNATURE_UNSUPPORTED, "此处不接受这一算法：",
	        "this algorithm is not taken here: ", uri);
}

/* An element that names an algorithm and holds nothing else; the algorithm, when it is one of
 * `allowed`. */
static unsigned algorithm(struct walk *walk, const struct whole_node *node, unsigned allowed)
{
	bool named = !walk->amiss && node->attribute_count == 1 &&
	             strcmp(node->attributes[0].name, "Algorithm") == 0;
	const char *uri = named ? node->attributes[0].value : NULL;
	const struct whole_node *inside = uri ? skip(walk, node->child) : NULL;

	allowed &= walk->profile->algorithms;
	for (size_t i = 0; uri && i < ALGORITHM_COUNT; i++)
		if ((allowed & algorithms[i].algorithm) &&
		        strcmp(uri, uri_at(&walk->profile->sm2, i)) == 0) {
			if (inside)
				fault(walk, CAP_SIGNATURE_UNSUPPORTED, "不接受算法的参数：",
				        "a parameter of an algorithm is not taken: ",
				        inside->kind == WHOLE_ELEMENT ? inside->local : "text");
			return algorithms[i].algorithm;
		}
	refuse_algorithm(walk, uri ? uri : "-");
	return 0;
}

/* Enveloped first; then a canonicalization, which may only be left out where the implied one,
 * inclusive C14N 1.0, is allowed. */
static unsigned transforms(struct walk *walk, const struct whole_node *node)
{
	const struct whole_node *enveloped = first(walk, node, "Transform");

	plain(walk, node);
	algorithm(walk, enveloped, SIGNATURE_ENVELOPED);
	const struct whole_node *more = walk->amiss ? NULL : skip(walk, enveloped->next);
	if (!more) {
		if (!(walk->profile->algorithms & SIGNATURE_C14N10))
			refuse_algorithm(
			        walk, signature_uri(&walk->profile->sm2, SIGNATURE_C14N10));
		return SIGNATURE_C14N10;
	}
	const struct whole_node *c14n = next(walk, enveloped, "Transform");
	unsigned found = algorithm(walk, c14n, SIGNATURE_ANY_C14N);
	last(walk, c14n);
	return found;
}

/* One attribute URI="" (and no other that counts): the whole document. */
static void whole_document(struct walk *walk, const struct whole_node *reference)
{
	bool empty = false;

	for (size_t i = 0; !walk->amiss && i < reference->attribute_count; i++) {
		const struct whole_pair *a = &reference->attributes[i];
		bool uri = strcmp(a->name, "URI") == 0;
		if (uri && !*a->value)
			empty = true;
		else if (uri)
			fault(walk, CAP_SIGNATURE_UNSUPPORTED,
			        "签名须对全文（URI=\"\"），此签名却对：",
			        "it must be over the whole document (URI=\"\"), and is over: ",
			        a->value);
		else if (strchr(a->name, ':') || walk->profile->exact)
			misshapen(walk, "Reference 有多余的属性：",
			        "the Reference has an attribute it must not: ", a->name);
	}
	if (!empty)
		fault(walk, CAP_SIGNATURE_UNSUPPORTED, "Reference 没有 URI",
		        "the Reference has no URI", NULL);
}

static void reference(struct walk *walk, const struct whole_node *node, struct signature *s)
{
	whole_document(walk, node);
	const struct whole_node *list = first(walk, node, "Transforms");
	if (list)
		s->c14n = transforms(walk, list);
	const struct whole_node *method = next(walk, list, "DigestMethod");
	s->digest_method = algorithm(walk, method, SIGNATURE_ANY_DIGEST);
	const struct whole_node *value = next(walk, method, "DigestValue");
	plain(walk, value);
	last(walk, value);
	s->digest = only_base64(walk, value);
}

static void signed_info(struct walk *walk, struct signature *s)
{
	const struct whole_node *c14n = first(walk, s->signed_info, "CanonicalizationMethod");

	plain(walk, s->signed_info);
	s->info_c14n = algorithm(walk, c14n, SIGNATURE_ANY_C14N);
	const struct whole_node *method = next(walk, c14n, "SignatureMethod");
	s->method = algorithm(walk, method, SIGNATURE_ANY_METHOD);
	const struct whole_node *node = next(walk, method, "Reference");
	if (node)
		reference(walk, node, s);
	last(walk, node);
}

static void key_info(struct walk *walk, const struct whole_node *value, struct signature *s)
{
	const struct whole_node *node = walk->amiss ? NULL : skip(walk, value->next);

	if (!node && !walk->profile->exact)
		return;
	if (!expect(walk, node, "KeyInfo"))
		return;
	last(walk, node);
	s->key_info = node;
	if (!walk->profile->exact)
		return; /* what stands in it is not believed, so it is not looked at */
	plain(walk, node);
	const struct whole_node *name = first(walk, node, "KeyName");
	plain(walk, name);
	last(walk, name);
	s->key_name = only_text(walk, name);
}

enum cap_signature signature_take_apart(
        const struct signature_profile *profile, struct signature *s, struct err *err)
{
	struct walk walk = {.profile = profile, .result = CAP_SIGNATURE_GOOD, .err = err};

	plain(&walk, s->node);
	s->signed_info = first(&walk, s->node, "SignedInfo");
	if (s->signed_info)
		signed_info(&walk, s);
	const struct whole_node *value = next(&walk, s->signed_info, "SignatureValue");
	plain(&walk, value);
	s->value = only_base64(&walk, value);
	key_info(&walk, value, s);
	return walk.result;
}
