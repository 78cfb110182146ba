/* SPDX-License-Identifier: Apache-2.0
 * cap_china - the words of Chinese practice within CAP, and of the national message beside it: the
 * four levels, the names codes go by, the form of identifiers. A table for whoever needs them.
 *
 * Levels: 突发事件应对法 (2024) art. 63. That red is Extreme and so on is convention, not law.
 */
#ifndef TOCSIN_CAP_CHINA_H
#define TOCSIN_CAP_CHINA_H

#include "cap.h"
#include "terms.h"

#define CAP_CHINA_EVENT_CODE "GB/T 35561"
#define CAP_CHINA_GEOCODE "CPEAS Geographic Code"

const char *cap_china_colour(enum level level);         /* Red Orange Yellow Blue; else NULL */
enum cap_severity cap_china_severity(enum level level); /* by rank: red and I Extreme; or Unknown */
enum level cap_china_level(enum cap_severity severity); /* the colour; LEVEL_NONE of Unknown */

/* A level as it is met: Red, ORANGE, 蓝色, 红色预警, III, Ⅲ级, 特别重大, 较重. Always a colour.
 * false: none of them (nor is Unknown). */
bool cap_china_level_read(const char *text, enum level *out);

/* The info people here read: the first in Chinese, else the first; NULL when there is none. */
const struct cap_info *cap_china_info(const struct cap_alert *alert);

/* The value of a parameter under either name, in any case; NULL when absent. false: there are two
 * different ones (*out is the first). */
bool cap_china_parameter(
        const struct cap_info *info, const char *name, const char *other, const char **out);

/* unit (14 digits) _ YYYYMMDDhhmmss, and perhaps _ and one digit more; the moment is Beijing's. */
bool cap_china_identifier(const char *text, struct cap_time *moment);

#endif
