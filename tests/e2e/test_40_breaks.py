# SPDX-License-Identifier: Apache-2.0
"""A far side that swallows everything, one that answers 500, a signer that is down, a jam of blue ones before a red:
nobody else waits for them, and what was held up goes by itself when it can."""
import contextlib
import json
import signal
import sqlite3
import time

import pytest

from arrivals import DOUBLES, Watch, prepare, release, show, warning
from conftest import Failed, housed
from house import TARGETS, wait_for
from talk import call

ONE_SECOND = 1.0
KEYLESS = ("sms", "weibo", "wechat", "wecom")


@contextlib.contextmanager
def broken(house, far, kind):
    """Until the end of the block: kind is a fault of the doubles, or `stopped`: the broker or the gateway hangs."""
    if kind == "stopped":
        process = house.far["mosquitto"].process if far == "mqtt" else house.gateway.smsbox
        process.send_signal(signal.SIGSTOP)
        undo = lambda: process.send_signal(signal.SIGCONT)  # noqa: E731
    else:
        house.fault(far, kind, -1)
        undo = lambda: house.fault(far, kind, 0)  # noqa: E731
    try:
        yield
    finally:
        undo()


def requests(house, far):
    return json.loads(house.fetch("/requests?far=" + far, "http://127.0.0.1:%d" % house.ports[far]))["count"]


@pytest.mark.alone
@pytest.mark.parametrize("hole, kind, sick", [
    ("wechat", "blackhole", "webhook"),
    ("webhook", "blackhole", "wechat"),
    ("wecom", "blackhole", "weibo"),
    ("weibo", "blackhole", "wecom"),
    ("sms", "stopped", "webhook"),
    ("mqtt", "stopped", "weibo"),
])
def test_the_other_five_have_it_within_a_second(house, hole, kind, sick):
    others = [far for far in TARGETS if far not in (hole, sick)]
    ident = prepare(house, "orange", "%s %s" % (hole, sick))
    before = {far: requests(house, far) for far in DOUBLES}
    with Watch(house) as watch:
        with broken(house, hole, kind), broken(house, sick, "http500"):
            number, began = release(house, ident)
            seconds = watch.seconds(number, began, others)
            show("%s %s, %s http500" % (hole, kind, sick), seconds)
            assert max(seconds.values()) < ONE_SECOND
            if kind == "blackhole":
                wait_for(lambda: requests(house, hole) > before[hole], 5, "an attempt at " + hole)
            wait_for(lambda: house.deliveries(ident)[sick]["attempts"] >= 2, 10, "a second attempt at " + sick)
            found = house.deliveries(ident)
            assert all(found[far]["state"] in ("waiting", "sending") for far in (hole, sick)), found
            assert not {hole, sick} & set(watch.times(number)), "it cannot be there"
        house.wait_delivered(ident, TARGETS, 30)
        assert set(watch.seconds(number, began)) == set(TARGETS)


def alter(house, sql, row):
    with contextlib.closing(sqlite3.connect(house.path("state", "record.db"), timeout=10)) as db, db:
        assert db.execute(sql, (row,)).rowcount > 0


def test_what_the_record_cannot_answer_goes_later(house):
    """Not being able to read says nothing about whether it may go: it is tried again, and never taken back for that."""
    ident = prepare(house, "orange", "名单读不出")
    row = int(ident[1:])
    with broken(house, "sms", "stopped"):
        release(house, ident)
        wait_for(lambda: house.deliveries(ident)["sms"]["attempts"] >= 1, 10, "an attempt at sms")
        alter(house, "UPDATE audience_block SET block = block + 1000 WHERE bulletin = ?", row)
        try:
            wait_for(lambda: "later again" in house.deliveries(ident)["sms"]["reason"], 30, "the reason")
            assert house.deliveries(ident)["sms"]["state"] == "waiting"
        finally:
            alter(house, "UPDATE audience_block SET block = block - 1000 WHERE bulletin = ?", row)
    house.wait_delivered(ident, TARGETS, 60)


def test_a_signer_that_hangs_holds_up_nobody_else(house):
    """Heartbeat, notices and the policy's hand-over wait for it, each for 10 s; those who ask for something else do not."""
    unsigned = house.log("tocsind").count("event=heartbeat-unsigned")
    house.programs["signer"].process.send_signal(signal.SIGSTOP)
    try:
        wait_for(lambda: house.log("tocsind").count("event=heartbeat-unsigned") > unsigned, 40, "the first to give up")
        ident, slowest = house.submit("met-draft", warning("blue", "签名挂起")), 0
        for _ in range(20):
            began = time.monotonic()
            assert house.status(ident)["state"] == "submitted"
            slowest = max(slowest, time.monotonic() - began)
        # Who had to wait behind one of them would wait nearly 10 s.
        assert slowest < 8, "a call waited for the signer: %.1f s" % slowest
    finally:
        house.programs["signer"].process.send_signal(signal.SIGCONT)
    wait_for(lambda: "event=heartbeat-again" in house.log("tocsind"), 40, "the next heartbeat")


def test_nothing_leaves_while_the_signer_is_down(house):
    ident = prepare(house, "orange", "无签名")
    house.programs["signer"].stop()
    try:
        with pytest.raises(Failed) as refusal:
            house.release("met", ident)
        assert "签名进程不在" in refusal.value.text and "the signer is not there" in refusal.value.text
        status = house.status(ident)
        assert status["state"] == "approved" and not status["deliveries"], status
        number = status["identifier"]
        seen = [far for far in DOUBLES if any(number in entry["text"] for entry in house.arrived(far))]
        assert seen == [] and number not in house.fetch("/active.json")
        assert not [text for _, text in house.sms() if number in text]
        assert house.subscribe("alert/v1/state/+/" + number, seconds=1) == []
    finally:
        house.programs["signer"].start()

    def goes():
        try:
            house.release("met", ident)
        except Failed:
            return False
        return True
    wait_for(goes, 15, "the release once the signer is back")
    house.wait_delivered(ident)


@pytest.mark.alone
def test_a_red_one_does_not_wait_for_a_stuck_blue_one(house):
    blue, red = prepare(house, "blue", "蓝"), prepare(house, "red", "红")
    with Watch(house) as watch:
        for far in DOUBLES:
            house.fault(far, "blackhole", 1)
        blue_number, _ = release(house, blue)
        wait_for(lambda: all(house.deliveries(blue)[far]["state"] == "sending" for far in DOUBLES), 5, "the blue one stuck")
        number, began = release(house, red)
        seconds = watch.seconds(number, began)
        show("red behind a stuck blue", seconds)
        assert max(seconds.values()) < ONE_SECOND
        assert not set(DOUBLES) & set(watch.times(blue_number)), "the blue one was to be stuck still"
        house.wait_delivered(red)

        def settled():
            found = house.deliveries(blue)
            return all(found[far]["state"] == "delivered" or (far in KEYLESS and found[far]["state"] == "unknown")
                       for far in TARGETS) and found
        found = wait_for(settled, 40, "the blue one, delivered or in doubt")
        assert found["webhook"]["state"] == "delivered", "its far side takes a key: no doubt"
        for far in DOUBLES:
            arrived = [entry for entry in house.arrived(far) if blue_number in entry["text"]]
            assert len(arrived) == (found[far]["state"] == "delivered"), far


@pytest.mark.alone
def test_a_red_one_overtakes_a_queue_of_blue_ones():
    """Twelve blue ones stand in a queue where each takes its time; the red one goes past them."""
    with housed() as house:
        overtake(house)


def overtake(house):
    blues = [prepare(house, "blue", "第%d条" % n) for n in range(12)]
    red = prepare(house, "red", "先行")
    for far in ("webhook", "wechat"):
        house.fault(far, "slow", -1, seconds=0.5)
    with Watch(house) as watch:
        numbers = [release(house, ident)[0] for ident in blues]
        number, began = release(house, red)
        seconds = watch.seconds(number, began)
        show("red past twelve blue (webhook and wechat answer after half a second)", seconds)
        waiting = [n for n in numbers if watch.times(n).get("wechat", began + 3600) > began + seconds["wechat"]]
        for far in ("webhook", "wechat"):
            house.fault(far, "slow", 0)
        assert max(at for far, at in seconds.items() if far not in ("webhook", "wechat")) < ONE_SECOND
        assert len(waiting) >= 4, "there was no queue to overtake"
        house.wait_delivered(red)
        for ident in blues:
            house.wait_delivered(ident, ["mqtt", "website", "webhook"], 60)


def test_a_warning_in_any_colour_is_one(house):
    """The helper that colours the warnings above must not lose what makes them one."""
    for colour, event in (("red", "红色"), ("blue", "蓝色")):
        assert event in warning(colour) and "橙色" not in warning(colour)


@contextlib.contextmanager
def no_delivery(house, ident):
    """Until the end of the block the record refuses every delivery of this bulletin."""
    def run(statement):
        with contextlib.closing(sqlite3.connect(house.path("state", "record.db"), timeout=20)) as db:
            db.execute(statement)
            db.commit()
    run("CREATE TRIGGER refuse BEFORE INSERT ON delivery WHEN NEW.bulletin = %d BEGIN SELECT RAISE(ABORT, 'no'); END" % int(ident[1:]))
    try:
        yield
    finally:
        run("DROP TRIGGER refuse")


def test_a_release_that_was_refused_leaves_no_words_behind(house):
    """Agents have a bulletin while its release is written; that one never was. What goes out later is what is recorded then."""
    ident = prepare(house, "orange", "再发")
    with no_delivery(house, ident), pytest.raises(Failed):
        house.release("met", ident)
    refused = int(time.time())
    wait_for(lambda: int(time.time()) > refused + 1, 5, "another second to be sent in")
    number = release(house, ident)[0]
    house.wait_delivered(ident)
    recorded = call(house, "met-lead", "GET", "/api/v1/bulletins/%s/cap" % ident).body.decode()
    assert house.fetch("/cap/%s.xml" % number) == recorded
    assert house.subscribe("alert/v1/state/+/" + number, count=1, seconds=5)[0][1] == recorded
