/* SPDX-License-Identifier: Apache-2.0
 * serve - the signer's loop over its Unix socket: a few connections at a time, one question after
 * the other.
 */
#ifndef TOCSIN_SERVE_H
#define TOCSIN_SERVE_H

#include "signer.h"

/* Until `stop_fd` becomes readable. `listen_fd` stays the caller's. */
void serve(struct signer *signer, int listen_fd, int stop_fd);

#endif
