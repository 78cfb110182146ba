# SPDX-License-Identifier: Apache-2.0
"""The directory of recipients: a CSV imported beside the running tocsind, put in force by two administrators, counted,
chosen from by a bulletin's area, hazard and level, told, and destroyed when nobody needs it any more."""
import contextlib
import glob
import json
import os
import signal
import sqlite3
import subprocess

import pytest

from arrivals import prepare
from conftest import Failed, housed, sample
from house import wait_for
from talk import call, warning

ONE, TWO = "emb-admin-1", "emb-admin-2"
HEAD = "number,name,division,longitude,latitude,hazards,level,groups,consent,purposes\n"
# Who is told of an orange rainstorm in Binhai, and who is not.
TOLD = {"13900001001": "120116,,,,,,yes,", "13900001002": "120116,,,11B03,orange,,yes,warning",
        "13900001003": "120116001,,,,,village,law,", "13900001004": ",117.70,39.02,,,,yes,"}
SPARED = {"13900002001": "120101,,,,,,yes,", "13900002002": "120116,,,,red,,yes,", "13900002003": "120116,,,11B09,,,yes,",
          "13900002004": "120116,,,,,,no,", "13900002005": "120116,,,,,,yes,advisory"}


def line(number, rest):
    division, *others = rest.split(",")
    return ",".join([number, "张三", division, *others])


def people(*more):
    return HEAD + "".join(line(number, rest) + "\n" for number, rest in [*TOLD.items(), *SPARED.items(), *more])


def settings(house):
    path = house.path("tocsin.yaml")
    with open(path, encoding="utf-8") as text:
        whole = text.read()
    changed = whole.replace("recipients: %s" % house.path("recipients.csv"), "recipients: directory\n    per_minute: 6000")
    assert changed != whole
    house.write("tocsin.yaml", changed)


def bring_in(house, text, check=True):
    house.write("people.csv", text)
    return house.run(house.binary("tocsin"), "recipients", "import", house.path("people.csv"), "--errors",
                     house.path("errors.csv"), "--config", house.path("tocsin.yaml"), check=check)


def directories(house):
    return call(house, "met-draft", "GET", "/api/v1/recipients").json["directories"]


def in_force(house):
    found = [one for one in directories(house) if one["state"] == "current"]
    return found[0]["generation"] if found else None


def enforce(house, generation):
    ident = house.tocsin(ONE, "recipients", "propose", str(generation)).stdout.split()[0]
    house.tocsin(TWO, "change", "confirm", ident)
    assert in_force(house) == generation
    return ident


def count(house, **selection):
    answer = call(house, "met-draft", "POST", "/api/v1/recipients/count",
                  json.dumps(selection), "application/json")
    assert answer.status == 200, answer.body
    return answer.json


@pytest.fixture(scope="module")
def house():
    with housed(before=settings) as one:
        bring_in(one, people())
        enforce(one, directories(one)[0]["generation"])
        yield one


# --- the way in ---------------------------------------------------------------------------------------------------

def test_faults_are_named_and_their_neighbours_count(house):
    done = bring_in(house, people(("1390000900", "120116,,,,,,yes,"), ("13900009001", "120116,,,,purple,,yes,")), check=False)
    assert done.returncode != 0 and "import_faults_most" in done.stderr  # two of eleven are more than a tenth
    with open(house.path("errors.csv"), encoding="utf-8") as text:
        rows = text.read().splitlines()
    assert rows[0] == "line,field,原因,cause" and [row.split(",")[:2] for row in rows[1:]] == [["11", "number"], ["12", "level"]]
    assert not [row for row in rows if "1390000" in row]
    done = bring_in(house, people(("1390000900", "120116,,,,,,yes,"), *[("138000000%02d" % n, "120101,,,,,,yes,") for n in range(9)]))
    assert "faulty" in done.stdout and "1390000" not in done.stdout
    newest = directories(house)[0]
    assert (newest["state"], newest["faults"], newest["people"], newest["added"]) == ("ready", 1, 17, 9)


def test_a_foreign_encoding_is_named(house):
    with open(house.path("people.csv"), "wb") as file:
        file.write("号码,区划\n13900001001,120116\n".encode("gbk"))
    with pytest.raises(Failed) as failed:
        house.run(house.binary("tocsin"), "recipients", "import", house.path("people.csv"), "--config", house.path("tocsin.yaml"))
    assert "GBK" in failed.value.text and "CSV UTF-8" in failed.value.text


def test_one_administrator_is_not_enough(house):
    bring_in(house, people(("13800000001", "120101,,,,,,yes,")))
    newest, before = directories(house)[0], in_force(house)
    ident = house.tocsin(ONE, "recipients", "propose", str(newest["generation"])).stdout.split()[0]
    shown = house.tocsin(TWO, "change", "show", ident).stdout
    assert "\nadded 1\ngone 0\nchanged 0\n" in shown and newest["digest"] in shown
    words = call(house, TWO, "GET", "/api/v1/changes/" + ident).json["diff"]
    assert "新增 1、减少 0、改动 0" in words and "1 added, 0 gone, 0 changed" in words
    with pytest.raises(Failed):
        house.tocsin(ONE, "change", "confirm", ident)
    assert in_force(house) == before
    changed = newest["document"].replace("added 1", "added 0")
    with pytest.raises(Failed) as failed:
        house.tocsin(ONE, "change", "propose", "recipients", "-", stdin=changed)
    assert "counts" in failed.value.text
    house.tocsin(ONE, "change", "withdraw", ident, "--reason", "还要核对")
    with pytest.raises(Failed):
        house.tocsin("met-draft", "recipients", "propose", str(newest["generation"]))


def test_a_kill_in_the_middle_leaves_what_is_in_force(house):
    before, known = in_force(house), {one["generation"] for one in directories(house)}
    house.write("many.csv", "number,division\n" + "".join("137%08d,120116\n" % n for n in range(60000)))
    running = subprocess.Popen([house.binary("tocsind"), "--config", house.path("tocsin.yaml"), "--import-recipients",
                                house.path("many.csv")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def building():
        with sqlite3.connect("file:%s?mode=ro" % house.path("state", "directory.db"), uri=True) as db:
            return db.execute("SELECT COUNT(*) FROM generation WHERE state = 'building'").fetchone()[0]
    wait_for(building, 20, "the import under way")
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert in_force(house) == before and {one["generation"] for one in directories(house)} == known
    assert not glob.glob(house.path("state", "*.csv")) and count(house, areas=["120000"])["people"] == 7
    bring_in(house, people())
    assert not building() and directories(house)[0]["people"] == 8


# --- whom ----------------------------------------------------------------------------------------------------------

def test_counting_beforehand(house):
    answer = count(house, areas=["120116"], hazard="11B03", level="orange")
    assert answer == {"people": 4, "blocks": 1, "unplaced": 0, "cover": [{"target": "sms", "seconds": 1}]}
    square = "38.9,117.6 38.9,117.8 39.1,117.8 39.1,117.6 38.9,117.6"
    assert count(house, polygon=square)["people"] == count(house, circle="39.02,117.7 1")["people"] == 1
    assert count(house, polygon=square)["unplaced"] == 7
    assert count(house, areas=["120116"], groups=["village"])["people"] == 1
    assert count(house, areas=["120116"], kind="notice")["people"] == 4  # not who is told by the law alone
    text = house.tocsin("met-draft", "recipients", "count", "--area", "120116", "--hazard", "11B03", "--level", "orange").stdout
    assert "4 人 people" in text and "sms：约需 about 1 s" in text
    for wrong in ({}, {"areas": ["12"]}, {"areas": "120116"}, {"polygon": "1,2"}, {"areas": ["120116"], "level": "pink"}):
        answer = call(house, "met-draft", "POST", "/api/v1/recipients/count", json.dumps(wrong), "application/json")
        assert answer.status == 400, wrong
    assert call(house, "emb-audit-1", "POST", "/api/v1/recipients/count", '{"areas": ["120116"]}', "application/json").status == 403


@pytest.fixture(scope="module")
def told(house):
    ident = house.submit("met-draft", sample("rainstorm.xml", 6))
    house.approve("met", ident, 1)
    house.tocsin("met-lead", "release", ident)
    house.wait_delivered(ident, ("sms",))
    return call(house, "met-draft", "GET", "/api/v1/bulletins/" + ident).json


def test_who_wished_it_is_told(house, told):
    assert [text["recipients"] for text in told["texts"] if text["target"] == "sms"] == [4]
    wait_for(lambda: {to for to, text in house.sms() if told["identifier"] in text} >= set(TOLD), 20, "the short messages")
    assert {to for to, text in house.sms() if told["identifier"] in text} == set(TOLD)


def test_a_new_directory_touches_nobody_who_is_frozen(house, told):
    """Consent is withdrawn after the release: the cancel still goes to whom the warning went to."""
    bring_in(house, people().replace("13900001001,张三,120116,,,,,,yes,", "13900001001,张三,120116,,,,,,no,"))
    newest = directories(house)[0]
    assert (newest["gone"], newest["withheld"]) == (1, 2)
    enforce(house, newest["generation"])
    assert count(house, areas=["120116"], hazard="11B03", level="orange")["people"] == 3
    house.tocsin("met-lead", "cancel", told["id"], "--reason", "雨已停")
    wait_for(lambda: len({to for to, text in house.sms() if to in TOLD and "解除" in text}) == 4, 30, "the cancel by sms")


@contextlib.contextmanager
def without_directory(house):
    """Its file is gone, while tocsind and for good as far as that knows."""
    tocsind, whole, away = house.programs["tocsind"], house.path("state", "directory.db"), house.path("state", "away.db")
    with contextlib.closing(sqlite3.connect(whole)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    tocsind.stop()
    os.rename(whole, away)
    tocsind.start()
    wait_for(house.healthy, 30, "tocsind")
    yield
    os.rename(away, whole)


def sms_of(house, ident):
    return [one for one in call(house, "met-draft", "GET", "/api/v1/bulletins/" + ident).json["deliveries"] if one["target"] == "sms"]


def test_without_its_file_everybody_else_is_told(house):
    """The directory is lost after people were frozen in it: what was approved, and the cancel of what is in force, leave for all
    other far sides at once, and for those people as soon as the file is back."""
    approved, out = (house.submit("met-draft", warning(replace={"东丽区": "东丽区%d" % n})) for n in range(2))
    for ident in (approved, out):
        house.approve("met", ident, 1)
    house.tocsin("met-lead", "release", out)
    house.wait_delivered(out, ("sms",))
    with without_directory(house):
        house.tocsin("met-lead", "release", approved)
        cancel = house.tocsin("met-lead", "cancel", out, "--reason", "雨已停").stdout.split()[0]
        for ident in (approved, cancel):
            house.wait_delivered(ident, ("mqtt", "website"))
        wait_for(lambda: [one["state"] for one in sms_of(house, cancel) if "no directory" in one["reason"]], 20, "a reason")
        house.write("state/directory.db", "no database " * 400)
        answer = call(house, "met-draft", "GET", "/api/v1/recipients")
        assert answer.status == 503 and "damaged" in answer.detail
        os.remove(house.path("state", "directory.db"))
    for ident in (approved, cancel):
        house.wait_delivered(ident, ("sms",))
        assert sms_of(house, ident)[0]["reached"] == len(TOLD) - 1


def change_blocks(house, here, there):
    """In the file itself, as no program of ours would."""
    with contextlib.closing(sqlite3.connect(house.path("state", "directory.db"))) as db:
        done = db.execute("UPDATE block SET lines = replace(lines, ?, ?) WHERE instr(lines, ?)", (here, there, here))
        db.commit()
        return done.rowcount


def test_a_number_changed_after_the_approval_reaches_nobody(house):
    """The one digit is on no list that was signed: of its block nothing leaves, and it is said."""
    ident = prepare(house, "orange", "改号")
    assert change_blocks(house, "13900001002", "13900001902")
    house.release("met", ident)
    wait_for(lambda: house.deliveries(ident)["sms"]["state"] == "rejected", 30, lambda: str(house.deliveries(ident)["sms"]))
    assert "are not those approved: none of them is told" in house.deliveries(ident)["sms"]["reason"]
    house.wait_delivered(ident, ("mqtt", "website"))  # the others go on
    number = house.status(ident)["identifier"]
    assert not [to for to, text in house.sms() if "改号" in text or number in text]
    with open(house.path("log", "channel-sms-urgent.log"), encoding="utf-8") as text:
        said = [line for line in text if "refused" in line]
    assert said and "不是批准的那些" in said[-1] and "139000" not in "".join(said)
    assert change_blocks(house, "13900001902", "13900001002")
    again = prepare(house, "orange", "号对")
    house.release("met", again)
    house.wait_delivered(again, ("sms",))


def test_no_number_is_said_anywhere(house, told):
    for path in glob.glob(house.path("log", "toc*.log")):
        with open(path, encoding="utf-8", errors="replace") as text:
            assert "1390000" not in text.read(), path
    assert "1390000" not in str(directories(house)) and told
