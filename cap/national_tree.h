/* SPDX-License-Identifier: Apache-2.0
 * national_tree - a national message out of a tree that was read already. Inside cap/ only.
 */
#ifndef TOCSIN_NATIONAL_TREE_H
#define TOCSIN_NATIONAL_TREE_H

#include "cap_schema.h"
#include "national.h"

/* An `alert` without a namespace that has a senderCode or sendTime, which CAP has not. */
bool national_is(const struct cap_node *root);

/* NULL: no memory (it was said). The reader is lenient, its zone set. */
struct national *national_read_tree(struct cap_reader *reader, const struct cap_node *root);

#endif
