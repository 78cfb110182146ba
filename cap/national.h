/* SPDX-License-Identifier: Apache-2.0
 * national - the message of the national warning platform (国家突发事件预警信息发布系统, 12379): in
 * memory, to and from bytes, to and from CAP.
 *
 * It looks like CAP and is not: `alert` without a namespace, a person's name in senderName, the
 * level in `severity`, times with a blank, references that are bare identifiers. Its standard (GB/T
 * 35965.1) is not public; the elements are those of messages that were seen (docs/CAP.md). What one
 * form has and the other has not is named, element by element, in the problems: level
 * CAP_PROBLEM_NOTE, rules "convert.*". Names and numbers of persons are named by their element,
 * never by what stands in it.
 */
#ifndef TOCSIN_NATIONAL_H
#define TOCSIN_NATIONAL_H

#include "cap_problem.h"
#include "cap_rule.h"
#include "terms.h"

struct national_method {
	char *name;                       /* SMS WEB LED SPEAKER ... */
	char *message;                    /* what is said there */
	char *audience_groups, *audience; /* ids of groups; single receivers: persons' numbers */
};

struct national_area {
	char *desc;    /* 西青区,静海区 */
	char *geocode; /* 120111000000,120118000000: in step with desc */
	char *polygon, *circle;
};

struct national_info {
	char *language;
	char *event_type; /* 11B06 */
	enum cap_urgency urgency;
	enum level level; /* `severity`: a colour; LEVEL_NONE Unknown */
	enum cap_certainty certainty;
	struct cap_time effective, onset, expires;
	char *sender_name; /* who signed it off: a person. Never written */
	char *headline, *description, *instruction, *web;
	struct national_area *areas;
	size_t area_count;
};

/* Texts are NULL where the element is absent or empty. */
struct national {
	char *identifier, *sender, *sender_code; /* sender: the unit's name */
	struct cap_time sent;
	enum cap_status status;
	enum cap_msg_type msg_type;
	enum cap_scope scope;
	struct national_method *methods;
	size_t method_count;
	char *sec_classification; /* None; anything else must not go to the public */
	char *note, *references;  /* references: identifiers alone */
	struct national_info *infos;
	size_t info_count;
};

void national_destroy(struct national **national);

/* One national message, as hostile as it may be (the gate of cap_io.h, then the walk of CAP's own
 * reading). NULL: *problems has the errors. One that has errors but could be read is returned too.
 */
struct national *national_read(
        const void *bytes, size_t len, size_t limit, struct cap_problems *problems);

/* One form only: UTF-8, the order seen, LF. The same message gives the same bytes, and they read
 * back as it; but senderName is always empty. */
void national_write(const struct national *national, struct buf *out);

/* What an event is called, and what its headline says of it. Texts are borrowed. */
struct national_event {
	const char *name, *code;    /* NULL: not known */
	enum cap_category category; /* when the name is */
	enum level level;           /* the headline's colour; LEVEL_NONE: it names none */
	bool occurring;             /* the text says that it is there already */
};

/* What conversion asks of others. Zeroed: nothing is known. */
struct national_help {
	/* Either text may be NULL. Where code and headline disagree the headline's name holds. */
	void (*event)(void *events, const char *code, const char *headline, const char *text,
	        struct national_event *out);
	void *events;
	cap_known_function *known; /* the record: by sender and identifier */
	void *record;
};

enum { NATIONAL_AREAS_MAX = 2000, NATIONAL_REFERENCES_MAX = 64, NATIONAL_INFOS_MAX = 16 };

/* Always a message; what makes it unusable is an error in *problems. Asks for no more memory than
 * the message it is made of takes, a few thousand areas besides. */
struct cap_alert *national_to_cap(const struct national *national, const struct national_help *help,
        struct cap_problems *problems);
/* Of the infos the first in Chinese. */
struct national *national_from_cap(const struct cap_alert *alert, const struct national_help *help,
        struct cap_problems *problems);

#endif
