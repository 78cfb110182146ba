/* SPDX-License-Identifier: Apache-2.0
 * cap_rules - the functions behind the table of rules in cap_check.c. Inside cap/ only.
 *
 * A rule's function looks at one object and calls cap_found() for each fault; level and sentences
 * stand in the table. Every function takes time that grows no faster than n log n with the message,
 * and bears with texts that are not there (a message that parsing complained about is still looked
 * at).
 */
#ifndef TOCSIN_CAP_RULES_H
#define TOCSIN_CAP_RULES_H

#include "cap_io.h"
#include "cap_place.h"

enum cap_object { CAP_OF_ALERT, CAP_OF_INFO, CAP_OF_RESOURCE, CAP_OF_AREA };

struct cap_look {
	const struct cap_alert *alert;
	const struct cap_info *info;         /* NULL for rules of the alert */
	const struct cap_resource *resource; /* rules of resources only */
	const struct cap_area *area;         /* rules of areas only */
	const struct cap_place *place;
	const struct cap_rule *rule;
	struct cap_problems *problems;
};

typedef void cap_rule_function(const struct cap_look *look);

struct cap_rule {
	const char *id;
	enum cap_level level;
	enum cap_object object;
	cap_rule_function *look;
	const char *zh, *en;
};

/* A fault in child `element` (NULL: the object itself), the index-th of its kind (0: comes once);
 * `value` (may be NULL) is quoted behind the sentence. */
void cap_found(const struct cap_look *look, const char *element, size_t index, const char *value);

bool cap_blank(const char *text); /* NULL, "" or white space only */

/* cap_rules_alert.c */
cap_rule_function cap_rule_identifier, cap_rule_sender, cap_rule_restriction_missing,
        cap_rule_restriction_extra, cap_rule_addresses_missing, cap_rule_addresses_quotes,
        cap_rule_incidents_quotes, cap_rule_references_missing, cap_rule_references_form,
        cap_rule_references_self, cap_rule_references_later, cap_rule_note, cap_rule_info_missing,
        cap_rule_categories_differ, cap_rule_event_codes_differ, cap_rule_language_same_text,
        cap_rule_alert_control, cap_rule_scope_draft;

/* cap_rules_info.c */
cap_rule_function cap_rule_event, cap_rule_language_missing, cap_rule_language_mismatch,
        cap_rule_expires_sent, cap_rule_expires_effective, cap_rule_expires_onset,
        cap_rule_expires_missing, cap_rule_web, cap_rule_headline_missing, cap_rule_headline_long,
        cap_rule_description_missing, cap_rule_instruction_missing, cap_rule_sender_name_missing,
        cap_rule_text_same, cap_rule_unknown, cap_rule_assess, cap_rule_word_twice,
        cap_rule_area_missing;

/* cap_rules_text.c */
cap_rule_function cap_rule_html, cap_rule_entity, cap_rule_control, cap_rule_bidi,
        cap_rule_event_code_empty, cap_rule_event_code_twice, cap_rule_parameter_empty,
        cap_rule_parameter_twice, cap_rule_geocode_empty, cap_rule_geocode_twice;

/* cap_rules_area.c */
cap_rule_function cap_rule_area_desc, cap_rule_area_extent, cap_rule_polygon_crossing,
        cap_rule_polygon_antimeridian, cap_rule_polygon_flat, cap_rule_circle_zero,
        cap_rule_ceiling_alone, cap_rule_ceiling_below, cap_rule_altitude_negative,
        cap_rule_geocode_cpeas;

/* cap_rules_resource.c */
cap_rule_function cap_rule_resource_desc, cap_rule_mime_form, cap_rule_mime_type,
        cap_rule_uri_scheme, cap_rule_uri_relative, cap_rule_deref_form, cap_rule_size_negative,
        cap_rule_size_differs, cap_rule_digest_form, cap_rule_digest_differs;

bool cap_uri_absolute(const char *uri);
bool cap_uri_safe(
        const char *uri); /* relative, or of a scheme that opens a page, a file afar or a mail */

#endif
