# SPDX-License-Identifier: Apache-2.0
"""The operators' desk in a real browser: signed in and out by passkey, the mode nobody can overlook, the server that goes
away. And what is behind the pages: how they are served, and the stream of what happens."""
import concurrent.futures
import functools
import hashlib
import http.client
import json
import os
import re
import socket
import time

import pytest

import browser as browser_module
import test_24_people as people
from conftest import housed
from desk import PASSWORD, RP, desk_house, desk_of, enrol, needs_browser
from house import SOURCE, listens, wait_for
from ports import free_port
from talk import add_token, call, warning
from test_24_people import Alone

PAGES = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, os.pardir, "publisher", "desk")


SCOPES = {"draft": "draft,submit", "review": "approve", "sign-1": "approve", "sign-2": "approve",
          "lead": "draft,submit,approve,release,cancel"}  # of the posts' duties, as a session has them


def before(house):
    for officer in house.officers():
        add_token(house, "by-duty-" + officer, officer, "read," + SCOPES[officer[4:]])


HOUSED = functools.partial(desk_house, before=before)


# --- the pages ---------------------------------------------------------------------------------------------------

def raw(house, target, method="GET", **headers):
    line = http.client.HTTPConnection("127.0.0.1", house.ports["api"], timeout=10)
    try:
        line.request(method, target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = line.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        line.close()


def test_every_page_under_strict_rules(house):
    names = sorted(os.listdir(PAGES))
    assert "index.html" in names and "desk.js" in names
    for name in names:
        status, headers, body = raw(house, "/desk/" + name)
        with open(os.path.join(PAGES, name), "rb") as page:
            assert status == 200 and body == page.read(), name
        rules = headers["Content-Security-Policy"]
        assert "default-src 'none'" in rules and "script-src 'self'" in rules and "frame-ancestors 'none'" in rules
        assert "unsafe" not in rules and "data:" not in rules and "require-trusted-types-for 'script'" in rules
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY"
        assert headers["Content-Type"].split(";")[0] == {"html": "text/html", "js": "text/javascript", "css": "text/css",
                                                         "svg": "image/svg+xml", "json": "application/json"}[name.split(".")[1]]
        status, _, body = raw(house, "/desk/" + name, If_None_Match=headers["ETag"])
        assert status == 304 and body == b""
    assert raw(house, "/desk/")[2] == raw(house, "/desk/index.html")[2]
    assert raw(house, "/desk/index.html", "HEAD")[2] == b""
    for path in ("/", "/desk"):
        status, headers, _ = raw(house, path)
        assert status == 303 and headers["Location"] == "/desk/"


@pytest.mark.parametrize("path", ["/desk/../tocsin.yaml", "/desk/%2e%2e/authority.yaml", "/desk//etc/passwd", "/desk/.", "/desk/..",
                                  "/desk/nothing.js", "/desk/desk.js/", "/desk/DESK.JS", "/desk/desk.js%00.html", "/desk/desk%2ejs"])
def test_nothing_but_pages(house, path):
    status, headers, body = raw(house, path)
    assert status == 404 and headers["Content-Type"].startswith("application/problem+json"), body


def behind_nginx(house, port, site):
    """The file we ship, on a port of this machine without TLS."""
    site = re.sub(r"\n\s*(listen \[::\]|ssl_)[^\n]*", "", site).replace("listen 443 ssl http2;", "listen 127.0.0.1:%d;" % port)
    site = site.replace("allow 192.0.2.0/24;", "allow 127.0.0.1;").replace("127.0.0.1:8080", "127.0.0.1:%d" % house.ports["api"])
    return house.nginx("nginx-desk", site)


def test_behind_nginx_as_we_ship_it(house):
    """A sign-in through it is one from a page of ours (and then has a wrong password), with the name passed on and not without."""
    with open(os.path.join(SOURCE, "systemd", "nginx-desk.conf"), encoding="utf-8") as text:
        shipped = text.read()
    said = []
    for site in (shipped, re.sub(r"\n[^\n]*Host[^\n]*", "", shipped)):
        port = free_port()
        front = behind_nginx(house, port, site)
        front.start()
        try:
            wait_for(lambda port=port: listens(port), 10, "nginx")
            base = "http://127.0.0.1:%d" % port
            assert b"desk.js" in call(house, None, "GET", "/desk/", base=base).body
            claim = json.dumps({"officer": "met-lead", "password": "no such password", "code": "000000", "browser": True})
            said.append(call(house, None, "POST", "/api/v1/session", claim, "application/json", base=base, Origin=base).status)
        finally:
            front.stop()
    assert said == [401, 403]


def test_no_page_holds_what_the_rules_forbid():
    """No markup out of text, no script or style in a page, nothing of another site's."""
    for name in os.listdir(PAGES):
        with open(os.path.join(PAGES, name), encoding="utf-8") as page:
            text = page.read()
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "https://", "javascript:",
                     "style=", "onclick=\""):
            assert word not in text, "%s: %s" % (name, word)
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", ""), name
        assert "SPDX-License-Identifier: Apache-2.0" in text[:120], name
        assert text.count("\n") <= 400, name


def test_a_desk_of_something_else_is_refused(house):
    """A folder with more than pages in it is somebody's mistake: the program says so and does not start."""
    folder = house.path("no-desk")
    os.makedirs(folder)
    with open(house.path("tocsin.yaml"), encoding="utf-8") as text:
        settings = text.read()
    for made, word in ((None, "has no index.html"), ("../secrets/people", "is no page"), ("Index.html", "is no page"), ("link.html", "cannot be read")):
        if made == "link.html":
            os.symlink("/etc/passwd", os.path.join(folder, made))
        elif made:
            with open(os.path.join(folder, os.path.basename(made)), "w", encoding="utf-8") as page:
                page.write("x")
        house.write("other.yaml", settings.replace(os.path.realpath(PAGES), folder).replace(house.path("state"), house.path("other")), 0o644)
        os.makedirs(house.path("other"), exist_ok=True)
        done = house.run(house.binary("tocsind"), "--config", house.path("other.yaml"), check=False)
        assert done.returncode == 78 and word in done.stderr, done.stderr
        if made:
            os.unlink(os.path.join(folder, os.path.basename(made)))


# --- the stream --------------------------------------------------------------------------------------------------

class Stream:
    def __init__(self, house, who, after="", **headers):
        self.line = socket.create_connection(("127.0.0.1", house.ports["api"]), 10)
        headers = {"Authorization": "Bearer " + house.tokens.get(who, who), **{n.replace("_", "-"): v for n, v in headers.items()}}
        self.line.sendall(("GET /api/v1/events%s HTTP/1.1\r\nHost: x\r\n%s\r\n" % (
            after, "".join("%s: %s\r\n" % pair for pair in headers.items()))).encode())
        self.text = ""

    def read(self, until, seconds=10):
        """Until this stands in it, or it ends."""
        end = time.monotonic() + seconds
        while until not in self.text:
            self.line.settimeout(max(0.1, end - time.monotonic()))
            some = self.line.recv(65536)
            if not some:
                break
            self.text += some.decode()
        return self.text

    def ended(self, seconds=10):
        return "event: bye" in self.read("event: bye", seconds)

    def events(self):
        """[(id, what, ref)]"""
        found = []
        for block in self.text.replace("\r\n", "\n").split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
            if lines.get("event") == "change":
                data = json.loads(lines["data"])
                found.append((int(lines["id"]), data["what"], data["ref"]))
        return found

    def close(self):
        self.line.close()


def test_says_what_happens_without_a_gap(house):
    stream = Stream(house, "met-lead")
    stream.read("event: hello")
    assert '"reset":true' in stream.text and "Content-Type: text/event-stream" in stream.text
    ident = house.submit("met-draft", warning())
    stream.read('"submitted","ref":"%s"' % ident)
    first = stream.events()
    assert [what for _, what, ref in first if ref == ident][:2] == ["received", "decision"]
    stream.close()
    # Nobody listens; tocsind dies; all of it is told to whoever comes back.
    house.approve_as("met-review", ident, "review")
    starts = house.programs["tocsind"].starts
    house.programs["tocsind"].kill()
    wait_for(lambda: house.programs["tocsind"].starts > starts and house.healthy(), 30, "tocsind again")
    house.approve_as("met-sign-1", ident, "sign")
    again = Stream(house, "met-lead", Last_Event_ID=str(first[-1][0]))
    again.read('"reset":false')
    again.read('"what":"approved","ref":"%s"' % ident)
    house.release("met", ident)
    again.read('"what":"released","ref":"%s"' % ident)
    told = again.events()
    assert [what for _, what, ref in told if what == "approved" and ref == ident] == ["approved"] * 2
    seqs = [seq for seq, _, _ in first + told]
    assert seqs == sorted(set(seqs)), "each once, in order"
    again.close()
    # From the same place by the query, as a page asks that opens a new one.
    third = Stream(house, "met-lead", after="?after=%d" % first[-1][0])
    third.read('"what":"released","ref":"%s"' % ident)
    assert third.events()[:len(told)] == told
    third.close()


def test_tells_nothing_of_people(house):
    enrol(house, "met-sign-2")
    stream = Stream(house, "met-lead")
    stream.read("event: hello")
    call(house, None, "POST", "/api/v1/session", json.dumps({"officer": "met-sign-2", "password": "x", "code": "000000"}), "application/json")
    ident = house.submit("met-draft", warning())
    stream.read('"submitted","ref":"%s"' % ident)
    assert "sign-in" not in stream.text and "met-sign-2" not in stream.text
    stream.close()
    for who, status in (("nobody", "401"), ("", "401")):
        other = Stream(house, who)
        assert other.read("\r\n\r\n").split()[1] == status
        other.close()


def test_eight_of_one_caller(house):
    """The oldest gives way."""
    streams = []
    for _ in range(9):
        streams.append(Stream(house, "met-sign-1"))
        streams[-1].read("event: hello")
    assert streams[0].ended()
    assert "event: bye" not in streams[1].text
    for stream in streams:
        stream.close()
    assert call(house, "met-lead", "GET", "/api/v1/bulletins").status == 200


def test_a_desk_nobody_sits_at_signs_itself_out():
    """A page that asks by itself, and the stream it hears, keep no session alive; a person's call does."""
    def soon_idle(house):
        people.before(house)
        people.settings(house, session_idle=3)
    with housed(before=soon_idle, kind=Alone) as other:
        people.enrol(other, "met-draft", "198.51.100.1")
        token = people.sign_in(other, "met-draft", "198.51.100.1")["token"]
        for _ in range(7):
            time.sleep(0.5)
            assert call(other, token, "GET", "/api/v1/session").status == 200, "used, it goes on"
        stream = Stream(other, token)
        stream.read("event: hello")
        def ask():
            return call(other, token, "GET", "/api/v1/session", X_Unattended="1").status
        assert ask() == 200
        wait_for(lambda: ask() == 401, 6, "the session's end, however often the page asks")
        assert stream.ended(8), "the stream ends with it"
        assert Stream(other, token).read("\r\n\r\n").split()[1] == "401"


# --- in and out --------------------------------------------------------------------------------------------------

@needs_browser
def test_in_by_passkey_and_out(house):
    officer = "met-review"
    enrol(house, officer)
    with browser_module.browsing(house.desk, os.environ.get("TOCSIN_SHOTS")) as page:
        page.open("/")
        page.see(".sign-in h1", "登录值班台")
        page.see(".mode", "实战")
        page.shot("sign-in-1280x720")
        # Without the passkey nobody comes in, and is told so.
        page.type("#officer", officer)
        page.type("#password", PASSWORD)
        page.hold(house.passkeys["met-sign-1"], RP)
        page.press("button.main")
        page.see(".said", "不对")
        page.driver.remove_virtual_authenticator()
        page.hold(house.passkeys[officer], RP)
        before = {c["name"]: c["value"] for c in page.driver.get_cookies()}
        page.press("button.main")
        page.see(".who .name", officer)
        page.see(".duties", "审核")
        page.see(".line", "已连接")
        cookies = {c["name"]: c for c in page.driver.get_cookies()}
        session = next(c for name, c in cookies.items() if "session" in name)
        assert session["httpOnly"] and session["sameSite"] == "Strict" and session["secure"] and session["value"] not in before.values()
        assert page.driver.execute_script("return document.cookie") == ""
        assert page.complaints() == []
        # Still there after a reload; gone at once by the button, here and at the server.
        page.driver.refresh()
        page.see(".who .name", officer)
        page.press(".who button", "退出")
        page.see(".sign-in")
        dead = call(house, None, "GET", "/api/v1/session", Cookie="%s=%s" % (session["name"], session["value"]))
        assert dead.status == 401
        page.driver.refresh()
        page.see(".sign-in")


@needs_browser
def test_by_keyboard_and_in_english(house):
    from selenium.webdriver.common.keys import Keys
    officer = "met-draft"
    enrol(house, officer)
    with browser_module.browsing(house.desk) as page:
        page.hold(house.passkeys[officer], RP)
        page.open()
        page.see("#officer")
        page.keys(officer, Keys.TAB)
        page.keys(PASSWORD, Keys.ENTER)
        page.see(".who .name", officer)
        page.press(".switches button", "English")
        page.see(".mode", "LIVE")
        page.see(".duties", "draft")
        page.see(".line", "connected")
        assert page.driver.execute_script("return document.documentElement.lang") == "en"
        page.driver.refresh()
        page.see(".line", "connected")


@needs_browser
def test_what_was_missed_while_the_network_was_away_is_shown(house, lead):
    """An event may be heard and the question it leads to be lost: the page asks again when it is back."""
    lead.go("#/")
    lead.see(".line", "已连接")
    lead.offline(True)
    try:
        ident = house.submit("met-draft", warning())
        wait_for(lambda: any("ERR_INTERNET_DISCONNECTED" in line for line in lead.complaints()), 10, "a question that was lost")
    finally:
        lead.offline(False)
    lead.see(".mine [data-key='head %s']" % ident, "", 5)


@needs_browser
def test_pages_left_hold_no_connection(lead):
    """Back and forth more often than a browser has connections, and by the way back as well."""
    lead.driver.set_page_load_timeout(20)  # the next one waited 56 s
    for _ in range(8):
        lead.driver.get("about:blank")
        lead.open()
        lead.see(".who .name", "met-lead")
    lead.driver.get("about:blank")
    lead.driver.back()
    lead.see(".line", "已连接")
    lead.driver.set_page_load_timeout(300)
    assert lead.complaints() == []


@needs_browser
def test_odd_addresses_and_a_fault_of_our_own(house, lead):
    for place in ("#/b/%E0%A4%A", "#/nowhere", "#/b/", "#//", "#/b/%3Cscript%3E"):
        lead.go(place)
        lead.see(".board, .said")
    lead.go("#/")
    lead.driver.execute_script("window.dispatchEvent(new Event('unhandledrejection'))")
    lead.see("[role=alert]", "页面出错了")
    lead.press("[role=alert] button", "重新载入")
    lead.see(".line", "已连接")
    assert not any(one.is_displayed() for one in lead.all(".lost"))


@needs_browser
def test_a_session_ended_elsewhere_ends_here(house):
    with desk_of(house, "met-sign-1") as page:
        page.see(".line", "已连接")
        sessions = page.driver.execute_async_script(
            "const done = arguments[0]; fetch('/api/v1/sessions').then((a) => a.json()).then(done)")["sessions"]
        token = house.tokens["met-sign-1"]
        for one in sessions:
            assert call(house, token, "DELETE", "/api/v1/sessions/" + one["id"]).status == 200
        page.see(".sign-in .note", "会话已结束", 5)


class DoorOnly(Alone):
    """Nobody comes further than the door."""

    def make_keys(self):
        return "  - {id: met-lead, unit: tj-met, duties: [draft]}"

    def make_tokens(self):
        pass


@needs_browser
def test_modes_differ_in_word_shape_and_pattern():
    looks = {}
    with browser_module.browsing(None, os.environ.get("TOCSIN_SHOTS")) as page:
        for mode, word in (("exercise", "演练"), ("test", "测试")):
            with housed(mode=mode, kind=DoorOnly) as other:
                page.url = other.url
                page.open()
                page.see(".mode", word)
                page.see(".mode", "不向公众发布")
                page.shot("mode-" + mode)
                looks[mode] = page.driver.execute_script(
                    "const s = getComputedStyle(document.querySelector('.mode')), b = getComputedStyle(document.body);"
                    "return [s.backgroundImage, s.backgroundColor, b.borderStyle, document.querySelector('.mode .shape').textContent]")
                assert "[" in page.driver.title
    assert all(a != b for a, b in zip(looks["exercise"], looks["test"]))


# --- what is offered to whom -------------------------------------------------------------------------------------

OFFERED = {
    # state: who is offered what, in the order of the page
    "draft": {"met-draft": "submit edit discard", "met-review": "", "met-sign-1": "", "met-lead": "submit edit discard", "emb-lead": ""},
    "submitted": {"met-draft": "edit withdraw", "met-review": "review return reject", "met-sign-1": "return reject",
                  "met-lead": "review edit return reject withdraw", "emb-review": ""},
    "reviewed": {"met-draft": "edit withdraw", "met-review": "return reject", "met-sign-1": "sign return reject",
                 "met-lead": "sign edit return reject withdraw", "emb-sign-1": ""},
    "approved": {"met-draft": "edit withdraw", "met-review": "return reject", "met-sign-2": "return reject",
                 "met-lead": "release edit return reject withdraw", "emb-lead": "release"},
    "released": {"met-draft": "update", "met-review": "", "met-lead": "update cancel correct", "emb-lead": ""},
}


def test_what_is_offered_to_whom(house):
    """What the page offers is what the server takes: the same functions are asked."""
    ident = json.loads(house.ask("met-draft", "/bulletins", warning(), "application/cap+xml"))["id"]
    steps = {"draft": lambda: None, "submitted": lambda: house.ask("met-draft", "/bulletins/%s/submit" % ident, b""),
             "reviewed": lambda: house.approve_as("met-review", ident, "review"),
             "approved": lambda: house.approve_as("met-sign-1", ident, "sign"), "released": lambda: house.release("met", ident)}
    for state, step in steps.items():
        step()
        for who, acts in OFFERED[state].items():
            who = "by-duty-" + who
            shown = house.status(ident, who)
            assert " ".join(shown["acts"]) == acts, (state, who, shown["acts"])
            waiting = {one["id"]: one for one in call(house, who, "GET", "/api/v1/board").json["waiting"]}
            if state == "released":
                assert ident not in waiting and shown["authority"] is None
            else:
                assert waiting[ident]["acts"] == shown["acts"] and shown["authority"]["permit"] is ("emb-lead" not in who or state != "approved")
    board = call(house, "met-lead", "GET", "/api/v1/board").json
    assert ident in [one["id"] for one in board["active"]] and board["outgoing"][0]["id"] == ident
    assert {one["target"] for one in board["outgoing"][0]["deliveries"]} == set(house.deliveries(ident))
    assert [place["zh"] for place in board["active"][0]["places"]] == ["滨海新区", "东丽区"]
    assert board["active"][0]["unit_name"] == "天津市气象台" and board["active"][0]["hazard_zh"] == "暴雨"


def test_words_with_the_places_of_hits(house):
    """Each hit points into a text that is shown, in characters."""
    made = house.ask("met-draft", "/bulletins", warning(replace={"降雨量将达": "降雨量😀将达（联系13812345678）"}), "application/cap+xml")
    shown = house.status(json.loads(made)["id"])
    words = {one["path"]: one["text"] for one in shown["words"]}
    hit = next(one for one in shown["hits"] if one["rule"] == "screen.mobile")
    assert words[hit["path"]][hit["start"]:hit["start"] + hit["length"]] == "13812345678"


def test_the_staged_words_are_shown_before(house):
    ident = house.walk("met", warning())
    for as_, word in (("cancel", "解除"), ("wrong-area", "更正"), ("false-alarm", "误发")):
        staged = json.loads(house.ask("met-lead", "/bulletins/%s/staged/%s" % (ident, as_)))
        assert staged["state"] == "staged" and word in staged["headline"] and staged["texts"]
        manifest = house.ask("met-lead", "/bulletins/%s/staged/%s/manifest" % (ident, as_))
        assert hashlib.sha256(manifest.encode()).hexdigest() == staged["manifest_digest"]
    assert call(house, "met-lead", "GET", "/api/v1/bulletins/%s/staged/other" % ident).status == 409


def test_who_comes_late_misses_nothing(house):
    """While somebody who is further on is being told something newer."""
    ahead = Stream(house, "met-review")
    start = int(re.search(r"id: (\d+)", ahead.read("event: hello"))[1])
    ident = house.submit("met-draft", warning())
    ahead.read('"submitted","ref":"%s"' % ident)
    told = ahead.events()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        for _ in range(10):
            more = pool.submit(house.submit, "met-draft", warning())
            while not more.done():
                late = Stream(house, "met-lead", after="?after=%d" % start)
                late.read('"submitted","ref":"%s"' % ident)
                assert late.events()[:len(told)] == told
                late.close()
    ahead.close()
