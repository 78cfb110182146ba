# SPDX-License-Identifier: Apache-2.0
"""Whoever's turn it is by the roster is told (叫应): by SMS over a real Kannel and by robot, within 10 s of the bulletin
reaching the step, again, then the deputy; none after the step is done or somebody has answered; over a restart neither again
at once nor forgotten; numbers from the signed policy only, and in no log."""
import functools
import json
import sqlite3
import time

from conftest import housed
from house import wait_for
from talk import call, warning
from test_10_in import report
from test_20_people import denied, says
from test_22_workflow import grow_old

PHONES = {"met-review": "13900000001", "met-sign-1": "13900000002", "met-lead": "13900000003", "met-sign-2": "13900000004",
          "emb-lead": "13900000005", "emb-review": "13900000006", "met-draft": "13900000007"}

ROSTER = """\
urgent: {{levels: [red], reviews: 0, signs: 1, report_within: PT1S, basis: "突发事件应对法 第六十四条"}}
roster:
  - {{unit: tj-met, officer: met-review, steps: [review], phone: "{met-review}", deputy: met-lead, deputy_phone: "{met-lead}"}}
  - {{unit: tj-met, officer: met-sign-1, steps: [sign], phone: "{met-sign-1}", deputy: met-sign-2, deputy_phone: "{met-sign-2}"}}
  - {{unit: tj-met, officer: met-lead, steps: [release], phone: "{met-lead}"}}
  # Long over, and not yet begun: nobody is called by these.
  - {{unit: tj-met, officer: met-draft, steps: [review, sign], until: 2026-01-02, phone: "{met-draft}"}}
  - {{unit: tj-met, officer: met-draft, steps: [review, sign], from: "2037-01-02T08:00:00+08:00", phone: "{met-draft}"}}
  - {{unit: tj-emb, officer: emb-lead, steps: [report], phone: "{emb-lead}"}}
"""


def with_roster(house):
    with open(house.path("authority.yaml"), "a", encoding="utf-8") as policy:
        policy.write(ROSTER.format(**PHONES))
    with open(house.path("tocsin.yaml"), "r+", encoding="utf-8") as settings:
        text = settings.read()
        assert text.count("    kind: sms\n") == 1 and text.count("    kind: wecom\n") == 1
        text = text.replace("    kind: sms\n", "    kind: sms\n    notices: yes\n")
        text = text.replace("    kind: wecom\n", "    kind: wecom\n    notices: yes\n")
        settings.seek(0)
        settings.write("notice_again: 2\nnotice_deputy: 2\n" + text)


HOUSED = functools.partial(housed, before=with_roster)


def notices(house, officer, number=None):
    """Texts of the SMS to this officer about this bulletin."""
    return [text for to, text in house.sms() if to == PHONES[officer] and "警钟待办" in text and (not number or number in text)]


def number(house, ident, officer="met-lead"):
    return house.status(ident, officer)["identifier"]


def calls(house):
    record = sqlite3.connect("file:%s?mode=ro" % house.path("state", "record.db"), uri=True)
    rows = record.execute("SELECT bulletin, step, rung, arrived, confirmed FROM turn_call").fetchall()
    record.close()
    return {("b%d" % row[0], row[1]): row[2:] for row in rows}


def test_the_one_on_duty_is_told_again_then_the_deputy(house):
    began = time.monotonic()
    ident = house.submit("met-draft", warning())
    num = number(house, ident)
    first = wait_for(lambda: notices(house, "met-review", num), 10, "the first SMS")
    assert time.monotonic() - began < 10 + 5, "from the call to the SMS, with the command's own time"
    says(first[0], num, "等待审核", "met-review", "tj-met")
    robot = wait_for(lambda: [m for m in house.arrived("wecom") if num in json.dumps(m, ensure_ascii=False) and
                              "警钟待办" in json.dumps(m, ensure_ascii=False)], 30, "the robot")
    assert robot
    wait_for(lambda: len(notices(house, "met-review", num)) >= 2, 60, "told again")
    wait_for(lambda: notices(house, "met-lead", num), 60, "the deputy")
    says(notices(house, "met-lead", num)[0], "等待审核", "met-lead")
    # Nobody else, and nobody whose term is over or has not begun.
    assert not notices(house, "met-draft") and not notices(house, "met-sign-1", num)
    unanswered = [one for one in call(house, "met-lead", "GET", "/api/v1/due").json["due"]
                  if one["what"] == "unanswered" and one["bulletin"] == ident]
    assert [one["what_zh"] for one in unanswered] == ["叫应未确认"]
    # The next step calls the next ones; this one's calls are over.
    house.tocsin("met-review", "approve", ident, "--as", "review")
    wait_for(lambda: notices(house, "met-sign-1", num), 30, "the signer is told")
    house.tocsin("met-sign-1", "approve", ident, "--as", "sign")
    wait_for(lambda: [t for t in notices(house, "met-lead", num) if "等待发布" in t], 30, "the publisher is told")
    house.release("met", ident)
    # Another one's notices go the same way: once its first is there, so is all that was on its way for this one.
    other = house.submit("met-draft", warning())
    wait_for(lambda: notices(house, "met-review", number(house, other)), 60, "the other one, once")
    told = len([t for _, t in house.sms() if num in t and "警钟待办" in t])
    wait_for(lambda: len(notices(house, "met-review", number(house, other))) >= 2, 60, "the other one, twice")
    calls = [t for _, t in house.sms() if num in t and "警钟待办" in t]
    assert len(calls) == told and all(t.startswith("【天津应急】警钟待办") for t in calls)
    house.tocsin("met-lead", "due", "confirm", other)


def test_an_answer_ends_the_calls(house):
    ident = house.submit("met-draft", warning())
    num = number(house, ident)
    confirm = "/api/v1/due/%s/confirm" % ident
    wait_for(lambda: notices(house, "met-review", num), 10, "the first SMS")
    # At once, by plain HTTP: the next call is two seconds away.
    assert call(house, "met-review", "POST", confirm, b"").status == 200
    told = len([to for to, text in house.sms() if num in text and "警钟待办" in text])
    assert call(house, "met-review", "POST", confirm, b"").status == 409
    assert not [one for one in call(house, "met-lead", "GET", "/api/v1/due").json["due"]
                if one["what"] == "unanswered" and one["bulletin"] == ident]
    other = house.submit("met-draft", warning())
    says(denied(house, "emb-review", "due", "confirm", other), "cannot take this step", "不能代为确认")
    says(denied(house, "met-sign-1", "due", "confirm", other), "cannot take this step")
    wait_for(lambda: notices(house, "met-lead", number(house, other)), 60, "the other one's deputy")
    # One may have been under way when the answer came.
    assert len([to for to, text in house.sms() if num in text and "警钟待办" in text]) <= told + 1
    house.tocsin("met-review", "due", "confirm", other)


def test_a_kill_neither_repeats_at_once_nor_forgets(house):
    ident = house.submit("met-draft", warning())
    num = number(house, ident)
    wait_for(lambda: calls(house).get((ident, "review"), (0, 0, 0))[1], 15, "the first call has arrived")
    house.programs["tocsind"].kill()
    wait_for(house.healthy, 30, "tocsind again")
    wait_for(lambda: notices(house, "met-lead", num), 60, "the deputy, after the kill")
    # One call a rung, but for one that was under way when it died.
    assert 1 <= len(notices(house, "met-review", num)) <= 3
    house.tocsin("met-review", "due", "confirm", ident)


def test_a_channel_that_is_away_is_called_again(house):
    channel = house.programs["channel-sms-urgent"]
    channel.stop()
    ident = house.submit("met-draft", warning())
    num = number(house, ident)
    wait_for(lambda: calls(house).get((ident, "review"), (0,))[0] >= 1, 10, "the call is on disk")
    assert not notices(house, "met-review", num)
    channel.start()
    wait_for(lambda: notices(house, "met-review", num), 60, "it came through in the end")
    house.tocsin("met-review", "due", "confirm", ident)


def test_called_anew_when_approvals_have_grown_too_old(house):
    """Whoever did their part yesterday, and answered their call, is called about it today."""
    ident = house.submit("met-draft", warning())
    num = number(house, ident)
    for officer, step in (("met-review", "review"), ("met-sign-1", "sign")):
        wait_for(lambda who=officer: notices(house, who, num), 30, "a call")
        assert call(house, officer, "POST", "/api/v1/due/%s/confirm" % ident, b"").status == 200
        house.tocsin(officer, "approve", ident, "--as", step)
    told = len(notices(house, "met-review", num))
    grow_old(house, ident)
    says(denied(house, "met-lead", "release", ident), "let them approve again")
    assert [one["what"] for one in call(house, "met-lead", "GET", "/api/v1/due").json["due"]
            if one["bulletin"] == ident and one["what"] != "unanswered"] == ["review"]
    wait_for(lambda: len(notices(house, "met-review", num)) > told, 30, "the reviewer is called again")
    signs = len(notices(house, "met-sign-1", num))
    house.tocsin("met-review", "approve", ident, "--as", "review")
    wait_for(lambda: len(notices(house, "met-sign-1", num)) > signs, 30, "the signer is called again")
    house.tocsin("met-sign-1", "approve", ident, "--as", "sign")
    house.release("met", ident)


def test_the_chief_hears_of_an_overdue_report(house):
    ident = house.submit("emb-draft", report(procedure="urgent", kind="warning", level="red", result=None))
    house.tocsin("emb-sign-1", "approve", ident, "--as", "sign")
    house.release("emb", ident)
    wait_for(lambda: [t for t in notices(house, "emb-lead") if "事后报告" in t], 30, "the chief is told")


def test_numbers_are_in_no_log(house):
    logs = "".join(house.log(name) for name in ("tocsind", "signer", "channel-sms-urgent", "channel-sms-routine"))
    assert not [phone for phone in PHONES.values() if phone in logs]
    record = sqlite3.connect("file:%s?mode=ro" % house.path("state", "record.db"), uri=True)
    audit = "".join(row[0] for row in record.execute("SELECT body FROM audit"))
    record.close()
    assert not [phone for phone in PHONES.values() if phone in audit] and "met-review" in audit
