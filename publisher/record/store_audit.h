/* SPDX-License-Identifier: Apache-2.0
 * store_audit - what writing the hash chain (base/chain.h) and walking it share. Inside this room
 * only.
 */
#ifndef TOCSIN_STORE_AUDIT_H
#define TOCSIN_STORE_AUDIT_H

#include "chain.h"
#include "store_db.h"

/* The columns of a record, in the order audit_read() reads them. */
#define AUDIT "seq, at, what, ref, body, hash"

/* The row under the cursor; texts are borrowed until the next step. */
const char *audit_read(struct query *q, struct chain_record *record); /* its stored hash */

#endif
