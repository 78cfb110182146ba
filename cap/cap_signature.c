/* SPDX-License-Identifier: Apache-2.0
 * cap_signature - see cap_signature.h. Relies on cap_gate for everything about hostile bytes; walks
 * a tree of at most its depth. Whatever is not exactly of the form is refused with a sentence.
 */
#include "cap_signature.h"

#include <string.h>

#include "cap_gate.h"
#include "cap_xml.h"

bool signature_is(const struct whole_node *node, const char *space, const char *name)
{
	return node->kind == WHOLE_ELEMENT && strcmp(node->uri, space) == 0 &&
	       (!name || strcmp(node->local, name) == 0);
}

static const struct whole_node *element_from(const struct whole_node *node)
{
	while (node && node->kind != WHOLE_ELEMENT)
		node = node->next;
	return node;
}

const struct whole_node *signature_first(const struct whole_node *node)
{
	return element_from(node->child);
}

const struct whole_node *signature_next(const struct whole_node *node)
{
	return element_from(node->next);
}

/* The next node in document order behind `node`, within `root`; `into` false steps over its
 * children. */
static const struct whole_node *after(
        const struct whole_node *root, const struct whole_node *node, bool into)
{
	if (into && node->child)
		return node->child;
	while (node != root && !node->next)
		node = node->parent;
	return node == root ? NULL : node->next;
}

bool signature_blank(const struct whole_node *node)
{
	return node->kind == WHOLE_TEXT && strspn(node->text, " \t\r\n") == node->len;
}

const char *signature_only_text(const struct whole_node *node)
{
	if (!node->child)
		return "";
	return node->child->next || node->child->kind != WHOLE_TEXT ? NULL : node->child->text;
}

const char *cap_signature_text(enum cap_signature signature)
{
	static const char *const words[] = {"missing", "good", "untrusted", "bad", "unsupported"};

	return words[signature];
}

enum cap_signature signature_say(struct err *err, enum cap_signature what, const char *zh,
        const char *en, const char *detail)
{
	static const char *const words[] = {"缺失", "有效", "不可信", "无效", "不支持"};

	err_set(err, what == CAP_SIGNATURE_GOOD ? ERR_NONE : ERR_IDENTITY, "签名%s%.0s：%s%.0s%s",
	        "signature %.0s%s: %.0s%s%s", words[what], cap_signature_text(what), zh, en,
	        detail ? detail : "");
	return what;
}

static enum cap_signature misplaced(
        const struct whole_node *root, const struct whole_node *node, struct err *err)
{
	if (!signature_is(node, DSIG_NAMESPACE, "Signature"))
		return signature_say(err, CAP_SIGNATURE_BAD, "Signature 之外有签名的元素：",
		        "an element of signatures stands outside the Signature: ", node->local);
	if (node->parent != root)
		return signature_say(err, CAP_SIGNATURE_BAD,
		        "Signature 不直接位于根元素之下，而在：",
		        "a Signature stands not under the root but in: ",
		        node == root ? "/" : node->parent->local);
	return signature_say(err, CAP_SIGNATURE_BAD, "Signature 不止一个",
	        "there is more than one Signature", NULL);
}

static bool is_alert(const struct whole_node *root, bool any_version)
{
	return signature_is(root, CAP_SPACE_12, "alert") ||
	       (any_version && (signature_is(root, CAP_SPACE_11, "alert") ||
	                               signature_is(root, CAP_SPACE_10, "alert")));
}

/* Exactly one Signature, child of the root and last in it; nothing of that namespace outside it. */
static enum cap_signature find(
        const struct whole *whole, bool any_version, const struct whole_node **out, struct err *err)
{
	const struct whole_node *root = whole->root;
	const struct whole_node *found = NULL;

	for (const struct whole_node *node = root; node;) {
		bool ours = signature_is(node, DSIG_NAMESPACE, NULL);
		if (ours && (found || node->parent != root ||
		                    !signature_is(node, DSIG_NAMESPACE, "Signature")))
			return misplaced(root, node, err);
		if (ours)
			found = node;
		node = after(root, node, !ours);
	}
	if (!is_alert(root, any_version))
		return signature_say(err, CAP_SIGNATURE_BAD, "根元素不是 CAP 的 alert，而是：",
		        "the root is no alert of CAP but: ", root->local);
	if (!found)
		return signature_say(err, CAP_SIGNATURE_MISSING, "报文没有签名",
		        "the message carries none", NULL);
	for (const struct whole_node *node = found->next; node; node = node->next)
		if (!signature_blank(node))
			return signature_say(err, CAP_SIGNATURE_BAD,
			        "Signature 不是根元素的最后一个子元素",
			        "the Signature is not the last child of the root", NULL);
	*out = found;
	return CAP_SIGNATURE_GOOD;
}

/* A signature does not see a comment, and readers differ over a text that has one in it. */
static enum cap_signature no_hidden_words(const struct whole *whole, struct err *err)
{
	const struct whole_node *root = whole->root;

	for (const struct whole_node *node = root; node; node = after(root, node, true)) {
		if (node->kind == WHOLE_ELEMENT && node->comment && !signature_first(node))
			return signature_say(err, CAP_SIGNATURE_BAD,
			        "文字之中有注释，签名看不见它，所在元素：",
			        "a comment, which no signature sees, is in the text of: ",
			        node->local);
	}
	return CAP_SIGNATURE_GOOD;
}

enum cap_signature signature_starved(struct err *err)
{
	gate_starved(err);
	return CAP_SIGNATURE_BAD;
}

/* Are these bytes, but for the XML declaration in front and the last LF, their own exclusive
 * canonical form? Then no byte of them can change without the tree or the answer changing. */
static enum cap_signature bytes_canonical(
        const struct whole *whole, const char *bytes, size_t len, struct err *err)
{
	const size_t head = sizeof XML_DECLARATION - 1;
	struct buf form;

	buf_init_mild(&form, CAP_LIMIT_FEED);
	whole_canonical(whole, NULL, WHOLE_EXCLUSIVE, &form);
	bool starved = form.starved;
	bool same = !form.full && len == head + form.len + 1 &&
	            memcmp(bytes, XML_DECLARATION, head) == 0 &&
	            memcmp(bytes + head, form.data, form.len) == 0 && bytes[len - 1] == '\n';
	buf_finish(&form);
	if (same)
		return CAP_SIGNATURE_GOOD;
	return starved ? signature_starved(err)
	               : signature_say(err, CAP_SIGNATURE_BAD, "文件字节不是规范形式",
	                         "the bytes are not in canonical form", NULL);
}

enum cap_signature signature_open(const void *bytes, size_t len,
        const struct signature_profile *profile, struct signature *out, struct err *err)
{
	*out = (struct signature){0};
	enum cap_signature result = CAP_SIGNATURE_BAD;

	if (whole_read(bytes, len, CAP_LIMIT_SOURCE, &out->whole, err))
		result = find(&out->whole, !profile->exact, &out->node, err);
	if (result == CAP_SIGNATURE_GOOD)
		result = no_hidden_words(&out->whole, err);
	if (result == CAP_SIGNATURE_GOOD)
		result = signature_take_apart(profile, out, err);
	if (result == CAP_SIGNATURE_GOOD && profile->exact)
		result = bytes_canonical(&out->whole, bytes, len, err);
	if (result != CAP_SIGNATURE_GOOD)
		signature_close(out);
	return result;
}

void signature_close(struct signature *signature)
{
	whole_finish(&signature->whole);
	*signature = (struct signature){0};
}
