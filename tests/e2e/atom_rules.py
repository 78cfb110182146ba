# SPDX-License-Identifier: Apache-2.0
"""What RFC 4287 asks of a feed, and what the readers of CAP feeds ask besides (Google, IFRC, WMO, KDE); as sentences about what is
wrong. A second opinion on channels/text/feed.c, which shares nothing with it."""
import datetime
import re
import subprocess
import xml.etree.ElementTree as ET

ATOM = "{http://www.w3.org/2005/Atom}"
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
ONCE = {"feed": {"id", "title", "updated", "subtitle", "logo", "icon", "generator", "rights"},
        "entry": {"id", "title", "updated", "published", "summary", "content", "source", "rights"}}
REPEATED = ["identifier", "sender", "sent", "status", "msgType", "scope", "event", "effective", "expires", "category", "urgency",
            "severity", "certainty", "areaDesc"]
MOST = 900000  # bytes; Google's


def absolute(address):
    return re.match(r"https?://(\[[0-9a-fA-F:.]+\]|[^/\[\]:]+)(:\d+)?/\S*$", address or "") is not None


def container_faults(node, kind):
    """Of a feed or an entry: required once, allowed once, moments, people."""
    counts = {}
    for child in node:
        counts[child.tag] = counts.get(child.tag, 0) + 1
    for name in ("id", "title", "updated"):
        if not counts.get(ATOM + name):
            yield "%s has no %s" % (kind, name)
        elif not (node.findtext(ATOM + name) or "").strip():
            yield "%s has an empty %s" % (kind, name)
    for name in ONCE[kind]:
        if counts.get(ATOM + name, 0) > 1:
            yield "%s has more than one %s" % (kind, name)
    for name in ("updated", "published"):
        text = node.findtext(ATOM + name)
        if text is not None and not MOMENT.fullmatch(text):
            yield "%s: %s is no moment of RFC 3339: %s" % (kind, name, text)
    for author in node.findall(ATOM + "author"):
        if len(author.findall(ATOM + "name")) != 1 or not author.findtext(ATOM + "name").strip():
            yield "%s has an author without a name" % kind
    for category in node.findall(ATOM + "category"):
        if not category.get("term"):
            yield "%s has a category without a term" % kind
    for link in node.findall(ATOM + "link"):
        if not absolute(link.get("href")):
            yield "%s links to no absolute address: %s" % (kind, link.get("href"))


def entry_faults(entry, feed):
    yield from container_faults(entry, "entry")
    ident = entry.findtext(ATOM + "id") or ""
    if not entry.findall(ATOM + "author") and not feed.findall(ATOM + "author"):
        yield "nobody is author of " + ident
    links = entry.findall(ATOM + "link")
    if len(links) != 1:
        yield "%s has %d links; readers take the only one" % (ident, len(links))
    for link in links:
        if link.get("rel", "alternate") != "alternate" or link.get("type") != "application/cap+xml":
            yield ident + " has a link that is not its CAP file"
        if link.get("href") != ident:
            yield ident + " is not the address of its file, which is what IFRC fetches"
    for name in REPEATED:
        if not entry.findtext(CAP + name):
            yield "%s does not repeat cap:%s" % (ident, name)
    for name in ("sent", "effective", "expires"):
        text = entry.findtext(CAP + name) or ""
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", text):
            yield "%s: cap:%s is no moment of CAP: %s" % (ident, name, text)
    if entry.findtext(ATOM + "updated") != entry.findtext(CAP + "sent"):
        yield ident + " was updated at another time than it was sent"


def moment(node):
    return datetime.datetime.fromisoformat((node.findtext(ATOM + "updated") or "1970-01-01T00:00:00+00:00").replace("Z", "+00:00"))


def faults(body, address):
    """The feed's bytes as they came from `address`. -> [] when there is nothing to say against it"""
    done = subprocess.run(["xmllint", "--noout", "--nonet", "-"], input=body, capture_output=True, check=False)
    if done.returncode:
        return ["not well-formed: " + done.stderr.decode()]
    feed = ET.fromstring(body)
    if feed.tag != ATOM + "feed":
        return ["the root is " + feed.tag]
    found = list(container_faults(feed, "feed"))
    own = [link.get("href") for link in feed.findall(ATOM + "link") if link.get("rel") == "self"]
    if own != [address]:
        found.append("rel=self is %s, not %s" % (own, address))
    entries = feed.findall(ATOM + "entry")
    for entry in entries:
        found += entry_faults(entry, feed)
    idents = [entry.findtext(ATOM + "id") for entry in entries]
    if len(set(idents)) != len(idents):
        found.append("two entries have one id")
    if found:
        return found  # what follows counts on moments that are some
    times = [moment(entry) for entry in entries]
    if times != sorted(times, reverse=True):
        found.append("the newest is not first")
    if times and moment(feed) < times[0]:
        found.append("the feed is older than its newest entry")
    if len(body) > MOST:
        found.append("%d bytes" % len(body))
    return found
