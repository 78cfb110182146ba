/* SPDX-License-Identifier: Apache-2.0
 * exposition - figures as Prometheus reads them (text format 0.0.4). Pure.
 */
#ifndef TOCSIN_EXPOSITION_H
#define TOCSIN_EXPOSITION_H

#include "buf.h"

/* type: "gauge", "counter", "histogram". All samples of a name follow its head. */
void exposition_head(struct buf *out, const char *name, const char *type, const char *help);
/* labels: name, value, ..., NULL. */
void exposition_put(struct buf *out, const char *name, double value, ...) __attribute__((sentinel));

#endif
