/* SPDX-License-Identifier: Apache-2.0
 * people_file - a CSV of recipients, line by line. A faulty line is written down with its number,
 * the field and the cause, and left out; its neighbours count. A file that is mostly wrong counts
 * for nothing: it is another file, or another encoding, than whoever imports it believes.
 *
 * The heading names the columns, in English or Chinese, in any order:
 *
 *   number 号码        a mobile of the mainland, or +country and number
 *   name 姓名          only its first character is kept
 *   division 区划      a code of 6, 9 or 12 digits, or a name; or else the place:
 *   longitude 经度, latitude 纬度     degrees, WGS-84; the division is then looked up
 *   hazards 灾种       codes, beginnings of codes or names; none: all
 *   level 最低级别     blue yellow orange red; none: everything
 *   groups 分组        words
 *   consent 同意       yes, no (nobody tells this number, whatever other lines say), law (without
 * consent: warnings and responses only); without this column everybody is `law` purposes 用途 kinds
 * of bulletins agreed to; none: all
 *
 * Lists are separated by blanks, ; or 、. Without a heading the columns are number,division, the
 * form of earlier versions. No number and no name is ever in a sentence or in the errors.
 */
#ifndef TOCSIN_PEOPLE_FILE_H
#define TOCSIN_PEOPLE_FILE_H

#include <stdio.h>

#include "person.h"

struct people_file {
	const struct catalog *catalog;
	struct profiles *profiles;
	const char *name; /* what sentences call it; NULL = its path */
	FILE *errors;     /* CSV: line,field,原因,cause; NULL = none are kept */
	long most;        /* per cent of faulty lines above which nothing counts */
	int64_t lines;    /* with something in them, the heading apart */
	int64_t faults;
	int64_t foreign; /* faulty ones that are no UTF-8 */
};

/* false: more of it is wrong than may be; *err says so. */
bool people_credible(const struct people_file *file, const char *path, struct err *err);
/* Takes each good line's person, those without consent too (person.withheld). */
bool people_read(struct people_file *file, const char *path,
        bool (*take)(void *arg, const struct person *person, struct err *err), void *arg,
        struct err *err);
/* One more faulty line. */
void people_fault(
        struct people_file *file, int64_t line, const char *field, const char *zh, const char *en);

#endif
