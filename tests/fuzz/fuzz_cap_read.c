/* SPDX-License-Identifier: Apache-2.0
 * fuzz_cap_read - any bytes as the world writes CAP, strictly and leniently: encodings, wrappers,
 * versions. Beyond not crashing: a message that was read without a fault comes back from its
 * canonical bytes, read in the same way, and those do not change.
 */
#include <string.h>

#include "cap_read.h"
#include "fuzz.h"

static void come_back(const struct cap_message *message, const struct cap_manner *manner)
{
	struct cap_messages again;
	struct buf first, second;

	buf_init(&first, 0);
	buf_init(&second, 0);
	cap_write(message->alert, &first);
	must(cap_read(first.data, first.len, manner, &again) && again.count == 1);
	must(again.items[0].alert && again.items[0].problems.errors == 0);
	must(again.items[0].certain == message->certain);
	cap_write(again.items[0].alert, &second);
	must(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
	cap_messages_finish(&again);
	buf_finish(&first);
	buf_finish(&second);
}

static void read_as(const uint8_t *bytes, size_t len, const struct cap_manner *manner)
{
	struct cap_messages messages;

	if (!cap_read(bytes, len, manner, &messages))
		must(messages.problems.errors > 0 || messages.count > 0);
	for (size_t i = 0; i < messages.count; i++) {
		struct cap_message *message = &messages.items[i];

		must(message->alert || message->problems.errors > 0);
		if (message->alert && !message->problems.errors)
			come_back(message, manner);
		if (message->alert)
			cap_check(message->alert, &message->problems);
	}
	cap_messages_finish(&messages);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct cap_manner strict = {.limit = CAP_LIMIT_API};
	const struct cap_manner lenient = {
	        .lenient = true, .zone = "+08:00", .limit = CAP_LIMIT_API};

	read_as(bytes, len, &strict);
	read_as(bytes, len, &lenient);
	return 0;
}
