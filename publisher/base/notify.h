/* SPDX-License-Identifier: Apache-2.0
 * notify - tells systemd how we are, where $NOTIFY_SOCKET says it listens; otherwise nothing
 * happens.
 */
#ifndef TOCSIN_NOTIFY_H
#define TOCSIN_NOTIFY_H

void notify_systemd(const char *state); /* "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=..." */

#endif
