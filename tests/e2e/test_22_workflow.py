# SPDX-License-Identifier: Apache-2.0
"""The four steps (拟制 审核 签发 发布) and the ways back: returned, refused, withdrawn, thrown away.

Where each scene of who may is played, with the sentence shown:
  own approval                                   test_20_people.py test_drafters_own_approval
  same person, two accounts                      here: test_one_person_with_two_accounts
  a text of one's own, edited by a colleague     here: test_words_do_not_lose_their_writer, test_everybody_who_wrote_stays
  off duty by the roster                         test_28_sign_by_roster.py
  approval, then one changed character           here: test_one_character (and test_20_people.py: the proofs)
  right revoked between approval and release     here: test_right_lost_between_approval_and_release
  right revoked during a bulk send               here: test_right_lost_in_a_bulk_send, test_right_lost_before_a_projection
  urgent path (its overdue report: with the duties) here: test_urgent_with_one_signature
  a hazard reserved by law to another unit       test_20_people.py test_drafting_beyond_the_grant, test_unit_without_the_grant
  area partly outside                            here: test_area_partly_outside
  Update by a stranger                           here: test_update_by_a_stranger
  restricted bulletin to a public channel        here: test_restricted_bulletin_to_a_public_channel
  policy broken at reload                        test_23_changes.py test_a_file_that_was_changed_does_not_count,
                                                 test_policies_that_cannot_be
"""
import contextlib
import functools
import itertools
import json
import signal
import sqlite3
import threading
import time

import pytest

from arrivals import record
from conftest import housed
from house import SCOPES, TARGETS, wait_for
from liar import lying
from signer_peer import Proof, Request, override_text
from talk import add_token, call, hand_in, warning
from test_10_in import add_officer as add_harbour
from test_10_in import REPORT, drop, refused, report, soon
from test_20_people import cap_of, denied, manifest, says, unsent, update_of

JSON = "application/json"
COUNT = itertools.count()


BULK_DIVISION, BULK = "120118", 4500  # an agent takes four blocks of a thousand at a time


def bend(house, before, after, name="authority.yaml"):
    """Other words in a file of the house's: each must stand there."""
    with open(house.path(name), encoding="utf-8") as text:
        words = text.read()
    assert before in words, before
    house.write(name, words.replace(before, after, 1), 0o644)


def add_officer(house, ident, line):
    """An officer with a key and a token, before the house starts."""
    key = house.run(house.binary("tocsin"), "officer", "enrol", ident, "--key",
                    house.path("officers", ident + ".key")).stdout.strip()
    bend(house, "grants:\n", "  - {id: %s, %s, keys: [\"%s\"]}\ngrants:\n" % (ident, line, key))
    add_token(house, ident, ident, SCOPES)
    house.write("officers/%s.token" % ident, house.tokens[ident] + "\n")


def furnish(house):
    """Red may go the urgent way, and the drafter has a second account."""
    bend(house, "relays:\n", "urgent: {levels: [red], reviews: 0, signs: 1, report_within: PT24H, "
         "basis: \"突发事件应对法 第六十四条\"}\nrelays:\n")
    add_harbour(house)
    house.write("officers/harbour-draft.token", house.tokens["harbour-draft"] + "\n")
    with open(house.path("recipients.csv"), "a", encoding="utf-8") as out:
        out.writelines("139%08d,%s\n" % (n, BULK_DIVISION) for n in range(BULK))
    add_officer(house, "met-twin", "unit: tj-met, person: met-draft, duties: [review, sign]")


HOUSED = functools.partial(housed, before=furnish)


def act(house, officer, ident, what, reason="不合规范"):
    return call(house, officer, "POST", "/api/v1/bulletins/%s/%s" % (ident, what), json.dumps({"reason": reason}), JSON)


def resubmit(house, ident, officer="met-draft"):
    answer = call(house, officer, "POST", "/api/v1/bulletins/%s/submit" % ident, b"")
    assert answer.status == 200, answer.body
    return answer.json


def steps(house, ident):
    return [(step["step"], step["officer"], step["reason"]) for step in house.status(ident)["steps"]]


def audit(house, ident):
    return [what for what, in record(house, "SELECT what FROM audit WHERE ref = ? ORDER BY seq", ident)]


def test_the_four_steps_by_command_line(house):
    """The other tests' officers speak to the API themselves; `tocsin` shows what it answers."""
    ident = house.tocsin("met-draft", "submit", "-", stdin=warning()).stdout.split()[0]
    house.tocsin("met-review", "approve", ident, "--as", "review")
    house.tocsin("met-sign-1", "approve", ident, "--as", "sign")
    house.tocsin("met-lead", "release", ident)
    found = house.wait_delivered(ident)
    # Phones go on reporting for a moment, between the two as well.
    wait_for(lambda: json.loads(house.tocsin("met-lead", "status", ident, "--json").stdout) == house.status(ident), 10,
             "the same by both ways")
    assert set(found) == set(TARGETS)


# --- back --------------------------------------------------------------------------------------------------------

def test_returned_with_a_reason(house, tmp_path):
    """The drafter sees who, when and why; the reviewer sees what has changed since."""
    ident = house.submit("met-draft", warning())
    house.approve("met", ident)
    assert house.status(ident)["state"] == "approved"
    house.tocsin("met-review", "return", ident, "--reason", "雨量与会商结论不符")
    status = house.status(ident, "met-draft")
    assert status["state"] == "draft" and all(a["voided"] for a in status["approvals"])
    assert steps(house, ident)[-1] == ("returned", "met-review", "雨量与会商结论不符")
    says(house.tocsin("met-draft", "status").stdout, ident, "draft（草稿） 橙色 ")
    shown = house.tocsin("met-draft", "status", ident).stdout
    says(shown, "returned（退回） by met-review at ", "雨量与会商结论不符", "审核 / review by met-review", "已作废 / void")
    assert audit(house, ident).count("returned") == 1
    says(denied(house, "met-lead", "release", ident), "is draft", "草稿")
    says(denied(house, "met-review", "return", ident, "--reason", "再退"), "is draft: it cannot be returned", "不能退回")
    (tmp_path / "other.xml").write_text(warning(replace={"50毫米": "80毫米"}), encoding="utf-8")
    house.tocsin("met-draft", "edit", ident, str(tmp_path / "other.xml"))
    resubmit(house, ident)
    changes = house.status(ident, "met-review")["changes"]
    assert changes["since"] == "returned"
    fields = {change["field"]: (change["before"], change["after"]) for change in changes["fields"]}
    before, after = fields.pop("/alert/info[1]/description")
    assert before.replace("50毫米", "80毫米") == after and set(fields) <= {"expires"}, fields
    assert house.status(ident, "met-sign-2")["changes"] is None
    says(house.tocsin("met-review", "approve", ident, "--as", "review").stderr, "changed since your returned",
         "/alert/info[1]/description")
    house.tocsin("met-sign-1", "approve", ident, "--as", "sign")
    house.release("met", ident)
    house.wait_delivered(ident)
    assert "80毫米" in cap_of(house, ident) and "会商结论" not in cap_of(house, ident)


def test_refused_for_good(house):
    ident = house.submit("met-draft", warning())
    house.tocsin("met-sign-1", "reject", ident, "--reason", "不属预警信号发布情形")
    status = house.status(ident)
    assert status["state"] == "rejected" and status["state_zh"] == "已否决"
    assert steps(house, ident)[-1] == ("rejected", "met-sign-1", "不属预警信号发布情形")
    for officer, arguments, words in (("met-draft", ("submit", ident), "rejected"),
                                      ("met-review", ("approve", ident, "--as", "review"), "rejected"),
                                      ("met-lead", ("release", ident), "rejected"),
                                      ("met-draft", ("withdraw", ident, "--reason", "改"), "rejected")):
        says(denied(house, officer, *arguments), words, "已否决")
    assert audit(house, ident).count("rejected") == 1


def test_withdrawn_and_thrown_away(house):
    """By the drafter, or who drafts for the unit."""
    ident = house.submit("met-draft", warning())
    house.approve("met", ident)
    house.tocsin("met-draft", "withdraw", ident, "--reason", "等下一时次资料")
    assert house.status(ident)["state"] == "draft" and all(a["voided"] for a in house.status(ident)["approvals"])
    resubmit(house, ident)
    house.tocsin("met-lead", "withdraw", ident, "--reason", "会商取消")
    says(denied(house, "met-draft", "withdraw", ident, "--reason", "再撤"), "is draft: it cannot be withdrawn", "不能撤回")
    house.tocsin("met-draft", "discard", ident, "--reason", "会商取消")
    assert house.status(ident)["state"] == "discarded"
    says(denied(house, "met-draft", "submit", ident), "discarded", "已作废")
    assert [step[0] for step in steps(house, ident)] == ["submitted", "secrecy-review", "withdrawn", "submitted",
                                                         "withdrawn", "discarded"]


@pytest.mark.parametrize("officer, what, status, words", (
    ("met-draft", "return", 403, ("a draft of one's own", "拟制人 met-draft 不能退回")),
    ("met-draft", "reject", 403, ("a draft of one's own", "withdraw")),
    ("emb-review", "return", 403, ("emb-review is of tj-emb, not of the issuing unit tj-met", "不属于该稿件的发布单位")),
    ("emb-lead", "reject", 403, ("not of the issuing unit tj-met",)),
    ("emb-lead", "withdraw", 403, ("not of the issuing unit tj-met",)),
    ("met-sign-1", "withdraw", 403, ("does not hold the duty to draft", "没有拟制职责")),
    ("met-draft", "discard", 409, ("is submitted: it cannot be discarded", "不能作废"))))
def test_who_may_not_send_it_back(house, officer, what, status, words):
    ident = house.submit("met-draft", warning())
    refused(house, act(house, officer, ident, what), status, *words)
    assert unsent(house, ident)["state"] == "submitted" and [step[0] for step in steps(house, ident)] == ["submitted"]


@pytest.mark.parametrize("body", (b"", b"{", b"[]", b"{}", b'{"reason":""}', b'{"reason":7}',
                                  json.dumps({"reason": "长" * 1000}).encode()))
def test_no_reason_no_return(house, body):
    ident = house.submit("met-draft", warning())
    assert call(house, "met-review", "POST", "/api/v1/bulletins/%s/return" % ident, body, JSON).status == 400
    assert house.status(ident)["state"] == "submitted"
    refused(house, act(house, "met-review", "b99999999", "return"), 404)


def test_approved_and_returned_at_one_moment(house):
    """One story each time: approved first and then void, or returned first and not approved."""
    for _ in range(4):
        ident = house.submit("met-draft", warning())
        house.tocsin("met-review", "approve", ident, "--as", "review")
        answers = {}
        proof = json.dumps(proof_of(house, ident))
        path = "/api/v1/bulletins/%s/approvals" % ident
        both = (lambda: answers.update(sign=call(house, "met-sign-1", "POST", path, proof, JSON)),
                lambda: answers.update(back=act(house, "met-review", ident, "return")))
        threads = [threading.Thread(target=one) for one in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        status = house.status(ident)
        assert answers["back"].status == 200 and status["state"] == "draft"
        assert answers["sign"].status in (200, 409), answers["sign"].body
        assert all(a["voided"] for a in status["approvals"])
        assert len(status["approvals"]) == (2 if answers["sign"].status == 200 else 1)
        told = audit(house, ident)
        assert told.count("returned") == 1 and told.count("approved") == len(status["approvals"])


def test_released_and_returned_at_one_moment(house):
    for _ in range(3):
        ident = house.submit("met-draft", warning())
        house.approve("met", ident)
        answers = {}
        both = (lambda: answers.update(out=call(house, "met-lead", "POST", "/api/v1/bulletins/%s/release" % ident, b"")),
                lambda: answers.update(back=act(house, "met-sign-1", ident, "return")))
        threads = [threading.Thread(target=one) for one in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        status = house.status(ident)
        assert sorted((answers["out"].status, answers["back"].status)) == [200, 409], answers
        if answers["out"].status == 200:
            assert status["state"] == "released" and "returned" not in audit(house, ident)
            house.wait_delivered(ident)
        else:
            assert status["state"] == "draft" and status["deliveries"] == [] and status["sent"] is None


def proof_of(house, ident, act_="sign", officer="met-sign-1"):
    return Proof(act_, officer, house.path("officers", officer + ".key"), manifest(house, ident)).json


# --- drafts of machines, of others -----------------------------------------------------------------------------------

def test_another_units_draft(house, tmp_path):
    """Neither edited nor submitted by somebody of another unit, whatever their token may."""
    ident = hand_in(house, "met-draft", warning()).json["id"]
    (tmp_path / "other.xml").write_text(warning(replace={"50毫米": "500毫米"}), encoding="utf-8")
    says(denied(house, "emb-draft", "edit", ident, str(tmp_path / "other.xml")), "is a draft of tj-met", "emb-draft is of tj-emb",
         "的稿件")
    says(denied(house, "emb-lead", "submit", ident), "is a draft of tj-met", "不能修改或提交")
    refused(house, act(house, "emb-lead", ident, "discard"), 403, "not of the issuing unit")
    assert house.status(ident)["version"] == 1 and "500毫米" not in cap_of(house, ident)
    house.tocsin("met-lead", "submit", ident)
    says(denied(house, "emb-draft", "edit", ident, str(tmp_path / "other.xml")), "is a draft of tj-met")


def test_a_feeds_draft_is_its_units(house):
    drop(house, "of-the-feed.xml", warning())
    wait_for(lambda: [b for b in call(house, "met-lead", "GET", "/api/v1/bulletins?state=draft").json["bulletins"]
                      if b["source"] == "met-feed"], 20, "the feed's draft")
    ident = [b for b in call(house, "met-lead", "GET", "/api/v1/bulletins?state=draft").json["bulletins"]
             if b["source"] == "met-feed"][0]["id"]
    assert house.status(ident)["unit"] == "tj-met" and house.status(ident)["drafter"] == ""
    says(denied(house, "emb-draft", "submit", ident), "is a draft of tj-met")
    assert resubmit(house, ident, "met-lead")["drafter"] == "met-lead"
    says(denied(house, "met-lead", "approve", ident, "--as", "sign"), "condition 5, sign-off", "their own draft")


def edit(house, officer, ident, tmp_path, words):
    (tmp_path / "other.xml").write_text(words, encoding="utf-8")
    house.tocsin(officer, "edit", ident, str(tmp_path / "other.xml"))


def wrote(house, ident):
    status = house.status(ident)
    return [status["drafter"]] + status["earlier"]


def test_words_do_not_lose_their_writer(house, tmp_path):
    """Edited by a colleague, and then signed by whoever wrote them first? No: here, and at the signer."""
    ident = house.submit("met-lead", warning())
    house.tocsin("met-review", "return", ident, "--reason", "雨量再核")
    edit(house, "met-draft", ident, tmp_path, warning(replace={"50毫米": "60毫米"}))
    resubmit(house, ident)
    assert wrote(house, ident) == ["met-draft", "met-lead"]
    assert "\ndrafter met-draft\nearlier met-lead\nsource -\n" in manifest(house, ident)
    says(house.tocsin("met-review", "status", ident).stdout, "drafted by met-draft, met-lead")
    says(denied(house, "met-lead", "approve", ident, "--as", "sign"), "condition 5, sign-off", "their own draft (met-lead)",
         "拟制人不能审核或签发自己的稿件（met-lead）")
    says(house.tocsin("met-review", "approve", ident, "--as", "review").stderr, "拟制 / drafted by met-draft, met-lead")
    done, text = Request(house, ident).proof("review", "met-review").proof("sign", "met-lead").ask()
    assert not done
    says(text, "condition 5", "signer met-lead drafted it earlier", "签发人 met-lead 拟制过此稿")
    house.tocsin("met-sign-1", "approve", ident, "--as", "sign")
    house.release("met", ident)
    house.wait_delivered(ident)
    why = json.loads(house.tocsin("met-lead", "why", ident, "--json").stdout)["decisions"][-1]
    assert why["facts"]["earlier"] == ["met-lead"]


def test_everybody_who_wrote_stays(house, tmp_path):
    """However often it goes to and fro; a return, a withdrawal and handing it in again are no writing."""
    ident = house.submit("met-draft", warning())
    house.tocsin("met-review", "return", ident, "--reason", "再核")
    resubmit(house, ident, "met-lead")
    house.tocsin("met-draft", "withdraw", ident, "--reason", "再核")
    resubmit(house, ident)
    assert wrote(house, ident) == ["met-draft"] and "\nearlier " not in manifest(house, ident)
    edit(house, "met-lead", ident, tmp_path, warning(replace={"50毫米": "60毫米"}))
    assert wrote(house, ident) == ["met-lead", "met-draft"]
    edit(house, "met-draft", ident, tmp_path, warning(replace={"50毫米": "70毫米"}))
    edit(house, "met-draft", ident, tmp_path, warning(replace={"50毫米": "80毫米"}))
    assert wrote(house, ident) == ["met-draft", "met-draft", "met-lead"]
    resubmit(house, ident)
    for officer in ("met-twin", "met-lead"):
        says(denied(house, officer, "approve", ident, "--as", "review"), "condition 5, sign-off", "条件5 审签")
    house.tocsin("met-draft", "withdraw", ident, "--reason", "试毕")


def test_a_machines_words_have_no_writer(house, tmp_path):
    """Until an officer edits them, or hands them in."""
    drop(house, "of-a-machine.xml", warning(replace={"50毫米": "55毫米"}))
    found = wait_for(lambda: [b for b in call(house, "met-lead", "GET", "/api/v1/bulletins?state=draft").json["bulletins"]
                              if b["source"] == "met-feed" and not b["drafter"]], 20, "the feed's draft")
    ident = found[0]["id"]
    assert wrote(house, ident) == [""]
    edit(house, "met-draft", ident, tmp_path, warning(replace={"50毫米": "60毫米"}))
    assert wrote(house, ident) == ["met-draft"]
    edit(house, "met-lead", ident, tmp_path, warning(replace={"50毫米": "70毫米"}))
    assert wrote(house, ident) == ["met-lead", "met-draft"]
    house.tocsin("met-lead", "discard", ident, "--reason", "试毕")


# --- a screening hit ---------------------------------------------------------------------------------------------------

PHONE = "13912345678"


def with_a_phone():
    return warning(replace={"停止户外作业": "停止户外作业，咨询" + PHONE})


def override_proof(house, ident, officer, reason):
    return Proof("override", officer, house.path("officers", officer + ".key"),
                 override_text(manifest(house, ident), reason)).json


def override(house, officer, ident, reason, proof=None):
    body = {"reason": reason, "proof": proof or override_proof(house, ident, officer, reason)}
    return call(house, officer, "POST", "/api/v1/bulletins/%s/override" % ident, json.dumps(body), JSON)


def test_a_hit_is_let_pass_with_a_reason(house):
    """Held with the place marked; a reviewer's proof over the words and the reason; the words stay as they are."""
    ident = house.submit("met-draft", with_a_phone())
    status = house.status(ident)
    assert status["screening"] == "held" and "/alert/info[1]/instruction" in status["screening_note"]
    assert PHONE not in json.dumps(status["steps"]) + status["screening_note"]
    assert [step[0] for step in steps(house, ident)] == ["submitted", "held"]
    assert "\nscreening held\n" in manifest(house, ident)
    house.approve("met", ident)
    assert house.status(ident)["state"] == "submitted"
    says(denied(house, "met-lead", "release", ident), "condition 6", "not overridden", "条件6")
    said = house.tocsin("met-review", "status", ident).stdout
    says(said, "screening held", "/alert/info[1]/instruction", "放行")
    done = override(house, "met-review", ident, "台站对外公布的咨询电话")
    assert done.status == 200 and done.json["state"] == "approved", done.body
    status = house.status(ident)
    assert (status["screening"], status["screening_note"]) == ("overridden", "台站对外公布的咨询电话")
    assert steps(house, ident)[-1] == ("overridden", "met-review", "台站对外公布的咨询电话")
    assert "overridden" in audit(house, ident)
    refused(house, override(house, "met-review", ident, "再放行"), 409, "no screening hit to override", "没有待放行")
    house.release("met", ident)
    house.wait_delivered(ident)
    assert PHONE in cap_of(house, ident) and "台站对外公布" not in cap_of(house, ident)
    why = json.loads(house.tocsin("met-lead", "why", ident, "--json").stdout)["decisions"][-1]
    assert why["permit"] and why["facts"]["screening"] == "overridden"


@pytest.mark.parametrize("officer, words", (
    ("met-sign-1", ("condition 6, secrecy", "duty to review", "没有审核职责")),
    ("emb-review", ("condition 6, secrecy", "not of the issuing unit tj-met", "不属于发布单位")),
    ("met-twin", ("condition 6, secrecy", "drafter cannot override", "拟制人不能放行"))))
def test_who_may_not_let_it_pass(house, officer, words):
    ident = house.submit("met-draft", with_a_phone())
    refused(house, override(house, officer, ident, "没关系"), 403, *words)
    assert unsent(house, ident)["screening"] == "held" and house.status(ident)["approvals"] == []


def test_nor_whoever_wrote_it_before(house, tmp_path):
    ident = house.submit("met-lead", with_a_phone())
    edit(house, "met-draft", ident, tmp_path, with_a_phone().replace("50毫米", "80毫米"))
    resubmit(house, ident)
    refused(house, override(house, "met-lead", ident, "没关系"), 403, "condition 6, secrecy", "drafter cannot override")
    assert unsent(house, ident)["screening"] == "held"


def test_an_override_is_over_words_and_reason(house, tmp_path):
    ident = house.submit("met-draft", with_a_phone())
    other = override_proof(house, ident, "met-review", "咨询电话")
    refused(house, override(house, "met-review", ident, "别的理由", other), 409, "changed since you saw it")
    refused(house, override(house, "met-review", ident, "  "), 400, "say why", "请说明原因")
    refused(house, override(house, "met-review", ident, "两\n行"), 400, "one line", "一行")
    refused(house, override(house, "met-review", ident, "咨询电话", proof_of(house, ident, "review", "met-review")), 400,
            "act must be override")
    assert override(house, "met-review", ident, "咨询电话").status == 200
    (tmp_path / "other.xml").write_text(with_a_phone().replace("50毫米", "80毫米"), encoding="utf-8")
    house.tocsin("met-draft", "edit", ident, str(tmp_path / "other.xml"))
    assert resubmit(house, ident)["screening"] == "held"
    house.approve("met", ident)
    says(denied(house, "met-lead", "release", ident), "condition 6", "条件6")
    house.tocsin("met-draft", "withdraw", ident, "--reason", "去掉电话")


def test_override_by_command_line(house):
    ident = house.submit("met-draft", with_a_phone())
    said = house.tocsin("met-review", "approve", ident, "--as", "review", "--override", "公开电话")
    says(said.stderr, "screening: held", "筛查命中")
    status = house.status(ident)
    assert [(a["act"], a["officer"]) for a in status["approvals"]] == [("override", "met-review"), ("review", "met-review")]
    assert status["screening"] == "overridden"
    house.tocsin("met-draft", "withdraw", ident, "--reason", "试毕")


def test_the_review_is_a_persons(house):
    """A clean machine result is no review: 已作保密审查 stands with the reviewer's name and its basis."""
    ident = house.submit("met-draft", warning())
    assert house.status(ident)["screening"] == "none" and house.status(ident)["secrecy_review"] is None
    house.tocsin("met-sign-1", "approve", ident, "--as", "sign")
    assert house.status(ident)["secrecy_review"] is None
    says(denied(house, "met-lead", "release", ident), "condition 6", "no secrecy review")
    house.tocsin("met-review", "approve", ident, "--as", "review")
    review = house.status(ident)["secrecy_review"]
    assert (review["said"], review["officer"], review["basis"]) == ("已作保密审查", "met-review", "政府信息公开条例 第十七条")
    assert "secrecy-review" in audit(house, ident)
    house.tocsin("met-review", "return", ident, "--reason", "再看")
    assert house.status(ident)["secrecy_review"] is None


# --- how long an approval counts ---------------------------------------------------------------------------------------

def grow_old(house, ident, hours=25):
    """The bulletin's submission and approvals as if they had been that long before."""
    with contextlib.closing(sqlite3.connect(house.path("state", "record.db"), timeout=20)) as written:
        with written:
            written.execute("UPDATE approval SET time = time - ? WHERE bulletin = ?", (hours * 3600000, int(ident[1:])))
            written.execute("UPDATE bulletin SET submitted = submitted - ? WHERE row = ?", (hours * 3600000, int(ident[1:])))


def test_an_approval_of_yesterday(house):
    """It counts no more, here and at the signer; whoever gave it is named and called, and gives it again."""
    ident = house.submit("met-draft", warning())
    house.approve("met", ident)
    grow_old(house, ident)
    said = denied(house, "met-lead", "release", ident)
    says(said, "condition 5", "reviewer met-review approved at", "signer met-sign-1 approved at", "over 24 h ago",
         "let them approve again", "条件5", "请本人重新批准", "已超过 24 小时")
    assert unsent(house, ident)["state"] == "submitted"
    says(house.tocsin("met-lead", "why", ident).stdout, "met-lead 发布（asked at release）：不准", "approve again")
    old = Request(house, ident)
    for act_, officer in (("review", "met-review"), ("sign", "met-sign-1")):
        old.proof(act_, officer, moment=time.time() - 25 * 3600)
    done, text = old.ask()
    assert not done
    says(text, "not signed", "approved at", "over 24 h ago", "签名拒绝", "请本人重新批准")
    house.tocsin("met-review", "approve", ident, "--as", "review")
    assert house.status(ident)["state"] == "submitted"
    says(denied(house, "met-review", "approve", ident, "--as", "review"), "done their part already")
    says(denied(house, "met-lead", "release", ident), "there are 1 and 0")
    house.tocsin("met-sign-1", "approve", ident, "--as", "sign")
    status = house.status(ident)
    assert status["state"] == "approved"
    assert [(a["officer"], a["voided"]) for a in status["approvals"]] == [
        ("met-review", True), ("met-sign-1", True), ("met-review", False), ("met-sign-1", False)]
    house.release("met", ident)
    house.wait_delivered(ident)


def test_what_is_signed_is_what_was_shown(house):
    """The words are shown whole; a server that shows other ones than those of the manifest gets no proof."""
    ident = house.submit("met-draft", warning())
    shown = house.tocsin("met-review", "approve", ident, "--as", "review").stderr
    says(shown, "停止户外作业", "50毫米")
    with lying(house, lambda path, text: text.replace("停止户外作业", "照常户外作业") if path.endswith("/cap") else text) as url:
        done = house.run(house.binary("tocsin"), "approve", ident, "--as", "sign", check=False,
                         env={**house.variables("met-sign-1"), "TOCSIN_URL": url})
    assert done.returncode == 77
    says(done.stderr, "照常户外作业", "not that of the message shown above", "未签署")
    assert [a["officer"] for a in house.status(ident)["approvals"]] == ["met-review"]
    house.tocsin("met-sign-1", "approve", ident, "--as", "sign")
    house.tocsin("met-review", "return", ident, "--reason", "只看")


def test_a_clock_that_is_fast(house):
    """What the signer would refuse until its time has come is not taken: it could not be given again meanwhile."""
    ident = house.submit("met-draft", warning())
    key = house.path("officers", "met-review.key")

    def review(ahead):
        proof = Proof("review", "met-review", key, manifest(house, ident), moment=time.time() + ahead)
        return call(house, "met-review", "POST", "/api/v1/bulletins/%s/approvals" % ident, json.dumps(proof.json), JSON)
    refused(house, review(90), 400, "over a minute ahead of our clock")
    refused(house, review(-660), 400, "over 10 minutes ago")
    assert review(45).status == 200
    house.tocsin("met-sign-1", "approve", ident, "--as", "sign")
    house.release("met", ident)
    house.wait_delivered(ident)


def test_an_override_of_yesterday(house):
    """As any approval; given again, for the same reason or another, by the same officer too."""
    ident = house.submit("met-draft", with_a_phone())
    house.approve("met", ident)
    assert override(house, "met-review", ident, "公开电话").status == 200
    refused(house, override(house, "met-review", ident, "再放行"), 409, "no screening hit to override")
    grow_old(house, ident)
    house.approve("met", ident)
    says(denied(house, "met-lead", "release", ident), "condition 6", "too long ago", "放行已过期")
    answer = override(house, "met-review", ident, "公开电话")
    assert answer.status == 200, answer.body
    refused(house, override(house, "met-review", ident, "公开电话"), 409, "no screening hit to override")
    grow_old(house, ident)
    house.approve("met", ident)
    assert override(house, "met-review", ident, "仍是公开电话").status == 200
    status = house.status(ident)
    assert status["screening_note"] == "仍是公开电话"
    assert [a["voided"] for a in status["approvals"] if a["act"] == "override"] == [True, True, False]
    house.release("met", ident)
    house.wait_delivered(ident)


# --- who may -----------------------------------------------------------------------------------------------------------

def test_one_person_with_two_accounts(house):
    ident = house.submit("met-draft", warning())
    says(denied(house, "met-twin", "approve", ident, "--as", "review"), "condition 5, sign-off", "their own draft", "条件5 审签",
         "拟制人不能审核或签发自己的稿件")
    assert unsent(house, ident)["approvals"] == []


def test_urgent_with_one_signature(house):
    """紧急程序: the urgent row's one signer is enough, and does the secrecy review; a level the row does not name is not."""
    urgent = dict(kind="warning", hazard="12D03", procedure="urgent", expires=soon())
    ident = house.submit("emb-draft", report(level="red", **urgent))
    assert house.status(ident)["procedure"] == "urgent" and "\nprocedure urgent\n" in manifest(house, ident)
    says(denied(house, "emb-lead", "release", ident), "condition 5", "urgent", "条件5")
    house.tocsin("emb-sign-1", "approve", ident, "--as", "sign")
    status = house.status(ident)
    assert status["state"] == "approved"
    assert (status["secrecy_review"]["officer"], status["secrecy_review"]["basis"]) == ("emb-sign-1", "突发事件应对法 第六十四条")
    house.release("emb", ident)
    house.wait_delivered(ident)
    assert house.status(ident)["screening"] == "reviewed"
    other = house.submit("emb-draft", report(level="orange", **urgent))
    says(denied(house, "emb-sign-1", "release", other), "condition 5", "条件5")
    unsent(house, other)


# --- what the policy no longer permits -----------------------------------------------------------------------------------

@contextlib.contextmanager
def changed(house, before, after):
    """Two administrators change the policy, here and at the signer; and back at the end."""
    was = house.policy()
    assert before in was, before
    house.change("policy", was.replace(before, after, 1))
    try:
        wait_for(lambda: call(house, None, "GET", "/healthz").json["signer_policy"] == "same", 20, "the signer in step")
        yield
    finally:
        house.change("policy", was + "# %d\n" % next(COUNT))
        wait_for(lambda: call(house, None, "GET", "/healthz").json["signer_policy"] == "same", 20, "the signer in step")


def test_right_lost_between_approval_and_release(house):
    """Asked in full at release: by tocsind, and by the signer from its own copy."""
    ident = house.submit("met-draft", warning())
    house.approve("met", ident)
    with changed(house, "id: met-sign-1, ", "id: met-sign-1, active: false, "):
        says(denied(house, "met-lead", "release", ident), "condition 5", "met-sign-1", "not active", "条件5")
        unsent(house, ident)
        request = Request(house, ident)
        for act_, officer in (("review", "met-review"), ("sign", "met-sign-1")):
            request.proof(act_, officer)
        done, text = request.ask()
        assert not done
        says(text, "met-sign-1", "not active", "已停用")
    house.release("met", ident)
    house.wait_delivered(ident)


def stopped_agents(house):
    """The short message's processes, at work already, and stopped (SIGSTOP)."""
    names = ["channel-sms-" + lane for lane in ("urgent", "routine")]
    for name in names:
        wait_for(lambda n=name: "event=welcome" in house.log(n), 10, name + " in its place")
        house.programs[name].process.send_signal(signal.SIGSTOP)
    return [house.programs[name].process for name in names]


def bulk(house, **more):
    """A bulletin for thousands of recipients, ready for release."""
    ident = house.submit("emb-draft", report(kind="warning", level="orange", hazard="12D03", expires=soon(),
                                             where=[BULK_DIVISION], **more))
    house.approve("emb", ident)
    return ident


def decisions(house, ident, asked="delivery"):
    why = json.loads(house.tocsin("met-lead", "why", ident, "--json").stdout)["decisions"]
    return [(d["permit"], d["decision"]["policy"]) for d in why if d["asked"] == asked]


def blocks(house, ident):
    return {d["block"]: d["state"] for d in house.status(ident)["deliveries"] if d["target"] == "sms"}


def test_right_lost_in_a_bulk_send(house):
    """What is in an agent's hands goes on; every block after it is asked for, refused, WITHDRAWN, and never leaves."""
    ident = bulk(house, targets=["sms"])
    agents = stopped_agents(house)
    try:
        house.release("emb", ident)
        # Of the agent's four places the last one is kept for red.
        wait_for(lambda: list(blocks(house, ident).values()).count("sending") == 3, 20,
                 lambda: "three blocks handed out: %s" % blocks(house, ident))
        assert blocks(house, ident)[4] == "waiting" and decisions(house, ident) == []
        would = house.tocsin("emb-admin-1", "change", "propose", "policy", "-", stdin=house.policy().replace(
            "id: emb-lead, ", "id: emb-lead, active: false, ")).stdout.split()[0]
        says(house.tocsin("emb-admin-2", "change", "show", would).stdout, "! %s 尚有 5 项投递" % ident, "%s has 5 deliveries" % ident,
             "emb-lead", "condition 1")
        house.tocsin("emb-admin-1", "change", "withdraw", would, "--reason", "only looked")
        with changed(house, "id: emb-lead, ", "id: emb-lead, active: false, "):
            for agent in agents:
                agent.send_signal(signal.SIGCONT)
            wait_for(lambda: blocks(house, ident)[4] == "withdrawn", 60, "the last block withdrawn")
            lost = [d for d in house.status(ident)["deliveries"] if d.get("block") == 4][0]
            says(lost["reason"], "authority lost: condition 1", "授权已失效：条件1", "emb-lead")
            assert lost["reached"] == 0 and lost["attempts"] == 0
            assert [permit for permit, _ in decisions(house, ident)].count(False) >= 1
            says(house.log("tocsind"), "event=authority-lost bulletin=%s target=sms" % ident)
            number = house.status(ident)["identifier"]
    finally:
        for agent in agents:
            agent.send_signal(signal.SIGCONT)
    assert number and blocks(house, ident)[4] == "withdrawn"
    reached = {to for to, _ in house.sms()}
    assert not [n for n in range(4000, BULK) if "139%08d" % n in reached]


def test_a_pause_ends_with_its_warning(house):
    """What was in hand of it comes back after an update that does not go to that far side: it ends, nobody holds it any more."""
    ident = bulk(house, targets=["sms", "webhook"])
    agents = stopped_agents(house)
    try:
        house.release("emb", ident)
        wait_for(lambda: "sending" in blocks(house, ident).values(), 20, lambda: "blocks handed out: %s" % blocks(house, ident))
        house.tocsin("emb-lead", "pause", ident, "sms", "--reason", "名单有疑")
        newer = bulk(house, targets=["webhook"], updates=house.status(ident)["identifier"])
        house.release("emb", newer)
        assert house.status(ident)["state"] == "superseded"
    finally:
        for agent in agents:
            agent.send_signal(signal.SIGCONT)
    wait_for(lambda: set(blocks(house, ident).values()) <= {"superseded", "withdrawn", "delivered"}, 20,
             lambda: "the end: %s" % blocks(house, ident))
    assert "withdrawn" in blocks(house, ident).values()


def test_a_shorter_term_stops_nothing_that_is_on_its_way(house):
    """Approvals and an override were in time at the release; a policy that asks for fresher ones looks forward."""
    ident = house.submit("met-draft", with_a_phone())
    house.approve("met", ident)
    assert override(house, "met-review", ident, "公开电话").status == 200
    agents = stopped_agents(house)
    try:
        house.release("met", ident)
        grow_old(house, ident, 2)
        policy = house.policy()
        assert "approvals_within" not in policy
        would = house.tocsin("emb-admin-1", "change", "propose", "policy", "-",
                             stdin=policy + "approvals_within: PT1H\n").stdout.split()[0]
        shown = house.tocsin("emb-admin-2", "change", "show", would).stdout
        assert blocks(house, ident)[0] in ("waiting", "sending")
        house.tocsin("emb-admin-1", "change", "withdraw", would, "--reason", "only looked")
    finally:
        for agent in agents:
            agent.send_signal(signal.SIGCONT)
    assert "+approvals_within" in shown and "! " not in shown, shown
    house.wait_delivered(ident)


def test_right_lost_before_a_projection(house):
    """Not newly shown; what stood before still stands, and a cancel lifts it."""
    stands = house.walk("met", warning())
    house.wait_delivered(stands)
    site = house.programs["channel-website-all"].process
    site.send_signal(signal.SIGSTOP)
    try:
        # One is in the stopped agent's hands, so that the next one waits.
        first = house.submit("met-draft", warning())
        house.approve("met", first)
        house.release("met", first)
        wait_for(lambda: house.deliveries(first)["website"]["state"] == "sending", 20, "the first in hand")
        lost = bulk(house, targets=["website", "webhook"])
        house.release("emb", lost)
        house.wait_delivered(lost, ["webhook"])
        assert house.deliveries(lost)["website"]["state"] in ("waiting", "sending")
        waits = house.deliveries(lost)["website"]["state"] == "waiting"
        with changed(house, "id: emb-lead, ", "id: emb-lead, active: false, "):
            site.send_signal(signal.SIGCONT)
            house.wait_delivered(first, ["website"])
            if waits:
                wait_for(lambda: house.deliveries(lost)["website"]["state"] == "withdrawn", 30, "not newly shown")
    finally:
        site.send_signal(signal.SIGCONT)
    number = house.status(stands)["identifier"]
    assert number in house.fetch("/warnings/%s.html" % number)
    house.wait_delivered(house.tocsin("met-lead", "cancel", stands, "--reason", "雨停").stdout.split()[0])


def test_permits_are_written_once_a_version(house):
    """The release's own permit counts; after a change of policy one more, however many deliveries there are."""
    ident = house.walk("met", warning())
    house.wait_delivered(ident)
    assert decisions(house, ident) == [] and decisions(house, ident, "release")[0][0]


def test_area_partly_outside(house):
    """Refused as a whole, with the part that lies outside; never narrowed, never sent to the rest."""
    ident = hand_in(house, "harbour-draft", report(kind="warning", level="orange", hazard="12D03", expires=soon(),
                                                   where=["120116", "120110"], unit="tj-harbour"), REPORT).json["id"]
    says(denied(house, "harbour-draft", "submit", ident), "condition 3", "120110", "条件3")
    assert house.status(ident)["state"] == "draft"


def test_update_by_a_stranger(house):
    """Of another unit's chain: refused at submission already."""
    words = warning(replace={"11B03": "12D03", "<event>暴雨</event>": "<event>危险化学品事故</event>"})
    first = house.walk("emb", words)
    house.wait_delivered(first)
    update = update_of(cap_of(house, first), **{"11B03": "12D03", "<event>暴雨</event>": "<event>危险化学品事故</event>",
                                                "50毫米": "100毫米"})
    ident = hand_in(house, "harbour-draft", update).json["id"]
    says(denied(house, "harbour-draft", "submit", ident), "condition 9", "tj-emb", "条件9")
    assert house.status(first)["state"] == "released" and house.status(ident)["state"] == "draft"


def test_restricted_bulletin_to_a_public_channel(house):
    """依申请公开 reaches no public channel, and the refusal says which and why."""
    words = dict(disclosure="on-request", disclosure_reason="涉及企业商业信息",
                 targets=["website", "wecom"])
    ident = hand_in(house, "emb-draft", report(**words), REPORT).json["id"]
    says(denied(house, "emb-draft", "submit", ident), "condition 7", "website", "条件7", "依申请公开的信息不得进入公共渠道")
    assert house.status(ident)["state"] == "draft"
