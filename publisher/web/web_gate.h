/* SPDX-License-Identifier: Apache-2.0
 * web_gate - what libevent's parser lets pass and we do not: doubled or missing framing headers,
 * odd names.
 */
#ifndef TOCSIN_WEB_GATE_H
#define TOCSIN_WEB_GATE_H

#include <event2/http.h>

#include "err.h"

bool web_gate(struct evhttp_request *request, struct err *err);

#endif
