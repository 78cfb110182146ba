/* SPDX-License-Identifier: Apache-2.0
 * far - starts tests/doubles/far_sides.py and asks it what arrived. It ends when our end of its
 * stdin closes, so a test that dies leaves nothing behind.
 */
#ifndef TOCSIN_TEST_FAR_H
#define TOCSIN_TEST_FAR_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct far {
	pid_t pid;
	int in;        /* kept open */
	json_t *hello; /* its first line */
};

/* arguments: up to 16, NULL at the end. false: the program ended (its exit status is in *status).
 */
bool far_start(struct far *far, const char *const *arguments, int *status);
void far_stop(struct far *far);

char *far_url(const struct far *far, const char *name, const char *path); /* the caller's */
void far_fault(const struct far *far, const char *name,
        const char *json); /* members of the order: "\"kind\":..." */
void far_forget(const struct far *far, const char *name);
json_t *far_ask(
        const struct far *far, const char *name, const char *what); /* "arrived", "requests" */
/* How many different messages arrived, and how many repeats of them the public could have seen. */
size_t far_arrived(const struct far *far, const char *name, size_t *repeats);

#endif
