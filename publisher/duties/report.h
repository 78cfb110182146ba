/* SPDX-License-Identifier: Apache-2.0
 * report - the two reports a duty desk hands up: the brief of the night, and the assessment of
 * promptness by month; as JSON, or as a table a spreadsheet opens.
 */
#ifndef TOCSIN_REPORT_H
#define TOCSIN_REPORT_H

#include <jansson.h>

#include "house.h"

/* The night: since 18:00 (+08:00) of the day before `now`. What was released, waits, is due, and
 * did not arrive. */
bool report_morning(
        struct house *house, struct store *reader, int64_t now, json_t **out, struct err *err);

/* `month` "2026-11", NULL = the present one; `months` of them, ending with it (1 to 36). */
bool report_assessment(struct house *house, struct store *reader, const char *month, int months,
        int64_t now, json_t **out, struct err *err);

/* As lines of CSV, with a BOM in front so that spreadsheets read it as UTF-8. */
void report_morning_csv(const json_t *report, struct buf *out);
void report_assessment_csv(const json_t *report, struct buf *out);

/* An officer of the bulletin's unit, or of one above, says why it was late. */
bool report_late(struct house *house, struct store *reader, const struct caller *caller,
        const char *id, const char *reason, struct err *err);

#endif
