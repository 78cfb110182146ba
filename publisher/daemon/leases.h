/* SPDX-License-Identifier: Apache-2.0
 * leases - what this tocsind takes when it starts (store_lease.h): each far side of its settings,
 * what of the house only one may do, and whatever else was ever taken. The folder's lock gives the
 * right to it; a process that goes on without that lock is fenced by it.
 */
#ifndef TOCSIN_LEASES_H
#define TOCSIN_LEASES_H

#include "house.h"

/* From now on the program ends, at once and with ERR_FENCED's exit code, when the record refuses a
 * change because another has taken a lease: it must not send anything any more. */
bool leases_take(struct house *house, struct err *err);

/* A change that changes nothing and asks for the house's lease: an idle one hears of its end. */
bool leases_ask(struct store *store, void *arg, struct err *err);

#endif
