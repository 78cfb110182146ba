/* SPDX-License-Identifier: Apache-2.0
 * phone - see phone.h.
 */
#include "phone.h"

#include <stddef.h>
#include <string.h>

bool phone_shaped(const char *text)
{
	size_t len = text ? strlen(text) : 0;

	return len >= PHONE_LEAST && len <= PHONE_MOST &&
	       strspn(text + (*text == '+'), "0123456789") == len - (*text == '+');
}
