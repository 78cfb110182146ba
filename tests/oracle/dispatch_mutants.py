# SPDX-License-Identifier: Apache-2.0
"""Does the simulation notice? Single rules of dispatch are turned round in a copy of publisher/dispatch; the
simulation must fail every time, and not the cases written for each rule - but for what an officer holds back, whose
cases follow it: pauses are few in a run as short as this one.

dispatch_mutants.py [SOURCE_TREE]        needs cc, pkg-config, cmocka and openssl; exit 1 names the survivors
"""
from mutants import Room, replace_once, try_all

DISPATCH = Room("dispatch", ["dispatch_simulation", "dispatch_hold"], ["check.c", "ledger.c", "model.c", "world.c", "world_carry.c", "world_pause.c", "world_rest.c"],
                ["openssl", "jansson", "cmocka"], {"TOCSIN_SIMULATION_ALERTS": "3000"})

DETAILS = [
    ("by age only", "dispatch_queue.c", "if (a->rank != b->rank)\n\t\treturn a->rank > b->rank;", ""),
    ("corrections have no turn of their own", "dispatch_queue.c",
     "if (a->correction != b->correction)\n\t\treturn a->correction;", ""),
    ("the youngest first", "dispatch_queue.c", "return a->order < b->order;", "return a->order > b->order;"),
    ("nothing expires", "dispatch.c", "(item = heap_top(&d->expiry)) && item->expires <= now",
     "(item = heap_top(&d->expiry)) && false"),
    ("what expired in flight goes again", "dispatch_state.c", "} else if (item->expires <= now) {",
     "} else if (false) {"),
    ("an attempt outlives its warning", "dispatch_attempt.c", "if (item->deadline > item->expires)", "if (false)"),
    ("a cancel of what flies is forgotten", "dispatch.c", "item->withdrawn = reason;", ";"),
    ("a cancel of what waits is forgotten", "dispatch.c", "settle(d, item, DELIVERY_WITHDRAWN, reason, now);", ";"),
    ("an older one waits on", "dispatch.c", "settle(d, item, DELIVERY_SUPERSEDED, \"a newer message of the chain was released\",\n\t\t        now);\n\t}\n\tfor",
     ";\n\t}\n\tfor"),
    ("an overtaken one goes again", "dispatch_state.c", "} else if (item->order < item->chain->newest) {",
     "} else if (false) {"),
    ("a restart forgets what was overtaken", "dispatch.c", "delivery->overtaken ? delivery->order + 1", "false ? 0"),
    ("a newer one does not wait for what flies", "dispatch_index.c",
     "if (item->order < order && item->deadline > until)", "if (false)"),
    ("what was in flight at the end waits", "dispatch.c", "if (state == DELIVERY_SENDING)\n\t\tadd_sending",
     "if (false)\n\t\tadd_sending"),
    ("the repeat without a key", "dispatch_attempt.c", "is_urgent(item) && item->doubts <= RESEND_UNKNOWN_MOST",
     "item->doubts <= RESEND_UNKNOWN_MOST"),
    ("the repeat without end", "dispatch_attempt.c", "RESEND_UNKNOWN_MOST = 2", "RESEND_UNKNOWN_MOST = 9"),
    ("a restart forgets the doubts", "dispatch.c", ".doubts = delivery->doubts,", ""),
    ("the account has no limit", "dispatch_queue.c", "target->tokens -= cost;", ";"),
    ("a full account after each restart", "dispatch_queue.c", "d->targets[i]->tokens = 0;", ";"),
    ("any number in flight", "dispatch_lane.c", "if (lane->most && (int)lane->sending >= window_of(lane))", "if (false)"),
    ("no place for red", "dispatch_lane.c", "lane->most >= RESERVE_FROM ? lane->most - 1", "false ? 0"),
    ("red waits for the breaker", "dispatch_lane.c", "if (is_red(item))\n\t\treturn", "if (is_red(item) && !lane->open)\n\t\treturn"),
    ("quiet hours are not kept", "dispatch_lane.c", "target->quiet_until > at)", "false)"),
    ("orange is quiet", "dispatch_lane.c", "item->rank <= target->is.quiet_rank && item->rank <= QUIET_MOST",
     "item->rank <= 3"),
    ("who is back is not hurried", "dispatch.c", "waiting[k]->due = now;", ";"),
    ("the breaker stays open", "dispatch_lane.c", "lane->open = false;", ";"),
    ("what deferred is never due", "dispatch_state.c", "item->due = due;\n", "item->due = INT64_MAX;\n"),
    ("what is held back goes", "dispatch_queue.c", "if (!item->held && !item->aside)", "if (!item->aside)"),
    ("what is let go stays", "dispatch.c", "if (item->state != DELIVERY_WAITING)\n\t\treturn;\n\tleave_state",
     "if (item->state != DELIVERY_WAITING || !held)\n\t\treturn;\n\tleave_state"),
    ("what is let go backs off", "dispatch.c", "if (!held && item->backed_off && item->due > now)", "if (false)"),
    ("in flight, nothing is held back", "dispatch.c", "if (!item || item->held == held)",
     "if (!item || item->held == held || item->state != DELIVERY_WAITING)"),
    ("what is let go in flight stays held", "dispatch.c", "item->held = held;",
     "item->held = held || item->state != DELIVERY_WAITING;"),
    ("what is held back does not expire", "dispatch_state.c", "if (item->expires != INT64_MAX)",
     "if (item->expires != INT64_MAX && !item->held)"),
    ("what is on disk is forgotten", "dispatch_attempt.c", "\t\trest_wish(d, item);\n", ""),
    ("what could not be read is forgotten", "dispatch_rest.c", "rest->wished = false;\n\tleave_state(d, rest);\n\trest->due",
     "leave_state(d, rest);\n\trest->due"),
    ("worse goes before what is on disk", "dispatch_attempt.c", "rest_wish(d, item);\n\t\treturn NULL;",
     "rest_wish(d, item);\n\t\titem->aside = true;\n\t\tqueue_leave(item);"),
    ("what is on disk does not expire", "dispatch_state.c", "if (item->expires != INT64_MAX)",
     "if (item->expires != INT64_MAX && !item->more)"),
    ("what is on disk outlives a cancel", "dispatch.c", "if (item->state == DELIVERY_WAITING)\n\t\tsettle",
     "if (item->more)\n\t\treturn;\n\tif (item->state == DELIVERY_WAITING)\n\t\tsettle"),
    ("what is on disk is not held back", "dispatch.c", "if (!item || item->held == held)",
     "if (!item || item->held == held || item->more)"),
    ("any number of a job is loaded", "dispatch_rest.c", "if (rest->chain->waiting * 2 < d->loaded)\n\t\treturn false;",
     "if (true)\n\t\treturn false;"),
    ("a job that stood aside stays there", "dispatch_rest.c", "rest->aside = false;\n\tqueue_rejoin(d, rest);", ""),
    ("a rest counts once", "dispatch_state.c", "item->more ? (size_t)item->more : 1", "1"),
    ("a rest stands before its job", "dispatch_queue.c", "if (!a->more != !b->more)\n\t\treturn !a->more;", ""),
    ("what was read counts twice", "dispatch_rest.c", "rest->more = left;", ";"),
    ("an ill far side gets what it wants", "dispatch_lane.c", "else\n\t\topen_breaker", "else if (false)\n\t\topen_breaker"),
]


if __name__ == "__main__":
    try_all(DISPATCH, [(name, file, replace_once(old, new)) for name, file, old, new in DETAILS])
