# SPDX-License-Identifier: Apache-2.0
"""A feed somewhere else, whose entries only say where the messages are: each is fetched once and handed in; what is
slow, huge, gone, or leads to where it should not, is not, and holds nothing else up."""
import gzip
import http.server
import json
import os
import re
import ssl
import subprocess
import threading
import time

import pytest

from conftest import housed
from house import SOURCE as TREE
from house import free_port, wait_for
from talk import bulletins, call, kept, number_of, warning
from test_10_in import drop

ATOM = "application/atom+xml"


class Site(http.server.ThreadingHTTPServer):
    """What to answer stands in `pages`: path -> (status, headers, body), or a function of the request that answers."""
    daemon_threads = True

    def __init__(self, certificate=None):
        self.pages, self.asked = {}, []
        super().__init__(("127.0.0.1", free_port()), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate + ".crt", certificate + ".key")
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.url = "http%s://127.0.0.1:%d" % ("s" if certificate else "", self.server_port)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """Whoever hangs up does so on purpose here."""

    def feed(self, *entries, etag=None):
        """Each entry: (id, address) or the inside of one."""
        inside = "".join("<entry>%s</entry>" % (one if isinstance(one, str) else
                                                "<id>%s</id><updated>2026-01-01T00:00:00Z</updated>"
                                                '<link type="application/cap+xml" href="%s"/>' % one) for one in entries)
        body = '<feed xmlns="http://www.w3.org/2005/Atom">%s</feed>' % inside
        self.pages["/feed"] = (200, {"Content-Type": ATOM, **({"ETag": etag} if etag else {})}, body)

    def put(self, path, body, status=200, **headers):
        self.pages[path] = (status, {name.replace("_", "-"): value for name, value in headers.items()}, body)

    def times(self, path):
        return sum(1 for one, _ in self.asked if one == path)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):  # noqa: N802
        self.server.asked.append((self.path, dict(self.headers)))
        page = self.server.pages.get(self.path, (404, {}, "not here"))
        if callable(page):
            page(self)
            return
        status, headers, body = page
        if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
            status, body = 304, ""
        body = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


SOURCE = """\
  - name: %s
    type: feed
    unit: tj-met
    json: nws
    options: {url: "%s", memory: "%s", every: 0.3, timeout: 2, %s}
"""


class Feeds:
    """The house and its sites; each source is a process, started when a test has made its feed."""

    def __init__(self, folder):
        self.far, self.other = Site(), Site()
        certificate = os.path.join(folder, "site")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=site", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", certificate + ".key", "-out", certificate + ".crt"], check=True, stderr=subprocess.DEVNULL)
        self.safe, self.certificate = Site(certificate), certificate + ".crt"
        self.house = None

    def settings(self, house):
        self.house = house
        house.secret("feed")
        house.write("secrets/feed", "X-Key: open-sesame\n")
        with open(house.path("tocsin.yaml"), encoding="utf-8") as text:
            words = text.read()
        # The source that the policy lets through, if what it brings is signed.
        words = words.replace("  - name: met-feed\n", "  - name: met-feed\n    json: qweather-warning\n")
        inside = "inside: 127.0.0.0/8"
        for name, url, more in (("far", self.far.url, inside + ", header: " + house.path("secrets", "feed")),
                                ("barred", self.far.url, "hosts: []"),
                                ("safe", self.safe.url, inside + ", ca_file: " + self.certificate),
                                ("doubted", self.safe.url, inside)):
            words += SOURCE % (name, url + "/feed", house.path("memory-" + name), more)
        house.write("tocsin.yaml", words, 0o644)

    def start(self, name):
        source = self.house.add("source-" + name, self.house.binary("tocsin-source"), name, "--socket",
                                self.house.path("run", "agents.sock"))
        source.start()
        return source

    def looks(self, more=2):
        """So many looks at the far feed from now on."""
        now = self.far.times("/feed")
        wait_for(lambda: self.far.times("/feed") >= now + more, 20, "another look at the feed")

    def rows(self, name=None):
        return [row for row in kept(self.house) if row["way"] != "met-feed" and name in (None, row["name"])]

    def said(self, event, source="far"):
        return [line for line in self.house.log("source-" + source).splitlines() if "event=" + event in line]


@pytest.fixture(scope="module")
def feeds(tmp_path_factory):
    one = Feeds(str(tmp_path_factory.mktemp("feeds")))
    with housed(before=one.settings):
        yield one


def hang(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    time.sleep(4)


def drip(handler):
    """Never silent, and never done."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(b"<")
        handler.wfile.flush()
        time.sleep(0.1)


def test_links_are_fetched_once(feeds):
    caps = [warning(), warning()]
    for number, cap in enumerate(caps):
        feeds.far.put("/cap/%d.xml" % number, cap)
    # One by a relative address, one by an address that is its id.
    feeds.far.feed(("urn:one", "cap/0.xml"), "<id>%s/cap/1.xml</id>" % feeds.far.url, etag='"v1"')
    feeds.start("far")
    wait_for(lambda: len(feeds.rows()) == 2, 20, "both taken in")
    assert sorted(row["bytes"].decode() for row in feeds.rows()) == sorted(caps)
    assert all(row["outcome"].startswith("draft ") and row["way"] == "far" for row in feeds.rows())
    feeds.looks()
    assert [feeds.far.times("/cap/%d.xml" % number) for number in (0, 1)] == [1, 1]
    path, headers = feeds.far.asked[-1]
    assert path == "/feed" and headers["If-None-Match"] == '"v1"' and headers["X-Key"] == "open-sesame"


def test_what_is_seen_outlives_the_process(feeds):
    feeds.house.programs["source-far"].stop()
    before = len(feeds.far.asked)
    feeds.start("far")
    feeds.looks()
    assert {path for path, _ in feeds.far.asked[before:]} == {"/feed"}
    assert feeds.far.asked[before][1]["If-None-Match"] == '"v1"'


def test_a_removed_entry_means_nothing(feeds):
    states = [feeds.house.status(row["outcome"].removeprefix("draft "))["state"] for row in feeds.rows()]
    feeds.far.feed(etag='"v2"')
    feeds.looks(3)
    assert len(feeds.rows()) == 2
    assert [feeds.house.status(row["outcome"].removeprefix("draft "))["state"] for row in feeds.rows()] == states


def test_oldest_first_and_messages_inside(feeds):
    """An entry may carry its message; one that updates stands above what it updates."""
    first = warning()
    number, sent = number_of(first), re.search("<sent>(.*?)</sent>", first).group(1)
    sender = re.search("<sender>(.*?)</sender>", first).group(1)
    second = warning(replace={"<msgType>Alert</msgType>": "<msgType>Update</msgType>"})
    second = second.replace("<scope>Public</scope>", "<scope>Public</scope><references>%s,%s,%s</references>" % (sender, number, sent))
    feeds.far.put("/first.xml", first)
    feeds.far.feed("<id>urn:second</id><content>%s</content>" % second[second.index("<alert"):], ("urn:first", "/first.xml"))
    wait_for(lambda: feeds.rows("urn:second"), 20, "the update taken in")
    assert feeds.rows("urn:first")[0]["id"] < feeds.rows("urn:second")[0]["id"]
    assert "references.unknown" not in feeds.rows("urn:second")[0]["problem"]


def test_nothing_holds_up_the_others(feeds):
    good = warning()
    feeds.far.put("/good.xml", good)
    feeds.far.put("/page.xml", "Please sign in")
    feeds.far.put("/huge.xml", b"<" + b" " * 1000001)
    feeds.far.pages["/hang.xml"], feeds.far.pages["/drip.xml"] = hang, drip
    feeds.far.feed(("urn:good", "/good.xml"), ("urn:gone", "/gone.xml"), ("urn:page", "/page.xml"),
                   ("urn:huge", "/huge.xml"), ("urn:hang", "/hang.xml"), ("urn:drip", "/drip.xml"), "<id>urn:none</id>")
    wait_for(lambda: feeds.rows("urn:good"), 30, "the good one taken in")
    said = "\n".join(feeds.said("not-fetched"))
    for name, why in (("urn:gone", "the answer was 404"), ("urn:page", "no XML"), ("urn:huge", "over the limit of 1000000")):
        assert re.search("entry=%s .*%s" % (name, why), said), said
    assert "entry=urn:hang" in said and "entry=urn:drip" in said
    assert [line for line in feeds.said("no-link") if "urn:none" in line]
    # It is there a little later.
    feeds.far.put("/gone.xml", warning())
    wait_for(lambda: feeds.rows("urn:gone"), 30, "the late one taken in")
    assert feeds.far.times("/good.xml") == 1 and not feeds.rows("urn:huge")


def test_a_page_that_says_later_costs_no_warning(feeds):
    """A 200 may hold a notice of maintenance: it is refused once, and what stands there afterwards is taken."""
    feeds.far.put("/later.xml", "<!DOCTYPE html><html><body>Back soon</body></html>")
    feeds.far.feed(("urn:later", "/later.xml"))
    wait_for(lambda: feeds.far.times("/later.xml") >= 3, 30, "three tries")
    assert len([line for line in feeds.said("refused") if "urn:later" in line]) == 1
    assert len(feeds.rows("urn:later")) == 1 and not feeds.rows("urn:later")[0]["outcome"].startswith("draft ")
    feeds.far.put("/later.xml", warning())
    wait_for(lambda: feeds.rows("urn:later")[-1]["outcome"].startswith("draft "), 30, "the warning taken in")


def test_redirects_and_links_keep_to_the_site(feeds):
    feeds.other.put("/loot.xml", warning())
    feeds.far.put("/moved.xml", "", 302, Location="there.xml")
    feeds.far.put("/there.xml", warning())
    feeds.far.put("/away.xml", "", 302, Location=feeds.other.url + "/loot.xml")
    feeds.far.put("/round.xml", "", 301, Location="/round.xml")
    feeds.far.feed(("urn:moved", "/moved.xml"), ("urn:away", "/away.xml"), ("urn:round", "/round.xml"),
                   ("urn:elsewhere", feeds.other.url + "/loot.xml"), ("urn:file", "file:///etc/passwd"),
                   ("urn:name", feeds.far.url.replace("127.0.0.1", "localhost") + "/there.xml"),
                   ("urn:user", feeds.far.url.replace("//", "//me:hush@") + "/there.xml"))
    wait_for(lambda: feeds.rows("urn:moved") and any("urn:elsewhere" in line for line in feeds.said("link-refused")), 20,
             "the moved one taken in")
    feeds.looks()
    refused = "\n".join(feeds.said("link-refused"))
    assert all(re.search("entry=urn:%s " % name, refused) for name in ("away", "elsewhere", "file", "name", "user")), refused
    assert not feeds.other.asked and "hush" not in refused
    assert any("urn:round" in line and "more than 3 times" in line for line in feeds.said("not-fetched"))
    assert len([line for line in feeds.said("link-refused") if "elsewhere" in line]) == 1  # said once


def test_a_broken_feed_is_said_and_read_when_it_is_whole(feeds):
    whole = warning()
    feeds.far.put("/whole.xml", whole)
    feeds.far.put("/feed", "<feed><entry></feed>", ETag='"b"')
    wait_for(lambda: feeds.said("feed-unreadable"), 20, "it said so")
    feeds.far.put("/feed", "", 503, Retry_After="1")
    wait_for(lambda: feeds.said("feed-away"), 20, "it said so")
    feeds.far.feed(("urn:whole", "/whole.xml"))
    wait_for(lambda: feeds.rows("urn:whole"), 20, "taken in")
    assert feeds.said("feed-back")


def test_rss(feeds):
    feeds.far.put("/by-rss.xml", warning())
    feeds.far.put("/feed", "<rss version='2.0'><channel><item><guid isPermaLink='false'>n-1</guid>"
                           "<link>%s/by-rss.xml</link></item></channel></rss>" % feeds.far.url)
    wait_for(lambda: feeds.rows("n-1"), 20, "taken in")


def test_packed_answers(feeds):
    """Some producers send gzip whoever asks; what unpacks to more than may come in is cut there."""
    cap = warning()
    feeds.far.put("/packed.xml", gzip.compress(cap.encode()), Content_Encoding="gzip")
    feeds.far.put("/bomb.xml", gzip.compress(b"<" + b" " * 50000000), Content_Encoding="gzip")
    feeds.far.put("/torn.xml", gzip.compress(cap.encode())[:-20], Content_Encoding="gzip")
    feeds.far.feed(("urn:packed", "/packed.xml"), ("urn:bomb", "/bomb.xml"), ("urn:torn", "/torn.xml"))
    wait_for(lambda: feeds.rows("urn:packed"), 20, "taken in")
    assert feeds.rows("urn:packed")[0]["bytes"] == cap.encode()
    said = "\n".join(feeds.said("not-fetched"))
    assert re.search("entry=urn:bomb .*over the limit of 1000000", said), said
    # Half a document is no message, whatever unpacking said of it.
    assert all(row["outcome"].startswith("refused") for row in feeds.rows("urn:torn"))


def test_one_document_is_taken_when_it_changes(feeds):
    for _ in range(2):
        cap = warning()
        feeds.far.put("/feed", cap)
        wait_for(lambda cap=cap: cap in [row["bytes"].decode() for row in feeds.rows("feed")], 20, "taken in")
        feeds.looks()
    assert len(feeds.rows("feed")) == 2


def json_of(name):
    with open(os.path.join(TREE, "tests", "data", "mapping", name + ".json"), encoding="utf-8") as file:
        return file.read()


def test_json_by_its_table(feeds):
    """Each item goes its own way; the same list again brings nothing new; an empty one is no fault."""
    before = len(bulletins(feeds.house))
    # As if in the harbour: what is drawn outside the outlines we have is no draft of this house.
    text = json_of("nws").replace('"status": "Test"', '"status": "Actual"').replace('"severity": "Unknown"', '"severity": "Minor"').replace(
        "[-91.5, 42], [-91.25, 42], [-91.25, 42.1234567], [-91.5, 42]",
        "[117.6, 39], [117.6, 39.05], [117.65, 39.05], [117.65, 39], [117.6, 39]")
    feeds.far.put("/feed", text)
    wait_for(lambda: len([row for row in feeds.rows("feed") if row["bytes"].startswith(b"{")]) >= 3, 20, "all three seen")
    rows = [row for row in feeds.rows("feed") if row["bytes"].startswith(b"{")]
    assert [row["outcome"].split()[0] for row in rows] == ["draft", "draft", "refused"], rows[1]["problem"]
    assert json.loads(rows[0]["bytes"])["properties"]["id"] == "urn:oid:2.49.0.1.840.0.1"
    for said in ("read.json /features/0:", "convert.supplied /features/0/scope:", "convert.lost /features/0:"):
        assert said in rows[0]["problem"], rows[0]["problem"]
    cap = call(feeds.house, "met-lead", "GET", "/api/v1/bulletins/%s/cap" % rows[0]["outcome"].removeprefix("draft ")).body.decode()
    assert "<polygon>39,117.6 39.05,117.6 39.05,117.65 39,117.65 39,117.6</polygon>" in cap
    feeds.far.put("/feed", text + "\n")
    wait_for(lambda: len(feeds.said("refused")) >= 2, 20, "handed in again")
    refused = len(feeds.said("refused"))
    feeds.far.put("/feed", '{"type": "FeatureCollection", "features": []}')
    feeds.looks(3)
    assert len(bulletins(feeds.house)) == before + 2 and len(feeds.said("refused")) == refused


def test_json_is_never_relayed(feeds):
    """From a source whose signed messages leave by themselves; and without an area nobody can submit it."""
    drop(feeds.house, "q.json", json_of("qweather-warning"))
    wait_for(lambda: [row for row in kept(feeds.house) if row["name"] == "q.json"], 20, "taken in")
    row = [row for row in kept(feeds.house) if row["name"] == "q.json"][0]
    ident = row["outcome"].removeprefix("draft ")
    status = feeds.house.status(ident)
    assert (status["state"], status["deliveries"], status["areas"], status["hazard"]) == ("draft", [], [], "11B03")
    assert "convert.area /warning/0:" in row["problem"] and "event=no-relay" not in feeds.house.log("tocsind")
    no = call(feeds.house, "met-draft", "POST", "/api/v1/bulletins/%s/submit" % ident, b"")
    assert no.status == 400 and "area" in str(no.json), no.body


def test_no_address_of_this_network_unless_named(feeds):
    feeds.start("barred")
    wait_for(lambda: feeds.said("feed-away", "barred"), 20, "it said so")
    assert not [row for row in feeds.rows() if row["way"] == "barred"]


def test_https_by_the_certificate(feeds):
    feeds.safe.put("/safe.xml", warning())
    feeds.safe.feed(("urn:safe", "/safe.xml"))
    feeds.start("doubted")
    feeds.start("safe")
    wait_for(lambda: feeds.rows("urn:safe"), 20, "taken in")
    wait_for(lambda: feeds.said("feed-away", "doubted"), 20, "it said so")
    assert {row["way"] for row in feeds.rows("urn:safe")} == {"safe"}
