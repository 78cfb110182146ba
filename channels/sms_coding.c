/* SPDX-License-Identifier: Apache-2.0
 * sms_coding - see sms_coding.h. Cannot fail: what is not GSM 7-bit goes as UCS-2.
 */
#include "sms_coding.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "utf8.h"

/* 3GPP TS 23.038, 6.2.1 and 6.2.1.1, what is not a plain letter, digit or blank. */
static const char others[] =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà^{}\\[~]|€";

static bool in_others(uint32_t character)
{
	const char *at = others;
	uint32_t other;

	while ((other = utf8_next(&at)) != 0)
		if (other == character)
			return true;
	return false;
}

bool sms_is_gsm7(const char *text)
{
	uint32_t c;

	while ((c = utf8_next(&text)) != 0) {
		bool plain = c == ' ' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		             (c >= 'a' && c <= 'z');
		if (!plain && !in_others(c))
			return false;
	}
	return true;
}
