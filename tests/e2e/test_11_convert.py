# SPDX-License-Identifier: Apache-2.0
"""`tocsin convert`: the message of the national platform and CAP, both ways, JSON, plain text, and the report of what is lost."""
import glob
import json
import os
import re
import subprocess

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
BINARIES = os.environ.get("TOCSIN_BIN", os.path.join(SOURCE, "build", "dev", "bin"))
SHARED = os.environ.get("TOCSIN_SHARED", os.path.join(SOURCE, "..", "shared"))
CORPUS = os.path.join(SHARED, "corpus")
TOCSIN = os.path.join(BINARIES, "tocsin")
NATIONAL = os.path.join(SOURCE, "tests", "data", "national")
CAP = os.path.join(SOURCE, "tests", "data", "cap")
PERSON = "签发员"


def convert(to, path, *more, text=None):
    """-> exit code, what was written, what was said"""
    done = subprocess.run([TOCSIN, "convert", "--to", to, "--catalog", os.path.join(SOURCE, "publisher", "data"), *more, path],
                          input=text, capture_output=True, text=True, timeout=60, check=False)
    assert "Sanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr[-3000:]
    return done.returncode, done.stdout, done.stderr


def notes(said):
    """{(rule, path)}; the line in the document is left out."""
    return {(match[2], match[1]) for match in re.finditer(r"^  \w+ (/\S*?)(?: \(line \d+\))?：.* \[(\S+)\]$", said, re.M)}


def sample(name):
    with open(os.path.join(NATIONAL, name), encoding="utf-8") as file:
        return file.read()


def element(xml, name):
    return re.findall(r"<%s>([^<]*)</%s>" % (name, name), xml)


def test_national_to_cap_and_back(tmp_path):
    code, cap, said = convert("cap", os.path.join(NATIONAL, "rainstorm_orange.xml"))
    assert code == 0
    assert element(cap, "sent") == ["2026-07-01T09:50:00+08:00"] and element(cap, "event") == ["暴雨"]
    assert element(cap, "areaDesc") == ["西青区", "静海区"] and "<value>Orange</value>" in cap
    assert {("convert.lost", "/alert/code"), ("convert.lost", "/alert/info[1]/senderName"),
            ("convert.supplied", "/alert/info[1]/urgency"), ("convert.supplied", "/alert/info[1]/certainty")} <= notes(said)
    assert PERSON not in cap + said
    path = str(tmp_path / "a.xml")
    with open(path, "w", encoding="utf-8") as out:
        out.write(cap)
    valid = subprocess.run([TOCSIN, "validate", "--json", path], capture_output=True, text=True, check=False)
    assert json.loads(valid.stdout)["valid"]
    code, back, said = convert("national", path)
    given = sample("rainstorm_orange.xml")
    assert code == 0 and not [note for note in notes(said) if note[0].startswith("convert.")]
    for name in ("identifier", "sender", "senderCode", "status", "msgType", "scope", "secClassification", "language",
                 "eventType", "severity", "effective", "headline", "description", "instruction", "areaDesc", "geocode"):
        assert element(back, name) == element(given, name), name
    # By way of CAP or not: the same, and once more the same.
    code, direct, said = convert("national", os.path.join(NATIONAL, "rainstorm_orange.xml"))
    assert code == 0 and direct == back and PERSON not in direct + said
    assert convert("national", "-", text=back)[1] == back


def test_a_level_that_stands_in_the_headline_alone(tmp_path):
    """It is the level, for urgency and certainty too."""
    there = sample("rainstorm_orange.xml").replace("预计未来3小时", "过去3小时").replace("将出现50毫米以上", "已出现100毫米以上")
    for severity, words in (("Orange", ["Immediate"]), ("Unknown", ["Immediate"]), ("Blue", ["Expected"])):
        path = tmp_path / "there.xml"
        path.write_text(there.replace(">Orange<", ">%s<" % severity), encoding="utf-8")
        code, cap, _ = convert("cap", str(path))
        assert code == 0 and element(cap, "urgency") == words, severity


def test_two_levels_in_one_message_are_named(tmp_path):
    """The colour holds; nobody reads of a blue warning without hearing that it also says Extreme."""
    code, cap, _ = convert("cap", os.path.join(NATIONAL, "rainstorm_orange.xml"))
    assert code == 0
    path = tmp_path / "two.xml"
    for severity, named in (("Severe", False), ("Extreme", True), ("Unknown", False)):
        path.write_text(cap.replace("<severity>Severe<", "<severity>%s<" % severity), encoding="utf-8")
        for to in ("national", "json", "text"):
            code, _, said = convert(to, str(path))
            assert code == 0 and (("convert.level", "/alert/info[1]/severity") in notes(said)) == named, (severity, to, said)


def test_references_are_looked_up():
    update, original = (os.path.join(NATIONAL, name) for name in ("rainstorm_red_update.xml", "rainstorm_orange.xml"))
    code, cap, said = convert("cap", update)
    # Not known: read off the identifier, and said so.
    assert code == 0 and ("convert.reference", "/alert/references") in notes(said)
    assert element(cap, "references") == ["12000041600000,12000041600000_20260701095500,2026-07-01T09:55:00+08:00"]
    code, cap, said = convert("cap", update, "--known", original)
    assert code == 0 and ("convert.reference", "/alert/references") not in notes(said)
    assert element(cap, "references") == ["12000041600000,12000041600000_20260701095500,2026-07-01T09:50:00+08:00"]
    # Neither known nor readable: no CAP is made of it.
    code, cap, said = convert("cap", "-", text=sample("rainstorm_red_update.xml").replace(
        "<references>12000041600000_20260701095500", "<references>the-last-one"))
    assert code == 65 and not cap and "the-last-one" in said


def test_json_is_the_documented_form():
    code, text, said = convert("json", os.path.join(NATIONAL, "rainstorm_cancel.xml"))
    assert code == 0 and PERSON not in text + said
    shown = json.loads(text)
    with open(os.path.join(SOURCE, "docs", "SUBSCRIBERS.md"), encoding="utf-8") as file:
        described = file.read().split("## 3. The JSON form")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in described.splitlines() if line.startswith("| ")]
    members = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert set(shown) == members
    assert (shown["verb"], shown["level"], shown["hazard"], shown["replaces"]) == (
        "cancel", "red", "11B03", "12000041600000_20260701125500")
    assert [area["code"] for area in shown["areas"]] == ["120111", "120118"]
    # The report also as JSON; that of CAP names what the flat view has no member for.
    code, text, said = convert("json", os.path.join(CAP, "rainstorm_update.xml"), "--report", "/dev/stderr")
    assert code == 0 and json.loads(text)["verb"] == "update"
    assert ("convert.lost", "/alert/incidents") in notes(said) and '"rule": "convert.lost"' in said


def test_what_is_classified_stays_inside():
    inner = sample("rainstorm_orange.xml").replace(">None<", ">Inner<")
    code, cap, _ = convert("cap", "-", text=inner)
    assert code == 0 and element(cap, "scope") == ["Restricted"] and element(cap, "restriction") == ["secClassification Inner"]
    for form in ("json", "text"):
        code, text, said = convert(form, "-", text=inner)
        assert code == 77 and not text and "not for the public" in said
    code, national, _ = convert("national", "-", text=cap)
    assert code == 0 and element(national, "secClassification") == ["Inner"]


def test_plain_text():
    """What to do, where, until when, hazard and level, issuer, number; below it the station's own words, all or none."""
    path = os.path.join(NATIONAL, "rainstorm_orange.xml")
    issued = element(sample("rainstorm_orange.xml"), "description")[0]
    code, text, said = convert("text", path, "--language", "en")
    lines = text.split("\n")
    assert code == 0 and lines[0].startswith("Stay indoors") and lines[1] == "Where: Xiqing District, Jinghai District."
    assert lines[3].startswith("Rainstorm: orange warning") and "2026-07-01 09:50" in lines[4] and "110" in lines[5]
    assert issued in text and PERSON not in text + said
    assert {("plain.issuer", "/en"), ("plain.unapproved", "/en"), ("convert.lost", "/alert/info[1]/category")} <= notes(said)
    code, chinese, said = convert("text", path)
    assert code == 0 and "地点：西青区、静海区。" in chinese and issued in chinese and "plain.general" not in said
    code, short, said = convert("text", path, "--limit", "120")
    assert code == 0 and len(short.strip()) <= 120 and issued not in short and ("plain.shortened", "/zh-CN") in notes(said)
    for part in ("地点：西青区、静海区。", "解除之前一直有效。", "暴雨橙色预警", "天津市气象局2026年07月01日09时50分发布。"):
        assert part in short
    code, none, said = convert("text", path, "--limit", "30")
    assert code == 65 and not none and "never left out" in said
    # A hazard without sentences of its own: the general one, and it is said.
    code, text, said = convert("text", os.path.join(CAP, "accident_fact.xml"), "--language", "en")
    assert code == 0 and text.startswith("Take care") and ("plain.general", "/en") in notes(said)
    assert convert("text", path, "--language", "fr")[0] == 65
    for limit in ("0", "-3", "x", "1e3"):
        assert convert("text", path, "--limit", limit)[0] == 64


@pytest.mark.parametrize("body,why", (
    ("<!DOCTYPE alert [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><alert><senderCode>&e;</senderCode></alert>", "DOCTYPE"),
    ("<alert><senderCode>1</senderCode>" + "<a>" * 40 + "</a>" * 40 + "</alert>", "deep"),
    ("<alert><senderCode>1</senderCode></alert>", "missing"),
    ("", "is empty"), ("{}", "not well-formed")))
def test_hostile_documents(body, why):
    code, out, said = convert("cap", "-", text=body)
    assert code == 65 and not out and why in said, said


def test_wrong_use(tmp_path):
    assert convert("pdf", "x.xml")[0] == 64
    assert subprocess.run([TOCSIN, "convert", "x.xml"], capture_output=True, check=False).returncode == 64
    assert convert("cap", str(tmp_path / "none.xml"))[0] != 0
    done = subprocess.run([TOCSIN, "convert", "--to", "cap", "--catalog", str(tmp_path), os.path.join(CAP, "french.xml")],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 78 and "event-types.csv" in done.stderr
    two = sample("rainstorm_orange.xml")
    code, _, said = convert("cap", "-", text="<feed>" + 2 * two[two.index("<alert>"):] + "</feed>")
    assert code == 65 and "2 messages" in said


def test_json_of_others_by_its_table():
    path = os.path.join(SOURCE, "tests", "data", "mapping", "%s.json")
    code, cap, said = convert("cap", path % "qweather-warning", "--table", "qweather-warning")
    assert code == 0 and element(cap, "event") == ["暴雨"] and element(cap, "sender") == ["qweather.com"] and not element(cap, "areaDesc")
    assert {("read.json", "/warning/0"), ("convert.area", "/warning/0"), ("convert.supplied", "/warning/0/urgency")} <= notes(said)
    code, cap, said = convert("cap", path % "nws", "--table", "nws", "--item", "1")
    assert code == 0 and element(cap, "identifier") == ["urn:oid:2.49.0.1.840.0.1"]
    code, cap, said = convert("cap", path % "nws", "--table", "nws", "--item", "3")
    assert code == 65 and not cap and "/features/2/alert" in said, said
    assert convert("cap", path % "nws", "--table", "nws")[0] == 65  # which of the three?
    assert convert("cap", path % "nws", "--table", "nws", "--item", "4")[0] == 65
    code, _, said = convert("cap", path % "nws", "--table", "nobody")
    assert code == 64 and "nobody" in said and "nmc" in said
    assert convert("cap", path % "nws", "--item", "1")[0] == 64
    assert convert("cap", path % "nws", "--table", "nmc")[0] == 65


@pytest.mark.skipif(not os.path.isdir(CORPUS), reason="the corpus of real messages is not here: " + CORPUS)
def test_real_messages_of_the_administration():
    """What CMA gives the world as CAP becomes national messages and comes back."""
    paths = sorted(glob.glob(os.path.join(CORPUS, "cap", "cn-cma", "*.xml")))
    assert paths
    for path in paths:
        with open(path, encoding="utf-8") as file:
            given = file.read()
        code, national, said = convert("national", path)
        assert code == 0, said
        assert element(national, "identifier") == element(given, "identifier")[:1]
        assert element(national, "severity")[0] in ("Red", "Orange", "Yellow", "Blue")
        assert re.fullmatch(r"11[AB]\d\d", element(national, "eventType")[0])
        code, again, said = convert("national", "-", text=national)
        assert code == 0 and element(again, "headline") == element(national, "headline"), said
