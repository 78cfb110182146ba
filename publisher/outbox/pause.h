/* SPDX-License-Identifier: Apache-2.0
 * pause - an officer holds back one far side of one released bulletin, and lets it go again. A bulk
 * send is stopped so without its warning being cancelled for everybody.
 */
#ifndef TOCSIN_PAUSE_H
#define TOCSIN_PAUSE_H

#include "house.h"
#include "outbox.h"

/* By the officers who may settle its deliveries (settle.h). Not of red (I), nor of what takes
 * something back, nor where a far side shows all that is in force: ERR_DENIED with a sentence.
 * ERR_MISSING: no such bulletin, or nothing of it goes there; ERR_CONFLICT: nothing waits there any
 * more, it is paused already, or the record is held. On record before anything stops. */
bool pause_target(struct house *house, const struct caller *caller, const char *bulletin,
        const char *target, const char *reason, struct err *err);
/* ERR_CONFLICT when it is not paused. Who was told stays told; the others are told now. */
bool resume_target(struct house *house, const struct caller *caller, const char *bulletin,
        const char *target, struct err *err);

#endif
