# SPDX-License-Identifier: Apache-2.0
"""Incidents: who handles them publishes on them. Assigned, handed over in the middle, closed; two at once; kill -9
between the steps; steps forged and replayed by a program in tocsind's place; acting on behalf in and out of term; and
what another issuer has in force."""
import concurrent.futures
import datetime
import hashlib
import json
import sqlite3
import urllib.parse

import pytest

from conftest import WatchedHouse, housed
from house import wait_for
from signer_peer import Proof, Request
from talk import call, hand_in
from test_10_in import REPORT, refused, report, soon
from test_20_people import denied, says, unsent

ALL = "publish, update, cancel"
HANDLE = "  - {unit: %s, role: handle, acts: [" + ALL + "], kinds: [warning, fact, measure, result], " \
    "hazards: [\"%s\"], levels: [red, orange, yellow, blue, none], areas: [\"%s\"], channels: [\"*\"], " \
    "basis: \"突发事件应对法 第六十四条\"}\n"
BEHALF = "  - {unit: tj-duty, role: behalf, of: tj-port, acts: [" + ALL + "], kinds: [warning, fact], hazards: [\"%s\"], " \
    "levels: [orange, yellow, blue, none], areas: [\"120116\"], channels: [\"*\"], from: %s, until: %s, " \
    "basis: \"代发协议（港口值班室）\"}\n"
# A city, two districts below it, a port beside them whose warnings the duty office issues while its own desk is empty.
# Storm surge (12E00 here: an environmental accident) is reserved to the city.
GRANTS = "grants:\n" + HANDLE % ("tj-emb", "12*", "12*") + HANDLE % ("tj-binhai", "12*", "120116") + \
    HANDLE % ("tj-heping", "12*", "120101") + HANDLE % ("tj-port", "12J*", "120116") + \
    BEHALF % ("12J01", "2020-01-01", "2199-01-01") + BEHALF % ("12J02", "2020-01-01", "2021-01-01")
POLICY = """\
version: 1
units:
  - {{id: tj-emb, name: 天津市应急管理局, code: "12000000100000", division: "120000"}}
  - {{id: tj-binhai, name: 滨海新区应急管理局, code: "12011600100000", division: "120116", superior: tj-emb}}
  - {{id: tj-heping, name: 和平区应急管理局, code: "12010100100000", division: "120101", superior: tj-emb}}
  - {{id: tj-port, name: 天津港处置单位, code: "12011600200000", division: "120116"}}
  - {{id: tj-duty, name: 市值班室, code: "12000000300000", division: "120000"}}
officers:
{officers}
""" + GRANTS.replace("{", "{{").replace("}", "}}") + """\
forbids:
  - {{unless_unit: tj-emb, hazards: ["12E*"], basis: "市突发环境事件应急预案"}}
signoff:
  - {{levels: [red, orange, yellow, blue, none], reviews: 1, signs: 1}}
"""


class Bureaus(WatchedHouse):
    units = {"tj-emb": None, "tj-binhai": None, "tj-heping": None, "tj-port": None, "tj-duty": None}
    rules = POLICY

    def make_policy(self, officer_lines):
        self.write("authority.yaml", self.rules.format(officers=officer_lines), 0o644)

    def status(self, ident, officer="emb-lead"):
        return super().status(ident, officer)


@pytest.fixture(scope="module")
def city():
    with housed(kind=Bureaus) as one:
        one.targets = ["mqtt", "webhook"]
        yield one


def opened(house, officer="binhai-draft", hazard="12D03", areas="120116", **more):
    """-> its id"""
    words = [word for name, value in more.items() for word in ("--" + name, value)]
    return house.tocsin(officer, "incident", "open", "--title", "滨海新区储罐泄漏", "--hazard", hazard, "--areas", areas,
                        *words).stdout.split()[0]


def step(house, officer, verb, incident, to=None, **more):
    words = ["--to", to] if to else []
    return house.tocsin(officer, "incident", verb, incident, *words,
                        *[word for name, value in more.items() for word in ("--" + name, value)]).stdout


def no_step(house, officer, verb, incident, to=None):
    return denied(house, officer, "incident", verb, incident, *(["--to", to] if to else []))


def incident(house, ident, officer="emb-lead"):
    return json.loads(house.tocsin(officer, "incident", "show", ident, "--json").stdout)


def assigned(house, unit="binhai", **more):
    ident = opened(house, unit + "-draft", **more)
    step(house, unit + "-lead", "assign", ident, "tj-" + unit)
    return ident


def told(unit, ident, **changes):
    """A fact of this unit on this incident."""
    return report(**{"unit": "tj-" + unit, "incident": ident, "targets": ["mqtt", "webhook"], "headline": None, **changes})


def drafted(house, unit, ident, **changes):
    return hand_in(house, unit + "-draft", told(unit, ident, **changes), REPORT).json["id"]


def submitted(house, unit, ident, **changes):
    return house.submit(unit + "-draft", told(unit, ident, **changes))


def walked(house, unit, ident, **changes):
    bulletin = submitted(house, unit, ident, **changes)
    house.approve(unit, bulletin)
    house.release(unit, bulletin)
    return bulletin


def delivered(house, bulletin):
    wait_for(lambda: all(d["state"] == "delivered" for d in house.status(bulletin)["deliveries"]), 20, bulletin)


def decisions(house, asked):
    """[(officer, permit, facts)] as the record has them."""
    record = sqlite3.connect("file:%s?mode=ro" % house.path("state", "record.db"), uri=True)
    try:
        rows = record.execute("SELECT officer, permit, facts FROM decision WHERE asked = ? ORDER BY id", (asked,)).fetchall()
    finally:
        record.close()
    return [(officer, bool(permit), json.loads(facts)) for officer, permit, facts in rows]


# --- from the first word to the close ---------------------------------------------------------------------------

def test_whole_life(city):
    """Opened, assigned, told about, handed from the district to the city, told about again, closed."""
    ident = opened(city)
    assert incident(city, ident)["handler"] is None
    # Nobody's yet: nobody publishes on it, and the sentence says what to do.
    lost = drafted(city, "binhai", ident)
    refused(city, call(city, "binhai-draft", "POST", "/api/v1/bulletins/%s/submit" % lost, b""), 403, "condition 2",
            "nobody handles incident", "tocsin incident open", "现无处置单位")
    step(city, "binhai-lead", "assign", ident, "tj-binhai", reason="属地先期处置")
    fact = walked(city, "binhai", ident)
    measure = walked(city, "binhai", ident, kind="measure")
    delivered(city, fact)
    # A second one is approved before the hand-over, and waits.
    waiting = submitted(city, "binhai", ident)
    city.approve("binhai", waiting)

    text = step(city, "emb-lead", "handover", ident, "tj-emb", reason="升级为市级处置")
    says(text, "handler tj-emb", "tj-binhai -> tj-emb", "升级为市级处置", "handover（移交）")
    text = denied(city, "binhai-lead", "release", waiting)
    says(text, "condition 2", "is handled by tj-emb; tj-binhai does not handle", "条件2", "不是其处置单位")
    unsent(city, waiting)
    late = drafted(city, "binhai", ident)
    refused(city, call(city, "binhai-draft", "POST", "/api/v1/bulletins/%s/submit" % late, b""), 403, "condition 2",
            "is handled by tj-emb")
    result = walked(city, "emb", ident, kind="result")
    # What the district had in force: the district may not end it any more, the new handler may.
    says(denied(city, "binhai-lead", "cancel", measure, "--reason", "有误"), "condition 2", "condition 9", "held by tj-emb")
    assert city.tocsin("emb-lead", "cancel", measure, "--reason", "措施有误").stdout.split()[1] == "released"

    shown = incident(city, ident)
    assert [(s["act"], s["from"], s["to"], s["officer"]) for s in shown["steps"]] == [
        ("assign", None, "tj-binhai", "binhai-lead"), ("handover", "tj-binhai", "tj-emb", "emb-lead")]
    assert {b["id"]: b["kind"] for b in shown["bulletins"]} == {
        lost: "fact", fact: "fact", measure: "measure", waiting: "fact", late: "fact", result: "result"} | {
        b["id"]: "measure" for b in shown["bulletins"] if b["verb"] == "cancel"}
    assert all(d["permit"] for d in shown["decisions"]) and len(shown["decisions"]) == 2

    says(step(city, "emb-lead", "close", ident), "closed（已终结）", "tj-emb -> -")
    after = drafted(city, "emb", ident)
    refused(city, call(city, "emb-draft", "POST", "/api/v1/bulletins/%s/submit" % after, b""), 403, "nobody handles incident")
    # But what it left in force its last handler still ends.
    assert city.tocsin("emb-lead", "cancel", result, "--reason", "结论有误").stdout.split()[1] == "released"
    # It flares up again: the same incident, assigned anew.
    step(city, "binhai-lead", "assign", ident, "tj-binhai", reason="复燃")
    walked(city, "binhai", ident)
    assert json.loads(city.tocsin("emb-lead", "incident", "show", ident, "--json").stdout)["state"] == "open"
    says(city.tocsin("emb-lead", "incident", "list").stdout, ident)
    says(city.tocsin("emb-audit-1", "audit", "verify").stdout, "whole")


def test_update_after_a_hand_over_between_equals(city):
    """The chain moves with its incident: neither the port nor the district stands above the other."""
    ident = assigned(city, "port", hazard="12J01")
    first = walked(city, "port", ident, hazard="12J01")
    delivered(city, first)
    step(city, "port-lead", "handover", ident, "tj-binhai")
    says(denied(city, "port-lead", "cancel", first, "--reason", "有误"), "condition 2", "condition 9")
    done = city.tocsin("binhai-lead", "cancel", first, "--reason", "已排除").stdout.split()
    assert done[1] == "released"
    delivered(city, done[0])


def test_unknown_incident_of_a_message(city):
    """A feed or another office names an incident that was never opened here: nobody's, until it is, under its own id."""
    name = "2026-北塘 07"
    bulletin = drafted(city, "binhai", name)
    refused(city, call(city, "binhai-draft", "POST", "/api/v1/bulletins/%s/submit" % bulletin, b""), 403,
            "nobody handles incident " + name, "现无处置单位")
    assert opened(city, id=name).startswith("2026-")
    step(city, "binhai-lead", "assign", name, "tj-binhai")
    assert call(city, "binhai-draft", "POST", "/api/v1/bulletins/%s/submit" % bulletin, b"").status == 200
    assert [b["id"] for b in incident(city, name)["bulletins"]] == [bulletin]


# --- who may not ------------------------------------------------------------------------------------------------

def test_steps_refused(city):
    ident = opened(city)
    says(no_step(city, "heping-lead", "assign", ident, "tj-heping"), "condition 2", "tj-heping holds no grant in force", "条件2")
    says(no_step(city, "binhai-draft", "assign", ident, "tj-binhai"), "condition 1", "does not hold the duty publish")
    says(no_step(city, "binhai-lead", "assign", ident, "tj-heping"), "condition 3", "tj-heping cannot take it", "不能接手")
    says(no_step(city, "binhai-lead", "handover", ident, "tj-emb"), "is handled by \"\" now", "无人处置的才指派")
    says(no_step(city, "binhai-lead", "close", ident), "is handled by \"\" now")
    says(no_step(city, "binhai-lead", "assign", ident, "tj-nobody"), "knows no unit tj-nobody")
    step(city, "binhai-lead", "assign", ident, "tj-binhai")
    says(no_step(city, "heping-lead", "handover", ident, "tj-emb"), "neither that unit nor above it", "不得移交")
    says(no_step(city, "heping-lead", "close", ident), "neither that unit nor above it", "不得终结")
    assert incident(city, ident)["handler"] == "tj-binhai"
    # Every refusal of the policy stands in the record, and is shown.
    asked = [d for d in decisions(city, "assign") if d[2]["incident"]["id"] == ident]
    assert [d[:2] for d in asked] == [("heping-lead", False), ("binhai-draft", False), ("binhai-lead", False),
                                      ("binhai-lead", True)]
    says(city.tocsin("emb-lead", "incident", "show", ident).stdout, "heping-lead 移交（asked at handover）：不准（deny）", "条件2")


def test_handed_to_whom_it_is_forbidden(city):
    ident = opened(city, "emb-draft", hazard="12E01")
    says(no_step(city, "emb-lead", "assign", ident, "tj-binhai"), "condition 4", "forbids[0] keeps this from tj-binhai",
         "条件4", "市突发环境事件应急预案")
    step(city, "emb-lead", "assign", ident, "tj-emb")
    says(no_step(city, "emb-lead", "handover", ident, "tj-binhai"), "condition 4", "forbids[0]")


def post_step(house, officer, ident, text, proof):
    path = "/api/v1/incidents/%s/steps" % urllib.parse.quote(ident)
    return call(house, officer, "POST", path, json.dumps({"text": text, "proof": proof.json}), REPORT)


def next_text(house, ident, verb, to="", reason=""):
    query = urllib.parse.urlencode({"verb": verb, "to": to, "reason": reason})
    return call(house, "emb-lead", "GET", "/api/v1/incidents/%s/next?%s" % (urllib.parse.quote(ident), query)).body.decode()


def proof_of(house, verb, officer, text, **more):
    return Proof(verb, officer, house.path("officers", officer + ".key"), text, **more)


def test_two_hand_overs_at_once(city):
    """One wins; the other is told who handles it now."""
    ident = assigned(city)
    texts = [next_text(city, ident, "handover", to) for to in ("tj-emb", "tj-binhai")]
    assert texts[0].splitlines()[2] == "sequence 2"
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda text: post_step(city, "emb-lead", ident, text,
                                                       proof_of(city, "handover", "emb-lead", text)), texts))
    won = [n for n in (0, 1) if answers[n].status == 200]
    assert len(won) == 1
    refused(city, answers[1 - won[0]], 409, "dealt with by somebody else", "已有新的一步")
    assert incident(city, ident)["handler"] == ("tj-emb", "tj-binhai")[won[0]]
    assert len(incident(city, ident)["steps"]) == 2


SPOILT_STEPS = (
    (lambda text, proof: (text.replace("to tj-emb", "to tj-binhai"), proof), 401, ("verifies this proof of handover",)),
    (lambda text, proof: (text, {**proof, "officer": "binhai-lead"}), 403, ("the proof is binhai-lead's",)),
    (lambda text, proof: (text, {**proof, "signature": proof["signature"][::-1]}), 401, ("verifies this",)),
    (lambda text, proof: (text, {**proof, "time": "2026-01-01T00:00:00+08:00"}), 400, ("10 minutes",)),
    (lambda text, proof: (text + "more\n", proof), 400, ("wrong near line",)),
    (lambda text, proof: ("", proof), 400, ("wrong near line",)),
    (lambda text, proof: (None, proof), 400, ("text",)),
    (lambda text, proof: ({"deep": [1]}, proof), 400, ("text",)),
    (lambda text, proof: (text, None), 400, ("a proof has act",)))


def test_spoilt_steps(city):
    ident = assigned(city)
    text = next_text(city, ident, "handover", "tj-emb")
    for spoil, status, words in SPOILT_STEPS:
        body = dict(zip(("text", "proof"), spoil(text, proof_of(city, "handover", "emb-lead", text).json)))
        answer = call(city, "emb-lead", "POST", "/api/v1/incidents/%s/steps" % ident, json.dumps(body), REPORT)
        refused(city, answer, status, *words)
    assert incident(city, ident)["handler"] == "tj-binhai"


@pytest.mark.parametrize("body, words", (
    ("{", ("no JSON",)), ("[]", ("title, hazard and areas",)),
    ('{"title": "x", "hazard": "12D03", "areas": []}', ("between 1 and",)),
    ('{"title": "x", "hazard": "99Z99", "areas": ["120116"]}', ("no event type",)),
    ('{"title": "x", "hazard": "12D03", "areas": ["火星"]}', ("no division",)),
    ('{"title": "", "hazard": "12D03", "areas": ["120116"]}', ("title",)),
    ('{"title": "x", "hazard": "12D03", "areas": ["120116"], "id": "a\\"b"}', ("one line",)),
    ('{"title": "x", "hazard": "12D03", "areas": ["120116"], "id": "a\\nb"}', ("one line",)),
    ('{"title": "x", "hazard": "12D03", "areas": ["120116"], "other": 1}', ("title, hazard and areas",))))
def test_spoilt_openings(city, body, words):
    refused(city, call(city, "emb-lead", "POST", "/api/v1/incidents", body, REPORT), 400, *words)


def test_opened_twice(city):
    ident = opened(city, id="i-twice")
    answer = call(city, "emb-lead", "POST", "/api/v1/incidents", json.dumps(
        {"id": ident, "title": "x", "hazard": "12D03", "areas": ["滨海新区"]}), REPORT)
    refused(city, answer, 409, "open already", "已经登记")
    refused(city, call(city, "emb-lead", "GET", "/api/v1/incidents/none"), 404, "no incident none")


# --- the signer's own mind --------------------------------------------------------------------------------------

def ready(house, unit, bulletin, officer=None):
    """What tocsind would ask, with the proofs; the steps are the caller's to add."""
    request = Request(house, bulletin, officer or unit + "-lead")
    return request.proof("review", unit + "-review").proof("sign", unit + "-sign-1")


def kept_steps(house, ident):
    """As the record has them."""
    steps = []
    for one in incident(house, ident)["steps"]:
        proof = proof_of(house, one["act"], one["officer"], one["text"])
        proof.signature, proof.time = one["signature"], timestamp(one["time"])
        steps.append((one["text"], proof))
    return steps


def timestamp(text):
    return int(datetime.datetime.fromisoformat(text).timestamp())


def test_signer_goes_by_the_steps(city):
    """A program in tocsind's place says what it likes; the steps and their proofs say who handles it."""
    ident = assigned(city)
    mine = submitted(city, "binhai", ident)
    good = ready(city, "binhai", mine)
    good.steps = kept_steps(city, ident)
    done, cap = good.ask()
    assert done, cap
    # No steps; another's key under an officer's name; another unit put in; a step of another incident.
    def asks(steps):
        request = ready(city, "binhai", mine)
        request.steps = steps
        done, text = request.ask()
        assert not done
        return text
    says(asks([]), "was seen at step 1 already", "移交不得倒退")
    text, _ = good.steps[0]
    forged = Proof("assign", "binhai-lead", city.path("officers", "heping-lead.key"), text)
    says(asks([(text, forged)]), "not signed: incident", "step 1", "each step is that officer's signature", "每一步须为本人所签")
    other = text.replace("to tj-binhai", "to tj-emb")
    says(asks([(other, good.steps[0][1])]), "each step is that officer's signature")
    other = text.replace("incident " + ident, "incident i-999")
    says(asks([(other, proof_of(city, "assign", "binhai-lead", other))]), "does not follow the one before it")
    other = text.replace("mode live", "mode test")
    says(asks([(other, proof_of(city, "assign", "binhai-lead", other))]), "does not follow the one before it")
    says(asks([(text, proof_of(city, "assign", "binhai-lead", text, moment=2000000000))]), "from the future")
    says(asks([("garbage", good.steps[0][1])]), "wrong near line")
    # An officer of a unit without the grant assigns it to themselves.
    other = text.replace("to tj-binhai", "to tj-heping")
    says(asks([(other, proof_of(city, "assign", "heping-lead", other))]), "not permitted by the policy", "condition 2")
    # Steps of an incident that the message does not belong to.
    plain = submitted(city, "binhai", None)
    request = ready(city, "binhai", plain)
    request.steps = good.steps
    done, text = request.ask()
    assert not done
    says(text, "belongs to no incident")


def test_signer_does_not_go_back(city):
    """After the hand-over was seen, the steps up to the former handler are worth nothing."""
    ident = assigned(city)
    old = submitted(city, "binhai", ident)
    before = kept_steps(city, ident)
    step(city, "emb-lead", "handover", ident, "tj-emb")
    # The signer has heard of it as soon as it was recorded.
    replay = ready(city, "binhai", old)
    replay.steps = before
    done, text = replay.ask()
    assert not done
    says(text, "was seen at step 2 already", "no hand-over is undone")
    city.restart_signer()
    done, text = replay.ask()
    assert not done
    says(text, "was seen at step 2 already", "移交不得倒退")
    # Nor does another second step stand in its place, properly made as it is.
    other = next_text_of(before[0][0], "handover", "tj-binhai", "tj-binhai")
    replay.steps = before + [(other, proof_of(city, "handover", "binhai-lead", other))]
    done, text = replay.ask()
    assert not done
    says(text, "was seen at step 2 already")
    # The whole chain says it as well.
    replay.steps = kept_steps(city, ident)
    done, text = replay.ask()
    assert not done
    says(text, "condition 2", "is handled by tj-emb")
    walked(city, "emb", ident)


def next_text_of(text, verb, origin, to):
    """The step after this one, as anybody could write it."""
    lines = dict(line.split(" ", 1) for line in text.splitlines())
    return "\n".join(["tocsin-incident 1", "incident " + lines["incident"], "sequence %d" % (int(lines["sequence"]) + 1),
                      "previous " + hashlib.sha256(text.encode()).hexdigest(), "verb " + verb, "mode " + lines["mode"],
                      "hazard " + lines["hazard"], "area " + lines["area"], "from " + origin, "to " + to, "reason -", ""])


# --- on behalf (代发) --------------------------------------------------------------------------------------------

def test_on_behalf_in_term(city):
    """The duty office issues for the port; the port's own people may review and sign."""
    ident = assigned(city, "port", hazard="12J01")
    bulletin = submitted(city, "duty", ident, hazard="12J01")
    city.tocsin("port-review", "approve", bulletin, "--as", "review")
    city.tocsin("duty-sign-1", "approve", bulletin, "--as", "sign")
    says(denied(city, "heping-sign-1", "approve", bulletin, "--as", "sign"), "not of the issuing unit")
    city.release("duty", bulletin)
    delivered(city, bulletin)
    says(city.tocsin("duty-lead", "why", bulletin).stdout, "准许（permit）", "代发协议")
    # Without an incident as well.
    plain = submitted(city, "duty", None, hazard="12J01")
    city.tocsin("port-review", "approve", plain, "--as", "review")
    city.tocsin("port-sign-1", "approve", plain, "--as", "sign")
    city.release("duty", plain)
    delivered(city, plain)


def test_on_behalf_out_of_term_and_scope(city):
    ident = assigned(city, "port", hazard="12J02")
    bulletin = drafted(city, "duty", ident, hazard="12J02")
    path = "/api/v1/bulletins/%s/submit"
    refused(city, call(city, "duty-draft", "POST", path % bulletin, b""), 403, "grants[5]", "tj-port", "代发协议")
    # In term, but of another hazard, and in another's incident.
    bulletin = drafted(city, "duty", assigned(city, "port", hazard="12J03"), hazard="12J03")
    refused(city, call(city, "duty-draft", "POST", path % bulletin, b""), 403, "condition 3", "条件3")
    bulletin = drafted(city, "duty", assigned(city, "binhai", hazard="12J01"), hazard="12J01")
    refused(city, call(city, "duty-draft", "POST", path % bulletin, b""), 403, "is handled by tj-binhai")


# --- what another issuer has in force ---------------------------------------------------------------------------

def test_conflicts_are_shown(city):
    """To whoever looks, reviews and signs; and bar nothing."""
    def alarm(unit, **changes):
        return submitted(city, unit, None, kind="warning", expires=soon(),
                         **{"headline": "储罐泄漏预警", "hazard": "12D03", **changes})
    first = alarm("binhai", level="orange")
    city.approve("binhai", first)
    city.release("binhai", first)
    second = alarm("emb", level="red", hazard="12D01", where=["天津市"])
    shown = city.status(second)["conflicts"]
    assert [(c["id"], c["unit"], c["level"]) for c in shown] == [(first, "tj-binhai", "orange")]
    assert shown[0]["areas"] == ["120116"] and shown[0]["identifier"] and shown[0]["headline"]
    words = ("another issuer's warning is in force here", "另一单位", "tj-binhai", "orange（橙色）", "red（红色）", "120116")
    says(city.tocsin("emb-lead", "status", second).stdout, *words)
    says(city.tocsin("emb-review", "approve", second, "--as", "review").stderr, *words)
    says(city.tocsin("emb-sign-1", "approve", second, "--as", "sign").stderr, *words)
    city.release("emb", second)
    # And the other way round; not for another hazard, area or the same unit.
    assert [c["id"] for c in city.status(first)["conflicts"]] == [second]
    for unit, changes in (("emb", {"hazard": "12G01"}), ("heping", {"where": ["和平区"], "hazard": "12G01"}),
                          ("binhai", {"level": "yellow"})):
        mine = [c["unit"] for c in city.status(alarm(unit, **{"level": "yellow", **changes}))["conflicts"]]
        assert "tj-" + unit not in mine and (changes.get("hazard") != "12G01" or mine == [])
    city.tocsin("emb-lead", "cancel", second, "--reason", "重复")
    assert city.status(first)["conflicts"] == []


# --- what breaks ------------------------------------------------------------------------------------------------

def test_killed_between_steps(city):
    """Each step was answered, so each is there."""
    ident = opened(city)
    steps = [("binhai-lead", "assign", "tj-binhai"), ("emb-lead", "handover", "tj-emb"), ("emb-lead", "handover", "tj-binhai")]
    for n, (officer, verb, to) in enumerate(steps, 1):
        step(city, officer, verb, ident, to)
        starts = city.programs["tocsind"].starts
        city.programs["tocsind"].kill()
        wait_for(lambda: city.programs["tocsind"].starts > starts and city.healthy(), 30, "tocsind again")
        shown = incident(city, ident)
        assert (shown["handler"], len(shown["steps"])) == (to, n)
    walked(city, "binhai", ident)
    says(city.tocsin("emb-audit-1", "audit", "verify").stdout, "whole")
