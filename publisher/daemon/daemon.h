/* SPDX-License-Identifier: Apache-2.0
 * daemon - tocsind while it runs: from settings to the loop and to the end.
 */
#ifndef TOCSIN_DAEMON_H
#define TOCSIN_DAEMON_H

#include "config.h"

/* Runs until SIGTERM or SIGINT (in-flight work finished, for 15 s at most). Takes the settings
 * over. false: a part it needs is not there, *err says which. Anything worse is abort(): it is
 * started again, and the record is replayed. */
bool daemon_run(struct config *config, struct err *err);

#endif
