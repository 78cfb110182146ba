/* SPDX-License-Identifier: Apache-2.0
 * api_rights - what the policy gives to whom, for pages: shared by the files that show its rows and
 * that ask it about one case. Read only; nothing of it is recorded.
 */
#ifndef TOCSIN_API_RIGHTS_H
#define TOCSIN_API_RIGHTS_H

#include "web.h"

/* Who may publish this? Each unit's answer. */
bool get_rights_who(struct call *call, struct err *err);
/* What may this unit, or this officer, publish there? */
bool get_rights_what(struct call *call, struct err *err);

#endif
