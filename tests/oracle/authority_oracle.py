# SPDX-License-Identifier: Apache-2.0
"""The rule of docs/AUTHORITY.md a second time: naive, slow, written from that page alone.

Knows nothing of the C code. decide(policy, request, mode) gives {"permit", "rule", "basis", "failed"},
`failed` being the set of conditions that failed in the reading the page says is explained.
Run alone it answers JSON lines like `tocsin decide`: authority_oracle.py POLICY [MODE] < requests.
"""
import datetime
import functools
import json
import re
import sys

try:
    import yaml
except ImportError:
    print("SKIPPED: python3-yaml is not installed, the rule is NOT compared with the oracle", file=sys.stderr)
    sys.exit(77)

KINDS = ["warning", "advisory", "fact", "measure", "result", "response", "clarification", "loss", "report", "notice"]
LEVELS = ["red", "orange", "yellow", "blue", "I", "II", "III", "IV", "none"]
VERBS = ["publish", "update", "cancel", "correct"]
INCIDENT_VERBS = ["assign", "handover", "close"]
CHANNELS = ["mqtt", "website", "sms", "weibo", "wechat", "wecom", "dingtalk", "feishu", "webhook", "national",
            "carrier-area", "loudspeaker", "manual"]
NOT_PUBLIC = ["wecom", "dingtalk", "feishu", "webhook", "manual"]
STATUSES = ["Actual", "Exercise", "System", "Test", "Draft"]
DISCLOSURES = ["proactive", "on-request", "withheld"]
SCREENINGS = ["reviewed", "held", "overridden", "none"]
PROCEDURES = ["normal", "urgent", "relay"]
MEMBERS = ["officer", "verb", "kind", "hazard", "level", "areas", "channels", "incident", "status", "disclosure",
           "screening", "procedure", "drafter", "earlier", "reviews", "signs", "review_times", "sign_times", "at", "chain",
           "expires", "released", "source", "to"]
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Malformed(Exception):
    pass


# --- section 2: codes and patterns -------------------------------------------------------------------------

@functools.lru_cache(maxsize=10000)
def what_is_left(code):
    """Of a division code or pattern."""
    if code.endswith("*"):
        code = code[:-1]
    if len(code) == 12 and code.endswith("000"):
        code = code[:9]
    if len(code) == 9 and code.endswith("000"):
        code = code[:6]
    if len(code) == 6:
        while code.endswith("00"):
            code = code[:-2]
    return code


def division_covers(pattern, code):
    return what_is_left(code).startswith(what_is_left(pattern))


def touch(one, other):
    return division_covers(one, other) or division_covers(other, one)


def hazard_covers(pattern, code):
    return code.startswith(pattern.rstrip("*"))


def channel_covers(pattern, channel):
    return pattern == "*" or pattern == channel


@functools.lru_cache(maxsize=10000)
def day(text):
    """Milliseconds of the start of that day at +08:00."""
    date = datetime.date.fromisoformat(text)
    return ((date - datetime.date(1970, 1, 1)).days * 24 - 8) * 3600 * 1000


def in_force(row, at):
    if row.get("from") is not None and at < day(row["from"]):
        return False
    if row.get("until") is not None and at >= day(row["until"]):
        return False
    return True


def over(row, hazard, areas):
    return (any(hazard_covers(p, hazard) for p in row.get("hazards") or [])
            and all(any(division_covers(p, a) for p in row.get("areas") or []) for a in areas))


def act_of(verb):
    return "update" if verb == "correct" else verb


def kinds_of(row):
    return ["warning"] if row.get("kinds") is None else row["kinds"]


def covers(row, request, at):
    return (act_of(request["verb"]) in (row.get("acts") or [])
            and request["kind"] in kinds_of(row)
            and request["level"] in (row.get("levels") or [])
            and over(row, request["hazard"], request["areas"])
            and all(any(channel_covers(p, c) for p in row.get("channels") or []) for c in request["channels"])
            and in_force(row, at))


def relay_covers(row, request):
    channels = row.get("channels")
    return (request["kind"] in kinds_of(row)
            and request["level"] in (row.get("auto") or [])
            and over(row, request["hazard"], request["areas"])
            and (channels is None
                 or all(any(channel_covers(p, c) for p in channels) for c in request["channels"])))


# --- section 1: the request ---------------------------------------------------------------------------------

def text(request, name, needed=False):
    value = request.get(name)
    if value is None and not needed:
        return None
    if not isinstance(value, str) or "\0" in value:
        raise Malformed(name)
    return value


def word(request, name, words):
    value = text(request, name, True)
    if value not in words:
        raise Malformed(name)
    return value


@functools.lru_cache(maxsize=10000)
def milliseconds(value):
    """Since 1970, of `2026-11-23T09:00:00+08:00`; None when it is no such moment."""
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)([+-])(\d\d):(\d\d)", value, re.ASCII)
    if not match:
        return None
    offset = int(match[8]) * 60 + int(match[9])
    if int(match[9]) > 59 or offset > 14 * 60:
        return None
    try:
        since = datetime.datetime(*(int(match[i]) for i in range(1, 7))) - datetime.datetime(1970, 1, 1)
    except ValueError:
        return None
    seconds = since.days * 86400 + since.seconds
    return (seconds - (offset if match[7] == "+" else -offset) * 60) * 1000


def moment(request, name, needed):
    value = text(request, name, needed)
    if value is None:
        return None
    when = milliseconds(value)
    if when is None:
        raise Malformed(name)
    return when


def texts(request, name, needed, most):
    if name not in request and not needed:
        return []
    value = request.get(name)
    if not isinstance(value, list) or len(value) > most or (needed and not value):
        raise Malformed(name)
    for item in value:
        if not isinstance(item, str) or "\0" in item:
            raise Malformed(name)
    return value


def times_of(request, name, people):
    """When each of those people put their name to it; None when the request does not say."""
    if name not in request:
        return None
    times = [milliseconds(value) for value in texts(request, name, False, 64)]
    if None in times or len(times) != len(people):
        raise Malformed(name)
    return times


def areas_of(request):
    areas = texts(request, "areas", True, 10000)
    for area in areas:
        if not re.fullmatch(r"\d{6}|\d{9}|\d{12}", area, re.ASCII):
            raise Malformed("areas")
    return areas


def channels_of(request, needed):
    channels = texts(request, "channels", needed, 64)
    for channel in channels:
        if channel not in CHANNELS:
            raise Malformed("channels")
    return channels


def hazard_of(request):
    hazard = text(request, "hazard", True)
    if not re.fullmatch(r"[0-9A-Z]{5}", hazard):
        raise Malformed("hazard")
    return hazard


def incident_of(request):
    value = request.get("incident")
    if value is None:
        return None
    if not isinstance(value, dict) or set(value) - {"id", "handler"}:
        raise Malformed("incident")
    return {"id": text(value, "id", True), "handler": text(value, "handler")}


def understand(request):
    for name in request:
        if name not in MEMBERS:
            raise Malformed(name)
    read = {
        "officer": text(request, "officer"),
        "verb": word(request, "verb", VERBS),
        "kind": word(request, "kind", KINDS),
        "hazard": hazard_of(request),
        "level": word(request, "level", LEVELS),
        "areas": areas_of(request),
        "channels": channels_of(request, True),
        "incident": incident_of(request),
        "status": word(request, "status", STATUSES),
        "disclosure": word(request, "disclosure", DISCLOSURES),
        "screening": word(request, "screening", SCREENINGS),
        "procedure": word(request, "procedure", PROCEDURES),
        "drafter": text(request, "drafter"),
        "earlier": texts(request, "earlier", False, 64),
        "reviews": texts(request, "reviews", False, 64),
        "signs": texts(request, "signs", False, 64),
        "at": moment(request, "at", True),
        "chain": text(request, "chain"),
        "expires": moment(request, "expires", False),
        "released": moment(request, "released", False),
        "source": text(request, "source"),
    }
    for name, people in [("review_times", "reviews"), ("sign_times", "signs")]:
        times = times_of(request, name, read[people])
        read[name] = [read["at"]] * len(read[people]) if times is None else times
    if text(request, "to") is not None:
        raise Malformed("to")
    return read


# --- section 3: the nine conditions --------------------------------------------------------------------------

def find(rows, name):
    for row in rows or []:
        if row["id"] == name:
            return row
    return None


def above(policy, upper, lower):
    """Does unit `upper` stand anywhere above unit `lower`?"""
    unit = find(policy["units"], lower)
    while unit is not None and unit.get("superior") is not None:
        if unit["superior"] == upper:
            return True
        unit = find(policy["units"], unit["superior"])
    return False


def active(officer):
    return officer.get("active", "true") == "true"


def person(officer):
    return officer.get("person") or officer["id"]


def grants_of(policy, unit, roles):
    return [(i, row) for i, row in enumerate(policy.get("grants") or [])
            if row["unit"] == unit and row["role"] in roles]


def handles_such(policy, unit, request):
    return any(in_force(row, request["at"]) and over(row, request["hazard"], request["areas"])
               for _, row in grants_of(policy, unit, ["handle", "charge"]))


def readings(policy, request, officer):
    if request["procedure"] == "relay":
        rows = [(i, row) for i, row in enumerate(policy.get("relays") or []) if row["source"] == request["source"]]
        return [{"acting": row["unit"], "relay": (i, row)} for i, row in rows] or [{"acting": None, "relay": None}]
    own = officer["unit"] if officer else None
    result = [{"acting": own}]
    for i, row in grants_of(policy, own, ["behalf"]):
        if request["incident"] is None or request["incident"]["handler"] == row["of"]:
            result.append({"acting": row["of"], "behalf": (i, row)})
    return result


def names_exist(policy, request):
    if request["procedure"] == "relay":
        if request["officer"] is not None:
            return False
    elif request["drafter"] is None or find(policy["officers"], request["drafter"]) is None:
        return False
    units = [request["chain"]]
    if request["incident"] is not None:
        units.append(request["incident"]["handler"])
    return all(unit is None or find(policy["units"], unit) is not None for unit in units)


def condition_2(policy, request, officer, reading):
    acting = reading["acting"]
    if acting is None:
        return False
    incident = request["incident"]
    if "behalf" in reading:
        row = reading["behalf"][1]
        if not in_force(row, request["at"]):
            return False
        return incident["handler"] == row["of"] if incident else handles_such(policy, row["of"], request)
    if (request["verb"] in ["cancel", "correct"] and request["chain"] is not None
            and above(policy, officer["unit"], request["chain"]) and handles_such(policy, acting, request)):
        return True
    return incident["handler"] == acting if incident else handles_such(policy, acting, request)


def condition_3(policy, request, reading):
    """The row that covers, as (rule, basis), or None."""
    if request["procedure"] == "relay":
        if reading["relay"] is None or not relay_covers(reading["relay"][1], request):
            return None
        return "relays[%d]" % reading["relay"][0], reading["relay"][1].get("basis")
    covering = [("grants[%d]" % i, row["basis"])
                for i, row in grants_of(policy, reading["acting"], ["handle", "charge"])
                if covers(row, request, request["at"])]
    if not covering:
        return None
    if "behalf" in reading:
        i, row = reading["behalf"]
        return ("grants[%d]" % i, row["basis"]) if covers(row, request, request["at"]) else None
    return covering[0]


def forbid_acts(row):
    acts = row["acts"]
    return acts + ["correct"] if "update" in acts else acts


def matches(row, request, unit):
    if row.get("unless_unit") is not None and row["unless_unit"] == unit:
        return False
    if row.get("acts") is not None and request["verb"] not in forbid_acts(row):
        return False
    if row.get("kinds") is not None and request["kind"] not in row["kinds"]:
        return False
    if row.get("levels") is not None and request["level"] not in row["levels"]:
        return False
    if row.get("hazards") is not None and not any(hazard_covers(p, request["hazard"]) for p in row["hazards"]):
        return False
    if row.get("areas") is not None and not any(touch(p, a) for p in row["areas"] for a in request["areas"]):
        return False
    if row.get("channels") is not None and not any(
            channel_covers(p, c) for p in row["channels"] for c in request["channels"]):
        return False
    return True


@functools.lru_cache(maxsize=10000)
def clock_at(at):
    """24 hours and minutes, at +08:00."""
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=at, hours=8)).strftime("%H:%M")


def hours_hold(row, at):
    if row.get("hours") is None:
        return True
    start, end = row["hours"].split("-")
    clock = clock_at(at)
    if start < end:
        return start <= clock < end
    return clock >= start or clock < end


def signoff_row(policy, request):
    if request["procedure"] == "urgent":
        row = policy.get("urgent")
        return row if row and request["level"] in row["levels"] else None
    at = request["at"] if request["released"] is None else request["released"]
    for row in policy.get("signoff") or []:
        if request["level"] in row["levels"] and hours_hold(row, at):
            return row
    return None


def bound(text):
    """A day means its beginning."""
    return day(text) if len(text) == 10 else milliseconds(text)


def turn_began(row, at):
    """The weekday."""
    date = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=at, hours=8)
    if row.get("hours") is not None:
        start, end = row["hours"].split("-")
        if start > end and clock_at(at) < end:
            date -= datetime.timedelta(days=1)
    return WEEKDAYS[date.weekday()]


def on_the_roster(policy, officer, step, at):
    for row in policy.get("roster") or []:
        if officer not in [row["officer"], row.get("deputy")] or step not in row["steps"]:
            continue
        if row.get("from") is not None and at < bound(row["from"]):
            continue
        if row.get("until") is not None and at >= bound(row["until"]):
            continue
        if hours_hold(row, at) and (row.get("days") is None or turn_began(row, at) in row["days"]):
            return True
    return False


def roster_holds(policy, request):
    if policy.get("sign_by_roster", "no") != "yes" or request["released"] is not None:
        return True
    return all(on_the_roster(policy, officer, step, at)
               for step, names, times in [("review", "reviews", "review_times"), ("sign", "signs", "sign_times")]
               for officer, at in zip(request[names], request[times]))


def duration(text):
    """P1D, PT15H, PT10M -> milliseconds"""
    number, unit = int(re.search(r"\d+", text).group()), text[-1]
    return number * {"D": 86400, "H": 3600, "M": 60}[unit] * 1000


def approvals_count(policy, request):
    """Of what is sent, not of what was: each made within the time the policy gives, 24 h where it says nothing."""
    within = duration(policy.get("approvals_within", "P1D"))
    return request["released"] is not None or all(
        request["at"] - made <= within for made in request["review_times"] + request["sign_times"])


def condition_5(policy, request, officer, reading):
    row = signoff_row(policy, request)
    if row is None:
        return False
    if len(request["reviews"]) < int(row["reviews"]) or len(request["signs"]) < int(row["signs"]):
        return False
    units = [officer["unit"] if officer else None, reading["acting"]]
    people = []
    for duty, names in [("review", request["reviews"]), ("sign", request["signs"])]:
        for name in names:
            one = find(policy["officers"], name)
            if one is None or not active(one) or duty not in (one.get("duties") or []) or one["unit"] not in units:
                return False
            people.append(person(one))
    if len(set(people)) != len(people):
        return False
    for name in [request["drafter"]] + request["earlier"]:
        drafter = find(policy["officers"], name)
        if drafter is not None and person(drafter) in people:
            return False
    return approvals_count(policy, request) and roster_holds(policy, request)


def condition_9(policy, request, reading):
    if request["expires"] is not None and request["at"] >= request["expires"]:
        return False
    if request["verb"] == "publish" or request["chain"] is None:
        return True
    acting = reading["acting"]
    return acting is not None and (acting == request["chain"] or above(policy, acting, request["chain"]))


def judge(policy, request, mode, officer, reading):
    """(the set of failed conditions, the row that covers)"""
    relay = request["procedure"] == "relay"
    one_is_enough = request["verb"] in ["cancel", "correct"]
    failed = set()
    if not names_exist(policy, request):
        failed.add(0)
    if not relay and not (officer and active(officer) and "publish" in (officer.get("duties") or [])):
        failed.add(1)
    if not relay and not condition_2(policy, request, officer, reading):
        failed.add(2)
    row = condition_3(policy, request, reading)
    if row is None:
        failed.add(3)
    if any(matches(forbid, request, reading["acting"]) for forbid in policy.get("forbids") or []):
        failed.add(4)
    if not relay and not one_is_enough and not condition_5(policy, request, officer, reading):
        failed.add(5)
    if not one_is_enough:
        good = ["reviewed", "overridden", "none"] if relay else ["reviewed", "overridden"]
        if request["screening"] not in good:
            failed.add(6)
    if request["disclosure"] != "proactive" and any(c not in NOT_PUBLIC for c in request["channels"]):
        failed.add(7)
    if request["status"] != {"live": "Actual", "exercise": "Exercise", "test": "Test"}[mode]:
        failed.add(8)
    if not condition_9(policy, request, reading):
        failed.add(9)
    return failed, row


def decide_publication(policy, raw, mode):
    request = understand(raw)
    officer = find(policy["officers"], request["officer"]) if request["procedure"] != "relay" else None
    best = None
    for reading in readings(policy, request, officer):
        failed, row = judge(policy, request, mode, officer, reading)
        if not failed:
            return {"permit": True, "rule": row[0], "basis": row[1], "failed": failed}
        if best is None or len(failed) < len(best):
            best = failed
    return {"permit": False, "rule": None, "basis": None, "failed": best}


# --- section 4: incidents ------------------------------------------------------------------------------------

def forbids_handling(row, to, kind, level, channels, hazard, areas):
    if row.get("acts") is not None or row.get("unless_unit") == to:
        return False
    if row.get("kinds") is not None and kind is not None and kind not in row["kinds"]:
        return False
    if row.get("levels") is not None and level is not None and level not in row["levels"]:
        return False
    if row.get("channels") is not None and channels and not any(
            channel_covers(p, c) for p in row["channels"] for c in channels):
        return False
    if row.get("hazards") is not None and not any(hazard_covers(p, hazard) for p in row["hazards"]):
        return False
    return row.get("areas") is None or any(touch(p, a) for p in row["areas"] for a in areas)


def decide_incident(policy, raw):
    for name in raw:
        if name not in MEMBERS:
            raise Malformed(name)
    verb = word(raw, "verb", INCIDENT_VERBS)
    request = {"hazard": hazard_of(raw), "areas": areas_of(raw), "at": moment(raw, "at", True)}
    incident = incident_of(raw)
    to = text(raw, "to")
    channels = channels_of(raw, False) if "channels" in raw else []
    kind = word(raw, "kind", KINDS) if raw.get("kind") is not None else None
    level = word(raw, "level", LEVELS) if raw.get("level") is not None else None
    officer = find(policy["officers"], text(raw, "officer"))
    if incident is None or (to is None) != (verb == "close"):
        raise Malformed("incident, to")
    failed = set()
    unit = officer["unit"] if officer else None
    handler = incident["handler"]
    if not (officer and active(officer) and "publish" in (officer.get("duties") or [])):
        failed.add(1)
    if handler is None:
        if not handles_such(policy, unit, request):
            failed.add(2)
    elif find(policy["units"], handler) is None:
        failed.add(0)
    elif unit != handler and not above(policy, unit, handler):
        failed.add(2)
    if to is not None:
        if not handles_such(policy, to, request):
            failed.add(3)
        if any(forbids_handling(row, to, kind, level, channels, request["hazard"], request["areas"])
               for row in policy.get("forbids") or []):
            failed.add(4)
    return {"permit": not failed, "failed": failed}


def decide(policy, raw, mode="live"):
    try:
        if raw.get("verb") in INCIDENT_VERBS:
            return decide_incident(policy, raw)
        return decide_publication(policy, raw, mode)
    except Malformed:
        return {"permit": False, "rule": None, "basis": None, "failed": {0}}


def load(name):
    """Every scalar stays the text it is in the file."""
    with open(name, encoding="utf-8") as file:
        return without_nulls(yaml.load(file, Loader=yaml.BaseLoader))


def without_nulls(value):
    """`key:` with nothing behind it is an absent key."""
    if isinstance(value, dict):
        return {k: without_nulls(v) for k, v in value.items() if v not in ("", "~", "null")}
    if isinstance(value, list):
        return [without_nulls(v) for v in value]
    return value


def main():
    policy = load(sys.argv[1])
    mode = sys.argv[2] if len(sys.argv) > 2 else "live"
    for line in sys.stdin:
        answer = decide(policy, json.loads(line), mode)
        answer["failed"] = sorted(answer["failed"])
        print(json.dumps(answer, ensure_ascii=False))


if __name__ == "__main__":
    main()
