/* SPDX-License-Identifier: Apache-2.0
 * fuzz_cap_parse - any bytes into the CAP reader. Beyond not crashing: what is read without a fault
 * of form must come back from its canonical bytes, and those must not change.
 */
#include <string.h>

#include "cap_io.h"
#include "fuzz.h"

/* A message whose every element the schema allows; only such a one is promised to come back. */
static bool well_formed(const struct cap_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		if (strncmp(problems->items[i].rule, "schema.", 7) == 0 ||
		        strncmp(problems->items[i].rule, "xml.", 4) == 0)
			return false;
	}
	return problems->count < CAP_PROBLEMS_MAX;
}

static void come_back(const struct cap_alert *alert)
{
	struct cap_problems problems = {0};
	struct buf first, second;

	buf_init(&first, 0);
	buf_init(&second, 0);
	cap_write(alert, &first);
	struct cap_alert *back = cap_parse(first.data, first.len, CAP_LIMIT_FEED, &problems);

	must(back && well_formed(&problems));
	cap_write(back, &second);
	must(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
	cap_alert_destroy(&back);
	cap_problems_finish(&problems);
	buf_finish(&first);
	buf_finish(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct cap_problems problems = {0};
	struct cap_alert *alert = cap_parse(bytes, len, CAP_LIMIT_API, &problems);

	must(alert || problems.errors > 0);
	if (alert) {
		bool good = well_formed(&problems);
		struct cap_alert *copy = cap_alert_copy(alert);

		cap_check(copy, &problems);
		if (good)
			come_back(copy);
		cap_alert_destroy(&copy);
	}
	cap_alert_destroy(&alert);
	cap_problems_finish(&problems);
	return 0;
}
