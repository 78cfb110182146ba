/* SPDX-License-Identifier: Apache-2.0
 * promptness - how fast the steps were taken (督查考核): from receipt to submission, review,
 * signature, release and each far side's acceptance, per unit, kind, hazard and level, against the
 * limits of the settings.
 */
#ifndef TOCSIN_PROMPTNESS_H
#define TOCSIN_PROMPTNESS_H

#include <jansson.h>

#include "config.h"
#include "store_report.h"

/* Appends this span's rows and late ones to the two arrays; `month` names the rows. `now`: until
 * when what no far side has accepted yet has been waiting. */
bool promptness_add(struct store *reader, const struct config_prompt *limits, const char *month,
        int64_t from, int64_t until, int64_t now, json_t *rows, json_t *late, struct err *err);

#endif
