/* SPDX-License-Identifier: Apache-2.0
 * cap_unwrap - the messages inside a document that is none: Atom, RSS, EDXL-DE, IPAWS, SOAP and
 * whatever else wraps. Inside cap/ only.
 *
 * An element `alert` of CAP is one, wherever it stands; so is one inside a text that is itself a
 * document (escaped, in CDATA, or base64 in EDXL-DE's contentData). Each comes out as a document of
 * its own: its bytes as they stood, with the namespaces it had from outside declared.
 */
#ifndef TOCSIN_CAP_UNWRAP_H
#define TOCSIN_CAP_UNWRAP_H

#include "cap_tree.h"

struct cap_found {
	char *document; /* the caller's */
	size_t len;
	char *place; /* "/feed/entry/content"; the caller's */
	size_t line; /* its first line in the whole, counted from 0 */
};

struct cap_finds {
	struct cap_found *items;
	size_t count;
};

bool cap_is_alert(const struct cap_node *node); /* of any version of CAP, or of no namespace */

/* Adds what is in the tree. false: no memory. */
bool cap_unwrap(const struct cap_tree *tree, struct cap_finds *finds);
void cap_finds_finish(struct cap_finds *finds);

#endif
