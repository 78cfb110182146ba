/* SPDX-License-Identifier: Apache-2.0
 * record_contract - the states and invariants at the head of record.c, as tests that any engine
 * under record.h must pass. An engine is handed in as a table; the suite knows no other way in, and
 * no SQL.
 */
#ifndef TOCSIN_RECORD_CONTRACT_H
#define TOCSIN_RECORD_CONTRACT_H

#include "record.h"

struct engine {
	const char *name;
	char *(*place)(
	        void); /* where a new record may be made: a folder, a database; the caller's */
	void (*remove)(char **place);
	struct record *(*open)(const char *place, struct err *err);
	/* Beside one that is open already, as another node would: no lock keeps it out. */
	struct record *(*beside)(const char *place, struct err *err);
	void (*close)(struct record **record);
	bool (*take)(struct record *record, const struct lease_wish *wish, struct err *err);
	bool (*when_fenced)(struct record *record, lease_lost lost, struct err *err);
	bool (*change)(
	        struct record *record, int rank, record_change change, void *arg, struct err *err);
	void (*post)(
	        struct record *record, int rank, record_change change, record_done done, void *arg);
	struct store *(*reader)(struct record *record, struct err *err);
	void (*reader_close)(struct store **reader);
};

/* cmocka's count of failures. */
int record_contract(const struct engine *engine); /* states and invariants */
int record_refusals(const struct engine *engine); /* what is refused, and how */
int record_leases(const struct engine *engine);   /* two on one record */

#endif
