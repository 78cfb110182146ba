/* SPDX-License-Identifier: Apache-2.0
 * worker - a few threads for what may take a while: parsing, signatures, rendering, reports. Each
 * has its own read-only view of the record; changes go through record_do.
 */
#ifndef TOCSIN_WORKER_H
#define TOCSIN_WORKER_H

#include "record.h"

struct workers;
typedef void (*worker_job)(struct store *reader, void *arg);

/* At most `queue` wait. */
struct workers *workers_create(struct record *record, long count, size_t queue, struct err *err);
/* Finishes what is queued, and takes no more; whoever asks it still is answered. NULL: nothing. */
void workers_end(struct workers *workers);
void workers_destroy(struct workers **workers); /* ends them first */
/* false: too much is queued already (the caller answers "busy"). */
bool workers_add(struct workers *workers, worker_job job, void *arg);
bool workers_busy(struct workers *workers); /* is any job waiting or being done? Any thread */

#endif
