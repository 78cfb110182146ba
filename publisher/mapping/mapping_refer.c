/* SPDX-License-Identifier: Apache-2.0
 * mapping_refer - what a message in JSON updates or lifts, as triplets of CAP. See mapping_parts.h.
 *
 * An identifier alone is looked up in the record. An update of what is not there is a first message
 * here, and is noted as such; a lift of what is not there cannot be taken.
 */
#include <stdlib.h>
#include <string.h>

#include "mapping_parts.h"

enum { REFERENCES_MAX = 64 };

static void add(struct item *item, const char *sender, const char *identifier, const char *sent)
{
	char *all = mem_format("%s%s%s,%s,%s", item->references, *item->references ? " " : "",
	        sender, identifier, sent);

	free(item->references);
	item->references = all;
}

static void add_triplet(struct item *item, const json_t *value)
{
	char *sender = json_words(json_object_get(value, "sender"));
	char *identifier = json_words(json_object_get(value, "identifier"));
	char *sent = json_words(json_object_get(value, "sent"));

	add(item, sender, identifier, sent);
	free(sender);
	free(identifier);
	free(sent);
}

static const char *own_sender(const struct mapping *mapping)
{
	for (const struct mapping_row *row = mapping->alert; row->to; row++)
		if (strcmp(row->to, "sender") == 0 && row->how == HOW_FIXED)
			return row->with;
	return "";
}

static void add_known(struct item *item, const json_t *value)
{
	struct cap_reference reference = {
	        .identifier = json_words(value), .sender = mem_text(own_sender(item->mapping))};
	struct cap_time found = {0};
	char sent[26];

	if (*reference.identifier && item->help && item->help->known &&
	        item->help->known(item->help->record, &reference, &found) != CAP_STANDING_UNKNOWN) {
		cap_time_write(cap_time_china(found.ms), sent);
		add(item, reference.sender, reference.identifier, sent);
	} else if (*reference.identifier) {
		item->lost_reference = true;
	}
	cap_reference_finish(&reference);
}

static void add_one(struct item *item, enum how how, const json_t *value)
{
	if (how == HOW_TRIPLETS)
		add_triplet(item, value);
	else
		add_known(item, value);
}

void item_refer(struct item *item)
{
	const struct mapping_row *row = item->mapping->alert;

	item->references = mem_text("");
	while (row->to && row->how != HOW_TRIPLETS && row->how != HOW_UPDATES)
		row++;
	const json_t *value = row->to ? item_at(item, row->from) : NULL;
	size_t count = json_array_size(value);

	if (json_is_string(value))
		add_one(item, row->how, value);
	if (count > REFERENCES_MAX)
		item_error(item, "convert.reference", row->from, "引用超过 64 条",
		        "more than 64 references");
	for (size_t i = 0; i < count && i < REFERENCES_MAX; i++)
		add_one(item, row->how, json_array_get(value, i));
	if (item->lost_reference)
		item_note(item, "convert.reference", row->from, "所引用的报文不在记录中",
		        "a message it refers to is not in the record");
}
