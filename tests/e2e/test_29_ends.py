# SPDX-License-Identifier: Apache-2.0
"""One list of everything that ends, and alarms before it does: a delegation, a far side's account, certificates, a token; in
`tocsin ends`, the due list, /healthz and the log. Tokens are named to those who keep them only."""
import datetime
import functools
import subprocess

from conftest import housed
from house import wait_for
from talk import call

CHINA = datetime.timezone(datetime.timedelta(hours=8))


def day(days):
    return (datetime.datetime.now(CHINA) + datetime.timedelta(days=days)).strftime("%Y-%m-%d")


def certificate(house, name, days):
    path = house.path(name + ".pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                    house.path(name + ".key"), "-out", path, "-days", str(days), "-subj", "/CN=" + name],
                   check=True, capture_output=True)
    return path


def settings(house):
    with open(house.path("tocsin.yaml"), encoding="utf-8") as text:
        words = text.read()
    words = words.replace("    kind: weibo\n", "    kind: weibo\n    ends: %s\n" % day(5))
    words = words.replace("  - name: met-feed\n", "  - name: met-feed\n    ends: %s\n" % day(400))
    words += "certificates: [\"%s\", \"%s\"]\n" % (certificate(house, "site", 3), house.path("gone.pem"))
    house.write("tocsin.yaml", words, 0o644)
    house.run(house.binary("tocsind"), "--config", house.path("tocsin.yaml"), "--add-token", "feed::draft:%s" % day(9))
    with open(house.path("authority.yaml"), encoding="utf-8") as text:
        policy = text.read()
    behalf = ('  - {unit: tj-emb, role: behalf, of: tj-met, acts: [publish], kinds: [warning], hazards: ["11B*"], levels: [blue],'
              ' areas: ["12*"], channels: ["*"], from: 2026-01-01, until: %s, basis: "委托书"}\n' % day(20))
    house.write("authority.yaml", policy.replace("grants:\n", "grants:\n" + behalf), 0o644)


HOUSED = functools.partial(housed, before=settings)


def listed(house, who):
    return call(house, who, "GET", "/api/v1/ends").json["ends"]


def test_the_list_is_whole_and_in_order(house):
    found = listed(house, "emb-accounts-1")
    assert [one["ends"] for one in found] == sorted(one["ends"] for one in found)
    known = {(one["what"], one["name"]): one for one in found}
    assert known["far-side", "weibo"]["state"] == "soon" and known["far-side", "weibo"]["ends"].startswith(day(5))
    assert known["source", "met-feed"]["state"] == "later" and not known["source", "met-feed"]["alarm"]
    assert known["token", "feed"]["ends"].startswith(day(9)) and known["token", "feed"]["alarm"]
    assert known["delegation", "grants[0]"]["of"] == "tj-emb" and known["delegation", "grants[0]"]["state"] == "soon"
    assert known["grant", "grants[1]"]["state"] == "later"
    site = next(one for one in found if one["what"] == "certificate" and "site" in one["name"])
    assert site["state"] == "soon" and site["ends"][:10] in (day(3), day(4))
    gone = known["certificate", house.path("gone.pem")]
    assert gone["state"] == "over" and "gone.pem" in gone["problem"] and "证书" in gone["problem"]


def test_tokens_are_named_to_those_who_keep_them(house):
    assert not [one for one in listed(house, "met-lead") if one["what"] in ("token", "enrolment")]
    assert call(house, None, "GET", "/api/v1/ends").status == 401


def test_it_is_said_before_it_ends(house):
    wait_for(lambda: call(house, None, "GET", "/healthz").json["ending"] == 5, 90, "the count in /healthz")
    log = house.log("tocsind")
    for words in ("what=far-side name=weibo", "what=token name=feed", "what=delegation name=grants[0]", "state=over"):
        assert log.count(words) == 1, words
    due = {one["headline"] for one in call(house, "met-lead", "GET", "/api/v1/due").json["due"] if one["what"] == "ends"}
    assert len(due) == 4 and "对端账号或合同 weibo" in due and not any("feed" in words for words in due), due


def test_people_read_it(house):
    shown = house.tocsin("met-lead", "ends").stdout
    lines = shown.splitlines()
    assert "止期 ends" in lines[0] and [line for line in lines if "!!" in line and "weibo" in line and day(5) in line], shown


def test_a_day_that_is_none_is_refused(house):
    with open(house.path("tocsin.yaml"), encoding="utf-8") as text:
        words = text.read()
    house.write("wrong.yaml", words.replace("ends: " + day(5), "ends: 2027-02-30"), 0o644)
    done = house.run(house.binary("tocsind"), "--config", house.path("wrong.yaml"), "--check-config", check=False)
    assert done.returncode == 78 and "ends must be a day" in done.stderr and "wrong.yaml:" in done.stderr
