/* SPDX-License-Identifier: Apache-2.0
 * schema - the tables, and how an older record becomes a newer one.
 *
 * Each version is one transaction: a kill half-way leaves the version before. A record newer than
 * this program is refused (ERR_UNAVAILABLE); nothing is ever converted back.
 */
#ifndef TOCSIN_SCHEMA_H
#define TOCSIN_SCHEMA_H

#include "store_db.h"

bool schema_upgrade(struct store *store, struct err *err);

#endif
