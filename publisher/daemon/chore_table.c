/* SPDX-License-Identifier: Apache-2.0
 * chore_table - every chore of the house, a row each (chores.h). Apart from chores.c, so that how
 * they are run can be tried without what they do.
 */
#include "change.h"
#include "change_recipients.h"
#include "chores.h"
#include "audit_watch.h"
#include "heartbeat.h"
#include "duties.h"
#include "ends.h"
#include "notices.h"
#include "people.h"
#include "policy_history.h"
#include "policy_history_step.h"
#include "record_watch.h"

const struct chore chore_table[] = {
        {"change-run-out", 60 * 1000, change_run_out},
        {"recipients-in-force", 10 * 1000, recipients_keep_up},
        {"recipients-sweep", 3600 * 1000, recipients_sweep},
        {"recipients-upload", 60 * 1000, recipients_upload_ends},
        {"policy-in-force", 2 * 1000, policy_history_keep_up},
        {"policy-hand-over", 2 * 1000, policy_hand_over},
        {"policy-file", 5 * 1000, policy_history_watch},
        {"after-reports", 1000, duties_shout},
        {"notices", 1000, notices_call},
        {"people", 60000, people_forget},
        {"heartbeat", 500, heartbeat_chore},
        {"ends", 20 * 1000, ends_chore},
        {"record-watch", 2000, record_watch_chore},
        {"audit-watch", 2000, audit_watch_chore},
        {0},
};
