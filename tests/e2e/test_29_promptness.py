# SPDX-License-Identifier: Apache-2.0
"""What a release obliges the bureau to, until it is done; an urgent release nobody reports; and how prompt the house was,
as a table, CSV and JSON, with the reasons for what was late."""
import csv
import functools
import io
import json
import re
import sqlite3

import pytest

from conftest import housed
from house import Failed, wait_for
from talk import call, hand_in, warning
from test_10_in import REPORT, report
from test_20_people import denied, says

DUTIES = """\
urgent: {levels: [red], reviews: 0, signs: 1, report_within: PT1S, basis: "突发事件应对法 第六十四条"}
duties:
  - {what: report, levels: [red, orange], to: 市委、市政府值班室, within: PT2H, basis: "突发事件应对法 第六十四条"}
  - {what: notice, levels: [red, orange], to: 当地驻军和可能受到危害的毗邻地区, within: PT1H,
     basis: "突发事件应对法 第六十四条"}
  - {what: announce, within: PT6H, basis: "突发事件应对法 第六十六、六十七条"}
  - {what: lift, basis: "突发事件应对法 第七十条"}
"""


def with_duties(house):
    with open(house.path("authority.yaml"), "a", encoding="utf-8") as policy:
        policy.write(DUTIES)
    with open(house.path("tocsin.yaml"), "r+", encoding="utf-8") as settings:
        text = settings.read()
        # Nobody is that fast: every draft is late, and no release is.
        settings.seek(0)
        settings.write('prompt_draft: "1 blue=5"\n' + text)


HOUSED = functools.partial(housed, before=with_duties)


def due(house, officer="met-lead"):
    return call(house, officer, "GET", "/api/v1/due").json["due"]


def duties_of(house, ident):
    found = call(house, "met-lead", "GET", "/api/v1/due?bulletin=" + ident).json["due"]
    return {one["what"]: one for one in found}


def red_report(**members):
    return report(procedure="urgent", kind="warning", level="red", result=None, **members)


def test_release_opens_the_laws_duties(house):
    ident = house.walk("met", warning())
    found = duties_of(house, ident)
    assert set(found) == {"report", "notice", "announce", "lift"}
    assert found["notice"]["to"] == "当地驻军和可能受到危害的毗邻地区"
    assert found["report"]["basis"] == "突发事件应对法 第六十四条" and found["report"]["state"] == "open"
    listed = [one["id"] for one in due(house)]
    assert listed.index(found["notice"]["id"]) < listed.index(found["report"]["id"]) < listed.index(found["announce"]["id"])
    printed = house.tocsin("met-lead", "due").stdout
    says(printed, "notice（通报）", "突发事件应对法 第六十六、六十七条", found["lift"]["id"])
    # What the cancel fulfils is closed by it; what only people can do stays.
    house.tocsin("met-lead", "cancel", ident, "--reason", "降雨结束")
    after = duties_of(house, ident)
    cancel = after["lift"]["closed_by"]
    assert {what for what, one in after.items() if one["state"] == "done"} == {"announce", "lift"}
    assert cancel.startswith("b") and cancel != ident and after["announce"]["closed_by"] == cancel
    assert after["report"]["state"] == "open"


def test_a_duty_is_done_once_by_its_unit(house):
    ident = house.walk("met", warning())
    duty = duties_of(house, ident)["report"]["id"]
    says(denied(house, "emb-lead", "due", "done", duty, "--note", "已报"), "tj-met", "not of that unit", "不属于该单位")
    for body in (b"", b"{}", b'{"note": ""}', b'{"note": 7}', b"[]", b"\xff"):
        assert call(house, "met-lead", "POST", "/api/v1/due/%s/done" % duty, body, REPORT).status == 400
    for missing in ("d999999", "b1", "d", "d-1", "d9999999999999999999", "%00"):
        answer = call(house, "met-lead", "POST", "/api/v1/due/%s/done" % missing, b'{"note": "x"}', REPORT)
        assert answer.status == 404, (missing, answer.body)
    house.tocsin("met-lead", "due", "done", duty, "--note", "已电话报告", "--reference", "津气报〔2026〕1号")
    done = duties_of(house, ident)["report"]
    assert (done["state"], done["closed_by"], done["note"], done["reference"]) == \
        ("done", "met-lead", "已电话报告", "津气报〔2026〕1号")
    with pytest.raises(Failed) as no:
        house.tocsin("met-lead", "due", "done", duty, "--note", "again")
    says(no.value.text, "done already", "已经办结")
    record = sqlite3.connect("file:%s?mode=ro" % house.path("state", "record.db"), uri=True)
    bodies = [row[0] for row in record.execute("SELECT body FROM audit WHERE what LIKE 'duty%'")]
    record.close()
    assert any(duty in body for body in bodies) and not any("电话" in body for body in bodies)
    assert "电话" not in house.log("tocsind")


def test_whoever_reviews_may_say_it_is_done_and_why_it_was_late(house):
    ident = house.walk("met", warning())
    duty = duties_of(house, ident)["report"]["id"]
    house.tocsin("met-review", "due", "done", duty, "--note", "已电话报告")
    house.tocsin("met-sign-1", "report", "late", ident, "--reason", "核对区域")
    assert duties_of(house, ident)["report"]["closed_by"] == "met-review"


def test_the_one_that_waits_longest_is_due_too(house):
    first = hand_in(house, "met-draft", warning()).json["id"]
    for _ in range(210):
        hand_in(house, "met-draft", warning())
    assert first in [one.get("bulletin") for one in due(house)]


def test_waiting_work_is_due(house):
    ident = hand_in(house, "met-draft", warning()).json["id"]
    of = lambda: [one for one in due(house) if one.get("bulletin") == ident]  # noqa: E731
    assert [one["what"] for one in of()] == ["draft"]
    house.tocsin("met-draft", "submit", ident)
    assert [one["what"] for one in of()] == ["review"]
    house.tocsin("met-review", "approve", ident, "--as", "review")
    assert [(one["what"], one["what_zh"]) for one in of()] == [("sign", "等待签发")]
    house.tocsin("met-sign-1", "approve", ident, "--as", "sign")
    assert [one["what"] for one in of()] == ["release"]
    house.release("met", ident)
    assert "release" not in [one["what"] for one in of()]


def test_urgent_release_and_its_overdue_report(house):
    ident = house.submit("emb-draft", red_report())
    assert house.status(ident, "emb-lead")["procedure"] == "urgent"
    house.tocsin("emb-sign-1", "approve", ident, "--as", "sign")
    # One signature is enough for it, and none for the secrecy review: a signer's counts.
    house.release("emb", ident)
    duty = duties_of(house, ident)["after-report"]
    line = wait_for(lambda: re.search(r".*event=report-overdue .*%s .*" % duty["id"], house.log("tocsind")), 10,
                    "the overdue report is said aloud")
    says(line.group(0), "<3>", "bulletin=" + ident, "unit=tj-emb")
    top = due(house)[0]
    assert (top["id"], top["what"], top["overdue"], top["state"]) == (duty["id"], "after-report", True, "overdue")
    first = house.tocsin("emb-lead", "status").stdout.splitlines()[0]
    says(first, "!!", duty["id"], "紧急程序事后报告")
    # Not without the number under which it was filed.
    says(denied(house, "emb-lead", "due", "done", duty["id"], "--note", "已补报"), "needs its reference", "文号")
    house.tocsin("emb-lead", "due", "done", duty["id"], "--note", "已补报", "--reference", "津应急报〔2026〕7号")
    assert duty["id"] not in [one["id"] for one in due(house)]
    assert "after-report" not in house.tocsin("emb-lead", "status").stdout.splitlines()[0]
    # Said once so far: the next time would be a minute later.
    assert house.log("tocsind").count("event=report-overdue") == 1


def test_open_duties_outlive_a_kill(house):
    ident = house.walk("met", warning())
    before = duties_of(house, ident)
    house.programs["tocsind"].kill()
    wait_for(house.healthy, 30, "tocsind again")
    assert duties_of(house, ident) == before


def assessment(house, *more):
    return json.loads(house.tocsin("met-lead", "report", "assessment", "--format", "json", *more).stdout)


def test_promptness_and_its_reasons(house):
    # Received long ago by the record: late by hours, whatever this machine's speed.
    ident = hand_in(house, "met-draft", warning()).json["id"]
    house.programs["tocsind"].stop()
    record = sqlite3.connect(house.path("state", "record.db"))
    record.execute("UPDATE receipt SET at = at - 7200000 WHERE bulletin = ?", (int(ident[1:]),))
    record.commit()
    record.close()
    house.programs["tocsind"].start()
    wait_for(house.healthy, 30, "tocsind again")
    house.tocsin("met-draft", "submit", ident)
    house.approve("met", ident)
    house.release("met", ident)
    house.wait_delivered(ident)
    found = assessment(house)
    rows = {(row["unit"], row["step"], row["target"]): row for row in found["rows"] if row["level"] == "orange"}
    total = rows["tj-met", "total", ""]
    assert total["worst"] > 7200 and total["limit"] == 600 and 0 < total["share"] < 1
    assert total["count"] > total["on_time"] > 0 and total["median"] <= total["p90"] <= total["worst"]
    sms = rows["tj-met", "channel", "sms"]
    assert sms["reached"] > 0 and sms["failed"] == 0
    late = [one for one in found["late"] if one["id"] == ident and one["step"] == "total"]
    assert len(late) == 1 and late[0]["reason"] == "" and late[0]["took"] > 7200
    says(denied(house, "emb-lead", "report", "late", ident, "--reason", "系统切换"), "not of that unit")
    assert call(house, "met-lead", "POST", "/api/v1/bulletins/%s/late" % ident, b'{"reason": ""}', REPORT).status == 400
    house.tocsin("met-lead", "report", "late", ident, "--reason", "=cmd|'/c calc'!A1")
    assert {one["reason"] for one in assessment(house)["late"] if one["id"] == ident} == {"=cmd|'/c calc'!A1"}
    printed = house.tocsin("met-lead", "report", "assessment").stdout
    says(printed, "tj-met", "channel:sms", "超时", ident)
    # A spreadsheet must not take the reason for a formula.
    text = house.tocsin("met-lead", "report", "assessment", "--format", "csv").stdout
    cells = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    assert [row[-1] for row in cells if row[0] == "late" and row[1] == ident][0] == "'=cmd|'/c calc'!A1"
    assert not [cell for row in cells for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and cell]
    assert assessment(house, "--month", "2019-01")["rows"] == []
    assert call(house, "met-lead", "GET", "/api/v1/report/assessment?month=2026-13").status == 400
    assert call(house, "met-lead", "GET", "/api/v1/report/assessment?months=0").status == 400


def test_brief_of_the_night(house):
    ident = house.walk("met", warning())
    house.wait_delivered(ident)
    brief = json.loads(house.tocsin("met-lead", "report", "--format", "json").stdout)
    assert brief["form"] == "morning" and ident in [one["id"] for one in brief["released"]]
    assert {one["what"] for one in brief["due"]} >= {"announce", "lift"}
    says(house.tocsin("met-lead", "report", "morning").stdout, "值班简报", ident, "待办", "未送达")
    rows = list(csv.reader(io.StringIO(house.tocsin("met-lead", "report", "--format", "csv").stdout.lstrip("\ufeff"))))
    assert rows[0][:3] == ["section", "id", "level"] and [ident] == [row[1] for row in rows if row[1] == ident and row[0] == "released"]
