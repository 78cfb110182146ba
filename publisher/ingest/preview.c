/* SPDX-License-Identifier: Apache-2.0
 * preview - see preview.h. A number that nobody was given stands where the number will: far sides'
 * texts are as long with it as they will be.
 */
#include "preview.h"

#include <stdlib.h>
#include <string.h>

#include "cap_io.h"
#include "draft.h"
#include "flatten.h"
#include "prepare.h"
#include "problems.h"
#include "review.h"
#include "when.h"

void preview_finish(struct preview *preview)
{
	if (preview->asked)
		ask_finish(&preview->ask);
	preview_plain_finish(preview);
	screened_finish(&preview->screened);
	cap_problems_finish(&preview->problems);
	bulletin_destroy(&preview->bulletin);
}

static void number_it(
        const struct house *house, struct bulletin *b, struct cap_alert *alert, int64_t now)
{
	const struct unit *unit = policy_unit(atomic_load(&house->policy), b->unit);
	char digits[WHEN_DIGITS];

	when_digits(now, digits);
	char *identifier = mem_format("%s_%s_0", unit ? unit->code : "0", digits);
	mem_set_text(&alert->identifier, identifier);
	mem_set_text(&b->identifier, identifier);
	mem_set_text(&b->chain, identifier);
	free(identifier);
	free(alert->sender);
	alert->sender = flatten_sender(unit ? unit->code : "0", house->config->mode);
	alert->sent = (struct cap_time){0};
}

static void look_at(struct house *house, struct store *reader, struct cap_alert *alert, int64_t now,
        struct preview *p)
{
	const struct config *config = house->config;
	struct review_rules rules = {.catalog = house->catalog, .mode = config->mode};
	struct bulletin *b = p->bulletin;
	struct err err;

	if (!b->targets.count)
		prepare_default_targets(config, b, flatten_is_drawn(alert), &p->problems);
	review_bulletin(b, alert, &rules, now, &p->problems);
	if (screened_look(house, reader, b, now, &p->screened, &err))
		screen_problems(&p->screened.found, &p->problems);
	prepare_bulletin(config, b, alert, NULL, 0, PREPARE_TO_LOOK, &p->problems, &err);
	preview_plain(house, alert, p);
	ask_decide(
	        &p->ask, atomic_load(&house->policy), config, b, NULL, b->drafter, now, NULL, true);
	p->asked = true;
}

bool preview_make(struct house *house, struct store *reader, const struct arrival *arrival,
        struct preview *p, struct err *err)
{
	struct cap_problems notes = {0};
	int64_t now = when_now();

	*p = (struct preview){0};
	if (!ingest_draft(house, arrival, &p->bulletin, &p->problems, err))
		return false;
	struct bulletin *b = p->bulletin;
	struct cap_alert *alert =
	        cap_parse_unfilled(b->cap, strlen(b->cap), CAP_LIMIT_SOURCE, &notes);
	cap_problems_finish(&notes);
	if (!alert)
		return err_set(err, ERR_INTERNAL, "草稿无法读回", "the draft cannot be read back");
	number_it(house, b, alert, now);
	/* What it lacks its notes have said already. */
	if (draft_settle(b, alert, house->catalog, err))
		look_at(house, reader, alert, now, p);
	cap_alert_destroy(&alert);
	return true;
}
