# SPDX-License-Identifier: Apache-2.0
"""tocsind's API against clients that mean harm, or are only broken: whatever comes in, it answers or closes, goes on
serving the others, and does not grow. And people who do the same thing at the same moment: one of them does it."""
import base64
import concurrent.futures
import contextlib
import datetime
import hashlib
import http.client
import json
import os
import re
import resource
import socket
import struct
import subprocess
import threading
import time

import pytest

import house as house_module
from conftest import housed, sample

LIMIT = 262144
GROWTH_KB = 96 * 1024
CROWD = 10000


@pytest.fixture(scope="module")
def house():
    """A second head of each bureau: two people may release. A small quarantine, so that memory can be looked at when a
    sanitizer is built in."""
    posts, options = dict(house_module.POSTS), os.environ.get("ASAN_OPTIONS")
    house_module.POSTS["lead-2"] = house_module.POSTS["lead"]
    os.environ["ASAN_OPTIONS"] = (options + ":" if options else "") + "quarantine_size_mb=2"
    try:
        with housed() as one:
            yield one
    finally:
        house_module.POSTS.clear()
        house_module.POSTS.update(posts)
        os.environ.pop("ASAN_OPTIONS")
        if options:
            os.environ["ASAN_OPTIONS"] = options


@pytest.fixture(autouse=True)
def unharmed(request, house):
    """After each test: the same process, serving at once (soon, where others run beside it), not much larger."""
    process = house.programs["tocsind"].process
    before = resident(process.pid)
    yield
    assert house.programs["tocsind"].process is process and process.poll() is None, "tocsind died"
    began = time.monotonic()
    assert get(house, "/healthz")[0] == 200
    assert time.monotonic() - began < (1 if request.node.get_closest_marker("alone") else 10)
    assert resident(process.pid) - before < GROWTH_KB


def resident(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as text:
        return int(text.read().split("VmRSS:")[1].split()[0])


@contextlib.contextmanager
def connected(house, seconds=20):
    with socket.create_connection(("127.0.0.1", house.ports["api"]), seconds) as link:
        yield link


def answers(link):
    """All bytes until the far end closes or falls silent."""
    found = b""
    with contextlib.suppress(ConnectionError, socket.timeout):
        while True:
            piece = link.recv(65536)
            if not piece:
                break
            found += piece
    return found


def raw(house, text, seconds=1.0):
    """Sends these bytes; what comes back until it closes or is silent for so long."""
    with connected(house) as link:
        with contextlib.suppress(ConnectionError):
            link.sendall(text if isinstance(text, bytes) else text.encode())
        link.settimeout(seconds)
        return answers(link)


def statuses(answer):
    return [int(code) for code in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answer)]


def refused(house, text, seconds=1.0):
    """One answer of the kind 4xx or 5xx, or none; and then the end: nothing behind it was read as a request."""
    answer = raw(house, text, seconds)
    found = statuses(answer)
    assert len(found) <= 1, answer
    assert not found or 400 <= found[0] < 600, answer
    return found[0] if found else None


def ask(house, method, path, officer=None, body=None, **headers):
    """-> status, the answer's text"""
    link = http.client.HTTPConnection("127.0.0.1", house.ports["api"], timeout=60)
    if officer:
        headers["Authorization"] = "Bearer " + house.tokens[officer]
    try:
        link.request(method, path, body, {key.replace("_", "-"): value for key, value in headers.items()})
        answer = link.getresponse()
        return answer.status, answer.read().decode()
    finally:
        link.close()


def get(house, path, officer=None):
    return ask(house, "GET", path, officer)


def at_once(*tasks):
    """Runs all of them from the same moment; their results in order."""
    gate = threading.Barrier(len(tasks))

    def run(task):
        gate.wait()
        return task()
    with concurrent.futures.ThreadPoolExecutor(len(tasks)) as pool:
        return [future.result() for future in [pool.submit(run, task) for task in tasks]]


# --- requests two readers may read in two ways -----------------------------------------------------------------


BEHIND = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize("head", [
    "Host: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n",
    "Host: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n",
    "Host: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    "Host: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
    "Host: x\r\nTransfer-Encoding: xchunked\r\n",
    "Host: x\r\nTransfer-Encoding: identity, chunked\r\n",
    "Host: x\r\nContent-Length: +5\r\n",
    "Host: x\r\nContent-Length: -5\r\n",
    "Host: x\r\nContent-Length: 0x5\r\n",
    "Host: x\r\nContent-Length: 5, 5\r\n",
    "Host: x\r\nContent-Length: 99999999999999999999\r\n",
    "Host: x\r\nContent-Length : 5\r\n",
    "Host: x\r\nHost: y\r\nContent-Length: 0\r\n",
    "Content-Length: 0\r\n",
    "Host: x\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\nContent-Length: 0\r\n",
    "Host: x\r\nX: a\x01b\r\nContent-Length: 0\r\n",
    "Host: x\r\nX: a\x7fb\r\nContent-Length: 0\r\n",
    "Host: x\r\nX Y: z\r\nContent-Length: 0\r\n",
    "Host: x\r\nno colon\r\nContent-Length: 0\r\n",
    "Host: x\r\nIdempotency-Key: %s\r\nContent-Length: 0\r\n" % ("k" * 300),
])
def test_ambiguous_requests_are_refused(house, head):
    refused(house, "POST /api/v1/bulletins HTTP/1.1\r\n" + head + "\r\n" + BEHIND)


def test_folded_headers_are_refused_or_one_value(house):
    token = house.tokens["met-lead"]
    answer = raw(house, "GET /api/v1/bulletins HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer\r\n %s\r\n"
                        "Connection: close\r\n\r\n" % token)
    assert statuses(answer) in ([400], [200])
    folded = raw(house, "GET /healthz HTTP/1.1\r\n Host: x\r\n\r\n")
    assert statuses(folded) in ([400], [])


def test_nul_in_headers(house):
    for text in (b"GET /healthz HTTP/1.1\r\nHost: x\0y\r\n\r\n", b"GET /healthz HTTP/1.1\r\nHo\0st: x\r\n\r\n",
                 b"GET /heal\0thz HTTP/1.1\r\nHost: x\r\n\r\n", b"\0" * 1000 + b"\r\n\r\n",
                 b"GET /api/v1/bulletins HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \0\r\n\r\n"):
        assert len(statuses(raw(house, text, 0.3))) <= 1


def test_headers_too_large(house):
    for text in ("GET /healthz HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n" % ("a" * 17000),
                 "GET /healthz HTTP/1.1\r\nHost: x\r\n" + "".join("X-%d: y\r\n" % n for n in range(5000)) + "\r\n",
                 "GET /%s HTTP/1.1\r\nHost: x\r\n\r\n" % ("a" * 17000),
                 "GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + "a" * 4000000):
        refused(house, text)


def test_bodies_too_large(house):
    token = house.tokens["met-draft"]
    head = "POST /api/v1/bulletins HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: text/plain\r\n" % token
    for size in (LIMIT + 1, LIMIT + 65536, LIMIT + 65537, 10 * LIMIT):
        found = refused(house, head + "Content-Length: %d\r\n\r\n" % size + "a" * size, 3)
        assert found in (413, 400, None)
    assert refused(house, head + "Content-Length: 9000000000\r\n\r\n" + "a" * 1000) in (413, 400, None)
    chunks = "%x\r\n%s\r\n" % (65536, "a" * 65536) * 40
    assert refused(house, head + "Transfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n", 3) in (413, 400, None)
    for size in ("fffffffffffffffff", "-1", "zz", "7fffffffffffffff", "80000000"):
        refused(house, head + "Transfer-Encoding: chunked\r\n\r\n%s\r\na\r\n0\r\n\r\n" % size, 0.3)
    assert ask(house, "POST", "/api/v1/bulletins", "met-draft", "a" * (LIMIT + 1), Content_Type="text/plain")[0] == 413


# --- many, slow, gone ------------------------------------------------------------------------------------------


@pytest.mark.alone
def test_two_hundred_idle_connections(house):
    with contextlib.ExitStack() as stack:
        for number in range(200):
            link = stack.enter_context(connected(house))
            link.sendall(("GET /healthz HTTP/1.1\r\nHost: x\r\nX-%d:" % number).encode())
        for _ in range(10):
            began = time.monotonic()
            assert get(house, "/api/v1/bulletins", "met-lead")[0] == 200
            assert time.monotonic() - began < 1


@pytest.mark.alone
def test_ten_thousand_connections(house):
    """That say nothing, or half a request, and stay. Who comes after them is served at once, who was there before goes on, agents
    keep their places, and what such a crowd costs is bounded."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < CROWD + 500:
        pytest.skip("no %d descriptors for one process here" % CROWD)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    pid = house.programs["tocsind"].process.pid
    before = http.client.HTTPConnection("127.0.0.1", house.ports["api"], timeout=10)
    crowd = []

    def goes_on():
        began = time.monotonic()
        before.request("GET", "/healthz")
        assert before.getresponse().read()
        assert get(house, "/api/v1/bulletins", "met-lead")[0] == 200
        assert time.monotonic() - began < 1
    try:
        goes_on()
        for number in range(CROWD):
            link = socket.socket()
            crowd.append(link)
            link.settimeout(5)
            link.connect(("127.0.0.1", house.ports["api"]))
            if number % 2:
                link.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Half:")
            if number % 1000 == 999:
                goes_on()
        ident = house.walk("met", sample("rainstorm.xml"))
        house.wait_delivered(ident)
        goes_on()
        descriptors = len(os.listdir("/proc/%d/fd" % pid))
        assert descriptors < 2000, descriptors
    finally:
        for link in crowd:
            link.close()
        before.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_whoever_left_keeps_no_descriptor(house):
    """Though nobody comes after them."""
    def descriptors():
        return len(os.listdir("/proc/%d/fd" % house.programs["tocsind"].process.pid))
    before = descriptors()
    with contextlib.ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(connected(house))
        house_module.wait_for(lambda: descriptors() >= before + 195, 5, "two hundred connections")
        there = descriptors()
    house_module.wait_for(lambda: descriptors() <= there - 150, 10, "their descriptors back")


def test_pipelined_requests_are_answered_in_order(house):
    token = house.tokens["met-lead"]
    paths = ["/healthz", "/api/v1/bulletins", "/nothing", "/healthz", "/api/v1/bulletins/none", "/api/v1/audit/verify"] * 10
    text = "".join("GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n" % (path, token) for path in paths)
    found = statuses(raw(house, text, 3))
    assert found == [200, 200, 404, 200, 404, 200] * 10


def test_head_has_no_body(house):
    answer = raw(house, "HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n"
                        "Connection: close\r\n\r\n")
    assert statuses(answer) == [200, 200]
    assert answer.count(b'"status":"ok"') == 1
    assert re.findall(rb"Content-Length: (\d+)", answer)[0] == re.findall(rb"Content-Length: (\d+)", answer)[1]


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "CONNECT", "PATCH", "BREW", "get", ""])
def test_other_methods_are_refused(house, method):
    for target in ("/healthz", "*", "x:1"):
        answer = raw(house, "%s %s HTTP/1.1\r\nHost: x\r\nX-Secret: geheim\r\nConnection: close\r\n\r\n" % (method, target))
        assert all(400 <= status < 600 for status in statuses(answer))
        assert b"geheim" not in answer


def test_clients_that_leave(house):
    token = house.tokens["met-lead"]
    text = ("GET /api/v1/audit/verify HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n" % token).encode()
    for how in (struct.pack("ii", 1, 0), struct.pack("ii", 0, 0)):  # with a reset, and politely
        for _ in range(150):
            link = socket.create_connection(("127.0.0.1", house.ports["api"]), 10)
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, how)
            link.sendall(text * 3)
            link.close()
    for piece in (b"G", b"POST /api/v1/bulletins HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc"):
        for _ in range(50):
            with connected(house) as link:
                link.sendall(piece)
    assert get(house, "/api/v1/audit/verify", "met-lead")[0] == 200


@pytest.mark.alone
def test_a_client_that_does_not_read(house):
    token = house.tokens["met-lead"]
    text = ("GET /api/v1/bulletins HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n" % token).encode() * 200
    with contextlib.ExitStack() as stack:
        for _ in range(20):
            link = stack.enter_context(connected(house))
            link.settimeout(0.2)
            with contextlib.suppress(socket.timeout):
                link.sendall(text)
        began = time.monotonic()
        assert get(house, "/healthz")[0] == 200
        assert time.monotonic() - began < 1


def test_ten_thousand_wrong_tokens(house):
    def guess(worker):
        found = set()
        link = http.client.HTTPConnection("127.0.0.1", house.ports["api"], timeout=60)
        for number in range(2500):
            token = hashlib.sha256(b"%d-%d" % (worker, number)).hexdigest()
            link.request("GET", "/api/v1/bulletins", headers={"Authorization": "Bearer " + token})
            answer = link.getresponse()
            answer.read()
            found.add(answer.status)
        link.close()
        return found
    assert at_once(*[lambda worker=worker: guess(worker) for worker in range(4)]) == [{401}] * 4
    token = house.tokens["met-lead"]
    for wrong in ("", "Bearer", "Bearer ", "Basic " + token, token, "Bearer  " + token, "Bearer %s x" % token,
                  "Bearer " + token[:-1], "Bearer %sA" % token, "Bearer ' OR 1=1 --", "Bearer " + "a" * 15000):
        assert ask(house, "GET", "/api/v1/bulletins", Authorization=wrong)[0] in (400, 401), wrong


# --- paths and bodies ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ident", [
    "..", "../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e", "%00", "a%00b", "a%0d%0aX-Evil:%20yes", "%ff%fe",
    "%", "%zz", "a" * 12000, "'; DROP TABLE bulletin; --".replace(" ", "%20"), "%25", "*", "a//b", "./manifest", "~", "-1",
    "\u8b66".encode("utf-8").decode("latin-1"), "\xff"])
def test_ids_that_are_none(house, ident):
    for ending in ("", "/manifest", "/why"):
        line = ("GET /api/v1/bulletins/%s%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n"
                % (ident, ending, house.tokens["met-lead"])).encode("latin-1")
        answer = raw(house, line, 5)
        found = statuses(answer)
        assert len(found) == 1 and 400 <= found[0] < 500, answer[:300]
        assert b"X-Evil: yes" not in answer and b"root:" not in answer
        body = answer.split(b"\r\n\r\n", 1)[1]
        if b"problem+json" in answer:
            assert json.loads(body)["status"] == found[0]


def test_queries_that_are_none(house):
    for query in ("state=%00", "state=%ff", "state=" + "a" * 9000, "state=%", "state", "=", "&&&&", "state=released&state=x",
                  "state=" + "%41" * 3000):
        status, text = get(house, "/api/v1/bulletins?" + query, "met-lead")
        assert status in (200, 400), (query, text)
        json.loads(text)


BOMBS = {
    "deep list": "[" * 100000,
    "a quarter of a MiB of lists": "[" * LIMIT,
    "closed lists": "[" * 100000 + "]" * 100000,
    "deep object": '{"a":' * 40000,
    "closed objects": '{"a":' * 30000 + "1" + "}" * 30000,
    "long number": "1" * 200000,
    "large exponent": '{"kind": 1e999999}',
    "long text": '{"kind": "%s"}' % ("a" * 200000),
    "many members": "{%s}" % ",".join('"k%d":1' % n for n in range(18000)),
    "many items": '{"where": [%s]}' % ",".join('"120116"' for _ in range(20000)),
    "twice": '{"kind": "fact", "kind": "warning"}',
    "nul": '{"kind": "a\\u0000b"}',
    "half a pair": '{"kind": "\\ud800"}',
    "no text": b'{"kind": "\xff\xfe"}',
    "nothing": "",
    "null": "null",
    "cut": '{"kind": "fa',
    "not JSON": "\x00\x01\x02",
    "xml": "<alert>" * 30000,
    "entities": '<!DOCTYPE a [<!ENTITY b "%s">]><alert>%s</alert>' % ("x" * 1000, "&b;" * 30000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bodies_that_are_bombs(house, name):
    body = BOMBS[name] if isinstance(BOMBS[name], bytes) else BOMBS[name].encode()
    for path in ("/api/v1/bulletins", "/api/v1/bulletins/none/approvals", "/api/v1/bulletins/none/cancel",
                 "/api/v1/bulletins/none/correct"):
        for kind in ("application/json", "application/cap+xml", "text/plain", ""):
            began = time.monotonic()
            status, text = ask(house, "POST", path, "met-lead", body, Content_Type=kind)
            assert 400 <= status < 500, (path, kind, text[:300])
            assert json.loads(text)["status"] == status
            assert time.monotonic() - began < 2, (path, kind)


# --- the same thing twice, at once -----------------------------------------------------------------------------


def draft(house, unit="met", text=None):
    status, answer = ask(house, "POST", "/api/v1/bulletins", unit + "-draft", (text or fresh()).encode(),
                         Content_Type="application/cap+xml")
    assert status == 201, answer
    return json.loads(answer)["id"]


COUNT = iter(range(10, 60))


def fresh():
    """The sample under a number of its own."""
    return sample("rainstorm.xml").replace("20261123093000", "202611230930%02d" % next(COUNT))


def proof(house, officer, act, ident):
    """An officer's signature by openssl: the form is that of proof.h, made by other hands than ours."""
    manifest = get(house, "/api/v1/bulletins/%s/manifest" % ident, officer)[1]
    digest = hashlib.sha256(manifest.encode()).hexdigest()
    moment = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).replace(microsecond=0).isoformat()
    text = "tocsin-proof 1\nact %s\nofficer %s\ntime %s\nmanifest %s\n" % (act, officer, moment, digest)
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", house.path("officers", officer + ".key")],
                               input=text.encode(), capture_output=True, check=True).stdout
    return json.dumps({"act": act, "officer": officer, "time": moment, "manifest": digest,
                       "signature": base64.b64encode(signature).decode()})


def post(house, ident, act, officer, body=None, **headers):
    return ask(house, "POST", "/api/v1/bulletins/%s/%s" % (ident, act), officer, body or "{}",
               Content_Type="application/json", **headers)


def submitted(house):
    ident = draft(house)
    status, answer = post(house, ident, "submit", "met-draft")
    assert status == 200, answer
    return ident


def approved(house):
    ident = submitted(house)
    for officer, act in (("met-review", "review"), ("met-sign-1", "sign")):
        status, answer = post(house, ident, "approvals", officer, proof(house, officer, act, ident))
        assert status == 200, answer
    return ident


def status_of(house, ident):
    return json.loads(get(house, "/api/v1/bulletins/" + ident, "met-lead")[1])


def why_not(answer):
    """The sentence of a refusal, in both languages."""
    said = json.loads(answer)
    assert said["detail"] and said["detail_zh"]
    return said["detail"]


def test_the_same_key_for_another_body(house):
    first = ask(house, "POST", "/api/v1/bulletins", "met-draft", fresh().encode(), Content_Type="application/cap+xml",
                Idempotency_Key="one")
    assert first[0] == 201
    body = fresh().encode()
    second = ask(house, "POST", "/api/v1/bulletins", "met-draft", body, Content_Type="application/cap+xml",
                 Idempotency_Key="two")
    again = ask(house, "POST", "/api/v1/bulletins", "met-draft", body, Content_Type="application/cap+xml",
                Idempotency_Key="two")
    assert again == second and second[0] == 201
    status, answer = ask(house, "POST", "/api/v1/bulletins", "met-draft", body, Content_Type="application/cap+xml",
                         Idempotency_Key="one")
    assert status == 409 and "another request" in why_not(answer)


def test_a_double_click_on_submit(house):
    for _ in range(5):
        ident = draft(house)
        found = at_once(*[lambda: post(house, ident, "submit", "met-draft")] * 4)
        codes = sorted(status for status, _ in found)
        assert codes == [200, 409, 409, 409], found
        assert all(why_not(answer) for status, answer in found if status == 409)
        assert status_of(house, ident)["state"] == "submitted"


def test_a_double_click_with_a_key(house):
    ident = draft(house)
    found = at_once(*[lambda: post(house, ident, "submit", "met-draft", Idempotency_Key="click")] * 3)
    assert sorted(status for status, _ in found)[0] == 200
    assert {status for status, _ in found} <= {200, 409}
    assert post(house, ident, "submit", "met-draft", Idempotency_Key="click")[0] == 200  # what was said is said again


def test_two_people_approve_at_once(house):
    ident = submitted(house)
    bodies = {officer: proof(house, officer, act, ident)
              for officer, act in (("met-review", "review"), ("met-sign-1", "sign"), ("met-sign-2", "sign"))}
    found = at_once(*[lambda officer=officer, body=body: post(house, ident, "approvals", officer, body)
                      for officer, body in bodies.items()])
    assert [status for status, _ in found] == [200, 200, 200], found
    after = status_of(house, ident)
    assert after["state"] == "approved" and len(after["approvals"]) == 3


def test_one_person_approves_twice_at_once(house):
    ident = submitted(house)
    bodies = [proof(house, "met-sign-1", "sign", ident), proof(house, "met-sign-1", "review", ident)]
    found = at_once(*[lambda: post(house, ident, "approvals", "met-sign-1", bodies[0])] * 4,
                    lambda: post(house, ident, "approvals", "met-sign-1", bodies[1]))
    assert sorted(status for status, _ in found[:4]) == [200, 409, 409, 409], found
    assert found[4][0] in (403, 409)
    assert len(status_of(house, ident)["approvals"]) == 1


def test_two_people_release_at_once(house):
    for _ in range(3):
        ident = approved(house)
        found = at_once(*[lambda officer=officer: post(house, ident, "release", officer)
                          for officer in ("met-lead", "met-lead-2", "met-lead", "met-lead-2")])
        codes = sorted(status for status, _ in found)
        assert codes == [200, 409, 409, 409], found
        assert all(ident in why_not(answer) for status, answer in found if status == 409)
        house.wait_delivered(ident, ["mqtt", "website", "webhook"])
        number = status_of(house, ident)["identifier"]
        assert sum(number in entry["text"] for entry in house.arrived("webhook")) == 1


def test_an_edit_and_a_release_at_once(house):
    """Either the edit voids the approvals and nothing leaves, or what was approved leaves and the edit is refused."""
    for _ in range(3):
        text = fresh()
        ident = draft(house, text=text)
        assert post(house, ident, "submit", "met-draft")[0] == 200
        for officer, act in (("met-review", "review"), ("met-sign-1", "sign")):
            assert post(house, ident, "approvals", officer, proof(house, officer, act, ident))[0] == 200
        version = status_of(house, ident)["version"]
        edited = text.replace("短时强降水和雷电", "短时强降水").encode()
        released, changed = at_once(
            lambda: post(house, ident, "release", "met-lead"),
            lambda: ask(house, "PUT", "/api/v1/bulletins/%s?version=%s" % (ident, version), "met-draft", edited,
                        Content_Type="application/cap+xml"))
        assert sorted((released[0] == 200, changed[0] == 200)) != [True, True], (released, changed)
        assert (status_of(house, ident)["state"] == "released") == (released[0] == 200)


def test_headlines_as_long_as_books_keep_no_watch(house):
    """Whoever may hand in drafts must not make the hand-over page too long to be signed, nor the board too long to be shown."""
    for _ in range(5):
        draft(house, text=fresh().replace("<headline>", "<headline>" + "长" * 20000))
    status, answer = ask(house, "POST", "/api/v1/shifts", "met-draft", b'{"to": "met-review"}', Content_Type="application/json")[:2]
    assert status == 201, answer
    assert len(get(house, "/api/v1/board", "met-draft")[1]) < 50000
    page = json.loads(answer)
    assert len(page["waiting"]) >= 5 and all(len(line.encode()) < 300 for line in page["waiting"])


def test_the_chain_of_records_is_whole(house):
    found = json.loads(get(house, "/api/v1/audit/verify", "met-lead")[1])
    assert found["whole"] and found["records"] > 0
