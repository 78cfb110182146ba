# SPDX-License-Identifier: Apache-2.0
"""What leaves the house, seen from outside: the retained state, the site, the feed, the short messages, the signature,
the reports that come back; after a release, after a cancel, after the expiry."""
import json
import os
import signal
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET

import pytest

import arrivals
import atom_rules
from arrivals import record
from house import OPENER, TARGETS, wait_for

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
ATOM = "{http://www.w3.org/2005/Atom}"
SCHEMA = os.path.join(os.environ.get("TOCSIN_SHARED", ""), "corpus", "schema", "CAP-v1.2.xsd")


@pytest.fixture(scope="module")
def issued(house):
    """An orange rainstorm warning that reached every far side. -> its status"""
    ident = house.walk("met", arrivals.warning())
    house.wait_delivered(ident)
    return house.status(ident)


@pytest.fixture(scope="module")
def cancelled(house):
    """Another one, delivered everywhere and then cancelled. -> (status of the warning, status of its cancel)"""
    ident = house.walk("met", arrivals.warning().replace("50毫米", "80毫米"))
    house.wait_delivered(ident)
    number = house.status(ident)["identifier"]
    assert retained(house, number), "it must stand there before it can be taken away"
    house.tocsin("met-lead", "cancel", ident, "--reason", "降雨已经结束")
    warning = house.status(ident)
    assert warning["state"] == "cancelled"
    cancel = wait_for(lambda: cancel_of(house, number), 10, "the cancel of %s" % number)
    house.wait_delivered(cancel["id"])
    return warning, house.status(cancel["id"])


def cancel_of(house, number):
    for item in json.loads(house.tocsin("met-lead", "status", "--json").stdout)["bulletins"]:
        status = house.status(item["id"])
        if status["state"] == "released" and status["verb"] == "cancel" and status["replaces"] == number:
            return status
    return None


def retained(house, number, count=1, seconds=1):
    """What a subscriber who comes only now is given about this number."""
    return house.subscribe("alert/v1/state/+/" + number, count, seconds)


def feed_entry(house, number, base=None):
    for entry in ET.fromstring(house.fetch("/feed.atom", base)).iter(ATOM + "entry"):
        if entry.findtext(CAP + "identifier") == number:
            return entry
    return None


def verifies(house, text, folder, key="alert.pub"):
    path = os.path.join(str(folder), "message.xml")
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return house.run("xmlsec1", "--verify", "--pubkey-pem", house.path("keys", key), path, check=False)


def test_a_subscriber_who_was_offline_gets_what_is_in_force(house, issued):
    found = retained(house, issued["identifier"], count=2, seconds=5)
    assert {topic.split("/")[3] for topic, _ in found} == {"120116", "120110"}, "one retained message per district"
    for _, payload in found:
        assert ET.fromstring(payload).findtext(CAP + "identifier") == issued["identifier"]


def test_a_subscriber_with_a_session_gets_what_it_missed(house):
    """mosquitto keeps a QoS 1 session for it while it is away."""
    session = ["/usr/bin/mosquitto_sub", "-h", "127.0.0.1", "-p", str(house.ports["mqtt"]), "-V", "5", "-q", "1", "-i",
               "away", "-c", "-x", "600", "-t", "alert/v1/+/+/+/cap"]
    house.run(*session, "-E")
    ident = house.walk("met", arrivals.warning().replace("50毫米", "55毫米"))
    house.wait_delivered(ident, ["mqtt"])
    number = house.status(ident)["identifier"]
    got = house.run(*session, "-C", "2", "-W", "10", "-F", "%t %p").stdout
    assert got.count("<identifier>%s</identifier>" % number) == 2, got
    assert "alert/v1/120116/11B03/orange/cap " in got and "alert/v1/120110/11B03/orange/cap " in got


def test_the_index_and_the_feed_show_it(house, issued):
    number = issued["identifier"]
    index = house.fetch("/")
    assert 'href="warnings/%s.html"' % number in index and "暴雨" in index and "橙色" in index
    assert feed_entry(house, number).findtext(CAP + "msgType") == "Alert"
    assert number in [alert["identifier"] for alert in json.loads(house.fetch("/active.json"))["alerts"]]
    page = house.fetch("/warnings/%s.html" % number)
    assert issued["headline"] in page and "解除" not in page


def ask(house, path, **headers):
    request = urllib.request.Request(house.site + path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with OPENER.open(request, timeout=5) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.headers, answer.read()


def test_the_feed_keeps_the_rules_of_atom_and_of_its_readers(house, issued, cancelled):
    status, headers, body = ask(house, "/feed.atom")
    assert status == 200 and headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert body.count(b"<entry>") >= 3 and atom_rules.faults(body, house.site + "/feed.atom") == []
    for header, value in (("If-None-Match", headers["ETag"]), ("If-Modified-Since", headers["Last-Modified"])):
        again, _, nothing = ask(house, "/feed.atom", **{header: value})
        assert (again, nothing) == (304, b"")
    # No entry stands there before its file can be read, and it is CAP of that number.
    for entry in ET.fromstring(body).iter(ATOM + "entry"):
        status, headers, cap = ask(house, entry.findtext(ATOM + "id").removeprefix(house.site))
        assert status == 200 and headers["Content-Type"].startswith("application/cap+xml")
        assert ET.fromstring(cap).findtext(CAP + "identifier") == entry.findtext(CAP + "identifier")


@pytest.mark.parametrize("before, after, said", [
    ("<id>http", "<id>urn:x:http", "is not the address of its file"),
    ('type="application/cap+xml"', 'type="text/html"', "not its CAP file"),
    ("</entry>", '<link rel="related" href="http://x.example/"/></entry>', "2 links"),
    ("<updated>", "<updated> ", "no moment of RFC 3339"),
    ("<author><name>", "<author><name/><name>", "author without a name"),
    ("<cap:expires>", "<cap:onset>", "not well-formed"),
    ('rel="self"', 'rel="next"', "rel=self is"),
    ("<entry>", '<entry><category term=""/>', "without a term")])
def test_the_rules_of_atom_find_what_is_wrong(house, issued, before, after, said):
    body = house.fetch("/feed.atom")
    head, entries = body[:body.index("<entry>")], body[body.index("<entry>"):]
    if before in entries:
        entries = entries.replace(before, after, 1)
    else:
        assert before in head
        head = head.replace(before, after, 1)
    assert any(said in one for one in atom_rules.faults((head + entries).encode(), house.site + "/feed.atom"))


def test_the_site_answers_on_ipv6(house, issued):
    base = "http://[::1]:%d" % house.ports["web"]
    path = "/warnings/%s.html" % issued["identifier"]
    assert house.fetch(path, base) == house.fetch(path) != ""
    assert feed_entry(house, issued["identifier"], base) is not None


def test_xmlsec_accepts_the_signature_from_the_site_and_from_the_broker(house, issued, tmp_path):
    number = issued["identifier"]
    (_, broker), *_ = retained(house, number, seconds=5)
    site = house.fetch("/cap/%s.xml" % number)
    assert site.strip() == broker.strip(), "the same bytes everywhere"
    for text in (site, broker):
        done = verifies(house, text, tmp_path)
        assert done.returncode == 0 and "OK" in done.stdout + done.stderr, done.stderr
    assert verifies(house, site, tmp_path, "status.pub").returncode != 0, "another key"
    assert site.count("50毫米") == 1
    assert verifies(house, site.replace("50毫米", "51毫米"), tmp_path).returncode != 0, "another word"


@pytest.mark.skipif(not os.path.exists(SCHEMA), reason="the corpus is not here: no CAP-v1.2.xsd")
def test_the_schema_accepts_what_we_send(house, issued, cancelled, tmp_path):
    """And no digital signature hides from it: the file is checked as it is."""
    for status in (issued, cancelled[1]):
        path = tmp_path / "message.xml"
        path.write_text(house.fetch("/cap/%s.xml" % status["identifier"]), encoding="utf-8")
        done = house.run("xmllint", "--nonet", "--noout", "--schema", SCHEMA, str(path), check=False)
        assert done.returncode == 0, done.stderr


def test_a_cancel_takes_the_retained_message_away(house, cancelled):
    warning, cancel = cancelled
    assert retained(house, warning["identifier"]) == []
    assert retained(house, cancel["identifier"]) == [], "a cancel is not in force itself"
    assert warning["identifier"] not in house.fetch("/active.json")


def test_the_page_of_a_cancelled_warning_says_so(house, cancelled):
    warning, cancel = cancelled
    assert "解除" in house.fetch("/warnings/%s.html" % warning["identifier"])
    assert "解除" in house.fetch("/warnings/%s.html" % cancel["identifier"])


def test_the_feed_carries_the_cancel_and_what_it_refers_to(house, cancelled):
    warning, cancel = cancelled
    entry = feed_entry(house, cancel["identifier"])
    assert entry is not None and entry.findtext(CAP + "msgType") == "Cancel"
    link = entry.find(ATOM + "link").get("href")
    assert link.startswith(house.site)
    message = ET.fromstring(house.fetch(link[len(house.site):]))
    original = ET.fromstring(house.fetch("/cap/%s.xml" % warning["identifier"]))
    want = ",".join(original.findtext(CAP + name) for name in ("sender", "identifier", "sent"))
    assert message.findtext(CAP + "msgType") == "Cancel"
    assert message.findtext(CAP + "references") == want
    assert message.findtext(CAP + "sent") > original.findtext(CAP + "sent")


def test_whoever_got_the_warning_by_sms_gets_the_cancel(house, cancelled):
    warning, cancel = cancelled
    with_number = lambda status: {to for to, text in house.sms() if status["identifier"] in text}  # noqa: E731
    reached = wait_for(lambda: with_number(warning), 20, "the warning's short messages")
    assert len(reached) == 4
    wait_for(lambda: with_number(cancel) == reached, 20, "the cancel's short messages")
    texts = {text for _, text in house.sms() if cancel["identifier"] in text}
    assert len(texts) == 1 and "解除" in texts.pop()


def test_the_cancel_reaches_the_others_too(house, cancelled):
    number = cancelled[1]["identifier"]
    for far in ("weibo", "wechat", "wecom", "webhook"):
        texts = [entry["text"] for entry in house.arrived(far) if number in entry["text"]]
        assert len(texts) == 1, "%s: %s" % (far, texts)
        assert "解除" in texts[0] or '"verb":"cancel"' in texts[0]


def test_an_expired_warning_leaves_by_itself(house):
    ident = house.walk("met", arrivals.warning(hours=8 / 3600).replace("50毫米", "60毫米"))
    house.wait_delivered(ident, ["mqtt", "website"])
    number = house.status(ident)["identifier"]
    assert retained(house, number, count=2), "it stood there while it was in force"
    assert number in house.fetch("/active.json")
    wait_for(lambda: house.status(ident)["state"] == "expired", 20, "the end of %s" % number)
    wait_for(lambda: number not in house.fetch("/active.json"), 10, "gone from the active list")
    assert retained(house, number) == []
    assert number not in house.fetch("/alerts.geojson")
    assert number in house.fetch("/warnings/%s.html" % number), "its page stays, for those who have the link"


def test_the_broker_is_told_when_a_warning_ends(house, issued):
    """Should we all be dead by then: every retained alert carries its own expiry."""
    done = house.run("/usr/bin/mosquitto_sub", "-h", "127.0.0.1", "-p", str(house.ports["mqtt"]), "-V", "5", "-t",
                     "alert/v1/state/+/" + issued["identifier"], "-C", "2", "-W", "5", "-F", "%j")
    left = [json.loads(line)["properties"]["message-expiry-interval"] for line in done.stdout.splitlines()]
    assert len(left) == 2 and all(0 < seconds <= 6 * 3600 for seconds in left), left


def test_no_key_repeats_at_the_webhook(house, issued, cancelled):
    entries = house.arrived("webhook")
    keys = [entry["id"] for entry in entries]
    assert len(keys) >= 3 and len(set(keys)) == len(keys)
    assert [entry["repeats"] for entry in entries] == [0] * len(entries)


def reports(house, ident):
    """What was reported of the phones of a bulletin; None: nothing yet."""
    return next(one for one in house.status(ident)["progress"] if one["target"] == "sms")["reports"]


def arrived(house, ident):
    return (reports(house, ident) or {}).get("delivered", 0)


def test_a_report_from_the_phone_network_reaches_the_record(house, issued):
    counts = wait_for(lambda: arrived(house, issued["id"]) == 4 and reports(house, issued["id"]), 20, "a report from each of the four phones")
    assert counts == {"delivered": 4, "failed": 0, "rejected": 0, "buffered": 0, "accepted": 0}
    lines = [json.loads(body) for body, in record(house, "SELECT body FROM audit WHERE what = 'report' AND ref = ? ORDER BY seq", issued["id"])]
    assert 1 <= len(lines) <= 4 and (lines[-1]["target"], lines[-1]["people"], lines[-1]["delivered"]) == ("sms", 4, 4)
    assert "手机回执 / phones reported: 到达 delivered=4（共 / of 4）" in house.tocsin("met-lead", "status", issued["id"]).stdout
    assert house.tocsin("emb-audit-1", "audit", "verify").returncode == 0


@pytest.mark.parametrize("away", (False, True))
def test_reports_find_the_record_after_a_death(house, away):
    """tocsind is killed between what was sent and what the phones say of it; that comes after its restart, or while nobody is
    there, when the gateway keeps it."""
    house.gateway.stop_smsc()
    ident = house.walk("met", arrivals.warning().replace("50毫米", "%d毫米" % (65 + away)))
    house.wait_delivered(ident)
    number = house.status(ident)["identifier"]
    told = lambda: [to for to, text in house.sms() if number in text]  # noqa: E731
    house.programs["tocsind"].stop(how=signal.SIGKILL)
    if away:
        house.gateway.start_smsc()
        wait_for(lambda: len(told()) == 4, 20, "the short messages")
    house.programs["tocsind"].start()
    wait_for(house.healthy, 30, "tocsind again")
    if not away:
        assert reports(house, ident) is None
        house.gateway.start_smsc()
    wait_for(lambda: arrived(house, ident) == 4, 30, lambda: "the reports: %s" % reports(house, ident))
    assert house.deliveries(ident)["sms"]["state"] == "delivered"
    wait_for(lambda: sorted(set(told())) == sorted(told()) and len(told()) == 4, 20, lambda: "each phone once: %s" % told())


def test_every_far_side_has_its_own_words(house, issued):
    """So that none of the tests above reads one and the same thing seven times."""
    found = house.wait_delivered(issued["id"])
    assert set(found) == set(TARGETS)
    assert all(delivery["proof"] for delivery in found.values())
    assert len({delivery["proof"] for delivery in found.values()}) == len(TARGETS)
