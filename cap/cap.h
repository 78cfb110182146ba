/* SPDX-License-Identifier: Apache-2.0
 * cap - a message of the Common Alerting Protocol 1.2 (OASIS, = ITU-T X.1303 bis), in memory.
 *
 * The names are the standard's. Texts are UTF-8 without NUL, NULL where the element is absent and
 * "" where it is present but empty. The XML Signature is not part of the message: cap_sign.h adds
 * it, cap_verify() looks at it, cap_parse() steps over it.
 */
#ifndef TOCSIN_CAP_H
#define TOCSIN_CAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "err.h"
#include "mem.h"

enum cap_status { CAP_ACTUAL, CAP_EXERCISE, CAP_SYSTEM, CAP_TEST, CAP_DRAFT };
enum cap_msg_type { CAP_ALERT, CAP_UPDATE, CAP_CANCEL, CAP_ACK, CAP_ERROR };
enum cap_scope { CAP_PUBLIC, CAP_RESTRICTED, CAP_PRIVATE };
enum cap_category {
	CAP_GEO,
	CAP_MET,
	CAP_SAFETY,
	CAP_SECURITY,
	CAP_RESCUE,
	CAP_FIRE,
	CAP_HEALTH,
	CAP_ENV,
	CAP_TRANSPORT,
	CAP_INFRA,
	CAP_CBRNE,
	CAP_OTHER
};
enum cap_response_type {
	CAP_SHELTER,
	CAP_EVACUATE,
	CAP_PREPARE,
	CAP_EXECUTE,
	CAP_AVOID,
	CAP_MONITOR,
	CAP_ASSESS,
	CAP_ALL_CLEAR,
	CAP_NONE
};
enum cap_urgency { CAP_IMMEDIATE, CAP_EXPECTED, CAP_FUTURE, CAP_PAST, CAP_URGENCY_UNKNOWN };
enum cap_severity { CAP_EXTREME, CAP_SEVERE, CAP_MODERATE, CAP_MINOR, CAP_SEVERITY_UNKNOWN };
enum cap_certainty { CAP_OBSERVED, CAP_LIKELY, CAP_POSSIBLE, CAP_UNLIKELY, CAP_CERTAINTY_UNKNOWN };

/* The word of the standard; a category's also back (false: not a word of the standard). */
const char *cap_status_text(enum cap_status value);
const char *cap_msg_type_text(enum cap_msg_type value);
const char *cap_scope_text(enum cap_scope value);
const char *cap_category_text(enum cap_category value);
bool cap_category_read(const char *text, enum cap_category *out);
const char *cap_response_type_text(enum cap_response_type value);
const char *cap_urgency_text(enum cap_urgency value);
const char *cap_severity_text(enum cap_severity value);
const char *cap_certainty_text(enum cap_certainty value);

/* A dateTime of CAP. `set` false = element absent (or, for `sent` of a message not yet released,
 * empty). The offset is kept, so that writing gives back what was read; "-00:00" is kept as
 * minus_zero. */
struct cap_time {
	bool set;
	bool minus_zero;
	int16_t offset; /* minutes east of Greenwich */
	int64_t ms;     /* since 1970-01-01T00:00:00Z */
};

struct cap_time cap_time_china(int64_t ms);                 /* at +08:00, whole seconds */
bool cap_time_read(const char *text, struct cap_time *out); /* CAP's strict form only */
void cap_time_write(struct cap_time time, char text[26]);

struct cap_pair {
	char *name;
	char *value;
};

struct cap_pairs {
	struct cap_pair *items;
	size_t count;
};

struct cap_point {
	double lat, lon; /* WGS-84 degrees */
};

struct cap_polygon {
	char *text; /* as it stood, outer blanks off, inner white space made single blanks */
	struct cap_point *points;
	size_t count;  /* at least 4, first = last, unless doubtful */
	bool doubtful; /* not the standard's form (parsing has said so): what could be read, to be
	                  shown to people and never to send by */
};

struct cap_circle {
	char *text;
	struct cap_point centre;
	double radius_km;
	bool doubtful; /* as a polygon's */
};

struct cap_area {
	char *desc;
	struct cap_polygon *polygons;
	size_t polygon_count;
	struct cap_circle *circles;
	size_t circle_count;
	struct cap_pairs geocodes;
	char *altitude; /* decimal, feet above mean sea level; as it stood */
	char *ceiling;
};

struct cap_resource {
	char *desc;
	char *mime_type;
	char *size;
	char *uri;
	char *deref_uri;
	char *digest;
};

struct cap_info {
	char *language; /* NULL or "": en-US by the standard */
	enum cap_category *categories;
	size_t category_count;
	char *event;
	enum cap_response_type *responses;
	size_t response_count;
	enum cap_urgency urgency;
	enum cap_severity severity;
	enum cap_certainty certainty;
	char *audience;
	struct cap_pairs event_codes;
	struct cap_time effective, onset, expires;
	char *sender_name, *headline, *description, *instruction, *web, *contact;
	struct cap_pairs parameters;
	struct cap_resource *resources;
	size_t resource_count;
	struct cap_area *areas;
	size_t area_count;
};

struct cap_alert {
	char *identifier, *sender;
	struct cap_time sent;
	enum cap_status status;
	enum cap_msg_type msg_type;
	char *source;
	enum cap_scope scope;
	char *restriction, *addresses;
	struct texts codes;
	char *note, *references, *incidents;
	struct cap_info *infos;
	size_t info_count;
};

struct cap_alert *cap_alert_create(void);
void cap_alert_destroy(struct cap_alert **alert);
struct cap_alert *cap_alert_copy(const struct cap_alert *alert); /* deep */

/* Each adds a zeroed element at the end and returns it (valid until the next is added). */
struct cap_info *cap_alert_add_info(struct cap_alert *alert);
struct cap_area *cap_info_add_area(struct cap_info *info);
struct cap_resource *cap_info_add_resource(struct cap_info *info);
void cap_info_add_category(struct cap_info *info, enum cap_category category);
void cap_info_add_response(struct cap_info *info, enum cap_response_type response);
void cap_pairs_add(struct cap_pairs *pairs, const char *name, const char *value);
const char *cap_pairs_find(
        const struct cap_pairs *pairs, const char *name); /* first value, or NULL */
bool cap_area_add_polygon(
        struct cap_area *area, const char *text, struct err *err); /* refuses what is not one */
bool cap_area_add_circle(struct cap_area *area, const char *text, struct err *err);
bool cap_area_is_doubtful(const struct cap_area *area); /* a shape of it is */

#endif
