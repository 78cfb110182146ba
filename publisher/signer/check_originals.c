/* SPDX-License-Identifier: Apache-2.0
 * check_originals - what an update, cancel or correction says it follows was really sent by us.
 *
 * An original is believed because its filled manifest carries our own alert key's signature and
 * names the digest of its signed CAP. References and the unit that holds the chain are taken from
 * there.
 */
#include "signing.h"

#include <stdlib.h>
#include <string.h>

static bool not_ours(struct err *err, const struct original *o)
{
	return err_set(err, ERR_DENIED,
	        "签名拒绝：所附前序消息 %s 不是由本系统签发（规则：只续接自己发出的消息）",
	        "not signed: the earlier message %s is not one we signed (rule: only our own "
	        "messages are followed up)",
	        o->manifest.identifier ? o->manifest.identifier : "?");
}

static bool read_original(const struct signer *signer, struct original *o, struct err *err)
{
	struct cap_problems problems = {0};
	size_t len = strlen(o->manifest_text);
	char digest[DIGEST_HEX];

	if (!key_verify(signer->alert, o->manifest_text, len, o->signature) ||
	        !manifest_read(&o->manifest, o->manifest_text, len, NULL) || !o->manifest.sent)
		return not_ours(err, o);
	digest_sha256(o->cap, strlen(o->cap), digest);
	if (strcmp(digest, o->manifest.cap) != 0)
		return not_ours(err, o);
	o->alert = cap_parse(o->cap, strlen(o->cap), CAP_LIMIT_SOURCE, &problems);
	bool ok = o->alert && !problems.errors;
	cap_problems_finish(&problems);
	return ok || not_ours(err, o);
}

static bool of_this_chain(const struct signing *s, const struct original *o, struct err *err)
{
	if (strcmp(o->manifest.chain, s->manifest.chain) == 0 &&
	        o->manifest.mode == s->manifest.mode &&
	        strcmp(o->manifest.identifier, s->manifest.identifier) != 0)
		return true;
	return err_set(err, ERR_DENIED,
	        "签名拒绝：前序消息 %s 不属于链条 %s（规则：同一链条先后有序）",
	        "not signed: the earlier message %s is not of the chain %s (rule: a chain goes in "
	        "order)",
	        o->manifest.identifier, s->manifest.chain);
}

static bool first_of_chain_here(const struct signing *s)
{
	for (size_t i = 0; i < s->original_count; i++)
		if (strcmp(s->originals[i].manifest.identifier, s->manifest.chain) == 0)
			return true;
	return false;
}

/* A first issue begins its chain and follows nothing; everything else follows `replaces`, which
 * comes first. */
static bool chain_is_whole(const struct signing *s, struct err *err)
{
	const struct manifest *m = &s->manifest;
	bool relay = m->procedure == PROCEDURE_RELAY;

	if (!*m->replaces && (m->verb == VERB_PUBLISH || relay)) {
		if (!s->original_count && strcmp(m->chain, m->identifier) == 0)
			return true;
		return err_set(err, ERR_DENIED,
		        "签名拒绝：首发消息不得附前序消息，链条须为其自身标识（规则：同一链条先后有"
		        "序）",
		        "not signed: a first issue follows nothing, and its chain is its own "
		        "identifier (rule: a chain goes in "
		        "order)");
	}
	if (s->original_count && m->verb != VERB_PUBLISH && first_of_chain_here(s) &&
	        strcmp(s->originals[0].manifest.identifier, m->replaces) == 0)
		return true;
	return err_set(err, ERR_DENIED,
	        "签名拒绝：未附被替代的消息“%s”及链条首发消息“%s”（规则：只续接自己发出的消息）",
	        "not signed: the replaced message \"%s\" and the chain's first \"%s\" must come "
	        "with it (rule: only our own "
	        "messages are followed up)",
	        m->replaces, m->chain);
}

bool check_originals(const struct signer *signer, struct signing *s, struct err *err)
{
	for (size_t i = 0; i < s->original_count; i++)
		if (!read_original(signer, &s->originals[i], err) ||
		        !of_this_chain(s, &s->originals[i], err))
			return false;
	return chain_is_whole(s, err);
}

static bool names(const struct cap_reference *reference, const struct original *o)
{
	return strcmp(reference->identifier, o->manifest.identifier) == 0 &&
	       strcmp(reference->sender, o->manifest.sender) == 0 &&
	       reference->sent.ms == o->manifest.sent;
}

static const struct original *named_by(
        const struct signing *s, const struct cap_reference *reference)
{
	for (size_t i = 0; i < s->original_count; i++)
		if (names(reference, &s->originals[i]))
			return &s->originals[i];
	return NULL;
}

static bool wrong_reference(struct err *err, const char *identifier)
{
	return err_set(err, ERR_DENIED,
	        "签名拒绝：references 与前序消息不符（%s）（规则：只续接自己发出的消息）",
	        "not signed: references do not name the earlier messages (%s) (rule: only our own "
	        "messages are followed up)",
	        identifier);
}

bool check_references(const struct signing *s, struct err *err)
{
	const char *at = s->alert->references ? s->alert->references : "";
	struct cap_reference reference = {0};
	struct err cause = {0};
	bool relay =
	        s->manifest.procedure == PROCEDURE_RELAY; /* may name messages we never carried */
	bool replaced = !*s->manifest.replaces;

	while (cap_reference_next(&at, &reference, &cause)) {
		const struct original *o = named_by(s, &reference);
		bool fits = o || relay;
		if (!fits)
			wrong_reference(err, reference.identifier);
		replaced = replaced || (o && o == &s->originals[0]);
		cap_reference_finish(&reference);
		if (!fits)
			return false;
	}
	if (cause.kind == ERR_NONE && replaced)
		return true;
	return wrong_reference(err, s->manifest.replaces);
}

bool check_staged(const struct signing *s, struct err *err)
{
	const struct manifest *original = &s->originals[0].manifest;

	for (size_t i = 0; i < original->staged_count; i++) {
		const struct manifest_staged *staged = &original->staged[i];
		bool cancel = strcmp(staged->as, "cancel") == 0;
		if (strcmp(staged->digest, s->digest) == 0 &&
		        cancel == (s->manifest.verb == VERB_CANCEL)) {
			if (s->alert->references && !*s->alert->references)
				return true;
			return wrong_reference(err, s->manifest.replaces);
		}
	}
	return err_set(err, ERR_DENIED,
	        "签名拒绝：%s 的解除或更正用语未随原消息 %s 一并批准（规则：另行措辞须走完整审签）",
	        "not signed: these words of %s were not approved together with %s (rule: any other "
	        "wording is an update with "
	        "full sign-offs)",
	        s->manifest.identifier, original->identifier);
}
