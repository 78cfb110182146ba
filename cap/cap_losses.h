/* SPDX-License-Identifier: Apache-2.0
 * cap_losses - what of a CAP message another form has no place for, element by element.
 */
#ifndef TOCSIN_CAP_LOSSES_H
#define TOCSIN_CAP_LOSSES_H

#include "cap.h"
#include "cap_problem.h"

enum cap_form { CAP_FORM_NATIONAL = 1, CAP_FORM_JSON = 2, CAP_FORM_TEXT = 4 };

/* A note, rule "convert.lost", for each element that is there and has no counterpart; `chosen` is
 * the info that is carried over. */
void cap_losses(const struct cap_alert *alert, const struct cap_info *chosen, enum cap_form form,
        struct cap_problems *problems);

#endif
