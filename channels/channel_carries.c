/* SPDX-License-Identifier: Apache-2.0
 * channel_carries - which notes a type carries: its own row says. See channel.h. Cannot fail.
 */
#include "channel.h"

#include <stdio.h>

bool channel_carries(const struct channel *channel, const struct channel_job *job,
        struct channel_receipt *receipt)
{
	if (job->kind != CHANNEL_NOTE || channel->type->notes >> job->note & 1)
		return true;
	*receipt = (struct channel_receipt){.verdict = CHANNEL_REJECTED};
	snprintf(receipt->reason, sizeof receipt->reason, "a %s does not carry the form \"%s\"",
	        channel->type->name, status_form_text(job->note));
	return false;
}
