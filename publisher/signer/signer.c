/* SPDX-License-Identifier: Apache-2.0
 * signer - see signer.h. Cannot fail.
 */
#include "signer.h"

#include <stdlib.h>
#include <string.h>

#include "ahead.h"

void signer_finish(struct signer *signer)
{
	policy_destroy(&signer->policy);
	catalog_destroy(&signer->catalog);
	screen_lists_destroy(&signer->screen);
	key_destroy(&signer->alert);
	key_destroy(&signer->status);
	free(signer->public_url);
	free(signer->policy_copy);
	for (size_t i = 0; i < signer->trust_count; i++) {
		free(signer->trusts[i].source);
		cap_trust_destroy(&signer->trusts[i].trust);
	}
	for (size_t i = 0; i < signer->style_count; i++) {
		free(signer->styles[i].target);
		free(signer->styles[i].signature);
		free(signer->styles[i].prefix);
	}
	seen_close(&signer->seen);
	ahead_destroy(&signer->ahead);
	free(signer->trusts);
	free(signer->styles);
	*signer = (struct signer){0};
}

const struct cap_trust *signer_trust(const struct signer *signer, const char *source)
{
	for (size_t i = 0; i < signer->trust_count; i++)
		if (strcmp(signer->trusts[i].source, source) == 0)
			return signer->trusts[i].trust;
	return NULL;
}

const struct signer_style *signer_style(const struct signer *signer, const char *target)
{
	for (size_t i = 0; i < signer->style_count; i++)
		if (strcmp(signer->styles[i].target, target) == 0)
			return &signer->styles[i];
	return NULL;
}
