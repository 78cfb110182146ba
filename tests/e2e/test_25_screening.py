# SPDX-License-Identifier: Apache-2.0
"""The secrecy screen in the whole house: what holds, where the place is marked, what may pass, what several bulletins
tell together, and that the record keeps no personal data."""
import json
import sqlite3

import pytest

from conftest import housed
from house import Failed
from signer_peer import Proof, Request, override_text
from talk import call, hand_in, warning
from test_10_in import REPORT

# Published examples of the check digit; numbers and the site are made up.
ID = "110101199003077715"
MOBILE = "13812345678"
SITES = "name,lat,lon,radius_m,aliases\n样例油库,38.9000,117.7000,500,一号储备库\n"
HOTLINES = """\
hotlines:
  - {number: "022-2999 0000", unit: tj-emb, basis: "政务公开 值班电话"}
  - {number: "400-812-0000", unit: tj-met}
"""


def settle(house):
    with open(house.path("authority.yaml"), "a", encoding="utf-8") as out:
        out.write(HOTLINES)
    house.write("secrets/sites.csv", SITES)
    text = open(house.path("tocsin.yaml"), encoding="utf-8").read()
    house.write("tocsin.yaml", "protected_sites: %s\n" % house.path("secrets", "sites.csv") + text, 0o644)
    house.signer_options = ["--protected-sites", house.path("secrets", "sites.csv")]


@pytest.fixture(scope="module")
def screened():
    with housed(before=settle) as one:
        yield one


def report(what, **more):
    return json.dumps({"what": what, "where": ["120116"], "when": "2026-11-23T09:00:00+08:00", "hazard": "12A07",
                       "kind": "fact", "contact": "天津市应急管理局值班室 022-29990000", **more}, ensure_ascii=False)


def draft(house, what, **more):
    answer = hand_in(house, "emb-draft", report(what, **more), REPORT)
    assert answer.status == 201, answer.body
    return answer.json["id"]


def submit(house, ident, officer="emb-draft"):
    answer = call(house, officer, "POST", "/api/v1/bulletins/%s/submit" % ident, b"")
    assert answer.status == 200, answer.body
    return answer.json


def rules(shown):
    return [hit["rule"] for hit in shown["hits"]]


HELD = {
    "a state-secret mark": ("本件为機 密★10年，某化工园区发生泄漏。", "screen.secret"),
    "an internal mark": ("内部文件。某化工园区发生泄漏。", "screen.internal"),
    "a resident id": ("伤者身份证号１１０１０１１９９００３０７７７１５。", "screen.resident-id"),
    "a mobile number": ("请联系一三八一二三四五六七八。", "screen.mobile"),
    "a landline nobody published": ("请致电022-2345 6789。", "screen.landline"),
    "a bank card": ("捐款账号6217 0000 0000 0000 007，户名略。", "screen.bank-card"),
    "a name": ("联系人：张三，现场已疏散。", "screen.name"),
    "a protected site": ("位于北纬38°54′00″、东经117°42′00″的罐区起火。", "screen.site"),
    "a protected site by name": ("一号储备库附近起火。", "screen.site"),
}


def luhn(digits):
    total = sum(sum(divmod(2 * int(d), 10)) if n % 2 else int(d) for n, d in enumerate(reversed(digits)))
    return total % 10 == 0


@pytest.mark.parametrize("case", HELD)
def test_a_hit_holds_and_is_marked(screened, case):
    what, rule = HELD[case]
    if rule == "screen.bank-card":
        bare = next("6217%014d" % n + str(c) for n in range(10) for c in range(10) if luhn("6217%014d" % n + str(c)))
        what = what.replace("6217 0000 0000 0000 007", " ".join(bare[i:i + 4] for i in range(0, 19, 4)))
    shown = submit(screened, draft(screened, what))
    assert shown["screening"] == "held" and rule in rules(shown), shown["hits"]
    hit = next(hit for hit in shown["hits"] if hit["rule"] == rule)
    assert hit["path"].startswith("/alert/info[1]/")
    cap = call(screened, "emb-lead", "GET", "/api/v1/bulletins/%s/cap" % shown["id"]).body.decode()
    place = cap.split("<%s>" % hit["path"].rsplit("/", 1)[1])[1].split("</")[0]
    marked = place[hit["start"]:hit["start"] + hit["length"]]
    assert marked and marked in what
    assert marked not in hit["message"] + hit["message_zh"] and "已扣住" in hit["message_zh"]
    screened.approve("emb", shown["id"])
    with pytest.raises(Failed) as no:
        screened.release("emb", shown["id"])
    assert "condition 6" in no.value.text and "held" in no.value.text


@pytest.mark.parametrize("case", ("a mobile number", "an internal mark", "a protected site by name"))
def test_the_signer_looks_for_itself(screened, case):
    """Whoever has taken tocsind's place leaves the line out, and officers sign what they are shown: not signed, at the
    same place that tocsind marked. With the line and a reviewer's override it is."""
    what, rule = HELD[case]
    ident = submit(screened, draft(screened, what))["id"]
    request = Request(screened, ident, "emb-lead")
    whole = request.manifest
    assert "\nscreening held\n" in whole
    request.manifest = whole.replace("\nscreening held\n", "\n")
    done, text = request.proof("review", "emb-review").proof("sign", "emb-sign-1").ask()
    assert not done and rule in text and "does not say \"screening held\"" in text and "签名进程自行筛查" in text, text
    hit = call(screened, "emb-lead", "GET", "/api/v1/bulletins/" + ident).json["hits"][0]
    assert "%s (%s)" % (hit["path"], hit["rule"]) in text and "第 %d 个字起" % (hit["start"] + 1) in text
    assert MOBILE not in text and "储备库" not in text
    request.manifest, request.proofs, request.override = whole, [], "已核"
    request.proof("review", "emb-review").proof("sign", "emb-sign-1")
    request.proofs.append(Proof("override", "emb-review", screened.path("officers", "emb-review.key"),
                                override_text(whole, "已核")))
    done, text = request.ask()
    assert done, text


def test_published_numbers_pass(screened):
    """The unit's own hotline, another's service number, and what everybody may call."""
    shown = submit(screened, draft(screened, "咨询请拨打29990000、022-29990000、400-812-0000或12345、12350。"))
    assert shown["hits"] == [] and shown["screening"] == "none"
    screened.approve("emb", shown["id"])
    screened.release("emb", shown["id"])


def test_identifiers_are_no_text(screened):
    """A number in a code or an identifier is nobody's telephone."""
    answer = hand_in(screened, "met-draft", warning(replace={"<identifier>": "<identifier>%s-" % MOBILE}))
    assert answer.status == 201, answer.body
    assert submit(screened, answer.json["id"], "met-draft")["hits"] == []


def test_an_edit_takes_the_hit_away(screened, tmp_path):
    ident = draft(screened, "请联系%s。" % MOBILE)
    assert submit(screened, ident)["screening"] == "held"
    (tmp_path / "clean.json").write_text(report("请拨打12345。"), encoding="utf-8")
    screened.tocsin("emb-draft", "edit", ident, str(tmp_path / "clean.json"))
    shown = submit(screened, ident)
    assert shown["screening"] == "none" and shown["hits"] == []


def test_together_they_tell_who(screened):
    """李某 with an age here, with a home there: each alone passes, the second is held and names the first. Without an
    incident's name, bulletins of one hazard and area within a week are one story."""
    one = submit(screened, draft(screened, "伤者李某某，45岁，已送医。", where=["120118"]))
    assert one["screening"] == "none"
    two = submit(screened, draft(screened, "李某某家住某小区3号楼，司机职业。", where=["120118"]))
    assert two["screening"] == "held" and "screen.together" in rules(two)
    hit = next(hit for hit in two["hits"] if hit["rule"] == "screen.together")
    assert one["id"] in hit["message"] and one["id"] in hit["message_zh"]
    assert "年龄" in hit["message_zh"] and "住址" in hit["message_zh"]
    other = submit(screened, draft(screened, "李某某家住某小区3号楼，司机职业。", where=["120110"]))
    assert other["screening"] == "none", other["hits"]


def test_together_with_what_a_feed_brought(screened):
    """Half a coordinate came in by another hand, and was never submitted."""
    one = draft(screened, "火场纬度38.9001度附近。", where=["120101"])
    two = submit(screened, draft(screened, "火场经度117.7001度。", where=["120101"]))
    assert two["screening"] == "held" and rules(two) == ["screen.together"], two["hits"]
    assert one in two["hits"][0]["message"] and "受保护场所" in two["hits"][0]["message_zh"]


def test_the_record_keeps_no_personal_data_of_hits(screened):
    """Places and keyed digests only."""
    draft(screened, "身份证%s，电话%s，联系人：张三。" % (ID, MOBILE))
    record = sqlite3.connect("file:%s?mode=ro" % screened.path("state", "record.db"), uri=True)
    try:
        kept = record.execute("SELECT hits FROM screening").fetchall() + record.execute(
            "SELECT kind, digest FROM screening_trace").fetchall()
    finally:
        record.close()
    assert len(kept) > 10
    for word in (ID, MOBILE, "张三"):
        assert all(word not in str(field) for row in kept for field in row), word


# --- disclosure --------------------------------------------------------------------------------------------------

WITHHELD = {"disclosure": "withheld", "disclosure_reason": "涉及商业秘密（第十五条）"}


def test_what_is_withheld_goes_to_no_public_channel(screened):
    """By default it goes to the far sides that are not public; chosen by name, a public one is refused with its reason."""
    shown = submit(screened, draft(screened, "企业处置情况通报。", **WITHHELD))
    assert sorted(shown["targets"]) == ["webhook", "wecom"] and shown["disclosure"] == "withheld"
    assert shown["disclosure_reason"] == WITHHELD["disclosure_reason"]
    ident = draft(screened, "企业处置情况通报。", targets=["sms", "wecom"], **WITHHELD)
    answer = call(screened, "emb-draft", "POST", "/api/v1/bulletins/%s/submit" % ident, b"")
    assert answer.status == 403 and "condition 7" in answer.body.decode() and "不予公开" in answer.body.decode()
    screened.approve("emb", shown["id"])
    screened.release("emb", shown["id"])
    assert set(screened.wait_delivered(shown["id"], ["webhook", "wecom"], 60)) == {"webhook", "wecom"}


def test_who_withholds_says_why(screened):
    ident = draft(screened, "企业处置情况通报。", disclosure="on-request")
    answer = call(screened, "emb-draft", "POST", "/api/v1/bulletins/%s/submit" % ident, b"")
    assert answer.status == 400 and "review.disclosure" in answer.body.decode()
    assert "第十四至十六条" in answer.body.decode()


def test_a_restricted_message_stays_restricted(screened):
    text = warning(replace={"<scope>Public</scope>": "<scope>Restricted</scope>\n  <restriction>仅供应急责任人</restriction>"})
    answer = hand_in(screened, "met-draft", text)
    assert answer.status == 201, answer.body
    assert (answer.json["disclosure"], answer.json["disclosure_reason"]) == ("withheld", "仅供应急责任人")
    assert sorted(submit(screened, answer.json["id"], "met-draft")["targets"]) == ["webhook", "wecom"]


def test_lists_with_faults_are_refused(screened):
    """The program does not start, and names file and line."""
    screened.write("secrets/bad.csv", "name,lat,lon,radius_m,aliases\n样例,95,117,5,\n")
    text = open(screened.path("tocsin.yaml"), encoding="utf-8").read()
    screened.write("bad.yaml", text.replace("secrets/sites.csv", "secrets/bad.csv"), 0o644)
    done = screened.run(screened.binary("tocsind"), "--config", screened.path("bad.yaml"), "--check-config", check=False)
    assert done.returncode == 78 and "bad.csv:2" in done.stderr, done.stderr
    screened.write("bad.yaml", "phones: [\"13900001111\"]\n" + text, 0o644)
    done = screened.run(screened.binary("tocsind"), "--config", screened.path("bad.yaml"), "--check-config", check=False)
    assert done.returncode == 78 and "hotlines" in done.stderr, done.stderr
