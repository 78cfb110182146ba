/* SPDX-License-Identifier: Apache-2.0
 * screen - the first, mechanical look for what must not be published: state-secret marks, resident
 * ids, personal mobile numbers. It finds forms, not meaning: the secrecy review stays a person's
 * duty.
 *
 * Full-width letters and digits are folded first; blanks and hyphens inside numbers do not hide
 * them. The sentences name the place and the kind of find and never repeat the number itself.
 * Cannot fail.
 */
#ifndef TOCSIN_SCREEN_H
#define TOCSIN_SCREEN_H

#include "cap.h"
#include "cap_problem.h"

/* One text. Finds become warnings with rule screen.secret, screen.resident-id or screen.mobile and
 * the path
 * "<path> (character 12)". allowed: mobile numbers that may stand there; may be NULL. How many were
 * found. */
size_t screen_text(const char *path, const char *text, const struct texts *allowed,
        struct cap_problems *problems);

/* Every free text of the message. */
size_t screen_alert(
        const struct cap_alert *alert, const struct texts *allowed, struct cap_problems *problems);

#endif
