# SPDX-License-Identifier: Apache-2.0
"""The audit chain as an auditor meets it: heads outside (broker, site, a file somebody keeps), a copy that verifies
without tocsind, and every way of rewriting the record found: a flipped byte, a record deleted, swapped, doubled, the
end cut off, yesterday's file put back."""
import contextlib
import datetime
import hashlib
import json
import os
import re
import shutil
import sqlite3

import pytest

import arrivals
from house import wait_for
from talk import call

CONFLICT = 65
CHINA = datetime.timezone(datetime.timedelta(hours=8))


@pytest.fixture(scope="module")
def issued(house):
    """Two bulletins that reached every far side, so that the chain has something to tell."""
    idents = [house.walk("met", arrivals.warning(words=word)) for word in ("甲审计", "乙审计")]
    for ident in idents:
        house.wait_delivered(ident)
    return idents


def audit(house, *arguments, check=True):
    """tocsin audit ..., as an auditor."""
    return house.tocsin("emb-audit-1", "audit", *arguments, check=check)


def says(house, *arguments):
    return audit(house, *arguments).stdout


def found(house, what, *arguments):
    """The command must fail for a chain that does not hold, and say so in both languages."""
    done = audit(house, *arguments, check=False)
    assert done.returncode == CONFLICT, "%s was not found: %s" % (what, done.stdout + done.stderr)
    assert " / " in done.stderr and "审计" in done.stderr and done.stdout == "", done.stderr
    return done.stderr


def rows(house, sql="SELECT seq, at, what, ref, body, hash FROM audit ORDER BY seq", *values):
    with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % house.path("state", "record.db"), uri=True)) as record:
        return record.execute(sql, values).fetchall()


def form(text):
    """A sealed form as {key: [values]}."""
    lines = [line.split(" ", 1) for line in text.splitlines()]
    assert lines[0] == ["tocsin-status", "1"] and lines[-1][0] == "signature"
    told = {}
    for key, value in lines:
        told.setdefault(key, []).append(value)
    return told


def listened(house, *more):
    return house.run(house.binary("tocsin"), "listen", "--port", str(house.ports["mqtt"]), "--heartbeat", "--count", "1",
                     "--seconds", "20", *more).stdout


# --- heads outside ----------------------------------------------------------------------------------------------------


def test_the_heartbeat_is_on_the_broker(house, issued):
    heads = house.path("heads.txt")
    key = house.path("keys", "status.pub")

    def told_of_both():
        with contextlib.suppress(FileNotFoundError):
            os.unlink(heads)  # what is kept is added
        line = listened(house, "--status-key", key, "--keep", heads)
        assert re.search(r"sys/demo/heartbeat demo live \S+ head \d+:[0-9a-f]{64} chain ", line), line
        with open(heads, encoding="utf-8") as text:
            told = form(text.read())
        return int(told["sequence"][0]) >= 2 and told
    told = wait_for(told_of_both, 30, "a heartbeat after both, as one comes every ten seconds")
    assert told["form"] == ["heartbeat"] and told["mode"] == ["live"]
    seq, hash_ = int(told["head"][0]), told["hash"][0]
    assert rows(house, "SELECT hash FROM audit WHERE seq = ?", seq) == [(hash_,)]
    assert "whole" in says(house, "verify", "--head", heads, "--status-key", key)
    assert "whole" in says(house, "verify", "--head", "%d:%s" % (seq, hash_))
    wrong = listened(house, "--status-key", house.path("keys", "alert.pub"))
    assert "签名不成立" in wrong, "the alert key signs no heartbeat"


def test_a_forged_head_is_no_head(house, issued):
    with open(house.path("heads.txt"), encoding="utf-8") as text:
        good = text.read()
    path = house.write("forged.txt", re.sub(r"\nhead \d+", "\nhead 999999", good))
    trouble = audit(house, "verify", "--head", path, "--status-key", house.path("keys", "status.pub"), check=False)
    assert trouble.returncode != 0 and "signature" in trouble.stderr


def test_the_index_is_on_the_site(house, issued):
    """It names what is in force with the digest of each signed CAP, and stands beside the lists of the same set."""
    def same():
        told = form(house.fetch("/status.txt"))
        return told["active"] == [json.loads(house.fetch("/active.json"))["digest"]] and told
    told = wait_for(same, 15, "index and lists of one set")
    assert told["form"] == ["index"] and len(told["item"]) == 2
    for item in told["item"]:
        number, digest = item.split(" ")
        cap = house.fetch("/cap/%s.xml" % number)
        assert hashlib.sha256(cap.encode()).hexdigest() == digest
    path = house.write("index.txt", house.fetch("/status.txt"))
    assert "whole" in says(house, "verify", "--head", path, "--status-key", house.path("keys", "status.pub"))


# --- what stands in it ------------------------------------------------------------------------------------------------


def test_everything_has_its_line(house, issued):
    whats = {row[0] for row in rows(house, "SELECT DISTINCT what FROM audit")}
    assert {"token-added", "intake", "received", "decision", "submitted", "approved", "released", "delivery"} <= whats
    outcomes = [json.loads(body) for body, in rows(
        house, "SELECT body FROM audit WHERE what = 'delivery' AND ref = ?", issued[0])]
    targets = [one["target"] for one in outcomes]
    assert sorted(targets) == sorted(house.deliveries(issued[0])), "one line a far side or block"
    assert {one["state"] for one in outcomes} == {"delivered"}
    sms = next(one for one in outcomes if one["target"] == "sms")
    assert sms["reached"] == 4 and re.fullmatch("[0-9a-f]{64}", sms["proof"]), "a keyed digest, not the words"
    shown = says(house, "show", "--ref", issued[0], "--what", "released")
    assert " 发布 released " in shown and shown == says(house, "show", "--ref", issued[0], "--what", "发布")
    assert shown.count("\n") == 1 and "released" in shown
    assert says(house, "show", "--since", "2020-01-01", "--until", "2020-01-02") == ""


def test_no_personal_data_in_the_chain(house, issued):
    """Neither the recipients' numbers nor what the gateway said about them, and no token."""
    with open(house.path("recipients.csv"), encoding="utf-8") as text:
        numbers = [line.split(",")[0] for line in text if line[:1].isdigit()]
    assert len(numbers) == 6
    everything = "\n".join(str(row) for row in rows(house))
    for private in [*numbers, *house.tokens.values(), house.secret_value("callback")]:
        assert private not in everything


# --- a copy without us ------------------------------------------------------------------------------------------------


def test_an_export_verifies_without_tocsind(house, issued, tmp_path):
    path = str(tmp_path / "chain.jsonl")
    key = house.path("keys", "status.pub")
    audit(house, "export", path)

    def offline(file, *more):
        return house.run(house.binary("tocsin"), "audit", "verify", "--file", str(file), *more, check=False,
                         env={"TOCSIN_URL": "http://127.0.0.1:1"})
    assert "whole" in offline(path, "--status-key", key).stdout
    with open(path, encoding="utf-8") as text:
        lines = text.read().splitlines(keepends=True)
    assert len(lines) > 40 and "heartbeat" in lines[-1]
    last = json.loads(lines[-2])
    changed = lines[9].replace('"at":1', '"at":2')
    assert changed != lines[9]
    spoilt = {
        "a changed record": lines[:9] + [changed] + lines[10:],
        "a deleted record": lines[:9] + lines[10:],
        "swapped records": lines[:9] + [lines[10], lines[9]] + lines[11:],
        "a doubled record": lines[:10] + lines[9:],
        "a cut end": lines[:-2],
        "a cut end with its last line": lines[:5] + lines[-1:],
    }
    for what, words in spoilt.items():
        copy = tmp_path / "spoilt.jsonl"
        copy.write_text("".join(words), encoding="utf-8")
        done = offline(copy, "--status-key", key)
        assert done.returncode == CONFLICT and done.stdout == "", "%s: %s" % (what, done.stderr or done.stdout)
    assert offline(path, "--head", "%d:%s" % (last["seq"], last["hash"])).returncode == 0
    assert offline(path, "--head", "%d:%s" % (last["seq"] + 1, last["hash"])).returncode == CONFLICT


def test_a_case_is_checked_with_the_public_keys_alone(house, issued, tmp_path):
    house.tocsin("met-lead", "cancel", issued[1], "--reason", "降雨已经结束")
    path = tmp_path / "case.json"
    house.tocsin("emb-audit-1", "case", "export", issued[1], str(path))

    def checked(file, *more):
        return house.run(house.binary("tocsin"), "case", "verify", str(file), "--alert-key", house.path("keys", "alert.pub"),
                         "--status-key", house.path("keys", "status.pub"), *more, check=False,
                         env={"TOCSIN_URL": "http://127.0.0.1:1"})
    done = checked(path, "--policy", house.path("authority.yaml"))
    assert done.returncode == 0, done.stderr
    signed = re.search(r"(\d+) messages, (\d+) signed, (\d+) approvals, (\d+) audit records", done.stdout)
    assert int(signed.group(2)) == 2 and int(signed.group(3)) >= 3, "the warning and its cancel"
    text = path.read_text(encoding="utf-8")
    case = json.loads(text)
    warning = next(one for one in case["messages"] if one["id"] == issued[1])
    assert warning["inputs"] and "<alert" in warning["inputs"][0]["bytes"]
    assert warning["decisions"] and warning["receipts"] and warning["audiences"][0]["count"] == 4
    assert [one["what"] for one in case["audit"]].index("received") < [one["what"] for one in case["audit"]].index("released")
    with open(house.path("recipients.csv"), encoding="utf-8") as numbers:
        assert not any(line.split(",")[0] in text for line in numbers if line[:1].isdigit())
    spoils = {"signed words": ("signed_cap", lambda old: old.replace("暴雨", "冰雹", 1)),
              "approved lines": ("manifest", lambda old: old.replace("level orange", "level yellow")),
              "signed lines": ("filled_manifest", lambda old: old.replace("level orange", "level yellow"))}
    for what, (member, change) in spoils.items():
        other = json.loads(text)
        message = next(one for one in other["messages"] if one["id"] == issued[1])
        message[member] = change(message[member])
        assert message[member] != warning[member]
        spoilt = tmp_path / "spoilt.json"
        spoilt.write_text(json.dumps(other), encoding="utf-8")
        assert checked(spoilt).returncode == CONFLICT, what
    other = json.loads(text)
    other["audit"][3]["at"] += 1
    spoilt.write_text(json.dumps(other), encoding="utf-8")
    assert checked(spoilt).returncode == CONFLICT
    other = json.loads(text)
    next(one for one in other["messages"] if one["id"] == issued[1])["approvals"][0]["officer"] = "met-sign-2"
    spoilt.write_text(json.dumps(other), encoding="utf-8")
    assert checked(spoilt).returncode == CONFLICT


# --- the record itself ------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def stopped(house):
    """tocsind is down, the record is one file; afterwards it runs again."""
    daemon = house.programs["tocsind"]
    assert daemon.stop() == 0
    try:
        yield house.path("state", "record.db")
    finally:
        daemon.start()
        wait_for(house.healthy, 30, "tocsind")


def days_ago(days):
    return (datetime.datetime.now(CHINA) - datetime.timedelta(days=days)).strftime("%Y-%m-%d")


def test_numbers_can_be_destroyed_and_the_case_stays(house, issued, tmp_path):
    """Two auditors' act, never below the floors; afterwards no file holds a number, and chain and case still hold."""
    old = int((datetime.datetime.now() - datetime.timedelta(days=300)).timestamp() * 1000)
    row = int(issued[0][1:])
    with stopped(house) as path:
        with contextlib.closing(sqlite3.connect(path)) as record:
            record.execute("UPDATE bulletin SET created = ?, expires = ?, state = 'expired' WHERE row = ?", (old, old, row))
            record.execute("UPDATE intake SET at = ? WHERE outcome = ?", (old, "draft " + issued[0]))
            record.commit()
    numbers = rows(house, "SELECT lines FROM audience_block WHERE bulletin = ?", row)
    assert numbers[0][0].startswith("1380000")
    one, two = "emb-audit-1", "emb-audit-2"
    for days, floor in (((5, 200), "30 days"), ((200, 100), "180 days")):
        done = house.tocsin(one, "purge", "--before", days_ago(days[0]), "--confirmations-before", days_ago(days[1]), check=False)
        assert done.returncode != 0 and floor in done.stderr, done.stderr
    done = house.tocsin(one, "purge", "--before", days_ago(200), "--confirmations-before", days_ago(200))
    change = re.search(r"c-[a-z0-9-]+", done.stdout).group(0)
    assert house.tocsin(one, "change", "confirm", change, check=False).returncode != 0, "not by one alone"
    assert rows(house, "SELECT lines FROM audience_block WHERE bulletin = ?", row) == numbers
    assert house.tocsin("emb-admin-1", "change", "confirm", change, check=False).returncode != 0, "not by another duty"
    house.tocsin(two, "change", "confirm", change)
    assert rows(house, "SELECT lines FROM audience_block WHERE bulletin = ?", row) == [("",)] * len(numbers)
    assert rows(house, "SELECT DISTINCT proof || far_id FROM delivery WHERE bulletin = ?", row) == [("",)]
    assert rows(house, "SELECT length(bytes) FROM intake WHERE outcome = ?", "draft " + issued[0]) == [(0,)]
    told = [json.loads(body) for body, in rows(house, "SELECT body FROM audit WHERE what = 'purged' AND ref = ?", change)]
    assert len(told) == 1 and told[0]["blocks"] >= 1 and told[0]["confirmations"] >= 1 and told[0]["inputs"] == 1
    assert "whole" in says(house, "verify")
    path = tmp_path / "after.json"
    house.tocsin("emb-audit-1", "case", "export", issued[0], str(path))
    house.run(house.binary("tocsin"), "case", "verify", str(path), "--alert-key", house.path("keys", "alert.pub"))
    assert json.loads(path.read_text(encoding="utf-8"))["messages"][0]["audiences"][0]["count"] == 4


def rewrite(path, *statements):
    with contextlib.closing(sqlite3.connect(path)) as record:
        for sql in statements:
            assert record.execute(sql).rowcount > 0, sql
        record.commit()
        record.execute("PRAGMA wal_checkpoint(TRUNCATE)")


WAYS = {
    "one flipped bit": ["UPDATE audit SET body = replace(body, 'release', 'Release') WHERE what = 'decision'"],
    "a deleted record": ["DELETE FROM audit WHERE seq = 12"],
    "two swapped": ["UPDATE audit SET seq = -1 WHERE seq = 12", "UPDATE audit SET seq = 12 WHERE seq = 13",
                    "UPDATE audit SET seq = 13 WHERE seq = -1"],
    "a doubled record": ["INSERT INTO audit SELECT (SELECT MAX(seq) + 1 FROM audit), at, what, ref, body, hash FROM audit"
                         " WHERE seq = 12", "UPDATE audit_head SET seq = seq + 1"],
    "the end cut off": ["DELETE FROM audit WHERE seq > (SELECT MAX(seq) - 3 FROM audit)"],
}


def test_every_rewriting_is_found_and_shouted(house, issued):
    good = house.path("good.db")
    with stopped(house) as path:
        shutil.copy(path, good)
    for what, statements in WAYS.items():
        with stopped(house) as path:
            shutil.copy(good, path)
            rewrite(path, *statements)
        assert call(house, None, "GET", "/healthz").json["status"] == "audit-broken", what
        assert "event=audit-broken" in house.log("tocsind"), what
        found(house, what, "verify")

    def beats_broken():
        sealed = call(house, "met-lead", "GET", "/api/v1/audit/head").json["heartbeat"]
        return sealed and form(sealed)["chain"] == ["broken"]
    wait_for(beats_broken, 20, "a heartbeat that says so")
    with stopped(house) as path:
        shutil.copy(good, path)
    assert call(house, None, "GET", "/healthz").json["status"] == "ok"
    assert "whole" in says(house, "verify")


def test_yesterdays_file_is_found_by_the_head_outside(house, issued):
    """By itself it is whole: only what lies outside can tell."""
    old = house.path("yesterday.db")
    with stopped(house) as path:
        shutil.copy(path, old)
    before = int(re.search(r"(\d+) records", says(house, "verify")).group(1))
    house.wait_delivered(house.walk("met", arrivals.warning(words="丙审计")))
    heads = house.path("today.txt")
    key = house.path("keys", "status.pub")

    def today():
        listened(house, "--status-key", key, "--keep", heads)
        with open(heads, encoding="utf-8") as text:
            return max(map(int, re.findall(r"\nhead (\d+)\n", text.read()))) > before
    wait_for(today, 30, "today's heartbeat")
    with stopped(house) as path:
        for more in ("-wal", "-shm"):
            if os.path.exists(path + more):
                os.remove(path + more)
        shutil.copy(old, path)
    assert "whole" in says(house, "verify")
    text = found(house, "yesterday's file", "verify", "--head", heads, "--status-key", key)
    assert "an older record" in text or "rewritten" in text
