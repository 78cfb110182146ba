# SPDX-License-Identifier: Apache-2.0
"""People: accounts, sessions, lock-out, tokens. What a thief, a guesser, another site's page and a kill can do, and
that nobody can use our own defences to keep an officer out. The house has no far sides here; each test speaks from
addresses of its own, through a proxy it believes (127.0.0.1)."""
import base64
import concurrent.futures
import functools
import hashlib
import json
import os
import re
import socket
import sqlite3
import stat
import time

import pytest

import house as house_module
from accounts import add_accounts, digits, half_minute
from conftest import WatchedHouse, housed
from house import Failed, wait_for
from signer_peer import Proof
from talk import add_token, call

JSON = "application/json"
PASSWORD = "correct horse battery staple %s"
SPARE = {"spare-%d" % n: "draft" for n in range(1, 31)}
MEMORY_KIB = 19456
SPARE.update({"night-sign": "sign", "night-lead": "publish", "night-draft": "draft"})
ADMINISTRATORS = ("chief", "deputy")


class Alone(WatchedHouse):
    """tocsind and nobody else: people need no far side. Many officers, whose keys nobody needs."""

    def officers(self):
        return ["met-" + post for post in (*house_module.POSTS, *SPARE, *ADMINISTRATORS)]

    def make_keys(self):
        lines = ["  - {id: met-%s, unit: tj-met, duties: [%s]}" % pair
                 for pair in {**house_module.POSTS, **SPARE}.items()]
        for post in ADMINISTRATORS:
            key = self.run(self.binary("tocsin"), "officer", "enrol", "met-" + post, "--key",
                           self.path("officers", "met-%s.key" % post)).stdout.strip()
            lines.append('  - {id: met-%s, unit: tj-met, duties: [accounts], keys: ["%s"]}' % (post, key))
        return "\n".join(lines)

    def make_tokens(self):
        self.tokens = {}
        add_token(self, "met-lead", "met-lead", house_module.SCOPES)
        self.write("officers/met-lead.token", self.tokens["met-lead"] + "\n")
        for officer in ["met-" + post for post in ADMINISTRATORS]:
            add_token(self, officer, officer, "read,admin")
            self.write("officers/%s.token" % officer, self.tokens[officer] + "\n")

    def start_far_sides(self):
        pass

    def start_ours(self):
        self.add("tocsind", self.binary("tocsind"), "--config", self.path("tocsin.yaml"))
        house_module.threading.Thread(target=self.watch, daemon=True).start()
        self.programs["tocsind"].start()
        wait_for(self.healthy, 30, "tocsind")

    def again(self):
        """kill -9, and up again."""
        before = self.programs["tocsind"].starts
        self.programs["tocsind"].kill()
        wait_for(lambda: self.programs["tocsind"].starts > before and self.healthy(), 30, "tocsind again")


def settings(house, **changes):
    with open(house.path("tocsin.yaml"), encoding="utf-8") as text:
        lines = text.read().splitlines()
    lines = [line for line in lines if line.split(":")[0] not in changes]
    house.write("tocsin.yaml", "\n".join(["%s: %s" % pair for pair in changes.items()] + lines) + "\n", 0o644)


def before(house):
    house.secret("people")
    settings(house, people_secret=house.path("secrets", "people"), proxies='["127.0.0.1"]', password_memory=MEMORY_KIB,
             password_passes=2)
    house.codes = add_accounts(house, *house.officers())
    house.factors, house.steps, house.words, house.sessions_of = {}, {}, [], {}
    add_token(house, "gate", "", "read:2099-01-01:203.0.113.0/24,2001:db8::/32")
    add_token(house, "over", "", "read:2026-01-01")


HOUSED = functools.partial(housed, before=before, kind=Alone)


_address = [0]


@pytest.fixture
def address():
    """A client's address nobody used yet."""
    return fresh_address()


def fresh_address():
    _address[0] += 1
    return "198.51.%d.%d" % (100 + _address[0] // 250, 1 + _address[0] % 250)


_spare = iter(SPARE)


@pytest.fixture
def officer():
    return "met-" + next(_spare)


# --- what an officer does ----------------------------------------------------------------------------------------

def post(house, path, body, source, token=None, method="POST", kind=JSON, **headers):
    return call(house, token, method, path, json.dumps(body), kind, X_Forwarded_For=source, **headers)


def enrol(house, officer, source, password=None):
    """Leaves the present step and the next one to be used."""
    password = password or PASSWORD % officer[-3:]
    body = {"officer": officer, "enrolment": house.codes[officer], "password": password}
    first = post(house, "/api/v1/enrolment", body, source)
    assert first.status == 200, first.body
    house.factors[officer] = first.json["secret"]
    house.steps[officer] = half_minute()
    assert officer in first.json["uri"] and first.json["secret"] in first.json["uri"]
    body = {"officer": officer, "enrolment": house.codes[officer], "code": digits(first.json["secret"], house.steps[officer] - 1)}
    last = post(house, "/api/v1/enrolment/end", body, source)
    assert last.status == 200, last.body
    return password


def claim(house, officer, password=None, offset=0, **more):
    return {"officer": officer, "password": password or PASSWORD % officer[-3:],
            "code": digits(house.factors[officer], house.steps[officer] + offset), **more}


def sign_in(house, officer, source, password=None, offset=0, **more):
    done = post(house, "/api/v1/session", claim(house, officer, password, offset, **more), source)
    assert done.status == 201, done.body
    return done.json


def who(house, token, source="198.51.100.250"):
    return call(house, token, "GET", "/api/v1/session", X_Forwarded_For=source)


def rows(house, sql, *values):
    record = sqlite3.connect("file:%s?mode=ro" % house.path("state", "record.db"), uri=True)
    try:
        return record.execute(sql, values).fetchall()
    finally:
        record.close()


def audit(house, what, ref):
    return [json.loads(body) for body, in
            rows(house, "SELECT body FROM audit WHERE what = ? AND ref = ? ORDER BY seq", what, ref)]


def guess(house, officer, source, **more):
    return post(house, "/api/v1/session", {"officer": officer, "password": "not the password", "code": "000000", **more},
                source)


# --- in and out --------------------------------------------------------------------------------------------------

def test_from_a_code_to_a_session_and_out(house, officer, address):
    enrol(house, officer, address)
    done = sign_in(house, officer, address)
    assert done["officer"] == officer and done["unit"] == "tj-met" and done["duties"] == ["draft"]
    assert done["mode"] == "live" and done["ends"].endswith("+08:00") and len(done["token"]) == 43
    me = who(house, done["token"]).json
    assert me["scopes"] == "read draft submit" and me["session"] == done["session"] and me["officer"] == officer
    assert call(house, done["token"], "GET", "/api/v1/bulletins").status == 200
    assert call(house, done["token"], "GET", "/api/v1/accounts").status == 403
    assert call(house, done["token"], "DELETE", "/api/v1/session").status == 200
    dead = who(house, done["token"])
    assert dead.status == 401 and "not known" in dead.detail
    assert [one["why"] for one in audit(house, "session-ended", officer)] == ["signed out"]
    assert len(audit(house, "sign-in", officer)) == 1 and len(audit(house, "enrolled", officer)) == 1


def test_a_code_makes_one_password(house, officer, address):
    for body in ({"officer": officer, "enrolment": "x" * 43}, {"officer": "met-nobody", "enrolment": "x" * 43},
                 {"officer": "met-spare-30", "enrolment": house.codes[officer]}):
        no = post(house, "/api/v1/enrolment", {**body, "password": PASSWORD % "xyz"}, address)
        assert no.status == 401 and "the enrolment code or its word is not right" in no.detail and "请系统管理员重办" in no.json["detail_zh"]
    for password, word in (("short", "at least 12"), ("x" + officer + "x", "the account's name"), ("a" * 20, "guessed")):
        no = post(house, "/api/v1/enrolment", {"officer": officer, "enrolment": house.codes[officer],
                                               "password": password}, address)
        assert no.status == 400 and word in no.detail
    # Half enrolled: nothing holds yet.
    body = {"officer": officer, "enrolment": house.codes[officer], "password": PASSWORD % "abc"}
    house.factors[officer] = post(house, "/api/v1/enrolment", body, address).json["secret"]
    house.steps[officer] = half_minute()
    no = post(house, "/api/v1/session", claim(house, officer, PASSWORD % "abc"), address)
    assert no.status == 401
    no = post(house, "/api/v1/enrolment/end", {**body, "code": "000000"}, address)
    assert no.status == 400 and "do not fit" in no.detail
    enrol(house, officer, address)
    no = post(house, "/api/v1/enrolment", body, address)
    assert no.status == 401
    sign_in(house, officer, fresh_address())


def test_one_answer_whatever_is_wrong(house, officer, address):
    enrol(house, officer, address)
    wrong = [{"officer": "met-nobody", "password": PASSWORD % "x", "code": "123456"},
             {"officer": officer, "password": "not the password", "code": digits(house.factors[officer])},
             {"officer": officer, "password": PASSWORD % officer[-3:], "code": "000000"},
             {"officer": officer, "password": "", "code": ""}]
    answers, times = set(), {0: [], 1: []}
    for body in wrong:
        answer = post(house, "/api/v1/session", body, fresh_address())
        answers.add((answer.status, answer.body))
    for _ in range(4):
        for n in (0, 1):
            began = time.monotonic()
            post(house, "/api/v1/session", wrong[n], fresh_address())
            times[n].append(time.monotonic() - began)
    assert len(answers) == 1 and answers.pop()[0] == 401
    # A hash is looked at either way: nobody is told who has an account by the clock.
    assert 0.5 < min(times[0]) / min(times[1]) < 2, times
    whys = [one["why"] for one in audit(house, "sign-in-refused", officer)]
    assert whys[:3] == ["password", "second factor", "password"]
    # Whoever typed their password into the wrong field does not find it in the chain.
    assert audit(house, "sign-in-refused", "met-nobody") == [] and "no account" in str(audit(house, "sign-in-refused", ""))


def test_digits_count_once(house, officer, address):
    enrol(house, officer, address)
    body = claim(house, officer)
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        found = sorted(pool.map(lambda _: post(house, "/api/v1/session", body, address).status, range(4)))
    assert found == [201, 401, 401, 401]
    old = {**body, "code": digits(house.factors[officer], house.steps[officer] - 1)}
    assert post(house, "/api/v1/session", old, fresh_address()).status == 401
    sign_in(house, officer, fresh_address(), offset=1)


# --- guessing, and the defence as a weapon -----------------------------------------------------------------------

def test_guesses_wait_and_a_known_device_does_not(house, officer, address):
    enrol(house, officer, address)
    known = sign_in(house, officer, address)["device"]
    assert [guess(house, officer, address).status for _ in range(7)] == [401] * 5 + [429] * 2
    slowed = guess(house, officer, address)
    assert "try again after 2" in slowed.detail and "之后再试" in slowed.detail
    right = post(house, "/api/v1/session", claim(house, officer, offset=1), address)
    assert right.status == 429, "a right guess must not stand out"
    assert audit(house, "sign-in-slowed", officer)[0]["counts"] == "pair"
    house.again()
    assert guess(house, officer, address).status == 429, "a restart is no pardon"
    # From the very address that waits; and the device is good for this officer only.
    assert guess(house, "met-sign-1", address, device=known).status == 401
    sign_in(house, officer, address, offset=1, device=known)


def test_nobody_is_kept_out_by_others_guesses(house, officer, address):
    enrol(house, officer, address)
    device = sign_in(house, officer, fresh_address())["device"]
    sources = [fresh_address() for _ in range(25)]
    assert [guess(house, officer, source).status for source in sources] == [401] * 20 + [429] * 5
    assert {one["counts"] for one in audit(house, "sign-in-slowed", officer)} == {"account"}
    assert post(house, "/api/v1/session", claim(house, officer, offset=1), fresh_address()).status == 429
    sign_in(house, officer, fresh_address(), offset=1, device=device)
    # Another officer notices nothing, nor does an enrolment.
    assert guess(house, "met-spare-30", fresh_address()).status == 401


def test_an_address_signed_in_from_before_stays_open(house, officer, address):
    enrol(house, officer, address)
    sign_in(house, officer, address)
    assert [guess(house, officer, fresh_address()).status for _ in range(22)][-1] == 429
    sign_in(house, officer, address, offset=1)


def test_many_names_from_one_address_wait(house, address):
    found = [guess(house, "met-x%d" % n, address).status for n in range(33)]
    assert found == [401] * 30 + [429] * 3


def test_only_a_proxy_is_believed(house):
    """Over ::1, which is no proxy of ours, X-Forwarded-For changes nothing."""
    base = "http://[::1]:%d" % house.ports["api"]
    body = json.dumps({"officer": "met-sign-2", "password": "not the password", "code": "000000"})
    found = [call(house, None, "POST", "/api/v1/session", body, JSON, base=base,
                  X_Forwarded_For=fresh_address()).status for _ in range(6)]
    assert found == [401] * 5 + [429]


# --- sessions ----------------------------------------------------------------------------------------------------

def test_sessions_outlive_a_kill_and_end_one_by_one(house, officer, address):
    enrol(house, officer, address)
    one = sign_in(house, officer, address)
    two = sign_in(house, officer, address, offset=1, device=one["device"])
    assert two["device"] == one["device"] and two["token"] != one["token"]
    house.again()
    assert who(house, one["token"]).status == who(house, two["token"]).status == 200
    listed = call(house, two["token"], "GET", "/api/v1/sessions").json["sessions"]
    assert [row["id"] for row in listed] == [one["session"], two["session"]]
    assert one["token"] not in str(listed)
    other = call(house, "met-lead", "DELETE", "/api/v1/sessions/" + one["session"])
    assert other.status == 404, "not another officer's"
    assert call(house, two["token"], "DELETE", "/api/v1/sessions/" + one["session"]).status == 200
    assert who(house, one["token"]).status == 401 and who(house, two["token"]).status == 200


def test_who_is_not_active_any_more_is_out(house, officer, address):
    enrol(house, officer, address)
    done = sign_in(house, officer, address)
    with open(house.path("authority.yaml"), encoding="utf-8") as text:
        policy = text.read()
    assert who(house, done["token"]).status == 200
    house.install_policy(policy.replace("{id: %s," % officer, "{id: %s, active: false," % officer))
    try:
        assert who(house, done["token"]).status == 401
        assert post(house, "/api/v1/session", claim(house, officer, offset=1), address).status == 401
        assert audit(house, "session-ended", officer)[-1]["why"] == "not active any more"
        assert audit(house, "sign-in-refused", officer)[-1]["why"] == "not active"
    finally:
        house.install_policy(policy)
    assert who(house, done["token"]).status == 401, "what has ended stays so"


@pytest.mark.parametrize("who_, path, may", [
    ("met-night-sign", "/api/v1/due/b999/confirm", True), ("met-night-lead", "/api/v1/due/b999/confirm", True),
    ("met-night-sign", "/api/v1/bulletins/b999/submit", False), ("met-night-sign", "/api/v1/incidents", False),
    ("met-night-lead", "/api/v1/incidents", True), ("met-night-draft", "/api/v1/incidents", True),
    ("met-night-draft", "/api/v1/bulletins/b999/approvals", False)])
def test_a_session_does_what_its_duties_ask_for(house, address, who_, path, may):
    """Who is called to sign answers the call; who may assign an incident opens it."""
    if who_ not in house.sessions_of:
        enrol(house, who_, address)
        house.sessions_of[who_] = sign_in(house, who_, address)["token"]
    answer = call(house, house.sessions_of[who_], "POST", path, b"{}", JSON)
    assert answer.status in ((400, 404) if may else (403,)), answer.body
    assert may or "scope" in answer.detail and "权限" in answer.detail


def test_an_administrator_ends_sessions(house, officer, address):
    enrol(house, officer, address)
    enrol(house, "met-chief", address)
    done = sign_in(house, officer, address)
    chief = sign_in(house, "met-chief", address)
    assert chief["duties"] == ["accounts"]
    path = "/api/v1/accounts/%s/sessions" % officer
    assert call(house, done["token"], "DELETE", path).status == 403
    # A name that is nobody's is not "0 ended"; and any character of an id may stand in its %XX form, 张三 in no other.
    assert call(house, chief["token"], "DELETE", "/api/v1/accounts/%s-/sessions" % officer).status == 404
    path = "/api/v1/accounts/%s/sessions" % "".join("%%%02X" % byte for byte in officer.encode())
    assert call(house, chief["token"], "DELETE", path).json == {"officer": officer, "ended": 1}
    assert who(house, done["token"]).status == 401
    assert audit(house, "sessions-ended", officer) == [{"ended": 1, "by": "met-chief"}]
    accounts = {row["officer"]: row for row in call(house, chief["token"], "GET", "/api/v1/accounts").json["accounts"]}
    assert accounts[officer]["second_factor"] and accounts["met-review"]["enrolling"]
    assert not accounts["met-review"]["password"] and accounts["met-chief"]["sessions"] == 1
    tokens = {row["name"]: row for row in call(house, chief["token"], "GET", "/api/v1/tokens").json["tokens"]}
    assert tokens["gate"]["addresses"] == "203.0.113.0/24 2001:db8::/32" and tokens["gate"]["scopes"] == "read"
    assert not any(secret in json.dumps(tokens) for secret in house.tokens.values())
    # The administrator's session makes no warning.
    assert call(house, chief["token"], "POST", "/api/v1/bulletins", "x", "text/plain").status == 403


def test_a_new_password_ends_the_other_sessions(house, officer, address):
    old = enrol(house, officer, address)
    one = sign_in(house, officer, address)
    body = {**claim(house, officer, offset=1), "new_password": "wind over the northern sea"}
    for change, status in (({"password": "not the password"}, 401), ({"code": "000000"}, 401),
                           ({"new_password": "short"}, 400)):
        assert post(house, "/api/v1/account/password", {**body, **change}, address, one["token"]).status == status
    two = call(house, None, "GET", "/api/v1/session")
    assert two.status == 401
    assert post(house, "/api/v1/account/password", body, address, one["token"]).status == 200
    assert who(house, one["token"]).status == 200
    wrong = post(house, "/api/v1/session", claim(house, officer, old), fresh_address())
    assert wrong.status == 401
    assert audit(house, "password-changed", officer) == [{"sessions_ended": 0}]


def test_another_authenticator(house, officer, address):
    enrol(house, officer, address)
    one = sign_in(house, officer, address)
    once = post(house, "/api/v1/account/second-factor", claim(house, officer, offset=1), address, one["token"])
    assert once.status == 201
    house.codes[officer] = once.json["enrolment"]
    assert who(house, one["token"]).status == 200, "what there is holds until the new one does"
    before = house.factors[officer]
    enrol(house, officer, address, "wind over the northern sea")
    assert house.factors[officer] != before and who(house, one["token"]).status == 401
    sign_in(house, officer, fresh_address(), "wind over the northern sea")


# --- a browser ---------------------------------------------------------------------------------------------------

def cookies(answer):
    return {line.split("=")[0]: line for line in answer.headers.get_all("Set-Cookie")}


def test_cookies(house, officer, address):
    enrol(house, officer, address)
    host = "127.0.0.1:%d" % house.ports["api"]
    body = claim(house, officer, browser=True)
    for headers, kind, status in (({"Origin": "https://elsewhere.example"}, JSON, 403), ({"Origin": "null"}, JSON, 403),
                                  ({"Sec_Fetch_Site": "cross-site"}, JSON, 403), ({}, "text/plain", 400)):
        assert post(house, "/api/v1/session", body, address, kind=kind, **headers).status == status
    # Whoever planted a cookie before does not share what comes after.
    planted = "__Host-tocsin-session=" + "A" * 43
    done = post(house, "/api/v1/session", body, address, Origin="http://" + host, Cookie=planted)
    assert done.status == 201 and "token" not in done.json and "device" not in done.json
    assert call(house, None, "GET", "/api/v1/session", Cookie=planted).status == 401
    found = cookies(done)
    assert set(found) == {"__Host-tocsin-session", "__Host-tocsin-device"}
    for line in found.values():
        assert "; Path=/; HttpOnly; SameSite=Strict; Secure" in line and "Domain" not in line
    assert "Max-Age" not in found["__Host-tocsin-session"]
    cookie = "; ".join(["a=b"] + [line.split(";")[0] for line in found.values()])
    csrf = done.json["csrf"]
    assert call(house, None, "GET", "/api/v1/session", Cookie=cookie).json["csrf"] == csrf
    assert "A" * 43 not in cookie
    drop = "/api/v1/sessions/0123456789abcdef"
    for headers, status in (({}, 403), ({"X_CSRF_Token": csrf[::-1]}, 403),
                            ({"X_CSRF_Token": csrf, "Origin": "https://elsewhere.example"}, 403),
                            ({"X_CSRF_Token": csrf, "Sec_Fetch_Site": "same-site"}, 403),
                            ({"X_CSRF_Token": csrf, "Origin": "http://" + host}, 404), ({"X_CSRF_Token": csrf}, 404)):
        assert call(house, None, "DELETE", drop, Cookie=cookie, **headers).status == status, headers
    # Known again by its cookie, from an address that waits.
    elsewhere = fresh_address()
    assert [guess(house, officer, elsewhere).status for _ in range(6)][-1] == 429
    again = post(house, "/api/v1/session", claim(house, officer, offset=1, browser=True), elsewhere, Cookie=cookie)
    assert again.status == 201
    gone = call(house, None, "DELETE", "/api/v1/session", Cookie=cookie, X_CSRF_Token=csrf)
    assert gone.status == 200 and "Max-Age=0" in cookies(gone)["__Host-tocsin-session"]
    assert call(house, None, "GET", "/api/v1/session", Cookie=cookie).status == 401


# --- step-up, tokens ---------------------------------------------------------------------------------------------

def test_a_session_alone_binds_nobody(house, address):
    """Review, sign, cancel and correct want the officer's key each time, whoever is signed in."""
    enrol(house, "met-lead", address)
    done = sign_in(house, "met-lead", address)
    assert done["duties"] == ["draft", "review", "sign", "publish"]
    for path, body in (("approvals", {}), ("approvals", {"act": "sign", "officer": "met-lead"}), ("cancel", {"reason": "x"}),
                       ("correct", {"reason": "x", "what": "false-alarm"})):
        no = post(house, "/api/v1/bulletins/b1/" + path, body, address, done["token"])
        assert no.status == 400 and "proof" in no.detail.lower() or "signature" in no.detail.lower() \
            or "act" in no.detail, no.body


def test_tokens_end_and_stay_where_they_belong(house):
    for source, status in (("203.0.113.7", 200), ("2001:db8::7", 200), ("203.0.114.7", 403), ("2001:db9::7", 403)):
        found = call(house, "gate", "GET", "/api/v1/bulletins", X_Forwarded_For=source)
        assert found.status == status, source
    assert "ended at 2026-01-01" in call(house, "over", "GET", "/api/v1/bulletins").detail
    wait_for(lambda: rows(house, "SELECT used FROM token WHERE name = 'gate'")[0][0] > 0, 5, "its use")
    with pytest.raises(Failed) as no:
        house.run(house.binary("tocsind"), "--config", house.path("tocsin.yaml"), "--add-token", "x::read::nowhere")
    assert no.value.code == 64


# --- two administrators ------------------------------------------------------------------------------------------

def secret(house, name):
    """Made by whoever is to use it. -> the secret, its digest"""
    digest = house.tocsin("met-lead", "enrol", "--code", house.path("officers", name)).stdout.strip()
    with open(house.path("officers", name), encoding="ascii") as text:
        return text.read().strip(), digest


def change(house, kind, body):
    """Proposed by one, confirmed by the other. -> the word only the other is told; "" when there is none"""
    ident = house.tocsin("met-chief", "change", "propose", kind, "-", stdin=json.dumps(body)).stdout.split()[0]
    return word_of(house.tocsin("met-deputy", "change", "confirm", ident).stdout)


def word_of(shown):
    found = re.search(r"确认词.*/ word, shown this once.*\n  ((?:[A-Z2-7]{4}-){3}[A-Z2-7]{4})\n$", shown)
    return found.group(1) if found else ""


def test_accounts_by_two(house, officer, address):
    enrol(house, officer, address)
    done = sign_in(house, officer, address)
    code, digest = secret(house, "again")
    body = {"do": "open", "officer": officer, "digest": digest}
    ident = house.tocsin("met-chief", "change", "propose", "account", "-", stdin=json.dumps(body)).stdout.split()[0]
    with pytest.raises(Failed):
        house.tocsin("met-chief", "change", "confirm", ident)
    assert who(house, done["token"]).status == 200, "one administrator is nobody"
    word = word_of(house.tocsin("met-deputy", "change", "confirm", ident).stdout)
    assert who(house, done["token"]).status == 401, "begun anew: nothing from before holds"
    assert post(house, "/api/v1/session", claim(house, officer, offset=1), address).status == 401
    assert audit(house, "enrolment-opened", officer)[-1] == {"by": ident, "anew": True}
    # Half of it is nothing, whoever has it: the code alone, another word, the word alone, the two digests.
    for half in (code, code + ".", code + ".AAAA-AAAA-AAAA-AAAA", word, "." + word, digest + "." + word, word + "." + code):
        body = {"officer": officer, "enrolment": half, "password": "wind over the northern sea"}
        no = post(house, "/api/v1/enrolment", body, fresh_address())
        assert no.status == 401, half
    house.codes[officer] = code + "." + word
    enrol(house, officer, fresh_address(), "wind over the northern sea")
    done = sign_in(house, officer, fresh_address(), "wind over the northern sea")
    change(house, "account", {"do": "end", "officer": officer})
    assert who(house, done["token"]).status == 401
    assert post(house, "/api/v1/session", claim(house, officer, "wind over the northern sea", 1),
                fresh_address()).status == 401


def test_tokens_by_two(house):
    token, digest = secret(house, "feed")
    end = time.strftime("%Y-%m-%d", time.localtime(time.time() + 90 * 86400))
    body = {"do": "make", "name": "feed-1", "scopes": "read", "ends": end, "digest": digest, "addresses": "203.0.113.0/24"}
    for spoil, word in (({"scopes": "read release"}, "of no officer"), ({"scopes": "all"}, "no scope"),
                        ({"ends": ""}, "within the next"), ({"ends": "2099-01-01"}, "within the next"),
                        ({"digest": token}, "SHA-256"), ({"addresses": "somewhere"}, "addresses or ranges"),
                        ({"officer": "met-nobody"}, "no active officer"), ({"source": "x"}, "no source"),
                        ({"more": "x"}, "not known"), ({"name": "Feed 1"}, "small letters"), ({"do": "give"}, "do must be")):
        with pytest.raises(Failed) as no:
            change(house, "token", {**body, **spoil})
        assert word in no.value.text, spoil
    assert call(house, token, "GET", "/api/v1/bulletins", X_Forwarded_For="203.0.113.7").status == 401
    word = change(house, "token", body)
    for half in (token, word, digest + "." + word, token + "." + word[::-1]):
        assert call(house, half, "GET", "/api/v1/bulletins", X_Forwarded_For="203.0.113.7").status == 401
    token += "." + word
    assert call(house, token, "GET", "/api/v1/bulletins", X_Forwarded_For="203.0.113.7").status == 200
    assert call(house, token, "GET", "/api/v1/bulletins", X_Forwarded_For="203.0.114.7").status == 403
    with pytest.raises(Failed) as no:
        change(house, "token", body)
    assert change(house, "token", {"do": "end", "name": "feed-1"}) == ""
    assert call(house, token, "GET", "/api/v1/bulletins", X_Forwarded_For="203.0.113.7").status == 401


def test_the_word_is_said_once(house, officer):
    """Not to who proposed, not to a repeat of the confirmation, and nowhere in the record."""
    code, digest = secret(house, "word-once")
    body = {"do": "open", "officer": officer, "digest": digest}
    ident = house.tocsin("met-chief", "change", "propose", "account", "-", stdin=json.dumps(body)).stdout.split()[0]
    shown = call(house, "met-deputy", "GET", "/api/v1/changes/" + ident).json
    proof = Proof("change", "met-deputy", house.path("officers", "met-deputy.key"), shown["text"]).json
    path = "/api/v1/changes/%s/proofs" % ident
    first = call(house, "met-deputy", "POST", path, json.dumps(proof), JSON, Idempotency_Key="once")
    assert first.status == 200 and re.fullmatch("([A-Z2-7]{4}-){3}[A-Z2-7]{4}", first.json["word"])
    again = call(house, "met-deputy", "POST", path, json.dumps(proof), JSON, Idempotency_Key="once")
    assert again.status == 409 and first.json["word"] not in again.body.decode()
    for who_asks in ("met-chief", "met-deputy"):
        for where in (ident, ""):
            assert "word" not in call(house, who_asks, "GET", "/api/v1/changes/" + where if where else "/api/v1/changes").json
    house.words = [first.json["word"]]
    assert rows(house, "SELECT COUNT(*) FROM idempotent WHERE answer LIKE ?", "%" + first.json["word"] + "%") == [(0,)]
    # By the command line, as the holder does it.
    env = {"TOCSIN_URL": house.url}
    tocsin = house.binary("tocsin")
    file = house.path("officers", "word-once")
    house.run(tocsin, "enrol", "--code", file, "--word", env=env, stdin=" " + first.json["word"].lower() + "\n")
    with open(file, encoding="ascii") as text:
        assert text.read() == "%s.%s\n" % (code, first.json["word"])
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    twice = house.run(tocsin, "enrol", "--code", file, "--word", env=env, stdin="AAAA\n", check=False)
    assert twice.returncode == 65 and "holds a word already" in twice.stderr
    done = house.run(tocsin, "enrol", officer, "--code", file, env=env, check=False,
                     stdin="\n".join((PASSWORD % "abc", PASSWORD % "abc", *["000000"] * 5)) + "\n")
    assert done.returncode == 65 and "otpauth://totp/" in done.stdout and "do not fit" in done.stderr


# --- floods ------------------------------------------------------------------------------------------------------

def resident(house):
    with open("/proc/%d/status" % house.programs["tocsind"].process.pid, encoding="ascii") as text:
        return int(re.search(r"VmRSS:\s*(\d+)", text.read()).group(1))


@pytest.mark.alone
def test_two_hundred_at_once(house):
    """One hash at a time has its memory; who does not fit into the queue is told so; the others wait for nobody."""
    before, most, slowest = resident(house), 0, 0
    with concurrent.futures.ThreadPoolExecutor(200) as pool:
        asked = [pool.submit(guess, house, "met-y%d" % n, fresh_address()) for n in range(200)]
        while not all(one.done() for one in asked):
            began = time.monotonic()
            assert call(house, "met-lead", "GET", "/api/v1/bulletins").status == 200
            slowest, most = max(slowest, time.monotonic() - began), max(most, resident(house))
    found = [one.result().status for one in asked]
    assert set(found) <= {401, 503} and found.count(401) >= 30, sorted(found)
    # The sanitizer keeps 256 MiB of what was freed; two hundred hashes at once would take 3.7 GiB.
    assert most - before < 4 * MEMORY_KIB + (64 + 256) * 1024, "grew by %d KiB" % (most - before)
    assert slowest < 2, "another call took %.1f s" % slowest


def test_slow_bodies_hold_nobody_up(house, officer, address):
    enrol(house, officer, address)
    held = []
    try:
        for _ in range(100):
            one = socket.create_connection(("127.0.0.1", house.ports["api"]))
            one.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        b"Content-Length: 200\r\n\r\n{")
            held.append(one)
        sign_in(house, officer, address)
        for one in held:
            one.sendall(b" ")
        sign_in(house, officer, address, offset=1)
    finally:
        for one in held:
            one.close()


# --- the other hash, the command line, what is kept --------------------------------------------------------------

def test_another_hash_holds_from_the_next_sign_in(house, officer, address):
    enrol(house, officer, address)
    kept = "SELECT password FROM account WHERE officer = ?"
    assert rows(house, kept, officer)[0][0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    settings(house, password_hash="pbkdf2-sm3", password_iterations=300000)
    house.again()
    sign_in(house, officer, address)
    assert rows(house, kept, officer)[0][0].startswith("$pbkdf2-sm3$i=300000$")
    settings(house, password_hash="argon2id", password_iterations=300000)
    house.again()
    sign_in(house, officer, address, offset=1)
    assert rows(house, kept, officer)[0][0].startswith("$argon2id$")


def test_the_command_line(house):
    """As an officer types it; every secret by standard input."""
    state = house.path("officers", "state")
    env = {"TOCSIN_URL": house.url, "XDG_STATE_HOME": state, "TOCSIN_TOKEN_FILE": ""}

    def tocsin(*arguments, lines=(), check=True):
        return house.run(house.binary("tocsin"), *arguments, stdin="".join(line + "\n" for line in lines), env=env,
                         check=check)

    assert "tocsin login" in tocsin("whoami", check=False).stderr
    address = fresh_address()
    enrol(house, "met-draft", address)
    bad = tocsin("login", "met-draft", lines=("not the password", "000000"), check=False)
    assert bad.returncode == 77 and "not right" in bad.stderr
    done = tocsin("login", "met-draft", lines=(PASSWORD % "aft", digits(house.factors["met-draft"], house.steps["met-draft"])))
    assert "met-draft (tj-met), live, until" in done.stdout and PASSWORD % "aft" not in done.stdout + done.stderr
    files = os.listdir(os.path.join(state, "tocsin"))
    assert len(files) == 1 and stat.S_IMODE(os.stat(os.path.join(state, "tocsin", files[0])).st_mode) == 0o600
    assert "met-draft" in tocsin("whoami").stdout and "tocsin" in tocsin("sessions").stdout
    no = tocsin("passwd", lines=(PASSWORD % "aft", "000000", "wind over the sea", "wind over the sea"), check=False)
    assert no.returncode == 77
    tocsin("passwd", lines=(PASSWORD % "aft", digits(house.factors["met-draft"], house.steps["met-draft"] + 1), "wind over the sea",
                            "wind over the sea"))
    tocsin("logout")
    assert tocsin("whoami", check=False).returncode == 77
    once = tocsin("enrol", "--code", house.path("officers", "code")).stdout.strip()
    with open(house.path("officers", "code"), "rb") as code:
        assert hashlib.sha256(code.read().strip()).hexdigest() == once


def test_the_lists_of_administrators(house, officer, address):
    """In columns, a Chinese character two places wide; nobody else is shown them."""
    enrol(house, officer, address)
    sign_in(house, officer, address)
    shown = house.tocsin("met-chief", "account", "list").stdout
    head, *lines = shown.splitlines()
    assert head.split() == ["账号", "account", "姓名", "name", "单位", "unit", "状态", "state", "第二因素", "second", "factor",
                            "会话", "sessions", "上次登录", "last", "sign-in"]
    mine = next(line for line in lines if line.startswith(officer + " "))
    assert re.fullmatch(r"%s +%s +tj-met +可登录 ready +动态码 code +1 +%s \d\d:\d\d"
                        % (officer, officer, time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))), mine), mine
    assert any(line.startswith("met-review ") and "待登记 to enrol" in line and "无 none" in line for line in lines)
    wide = lambda text: sum(2 if ord(c) > 0x2e80 else 1 for c in text)  # noqa: E731
    assert {wide(line[:line.index("tj-met")]) for line in lines} == {wide(head[:head.index("单位")])}
    shown = house.tocsin("met-chief", "token", "list").stdout
    gate = next(line for line in shown.splitlines() if line.startswith("gate "))
    assert "有效 holds" in gate and "2099-01-01" in gate and gate.endswith("203.0.113.0/24 2001:db8::/32")
    assert "失效 over" in next(line for line in shown.splitlines() if line.startswith("over "))
    assert not any(secret in shown for secret in house.tokens.values())
    listed = json.loads(house.tocsin("met-chief", "token", "list", "--json").stdout)["tokens"]
    assert {row["name"] for row in listed} >= {"gate", "over", "met-lead", "met-chief"}
    for words in (("account", "list"), ("token", "list")):
        no = house.run(house.binary("tocsin"), *words, check=False,
                       env={"TOCSIN_URL": house.url, "TOCSIN_TOKEN_FILE": house.path("officers", "met-lead.token")})
        assert no.returncode == 77 and "admin" in no.stderr
        assert house.tocsin("met-chief", words[0], check=False).returncode == 64


def test_nothing_secret_lies_about(house):
    """Record, its journal and the logs: no password, token, code, secret or address of a client."""
    found = b""
    for folder in ("state", "log"):
        for name in os.listdir(house.path(folder)):
            with open(house.path(folder, name), "rb") as some:
                found += some.read()
    secrets = [PASSWORD % "", "wind over the", "198.51.100.", *house.words, *house.codes.values(), *house.factors.values(),
               *house.tokens.values()]
    secrets += [base64.b32decode(secret).hex() for secret in house.factors.values()]
    assert len(secrets) > 40
    for secret in secrets:
        assert secret.strip().encode() not in found
    for secret in house.factors.values():
        assert base64.b32decode(secret) not in found
    assert call(house, "met-lead", "GET", "/api/v1/audit/verify").json["whole"]
