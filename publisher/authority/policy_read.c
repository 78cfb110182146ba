/* SPDX-License-Identifier: Apache-2.0
 * policy_read - the policy document, from its bytes to struct policy: one table of fields per
 * section.
 *
 * Relies on yaml (mappings, places of faults), policy_fields (values), policy_check (what
 * holds between rows). With any fault there is no policy.
 */
#include "policy.h"

#include <stdlib.h>
#include <string.h>

#include "policy_check.h"
#include "policy_obligations.h"
#include "policy_roster.h"
#include "policy_fields.h"
#include "policy_hotlines.h"
#include "policy_index.h"
#include "yaml.h"

enum { POLICY_MOST = 16 << 20 };

static void read_version(struct yaml *yaml, struct fy_node *value, void *place)
{
	char *text = yaml_text(yaml, value);

	(void)place;
	if (text && strcmp(text, "1") != 0)
		yaml_fault(yaml, value, "version 应为 1，而不是 %s", "version must be 1, not %s",
		        text);
	free(text);
}

/* The next row of a section, or NULL behind the last. */
static struct fy_node *next_row(struct yaml *yaml, struct fy_node *list, void **at)
{
	return *at || yaml_is_list(yaml, list) ? fy_node_sequence_iterate(list, at) : NULL;
}

static const struct field unit_fields[] = {
        {"id", true, field_id, offsetof(struct unit, id)},
        {"name", false, field_text, offsetof(struct unit, name)},
        {"code", false, field_id, offsetof(struct unit, code)},
        {"division", false, field_division, offsetof(struct unit, division)},
        {"superior", false, field_id, offsetof(struct unit, superior)},
        {0},
};

static void read_units(struct yaml *yaml, struct fy_node *list, void *place)
{
	struct policy *policy = place;
	struct fy_node *item;
	void *at = NULL;

	while ((item = next_row(yaml, list, &at))) {
		struct unit *unit = mem_push(&policy->units, &policy->unit_count, sizeof *unit);
		yaml_row(yaml, item, unit_fields, unit);
		if (!unit->name)
			unit->name = mem_text(unit->id);
	}
}

static const struct field officer_fields[] = {
        {"id", true, field_id, offsetof(struct officer, id)},
        {"name", false, field_text, offsetof(struct officer, name)},
        {"unit", true, field_id, offsetof(struct officer, unit)},
        {"person", false, field_text, offsetof(struct officer, person)},
        {"duties", false, field_duties, offsetof(struct officer, duties)},
        {"active", false, field_yes, offsetof(struct officer, active)},
        {"keys", false, field_keys, 0},
        {0},
};

static void read_officers(struct yaml *yaml, struct fy_node *list, void *place)
{
	struct policy *policy = place;
	struct fy_node *item;
	void *at = NULL;

	while ((item = next_row(yaml, list, &at))) {
		struct officer *officer =
		        mem_push(&policy->officers, &policy->officer_count, sizeof *officer);
		officer->active = true;
		yaml_row(yaml, item, officer_fields, officer);
		if (!officer->name)
			officer->name = mem_text(officer->id);
		if (!officer->person)
			officer->person = mem_text(officer->id);
	}
}

static const struct field grant_fields[] = {
        {"unit", true, field_id, offsetof(struct grant, unit)},
        {"role", true, field_role, offsetof(struct grant, role)},
        {"of", false, field_id, offsetof(struct grant, of)},
        {"acts", false, field_acts, offsetof(struct grant, acts)},
        {"kinds", false, field_kinds, offsetof(struct grant, kinds)},
        {"levels", false, field_levels, offsetof(struct grant, levels)},
        {"hazards", false, field_hazards, offsetof(struct grant, hazards)},
        {"areas", false, field_divisions, offsetof(struct grant, areas)},
        {"channels", false, field_channels, offsetof(struct grant, channels)},
        {"from", false, field_day, offsetof(struct grant, from)},
        {"until", false, field_day, offsetof(struct grant, until)},
        {"basis", true, field_text, offsetof(struct grant, basis)},
        {0},
};

/* A correction in staged words needs the act `update`, and no act of its own. */
static unsigned with_correct(unsigned acts)
{
	unsigned update = 1u << VERB_UPDATE;
	unsigned correct = 1u << VERB_CORRECT;

	return acts & update ? acts | correct : acts;
}

static void read_grants(struct yaml *yaml, struct fy_node *list, void *place)
{
	struct policy *policy = place;
	struct fy_node *item;
	void *at = NULL;

	while ((item = next_row(yaml, list, &at))) {
		struct grant *grant =
		        mem_push(&policy->grants, &policy->grant_count, sizeof *grant);
		grant->label = mem_format("grants[%zu]", policy->grant_count - 1);
		grant->kinds = 1u << KIND_WARNING;
		grant->from = INT64_MIN;
		grant->until = INT64_MAX;
		yaml_row(yaml, item, grant_fields, grant);
		grant->acts = with_correct(grant->acts & ~(1u << VERB_CORRECT));
	}
}

static const struct field forbid_fields[] = {
        {"unless_unit", false, field_id, offsetof(struct forbid, unless_unit)},
        {"acts", false, field_acts, offsetof(struct forbid, acts)},
        {"kinds", false, field_kinds, offsetof(struct forbid, kinds)},
        {"levels", false, field_levels, offsetof(struct forbid, levels)},
        {"hazards", false, field_hazards, offsetof(struct forbid, hazards)},
        {"areas", false, field_divisions, offsetof(struct forbid, areas)},
        {"channels", false, field_channels, offsetof(struct forbid, channels)},
        {"basis", true, field_text, offsetof(struct forbid, basis)},
        {0},
};

static void read_forbids(struct yaml *yaml, struct fy_node *list, void *place)
{
	struct policy *policy = place;
	struct fy_node *item;
	void *at = NULL;

	while ((item = next_row(yaml, list, &at))) {
		struct forbid *forbid =
		        mem_push(&policy->forbids, &policy->forbid_count, sizeof *forbid);
		forbid->label = mem_format("forbids[%zu]", policy->forbid_count - 1);
		forbid->acts = forbid->kinds = forbid->levels = ~0u;
		yaml_row(yaml, item, forbid_fields, forbid);
		forbid->acts = with_correct(forbid->acts);
	}
}

static const struct field signoff_fields[] = {
        {"levels", true, field_levels, offsetof(struct signoff, levels)},
        {"reviews", true, field_number, offsetof(struct signoff, reviews)},
        {"signs", true, field_number, offsetof(struct signoff, signs)},
        {"hours", false, field_hours, offsetof(struct signoff, hours)},
        {"basis", false, field_text, offsetof(struct signoff, basis)},
        {0},
};

/* A row that names its basis is quoted with it. */
static void label_signoff(struct signoff *row, char *label)
{
	row->label = row->basis ? mem_format("%s（%s）", label, row->basis) : mem_text(label);
	free(label);
}

static void read_signoffs(struct yaml *yaml, struct fy_node *list, void *place)
{
	struct policy *policy = place;
	struct fy_node *item;
	void *at = NULL;

	while ((item = next_row(yaml, list, &at))) {
		struct signoff *row =
		        mem_push(&policy->signoffs, &policy->signoff_count, sizeof *row);
		row->hours = (struct hours){-1, -1};
		yaml_row(yaml, item, signoff_fields, row);
		label_signoff(row, mem_format("signoff[%zu]", policy->signoff_count - 1));
	}
}

static const struct field urgent_fields[] = {
        {"levels", true, field_levels, offsetof(struct policy, urgent.levels)},
        {"reviews", true, field_number, offsetof(struct policy, urgent.reviews)},
        {"signs", true, field_number, offsetof(struct policy, urgent.signs)},
        {"report_within", true, field_duration, offsetof(struct policy, urgent_report_ms)},
        {"basis", false, field_text, offsetof(struct policy, urgent.basis)},
        {0},
};

static void read_urgent(struct yaml *yaml, struct fy_node *map, void *place)
{
	struct policy *policy = place;

	policy->has_urgent = true;
	policy->urgent.hours = (struct hours){-1, -1};
	yaml_row(yaml, map, urgent_fields, policy);
	label_signoff(&policy->urgent, mem_text("urgent"));
}

static const struct field relay_fields[] = {
        {"source", true, field_id, offsetof(struct relay, source)},
        {"unit", true, field_id, offsetof(struct relay, unit)},
        {"kinds", false, field_kinds, offsetof(struct relay, kinds)},
        {"auto", false, field_levels, offsetof(struct relay, levels)},
        {"hazards", false, field_hazards, offsetof(struct relay, hazards)},
        {"areas", false, field_divisions, offsetof(struct relay, areas)},
        {"channels", false, field_channels, offsetof(struct relay, channels)},
        {"basis", false, field_text, offsetof(struct relay, basis)},
        {0},
};

static void read_relays(struct yaml *yaml, struct fy_node *list, void *place)
{
	struct policy *policy = place;
	struct fy_node *item;
	void *at = NULL;

	while ((item = next_row(yaml, list, &at))) {
		struct relay *relay =
		        mem_push(&policy->relays, &policy->relay_count, sizeof *relay);
		relay->label = mem_format("relays[%zu]", policy->relay_count - 1);
		relay->kinds = 1u << KIND_WARNING;
		yaml_row(yaml, item, relay_fields, relay);
	}
}

/* Read at the end, by policy_check_examples. */
static void read_nothing(struct yaml *yaml, struct fy_node *value, void *place)
{
	(void)yaml;
	(void)value;
	(void)place;
}

/* Where the document says nothing: an approval of yesterday's shift does not count. */
static const int64_t APPROVALS_WITHIN = (int64_t)24 * 3600 * 1000;

static const struct field policy_fields[] = {
        {"version", true, read_version, 0},
        {"units", true, read_units, 0},
        {"officers", true, read_officers, 0},
        {"grants", false, read_grants, 0},
        {"forbids", false, read_forbids, 0},
        {"signoff", false, read_signoffs, 0},
        {"urgent", false, read_urgent, 0},
        {"relays", false, read_relays, 0},
        {"hotlines", false, policy_read_hotlines, 0},
        {"passkeys", false, field_passkeys, offsetof(struct policy, passkeys)},
        {"duties", false, policy_read_duties, 0},
        {"roster", false, policy_read_roster, 0},
        {"sign_by_roster", false, field_setting, offsetof(struct policy, sign_by_roster)},
        {"approvals_within", false, field_duration, offsetof(struct policy, approvals_within)},
        {"tests", false, read_nothing, 0},
        {0},
};

struct policy *policy_parse_all(const char *name, const char *bytes, size_t len, struct buf *faults)
{
	struct yaml yaml = {.name = name, .faults = faults};
	struct fy_document *document;
	struct fy_node *root = yaml_open(&yaml, bytes, len, &document);
	struct policy *policy = mem_zero(sizeof *policy);

	policy->approvals_within = APPROVALS_WITHIN;
	if (root && yaml.count == 0) {
		yaml_row(&yaml, root, policy_fields, policy);
		policy_check(&yaml, root, policy);
		policy_check_roster(&yaml, root, policy);
	}
	if (yaml.count == 0) {
		digest_sha256(bytes, len, policy->version);
		policy->text = mem_text_n(bytes, len);
		policy->index = policy_index_create(policy);
		policy_check_examples(&yaml, root, policy);
	}
	fy_document_destroy(document);
	if (yaml.count)
		policy_destroy(&policy);
	return policy;
}

/* The first fault as a sentence, and how many more there are. */
static void say_faults(struct err *err, const struct buf *faults)
{
	size_t lines = 0;

	for (size_t i = 0; i < faults->len; i++)
		lines += faults->data[i] == '\n';
	err_set(err, ERR_CONFIG, "授权规则有 %zu 处错误，首先是 %.*s",
	        "the policy has %zu faults, the first: %.*s", lines,
	        (int)(faults->len ? strcspn(faults->data, "\n") : 0),
	        faults->len ? faults->data : "");
}

struct policy *policy_parse(const char *name, const char *bytes, size_t len, struct err *err)
{
	struct buf faults;

	buf_init(&faults, 0);
	struct policy *policy = policy_parse_all(name, bytes, len, &faults);
	if (!policy)
		say_faults(err, &faults);
	buf_finish(&faults);
	return policy;
}

struct policy *policy_read_all(const char *path, struct buf *faults)
{
	struct yaml yaml = {.name = path, .faults = faults};
	struct policy *policy = NULL;
	struct buf bytes;

	buf_init(&bytes, POLICY_MOST);
	if (yaml_read_file(&yaml, &bytes))
		policy = policy_parse_all(path, bytes.data, bytes.len, faults);
	buf_finish(&bytes);
	return policy;
}

struct policy *policy_read(const char *path, struct err *err)
{
	struct buf faults;

	buf_init(&faults, 0);
	struct policy *policy = policy_read_all(path, &faults);
	if (!policy)
		say_faults(err, &faults);
	buf_finish(&faults);
	return policy;
}
