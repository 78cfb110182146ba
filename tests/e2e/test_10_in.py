# SPDX-License-Identifier: Apache-2.0
"""The ways in: CAP, accident reports and bulletin texts, by API, command line and watched folder; and what is not
let in. What is refused is refused with place and cause, is no warning, and its bytes are kept."""
import datetime
import json
import os
import re
import threading

import pytest

from conftest import WatchedHouse, housed
from house import SOURCE, TARGETS, Failed, free_port, wait_for
from walk import CHINA
from talk import add_token, bulletins, call, hand_in, kept, number_of, warning

CAP, REPORT, TEXT = "application/cap+xml", "application/json", "text/plain; charset=utf-8"
# An hour ago: a bulletin without an end holds for a day from then.
ISSUED = datetime.datetime.now(CHINA).replace(second=0, microsecond=0) - datetime.timedelta(hours=1)
BULLETIN_TEXT = ISSUED.strftime("天津市气象台于%Y年%m月%d日%H时%M分发布暴雨黄色预警信号:") + \
                "预计今天下午到夜间滨海新区将出现大雨到暴雨，" \
                "部分地区小时雨强将达到30毫米以上，请有关单位和人员做好防范准备。"


def add_officer(house):
    """A harbour's own desk: it may warn in its district only."""
    path = house.path("authority.yaml")
    with open(path, encoding="utf-8") as text:
        words = text.read()
    words = words.replace("officers:\n", """\
  - {id: tj-harbour, name: 滨海新区港区, code: "12011600000000", division: "120116"}
officers:
  - {id: harbour-draft, unit: tj-harbour, duties: [draft]}
""").replace("forbids:\n", """\
  - {unit: tj-harbour, role: handle, acts: [publish, update, cancel], kinds: [warning], hazards: ["12*"],
     levels: [orange, yellow, blue], areas: ["120116"], channels: ["*"], from: 2026-01-01, until: 2030-01-01,
     basis: "突发事件应对法 第六十四条"}
forbids:
""")
    house.write("authority.yaml", words, 0o644)
    add_token(house, "harbour-draft", "harbour-draft", "read,draft,submit,release")


@pytest.fixture(scope="module")
def house():
    def tokens(house):
        add_officer(house)
        add_token(house, "machine", "", "read,draft,submit,approve,release,cancel")
        add_token(house, "reader", "met-lead", "read")
        add_token(house, "drafter-only", "met-draft", "draft")
    with housed(before=tokens) as one:
        yield one


def drop(house, name, body):
    """As a feed does: written aside, then moved in."""
    path = house.path("incoming", name)
    with open(house.path(name + ".part"), "wb") as out:
        out.write(body.encode() if isinstance(body, str) else body)
    os.rename(house.path(name + ".part"), path)
    return path


def report(**changes):
    words = json.loads(warning("accident.json"))
    words.update(changes)
    return json.dumps({name: value for name, value in words.items() if value is not None}, ensure_ascii=False)


def soon():
    return (datetime.datetime.now(CHINA) + datetime.timedelta(hours=6)).replace(microsecond=0).isoformat()


# --- what comes in ---------------------------------------------------------------------------------------------

def test_cap_file_by_command_line(house, tmp_path):
    (tmp_path / "rain.xml").write_text(warning(), encoding="utf-8")
    done = house.tocsin("met-draft", "submit", str(tmp_path / "rain.xml"))
    ident, state, number, headline = done.stdout.split(maxsplit=3)
    assert state == "submitted" and re.fullmatch(r"12000041600000_\d{14}_\d", number)
    assert headline.strip() == "天津市气象台发布暴雨橙色预警信号[Ⅱ级/严重]"
    status = house.status(ident)
    assert (status["kind"], status["level"], status["hazard"]) == ("warning", "orange", "11B03")
    assert status["areas"] == ["120116", "120110"] and sorted(status["targets"]) == sorted(TARGETS)
    assert len(status["texts"]) == len(TARGETS) and len(status["manifest_digest"]) == 64


def test_cap_by_api(house):
    cap = warning()
    answer = hand_in(house, "met-draft", cap)
    assert answer.status == 201 and answer.json["state"] == "draft" and answer.json["repeat"] is False
    assert answer.json["unit"] == "tj-met" and answer.json["drafter"] == "met-draft"
    row = kept(house)[-1]
    assert (row["way"], row["outcome"], row["bytes"]) == ("api", "draft " + answer.json["id"], cap.encode())


def test_content_type_may_be_absent(house):
    """Then the first character tells."""
    for body in (warning(), report(), BULLETIN_TEXT):
        assert hand_in(house, "met-draft" if "天津市气象台" in body else "emb-draft", body, "").status == 201


def test_accident_report(house, tmp_path):
    (tmp_path / "accident.json").write_text(report(), encoding="utf-8")
    ident = house.tocsin("emb-draft", "submit", str(tmp_path / "accident.json")).stdout.split()[0]
    status = house.status(ident)
    assert (status["kind"], status["level"], status["hazard"]) == ("fact", "none", "12D03")
    assert status["areas"] == ["120116"] and status["unit"] == "tj-emb"
    texts = {text["target"]: text["text"] for text in status["texts"]}
    assert "储罐发生泄漏并起火" in texts["webhook"] and "12350" in texts["webhook"]


def test_accident_report_with_level_and_kind(house):
    answer = hand_in(house, "emb-draft", report(kind="response", level="II", where=["东丽区", "120116"]), REPORT)
    assert answer.status == 201, answer.body
    assert (answer.json["kind"], answer.json["level"]) == ("response", "II")
    assert sorted(answer.json["areas"]) == ["120110", "120116"]


def test_weather_bulletin_in_chinese(house):
    answer = hand_in(house, "met-draft", BULLETIN_TEXT, TEXT)
    assert answer.status == 201, answer.body
    draft = answer.json
    assert (draft["kind"], draft["hazard"], draft["level"]) == ("warning", "11B03", "yellow")
    assert draft["unit"] == "tj-met" and draft["areas"] == ["120116"]
    cap = call(house, "met-lead", "GET", "/api/v1/bulletins/%s/cap" % draft["id"]).body.decode()
    assert ISSUED.isoformat() in cap and "小时雨强将达到30毫米以上" in cap
    submitted = call(house, "met-draft", "POST", "/api/v1/bulletins/%s/submit" % draft["id"], b"")
    assert submitted.status == 200 and submitted.json["state"] == "submitted", submitted.body


def test_text_that_says_no_warning(house):
    refused(house, hand_in(house, "met-draft", "今天天气很好。", TEXT), 400, "发布", "issues")
    colourless = hand_in(house, "met-draft", BULLETIN_TEXT.replace("黄色", ""), TEXT)
    assert colourless.status == 400 or any(n["rule"] == "text.colour" and n["level"] == "error"
                                           for n in colourless.json["notes"]), colourless.body


def referring(reference):
    return warning().replace("<msgType>Alert", "<msgType>Update").replace(
        "</scope>", "</scope><references>%s</references>" % reference, 1)


def said_of_references(answer):
    assert answer.status == 201, answer.body
    return sorted(note["rule"] for note in answer.json["notes"] if note["rule"].startswith("references."))


def test_references_are_looked_up_in_the_record(house):
    """Received or released here: known; another sent, or nothing that is still in force: noted, and never refused."""
    first = warning()
    sender, number, sent = (re.search("<%s>(.*?)</%s>" % (name, name), first)[1] for name in ("sender", "identifier", "sent"))
    assert hand_in(house, "met-draft", first).status == 201
    known = ",".join((sender, number, sent))
    assert said_of_references(hand_in(house, "met-draft", referring(known))) == []
    other = ",".join((sender, number, sent.replace("+08:00", "+07:00")))
    assert said_of_references(hand_in(house, "met-draft", referring(other))) == ["references.later", "references.sent"]
    nobody = ",".join((sender, number + "9", sent))
    assert said_of_references(hand_in(house, "met-draft", referring(known + " " + nobody))) == ["references.unknown"]
    ident = house.submit("met-draft", warning())
    house.approve("met", ident, 1)
    house.tocsin("met-lead", "release", ident)
    cap = call(house, "met-lead", "GET", "/api/v1/bulletins/%s/cap" % ident).body.decode()
    ours = ",".join(re.search("<%s>(.*?)</%s>" % (name, name), cap)[1] for name in ("sender", "identifier", "sent"))
    late = (datetime.datetime.now(CHINA) + datetime.timedelta(seconds=30)).isoformat(timespec="seconds")
    update = referring(ours).replace("<sent>" + sent, "<sent>" + late)
    assert said_of_references(hand_in(house, "met-draft", update)) == []
    wait_for(lambda: house.status(ident)["state"] == "released", 20, "it is out")
    house.tocsin("met-lead", "cancel", ident, "--reason", "雨停了")
    assert said_of_references(hand_in(house, "met-draft", referring(ours).replace("<sent>" + sent, "<sent>" + late))) == [
        "references.ended"]


def test_watched_folder_drafts(house):
    cap = warning()
    drop(house, "rain.xml", cap)
    wait_for(lambda: os.path.exists(house.path("incoming", "done", "rain.xml")), 20, "rain.xml taken in")
    row = [row for row in kept(house) if row["name"] == "rain.xml"]
    assert len(row) == 1 and row[0]["way"] == "met-feed" and row[0]["bytes"] == cap.encode()
    ident = row[0]["outcome"].removeprefix("draft ")
    status = house.status(ident)
    assert status["state"] == "draft" and status["source"] == "met-feed" and status["deliveries"] == []
    with pytest.raises(Failed) as no:
        house.release("met", ident)
    assert "draft" in no.value.text


def test_watched_folder_refuses(house):
    before = len(bulletins(house))
    drop(house, "bad.xml", "<alert>")
    reason = house.path("incoming", "refused", "bad.xml.reason")
    wait_for(lambda: os.path.exists(reason) and os.path.exists(reason[:-7]), 20, "bad.xml refused")
    with open(reason, encoding="utf-8") as text:
        assert "line 1" in text.read()
    row = [row for row in kept(house) if row["name"] == "bad.xml"][0]
    assert row["outcome"] == "refused" and row["bytes"] == b"<alert>" and len(bulletins(house)) == before


# --- bad input -------------------------------------------------------------------------------------------------

def refused(house, answer, status, *words):
    assert answer.status == status, answer.body
    for word in words:
        assert word in answer.detail
    assert answer.json["status"] == status and answer.json["title"]


AT_SEA = "38.50,118.50 38.60,118.50 38.60,118.60 38.50,118.50"
POLYGON = "38.95,117.60 39.10,117.60 39.10,117.70 38.95,117.70 38.95,117.60"
AREAS = re.compile("<area>.*</area>", re.S)
BAD = {
    "doctype": (lambda cap: cap.replace("<alert ", '<!DOCTYPE alert [<!ENTITY a "b">]>\n<alert '),
                ("line 2", "第 2 行", "DOCTYPE is not allowed", "不允许 DOCTYPE")),
    "malformed": (lambda cap: cap.replace("</event>", "</evnt>"), ("line 12", "第 12 行", "not well-formed")),
    "cut off": (lambda cap: cap[:len(cap) // 2], ("line", "not well-formed")),
    "not CAP": (lambda cap: "<html><body>no alert</body></html>", ("alert",)),
    "another CAP": (lambda cap: cap.replace("cap:1.2", "cap:9.9"), ("alert",)),
    "not UTF-8": (lambda cap: cap.encode("gb18030"), ("byte", "UTF-8")),
    "no sender": (lambda cap: re.sub("<sender>.*?</sender>", "", cap), ("sender",)),
    "unclosed polygon": (lambda cap: cap.replace(POLYGON, POLYGON[:-13]), ("/area[1]/polygon",)),
    "area without a code": (lambda cap: AREAS.sub(
        "<area><areaDesc>海上</areaDesc><polygon>%s</polygon></area>" % AT_SEA, cap), ("area", "leaves the outlines")),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_message(house, name):
    """4xx with place and cause, by the API; the same by the command line, with 65; no warning, and the bytes kept."""
    spoil, words = BAD[name]
    body = spoil(warning())
    body = body if isinstance(body, bytes) else body.encode()
    before, rows = len(bulletins(house)), len(kept(house))
    refused(house, hand_in(house, "met-draft", body), 400, *words)
    with open(house.path("spoilt.xml"), "wb") as out:
        out.write(body)
    with pytest.raises(Failed) as no:
        house.tocsin("met-draft", "submit", house.path("spoilt.xml"))
    assert no.value.code == 65 and words[-1] in no.value.text
    assert len(bulletins(house)) == before
    new = kept(house)[rows:]
    assert [(row["outcome"], row["bytes"], row["size"]) for row in new] == [("refused", body, len(body))] * 2
    assert all(words[-1] in row["problem"] for row in new)
    shown = call(house, "reader", "GET", "/api/v1/intake").json["intake"]
    assert shown[0]["id"] == new[-1]["id"] and shown[0]["outcome"] == "refused" and shown[0]["name"] == "met-draft"


@pytest.mark.parametrize("size", (262144 + 1, 262144 + 65536, 4 * 262144))
def test_too_large(house, size):
    """256 KiB is the API's cap; the sentence is ours as far as the bytes are read at all."""
    cap = warning()
    body = cap + "<!--" + "x" * (size - len(cap.encode()) - 7) + "-->"
    assert len(body.encode()) == size
    before, rows = len(bulletins(house)), len(kept(house))
    answer = hand_in(house, "met-draft", body)
    assert answer.status == 413 and len(bulletins(house)) == before, answer.body
    if size <= 262144 + 65536:
        refused(house, answer, 413, "262144", str(size))
        row = kept(house)[rows:]
        assert [(r["outcome"], r["bytes"]) for r in row] == [("refused", body.encode()[:262144])]
        assert str(size) in row[0]["problem"]


def test_just_fits(house):
    cap = warning()
    body = cap + "<!--" + "x" * (262144 - len(cap.encode()) - 7) + "-->"
    assert hand_in(house, "met-draft", body).status == 201


def stays_draft(house, cap, *words, officer="met-draft", kind=CAP):
    """Taken in as a draft, and refused when it is put up for approval; its areas stay what they were."""
    draft = hand_in(house, officer, cap, kind)
    assert draft.status == 201, draft.body
    areas = draft.json["areas"]
    answer = call(house, officer, "POST", "/api/v1/bulletins/%s/submit" % draft.json["id"], b"")
    assert answer.status in (400, 403), answer.body
    for word in words:
        assert word in answer.detail, answer.detail
    status = house.status(draft.json["id"])
    assert status["state"] == "draft" and status["areas"] == areas and status["deliveries"] == []
    no = call(house, officer[:3] + "-lead" if officer[:3] + "-lead" in house.tokens else officer, "POST",
              "/api/v1/bulletins/%s/release" % draft.json["id"], b"")
    refused(house, no, 409, "is draft")
    return draft.json["id"]


def test_no_area(house, tmp_path):
    """CAP lets it be absent, the house does not: nowhere is not everywhere."""
    (tmp_path / "nowhere.xml").write_text(AREAS.sub("", warning()), encoding="utf-8")
    with pytest.raises(Failed) as no:
        house.tocsin("met-draft", "submit", str(tmp_path / "nowhere.xml"))
    assert no.value.code == 65 and "area" in no.value.text and "区域" in no.value.text
    stays_draft(house, AREAS.sub("", warning()), "/alert/info[1]", "area", "区域")


def test_faults_are_said_in_chinese_first(house):
    """Each with its place, as `tocsin validate` says it."""
    with pytest.raises(Failed) as no:
        house.tocsin("emb-draft", "submit", "-", stdin=report(when="soon", level="purple"))
    lines = [line for line in no.value.text.splitlines() if re.match(r"  错误 (when|level)：[^/]*[\u4e00-\u9fff][^/]* / error: .* \[\S+\]$", line)]
    assert no.value.code == 65 and len(lines) == 2, no.value.text


@pytest.mark.parametrize("code", ("130200000000", "110000000000", "120199000000"))
def test_area_outside(house, code):
    """Of another province, and none at all: neither left out nor widened to what we do know."""
    stays_draft(house, warning(replace={"120110000000": code}), code[:6])


def test_area_outside_the_policy(house):
    """The policy says which unit may warn where; this one's grant is for one district."""
    stays_draft(house, report(kind="warning", level="orange", hazard="12D03", unit="tj-harbour",
                              headline="滨海新区港区发布危险化学品事故橙色预警", where=["120116", "120110"],
                              expires=soon()), "condition 3", "条件3", "120110", officer="harbour-draft",
                kind=REPORT)
    draft = hand_in(house, "harbour-draft", report(kind="warning", level="orange", hazard="12D03", unit="tj-harbour",
                                                   headline="滨海新区港区发布危险化学品事故橙色预警",
                                                   where=["120116"], expires=soon()), REPORT)
    within = call(house, "harbour-draft", "POST", "/api/v1/bulletins/%s/submit" % draft.json["id"], b"")
    assert within.status == 200 and within.json["areas"] == ["120116"], within.body


def test_hazard_of_another_body(house):
    """条件4: weather warnings are the meteorological body's alone, with the law that says so."""
    ident = stays_draft(house, report(kind="warning", level="orange", hazard="11B03",
                                      expires=soon()),
                        "condition 4", "条件4", "tj-met", "气象法 第二十二条", "condition 3", officer="emb-draft",
                        kind=REPORT)
    why = house.tocsin("emb-lead", "why", ident).stdout
    assert "submission" in why and "deny" in why and "气象法 第二十二条" in why


@pytest.mark.parametrize("member", ("what", "where", "when", "hazard"))
def test_report_without(house, member):
    rows = len(kept(house))
    refused(house, hand_in(house, "emb-draft", report(**{member: None}), REPORT), 400, member)
    assert kept(house)[rows]["outcome"] == "refused"


@pytest.mark.parametrize("changes, word", (
    ({"where": []}, "where"), ({"where": ["120199"]}, "120199"), ({"where": ["不存在区"]}, "不存在区"),
    ({"hazard": "99Z99"}, "99Z99"), ({"colour": "red"}, "colour"), ({"level": "purple"}, "purple"),
    ({"when": "yesterday"}, "when"), ({"what": ""}, "what"), ({"targets": []}, "targets")))
def test_report_with(house, changes, word):
    before = len(bulletins(house))
    answer = hand_in(house, "emb-draft", report(**changes), REPORT)
    assert answer.status == 400, answer.body
    assert word in answer.detail + json.dumps(answer.json.get("problems", []), ensure_ascii=False)
    assert len(bulletins(house)) == before


def test_report_that_is_no_json(house):
    refused(house, hand_in(house, "emb-draft", '{"what": ', REPORT), 400, "line 1")
    assert kept(house)[-1]["bytes"] == b'{"what": '


# --- the same again --------------------------------------------------------------------------------------------

def signed_by_somebody(house, cap):
    """The same content with a Signature: still the same message."""
    key = house.path("somebody.pem")
    if not os.path.exists(key):
        house.run(house.binary("tocsin"), "officer", "key", key, "--public", house.path("somebody.pub"))
    house.write("unsigned.xml", cap.replace("</alert>", SIGNATURE + "</alert>"))
    house.run("/usr/bin/xmlsec1", "--sign", "--privkey-pem", key, "--output",
              house.path("signed.xml"), house.path("unsigned.xml"))
    with open(house.path("signed.xml"), encoding="utf-8") as text:
        return text.read()


SIGNATURE = """<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>
<CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"/>
<Reference URI=""><Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
<Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></Transforms>
<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference></SignedInfo>
<SignatureValue/></Signature>"""


def test_same_message_again(house):
    """Same answer, no second fan-out: by API, with a Signature, in other white space, and by the watched folder."""
    cap = warning()
    ident = house.walk("met", cap)
    first = house.wait_delivered(ident)
    before = len(bulletins(house))
    again = (cap, cap.replace("\n  ", "\n\t\t"), signed_by_somebody(house, cap))
    assert "<SignatureValue>" in again[2]
    for body in again:
        answer = hand_in(house, "met-draft", body)
        assert (answer.status, answer.json["id"], answer.json["repeat"]) == (200, ident, True), answer.body
        assert answer.json["state"] == "released"
    drop(house, "again.xml", cap)
    wait_for(lambda: os.path.exists(house.path("incoming", "done", "again.xml")), 20, "again.xml taken in")
    assert len(bulletins(house)) == before
    # What goes out later has arrived everywhere: a second fan-out would have been before it.
    later = house.walk("met", warning())
    house.wait_delivered(later)
    number = house.status(ident)["identifier"]
    assert [entry["text"].count(number) > 0 for entry in house.arrived("webhook")].count(True) == 1
    assert {name: (d["id"], d["attempts"]) for name, d in house.deliveries(ident).items()} == \
        {name: (d["id"], d["attempts"]) for name, d in first.items()}


def test_same_triple_other_content(house):
    cap = warning()
    first = hand_in(house, "met-draft", cap)
    other = cap.replace("50毫米", "500毫米")
    rows = len(kept(house))
    refused(house, hand_in(house, "met-draft", other), 409, number_of(cap), first.json["id"], "other content")
    row = kept(house)[rows:]
    assert [(r["outcome"], r["bytes"]) for r in row] == [("refused: other content", other.encode())]
    drop(house, "other.xml", other)
    reason = house.path("incoming", "refused", "other.xml.reason")
    wait_for(lambda: os.path.exists(reason), 20, "other.xml refused")
    assert "500" not in call(house, "met-lead", "GET", "/api/v1/bulletins/%s/cap" % first.json["id"]).body.decode()


def test_same_message_by_many_at_once(house):
    """One of them wins, and all hear of the same bulletin."""
    cap, answers = warning(), []
    threads = [threading.Thread(target=lambda: answers.append(hand_in(house, "met-draft", cap))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status for answer in answers) == [200] * 7 + [201], [a.body for a in answers]
    assert len({answer.json["id"] for answer in answers}) == 1


def test_idempotency_key(house):
    body = report(what="同一请求只做一次。")
    one = hand_in(house, "emb-draft", body, REPORT, Idempotency_Key="one")
    again = hand_in(house, "emb-draft", body, REPORT, Idempotency_Key="one")
    assert one.status == again.status == 201 and one.json == again.json
    assert hand_in(house, "emb-draft", body, REPORT, Idempotency_Key="two").json["id"] != one.json["id"]
    assert hand_in(house, "emb-lead", body, REPORT, Idempotency_Key="one").json["id"] != one.json["id"]
    refused(house, hand_in(house, "emb-draft", report(what="另一请求。"), REPORT, Idempotency_Key="one"), 409,
            "Idempotency-Key", "another request")


def test_idempotency_key_by_many_at_once(house):
    body, answers = report(what="同时到达的同一请求。"), []
    before = len(bulletins(house))
    threads = [threading.Thread(target=lambda: answers.append(
        hand_in(house, "emb-draft", body, REPORT, Idempotency_Key="storm"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status for answer in answers} <= {201, 409, 503}, [a.body for a in answers]
    assert len({answer.json["id"] for answer in answers if answer.status == 201}) == 1
    assert len(bulletins(house)) == before + 1


# --- who may ---------------------------------------------------------------------------------------------------

def routes():
    """(method, path) of every call that docs/openapi.yaml says needs a token."""
    with open(os.path.join(SOURCE, "docs", "openapi.yaml"), encoding="utf-8") as text:
        lines = text.read().split("\npaths:\n")[1].split("\ncomponents:\n")[0].splitlines()
    found, path, method = [], None, None
    for line in lines:
        if re.match(r"  /", line):
            path = line.strip().rstrip(":")
        elif re.match(r"    (get|put|post|delete):", line):
            method = line.strip().rstrip(":").upper()
        elif "x-scope:" in line:
            found.append((method, re.sub(r"\{\w+\}", "b1", path.replace("{as}", "cancel")), line.split(":")[1].strip()))
    assert len(found) >= 14
    return found


@pytest.mark.parametrize("method, path, scope", routes())
def test_token_and_scope(house, method, path, scope):
    body = None if method == "GET" else b"{}"
    for token in (None, "0" * 43):
        refused(house, call(house, token, method, path, body, REPORT), 401, "token", "令牌")
    answer = call(house, "drafter-only" if scope == "read" else "reader", method, path, body, REPORT)
    if " " in scope:
        refused(house, answer, 403, "none of the scopes " + scope, "没有 %s 中的任何一项权限" % scope)
    else:
        refused(house, answer, 403, "lacks the scope " + scope, "没有 %s 权限" % scope)


def test_machine_drafts_only(house):
    """A token without an officer hands in; everything that is a person's act is not for it."""
    draft = hand_in(house, "machine", report(), REPORT)
    assert draft.status == 201 and draft.json["drafter"] == ""
    base = "/api/v1/bulletins/" + draft.json["id"]
    refused(house, call(house, "machine", "POST", base + "/submit", b""), 403, "officer", "人员")
    assert house.status(draft.json["id"])["state"] == "draft"
    # An officer makes it their own, and from then on is its drafter.
    assert call(house, "emb-draft", "POST", base + "/submit", b"").json["drafter"] == "emb-draft"
    refused(house, call(house, "machine", "POST", base + "/release", b""), 403, "officer")
    with pytest.raises(Failed) as no:
        house.run(house.binary("tocsin"), "approve", draft.json["id"], "--as", "review", env={
            "TOCSIN_URL": house.url, "TOCSIN_TOKEN_FILE": house.write("machine.token", house.tokens["machine"]),
            "TOCSIN_OFFICER": "emb-review", "TOCSIN_KEY_FILE": house.path("officers", "emb-review.key")})
    assert no.value.code == 77 and "officer" in no.value.text
    assert house.status(draft.json["id"])["approvals"] == []


def test_callback_listener_serves_callbacks_only(house):
    base = "http://127.0.0.1:%d" % house.ports["callback"]
    for path in ("/healthz", "/api/v1/bulletins", "/api/v1/intake", "/", "/c/1-0-" + "0" * 32):
        refused(house, call(house, "met-lead", "GET", path, base=base), 404)
    refused(house, call(house, "met-lead", "GET", "/c/1-0-" + "0" * 32), 404, "nothing at")
    assert call(house, None, "GET", "/healthz").json["mode"] == "live"


# --- starting --------------------------------------------------------------------------------------------------

def settings(house, name, change):
    """A changed copy of the house's settings, in its folder."""
    with open(house.path("tocsin.yaml"), encoding="utf-8") as text:
        words = text.read()
    return house.write(name, change(words), 0o644)


def tocsind(house, path, *arguments):
    return house.run(house.binary("tocsind"), "--config", path, *arguments, check=False)


def test_check_config(house):
    good = tocsind(house, house.path("tocsin.yaml"), "--check-config")
    assert good.returncode == 0 and ": ok (policy" in good.stdout
    path = settings(house, "bad.yaml", lambda words: words.replace("mode: live", "mode: lively").replace(
        "node: demo", "nodes: demo").replace("per_minute", "per_minute") + "workers: many\nlimit_api: 1\n")
    bad = tocsind(house, path, "--check-config")
    lines = bad.stderr.splitlines()
    assert bad.returncode == 78 and not bad.stdout
    places = [re.match(r"%s:(\d+):(\d+): .+ / .+" % re.escape(path), line) for line in lines]
    assert all(places), bad.stderr
    with open(path, encoding="utf-8") as text:
        words = text.read().splitlines()
    for key in ("nodes", "mode", "workers", "limit_api"):
        number = [n for n, line in enumerate(words, 1) if line.startswith(key + ":")][0]
        assert any(int(place[1]) == number and int(place[2]) > 0 for place in places), (key, bad.stderr)


@pytest.mark.parametrize("old, new, word", (
    ("duties: [draft]", "duties: [drafts]", "drafts"), ("version: 1", "version: 2", "version"),
    ("unit: tj-met, role: handle", "unit: tj-nobody, role: handle", "tj-nobody"), ("basis:", "bases:", "bases")))
def test_check_config_reads_the_policy(house, old, new, word):
    with open(house.path("authority.yaml"), encoding="utf-8") as text:
        words = text.read()
    assert old in words
    policy = house.write("bad-policy.yaml", words.replace(old, new, 1), 0o644)
    line = words[:words.index(old)].count("\n") + 1
    path = settings(house, "bad.yaml", lambda w: w.replace(house.path("authority.yaml"), policy))
    bad = tocsind(house, path, "--check-config")
    assert bad.returncode == 78 and re.search(r"%s:%d:\d+: .*%s" % (re.escape(policy), line, word), bad.stderr), \
        bad.stderr
    assert tocsind(house, path).returncode == 78


def test_second_instance_is_refused(house):
    """Other ports and sockets, the same record: one of the two must not run, and it is not the first."""
    def elsewhere(words):
        words = words.replace("/run/agents.sock", "/run/other.sock")
        for name in ("api", "callback"):
            words = words.replace(":%d" % house.ports[name], ":%d" % free_port())
        return words
    second = tocsind(house, settings(house, "second.yaml", elsewhere))
    assert second.returncode != 0 and house.path("state") in second.stderr, second.stderr
    assert "running" in second.stderr or "another" in second.stderr, second.stderr
    token = tocsind(house, house.path("tocsin.yaml"), "--add-token", "late:met-lead:read")
    assert token.returncode != 0 and not token.stdout
    assert house.programs["tocsind"].starts == 1 and house.healthy()
    assert hand_in(house, "met-draft", warning()).status == 201


@pytest.mark.parametrize("spoil", (os.remove, lambda path: open(path, "w", encoding="utf-8").close()))
def test_no_callback_secret_no_start(house, spoil):
    house.write("callback-copy", "0123456789abcdef0123456789abcdef\n")
    path = settings(house, "keyless.yaml", lambda words: words.replace(
        house.path("secrets", "callback"), house.path("callback-copy")).replace(
            house.path("state"), house.path("state-two")).replace("/run/agents.sock", "/run/third.sock"))
    os.makedirs(house.path("state-two"), exist_ok=True)
    assert tocsind(house, path, "--check-config").returncode == 0
    spoil(house.path("callback-copy"))
    for arguments in (("--check-config",), ()):
        no = tocsind(house, path, *arguments)
        assert no.returncode == 78 and "callback-copy" in no.stderr, no.stderr
        line = [n for n, words in enumerate(open(path, encoding="utf-8"), 1) if words.startswith("callback_secret")][0]
        assert "%s:%d:" % (path, line) in no.stderr


def test_channel_without_its_password_never_says_success():
    """The others have it; this one says loudly what is missing, and delivers as soon as the file is there."""
    secrets = {}

    def take_away(house):
        secrets["weibo"] = house.secret_value("weibo")
        os.remove(house.path("secrets", "weibo"))

    class Keyless(WatchedHouse):
        def secret_value(self, name):
            return secrets.get(name) or super().secret_value(name)

    with housed(before=take_away, kind=Keyless) as house:
        ident = house.walk("met", warning())
        house.wait_delivered(ident, [name for name in TARGETS if name != "weibo"])
        wait_for(lambda: [line for line in house.log("channel-weibo-urgent").splitlines() if line.startswith("<3>")
                          and house.path("secrets", "weibo") in line], 20, "an error about the missing password")
        weibo = house.deliveries(ident)["weibo"]
        assert weibo["state"] in ("waiting", "sending") and weibo["proof"] == ""
        assert not [entry for entry in house.arrived("weibo") if house.status(ident)["identifier"] in entry["text"]]
        house.secret("weibo", secrets["weibo"])
        house.wait_delivered(ident, ["weibo"], 60)
