/* SPDX-License-Identifier: Apache-2.0
 * err - one sentence about what went wrong, in Chinese and in English.
 *
 * Whoever finds the fault writes the sentence: it names the thing, the place and the cause, so that
 * an operator can act on it. Callers pass it on or decide; they never add "error:" in front.
 */
#ifndef TOCSIN_ERR_H
#define TOCSIN_ERR_H

#include <stdarg.h>
#include <stdbool.h>

/* What kind of trouble it is. err_exit_code() and err_http_status() are the only mappings. */
enum err_kind {
	ERR_NONE,
	ERR_USAGE,    /* the command line is wrong */
	ERR_INPUT,    /* bytes from outside are wrong, and would be wrong again */
	ERR_TOO_BIG,  /* larger than the way in allows */
	ERR_IDENTITY, /* nobody we know, or a proof that does not hold */
	ERR_DENIED,   /* known, but may not */
	ERR_MISSING,  /* no such thing */
	ERR_CONFLICT, /* the thing is not in the state this needs, or exists with other content */
	ERR_BUSY,     /* not now; the same again may do */
	ERR_OFTEN,    /* too many failures: not before some moment */
	ERR_UNAVAILABLE, /* a part we need is not there */
	ERR_DAMAGED,     /* what we keep is damaged: the same again will not do */
	ERR_FENCED,      /* another has taken over what we held: we must end */
	ERR_CONFIG,      /* the settings are wrong */
	ERR_INTERNAL,    /* our own fault */
};

struct err {
	enum err_kind kind;
	char zh[768];
	char en[768];
};

/* Writes both sentences from the same arguments (same order in both). Always returns false, so that
 * a function can end with `return err_set(...)`. err may be NULL. Control characters in arguments
 * become blanks and bytes that are no UTF-8 question marks: a sentence stays one line. */
bool err_set(struct err *err, enum err_kind kind, const char *zh, const char *en, ...)
        __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* The same for a function that takes such sentences itself; `args` is used up. */
bool err_set_v(struct err *err, enum err_kind kind, const char *zh, const char *en, va_list args)
        __attribute__((format(printf, 3, 0), format(printf, 4, 0)));

int err_exit_code(enum err_kind kind);   /* sysexits.h */
int err_http_status(enum err_kind kind); /* 400, 403, ... */

#endif
