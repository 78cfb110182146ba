# SPDX-License-Identifier: Apache-2.0
"""Random policies and requests, and the requests of a small world: what the engine and the oracle are asked.

The policies are small and their words few: only then do rows, people and requests meet. Most requests are good ones
with one or two things changed.
"""
import itertools

import authority_oracle as oracle

HAZARDS = ["11B03", "11B21", "11A01", "12D01"]
HAZARD_PATTERNS = ["11B*", "11B", "11*", "1*", "*", "11B03", "12D*", "11A01*", "12D01"]
AREAS = ["120000", "120100", "120101", "120116", "120116001", "120116001000", "120116000", "120116000000",
         "120000000000", "120101002003", "130000", "120116001005", "120116100", "000000"]
AREA_PATTERNS = ["12*", "120000", "120000*", "120100", "1201*", "120116", "120116*", "120116001", "120116001000",
                 "120116000000", "120101", "12", "*", "1", "1200*", "130000", "12011*", "1201160*", "120116001005*"]
CHANNELS = ["mqtt", "sms", "weibo", "wecom", "manual", "website"]
LEVELS = ["red", "orange", "none", "I", "II", "blue"]
KINDS = ["warning", "fact", "response"]
ACTS = ["publish", "update", "cancel", "correct"]
UNITS = ["ua", "ub", "uc", "ud"]
SOURCES = ["feed-a", "feed-b"]
OFFICERS = ["o%d" % i for i in range(12)]
PEOPLE = ["p1", "p2", "p3"]
DAYS = ["2026-01-01", "2026-11-23", "2026-11-24", "2027-01-01"]
MOMENTS = ["2026-11-23T09:00:00+08:00", "2026-11-23T00:00:00+08:00", "2026-11-22T23:59:59+08:00",
           "2026-11-23T23:30:00+08:00", "2026-11-23T16:00:00+00:00", "2026-06-01T05:59:59+08:00",
           "2026-06-01T06:00:00+08:00", "2025-12-31T16:00:00+00:00", "2027-03-01T22:00:00+08:00",
           "1969-12-31T23:00:00+08:00", "2026-11-21T05:30:00+08:00"]
HOURS = ["22:00-06:00", "06:00-22:00", "00:00-24:00", "09:00-09:01", "23:59-00:00"]
TURN_HOURS = HOURS[:3] + ["22:00-06:00", "20:00-09:30", "09:00-08:59", "23:30-23:29"]
BOUNDS = DAYS + ["2026-11-23T09:00:00+08:00", "2026-11-22T16:00:00+00:00", "2026-11-23T23:30:00+08:00"]


def some(rnd, items, most=3):
    return rnd.sample(items, rnd.randint(1, min(most, len(items))))


def maybe(rnd, row, key, chance, make):
    if rnd.random() < chance:
        row[key] = make()


def wide(rnd, words, chance=0.5):
    """A list that covers a lot, or some of the words."""
    return list(words) if rnd.random() < chance else some(rnd, words)


def random_grant(rnd, units=tuple(UNITS)):
    role = rnd.choice(["handle", "handle", "charge", "behalf", "behalf"])
    unit = rnd.choice(units)
    row = {"unit": unit, "role": role, "basis": "basis %d" % rnd.randrange(10 ** 6)}
    if role == "behalf":
        row["of"] = rnd.choice([u for u in units if u != unit])
    maybe(rnd, row, "acts", 0.95, lambda: wide(rnd, ACTS))
    maybe(rnd, row, "kinds", 0.5, lambda: wide(rnd, KINDS))
    maybe(rnd, row, "hazards", 0.97, lambda: some(rnd, HAZARD_PATTERNS))
    maybe(rnd, row, "levels", 0.95, lambda: wide(rnd, LEVELS))
    maybe(rnd, row, "areas", 0.97, lambda: some(rnd, AREA_PATTERNS))
    maybe(rnd, row, "channels", 0.95, lambda: ["*"] if rnd.random() < 0.6 else some(rnd, CHANNELS, 5))
    if rnd.random() < 0.3:
        days = sorted(rnd.sample(DAYS, 2))
        maybe(rnd, row, "from", 0.7, lambda: days[0])
        maybe(rnd, row, "until", 0.7, lambda: days[1])
    return row


def random_forbid(rnd, units=tuple(UNITS)):
    row = {"basis": "law %d" % rnd.randrange(10 ** 6)}
    maybe(rnd, row, "unless_unit", 0.9, lambda: rnd.choice(units))
    maybe(rnd, row, "acts", 0.3, lambda: some(rnd, ACTS))
    maybe(rnd, row, "kinds", 0.5, lambda: some(rnd, KINDS))
    maybe(rnd, row, "hazards", 0.8, lambda: some(rnd, HAZARD_PATTERNS[:2] + HAZARD_PATTERNS[5:], 2))
    maybe(rnd, row, "levels", 0.4, lambda: some(rnd, LEVELS))
    maybe(rnd, row, "areas", 0.5, lambda: some(rnd, AREA_PATTERNS[3:11], 2))
    maybe(rnd, row, "channels", 0.3, lambda: some(rnd, CHANNELS, 2))
    return row


def random_relay(rnd, units=tuple(UNITS)):
    row = {"source": rnd.choice(SOURCES), "unit": rnd.choice(units)}
    maybe(rnd, row, "basis", 0.7, lambda: "relay %d" % rnd.randrange(10 ** 6))
    maybe(rnd, row, "kinds", 0.4, lambda: some(rnd, KINDS))
    maybe(rnd, row, "hazards", 0.95, lambda: some(rnd, HAZARD_PATTERNS))
    maybe(rnd, row, "areas", 0.95, lambda: some(rnd, AREA_PATTERNS))
    maybe(rnd, row, "auto", 0.95, lambda: wide(rnd, LEVELS))
    maybe(rnd, row, "channels", 0.4, lambda: some(rnd, CHANNELS, 5))
    return row


def random_signoff(rnd):
    row = {"levels": wide(rnd, LEVELS, 0.7), "reviews": str(rnd.choice([0, 1, 1, 2])), "signs": str(rnd.choice([1, 1, 2]))}
    maybe(rnd, row, "hours", 0.4, lambda: rnd.choice(HOURS))
    return row


def random_turn(rnd, officers, officer):
    """A row of the roster that holds at many moments."""
    row = {"unit": officer["unit"], "officer": officer["id"], "steps": wide(rnd, ["review", "sign"], 0.8)}
    maybe(rnd, row, "deputy", 0.5, lambda: rnd.choice([o["id"] for o in officers if o["unit"] == officer["unit"]]))
    maybe(rnd, row, "hours", 0.5, lambda: rnd.choice(TURN_HOURS))
    maybe(rnd, row, "days", 0.5, lambda: rnd.sample(oracle.WEEKDAYS, rnd.randint(2, 6)))
    if rnd.random() < 0.2:
        bounds = sorted(rnd.sample(BOUNDS, 2), key=oracle.bound)
        if oracle.bound(bounds[0]) < oracle.bound(bounds[1]):
            maybe(rnd, row, "from", 0.7, lambda: bounds[0])
            maybe(rnd, row, "until", 0.7, lambda: bounds[1])
    return row


def lets_somebody(policy, step):
    """Is anybody who could take the step on the roster for it? Without, a policy that binds it does not load."""
    able = {o["id"] for o in policy["officers"] if oracle.active(o) and step in (o.get("duties") or [])}
    return any(step in row["steps"] and {row["officer"], row.get("deputy")} & able for row in policy["roster"])


def put_roster(rnd, policy):
    people = policy["officers"]
    policy["roster"] = [random_turn(rnd, people, o) for o in people if rnd.random() < 0.6]
    policy["roster"].append({"unit": people[0]["unit"], "officer": people[0]["id"], "steps": ["release", "report"]})
    if rnd.random() < 0.9:
        policy["sign_by_roster"] = rnd.choice(["yes", "yes", "yes", "yes", "no"])
    rows = policy.get("signoff", []) + ([policy["urgent"]] if "urgent" in policy else [])
    needed = ["sign", "review"] if any(int(row["reviews"]) for row in rows) else ["sign"]
    if not all(lets_somebody(policy, step) for step in needed):
        policy.pop("sign_by_roster", None)


def random_officer(rnd, name):
    row = {"id": name, "unit": rnd.choice(UNITS[:3])}
    # An administrator has no part in publishing, so no account that may be theirs too.
    if rnd.random() < 0.05:
        return {**row, "person": "admin of " + name, "duties": [rnd.choice(["admin", "accounts", "audit"])]}
    duties = [d for d in ["draft", "review", "sign", "publish"] if rnd.random() < 0.75]
    if duties or rnd.random() < 0.5:
        row["duties"] = duties
    maybe(rnd, row, "active", 0.2, lambda: rnd.choice(["true", "false"]))
    maybe(rnd, row, "person", 0.2, lambda: rnd.choice(PEOPLE + OFFICERS))
    return row


def random_policy(rnd):
    units = [{"id": u, "name": "unit " + u} for u in UNITS]
    for i, unit in enumerate(units[1:], 1):
        maybe(rnd, unit, "superior", 0.6, lambda i=i: UNITS[rnd.randrange(i)])
    policy = {"version": "1", "units": units, "officers": [random_officer(rnd, o) for o in OFFICERS]}
    maybe(rnd, policy, "grants", 0.97, lambda: [random_grant(rnd) for _ in range(rnd.randint(1, 9))])
    maybe(rnd, policy, "forbids", 0.6, lambda: [random_forbid(rnd) for _ in range(rnd.randint(1, 2))])
    maybe(rnd, policy, "signoff", 0.95, lambda: [random_signoff(rnd) for _ in range(rnd.randint(1, 3))])
    if rnd.random() < 0.7:
        policy["urgent"] = {"levels": wide(rnd, LEVELS), "reviews": str(rnd.choice([0, 0, 1])), "signs": "1",
                            "report_within": "PT24H"}
    maybe(rnd, policy, "relays", 0.8, lambda: [random_relay(rnd) for _ in range(rnd.randint(1, 4))])
    maybe(rnd, policy, "approvals_within", 0.8, lambda: rnd.choice(["P30D", "P30D", "P30D", "P3D", "P1D", "PT15H", "PT10M"]))
    if rnd.random() < 0.5:
        put_roster(rnd, policy)
    return policy


def with_duty(rnd, policy, unit, duty):
    able = [o["id"] for o in policy["officers"]
            if duty in o.get("duties", []) and o.get("active", "true") == "true" and (not unit or o["unit"] == unit)]
    return rnd.choice(able or OFFICERS)


def fitting_area(rnd, pattern):
    fitting = [a for a in AREAS if oracle.division_covers(pattern, a)]
    return rnd.choice(fitting or AREAS)


def time_on_duty(rnd, policy, officer, step, at):
    """A moment at which the roster has this officer, as far as there is one; mostly one that counts still at `at`."""
    on_duty = [m for m in MOMENTS if oracle.on_the_roster(policy, officer, step, oracle.milliseconds(m))] or MOMENTS
    within = oracle.duration(policy.get("approvals_within", "P1D"))
    fresh = [m for m in on_duty if oracle.milliseconds(at) - oracle.milliseconds(m) <= within]
    return rnd.choice(fresh if fresh and rnd.random() < 0.8 else on_duty)


def good_request(rnd, policy):
    """Made to fit some row, as far as that is to be had."""
    grant = rnd.choice(policy.get("grants") or [random_grant(rnd)])
    unit = grant["unit"]
    hazards = [h for h in HAZARDS if any(oracle.hazard_covers(p, h) for p in grant.get("hazards", []))]
    level = rnd.choice(grant.get("levels") or LEVELS)
    people = {with_duty(rnd, policy, unit, "sign") for _ in range(2)}
    request = {
        "officer": with_duty(rnd, policy, unit, "publish"),
        "verb": rnd.choice(grant.get("acts") or ACTS),
        "kind": rnd.choice(grant.get("kinds", ["warning"])),
        "hazard": rnd.choice(hazards or HAZARDS),
        "level": level,
        "areas": [fitting_area(rnd, rnd.choice(grant.get("areas") or ["12*"])) for _ in range(rnd.randint(1, 2))],
        "channels": some(rnd, CHANNELS if grant.get("channels") in (None, ["*"]) else grant["channels"]),
        "incident": None,
        "status": "Actual",
        "disclosure": "proactive",
        "screening": "reviewed",
        "procedure": "normal",
        "drafter": rnd.choice(OFFICERS),
        "reviews": sorted({with_duty(rnd, policy, unit, "review") for _ in range(2)} - people),
        "signs": sorted(people),
        "at": rnd.choice(MOMENTS),
    }
    if rnd.random() < 0.4:
        request["incident"] = {"id": "i-1", "handler": grant.get("of", unit)}
    for name, people, step in [("review_times", "reviews", "review"), ("sign_times", "signs", "sign")]:
        maybe(rnd, request, name, 0.7, lambda step=step, people=people: [
            time_on_duty(rnd, policy, officer, step, request["at"]) for officer in request[people]])
    maybe(rnd, request, "earlier", 0.2, lambda: some(rnd, OFFICERS + ["nobody"], 2))
    maybe(rnd, request, "released", 0.1, lambda: rnd.choice(MOMENTS))
    if rnd.random() < 0.25:
        request["procedure"] = "urgent"
    if rnd.random() < 0.2:
        make_relay(rnd, policy, request)
    return request


def make_relay(rnd, policy, request):
    row = rnd.choice(policy.get("relays") or [random_relay(rnd)])
    hazards = [h for h in HAZARDS if any(oracle.hazard_covers(p, h) for p in row.get("hazards", []))]
    request.update(procedure="relay", officer=None, source=row["source"], hazard=rnd.choice(hazards or HAZARDS),
                   kind=rnd.choice(row.get("kinds", ["warning"])), level=rnd.choice(row.get("auto") or LEVELS),
                   areas=[fitting_area(rnd, rnd.choice(row.get("areas") or ["12*"]))],
                   channels=some(rnd, row.get("channels") or CHANNELS), screening=rnd.choice(oracle.SCREENINGS),
                   reviews=[], signs=[])
    for name in ["review_times", "sign_times"]:
        request.pop(name, None)
    request["drafter"] = rnd.choice([None, None, "o1", "nobody"])


def any_incident(rnd):
    return rnd.choice([None, {"id": "i-1", "handler": rnd.choice(UNITS)}, {"id": "i-2", "handler": None},
                       {"id": "i-3", "handler": "nowhere"}, {"handler": "ua"}, {"id": 5, "handler": "ua"}, "i-4", {},
                       {"id": "i-5"}, {"id": "i-6", "handler": "ua", "extra": "x"}])


def any_people(rnd, least=0):
    return [rnd.choice(OFFICERS + ["nobody"]) for _ in range(rnd.randint(least, 3))]


BROKEN = ["", "purple", 5, True, [], {}, ["x"], "11b03", "1201", "12011a", "\0", "2026-11-23", "2026-02-29T00:00:00+08:00",
          "2026-11-23T09:00:00+15:00", "２０２６-11-23T09:00:00+08:00", None, "12", "１２０１１６", "o1 "]

CHANGES = {
    "officer": lambda rnd: rnd.choice(OFFICERS + ["nobody", None]),
    "verb": lambda rnd: rnd.choice(ACTS),
    "kind": lambda rnd: rnd.choice(KINDS + ["notice"]),
    "hazard": lambda rnd: rnd.choice(HAZARDS),
    "level": lambda rnd: rnd.choice(oracle.LEVELS),
    "areas": lambda rnd: some(rnd, AREAS),
    "channels": lambda rnd: some(rnd, oracle.CHANNELS),
    "incident": any_incident,
    "status": lambda rnd: rnd.choice(oracle.STATUSES),
    "disclosure": lambda rnd: rnd.choice(oracle.DISCLOSURES),
    "screening": lambda rnd: rnd.choice(oracle.SCREENINGS),
    "procedure": lambda rnd: rnd.choice(oracle.PROCEDURES),
    "drafter": lambda rnd: rnd.choice(OFFICERS + ["nobody", None]),
    "reviews": any_people,
    "signs": any_people,
    "earlier": any_people,
    "review_times": lambda rnd: [rnd.choice(MOMENTS) for _ in range(rnd.randint(0, 2))],
    "sign_times": lambda rnd: [rnd.choice(MOMENTS) for _ in range(rnd.randint(0, 2))],
    "released": lambda rnd: rnd.choice(MOMENTS + ["1970-01-01T00:00:00+00:00", None]),
    "at": lambda rnd: rnd.choice(MOMENTS),
    "chain": lambda rnd: rnd.choice(UNITS + ["nowhere", None]),
    "expires": lambda rnd: rnd.choice(MOMENTS + ["1970-01-01T00:00:00+00:00", None]),
    "source": lambda rnd: rnd.choice(SOURCES + ["feed-x", None]),
}
CHANGED = list(CHANGES)


def random_request(rnd, request):
    """A good one with a few things changed."""
    request = dict(request)
    if rnd.random() < 0.5:
        request["chain"] = rnd.choice(UNITS)
    for _ in range(rnd.choice([0, 0, 0, 1, 1, 1, 2, 3])):
        name = rnd.choice(CHANGED)
        request[name] = CHANGES[name](rnd)
        # One more or less would hardly ever be understood.
        if name in ["reviews", "signs"] and rnd.random() < 0.8:
            request.pop({"reviews": "review_times", "signs": "sign_times"}[name], None)
    if rnd.random() < 0.03:
        request[rnd.choice(CHANGED + ["extra", "to"])] = rnd.choice(BROKEN)
    if rnd.random() < 0.02:
        request.pop(rnd.choice(list(request)))
    if rnd.random() < 0.1:
        make_incident(rnd, request)
    return request


def make_incident(rnd, request):
    request["verb"] = rnd.choice(oracle.INCIDENT_VERBS)
    request["incident"] = any_incident(rnd) if rnd.random() < 0.3 else {
        "id": "i-1", "handler": rnd.choice(UNITS + [None, None])}
    request["to"] = None if request["verb"] == "close" else rnd.choice(UNITS)
    if rnd.random() < 0.1:
        request["to"] = rnd.choice(UNITS + ["nowhere", None, 5])
    for name in ["kind", "level", "channels", "status", "signs"]:
        if rnd.random() < 0.5:
            request.pop(name, None)


def random_case(rnd, count=500):
    """A policy, a mode, and requests that suit both more or less: of every good one, some with things changed."""
    policy = random_policy(rnd)
    mode = rnd.choice(["live", "live", "live", "live", "exercise", "test"])
    requests = []
    while len(requests) < count:
        good = good_request(rnd, policy)
        if mode != "live" and rnd.random() < 0.8:
            good["status"] = {"exercise": "Exercise", "test": "Test"}[mode]
        requests += [random_request(rnd, good) for _ in range(5)]
    return policy, mode, requests


SMALL_UNITS = ["ua", "ub"]
SMALL_AREAS = ["120000", "120116", "120116001"]
SMALL_LEVELS = ["red", "orange", "I", "none"]
SMALL_HAZARDS = ["11B03", "11A01", "12D01"]


def small_policy(rnd):
    """Two units, each with people for everything; rows by chance."""
    duties = {"d": ["draft"], "r": ["review"], "s": ["sign"], "p": ["publish"]}
    policy = random_policy(rnd)
    policy["units"] = [{"id": "ua"}, {"id": "ub", "superior": "ua"}]
    policy["officers"] = [{"id": u + x, "unit": u, "duties": list(duties[x])} for u in SMALL_UNITS for x in duties]
    policy["grants"] = [random_grant(rnd, SMALL_UNITS) for _ in range(4)]
    policy["forbids"] = [random_forbid(rnd, SMALL_UNITS)]
    policy["relays"] = [random_relay(rnd, SMALL_UNITS) for _ in range(2)]
    if policy.pop("roster", None):
        policy.pop("sign_by_roster", None)
        put_roster(rnd, policy)
    return policy


def small_requests():
    """All of them: units, areas, levels, hazards, verbs, status, procedure, screening, disclosure."""
    for unit, area, level, hazard, verb, status, procedure, screening, disclosure in itertools.product(
            SMALL_UNITS, SMALL_AREAS, SMALL_LEVELS, SMALL_HAZARDS, ACTS + oracle.INCIDENT_VERBS, oracle.STATUSES,
            oracle.PROCEDURES, oracle.SCREENINGS, oracle.DISCLOSURES):
        about_incident = verb in oracle.INCIDENT_VERBS
        relay = procedure == "relay" and not about_incident
        request = {"officer": None if relay else unit + "p", "verb": verb, "kind": "warning", "hazard": hazard,
                   "level": level, "areas": [area], "channels": ["mqtt", "wecom"], "incident": None, "status": status,
                   "disclosure": disclosure, "screening": screening, "procedure": procedure, "drafter": unit + "d",
                   "reviews": [unit + "r"], "signs": [unit + "s"], "at": MOMENTS[0], "chain": "ub",
                   "source": "feed-a" if unit == "ua" else "feed-b"}
        if about_incident:
            # Who handles it and whom it goes to follow from words that do not count here, so that all pairs occur.
            request["incident"] = {"id": "i-1", "handler": [None, "ua", "ub"][oracle.PROCEDURES.index(procedure)]}
            request["to"] = None if verb == "close" else SMALL_UNITS[oracle.SCREENINGS.index(screening) % 2]
        yield request
