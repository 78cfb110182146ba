# SPDX-License-Identifier: Apache-2.0
"""Passkeys as proofs: enrolled, put into the policy by two administrators, used to review, sign and confirm; and what an
authenticator or a page that lies gets, from tocsind and from the signer."""
import base64
import json
import re
from urllib.parse import quote

import pytest

from authenticator import ATTESTED, BACKED_UP, PRESENT, VERIFIED, Authenticator, high_s, url64
from conftest import housed
from house import Failed, wait_for
from signer_peer import Request
from talk import call, warning

RP, ORIGIN = "localhost", "http://localhost:8080"
KEYS = {}


def enrolment(house, officer, **bent):
    """-> (authenticator, the answer to its registration)"""
    begun = call(house, officer, "GET", "/api/v1/passkeys/enrolment").json
    key = Authenticator(house.path("officers", "%s.passkey.%d" % (officer, len(KEYS))))
    KEYS[len(KEYS)] = key
    public_key = {**begun["publicKey"], **bent.pop("public_key", {})}
    body = {"time": begun["time"], **key.register(public_key, bent.pop("origin", ORIGIN), **bent)}
    return key, call(house, officer, "POST", "/api/v1/passkeys/enrolment", json.dumps(body), "application/json")


def with_key(policy, officer, line):
    changed = re.sub(r'(id: %s, .*keys: \[)' % officer, lambda m: m.group(1) + '"%s", ' % line, policy)
    assert changed != policy
    return changed


@pytest.fixture(scope="module")
def house():
    with housed() as one:
        text = one.policy()
        one.change("policy", text + "passkeys: {rp: %s, origins: [\"%s\"]}\n" % (RP, ORIGIN))
        text = one.policy()
        for officer in ("met-review", "met-sign-1", "emb-admin-2"):
            key, answer = enrolment(one, officer)
            assert answer.status == 200 and answer.json["line"] == key.line
            KEYS[officer] = key
            text = with_key(text, officer, key.line)
        one.change("policy", text)
        wait_for(lambda: call(one, None, "GET", "/healthz").json["signer_policy"] == "same", 20, "the signer in step")
        yield one


def challenge(house, officer, path, query=""):
    return call(house, officer, "GET", path + "/challenge" + query).json


def proof(asked, signature):
    return {**{name: asked[name] for name in ("act", "officer", "time", "manifest")}, "signature": signature}


def use(asked, key, **bent):
    return proof(asked, key.sign(bent.pop("challenge", asked["publicKey"]["challenge"]), bent.pop("rp", RP),
                                 bent.pop("origin", ORIGIN), **bent))


def approve(house, officer, ident, act, **bent):
    path = "/api/v1/bulletins/" + ident
    asked = challenge(house, officer, path, "?act=" + act)
    return call(house, officer, "POST", path + "/approvals", json.dumps(use(asked, KEYS[officer], **bent)),
                "application/json")


def test_from_review_to_release(house):
    """What passkeys approved the signer signs."""
    ident = house.submit("met-draft", warning())
    asked = challenge(house, "met-sign-1", "/api/v1/bulletins/" + ident, "?act=sign")
    assert asked["publicKey"]["rpId"] == RP and asked["publicKey"]["userVerification"] == "required"
    assert [c["id"] for c in asked["publicKey"]["allowCredentials"]] == [url64(KEYS["met-sign-1"].credential)]
    assert asked["text"].startswith("tocsin-proof 1\nact sign\nofficer met-sign-1\n")
    assert approve(house, "met-review", ident, "review").status == 200
    assert approve(house, "met-sign-1", ident, "sign").json["state"] == "approved"
    house.release("met", ident)
    house.wait_delivered(ident, ("mqtt",))


def test_an_administrator_confirms_with_one(house):
    ident = house.tocsin("emb-admin-1", "change", "propose", "policy", "-",
                         stdin=house.policy() + "# by passkey\n").stdout.split()[0]
    path = "/api/v1/changes/" + ident
    body = json.dumps(use(challenge(house, "emb-admin-2", path), KEYS["emb-admin-2"]))
    assert call(house, "emb-admin-2", "POST", path + "/proofs", body, "application/json").json["state"] == "effective"
    wait_for(lambda: call(house, None, "GET", "/healthz").json["signer_policy"] == "same", 20, "the signer in step")


def duplicate(key, asked):
    """Two challenges in one clientDataJSON: which of them was signed depends on who reads."""
    return key.client("webauthn.get", "x" * 43, ORIGIN)[:-1] + b',"challenge":"%s"}' % asked.encode()


LIES = {
    "other origin": (dict(origin="http://localhost:8081"), "a page that may not ask"),
    "origin with a slash": (dict(origin=ORIGIN + "/"), "a page that may not ask"),
    "other site": (dict(rp="example.cn"), "for another site"),
    "nobody verified": (dict(flags=PRESENT), "did not verify its owner"),
    "nobody there": (dict(flags=VERIFIED), "did not verify its owner"),
    "flags that contradict": (dict(flags=PRESENT | VERIFIED | BACKED_UP), "contradict"),
    "attested data": (dict(flags=PRESENT | VERIFIED | ATTESTED), "not that of an assertion"),
    "a registration": (dict(type_="webauthn.create"), "type must be webauthn.get"),
    "in a frame": (dict(crossOrigin=True), "another page's frame"),
    "a frame's top": (dict(topOrigin="http://localhost:8080"), "another page's frame"),
    "too short": (dict(data=b"x" * 36), "too short"),
    "bytes behind": (dict(data=None, tail=True), "not that of an assertion"),
    "other challenge": (dict(challenge="A" * 43), "signed something else"),
    "padded challenge": (dict(padded=True), "signed something else"),
    "twice": (dict(twice=True), "in one way only"),
    "words behind": (dict(behind=True), "in one way only"),
    "no JSON": (dict(client=b"{"), "in one way only"),
    "a list": (dict(client=b"[]"), "in one way only"),
}


def bent(key, asked, lie):
    lie = dict(lie)
    expected = asked["publicKey"]["challenge"]
    if lie.pop("padded", None):
        lie["challenge"] = expected + "="
    if lie.pop("twice", None):
        lie["client"] = duplicate(key, expected)
    if lie.pop("behind", None):
        lie["client"] = key.client("webauthn.get", expected, ORIGIN) + b"{}"
    if lie.pop("tail", None):
        lie["data"] = key.data(RP, PRESENT | VERIFIED, b"more")
    return use(asked, key, **lie)


@pytest.fixture(scope="module")
def pending(house):
    return house.submit("met-draft", warning())


@pytest.mark.parametrize("name", LIES)
def test_lies(house, pending, name):
    """Neither tocsind nor the signer, asked by whoever is in tocsind's place, takes it."""
    lie, word = LIES[name]
    path = "/api/v1/bulletins/" + pending
    asked = challenge(house, "met-sign-1", path, "?act=sign")
    said = bent(KEYS["met-sign-1"], asked, lie)
    answer = call(house, "met-sign-1", "POST", path + "/approvals", json.dumps(said), "application/json")
    assert answer.status in (401, 403) and word in answer.detail, answer.detail
    request = Request(house, pending).proof("review", "met-review").proof("sign", "met-sign-1")
    request.proofs[1].signature = said["signature"]
    ok, text = request.ask()
    assert not ok and "does not hold" in text


def test_of_another_act_officer_or_manifest(house, pending):
    """A signature over one act is none over another."""
    path = "/api/v1/bulletins/" + pending
    asked = challenge(house, "met-review", path, "?act=review")
    other = house.submit("met-draft", warning())
    there = challenge(house, "met-review", "/api/v1/bulletins/" + other, "?act=review")
    cases = [use(there, KEYS["met-review"])["signature"], use(asked, KEYS["met-sign-1"])["signature"],
             use({**asked, "publicKey": challenge(house, "met-review", path, "?act=sign")["publicKey"]},
                 KEYS["met-review"])["signature"]]
    for signature in cases:
        answer = call(house, "met-review", "POST", path + "/approvals", json.dumps(proof(asked, signature)),
                      "application/json")
        assert answer.status in (401, 403) and "passkey's proof of officer met-review does not hold" in answer.detail


def test_misshapen_signatures(house, pending):
    path = "/api/v1/bulletins/" + pending
    asked = challenge(house, "met-sign-1", path, "?act=sign")
    good = use(asked, KEYS["met-sign-1"])["signature"]
    data, client, last = good[len("passkey:"):].split(".")
    plain = base64.b64encode(b"0" * 70).decode()
    for signature in ("passkey:", "passkey:..", "passkey:" + data, "passkey:%s.%s." % (data, client),
                      "passkey:%s.%s.%s.%s" % (data, client, last, last), "passkey:%s.%s.%s" % (data, client, plain),
                      "passkey:%s .%s.%s" % (data, client, last), good + "=", good + "\n", last,
                      "passkey:" + "A" * 40000 + ".A.A"):
        answer = call(house, "met-sign-1", "POST", path + "/approvals", json.dumps(proof(asked, signature)),
                      "application/json")
        assert answer.status in (400, 401, 403), (signature, answer.body)
    # An officer without passkeys has none.
    asked = challenge(house, "met-sign-2", path, "?act=sign")
    answer = call(house, "met-sign-2", "POST", path + "/approvals", json.dumps(use(asked, KEYS["met-sign-1"])),
                  "application/json")
    assert "has no passkey in the policy" in answer.detail
    # Both of the two signatures that are mathematically one hold: it approves once, whatever it looks like.
    ident = house.submit("met-draft", warning())
    asked = challenge(house, "met-review", "/api/v1/bulletins/" + ident, "?act=review")
    said = use(asked, KEYS["met-review"])
    for signature, status in ((high_s(said["signature"]), 200), (said["signature"], 409)):
        answer = call(house, "met-review", "POST", "/api/v1/bulletins/%s/approvals" % ident,
                      json.dumps({**said, "signature": signature}), "application/json")
        assert answer.status == status, answer.body


def test_an_override(house):
    """What is signed is the words and the reason together; other acts have no challenge here."""
    ident = house.submit("met-draft", warning(replace={"局地伴有": "联系人手机13812345678，局地伴有"}))
    path = "/api/v1/bulletins/" + ident
    reason = "已核，可公开"
    asked = challenge(house, "met-review", path, "?act=override&reason=" + quote(reason))
    body = {"reason": "另有原因", "proof": use(asked, KEYS["met-review"])}
    answer = call(house, "met-review", "POST", path + "/override", json.dumps(body), "application/json")
    assert answer.status == 409 and "changed" in answer.detail
    body["reason"] = reason
    answer = call(house, "met-review", "POST", path + "/override", json.dumps(body), "application/json")
    assert answer.status == 200 and answer.json["screening"] == "overridden", answer.body
    for query in ("?act=override", "?act=close", "?act=assign", "?act=change", ""):
        assert call(house, "met-review", "GET", path + "/challenge" + query).status == 400


@pytest.mark.parametrize("what, word", [
    (dict(fmt="packed"), "attestation must be none"),
    (dict(tail=b"\0"), "not ES256"),
    (dict(flags=PRESENT | VERIFIED), "holds no key"),
    (dict(flags=PRESENT | ATTESTED), "did not verify its owner"),
    (dict(cose={1: 2, 3: -7, -1: 1, -2: b"\1" * 32, -3: b"\1" * 32}), "P-256"),
    (dict(cose={1: 2, 3: -35, -1: 2, -2: b"\1" * 48, -3: b"\1" * 48}), "not ES256"),
    (dict(cose={1: 2, 3: -7, -1: 1, -2: b"\1" * 32}), "not ES256"),
    (dict(origin="https://example.cn"), "may not ask"),
    (dict(public_key={"challenge": "A" * 43}), "signed something else"),
    (dict(public_key={"rp": {"id": "example.cn"}}), "another site"),
])
def test_enrolments_that_cannot_be(house, what, word):
    _, answer = enrolment(house, "met-sign-2", **what)
    assert answer.status >= 400 and word in answer.detail, answer.body


@pytest.mark.parametrize("change, word", [
    (lambda p: with_key(p, "met-sign-2", KEYS["met-sign-1"].line), "one key but are two people"),
    (lambda p: p.replace("origins: [\"http://localhost:8080\"]", "origins: [\"https://localhost.example.cn\"]"), "no origin of"),
    (lambda p: p.replace("rp: localhost", "rp: Localhost"), "domain in small letters"),
    (lambda p: p.replace("passkeys: {rp", "#"), "does not name the site"),
    (lambda p: p.replace("passkey:", "passkey:="), "no base64url"),
])
def test_policies_that_cannot_be(house, change, word):
    before = house.policy()
    done = house.tocsin("emb-admin-1", "change", "propose", "policy", "-", stdin=change(before), check=False)
    assert done.returncode != 0 and word in done.stderr, done.stderr


# --- passkeys required -------------------------------------------------------------------------------------------

def requires(policy, acts):
    changed = re.sub(r'(passkeys: \{rp: [^,]*, origins: \[[^]]*\])[^}]*\}', r'\1%s}' % (", required: [%s]" % acts if acts else ""),
                     policy)
    assert changed != policy
    return changed


def in_step(house):
    wait_for(lambda: call(house, None, "GET", "/healthz").json["signer_policy"] == "same", 20, "the signer in step")


def test_where_a_passkey_is_required(house):
    """A key file's proof counts for nothing, neither with tocsind nor with the signer; what was approved by one before is
    submitted again."""
    before = house.policy()
    early, late = house.submit("met-draft", warning()), house.submit("met-draft", warning())
    by_file = house.walk("met", warning())
    house.approve("met", early)
    no = house.tocsin("emb-admin-1", "change", "propose", "policy", "-", stdin=requires(before, "review, sign"), check=False)
    assert no.returncode != 0 and "nobody of tj-emb who may do it has a passkey" in no.stderr
    text = before
    for officer in ("emb-review", "emb-sign-1"):
        KEYS[officer], answer = enrolment(house, officer)
        text = with_key(text, officer, KEYS[officer].line)
    house.change("policy", requires(text, "review, sign"))
    in_step(house)
    try:
        for officer, act in (("met-review", "review"), ("met-sign-1", "sign"), ("met-sign-2", "sign")):
            no = house.tocsin(officer, "approve", late, "--as", act, check=False)
            assert no.returncode == 77 and "asks for a passkey to " + act in no.stderr and "通行密钥" in no.stderr, no.stderr
        # Whoever has taken tocsind's place has the key files' proofs and gets nothing signed.
        ok, said = Request(house, late).proof("review", "met-review").proof("sign", "met-sign-1").ask()
        assert not ok and "asks for a passkey to review" in said and "密钥文件" in said, said
        with pytest.raises(Failed) as no:
            house.release("met", early)
        assert "asks for a passkey to review" in no.value.text
        house.tocsin("met-draft", "withdraw", early, "--reason", "改用通行密钥审签")
        assert call(house, "met-draft", "POST", "/api/v1/bulletins/%s/submit" % early, b"").status == 200
        for ident in (early, late):
            assert approve(house, "met-review", ident, "review").status == 200
            assert approve(house, "met-sign-1", ident, "sign").json["state"] == "approved"
            house.release("met", ident)
        house.wait_delivered(late, ("mqtt",))
        # What key files approved rightly goes on being approved by them.
        file = house.path("case-by-file.json")
        house.tocsin("emb-audit-1", "case", "export", by_file, file)
        house.run(house.binary("tocsin"), "case", "verify", file, "--alert-key", house.path("keys", "alert.pub"))
        # What is not named goes on with a key file.
        house.tocsin("met-lead", "cancel", late, "--reason", "已结束")
        house.wait_delivered(late, ("mqtt",))
    finally:
        house.change("policy", requires(house.policy(), ""))
        in_step(house)
    ident = house.submit("met-draft", warning())
    house.approve("met", ident)
    house.release("met", ident)


def test_a_change_by_passkey_only(house):
    """The rule binds who changes it, too, and cannot lock them out."""
    policy = house.policy()
    no = house.tocsin("emb-admin-1", "change", "propose", "policy", "-", stdin=requires(policy, "change"), check=False)
    assert no.returncode != 0 and "fewer than 2 have a passkey" in no.stderr, no.stderr
    no = house.tocsin("emb-admin-1", "change", "propose", "policy", "-", stdin=requires(policy, "close"), check=False)
    assert no.returncode != 0 and "required names review" in no.stderr
