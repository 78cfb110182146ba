/* SPDX-License-Identifier: Apache-2.0
 * sign_offs - see sign_offs.h.
 */
#include "sign_offs.h"

#include <stdlib.h>

void sign_offs_add(struct sign_offs *s, const struct proof *proof)
{
	if (proof->act == ACT_REVIEW) {
		texts_add(&s->reviewers, proof->officer);
		*(int64_t *)mem_push(&s->review_times, &s->review_time_count,
		        sizeof *s->review_times) = proof->time;
	} else if (proof->act == ACT_SIGN) {
		texts_add(&s->signers, proof->officer);
		*(int64_t *)mem_push(&s->sign_times, &s->sign_time_count, sizeof *s->sign_times) =
		        proof->time;
	}
}

void sign_offs_put(const struct sign_offs *s, struct request *request)
{
	request->reviews = (const char *const *)s->reviewers.items;
	request->review_times = s->review_times;
	request->review_count = s->reviewers.count;
	request->signs = (const char *const *)s->signers.items;
	request->sign_times = s->sign_times;
	request->sign_count = s->signers.count;
}

void sign_offs_finish(struct sign_offs *s)
{
	texts_finish(&s->reviewers);
	texts_finish(&s->signers);
	free(s->review_times);
	free(s->sign_times);
	*s = (struct sign_offs){0};
}
