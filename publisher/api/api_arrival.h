/* SPDX-License-Identifier: Apache-2.0
 * api_arrival - a call's body as something that has come in.
 */
#ifndef TOCSIN_API_ARRIVAL_H
#define TOCSIN_API_ARRIVAL_H

#include "ingest.h"
#include "web.h"

struct arrival arrival_of(const struct call *call); /* borrows from the call */

#endif
