# SPDX-License-Identifier: Apache-2.0
"""Administrative changes: two people, one taking effect, in the record and at the signer; and what a program in
tocsind's place, one administrator alone, or somebody who edits a file gets: nothing."""
import hashlib
import os
import re
import signal
import sqlite3
import threading

import pytest

from conftest import Failed
from liar import lying
from signer_peer import FRAME_POLICY, FRAME_POLICY_TAKEN, FRAME_REFUSED, Proof, Request, TAG_BYTES, TAG_EN, TAG_TEXT, \
    exchange, field, frame, heartbeat, sha256
from talk import call, warning
from house import wait_for

ONE, TWO, THREE = "emb-admin-1", "emb-admin-2", "emb-accounts-1"


def without(policy, officer):
    """The policy with this officer not active any more."""
    changed = re.sub(r"(id: %s, )" % officer, r"\1active: false, ", policy)
    assert changed != policy
    return changed


def propose(house, text, who=ONE, kind="policy"):
    return house.tocsin(who, "change", "propose", kind, "-", stdin=text).stdout.split()[0]


def refused(house, who, *arguments, stdin=None):
    with pytest.raises(Failed) as failed:
        house.tocsin(who, *arguments, stdin=stdin)
    return failed.value.text


def state(house, ident):
    return call(house, ONE, "GET", "/api/v1/changes/" + ident).json


def rows(house, sql, *values):
    record = sqlite3.connect("file:%s?mode=ro" % house.path("state", "record.db"), uri=True)
    try:
        return record.execute(sql, values).fetchall()
    finally:
        record.close()


def bend(house, sql):
    """Somebody who can write the record's file."""
    record = sqlite3.connect(house.path("state", "record.db"), timeout=20)
    with record:
        record.execute(sql)
    record.close()


def health(house):
    return call(house, None, "GET", "/healthz").json


def in_step(house):
    wait_for(lambda: health(house)["signer_policy"] == "same", 20, "the signer's policy the same as ours")


# --- the way it goes ------------------------------------------------------------------------------------------------

def test_two_people_change_the_policy(house):
    """A right is taken away by two; from then on neither tocsind nor the signer knows it."""
    before = house.policy()
    in_step(house)
    ident = propose(house, without(before, "met-sign-2"))
    assert house.policy() == before and state(house, ident)["state"] == "proposed"
    shown = house.tocsin(TWO, "change", "show", ident).stdout
    assert re.search(r"^-  - \{id: met-sign-2, unit", shown, re.M) and "+  - {id: met-sign-2, active: false" in shown
    assert "\n-  - {id: met-sign-1" not in shown
    house.tocsin(TWO, "change", "confirm", ident)
    assert "met-sign-2, active: false" in house.policy()
    in_step(house)
    seen = state(house, ident)
    assert seen["state"] == "effective" and [p["officer"] for p in seen["proofs"]] == [ONE, TWO]
    versions = call(house, ONE, "GET", "/api/v1/policy").json["versions"]
    assert [v["change"] for v in versions] == ["", ident] and versions[1]["head"] == seen["digest"]
    whats = [what for what, in rows(house, "SELECT what FROM audit WHERE ref = ? ORDER BY seq", ident)]
    assert whats == ["change-proposed", "policy-changed", "change-effective"]
    assert call(house, "met-lead", "GET", "/api/v1/audit/verify").json["whole"]
    bulletin = house.submit("met-draft", warning())
    house.tocsin("met-review", "approve", bulletin, "--as", "review")
    assert "met-sign-2" in refused(house, "met-sign-2", "approve", bulletin, "--as", "sign")
    house.change("policy", before)
    in_step(house)


def test_it_lasts(house):
    """kill -9 of both: the policy that two people made is in force again, not the file."""
    text = house.policy() + "# lasts\n"
    house.change("policy", text)
    in_step(house)
    for program in ("tocsind", "signer"):
        house.programs[program].kill()
    wait_for(lambda: house.healthy() and house.policy() == text, 30, "the policy in force again")
    in_step(house)


def test_the_signer_comes_after(house):
    """A change made while the signer is away reaches it when it is there; two changes, in order."""
    house.programs["signer"].stop()
    house.change("policy", house.policy() + "# one\n")
    house.change("policy", house.policy() + "# two\n")
    assert health(house)["signer_policy"] != "same"
    house.programs["signer"].start()
    in_step(house)
    house.walk("met", warning())


def beat(house):
    """The policy that the heartbeat on the broker names."""
    found = house.subscribe("alert/v1/sys/demo/heartbeat")
    return re.search(r"^policy (\w+)$", found[0][1], re.M).group(1) if found else None


def test_the_heartbeat_names_the_policy_the_signer_holds(house):
    """While a change has not reached the signer there is none, and log and /healthz say what to do; the moment the
    signer is in step it is back, long before its next time."""
    in_step(house)
    before = sha256(house.policy())
    wait_for(lambda: beat(house) == before, 20, "a heartbeat of the policy in force")
    house.programs["signer"].stop()
    house.change("policy", house.policy() + "# nobody home\n")
    wait_for(lambda: "event=heartbeat-unsigned" in house.log("tocsind"), 20, "the heartbeat's silence")
    told = health(house)
    assert told["signer_policy"] == "unknown" and "tocsin-signer" in told["signer_policy_detail"]
    assert sha256(house.policy())[:16] in told["signer_policy_detail_zh"] and "心跳" in told["signer_policy_detail_zh"]
    assert beat(house) == before
    house.programs["signer"].start()
    in_step(house)
    wait_for(lambda: beat(house) == sha256(house.policy()), 5, "the heartbeat back")
    assert "signer_policy_detail" not in health(house)
    assert "event=heartbeat-again" in house.log("tocsind")


# --- who may not ----------------------------------------------------------------------------------------------------

def test_one_is_not_enough(house):
    before = house.policy()
    ident = propose(house, before + "# one is not enough\n")
    text = refused(house, ONE, "change", "confirm", ident)
    assert "one person" in text and "同一个人" in text
    text = refused(house, THREE, "change", "confirm", ident)
    assert "does not hold the duty admin" in text and "三员分立" in text
    assert house.policy() == before
    denials = rows(house, "SELECT officer FROM decision WHERE asked = 'change' AND permit = 0 AND facts LIKE ?",
                   "%" + ident + "%")
    assert [officer for officer, in denials] == [ONE, THREE]
    house.tocsin(TWO, "change", "withdraw", ident, "--reason", "no need")
    assert state(house, ident)["state"] == "refused"
    assert "refused" in refused(house, TWO, "change", "confirm", ident)


def test_who_holds_other_duties_cannot_propose(house):
    assert "duty admin" in refused(house, THREE, "change", "propose", "policy", "-", stdin=house.policy() + "# x\n")
    assert "no kind of change" in refused(house, ONE, "change", "propose", "weather", "-", stdin="x\n")


def test_withdrawn(house):
    ident = propose(house, house.policy() + "# withdrawn\n")
    house.tocsin(ONE, "change", "withdraw", ident, "--reason", "a slip")
    seen = state(house, ident)
    assert seen["state"] == "withdrawn" and seen["closer"] == ONE and seen["reason"] == "a slip"
    record = sqlite3.connect("file:%s?mode=ro" % house.path("state", "record.db"), uri=True)
    bodies = [body for body, in record.execute("SELECT body FROM audit WHERE ref = ?", (ident,))]
    record.close()
    assert any("reason" in body for body in bodies) and not any("a slip" in body for body in bodies)


def test_both_confirm_at_once(house):
    """Two proposals on one policy, confirmed at the same moment: one takes effect, the other is told why not."""
    before = len(call(house, ONE, "GET", "/api/v1/policy").json["versions"])
    base = house.policy()
    idents = [propose(house, base + "# race %d\n" % n) for n in range(2)]
    ways = [(TWO, idents[0]), (TWO, idents[0]), (TWO, idents[1])]
    done = []

    def run(who, ident):
        done.append(house.tocsin(who, "change", "confirm", ident, check=False).returncode)
    threads = [threading.Thread(target=run, args=way) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done.count(0) == 1, done
    assert len(call(house, ONE, "GET", "/api/v1/policy").json["versions"]) == before + 1
    assert sorted(state(house, i)["state"] for i in idents) == ["effective", "proposed"]
    in_step(house)


@pytest.mark.parametrize("change, word", [
    (lambda p: p.replace("role: handle", "role: handel", 1), r"authority\.yaml:\d+:\d+: .*handel"),
    (lambda p: p.replace("duties: [admin]", "duties: [admin, sign]", 1), "does not draft"),
    (lambda p: p.replace("id: emb-admin-2, ", "id: emb-admin-2, active: false, "), "leaves 1 active administrators"),
    (lambda p: p + """tests:
  - {name: never, permit: true, request: {officer: met-lead, verb: publish, kind: warning, hazard: 11B03, level: orange,
     areas: ["310000"], channels: [sms], status: Actual, disclosure: proactive, screening: reviewed, procedure: normal,
     drafter: met-draft, reviews: [met-review], signs: [met-sign-1], at: "2026-11-23T09:00:00+08:00"}}
""", "should be permitted but is denied"),
    (lambda p: p, "in force already"),
    (lambda p: re.sub(r"\n[^\n]*id: met-draft,[^\n]*", "", p, 1), "leaves out officer met-draft"),
])
def test_policies_that_cannot_be(house, change, word):
    before = house.policy()
    assert re.search(word, refused(house, ONE, "change", "propose", "policy", "-", stdin=change(before)))
    assert house.policy() == before


def test_a_file_that_was_changed_does_not_count(house):
    """Somebody writes the policy's file: SIGHUP says that it does not count, and what is wrong with it."""
    before, path = house.policy(), house.path("authority.yaml")
    with open(path, encoding="utf-8") as text:
        installed = text.read()
    refusals = house.log("tocsind").count("event=reload-refused")
    try:
        for words, said in ((before + "# mine\n", "not the policy that was installed"),
                            (before.replace("role: handle", "role: handel", 1), "handel")):
            house.write("authority.yaml", words, 0o644)
            house.programs["tocsind"].process.send_signal(signal.SIGHUP)
            refusals += 1
            wait_for(lambda: house.log("tocsind").count("event=reload-refused") == refusals, 20, "the refusal")
            assert said in [line for line in house.log("tocsind").splitlines() if "reload-refused" in line][-1]
            assert house.policy() == before
    finally:
        house.write("authority.yaml", installed, 0o644)


def test_a_file_that_would_stop_the_next_start_is_said_at_once(house):
    """Nobody sends SIGHUP: whoever is there in the day hears of it, not whoever is there when it is started at night."""
    with open(house.path("authority.yaml"), encoding="utf-8") as text:
        installed = text.read()
    said = lambda: house.log("tocsind").count("event=policy-file ")  # noqa: E731
    before = said()
    try:
        house.write("authority.yaml", installed + "# mine\n", 0o644)
        wait_for(lambda: said() > before, 20, "the file's line")
        assert "install-policy" in [line for line in house.log("tocsind").splitlines() if "event=policy-file " in line][-1]
    finally:
        house.write("authority.yaml", installed, 0o644)


# --- a program in tocsind's place -------------------------------------------------------------------------------------

class Step:
    """One step of the policy's history as it would be handed to the signer."""

    def __init__(self, house, body, follows, ident="c-hostile", mode="live", kind="policy"):
        self.house, self.body, self.proofs = house, body, []
        self.text = "tocsin-change 1\nid %s\nkind %s\nmode %s\nfollows %s\nbody %s\n" % (
            ident, kind, mode, follows, hashlib.sha256(body.encode()).hexdigest())

    def by(self, officer, key=None, **more):
        self.proofs.append(Proof("change", officer, key or self.house.path("officers", officer + ".key"), self.text, **more))
        return self

    def ask(self):
        """-> None when taken, else the sentence"""
        kind, fields = exchange(self.house.path("run", "signer.sock"), frame(
            FRAME_POLICY, field(TAG_TEXT, self.text), field(TAG_BYTES, self.body),
            *(proof.fields() for proof in self.proofs)))
        if kind == FRAME_POLICY_TAKEN:
            return None
        assert kind == FRAME_REFUSED
        return dict(fields)[TAG_EN].decode()


def head_of(house):
    return call(house, ONE, "GET", "/api/v1/changes").json["follows"]


def test_hostile_steps(house):
    """What the signer's own copy does not follow from, or two administrators did not sign, it does not take."""
    policy, head = house.policy(), head_of(house)
    evil = policy + "# evil\n"
    twice = policy.replace("  - {id: emb-admin-2,", "  - {id: emb-admin-2, person: emb-admin-1,")
    own = house.run(house.binary("tocsin"), "officer", "enrol", "x", "--key", house.path("evil.key")).stdout.strip()
    mine = re.sub(r'(id: emb-admin-[12], .*keys: \[")[^"]*', lambda m: m.group(1) + own, policy)
    cases = {
        "has 0 administrators' proofs": Step(house, evil, head),
        "has 1 administrators' proofs": Step(house, evil, head).by(ONE),
        "are one person": Step(house, evil, head).by(ONE).by(ONE),
        "does not hold the duty admin": Step(house, evil, head).by(ONE).by(THREE),
        "none of officer emb-admin-1's 1 keys": Step(house, mine, head).by(ONE, house.path("evil.key")).by(
            TWO, house.path("evil.key")),
        "no change of the policy in mode live": Step(house, evil, head, mode="test").by(ONE).by(TWO),
        "is no change of the policy": Step(house, evil, head, kind="accounts").by(ONE).by(TWO),
        "does not follow": Step(house, evil, "0" * 64).by(ONE).by(TWO),
        "leaves 1 active administrators": Step(house, twice, head).by(ONE).by(TWO),
        "in force already": Step(house, policy, head).by(ONE).by(TWO),
        "faults": Step(house, policy + "grunts: []\n", head).by(ONE).by(TWO),
    }
    for word, step in cases.items():
        said = step.ask()
        assert said and word in said, (word, said)
    bent = Step(house, evil, head).by(ONE).by(TWO)
    bent.body += "# other words\n"
    assert "not the one that was signed" in bent.ask()
    other = Step(house, evil, head).by(ONE)
    other.proofs.append(Proof("sign", TWO, house.path("officers", TWO + ".key"), other.text, said_act="change"))
    assert "keys verifies this proof" in other.ask()
    in_step(house)


def test_replay_and_rollback(house):
    """Proofs that once held lead nowhere from here: neither the same step again, nor back to an older policy."""
    start, first = house.policy(), head_of(house)
    there = house.change("policy", start + "# there\n")
    second = head_of(house)
    house.change("policy", start)
    assert house.policy() == start and head_of(house) != first
    in_step(house)

    def old(ident):
        change = state(house, ident)
        proofs = rows(house, "SELECT officer, time, signature FROM change_proof WHERE change ="
                             " (SELECT row FROM change WHERE id = ?) ORDER BY id", ident)
        step = Step(house, change["body"], change["follows"])
        step.text = change["text"]
        for officer, moment, signature in proofs:
            proof = Proof("change", officer, house.path("officers", officer + ".key"), step.text, moment=moment // 1000)
            proof.signature = signature
            step.proofs.append(proof)
        return step
    assert "does not follow the policy in force" in old(there).ask()
    back = Step(house, start, second).by(ONE).by(TWO)
    assert "does not follow the policy in force" in back.ask()
    # The copy on the signer's disk moved on as well: a restart does not open an older door.
    house.restart_signer()
    assert "does not follow the policy in force" in old(there).ask()


def test_what_is_confirmed_is_compared_by_who_confirms(house):
    """A server that shows another comparison, or another policy as the one in force, gets no proof for what was not seen."""
    start = house.policy()
    evil = without(start, "met-review")

    def confirm(lie):
        ident = propose(house, evil)
        with lying(house, lie) as url:
            done = house.run(house.binary("tocsin"), "change", "confirm", ident, check=False,
                             env={**house.variables(TWO), "TOCSIN_URL": url})
        return ident, done

    def harmless(path, said):
        if "diff" in said:
            said["diff"] = "@@ 1, 1 @@\n+# 更正错字\n"

    def as_if_in_force(path, said):
        harmless(path, said)
        if path == "/api/v1/policy":
            said["text"] = evil + "# 错字\n"
    for _ in range(2):  # an installed document, then one that a change made
        ident, done = confirm(as_if_in_force)
        assert done.returncode == 77 and state(house, ident)["state"] == "proposed", done.stderr
        assert "does not follow the policy that the server shows" in done.stderr and "无法比对" in done.stderr
        house.tocsin(ONE, "change", "withdraw", ident, "--reason", "only looked")
        house.change("policy", start + "# once more: %s\n" % ident)
        start, evil = house.policy(), evil + "# once more\n"
    ident, done = confirm(harmless)
    assert "active: false" in done.stderr and "更正错字" not in done.stderr
    assert done.returncode == 0 and state(house, ident)["state"] == "effective"
    house.change("policy", start + "# as before\n")
    in_step(house)


def test_a_change_that_is_withheld_shows_outside(house):
    """Whoever keeps a change from the signer names the old policy to all the world, or says nothing."""
    policy = house.policy()
    in_step(house)
    assert heartbeat(house, sha256(policy)) is None
    said = heartbeat(house, sha256(policy + "# confirmed, and never handed over\n"))
    assert said and "the policy that is named is the one that counts" in said and "所称即所行" in said
    assert sha256(policy)[:16] in said
    house.change("policy", policy + "# next\n")
    in_step(house)
    assert "the policy that is named" in heartbeat(house, sha256(policy)), "the old one, once the signer has the new"


def written_past(house, step, proofs=2):
    """A change in the record as its own transaction would leave it, and nobody put it in force. -> its number"""
    number = call(house, ONE, "GET", "/api/v1/policy").json["versions"][-1]["number"] + 1
    lines = dict(line.split(" ", 1) for line in step.text.splitlines()[1:])
    digest = sha256(step.text)
    record = sqlite3.connect(house.path("state", "record.db"), timeout=20)
    with record:
        record.execute("INSERT INTO change (id, kind, mode, follows, digest, body, state, reason, closer, proposed, ends,"
                       " closed) VALUES (?, 'policy', ?, ?, ?, ?, 'effective', '', ?, 1, 2, 1)",
                       (lines["id"], lines["mode"], lines["follows"], digest, step.body, TWO))
        for proof in step.proofs[:proofs]:
            record.execute("INSERT INTO change_proof (change, act, officer, time, signature, recorded) VALUES ("
                           "(SELECT row FROM change WHERE id = ?), 'change', ?, ?, ?, 1)",
                           (lines["id"], proof.officer, proof.time * 1000, proof.signature))
        record.execute("INSERT INTO policy_version (number, version, head, change, at, text) VALUES (?, ?, ?, ?, 1, ?)",
                       (number, sha256(step.body), digest, lines["id"], step.body))
    record.close()
    return number


def test_what_was_recorded_is_put_in_force_later(house):
    """A change whose transaction went through, and nothing after it: the chore does the rest, here and at the signer."""
    step = Step(house, house.policy() + "# left lying\n", head_of(house), ident="c-left-lying").by(ONE).by(TWO)
    written_past(house, step)
    wait_for(lambda: house.policy() == step.body, 20, "the policy in force")
    in_step(house)
    wait_for(lambda: heartbeat(house, sha256(step.body)) is None, 20, "the signer's heartbeat")


def test_what_was_written_past_two_people_is_not(house):
    """Into the record by whoever can write its file, while we run: it does not come into force, and it is said."""
    before = house.policy()
    step = Step(house, before + "# past them\n", head_of(house), ident="c-past-them").by(ONE)
    number = written_past(house, step, proofs=1)
    try:
        wait_for(lambda: "event=policy-not-in-force" in house.log("tocsind"), 20, "the line about it")
        assert "has 1 administrators' proofs" in house.log("tocsind").split("event=policy-not-in-force")[1].splitlines()[0]
        assert house.policy() == before and heartbeat(house, sha256(before)) is None
        assert health(house)["signer_policy"] == "same"
    finally:
        bend(house, "DELETE FROM policy_version WHERE number = %d" % number)
        bend(house, "DELETE FROM change_proof WHERE change = (SELECT row FROM change WHERE id = 'c-past-them')")
        bend(house, "DELETE FROM change WHERE id = 'c-past-them'")
    house.change("policy", before + "# by two\n")
    in_step(house)


def approved(house):
    """Ready to be signed, and looked through by the signer."""
    request = Request(house, house.submit("met-draft", warning())).proof("review", "met-review").proof("sign", "met-sign-1")
    assert request.prepare() is None
    return request


def test_a_look_beforehand_gets_nothing_signed(house):
    """Each as it came but for one thing, right after the whole of it was looked through."""
    def changed(what):
        request = approved(house)
        what(request)
        done, text = request.ask()
        return text if not done else "signed"

    def other_words(request):
        request.texts = [(target, body + "。") for target, body in request.texts]

    def swapped_texts(request):
        bodies = [body for _, body in request.texts]
        request.texts = [(target, body) for (target, _), body in zip(request.texts, bodies[1:] + bodies[:1])]

    def swapped_proofs(request):
        one, two = request.proofs
        one.signature, two.signature = two.signature, one.signature

    def another_act(request):
        request.proofs[0].act = "sign"

    def another_moment(request):
        request.proofs[0].time += 1

    def an_override(request):
        request.override = "已核"
        request.proof("override", "met-review")

    for what, word in ((other_words, "not the approved one"), (swapped_texts, "not the approved one"),
                       (swapped_proofs, "does not hold"), (another_act, "does not hold"), (another_moment, "does not hold"),
                       (an_override, "does not hold")):
        assert word in changed(what), what.__name__
    kept = approved(house)
    for _ in range(16):  # as many as are kept
        approved(house)
    assert kept.ask()[0], "what made room is looked through again"


def test_another_policy_forgets_what_was_looked_through(house):
    """An officer's key is replaced: what it had approved by then is no approval, whoever looked at it before."""
    before, request = house.policy(), approved(house)
    key = house.run(house.binary("tocsin"), "officer", "enrol", "x", "--key", house.path("next.key")).stdout.strip()
    house.change("policy", re.sub(r'(id: met-sign-1, .*keys: \[")[^"]*', lambda m: m.group(1) + key, before))
    try:
        in_step(house)
        done, text = request.ask()
        assert not done and "does not hold" in text, text
    finally:
        house.change("policy", before)
        in_step(house)
    assert request.ask()[0], "by its former policy it was well"


def test_misshapen_steps(house):
    path, head = house.path("run", "signer.sock"), head_of(house)
    good = Step(house, house.policy() + "# y\n", head).by(ONE).by(TWO)
    for text in (good.text + "more\n", good.text[:-1], good.text.replace("live", "Live"), good.text.replace("id ", "ID "),
                 "", good.text.replace("kind policy", "kind  policy")):
        kind, _ = exchange(path, frame(FRAME_POLICY, field(TAG_TEXT, text), field(TAG_BYTES, good.body),
                                       *(proof.fields() for proof in good.proofs)))
        assert kind == FRAME_REFUSED
    assert exchange(path, frame(FRAME_POLICY, field(TAG_TEXT, good.text)))[0] == FRAME_REFUSED
    in_step(house)


# --- root -------------------------------------------------------------------------------------------------------------

def test_a_change_that_has_run_out(house):
    """Nobody confirms it any more."""
    ident = propose(house, house.policy() + "# late\n")
    bend(house, "UPDATE change SET ends = 1 WHERE id = '%s'" % ident)
    assert "run out" in refused(house, TWO, "change", "confirm", ident)


def test_root_replaces_it_deliberately(house):
    """A file replaced without saying so keeps tocsind from starting; --install-policy says so, and the signer waits
    until root does the same there."""
    def ends(*arguments):
        return house.run(house.binary("tocsind"), "--config", house.path("tocsin.yaml"), *arguments, check=False)
    house.change("policy", house.policy() + "# by two\n")
    in_step(house)
    text = house.policy()
    house.programs["tocsind"].stop()
    house.write("authority.yaml", text + "# by root\n", 0o644)
    done = ends()
    assert done.returncode == 78 and "--install-policy" in done.stderr and "只能由两名管理员变更" in done.stderr
    assert ends("--install-policy").returncode == 0
    again = ends("--install-policy")
    assert again.returncode != 0 and "installed before" in again.stderr
    house.programs["tocsind"].start()
    wait_for(house.healthy, 30, "tocsind")
    assert house.policy() == text + "# by root\n"
    wait_for(lambda: health(house)["signer_policy"] == "differs", 20, "the signer found to differ")
    assert "does not lead to the one in force here" in house.log("tocsind")
    told = health(house)
    assert sha256(text)[:16] in told["signer_policy_detail"] and sha256(text + "# by root\n")[:16] in told["signer_policy_detail"]
    assert "OPERATING" in told["signer_policy_detail_zh"] and "换装" in told["signer_policy_detail_zh"]
    # At the signer: the new file alone keeps it from starting; with the old copy taken away it begins anew.
    house.programs["signer"].stop()
    house.write("signer-authority.yaml", text + "# by root\n", 0o644)
    started = house.run(*house.programs["signer"].arguments, check=False)
    assert started.returncode == 78 and "did not begin from the installed file" in started.stderr
    os.unlink(house.path("signer-policy"))
    house.programs["signer"].start()
    in_step(house)
    house.walk("met", warning())


def test_a_record_that_was_bent_does_not_start(house):
    """A policy written into the record past the two people is found at the next start."""
    number = call(house, ONE, "GET", "/api/v1/policy").json["versions"][-1]["number"] + 1
    house.change("policy", house.policy() + "# by two\n")
    house.programs["tocsind"].stop()
    bend(house, "UPDATE policy_version SET text = text || '# and me' || char(10) WHERE number = %d" % number)
    done = house.run(house.binary("tocsind"), "--config", house.path("tocsin.yaml"), check=False)
    assert done.returncode != 0 and "version %d of the policy in the record does not hold" % number in done.stderr
    bend(house, "UPDATE policy_version SET text = replace(text, '# and me' || char(10), '') WHERE number = %d" % number)
    house.programs["tocsind"].start()
    wait_for(house.healthy, 30, "tocsind")
