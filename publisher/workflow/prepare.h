/* SPDX-License-Identifier: Apache-2.0
 * prepare - everything that is approved about a bulletin, made from its message: the text of each
 * far side, the recipients, the manifest.
 */
#ifndef TOCSIN_PREPARE_H
#define TOCSIN_PREPARE_H

#include "cap.h"
#include "cap_problem.h"
#include "house.h"
#include "manifest.h"

/* A public far side takes only what is published of the bureau's own accord (condition 7). */
bool prepare_takes(const struct config_target *target, enum disclosure disclosure);

/* Its recipients are known by division only: nothing that is merely drawn goes there. */
bool prepare_only_coded(const struct config_target *target);

/* Far sides for a bulletin that names none: every `default` one its disclosure allows. Those whose
 * recipients are known by division are left out, and noted, when an area is only drawn. */
void prepare_default_targets(const struct config *config, struct bulletin *bulletin, bool drawn,
        struct cap_problems *problems);

/* To be kept: recipients are frozen. For a look they are counted only. */
enum prepare_for { PREPARE_TO_KEEP, PREPARE_TO_LOOK };

/* Fills in cap, texts, audiences and manifest from the message and the bulletin's facts
 * (identifier, chain, targets and so on must stand). staged: the bulletins approved together with
 * this one, already prepared; NULL for none. What a far side cannot express becomes an error in
 * *problems with the path "target/NAME"; false then. */
bool prepare_bulletin(const struct config *config, struct bulletin *bulletin,
        struct cap_alert *alert, struct bulletin *const *staged, size_t staged_count,
        enum prepare_for purpose, struct cap_problems *problems, struct err *err);

#endif
