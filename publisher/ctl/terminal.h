/* SPDX-License-Identifier: Apache-2.0
 * terminal - asks the person at the terminal for what must not stand on a command line.
 */
#ifndef TOCSIN_TERMINAL_H
#define TOCSIN_TERMINAL_H

#include <stdbool.h>

#include "err.h"

/* One line without its end, at most 256 bytes; the caller's, to be wiped with secret_forget. Asks
 * on the terminal, without echo when hidden; where standard input is no terminal, the next line of
 * it, without a word. NULL: *err. */
char *terminal_ask(const char *what, bool hidden, struct err *err);

#endif
