/* SPDX-License-Identifier: Apache-2.0
 * log - one line per event on stderr, logfmt, fixed order, with the priority systemd understands.
 *
 *   info   something happened that belongs to the story of a warning
 *   warn   it may need a hand soon
 *   error  something was not done that should have been
 *   fatal  the program ends, and systemd starts it again
 *
 * Never waits for whoever reads the lines: those that cannot go are lost, and how many is said
 * (log-lost) when they can again.
 */
#ifndef TOCSIN_LOG_H
#define TOCSIN_LOG_H

enum log_weight { LOG_FATAL = 2, LOG_ERROR = 3, LOG_WARN = 4, LOG_INFO = 6 };

/* log_event(LOG_INFO, "released", "bulletin", id, "level", "red", NULL): pairs of key and text, a
 * NULL key ends the list, a NULL value leaves its pair out. Values are quoted and escaped as
 * needed. */
void log_event(enum log_weight weight, const char *event, ...) __attribute__((sentinel));

#endif
