/* SPDX-License-Identifier: Apache-2.0
 * fuzz_policy - any bytes as the policy document. It loads, and says its own bytes' digest, or
 * every fault is a line with a place.
 */
#include <string.h>

#include "fuzz.h"
#include "policy.h"
#include "utf8.h"

static void lines_with_places(const struct buf *faults)
{
	must(faults->len > 0 && faults->data[faults->len - 1] == '\n');
	must(utf8_valid(faults->data, faults->len, NULL));
	for (const char *line = faults->data; *line; line = strchr(line, '\n') + 1)
		must(strncmp(line, "policy:", 7) == 0 && line[7] >= '0' && line[7] <= '9');
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct buf faults;
	char want[DIGEST_HEX];

	buf_init(&faults, 0);
	struct policy *policy = policy_parse_all("policy", (const char *)bytes, len, &faults);
	if (policy) {
		digest_sha256(bytes, len, want);
		must(strcmp(policy->version, want) == 0);
	} else {
		lines_with_places(&faults);
	}
	policy_destroy(&policy);
	buf_finish(&faults);
	return 0;
}
