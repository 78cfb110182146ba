/* SPDX-License-Identifier: Apache-2.0
 * api - see api.h. One table of routes a subject; the files api_*.c hold them with their handlers,
 * each of which reads one request, calls one use case, shows what came of it.
 */
#include "api.h"

const struct route *const api_routes[] = {
        api_bulletin_routes,
        api_back_routes,
        api_act_routes,
        api_settle_routes,
        api_pause_routes,
        api_shift_routes,
        api_change_routes,
        api_challenge_routes,
        api_incident_routes,
        api_record_routes,
        api_session_routes,
        api_people_routes,
        api_due_routes,
        api_audit_routes,
        api_case_routes,
        api_events_routes,
        api_board_routes,
        api_compose_routes,
        api_areas_routes,
        api_rights_routes,
        api_means_routes,
        api_recipients_routes,
        api_upload_routes,
        NULL,
};

const struct route *const callback_routes[] = {
        api_callback_routes,
        NULL,
};
