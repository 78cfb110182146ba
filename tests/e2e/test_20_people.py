# SPDX-License-Identifier: Apache-2.0
"""Who may: sign-offs, edits, units, keys; cancels and corrections by one person; updates; relays with no hand at all;
and a program in tocsind's place. Every refusal names its rule, and where there is one, the law it stands on."""
import datetime
import hashlib
import json
import os
import re
import sqlite3
import time

import pytest

from conftest import housed
from house import Failed, free_port, wait_for
from signer_peer import FRAME_KEYS, FRAME_KEY_LIST, FRAME_REFUSED, Proof, Request, exchange, frame, override_text
from talk import add_token, bulletins, call, hand_in, kept, number_of, reference, source_token, warning
from test_10_in import REPORT, SIGNATURE, TEXT, BULLETIN_TEXT, drop, refused, report, settings, soon


def denied(house, officer, *arguments, **more):
    """A command that must be refused: both sentences."""
    with pytest.raises(Failed) as no:
        house.tocsin(officer, *arguments, **more)
    assert no.value.code in (65, 77), no.value.text
    return no.value.text


def says(text, *words):
    for word in words:
        assert word in text, text


def unsent(house, ident):
    status = house.status(ident)
    assert status["state"] in ("draft", "submitted", "approved") and status["deliveries"] == []
    assert status["released"] is None and status["releaser"] == ""
    return status


def post_proof(house, officer, ident, proof):
    return call(house, officer, "POST", "/api/v1/bulletins/%s/approvals" % ident, json.dumps(proof.json), REPORT)


def manifest(house, ident, path="manifest"):
    return call(house, "met-lead", "GET", "/api/v1/bulletins/%s/%s" % (ident, path)).body.decode()


def cap_of(house, ident):
    return call(house, "met-lead", "GET", "/api/v1/bulletins/%s/cap" % ident).body.decode()


# --- areas that are only drawn -----------------------------------------------------------------------------------

AREAS = re.compile("<area>.*</area>", re.S)
IN_BINHAI = "38.95,117.60 39.10,117.60 39.10,117.70 38.95,117.70 38.95,117.60"
INTO_JINNAN = "38.95,117.45 39.05,117.45 39.05,117.60 38.95,117.60 38.95,117.45"
GEOCODE = "<geocode><valueName>CPEAS Geographic Code</valueName><value>120116000000</value></geocode>"


def drawn(polygon, geocode=""):
    return AREAS.sub("<area><areaDesc>沿海地段</areaDesc><polygon>%s</polygon>%s</area>" % (polygon, geocode), warning())


def test_a_drawn_area_is_asked_for_by_division(house):
    """It is shown in the division it touches, with its polygon, and nobody outside of it gets a message."""
    ident = house.submit("met-draft", drawn(IN_BINHAI))
    house.approve("met", ident)
    house.release("met", ident)
    status = house.status(ident)
    assert status["areas"] == ["120116"] and "sms" not in status["targets"] and "mqtt" in status["targets"]
    house.wait_delivered(ident, targets=status["targets"])
    assert "<polygon>%s</polygon>" % IN_BINHAI in cap_of(house, ident) and "120116" not in cap_of(house, ident)
    number = number_of(cap_of(house, ident))
    assert house.subscribe("alert/v1/state/120116/" + number)
    assert "沿海地段" in house.fetch("/warnings/%s.html" % number)


def test_a_shape_must_not_leave_its_codes(house):
    says(denied(house, "met-draft", "submit", "-", stdin=drawn(INTO_JINNAN, GEOCODE)), "touches division 120110",
         "涉及区划 120110", "沿海地段")
    # Drawn only, all three are asked for.
    ident = house.submit("met-draft", drawn(INTO_JINNAN))
    assert house.status(ident)["areas"] == ["120110", "120112", "120116"]


# --- sign-offs -------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("act", ("review", "sign"))
def test_drafters_own_approval(house, act):
    """The lead holds every duty, but not over a draft of their own."""
    ident = house.submit("met-lead", warning())
    says(denied(house, "met-lead", "approve", ident, "--as", act), "condition 5, sign-off", "条件5 审签",
         "drafter cannot review or sign their own", "拟制人不能审核或签发自己的稿件", "met-lead")
    assert unsent(house, ident)["approvals"] == []
    house.approve("met", ident)
    house.release("met", ident)
    house.wait_delivered(ident)


def test_whoever_edits_is_the_drafter(house, tmp_path):
    """Otherwise a signer could write the words and sign them."""
    ident = house.submit("met-draft", warning())
    (tmp_path / "other.xml").write_text(warning(replace={"50毫米": "80毫米"}), encoding="utf-8")
    house.tocsin("met-lead", "edit", ident, str(tmp_path / "other.xml"))
    assert house.status(ident)["drafter"] == "met-lead"
    call(house, "met-draft", "POST", "/api/v1/bulletins/%s/submit" % ident, b"")
    assert unsent(house, ident)["drafter"] == "met-lead" and "80毫米" in cap_of(house, ident)
    says(denied(house, "met-lead", "approve", ident, "--as", "sign"), "condition 5, sign-off", "their own draft")


def test_one_person_for_two_parts(house):
    ident = house.submit("met-draft", warning())
    house.tocsin("met-lead", "approve", ident, "--as", "review")
    says(denied(house, "met-lead", "approve", ident, "--as", "sign"), "condition 5, sign-off", "different people", "条件5 审签",
         "不同的人")
    says(denied(house, "met-lead", "release", ident), "condition 5", "条件5", "signoff[1]")
    unsent(house, ident)


@pytest.mark.parametrize("officer, act, word", (("met-draft", "review", "duty to review"),
                                                ("met-review", "sign", "duty to sign"),
                                                ("met-sign-1", "review", "duty to review")))
def test_without_the_duty(house, officer, act, word):
    ident = house.submit("met-lead", warning())
    says(denied(house, officer, "approve", ident, "--as", act), "condition 5, sign-off", word, "职责", officer)
    assert unsent(house, ident)["approvals"] == []


def test_red_needs_two_signs(house):
    ident = house.submit("met-draft", warning(level="red"))
    assert house.status(ident)["level"] == "red"
    says(denied(house, "met-lead", "release", ident), "condition 5", "there are 0 and 0", "condition 6", "no secrecy")
    house.approve("met", ident, signs=1)
    says(denied(house, "met-lead", "release", ident), "condition 5", "signoff[0]", "政府信息公开条例 第十七条", "asks for 1 to review and 2 to sign red",
         "there are 1 and 1", "条件5 审签", "签发 2 人")
    assert unsent(house, ident)["state"] == "submitted"
    says(denied(house, "met-sign-1", "approve", ident, "--as", "sign"), "condition 5, sign-off", "different people")
    assert house.arrived("webhook") == [] or house.status(ident)["identifier"] not in str(house.arrived("webhook"))
    why = house.tocsin("met-lead", "why", ident).stdout
    assert why.count("不准（deny）") == 2 and "signoff[0]" in why
    house.tocsin("met-sign-2", "approve", ident, "--as", "sign")
    assert house.status(ident)["state"] == "approved"
    house.release("met", ident)
    house.wait_delivered(ident)


def test_release_needs_the_duty(house):
    ident = house.submit("met-draft", warning())
    house.approve("met", ident)
    says(denied(house, "met-sign-2", "release", ident), "condition 1", "does not hold the duty publish", "条件1",
         "met-sign-2")
    unsent(house, ident)


def test_approval_before_an_edit_is_void(house, tmp_path):
    ident = house.submit("met-draft", warning())
    old = manifest(house, ident)
    house.approve("met", ident)
    assert house.status(ident)["state"] == "approved"
    (tmp_path / "other.xml").write_text(warning(replace={"滨海新区、东丽区降雨量": "东丽区降雨量"}), encoding="utf-8")
    house.tocsin("met-draft", "edit", ident, str(tmp_path / "other.xml"))
    assert [approval["voided"] for approval in house.status(ident)["approvals"]] == [True, True]
    says(denied(house, "met-lead", "release", ident), "is draft")
    assert call(house, "met-draft", "POST", "/api/v1/bulletins/%s/submit" % ident, b"").status == 200
    assert manifest(house, ident) != old
    says(denied(house, "met-lead", "release", ident), "condition 5", "there are 0 and 0", "现有 0 人、0 人")
    for officer, act in (("met-review", "review"), ("met-sign-1", "sign")):
        again = post_proof(house, officer, ident, Proof(act, officer, house.path("officers", officer + ".key"), old))
        refused(house, again, 409, "changed since you saw it", "approval is void", "原批准无效")
    unsent(house, ident)
    # The signer is of the same mind about those proofs.
    no = Request(house, ident)
    no.proofs = [Proof(act, officer, house.path("officers", officer + ".key"), old)
                 for officer, act in (("met-review", "review"), ("met-sign-1", "sign"))]
    done, text = no.ask()
    assert not done
    says(text, "does not hold for this manifest", "本人对本清单所签")
    house.approve("met", ident)
    house.release("met", ident)
    house.wait_delivered(ident, ["webhook"])
    assert "东丽区降雨量将达" in cap_of(house, ident)


@pytest.mark.parametrize("spoil, status, words", (
    (lambda proof: proof.update(officer="met-sign-2"), 403, ("the proof is met-sign-2's, but met-sign-1 hands it in",)),
    (lambda proof: proof.update(act="review"), 401, ("met-sign-1", "verifies this")),
    (lambda proof: proof.update(signature=proof["signature"][::-1]), 401, ("met-sign-1", "verifies this")),
    (lambda proof: proof.update(manifest="0" * 64), 409, ("void", "原批准无效")),
    (lambda proof: proof.update(time="2026-11-23T00:00:00+08:00"), 400, ("10 minutes", "10 分钟")),
    (lambda proof: proof.pop("signature"), 400, ("signature",)),
    (lambda proof: proof.update(act="cancel"), 400, ("only review or sign",))))
def test_spoilt_proof(house, spoil, status, words):
    ident = house.submit("met-draft", warning())
    proof = Proof("sign", "met-sign-1", house.path("officers", "met-sign-1.key"), manifest(house, ident))
    good = dict(proof.json)
    spoil(proof.json)
    refused(house, post_proof(house, "met-sign-1", ident, proof), status, *words)
    assert unsent(house, ident)["approvals"] == []
    proof.json = good
    assert post_proof(house, "met-sign-1", ident, proof).status == 200


# --- units -----------------------------------------------------------------------------------------------------

def test_unit_without_the_grant(house):
    """Another unit neither signs nor releases it, nor cancels it afterwards; the law is named."""
    ident = house.submit("met-draft", warning())
    says(denied(house, "emb-review", "approve", ident, "--as", "review"), "condition 5, sign-off", "not of the issuing unit tj-met",
         "不属于发布单位")
    house.approve("met", ident)
    text = denied(house, "emb-lead", "release", ident)
    says(text, "condition 3, grant: no grant of tj-emb covers publish, warning, 11B03, orange", "条件3 授权",
         "condition 4, forbid: forbids[0] reserves this to tj-met", "条件4 禁止", "气象法 第二十二条", "condition 2", "条件2")
    unsent(house, ident)
    says(house.tocsin("emb-lead", "why", ident).stdout, "emb-lead 发布（asked at release）：不准", "forbids[0]", "气象法 第二十二条")
    house.release("met", ident)
    house.wait_delivered(ident)
    text = denied(house, "emb-lead", "cancel", ident, "--reason", "不是我们的")
    says(text, "condition 9, chain: it is held by tj-met", "条件9", "气象法 第二十二条")
    assert house.status(ident)["state"] == "released"


def test_drafting_beyond_the_grant(house):
    """Asked at submission already: nobody reviews in vain."""
    draft = hand_in(house, "emb-draft", report(kind="warning", level="red", hazard="11B03", expires=soon()), REPORT).json
    answer = call(house, "emb-draft", "POST", "/api/v1/bulletins/%s/submit" % draft["id"], b"")
    refused(house, answer, 403, "condition 4", "气象法 第二十二条")
    assert house.status(draft["id"])["state"] == "draft"


def test_machine_or_feed_drafts_become_the_units(house):
    """What a feed drafted goes the whole way, once people have taken it over."""
    drop(house, "taken-over.xml", warning())
    done = house.path("incoming", "done", "taken-over.xml")
    wait_for(lambda: os.path.exists(done), 20, "taken-over.xml taken in")
    ident = [row for row in kept(house) if row["name"] == "taken-over.xml"][0]["outcome"].removeprefix("draft ")
    assert call(house, "met-draft", "POST", "/api/v1/bulletins/%s/submit" % ident, b"").json["drafter"] == "met-draft"
    house.approve("met", ident)
    house.release("met", ident)
    house.wait_delivered(ident)


def test_weather_bulletin_goes_the_whole_way(house):
    ident = hand_in(house, "met-draft", BULLETIN_TEXT, TEXT).json["id"]
    assert call(house, "met-draft", "POST", "/api/v1/bulletins/%s/submit" % ident, b"").status == 200
    house.approve("met", ident)
    house.release("met", ident)
    house.wait_delivered(ident)


# --- the signer's own mind -------------------------------------------------------------------------------------

def test_key_the_signer_does_not_know(house):
    """Somebody puts a key of theirs under an officer's name into tocsind's policy. The signer keeps its own."""
    before = house.policy()
    try:
        own = house.run(house.binary("tocsin"), "officer", "enrol", "met-sign-1", "--key",
                        house.path("stolen.key")).stdout.strip()
        changed = re.sub(r'(id: met-sign-1, .*keys: \[")[^"]*', lambda m: m.group(1) + own, before)
        assert changed != before
        house.install_policy(changed)
        ident = house.submit("met-draft", warning())
        house.tocsin("met-review", "approve", ident, "--as", "review")
        stolen = Proof("sign", "met-sign-1", house.path("stolen.key"), manifest(house, ident))
        assert post_proof(house, "met-sign-1", ident, stolen).json["state"] == "approved"
        text = denied(house, "met-lead", "release", ident)
        ours, theirs = (hashlib.sha256(words.encode()).hexdigest()[:16] for words in (house.policy(), before))
        says(text, "the signer checks by policy %s, in force here is %s: release it again" % (theirs, ours),
             "签名进程按授权规则 %s 复核，本机现行的是 %s，两者不同" % (theirs, ours), "signer_policy_detail in /healthz")
        says(text, "not signed: the proof of met-sign-1 (sign) does not hold for this manifest", "签名拒绝",
             "rule: each approval is that officer's signature over this manifest", "规则：审签凭证须为本人对本清单所签")
        unsent(house, ident)
        says(house.log("signer"), "does not hold for this manifest")
    finally:
        house.install_policy(before)


def test_policy_the_signer_does_not_have(house):
    """The same with a grant: tocsind's policy lets the emergency bureau warn of rain, the signer's does not."""
    before = house.policy()
    try:
        changed = before.replace('hazards: ["12*"]', 'hazards: ["1*"]').split("forbids:")[0] + \
            "signoff:" + before.split("signoff:")[1]
        house.install_policy(changed)
        ident = house.submit("emb-draft", report(kind="warning", level="orange", hazard="11B03", expires=soon(),
                                                 headline="天津市应急管理局发布暴雨橙色预警"))
        house.approve("emb", ident)
        says(denied(house, "emb-lead", "release", ident), "not signed: the policy does not permit it", "签名拒绝",
             "condition 4", "气象法 第二十二条", "the signer checks by policy", "两者不同")
        unsent(house, ident)
    finally:
        house.install_policy(before)


@pytest.fixture(scope="module")
def pending(house):
    """A red warning with nothing approved in the record: what a program in tocsind's place starts from."""
    return house.submit("met-draft", warning(level="red"))


def approved(request):
    return request.proof("review", "met-review").proof("sign", "met-sign-1").proof("sign", "met-sign-2")


def test_signer_signs_what_is_in_order(house, pending):
    """So that the refusals below are not for another reason."""
    done, cap = approved(Request(house, pending)).ask()
    assert done and "<ds:SignatureValue>" in cap, cap


def test_signer_signs_what_was_overridden(house, pending):
    """By a reviewer, with the reason that was signed."""
    request = overridden(Request(house, pending), "met-review")
    request.override = "已核"
    done, cap = request.ask()
    assert done and "<ds:SignatureValue>" in cap, cap


def spoil_text(request):
    request.texts = [(t, x.replace("停止户外作业", "照常作业")) if t == "sms" else (t, x) for t, x in request.texts]


def spoil_cap(request):
    assert "50毫米" in request.cap
    request.cap = request.cap.replace("50毫米", "5毫米")


def add_target(request):
    request.texts = request.texts + [("siren", "警报")]


def hit(request):
    """The manifest says that the screen found something."""
    head, rest = request.manifest.split("\nunit ", 1)
    request.manifest = head + "\nscreening held\nunit " + rest
    return request


def override(request, officer, reason="已核", **more):
    key = request.house.path("officers", officer + ".key")
    request.proofs.append(Proof("override", officer, key, override_text(request.manifest, reason), **more))
    return request


def overridden(request, officer, reason="已核"):
    return override(approved(hit(request)), officer, reason)


def say(**values):
    return lambda request: request.__dict__.update(values)


PROOF = ("does not hold for this manifest", "规则：审签凭证须为本人对本清单所签")
FORGERIES = {
    "no proof at all": (lambda r: r, lambda r: None, ("condition 5", "条件5", "there are 0 and 0", "condition 6")),
    "one sign of two": (lambda r: r.proof("review", "met-review").proof("sign", "met-sign-1"), lambda r: None,
                        ("condition 5", "asks for 1 to review and 2 to sign red; there are 1 and 1")),
    "the same sign twice": (lambda r: r.proof("review", "met-review").proof("sign", "met-sign-1").proof(
        "sign", "met-sign-1"), lambda r: None, ("condition 5", "same person")),
    "the drafter's sign": (lambda r: r.proof("review", "met-review").proof("sign", "met-sign-1").proof(
        "sign", "met-draft"), lambda r: None, ("condition 5", "met-draft")),
    "another unit's sign": (lambda r: r.proof("review", "met-review").proof("sign", "met-sign-1").proof(
        "sign", "emb-sign-1"), lambda r: None, ("condition 5", "emb-sign-1")),
    "a sign passed off as a review": (lambda r: r.proof("sign", "met-review", said_act="review").proof(
        "sign", "met-sign-1").proof("sign", "met-sign-2"), lambda r: None, PROOF),
    "signed by a key of one's own": (lambda r: r.proof("review", "met-review").proof("sign", "met-sign-1").proof(
        "sign", "met-sign-2", key=r.house.path("keys", "alert.pem")), lambda r: None, PROOF),
    "by an officer who is none": (lambda r: approved(r).proof("sign", "nobody", key=r.house.path("keys", "alert.pem")),
                                  lambda r: None, ("nobody",)),
    "from the future": (lambda r: r.proof("review", "met-review").proof("sign", "met-sign-1").proof(
        "sign", "met-sign-2", moment=time.time() + 600), lambda r: None, ("from the future", "规则：凭证须真实")),
    "other words at a far side": (approved, spoil_text, ("the text for \"sms\" is not the approved one", "规则：所批即所发")),
    "another message": (approved, spoil_cap, ("cap is", "what is sent is what was approved", "规则：所批即所发")),
    "a lower level in the manifest": (lambda r: r.line("level", "orange").proof("review", "met-review").proof(
        "sign", "met-sign-1"), lambda r: None, ("level is \"orange\"", "\"red\"", "规则：所批即所发")),
    "other areas in the manifest": (lambda r: approved(r.line("area", "120101")), lambda r: None,
                                    ("area is \"120101\"", "规则：所批即所发")),
    "another drafter": (lambda r: r.line("drafter", "met-lead").proof("review", "met-review").proof(
        "sign", "met-sign-1").proof("sign", "met-lead"), lambda r: None, ("condition 5", "met-lead")),
    "an exercise": (lambda r: approved(r.line("mode", "exercise")), lambda r: None, ("mode exercise", "a drill is never live",
                                                                                   "演练不得混入实战")),
    "one far side more": (approved, add_target, ("far sides", "规则：每个对端恰有一份文本")),
    "another releaser": (approved, say(officer="met-sign-1"), ("condition 1", "duty publish")),
    "no releaser": (approved, say(officer=""), ("condition 1", "条件1", "condition 4", "气象法 第二十二条")),
    "a releaser of another unit": (approved, say(officer="emb-lead"), ("condition 4, forbid", "气象法 第二十二条")),
    "tomorrow": (approved, lambda r: say(sent=r.sent + 86400000)(r), ("over 60 s off", "规则：发布时间为当下")),
    "yesterday": (approved, lambda r: say(sent=r.sent - 86400000)(r), ("over 60 s off", "规则：发布时间为当下")),
    "a screening hit that stands": (lambda r: approved(hit(r)), lambda r: None, ("condition 6", "条件6")),
    "a screening hit overridden by nobody": (lambda r: approved(hit(r)), say(override="已核"), ("condition 6", "条件6")),
    "overridden by its drafter": (lambda r: overridden(r, "met-draft"), say(override="已核"), ("condition 6", "条件6")),
    "overridden by a signer where a reviewer is asked": (lambda r: overridden(r, "met-sign-1"), say(override="已核"),
                                                         ("condition 6", "条件6")),
    "overridden by another unit": (lambda r: overridden(r, "emb-review"), say(override="已核"), ("condition 6", "条件6")),
    "overridden for another reason": (lambda r: overridden(r, "met-review"), say(override="领导要求"), PROOF),
    "overridden without a reason": (lambda r: overridden(r, "met-review", ""), lambda r: None, ("condition 6", "条件6")),
    "an override passed off as a review": (lambda r: override(hit(r), "met-review", said_act="review").proof(
        "sign", "met-sign-1").proof("sign", "met-sign-2"), say(override="已核"), PROOF),
    "a relay of nothing": (lambda r: r.line("procedure", "relay").line("source", "met-feed").line("drafter", "-"),
                           say(officer=""), ("upstream", "规则：")),
    "a relay with officers": (approved, say(upstream=b"<alert/>"), ("only a relay comes with an upstream",)),
    "an update of nothing": (lambda r: approved(r.line("verb", "update")), lambda r: None, ("verb", "规则：所批即所发")),
    "a cancel nobody worded": (lambda r: approved(r.line("verb", "cancel")), lambda r: None, ("规则：所批即所发",)),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_program_in_tocsinds_place(house, pending, name):
    make, spoil, words = FORGERIES[name]
    request = make(Request(house, pending))
    spoil(request)
    done, text = request.ask()
    assert not done
    says(text, *words)
    assert "签名拒绝" in text and "not signed" in text
    assert house.programs["signer"].starts == 1


def test_staged_words_are_no_back_door(house):
    """A cancel's own words with an original that is not ours, or without one, or with other words."""
    ident = house.walk("met", warning())
    record = sqlite3.connect("file:%s?mode=ro" % house.path("state", "record.db"), uri=True)
    staged = "b%d" % record.execute("SELECT row FROM bulletin WHERE parent = ? AND staged_as = 'cancel'",
                                    (ident,)).fetchone()[0]
    original = record.execute("SELECT filled_manifest, manifest_signature, signed_cap FROM bulletin_body"
                              " WHERE bulletin = ?", (int(ident[1:]),)).fetchone()
    record.close()

    def ask(originals, prove=True, change=lambda r: None):
        request = Request(house, staged)
        request.originals = originals
        request.sent += 2000  # after its original
        change(request)
        return (request.proof("cancel", "met-lead") if prove else request).ask()
    for given, prove, change, words in (
            ([], True, lambda r: None, ("must come with it", "只续接自己发出的消息")),
            ([original], False, lambda r: None, ("there is no proof of met-lead (cancel)", "解除和更正须由发出者签署")),
            ([(original[0].replace("level orange", "level blue"), *original[1:])], True, lambda r: None,
             ("is not one we signed", "只续接自己发出的消息")),
            ([(*original[:2], original[2].replace("50毫米", "5毫米"))], True, lambda r: None, ("is not one we signed",)),
            ([original], True, lambda r: r.line("expires", "2026-12-31T00:00:00+08:00"), ("expires is", "规则：所批即所发")),
            ([original], True, lambda r: r.line("disclosure", "on-request"),
             ("were not approved together with", "另行措辞须走完整审签"))):
        done, text = ask(given, prove, change)
        assert not done
        says(text, *words)
    done, cap = ask([original])
    assert done, cap
    assert "<msgType>Cancel</msgType>" in cap and reference(original[2]) in cap


def test_what_has_ended_stays_ended(house):
    """A warning that was cancelled, with all its approvals, at a signer that was killed and started again: tocsind's place
    is taken, and nothing comes back. What nothing has followed may be signed again (tocsind died before it could write)."""
    ended, stands = (house.walk("met", warning()) for _ in range(2))
    house.tocsin("met-lead", "cancel", ended, "--reason", "雨停")

    def again(ident):
        return Request(house, ident).proof("review", "met-review").proof("sign", "met-sign-1").ask()
    for restart in (False, True, True):
        if restart:
            house.restart_signer()
        done, text = again(ended)
        assert not done
        says(text, "was followed by a cancel, correction or update already", "不再签发")
        done, text = again(stands)
        assert done, text
    house.tocsin("met-lead", "cancel", stands, "--reason", "雨停")
    assert not again(stands)[0]


def test_noise_at_the_signers_socket(house):
    """Whatever comes, the signer answers the next one."""
    path, starts = house.path("run", "signer.sock"), house.programs["signer"].starts
    assert exchange(path, frame(FRAME_KEYS))[0] == FRAME_KEY_LIST
    for noise in (frame(FRAME_KEYS, b"\0" * 6), frame(1), frame(65535, b"x" * 1000), frame(64),
                  frame(64, os.urandom(5000))):
        assert exchange(path, noise)[0] == FRAME_REFUSED
    for noise in (b"\xff" * 64, b"\0\0\0\0" * 16, b"GET / HTTP/1.1\r\n\r\n"):
        answer = exchange(path, noise)
        assert answer is None or answer[0] == FRAME_REFUSED
    assert exchange(path, frame(FRAME_KEYS))[0] == FRAME_KEY_LIST and house.programs["signer"].starts == starts


# --- ending it -------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("arguments, verb, word", ((("cancel",), "cancel", "解除"),
                                                   (("correct", "--wrong-area"), "correct", "区域"),
                                                   (("correct", "--false-alarm"), "correct", "误")))
def test_one_person_ends_it(house, arguments, verb, word):
    """In the words approved with it; the reason goes to the record only."""
    ident = house.walk("met", warning())
    house.wait_delivered(ident)
    original = cap_of(house, ident)
    for officer, words in (("met-draft", ("condition 1", "条件1", "met-draft")),
                           ("emb-lead", ("condition 9", "条件9", "tj-met"))):
        says(denied(house, officer, arguments[0], ident, *arguments[1:], "--reason", "试试"), *words)
    assert house.status(ident)["state"] == "released"
    end = house.tocsin("met-lead", arguments[0], ident, *arguments[1:], "--reason", "内部原因勿外传").stdout.split()[0]
    house.wait_delivered(end)
    status = house.status(end)
    assert (status["state"], status["verb"], status["replaces"]) == ("released", verb, number_of(original))
    assert [(a["act"], a["officer"]) for a in status["approvals"]] == [(verb, "met-lead")]
    assert house.status(ident)["state"] == "cancelled"
    cap = cap_of(house, end)
    assert "<msgType>Cancel</msgType>" in cap and "<references>%s</references>" % reference(original) in cap
    assert word in status["headline"], status["headline"]
    number = status["identifier"]
    texts = [entry["text"] for entry in house.arrived("webhook") if number in entry["text"]]
    assert len(texts) == 1 and word in texts[0]
    wait_for(lambda: [text for _, text in house.sms() if number in text and word in text], 20, "the short message")
    everything = cap + str(texts) + str(house.sms()) + str(house.arrived("weibo")) + house.fetch(
        "/warnings/%s.html" % number)
    assert "内部原因" not in everything
    record = sqlite3.connect("file:%s?mode=ro" % house.path("state", "record.db"), uri=True)
    assert record.execute("SELECT reason FROM bulletin WHERE row = ?", (int(end[1:]),)).fetchone()[0] == "内部原因勿外传"
    record.close()
    says(denied(house, "met-lead", "cancel", ident, "--reason", "再一次"), "cancelled")


def test_cancel_says_why(house):
    ident = house.walk("met", warning())
    path = "/api/v1/bulletins/%s/cancel" % ident
    proof = Proof("cancel", "met-lead", house.path("officers", "met-lead.key"),
                  manifest(house, ident, "staged/cancel/manifest")).json
    refused(house, call(house, "met-lead", "POST", path, json.dumps({"proof": proof}), REPORT), 400, "reason", "原因")
    wrong = Proof("cancel", "met-lead", house.path("officers", "met-lead.key"), manifest(house, ident)).json
    refused(house, call(house, "met-lead", "POST", path, json.dumps({"reason": "雨停", "proof": wrong}), REPORT), 409,
            "void")
    assert house.status(ident)["state"] == "released"
    assert call(house, "met-lead", "POST", path, json.dumps({"reason": "雨停", "proof": proof}), REPORT).status == 200


# --- updating --------------------------------------------------------------------------------------------------

def update_of(cap, **replace):
    return warning(replace={"<msgType>Alert</msgType>": "<msgType>Update</msgType>",
                            "<scope>Public</scope>":
                            "<scope>Public</scope><references>%s</references>" % reference(cap), **replace})


def test_update_supersedes(house):
    first = house.walk("met", warning())
    house.wait_delivered(first)
    words = update_of(cap_of(house, first), **{"50毫米": "100毫米"})
    second = house.submit("met-draft", words)
    says(denied(house, "met-lead", "release", second), "condition 5", "there are 0 and 0")
    assert house.status(first)["state"] == "released"
    house.approve("met", second)
    house.release("met", second)
    house.wait_delivered(second)
    one, two = house.status(first), house.status(second)
    assert one["state"] == "superseded" and two["state"] == "released" and two["verb"] == "update"
    assert two["chain"] == one["identifier"] and two["replaces"] == one["identifier"]
    assert two["sent"] > one["sent"]
    cap = cap_of(house, second)
    assert reference(cap_of(house, first)) in cap and "100毫米" in cap
    says(denied(house, "met-lead", "cancel", first, "--reason", "旧的"), "superseded")
    end = house.tocsin("met-lead", "cancel", second, "--reason", "雨停").stdout.split()[0]
    house.wait_delivered(end)
    assert house.status(second)["state"] == "cancelled" and house.status(end)["chain"] == one["identifier"]
    references = re.search("<references>(.*?)</references>", cap_of(house, end)).group(1)
    assert reference(cap) in references.split()


def test_a_chain_that_was_updated_all_week(house):
    """More messages than go to the signer at once: it is updated still, and taken back."""
    first = last = house.walk("met", warning())
    for rain in range(101, 167):
        last = house.walk("met", update_of(cap_of(house, last), **{"50毫米": "%d毫米" % rain}))
    end = house.tocsin("met-lead", "cancel", last, "--reason", "雨停").stdout.split()[0]
    house.wait_delivered(end)
    cap = cap_of(house, end)
    assert house.status(end)["chain"] == house.status(first)["identifier"]
    assert reference(cap_of(house, last)) in cap and reference(cap_of(house, first)) in cap and cap.count(",12000041600000_") == 64


def test_update_of_what_is_not_ours(house):
    cap = cap_of(house, house.walk("met", warning()))
    for words in (cap.replace(number_of(cap), "12000041600000_20200101000000"), ):
        says(denied(house, "met-draft", "submit", house.write("update.xml", update_of(words))), "update", "更新",
             "references")


def test_update_by_another_unit(house):
    first = house.walk("met", warning())
    text = denied(house, "emb-draft", "submit", house.write("update.xml", update_of(cap_of(house, first))))
    says(text, "condition", "气象法 第二十二条")
    assert house.status(first)["state"] == "released"


# --- relays ----------------------------------------------------------------------------------------------------

def sign_upstream(house, cap, key):
    house.write("unsigned.xml", cap.replace("</alert>", SIGNATURE + "</alert>"))
    house.run("/usr/bin/xmlsec1", "--sign", "--privkey-pem", house.path("keys", key + ".pem"), "--output",
              house.path("signed.xml"), house.path("unsigned.xml"))
    with open(house.path("signed.xml"), encoding="utf-8") as text:
        return text.read()


@pytest.fixture(scope="module")
def relaying():
    """A house that knows an upstream's public key."""
    def keys(house):
        for name in ("upstream", "stranger"):
            house.run(house.binary("tocsin"), "officer", "key", house.path("keys", name + ".pem"), "--public",
                      house.path("keys", name + ".pub"))
        house.write("keys/upstream.trust", "12000041600000 key upstream.pub\n12011641600000 key stranger.pub\n")
        add_token(house, "machine", "", "draft")
    with housed(before=keys) as house:
        yield house


def by_name(house, name):
    """The bulletin that the file of this name became."""
    def taken():
        return [row["outcome"].removeprefix("draft ") for row in kept(house)
                if row["name"] == name and row["outcome"].startswith("draft ")]
    return wait_for(taken, 20, name)[0]


def test_upstream_goes_out_with_no_hand(relaying):
    house = relaying
    words = warning()
    signed = sign_upstream(house, words, "upstream")
    drop(house, "good.xml", signed)
    ident = by_name(house, "good.xml")
    house.wait_delivered(ident)
    status = house.status(ident)
    assert (status["state"], status["procedure"], status["source"]) == ("released", "relay", "met-feed")
    assert status["identifier"] == number_of(words) and status["sent"] == re.search("<sent>(.*)</sent>", words).group(1)
    assert status["approvals"] == [] and status["drafter"] == "" and status["releaser"] == ""
    cap = cap_of(house, ident)
    house.write("relayed.xml", cap)
    house.run("/usr/bin/xmlsec1", "--verify", "--pubkey-pem", house.path("keys", "alert.pub"), house.path("relayed.xml"))
    with pytest.raises(Failed):
        house.run("/usr/bin/xmlsec1", "--verify", "--pubkey-pem", house.path("keys", "upstream.pub"),
                  house.path("relayed.xml"))
    # Every element of the producer's, and no other: only the Signature is ours.
    elements = re.compile(r"<([a-zA-Z]+)>([^<>]+)</\1>")
    assert [e for e in elements.findall(cap)] == elements.findall(words)
    assert [row["bytes"] for row in kept(house) if row["name"] == "good.xml"] == [signed.encode()]
    says(house.tocsin("met-lead", "why", ident).stdout, "转发（asked at relay）", "permit", "relays[0]", "气象法 第二十二条")
    # Delivered is Kannel's yes; the network has it a moment later.
    wait_for(lambda: [text for _, text in house.sms() if number_of(words) in text], 20, "the short message")


def test_restricted_upstream_reaches_no_public_channel(relaying):
    house = relaying
    words = warning(replace={"<scope>Public</scope>": "<scope>Restricted</scope>\n  <restriction>仅供应急责任人</restriction>"})
    drop(house, "restricted.xml", sign_upstream(house, words, "upstream"))
    ident = by_name(house, "restricted.xml")
    assert set(house.wait_delivered(ident, ["wecom", "webhook"])) == {"wecom", "webhook"}
    assert house.status(ident)["disclosure"] == "withheld"


def test_upstream_that_is_only_drawn_tells_nobody_by_number_and_says_so(relaying):
    house = relaying
    words = drawn(IN_BINHAI)
    drop(house, "drawn.xml", sign_upstream(house, words, "upstream"))
    ident = by_name(house, "drawn.xml")
    targets = house.status(ident)["targets"]
    assert "sms" not in targets and "mqtt" in targets
    house.wait_delivered(ident, targets)
    line = [line for line in house.log("tocsind").splitlines() if "event=target-left-out" in line][-1]
    assert "target=sms" in line and number_of(words) in line


def test_upstream_with_a_personal_number_waits_for_people(relaying):
    house = relaying
    words = warning(replace={"<contact>天津市气象台 12121": "<contact>天津市气象台 13812345678"})
    drop(house, "personal.xml", sign_upstream(house, words, "upstream"))
    ident = by_name(house, "personal.xml")
    wait_for(lambda: house.status(ident)["screening"] == "held", 10, "the hit")
    wait_for(lambda: "condition 6" in house.tocsin("met-lead", "why", ident).stdout, 10, "the refusal")
    assert unsent(house, ident)["hits"][0]["rule"] == "screen.mobile"


def test_upstream_again_is_not_sent_again(relaying):
    house = relaying
    signed = sign_upstream(house, warning(), "upstream")
    drop(house, "once.xml", signed)
    ident = by_name(house, "once.xml")
    first = house.wait_delivered(ident)
    before = len(bulletins(house))
    drop(house, "twice.xml", signed)
    wait_for(lambda: os.path.exists(house.path("incoming", "done", "twice.xml")), 20, "twice.xml taken in")
    assert len(bulletins(house)) == before
    assert {d["id"]: d["attempts"] for d in house.deliveries(ident).values()} == \
        {d["id"]: d["attempts"] for d in first.values()}


def test_upstream_by_the_api(relaying):
    """A machine's token that two administrators bound to a source hands in as that source; one without a source has no unit to draft for."""
    house = relaying
    bound, words = source_token(house, "met-feed"), warning()
    signed = sign_upstream(house, words, "upstream")
    done = hand_in(house, bound, signed)
    assert done.status == 201 and (done.json["state"], done.json["procedure"]) == ("released", "relay"), done.body
    assert (done.json["source"], done.json["unit"], done.json["drafter"]) == ("met-feed", "tj-met", "")
    house.wait_delivered(done.json["id"])
    again = hand_in(house, bound, signed)
    assert again.status == 200 and again.json["repeat"] and again.json["id"] == done.json["id"]
    row = kept(house)[-1]
    assert (row["way"], row["name"]) == ("api", "feed-met-feed")
    stranger = hand_in(house, bound, sign_upstream(house, warning(), "stranger"))
    assert stranger.status == 201 and (stranger.json["state"], stranger.json["source"]) == ("draft", "met-feed")
    nobodys = hand_in(house, "machine", sign_upstream(house, warning(), "upstream"))
    assert nobodys.status == 403, nobodys.body


def test_upstream_update_and_cancel(relaying):
    house = relaying
    words = warning()
    drop(house, "first.xml", sign_upstream(house, words, "upstream"))
    first = by_name(house, "first.xml")
    house.wait_delivered(first)
    update = after(words, update_of(words, **{"50毫米": "100毫米"}))
    drop(house, "update.xml", sign_upstream(house, update, "upstream"))
    second = by_name(house, "update.xml")
    house.wait_delivered(second)
    assert house.status(first)["state"] == "superseded" and house.status(second)["replaces"] == number_of(words)
    cancel = after(update, update_of(update, **{"发布暴雨橙色": "解除暴雨橙色"}).replace(">Update<", ">Cancel<"))
    drop(house, "cancel.xml", sign_upstream(house, cancel, "upstream"))
    third = by_name(house, "cancel.xml")
    house.wait_delivered(third)
    assert house.status(second)["state"] == "cancelled" and house.status(third)["chain"] == number_of(words)
    assert house.status(third)["verb"] == "cancel" and reference(update) in cap_of(house, third)


def test_upstream_takes_back_only_its_own(relaying):
    """Another sender of the same source, by its own good key, ends neither the producer's message nor ours."""
    house = relaying
    words = warning()
    drop(house, "theirs.xml", sign_upstream(house, words, "upstream"))
    theirs = by_name(house, "theirs.xml")
    ours = house.walk("met", warning())
    for ident in (theirs, ours):
        house.wait_delivered(ident)
        cancel = update_of(cap_of(house, ident), **{"发布暴雨橙色": "解除暴雨橙色"}).replace(">Update<", ">Cancel<")
        cancel = re.sub(r"<ds:Signature.*?</ds:Signature>\n?", "", after(cap_of(house, ident), cancel), flags=re.S)
        cancel = re.sub("<sender>.*?</sender>", "<sender>12011641600000</sender>", cancel)
        drop(house, "end-%s.xml" % ident, sign_upstream(house, cancel, "stranger"))
        draft = by_name(house, "end-%s.xml" % ident)
        assert unsent(house, draft)["state"] == "draft"
        assert any("event=no-relay" in line and "not one of its own sender" in line for line in house.log("tocsind").splitlines())
        assert house.status(ident)["state"] == "released"


def test_upstream_that_was_recorded_and_did_not_leave(relaying):
    """As after kill -9 between the two: its source hands in again what it got no answer to."""
    house = relaying
    signed = sign_upstream(house, warning(), "upstream")
    house.programs["signer"].stop()
    try:
        drop(house, "stuck.xml", signed)
        ident = by_name(house, "stuck.xml")
        wait_for(lambda: os.path.exists(house.path("incoming", "done", "stuck.xml")), 20, "stuck.xml taken in")
        assert unsent(house, ident)["state"] == "draft"
    finally:
        house.programs["signer"].start()
    wait_for(house.signer_listens, 20, "the signer again")
    wait_for(lambda: house.healthy(), 20, "tocsind")
    drop(house, "stuck-again.xml", signed)
    house.wait_delivered(ident)


def after(cap, later):
    """`later`, sent one second behind `cap`."""
    sent = datetime.datetime.fromisoformat(re.search("<sent>(.*?)</sent>", cap).group(1))
    return re.sub("<sent>.*?</sent>", "<sent>%s</sent>" % (sent + datetime.timedelta(seconds=1)).isoformat(), later)


@pytest.mark.parametrize("name, spoil, words", (
    ("tampered", lambda house, cap: sign_upstream(house, cap, "upstream").replace("50毫米", "500毫米"), ("signature",)),
    ("strange", lambda house, cap: sign_upstream(house, cap, "stranger"), ("signature",)),
    ("unsigned", lambda house, cap: cap, ()),
    ("beyond", lambda house, cap: sign_upstream(house, cap.replace("11B03", "11A52").replace(
        "<event>暴雨</event>", "<event>水旱</event>"), "upstream"), ("relay",)),
    ("milder", lambda house, cap: sign_upstream(house, cap.replace("<value>Orange</value>", "<value>Blue</value>"), "upstream"),
     ("its level is blue, its severity Severe",)),
    ("other-words", lambda house, cap: sign_upstream(house, cap.replace("橙色", "蓝色"), "upstream"), ("its headline",))))
def test_upstream_that_stays_a_draft(relaying, name, spoil, words):
    house = relaying
    cap = warning()
    drop(house, name + ".xml", spoil(house, cap))
    ident = by_name(house, name + ".xml")
    wait_for(lambda: os.path.exists(house.path("incoming", "done", name + ".xml")), 20, name)
    status = unsent(house, ident)
    assert status["state"] == "draft"
    refusals = [line for line in house.log("tocsind").splitlines()
                if ("relay-refused" in line and "bulletin=%s " % ident in line) or "no-relay" in line]
    assert not words or refusals
    for word in words:
        assert word in refusals[-1], refusals[-1]
    # Nothing of it is anywhere: what was sent after it has arrived.
    drop(house, name + "-good.xml", sign_upstream(house, warning(), "upstream"))
    house.wait_delivered(by_name(house, name + "-good.xml"))
    assert number_of(cap) not in str(house.arrived("webhook")) + str(house.arrived("weibo")) + str(house.sms())
    says(denied(house, "met-lead", "release", ident), "draft")


# --- the record ------------------------------------------------------------------------------------------------

def test_decisions_can_be_asked_again(house):
    """What the record kept of a decision, put to `tocsin decide`, gives the same answer."""
    ident = house.submit("met-draft", warning(level="red"))
    denied(house, "met-lead", "release", ident)
    house.approve("met", ident, signs=2)
    house.release("met", ident)
    why = json.loads(house.tocsin("met-lead", "why", ident, "--json").stdout)["decisions"]
    assert [(d["asked"], d["permit"]) for d in why] == [("submission", True), ("release", False), ("release", True)]
    asked = [d for d in why if d["asked"] == "release"]
    lines = "".join(json.dumps(d["facts"]) + "\n" for d in asked)
    answers = [json.loads(line) for line in house.run(house.binary("tocsin"), "decide", "--policy",
                                                      house.path("authority.yaml"), stdin=lines).stdout.splitlines()]
    assert len(answers) == 2
    for answer, decision in zip(answers, asked):
        assert (answer["permit"], answer["rule"], answer["basis"]) == tuple(
            decision["decision"][name] for name in ("permit", "rule", "basis"))
        assert answer["reasons"] == ["%s / %s" % (reason["zh"], reason["en"]) for reason in decision["decision"]["reasons"]]
    assert answers[1]["rule"] == "grants[0]" and answers[1]["basis"] == "气象法 第二十二条"
    says(house.tocsin("met-lead", "why", ident).stdout, "不准（deny）", "准许（permit）", "grants[0]", "气象法 第二十二条",
         *answers[0]["reasons"])
    said = [line for line in house.log("tocsind").splitlines() if "event=decision bulletin=%s " % ident in line]
    assert len(said) == 3 and all(reason in said[1] for reason in answers[0]["reasons"]), said
    says(said[2], "permit=true", "rule=grants[0]")


def test_decide_exit_codes(house):
    tocsin = house.binary("tocsin")
    bad = house.run(tocsin, "decide", "--policy", house.path("authority.yaml"), stdin="{\n", check=False)
    assert bad.returncode == 65
    odd = house.run(tocsin, "decide", "--policy", house.path("authority.yaml"), stdin='{"verb":"shout"}\n', check=False)
    assert odd.returncode == 0 and json.loads(odd.stdout)["permit"] is False and json.loads(odd.stdout)["reasons"]
    none = house.run(tocsin, "decide", "--policy", house.path("tocsin.yaml"), stdin="", check=False)
    assert none.returncode == 78


def test_audit_verify(house):
    """Whole as it stands; a changed line shows, in a copy, by its number."""
    say = house.tocsin("emb-audit-1", "audit", "verify").stdout
    count = int(re.search(r"(\d+) records", say).group(1))
    assert "审计链完整" in say and count > 20
    for number, (what, sql) in enumerate((
            ("a changed word", "UPDATE audit SET body = '{}' WHERE seq = 7"),
            ("a line taken out", "DELETE FROM audit WHERE seq = 7"),
            ("the end cut off", "DELETE FROM audit WHERE seq = (SELECT MAX(seq) FROM audit)"))):
        state = house.path("copy-%d" % number)
        os.makedirs(state)
        source = sqlite3.connect("file:%s?mode=ro" % house.path("state", "record.db"), uri=True)
        copy = sqlite3.connect(os.path.join(state, "record.db"))
        source.backup(copy)
        assert copy.execute(sql).rowcount == 1, what
        copy.commit()
        copy.close()
        source.close()
        port = free_port()
        path = settings(house, "copy-%d.yaml" % number, lambda words: words.replace(
            house.path("state") + "\n", state + "\n").replace("/run/agents.sock", "/run/copy-%d.sock" % number).replace(
                ":%d" % house.ports["api"], ":%d" % port).replace(":%d" % house.ports["callback"], ":%d" % free_port()).replace(
                    ":%d" % house.ports["metrics"], ":%d" % free_port()))
        daemon = house.add("copy-%d" % number, house.binary("tocsind"), "--config", path)
        daemon.start()

        def answer():
            try:
                return call(house, "met-lead", "GET", "/api/v1/audit/verify", base="http://127.0.0.1:%d" % port)
            except OSError:
                return None
        verdict = wait_for(answer, 30, "the copy's tocsind")
        assert daemon.stop() == 0
        del house.programs["copy-%d" % number]
        refused(house, verdict, 409)
        assert "7" in verdict.detail or what == "the end cut off", verdict.detail
