/* SPDX-License-Identifier: Apache-2.0
 * cap_rules_abroad - the profiles of other countries: IPAWS 1.0 (United States), CAP-CP (Canada),
 * CAP-AU (Australia); rules of theirs that are not those of everybody (cap_rules.h). Cannot fail.
 */
#include <string.h>
#include <strings.h>

#include "cap_rules.h"

#define AU_CODE "urn:oasis:names:tc:emergency:cap:1.2:profile:CAP-AU:1.0"
#define AU_EVENTS "https://govshare.gov.au/xmlui/handle/10772/6495"

void cap_rule_ipaws_code(const struct cap_look *look)
{
	if (!cap_has_code(look->alert, "IPAWSv1.0", false))
		cap_found(look, "code", 0, NULL);
}

void cap_rule_ipaws_event(const struct cap_look *look)
{
	const struct cap_pairs *codes = &look->info->event_codes;
	size_t count = 0;
	bool good = true;

	for (size_t i = 0; i < codes->count; i++) {
		if (strcmp(codes->items[i].name, "SAME") != 0)
			continue;
		count++;
		good = good && strlen(codes->items[i].value) == 3;
	}
	if (count != 1 || !good)
		cap_found(look, "eventCode", 0, cap_pairs_find(codes, "SAME"));
}

void cap_rule_ipaws_effective(const struct cap_look *look)
{
	if (look->info->effective.set)
		cap_found(look, "effective", 0, NULL);
}

void cap_rule_ipaws_onset(const struct cap_look *look)
{
	if (look->info->onset.set)
		cap_found(look, "onset", 0, NULL);
}

void cap_rule_ipaws_geocode(const struct cap_look *look)
{
	const struct cap_pairs *codes = &look->area->geocodes;

	for (size_t i = 0; i < codes->count; i++) {
		if (strcmp(codes->items[i].name, "SAME") == 0 &&
		        cap_digits(codes->items[i].value, 6))
			return;
	}
	cap_found(look, "geocode", 0, cap_pairs_find(codes, "SAME"));
}

void cap_rule_cp_code(const struct cap_look *look)
{
	if (!cap_has_code(look->alert, "profile:CAP-CP:", true))
		cap_found(look, "code", 0, NULL);
}

void cap_rule_cp_languages(const struct cap_look *look)
{
	const struct cap_alert *alert = look->alert;
	bool english = false;
	bool french = false;

	for (size_t i = 0; i < alert->info_count; i++) {
		english = english || cap_language_is(cap_language(&alert->infos[i]), "en");
		french = french || cap_language_is(cap_language(&alert->infos[i]), "fr");
	}
	if (alert->info_count && (!english || !french))
		cap_found(look, "info", 0, NULL);
}

void cap_rule_cp_event(const struct cap_look *look)
{
	if (!cap_pair_beginning(&look->info->event_codes, "profile:CAP-CP:Event:"))
		cap_found(look, "eventCode", 0, NULL);
}

void cap_rule_cp_geocode(const struct cap_look *look)
{
	if (!cap_pair_beginning(&look->area->geocodes, "profile:CAP-CP:Location:"))
		cap_found(look, "geocode", 0, NULL);
}

void cap_rule_au_code(const struct cap_look *look)
{
	if (!cap_has_code(look->alert, AU_CODE, false))
		cap_found(look, "code", 0, NULL);
}

void cap_rule_au_sender(const struct cap_look *look)
{
	static const char name[] =
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";
	const char *sender = look->alert->sender ? look->alert->sender : "";
	size_t before = strspn(sender, name);
	size_t behind = sender[before] == '@' ? strspn(sender + before + 1, name) : 0;

	if (!before || !behind || sender[before + 1 + behind])
		cap_found(look, "sender", 0, sender);
}

/* Each info has codes of the list, and all of them are the first one found. */
void cap_rule_au_event_one(const struct cap_look *look)
{
	const struct cap_alert *alert = look->alert;
	const char *first = NULL;

	for (size_t i = 0; i < alert->info_count; i++) {
		const struct cap_pairs *codes = &alert->infos[i].event_codes;
		bool other = false;
		bool any = false;

		for (size_t k = 0; k < codes->count; k++) {
			if (strcmp(codes->items[k].name, AU_EVENTS) != 0)
				continue;
			any = true;
			first = first ? first : codes->items[k].value;
			other = other || strcmp(first, codes->items[k].value) != 0;
		}
		if (!any || other)
			cap_found(look, "info", i + 1, NULL);
	}
}

void cap_rule_au_event_unknown(const struct cap_look *look)
{
	const char *code = cap_pairs_find(&look->info->event_codes, AU_EVENTS);

	if (code && !cap_au_known(code))
		cap_found(look, "eventCode", 0, code);
}

/* The list's names are English. */
void cap_rule_au_event_name(const struct cap_look *look)
{
	const struct cap_info *info = look->info;
	const char *code = cap_pairs_find(&info->event_codes, AU_EVENTS);

	if (code && info->event && cap_language_is(cap_language(info), "en") &&
	        cap_au_known(code) && !cap_au_called(code, info->event))
		cap_found(look, "event", 0, info->event);
}

void cap_rule_au_effective(const struct cap_look *look)
{
	if (look->alert->msg_type == CAP_CANCEL && look->info->effective.set)
		cap_found(look, "effective", 0, NULL);
}

void cap_rule_au_geocode(const struct cap_look *look)
{
	static const char *const names[] = {"http://www.psma.com.au/?product=g-naf",
	        "http://www.iso.org/iso/country_codes.html", "http://www.ga.gov.au/place-name/",
	        "http://www.psma.com.au/?product=postcode-boundaries"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (cap_pairs_find(&look->area->geocodes, names[i]))
			return;
	}
	cap_found(look, "geocode", 0, NULL);
}
