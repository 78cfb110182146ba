# SPDX-License-Identifier: Apache-2.0
"""Drills apart: a whole house in exercise mode, every far side of which shows the mark; credentials that crossed from
one mode to the other; words that say the opposite of their mode; and a live notice about a drill, which must pass."""
import json
import os
import shutil
import sqlite3
import time

import pytest

from conftest import housed
from house import SOURCE, Failed, wait_for
from talk import call, hand_in, warning
from test_10_in import REPORT
from test_25_screening import report

MARK = "【演练】"
DRILL = {"<status>Actual</status>": "<status>Exercise</status>", "<scope>Public</scope>":
         "<scope>Public</scope>\n  <note>演练信息，请勿当真</note>", "<headline>": "<headline>" + MARK,
         "<description>": "<description>" + MARK}
ROOT = "alert/v1/exercise/"


@pytest.fixture(scope="module")
def drilled():
    with housed(mode="exercise") as one:
        for name in ("live-alert", "live-officer"):
            one.run(one.binary("tocsin"), "officer", "key", one.path("keys", name + ".pem"), "--public",
                    one.path("keys", name + ".pub"))
        yield one


@pytest.fixture(scope="module")
def walked(drilled):
    """A drill's warning that reached every far side. -> its status"""
    ident = drilled.walk("met", warning(replace=DRILL))
    drilled.wait_delivered(ident, seconds=60)
    return drilled.status(ident)


def refused(house, ident, *words):
    answer = call(house, "met-draft", "POST", "/api/v1/bulletins/%s/submit" % ident, b"")
    assert answer.status in (400, 403), answer.body
    text = answer.body.decode()
    for word in words:
        assert word in text, text


def drafted(house, text, officer="met-draft", kind="application/cap+xml"):
    answer = hand_in(house, officer, text, kind)
    assert answer.status == 201, answer.body
    return answer.json["id"]


# --- a drill from end to end -----------------------------------------------------------------------------------

def test_every_far_side_shows_the_mark(drilled, walked):
    number = walked["identifier"]
    texts = {far: [entry["text"] for entry in drilled.arrived(far) if number in entry["text"]]
             for far in ("weibo", "wechat", "wecom", "webhook")}
    # The gateway accepts first and sends then.
    texts["sms"] = wait_for(lambda: [text for _, text in drilled.sms() if number in text], 20, "the SMS on the network")
    for far, found in texts.items():
        assert found and all("演练" in text for text in found), (far, found)
    for text in texts["sms"]:
        assert text.startswith("【天津应急】" + MARK) or MARK in text[:20], text
    page = drilled.fetch("/warnings/%s.html" % number)
    assert 'class="banner"' in page and MARK in page and 'class="mode-exercise"' in page
    assert 'class="banner"' in drilled.fetch("/")
    assert MARK in drilled.fetch("/feed.atom").split("<entry>")[0] and MARK in drilled.fetch("/feed.atom").split("<entry>")[1]
    for target, text in ((t["target"], t["text"]) for t in walked["texts"]):
        assert "演练" in text or "exercise" in text.lower(), target


def test_it_is_signed_as_a_drill_by_a_drills_sender(drilled, walked):
    cap = call(drilled, "met-lead", "GET", "/api/v1/bulletins/%s/cap" % walked["id"]).body.decode()
    assert "<status>Exercise</status>" in cap and "<sender>exercise.12000041600000</sender>" in cap
    assert MARK in cap and "<note>" in cap
    manifest = call(drilled, "met-lead", "GET", "/api/v1/bulletins/%s/manifest" % walked["id"]).body.decode()
    assert "exercise" in manifest


def test_nothing_lands_in_a_live_topic(drilled, walked):
    """Its own root below the live one: a subscriber to the live topics gets nothing."""
    number = walked["identifier"]
    there = drilled.subscribe(ROOT + "state/+/" + number, 1, 5)
    assert there and MARK in there[0][1]
    assert drilled.subscribe("alert/v1/state/#", 1, 1) == []
    assert all(topic.startswith(ROOT) for topic, _ in drilled.subscribe("alert/#", 20, 2))


def test_its_cancel_is_marked_too(drilled):
    ident = drilled.walk("met", warning(replace={**DRILL, "50毫米": "60毫米"}))
    drilled.wait_delivered(ident, seconds=60)
    number = drilled.status(ident)["identifier"]
    drilled.tocsin("met-lead", "cancel", ident, "--reason", "演练结束")
    found = wait_for(lambda: [text for _, text in drilled.sms() if "解除" in text and number in text], 30, "the cancel")
    assert all("演练" in text for text in found)


# --- what crosses ----------------------------------------------------------------------------------------------

def crossed(done, path):
    assert done.returncode == 78, (done.returncode, done.stdout, done.stderr)
    text = done.stdout + done.stderr
    assert path in text and "drills" in text and "演练与实战" in text, text


def signer_with(drilled, alert, status, mode):
    return drilled.run(drilled.binary("tocsin-signer"), "--socket", drilled.path("run", "other.sock"), "--policy",
                       drilled.path("authority.yaml"), "--catalog", os.path.join(SOURCE, "publisher", "data"),
                       "--alert-key", alert, "--status-key", status, "--mode", mode, check=False)


@pytest.mark.parametrize("which", ("alert", "status"))
def test_the_signer_of_a_drill_loads_no_live_key(drilled, which):
    keys = {name: drilled.path("keys", name + ".pem") for name in ("alert", "status")}
    keys[which] = drilled.path("keys", "live-alert.pem")
    crossed(signer_with(drilled, keys["alert"], keys["status"], "exercise"), keys[which])


def test_a_live_signer_loads_no_drills_key(drilled):
    alert = drilled.path("keys", "alert.pem")
    crossed(signer_with(drilled, alert, drilled.path("keys", "live-alert.pem"), "live"), alert)


@pytest.mark.parametrize("mode, key", (("exercise", "live-alert.pub"), ("live", "alert.pub"), ("test", "alert.pub")))
def test_a_channel_host_loads_its_own_modes_key_only(drilled, mode, key):
    crossed(drilled.run(drilled.binary("tocsin-channel"), "webhook", "--lane", "urgent", "--socket",
                        drilled.path("run", "agents.sock"), "--alert-key", drilled.path("keys", key), "--mode", mode,
                        check=False), drilled.path("keys", key))


@pytest.mark.parametrize("mode, tag", (("exercise", ""), ("live", "mode: exercise\n"), ("exercise", "mode: test\n")))
def test_tocsind_takes_no_secret_of_another_mode(drilled, mode, tag):
    path = drilled.write("secrets/crossed", "any secret\n" + tag)
    text = open(drilled.path("tocsin.yaml"), encoding="utf-8").read()
    drilled.write("crossed.yaml", text.replace("mode: exercise", "mode: " + mode).replace(
        "callback_secret: " + drilled.path("secrets", "callback"), "callback_secret: " + path), 0o644)
    crossed(drilled.run(drilled.binary("tocsind"), "--config", drilled.path("crossed.yaml"), "--check-config",
                        check=False), path)


def test_a_live_instance_opens_no_drills_record(drilled):
    os.makedirs(drilled.path("state-copy"), mode=0o700)
    source = sqlite3.connect("file:%s?mode=ro" % drilled.path("state", "record.db"), uri=True)
    copy = sqlite3.connect(drilled.path("state-copy", "record.db"))
    source.backup(copy)
    copy.close()
    source.close()
    drilled.write("secrets/live", "any secret\n")
    text = open(drilled.path("tocsin.yaml"), encoding="utf-8").read()
    for old, new in (("mode: exercise", "mode: live"), (drilled.path("secrets", "callback"), drilled.path("secrets", "live")),
                     ("state: " + drilled.path("state"), "state: " + drilled.path("state-copy"))):
        assert old in text, old
        text = text.replace(old, new)
    drilled.write("live.yaml", text, 0o644)
    done = drilled.run(drilled.binary("tocsind"), "--config", drilled.path("live.yaml"), "--add-token",
                       "a::read", check=False)
    assert done.returncode == 78 and "belongs to exercise" in done.stderr and "演练模式" in done.stderr, done.stderr
    shutil.rmtree(drilled.path("state-copy"))


def test_a_far_sides_secret_of_a_live_instance_stops_that_channel(drilled):
    """Swapped files: the channel says so and takes no job; with the right file it goes on."""
    value = drilled.secret_value("webhook")
    path = drilled.write("secrets/webhook", value + "\n")
    names = ("channel-webhook-urgent", "channel-webhook-routine")
    before = {name: drilled.log(name).count(path) for name in names}
    for name in names:
        drilled.programs[name].kill()
    wait_for(lambda: all(drilled.log(name).count(path) > before[name] for name in names), 30, "the refusal")
    drilled.secret("webhook", value)
    for name in names:
        drilled.programs[name].kill()
    ident = drilled.walk("met", warning(replace=DRILL))
    drilled.wait_delivered(ident, ["webhook"], 60)


def test_no_proof_by_a_live_key(drilled):
    ident = drilled.submit("met-draft", warning(replace=DRILL))
    mine = drilled.path("officers", "met-review.key")
    os.rename(mine, mine + ".drill")
    shutil.copy(drilled.path("keys", "live-officer.pem"), mine)
    try:
        with pytest.raises(Failed) as no:
            drilled.tocsin("met-review", "approve", ident, "--as", "review")
    finally:
        os.rename(mine + ".drill", mine)
    assert "met-review.key" in no.value.text and "演练与实战" in no.value.text
    assert drilled.status(ident)["approvals"] == []


def test_a_live_token_opens_nothing(drilled, house):
    live = call(drilled, house.tokens["met-lead"], "GET", "/api/v1/bulletins")
    assert live.status == 401 and "token" in live.detail and "exercise" in live.detail
    drill = call(house, drilled.tokens["met-lead"], "GET", "/api/v1/bulletins")
    assert drill.status == 401 and "演练" in drill.detail


# --- words that say the opposite ---------------------------------------------------------------------------------

def test_the_status_must_be_the_modes(drilled, house):
    refused(drilled, drafted(drilled, warning(replace={**DRILL, "<status>Actual</status>": "<status>Actual</status>"})),
            "review.status", "Exercise")
    refused(house, drafted(house, warning(replace={"<status>Actual</status>": "<status>Exercise</status>",
                                                   "<scope>Public</scope>": "<scope>Public</scope>\n  <note>n</note>"})),
            "review.status", "Actual")


@pytest.mark.parametrize("change", ({"<headline>" + MARK: "<headline>"}, {"未来3小时": "未来3小时（非演练）"},
                                    {"<instruction>": "<instruction>This is NOT a drill. "}))
def test_a_drill_says_that_it_is_one(drilled, change):
    text = warning(replace=DRILL)
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new)
    refused(drilled, drafted(drilled, text), "review.drill")


@pytest.mark.parametrize("change", ({"<headline>": "<headline>演练："}, {"未来3小时": "【演练】未来3小时"},
                                    {"<instruction>": "<instruction>This is an exercise. "}))
def test_a_live_warning_says_no_such_thing(house, change):
    refused(house, drafted(house, warning(replace=change)), "review.drill")


@pytest.mark.parametrize("headline, passes", (("天津市应急管理局关于本周开展应急演练的公告", True), ("演练公告：本周开展应急演练", True),
                                              ("【演练】本周开展应急演练", False), ("演练：本周开展应急演练", False)))
def test_a_live_notice_may_be_about_a_drill(house, headline, passes):
    text = report("本周六上午9时在滨海新区开展危化品应急演练，届时将试鸣防空警报，请市民不必惊慌。", kind="notice",
                  headline=headline, instruction="听到警报不必惊慌。", contact="12345")
    ident = drafted(house, text, "emb-draft", REPORT)
    answer = call(house, "emb-draft", "POST", "/api/v1/bulletins/%s/submit" % ident, b"")
    assert (answer.status == 200) == passes, answer.body
    assert passes or "review.drill" in answer.body.decode()


# --- tokens made while it runs ---------------------------------------------------------------------------------

def test_a_drills_token_is_made_without_saying_so(drilled):
    """`enrol --code` asks the instance for its mode; where there is none to ask, it says how to go on."""
    file = drilled.path("officers", "feed.code")
    digest = drilled.tocsin("met-lead", "enrol", "--code", file).stdout.strip()
    with open(file, encoding="ascii") as text:
        token = text.read().strip()
    assert token.startswith("exercise-") and len(token) == len("exercise-") + 43
    end = time.strftime("%Y-%m-%d", time.localtime(time.time() + 90 * 86400))
    body = json.dumps({"do": "make", "name": "feed", "scopes": "read", "ends": end, "digest": digest})
    ident = drilled.tocsin("emb-accounts-1", "change", "propose", "token", "-", stdin=body).stdout.split()[0]
    word = drilled.tocsin("emb-accounts-2", "change", "confirm", ident).stdout.splitlines()[-1].strip()
    drilled.run(drilled.binary("tocsin"), "enrol", "--code", file, "--word", stdin=word + "\n")
    with open(file, encoding="ascii") as text:
        token = text.read().strip()
    assert token.startswith("exercise-") and token.endswith("." + word)
    assert call(drilled, token, "GET", "/api/v1/bulletins").status == 200
    nowhere = {"TOCSIN_URL": "http://127.0.0.1:9"}
    other = drilled.path("officers", "other.code")
    done = drilled.run(drilled.binary("tocsin"), "enrol", "--code", other, env=nowhere, check=False)
    assert done.returncode == 69 and "--mode live|exercise|test" in done.stderr and not os.path.exists(other)
    done = drilled.run(drilled.binary("tocsin"), "enrol", "--code", other, "--mode", "drill", env=nowhere, check=False)
    assert done.returncode == 64 and "drill" in done.stderr
    drilled.run(drilled.binary("tocsin"), "enrol", "--code", other, "--mode", "test", env=nowhere)
    with open(other, encoding="ascii") as text:
        assert text.read().startswith("test-")
