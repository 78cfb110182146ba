# SPDX-License-Identifier: Apache-2.0
"""A passkey as second factor at a sign-in, beside the authenticator's code or instead of it. What is asked and what is
answered tells nobody who has an account; what was signed once counts once, for one account and one act."""
import concurrent.futures
import functools
import json
import os
import re
import time

import pytest

from authenticator import PRESENT, VERIFIED, Authenticator
from conftest import housed
from house import POLICY
from talk import call, warning
from test_24_people import (JSON, PASSWORD, SPARE, Alone, audit, before, claim, enrol, fresh_address, guess, post, rows,
                            sign_in, who)

RP, ORIGIN = "localhost", "http://localhost:8080"
CHALLENGE, WRONG = "/api/v1/session/challenge", "the second factor (code, passkey) is not right"


class WithPasskeys(Alone):
    """Every spare officer has one, and the reviewer."""
    rules = POLICY + "passkeys: {{rp: %s, origins: [\"%s\"]}}\n" % (RP, ORIGIN)

    def make_keys(self):
        self.passkeys = {"met-" + post: Authenticator(self.path("officers", post + ".passkey")) for post in (*SPARE, "review")}
        lines = super().make_keys().split("\n")
        for n, line in enumerate(lines):
            officer = re.search("id: ([^,]+),", line).group(1)
            if officer in self.passkeys:
                lines[n] = line[:-1] + ", keys: [\"%s\"]}" % self.passkeys[officer].line
        return "\n".join(lines)


HOUSED = functools.partial(housed, before=before, kind=WithPasskeys)


@pytest.fixture
def address():
    return fresh_address()


_spare = iter(SPARE)


@pytest.fixture
def officer():
    return "met-" + next(_spare)


def asked(house, officer, source="198.51.100.249"):
    answer = post(house, CHALLENGE, {"officer": officer}, source)
    assert answer.status == 200, answer.body
    return answer.json


def answered(house, officer, challenge=None, key=None, **bent):
    """The factors of a claim, by passkey."""
    challenge = challenge or asked(house, officer)
    key = key or house.passkeys[officer]
    signature = key.sign(bent.pop("signs", challenge["publicKey"]["challenge"]), bent.pop("rp", RP),
                         bent.pop("origin", ORIGIN), **bent)
    return {"attempt": challenge["attempt"], "assertion": signature}


def by_passkey(house, officer, source, password=None, factors=None, **more):
    body = {"officer": officer, "password": password or PASSWORD % officer[-3:],
            **(factors or answered(house, officer)), **more}
    return post(house, "/api/v1/session", body, source)


def enrol_by_passkey(house, officer, source):
    body = {"officer": officer, "enrolment": house.codes[officer], "password": PASSWORD % officer[-3:],
            "second_factor": "passkey"}
    answer = post(house, "/api/v1/enrolment", body, source)
    assert answer.status == 200 and answer.json == {"officer": officer}, answer.body


# --- signing in --------------------------------------------------------------------------------------------------

def test_beside_the_code(house, officer, address):
    """Either of the two; each is named in the chain."""
    enrol(house, officer, address)
    done = by_passkey(house, officer, address)
    assert done.status == 201, done.body
    assert who(house, done.json["token"]).json["officer"] == officer
    sign_in(house, officer, address)
    assert [one["factor"] for one in audit(house, "sign-in", officer)] == ["passkey", "code"]
    both = {**claim(house, officer, offset=1), **answered(house, officer)}
    no = post(house, "/api/v1/session", both, address)
    assert no.status == 400 and "not both" in no.detail


def test_instead_of_the_code(house, officer, address):
    """An account without an authenticator: the first sign-in asks for the passkey, and no digits do."""
    enrol_by_passkey(house, officer, address)
    assert audit(house, "enrolled", officer) == [{"sessions_ended": 0, "factor": "passkey"}]
    assert rows(house, "SELECT factor, factor_next, enrol_digest FROM account WHERE officer = ?", officer) == [("", "", "")]
    for code in ("000000", ""):
        body = {"officer": officer, "password": PASSWORD % officer[-3:], "code": code}
        no = post(house, "/api/v1/session", body, address)
        assert no.status == 401 and WRONG in no.detail
    assert by_passkey(house, officer, address).status == 201
    again = post(house, "/api/v1/enrolment", {"officer": officer, "enrolment": house.codes[officer],
                                              "password": PASSWORD % "xyz", "second_factor": "passkey"}, address)
    assert again.status == 401, "a code makes one password"
    listed = json.loads(house.tocsin("met-chief", "account", "list", "--json").stdout)["accounts"]
    mine = next(row for row in listed if row["officer"] == officer)
    assert mine["password"] and not mine["second_factor"] and mine["passkeys"] == 1
    shown = house.tocsin("met-chief", "account", "list").stdout
    assert re.search(r"^%s .*可登录 ready +通行密钥 passkey +1 " % officer, shown, re.M), shown


def test_only_who_has_a_passkey_enrols_by_one(house, address):
    """The chief's account is made with a key file's owner, who has none. The command line does it, too."""
    body = {"officer": "met-chief", "enrolment": house.codes["met-chief"], "password": PASSWORD % "abc"}
    no = post(house, "/api/v1/enrolment", {**body, "second_factor": "passkey"}, address)
    assert no.status == 409 and "no passkey of met-chief" in no.detail
    for odd in ("totp", 1, None):
        assert post(house, "/api/v1/enrolment", {**body, "second_factor": odd}, address).status == 400
    assert rows(house, "SELECT password, password_next FROM account WHERE officer = 'met-chief'") == [("", "")]
    officer = "met-spare-29"
    done = house.run(house.binary("tocsin"), "enrol", officer, "--passkey", env={"TOCSIN_URL": house.url},
                     stdin="\n".join((house.codes[officer], PASSWORD % "-29", PASSWORD % "-29")) + "\n")
    assert "通行密钥" in done.stdout
    assert by_passkey(house, officer, address).status == 201


def test_a_browser(house, officer, address):
    enrol_by_passkey(house, officer, address)
    done = by_passkey(house, officer, address, browser=True)
    assert done.status == 201 and "token" not in done.json and done.json["csrf"]
    names = {line.split("=")[0] for line in done.headers.get_all("Set-Cookie")}
    assert names == {"__Host-tocsin-session", "__Host-tocsin-device"}
    no = post(house, "/api/v1/session", {"officer": officer, "password": "x", **answered(house, officer)}, address,
              Origin="https://elsewhere.example")
    assert no.status == 403


# --- what counts, and how often ----------------------------------------------------------------------------------

def test_an_answer_counts_once(house, officer, address):
    enrol_by_passkey(house, officer, address)
    factors = answered(house, officer)
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        found = sorted(pool.map(lambda _: by_passkey(house, officer, address, factors=factors).status, range(4)))
    assert found == [201, 401, 401, 401]
    # Used by a wrong try, it is used: who saw it pass cannot mend the password.
    factors = answered(house, officer)
    assert by_passkey(house, officer, fresh_address(), "not the password", factors=factors).status == 401
    assert by_passkey(house, officer, fresh_address(), factors=factors).status == 401
    assert [one["why"] for one in audit(house, "sign-in-refused", officer)][-2:] == ["password", "passkey"]
    assert by_passkey(house, officer, fresh_address()).status == 201


def test_an_answer_is_for_one_account_attempt_and_act(house, officer, address):
    enrol_by_passkey(house, officer, address)
    other = "met-spare-28"
    mine, again, theirs = asked(house, officer), asked(house, officer), asked(house, other)
    assert len({one["publicKey"]["challenge"] for one in (mine, again, theirs)}) == 3
    wrong = [{"attempt": again["attempt"], "assertion": answered(house, officer, mine)["assertion"]},
             {"attempt": theirs["attempt"], "assertion": answered(house, officer, theirs)["assertion"]},
             answered(house, officer, asked(house, officer), key=house.passkeys[other])]
    for factors in wrong:
        no = by_passkey(house, officer, fresh_address(), factors=factors)
        assert no.status == 401 and WRONG in no.detail
    # To sign in is not to change the password, nor the reverse.
    done = by_passkey(house, officer, address)
    token, new = done.json["token"], "wind over the northern sea"
    body = {"password": PASSWORD % officer[-3:], "new_password": new}
    no = post(house, "/api/v1/account/password", {**body, **answered(house, officer)}, address, token)
    assert no.status == 401
    change = post(house, "/api/v1/account/challenge", {"act": "password"}, address, token).json
    assert by_passkey(house, officer, fresh_address(), factors=answered(house, officer, change)).status == 401
    change = post(house, "/api/v1/account/challenge", {"act": "password"}, address, token).json
    done = post(house, "/api/v1/account/password", {**body, **answered(house, officer, change)}, address, token)
    assert done.status == 200, done.body
    assert by_passkey(house, officer, fresh_address(), new).status == 201
    for act in ("sign-in", "sign", ""):
        assert post(house, "/api/v1/account/challenge", {"act": act}, address, token).status == 400


def test_a_code_for_an_authenticator_by_passkey(house, officer, address):
    """From passkey to authenticator, by oneself."""
    enrol_by_passkey(house, officer, address)
    token = by_passkey(house, officer, address).json["token"]
    change = post(house, "/api/v1/account/challenge", {"act": "second-factor"}, address, token).json
    once = post(house, "/api/v1/account/second-factor",
                {"password": PASSWORD % officer[-3:], **answered(house, officer, change)}, address, token)
    assert once.status == 201, once.body
    house.codes[officer] = once.json["enrolment"]
    enrol(house, officer, address)
    sign_in(house, officer, fresh_address())


def test_a_proof_signs_nobody_in_nor_the_reverse(house, officer, address):
    """What the authenticator signed for a review, handed in with an attempt of ours or one made up; and an answer to a
    sign-in as a review."""
    enrol_by_passkey(house, "met-review", address)
    enrol_by_passkey(house, officer, address)
    drafter = by_passkey(house, officer, address).json["token"]
    token = by_passkey(house, "met-review", address).json["token"]
    made = call(house, drafter, "POST", "/api/v1/bulletins", warning(), "application/cap+xml")
    path = "/api/v1/bulletins/" + made.json["id"]
    assert call(house, drafter, "POST", path + "/submit", b"").status == 200
    proof = call(house, token, "GET", path + "/challenge?act=review").json
    signed = answered(house, "met-review", {**proof, "attempt": ""})["assertion"]
    for attempt in (asked(house, "met-review")["attempt"], "%d.%s" % (time.time() * 1000, proof["publicKey"]["challenge"])):
        no = by_passkey(house, "met-review", fresh_address(), factors={"attempt": attempt, "assertion": signed})
        assert no.status == 401 and WRONG in no.detail
    body = {name: proof[name] for name in ("act", "officer", "time", "manifest")}
    no = call(house, token, "POST", path + "/approvals",
              json.dumps({**body, "signature": answered(house, "met-review")["assertion"]}), JSON)
    assert no.status == 401 and "signed something else" in no.detail, no.body
    no = call(house, token, "POST", path + "/approvals",
              json.dumps({**body, "act": "sign-in", "signature": answered(house, "met-review")["assertion"]}), JSON)
    assert no.status == 400
    assert call(house, token, "GET", path + "/challenge?act=sign-in").status == 400
    assert call(house, token, "POST", path + "/approvals", json.dumps({**body, "signature": signed}), JSON).status == 200


def test_an_old_challenge_says_so(house, officer, address):
    """For whoever asks, whether they exist or not, and without a try being counted."""
    enrol_by_passkey(house, officer, address)
    for name in (officer, "met-nobody"):
        challenge = asked(house, name)
        old = "%d%s" % (int(challenge["attempt"].split(".")[0]) - 130000, challenge["attempt"][13:])
        for attempt in (old, "", "x", challenge["attempt"] + "x"):
            factors = {**answered(house, name, challenge, house.passkeys[officer]), "attempt": attempt}
            for _ in range(3):
                no = by_passkey(house, name, address, factors=factors)
                assert no.status == 409 and "begin again" in no.detail
    assert by_passkey(house, officer, address).status == 201
    # What was asked before a restart counts for nothing after it.
    factors = answered(house, officer)
    house.again()
    assert by_passkey(house, officer, fresh_address(), factors=factors).status == 401


# --- who is there ------------------------------------------------------------------------------------------------

def test_nobody_learns_who_has_an_account(house, officer, address):
    """Challenge, answer and time are the same: for no officer, one without an account, one without a passkey."""
    enrol_by_passkey(house, officer, address)
    key = house.passkeys[officer]
    names = (officer, "met-nobody", "met-spare-27", "met-sign-1", "", "a\nb", PASSWORD)
    shapes = set()
    for name in names:
        given = asked(house, name)
        shapes.add((tuple(given), tuple(given["publicKey"]), len(given["attempt"]), len(given["publicKey"]["challenge"]),
                    given["publicKey"]["rpId"], str(given["publicKey"]["allowCredentials"])))
    assert len(shapes) == 1 and "[]" in str(shapes)
    answers, times = set(), {name: [] for name in names[:4]}
    for _ in range(5):
        for name in times:
            factors = answered(house, name, key=house.passkeys["met-spare-26"])
            began = time.monotonic()
            answer = by_passkey(house, name, fresh_address(), "not the password", factors)
            times[name].append(time.monotonic() - began)
            answers.add((answer.status, answer.body))
    # With the right password and a wrong passkey, too; and digits get the same words.
    answer = by_passkey(house, officer, fresh_address(), factors=answered(house, officer, key=house.passkeys["met-spare-26"]))
    answers.add((answer.status, answer.body))
    answer = guess(house, officer, fresh_address())
    answers.add((answer.status, answer.body))
    assert len(answers) == 1 and answers.pop()[0] == 401
    least = [min(taken) for taken in times.values()]
    assert max(least) / min(least) < 2, times
    assert key is house.passkeys[officer]


def test_guesses_wait_as_with_the_code(house, officer, address):
    enrol_by_passkey(house, officer, address)
    device = by_passkey(house, officer, address).json["device"]
    bad = [by_passkey(house, officer, address, "not the password").status for _ in range(6)]
    assert bad == [401] * 5 + [429]
    assert by_passkey(house, officer, address).status == 429, "a right guess must not stand out"
    assert guess(house, officer, address).status == 429, "one count for both factors"
    assert by_passkey(house, officer, address, device=device).status == 201


LIES = {
    "another page": dict(origin="http://localhost:8081"),
    "another site": dict(rp="example.cn"),
    "nobody verified": dict(flags=PRESENT),
    "nobody there": dict(flags=VERIFIED),
    "a registration": dict(type_="webauthn.create"),
    "in a frame": dict(crossOrigin=True),
    "another challenge": dict(signs="A" * 86),
}


@pytest.fixture(scope="module")
def lied_about(house):
    enrol_by_passkey(house, "met-spare-25", fresh_address())
    return "met-spare-25"


@pytest.mark.parametrize("name", LIES)
def test_lies(house, lied_about, name):
    no = by_passkey(house, lied_about, fresh_address(), factors=answered(house, lied_about, **LIES[name]))
    assert no.status == 401 and WRONG in no.detail


def test_misshapen(house, lied_about):
    for assertion in ("passkey:", "passkey:..", "x", "passkey:AAAA.AAAA.AAAA", "A" * 16000):
        factors = {"attempt": asked(house, lied_about)["attempt"], "assertion": assertion}
        assert by_passkey(house, lied_about, fresh_address(), factors=factors).status == 401, assertion
    for factors, word in (({"attempt": 1, "assertion": "x"}, "attempt"), ({"assertion": "x"}, "attempt"),
                          ({"attempt": "x", "assertion": "A" * 17000}, "16384"), ({"attempt": "x", "assertion": ""}, "empty")):
        no = by_passkey(house, lied_about, fresh_address(), factors=factors)
        assert no.status == 400 and word in no.detail
    for body, status in (({}, 400), ({"officer": 1}, 400), ({"officer": "x" * 300}, 400)):
        assert post(house, CHALLENGE, body, fresh_address()).status == status
    assert post(house, CHALLENGE, {"officer": lied_about}, fresh_address(), kind="text/plain").status == 400
    assert by_passkey(house, lied_about, fresh_address()).status == 201


# --- the policy --------------------------------------------------------------------------------------------------

def test_a_passkey_taken_out_of_the_policy_signs_nobody_in(house, officer, address):
    enrol_by_passkey(house, officer, address)
    with open(house.path("authority.yaml"), encoding="utf-8") as text:
        policy = text.read()
    line = house.passkeys[officer].line
    assert line in policy
    house.install_policy(policy.replace(", keys: [\"%s\"]" % line, ""))
    try:
        no = by_passkey(house, officer, address)
        assert no.status == 401 and WRONG in no.detail
        # No passkeys at all: that much of the policy is told.
        factors = answered(house, officer)
        house.install_policy(re.sub(", keys: \\[\"passkey:[^]]*\\]", "", policy[:policy.index("passkeys:")]))
        assert by_passkey(house, officer, fresh_address(), factors=factors).status == 401
        no = post(house, CHALLENGE, {"officer": officer}, address)
        assert no.status == 409 and "no passkeys" in no.detail
    finally:
        house.install_policy(policy)
    assert by_passkey(house, officer, fresh_address()).status == 201


def test_nothing_of_it_lies_about(house):
    found = b""
    for name in os.listdir(house.path("log")):
        with open(house.path("log", name), "rb") as some:
            found += some.read()
    assert b"webauthn" not in found and b"passkey:" not in found
    assert call(house, "met-lead", "GET", "/api/v1/audit/verify").json["whole"]
