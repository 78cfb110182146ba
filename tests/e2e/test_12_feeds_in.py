# SPDX-License-Identifier: Apache-2.0
"""What sources send that is no bare CAP 1.2 in UTF-8: wrapped, encoded otherwise, with liberties. It becomes drafts, the
liberties stand in the record, and nothing that is in doubt can leave."""
import os
import re

import pytest

from house import SOURCE, wait_for
from talk import bulletins, call, hand_in, kept, warning
from test_10_in import drop

POLYGON = "<polygon>39.00,117.60 39.05,117.60 39.05,117.65 39.00,117.65 39.00,117.60</polygon>"
OPEN_POLYGON = "<polygon>39.00,117.60 39.05,117.60 39.05,117.65 39.00,117.65</polygon>"


def bare(cap):
    return cap[cap.index("<alert"):]


def with_shape(cap, shape):
    """In the first area, before its codes."""
    return re.sub(r"(<areaDesc>[^<]*</areaDesc>)", lambda match: match[1] + shape, cap, count=1)


def taken(house, name, timeout=20):
    """The rows of `intake` of a file that was moved to done."""
    wait_for(lambda: os.path.exists(house.path("incoming", "done", name)), timeout, name + " taken in")
    return [row for row in kept(house) if row["name"] == name]


def problem_of(house, name):
    rows = call(house, "met-lead", "GET", "/api/v1/intake").json["intake"]
    return [row["problem"] for row in rows if row["name"] == name]


def test_several_in_one_feed(house):
    caps = [warning(), warning()]
    feed = '<feed xmlns="http://www.w3.org/2005/Atom">%s</feed>' % "".join(
        "<entry><content>%s</content></entry>" % bare(cap) for cap in caps)
    drop(house, "feed.xml", feed)
    rows = taken(house, "feed.xml")
    assert [row["bytes"].decode() for row in rows] == [bare(cap).strip() for cap in caps]
    assert len({row["outcome"] for row in rows}) == 2 and all(row["outcome"].startswith("draft ") for row in rows)
    assert all(re.match(r"read\.wrapper /feed/entry/content/alert \(line \d+\): .+ / .+$", text)
               for text in problem_of(house, "feed.xml"))
    # Handed in again they are known.
    before = len(bulletins(house))
    drop(house, "feed-again.xml", feed)
    taken(house, "feed-again.xml")
    assert len(bulletins(house)) == before


def test_the_good_one_of_a_feed_is_taken(house):
    good, bad = warning(), warning().replace("<severity>", "<gravity>").replace("</severity>", "</gravity>")
    before = len(bulletins(house))
    drop(house, "half.xml", "<x>%s%s</x>" % (bare(bad), bare(good)))
    reason = house.path("incoming", "refused", "half.xml.reason")
    wait_for(lambda: os.path.exists(reason), 20, "half.xml refused")
    with open(reason, encoding="utf-8") as text:
        said = text.read()
    assert "of 2 messages 1 were not taken" in said and "/x/alert/info[1]" in said and "2 条报文中 1 条没有收下" in said
    rows = [row for row in kept(house) if row["name"] == "half.xml"]
    assert [row["outcome"].split()[0] for row in rows] == ["refused", "draft"] and len(bulletins(house)) == before + 1


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_other_encodings(house, encoding):
    cap = warning().replace('encoding="UTF-8"', 'encoding="%s"' % encoding)
    name = encoding + ".xml"
    drop(house, name, cap.encode(encoding))
    row = taken(house, name)[0]
    assert row["bytes"] == cap.encode(encoding)  # kept as it came
    ident = row["outcome"].removeprefix("draft ")
    stored = call(house, "met-lead", "GET", "/api/v1/bulletins/%s/cap" % ident).body.decode("utf-8")
    assert "暴雨" in stored and 'encoding="UTF-8"' in stored
    assert "read.encoding /" in problem_of(house, name)[0]
    # By the API too, where it is said in the answer.
    answer = hand_in(house, "met-draft", warning().replace('encoding="UTF-8"', 'encoding="%s"' % encoding).encode(encoding))
    assert answer.status == 201 and [n["level"] for n in answer.json["notes"] if n["rule"] == "read.encoding"] == ["note"]


def test_liberties_are_for_sources(house):
    cap = warning()
    loose = re.sub(r"<sent>([^<]*)T([^<]*)</sent>", r"<sent>\1 \2</sent>", cap)
    assert loose != cap
    answer = hand_in(house, "met-draft", loose)
    assert answer.status == 400 and "schema.time" in str(answer.json), answer.body
    drop(house, "loose.xml", loose)
    assert taken(house, "loose.xml")[0]["outcome"].startswith("draft ")
    assert "read.time.blank /alert/sent" in problem_of(house, "loose.xml")[0]


def test_a_doubtful_area_waits_for_somebody(house):
    """Read, shown, and refused wherever it would be sent, until it is mended."""
    cap = with_shape(warning(), OPEN_POLYGON)
    answer = hand_in(house, "met-draft", cap)
    assert answer.status == 400 and "area.polygon.closed" in str(answer.json)
    drop(house, "open.xml", cap)
    ident = taken(house, "open.xml")[0]["outcome"].removeprefix("draft ")
    assert "read.polygon.open" in problem_of(house, "open.xml")[0]
    shown = call(house, "met-draft", "GET", "/api/v1/bulletins/%s/cap" % ident).body.decode()
    assert OPEN_POLYGON in shown
    assert house.status(ident)["areas"] == ["120116", "120110"]  # by its codes; the shape adds none
    no = call(house, "met-draft", "POST", "/api/v1/bulletins/%s/submit" % ident, b"")
    assert no.status == 400 and "review.area.doubtful" in str(no.json), no.body
    mended = call(house, "met-draft", "PUT", "/api/v1/bulletins/%s" % ident,
                  cap.replace(OPEN_POLYGON, POLYGON).encode(), "application/cap+xml")
    assert mended.status == 200, mended.body
    yes = call(house, "met-draft", "POST", "/api/v1/bulletins/%s/submit" % ident, b"")
    assert yes.status == 200 and yes.json["state"] == "submitted", yes.body


def national(name):
    with open(os.path.join(SOURCE, "tests", "data", "national", name), encoding="utf-8") as file:
        return file.read()


def test_the_national_platforms_messages(house):
    """Alert, update and lift become drafts; what has no counterpart stands in the record, and the person does not."""
    idents = []
    for name in ("rainstorm_orange.xml", "rainstorm_red_update.xml", "rainstorm_cancel.xml"):
        drop(house, "n-" + name, national(name))
        row = taken(house, "n-" + name)[0]
        assert row["outcome"].startswith("draft "), row
        idents.append(row["outcome"].removeprefix("draft "))
        said = problem_of(house, "n-" + name)[0]
        assert "read.national /alert" in said and "convert.lost /alert/code:" in said
        assert "convert.lost /alert/info[1]/senderName:" in said and "签发员" not in said
        # The one before it is in the record: no need to read its time off its number.
        assert "convert.reference" not in said
    shown = [house.status(ident) for ident in idents]
    assert [(one["verb"], one["level"], one["hazard"]) for one in shown] == [
        ("publish", "orange", "11B03"), ("update", "red", "11B03"), ("cancel", "red", "11B03")]
    assert all(one["areas"] == ["120111", "120118"] for one in shown)
    cap = call(house, "met-lead", "GET", "/api/v1/bulletins/%s/cap" % idents[1]).body.decode()
    assert "12000041600000_20260701095500,2026-07-01T09:50:00+08:00</references>" in cap and "签发员" not in cap
    # Handed in again it is known; with other content under its number it is refused.
    before = len(bulletins(house))
    drop(house, "n-again.xml", national("rainstorm_orange.xml"))
    taken(house, "n-again.xml")
    drop(house, "n-other.xml", national("rainstorm_orange.xml").replace("50毫米", "80毫米"))
    wait_for(lambda: os.path.exists(house.path("incoming", "refused", "n-other.xml.reason")), 20, "n-other.xml refused")
    assert len(bulletins(house)) == before


def test_what_is_classified_is_withheld(house):
    inner = national("rainstorm_orange.xml").replace(">None<", ">Inner<").replace("20260701095500", "20260701095501")
    drop(house, "n-inner.xml", inner)
    ident = taken(house, "n-inner.xml")[0]["outcome"].removeprefix("draft ")
    assert house.status(ident)["disclosure"] == "withheld"


def test_the_api_takes_cap_only(house):
    answer = hand_in(house, "met-draft", national("rainstorm_orange.xml"))
    assert answer.status == 400 and "tocsin convert --to cap" in answer.detail


def test_links_only(house):
    drop(house, "links.xml", '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="https://x.example/1"/></entry></feed>')
    reason = house.path("incoming", "refused", "links.xml.reason")
    wait_for(lambda: os.path.exists(reason), 20, "links.xml refused")
    with open(reason, encoding="utf-8") as text:
        assert "no CAP message inside" in text.read()
