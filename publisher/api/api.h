/* SPDX-License-Identifier: Apache-2.0
 * api - what stands behind each path (docs/openapi.yaml): a table of routes for each subject.
 */
#ifndef TOCSIN_API_H
#define TOCSIN_API_H

#include "web.h"

extern const struct route *const api_routes[]; /* the API and the desk; ends with NULL */
/* Far sides that report back; all that a proxy passes on. */
extern const struct route *const callback_routes[];
extern const struct route *const metrics_routes[]; /* for who watches the house */

/* By subject, each in its own file; for api.c. */
extern const struct route api_bulletin_routes[];
extern const struct route api_back_routes[];
extern const struct route api_act_routes[];
extern const struct route api_settle_routes[];
extern const struct route api_pause_routes[];
extern const struct route api_shift_routes[];
extern const struct route api_change_routes[];
extern const struct route api_challenge_routes[];
extern const struct route api_incident_routes[];
extern const struct route api_record_routes[];
extern const struct route api_session_routes[];
extern const struct route api_people_routes[];
extern const struct route api_due_routes[];
extern const struct route api_audit_routes[];
extern const struct route api_case_routes[];
extern const struct route api_events_routes[];
extern const struct route api_board_routes[];
extern const struct route api_compose_routes[];
extern const struct route api_areas_routes[];
extern const struct route api_rights_routes[];
extern const struct route api_means_routes[];
extern const struct route api_recipients_routes[];
extern const struct route api_upload_routes[];
extern const struct route api_callback_routes[];

#endif
