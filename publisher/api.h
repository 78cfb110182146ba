/* SPDX-License-Identifier: Apache-2.0
 * api - what stands behind each path (docs/openapi.yaml).
 */
#ifndef TOCSIN_API_H
#define TOCSIN_API_H

#include "web.h"

extern const struct route api_routes[];      /* the API and the desk */
extern const struct route callback_routes[]; /* far sides that report back; all a proxy passes on */

#endif
