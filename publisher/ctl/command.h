/* SPDX-License-Identifier: Apache-2.0
 * command - the subcommands of tocsin. Each gets its own arguments (argv[0] is its name) and
 * returns a sysexits code; usage is printed from the table in main.c.
 */
#ifndef TOCSIN_COMMAND_H
#define TOCSIN_COMMAND_H

#include <jansson.h>

#include "digest.h"
#include "err.h"

typedef int (*command_run)(int argc, char **argv);

int command_submit(int argc, char **argv);
int command_edit(int argc, char **argv);
int command_approve(int argc, char **argv);
int command_release(int argc, char **argv);
int command_return(int argc, char **argv);
int command_reject(int argc, char **argv);
int command_withdraw(int argc, char **argv);
int command_discard(int argc, char **argv);
int command_settle(int argc, char **argv);
int command_retry(int argc, char **argv);
int command_pause(int argc, char **argv);
int command_resume(int argc, char **argv);
int command_shift(int argc, char **argv);
int command_cancel(int argc, char **argv);
int command_correct(int argc, char **argv);
int command_status(int argc, char **argv);
int command_why(int argc, char **argv);
int command_change(int argc, char **argv);
int command_audit(int argc, char **argv);
int command_purge(int argc, char **argv);
int command_case(int argc, char **argv);
int command_validate(int argc, char **argv);
int command_convert(int argc, char **argv);
int command_officer(int argc, char **argv);
int command_incident(int argc, char **argv);
int command_listen(int argc, char **argv);
int command_login(int argc, char **argv);
int command_logout(int argc, char **argv);
int command_whoami(int argc, char **argv);
int command_passwd(int argc, char **argv);
int command_enrol(int argc, char **argv);
int command_account(int argc, char **argv);
int command_token(int argc, char **argv);
int command_sessions(int argc, char **argv);
int command_due(int argc, char **argv);
int command_report(int argc, char **argv);
int command_ends(int argc, char **argv);
int command_hold(int argc, char **argv);
int command_backup(int argc, char **argv);
int command_restore(int argc, char **argv);
int command_recipients(int argc, char **argv);

/* Becomes tocsind doing this one act on the machine (hold.c); returns only when it cannot. errors
 * NULL: none. */
int on_the_machine(const char *act, const char *config, const char *what, const char *errors);
/* Proposes a change of this kind with this document. */
int propose_document(const char *kind, const char *body);

/* The due list, a line each; `only`: nothing but what is overdue of that kind. */
void print_due(const json_t *list, const char *only);
/* GETs it and prints it: as it came (raw), or its JSON, or one member of that. */
int show_answer(const char *path, bool raw, void (*print)(const json_t *json), const char *member);
/* POSTs it (taken) and prints the answer's JSON. */
int show_done(const char *path, json_t *body, void (*print)(const json_t *json));
/* POSTs it, says what the server refused; takes the reference. */
int post_words(const char *path, json_t *json);

/* On stderr, before somebody puts their name to it: the words, and the areas as they are called. In
 * digest that of the message they stand in; "" when it cannot be had: the act itself says why. */
void show_words(const char *id, char digest[DIGEST_HEX]);

/* On stderr too: warnings of other issuers in force for the same hazard and area, with both levels.
 */
void show_conflicts(const char *id);

int say_err(const struct err *err); /* both languages on stderr; the exit code of its kind */
/* The value behind --name, taken out of argv; NULL when it is not there. */
char *take_option(int *argc, char **argv, const char *name);
bool take_flag(int *argc, char **argv, const char *name);

#endif
