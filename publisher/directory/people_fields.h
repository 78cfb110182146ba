/* SPDX-License-Identifier: Apache-2.0
 * people_fields - one line of recipients: what each column may say. Inside this room only.
 */
#ifndef TOCSIN_PEOPLE_FIELDS_H
#define TOCSIN_PEOPLE_FIELDS_H

#include "person.h"

enum people_column {
	COLUMN_NUMBER,
	COLUMN_NAME,
	COLUMN_DIVISION,
	COLUMN_LONGITUDE,
	COLUMN_LATITUDE,
	COLUMN_HAZARDS,
	COLUMN_LEVEL,
	COLUMN_GROUPS,
	COLUMN_CONSENT,
	COLUMN_PURPOSES,
	COLUMN_COUNT
};

const char *people_column_name(enum people_column column);
bool people_column_read(const char *heading, enum people_column *out);

enum consent { CONSENT_LAW, CONSENT_YES, CONSENT_NO };

/* Why a line does not count. */
struct people_cause {
	const char *field, *zh, *en;
};

/* texts: a line's fields by column, NULL where there is no such column. false: *cause. The wishes
 * are the caller's either way. */
bool people_fields_read(const struct catalog *catalog, char *const texts[COLUMN_COUNT],
        struct person *person, struct profile *wishes, enum consent *consent,
        struct people_cause *cause);

#endif
