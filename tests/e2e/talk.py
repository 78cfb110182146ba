# SPDX-License-Identifier: Apache-2.0
"""Plain HTTP to the house's API, a look into its record, and samples with other words."""
import json
import re
import sqlite3
import time
import urllib.error
import urllib.request

from house import OPENER, wait_for
from walk import sample


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def detail(self):
        """Both sentences of a problem."""
        assert self.headers["Content-Type"].startswith("application/problem+json"), self.body
        return self.json["detail"] + "\n" + self.json["detail_zh"]


def call(house, token, method, path, body=None, kind=None, base=None, seconds=30, **headers):
    """token: an officer's id, or any token itself, or None."""
    if token:
        headers["Authorization"] = "Bearer " + house.tokens.get(token, token)
    if kind:
        headers["Content-Type"] = kind
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    data = body.encode() if isinstance(body, str) else body
    request = urllib.request.Request((base or house.url) + path, data, headers, method=method)
    try:
        with OPENER.open(request, timeout=seconds) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as answer:
        with answer:
            return Answer(answer.code, answer.headers, answer.read())


def hand_in(house, token, body, kind="application/cap+xml", **headers):
    return call(house, token, "POST", "/api/v1/bulletins", body, kind, **headers)


def bulletins(house):
    return call(house, "met-lead", "GET", "/api/v1/bulletins").json["bulletins"]


def kept(house):
    """The rows of intake as they stand in the record, oldest first, with their bytes."""
    record = sqlite3.connect("file:%s?mode=ro" % house.path("state", "record.db"), uri=True)
    try:
        rows = record.execute("SELECT id, way, name, outcome, problem, size, bytes FROM intake ORDER BY id").fetchall()
    finally:
        record.close()
    names = ("id", "way", "name", "outcome", "problem", "size", "bytes")
    return [dict(zip(names, row)) for row in rows]


def add_token(house, name, officer, scopes):
    """Before the house starts. Known by its name from then on."""
    house.tokens[name] = house.run(house.binary("tocsind"), "--config", house.path("tocsin.yaml"), "--add-token",
                                   "%s:%s:%s" % (name, officer, scopes)).stdout.strip()


def source_token(house, source):
    """A machine's, that hands in over the API what this source sends: made by two. -> the token"""
    digest = house.tocsin("met-lead", "enrol", "--code", house.path("officers", "feed-" + source)).stdout.strip()
    with open(house.path("officers", "feed-" + source), encoding="ascii") as text:
        token = text.read().strip()
    body = {"do": "make", "name": "feed-" + source, "scopes": "draft", "digest": digest, "source": source,
            "ends": time.strftime("%Y-%m-%d", time.localtime(time.time() + 86400 * 30))}
    propose, confirm = "emb-accounts-1", "emb-accounts-2"
    ident = house.tocsin(propose, "change", "propose", "token", "-", stdin=json.dumps(body)).stdout.split()[0]
    said = house.tocsin(confirm, "change", "confirm", ident).stdout
    return token + "." + re.search(r"^  ((?:[A-Z2-7]{4}-){3}[A-Z2-7]{4})$", said, re.M)[1]


_next = [0]


def warning(name="rainstorm.xml", level=None, replace=None):
    """A sample with a number of its own; replace: {old: new}, and each old must stand there."""
    _next[0] += 1
    text = sample(name)
    changes = {"12000041600000_20261123093000": "12000041600000_%014d" % (20261124000000 + _next[0])} \
        if name.endswith(".xml") else {}
    if level == "red":
        changes.update({"<value>Orange</value>": "<value>Red</value>", "橙色": "红色", "Ⅱ级/严重": "Ⅰ级/特别严重",
                        "<severity>Severe</severity>": "<severity>Extreme</severity>"})
    for old, new in {**changes, **(replace or {})}.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def number_of(cap):
    return re.search("<identifier>(.*?)</identifier>", cap).group(1)


__all__ = ["Answer", "add_token", "bulletins", "call", "hand_in", "kept", "number_of", "source_token", "wait_for", "warning"]


def reference(cap):
    """As a later message of its chain names it."""
    return ",".join(re.search("<%s>(.*?)</%s>" % (name, name), cap).group(1) for name in ("sender", "identifier", "sent"))
