/* SPDX-License-Identifier: Apache-2.0
 * fuzz_cap_trust - any bytes as somebody else's signed message. Beyond not crashing: nobody's key
 * made it, so it is never good, and a reason is given; and our canonical forms are libxml2's, of
 * the document and of each element, wherever both read it.
 */
#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cap_trust.h"
#include "cap_whole.h"
#include "fuzz.h"

static void ignore(void *context, xmlErrorPtr error)
{
	(void)context;
	(void)error;
}

/* A list that trusts one key for the samples' sender; the key itself is nowhere. */
static struct cap_trust *some_trust(void)
{
	char folder[] = "/tmp/tocsin-fuzz-XXXXXX";

	must(mkdtemp(folder));
	char *pem = mem_format("%s/key.pem", folder), *list = mem_format("%s/list", folder);
	struct key *key = key_generate();
	FILE *file = fopen(list, "we");
	must(file && fputs("warning@example.cn key key.pem\n", file) >= 0 && fclose(file) == 0 &&
	        key_write_public(key, pem, MODE_LIVE, NULL));
	struct cap_trust *trust = cap_trust_read(list, true, NULL);
	must(trust);
	unlink(pem);
	unlink(list);
	rmdir(folder);
	free(pem);
	free(list);
	key_destroy(&key);
	return trust;
}

static int in_subtree(void *arg, xmlNodePtr node, xmlNodePtr parent)
{
	for (xmlNodePtr n = node->type == XML_NAMESPACE_DECL ? parent : node; n; n = n->parent)
		if (n == arg)
			return 1;
	return 0;
}

/* `theirs` NULL: the whole document. */
static void same_form(const struct whole *whole, const struct whole_node *ours, xmlDocPtr doc,
        xmlNodePtr theirs, enum whole_form form)
{
	xmlOutputBufferPtr out = xmlAllocOutputBuffer(NULL);
	struct buf text;

	buf_init(&text, 0);
	if (ours)
		whole_canonical_element(ours, form, &text);
	else
		whole_canonical(whole, NULL, form, &text);
	/* It refuses namespaces that are relative addresses; we have no reason to. */
	if (xmlC14NExecute(doc, theirs ? in_subtree : NULL, theirs,
	            form == WHOLE_EXCLUSIVE ? XML_C14N_EXCLUSIVE_1_0 : XML_C14N_1_0, NULL, 0,
	            out) >= 0)
		must(text.len == xmlOutputBufferGetSize(out) &&
		        memcmp(text.data, xmlOutputBufferGetContent(out), text.len) == 0);
	xmlOutputBufferClose(out);
	buf_finish(&text);
}

static void same_forms(const struct whole *whole, xmlDocPtr doc)
{
	const struct whole_node *ours = whole->root->child;
	xmlNodePtr theirs = xmlFirstElementChild(xmlDocGetRootElement(doc));

	for (int form = WHOLE_EXCLUSIVE; form <= WHOLE_C14N10; form++)
		same_form(whole, NULL, doc, NULL, (enum whole_form)form);
	/* A few: libxml2 walks over the whole document for each. */
	for (int left = 8; ours && theirs && left > 0; ours = ours->next, left--) {
		if (ours->kind != WHOLE_ELEMENT)
			continue;
		for (int form = WHOLE_EXCLUSIVE; form <= WHOLE_C14N10; form++)
			same_form(whole, ours, doc, theirs, (enum whole_form)form);
		theirs = xmlNextElementSibling(theirs);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct cap_trust *trust;
	struct whole whole;
	struct err err = {0};

	if (!trust) {
		trust = some_trust();
		xmlSetStructuredErrorFunc(NULL, ignore);
	}
	must(cap_trust_verify(trust, bytes, len, 0, &err) != CAP_SIGNATURE_GOOD);
	must(*err.zh && *err.en);
	if (len > 1 << 16 || !whole_read(bytes, len, 1 << 16, &whole, NULL))
		return 0;
	/* A prefix that is no name is nothing to either, and each makes something else of it. */
	xmlParserCtxtPtr reader = xmlNewParserCtxt();
	xmlDocPtr doc = xmlCtxtReadMemory(reader, (const char *)bytes, (int)len, NULL, "UTF-8",
	        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (doc && reader->nsWellFormed && xmlDocGetRootElement(doc))
		same_forms(&whole, doc);
	xmlFreeDoc(doc);
	xmlFreeParserCtxt(reader);
	whole_finish(&whole);
	return 0;
}
