# SPDX-License-Identifier: Apache-2.0
"""A warning to thousands by SMS: cancelled in mid-job, overtaken by a red, cut off by deaths. The gateway is a double that counts
and times; the channel gives it no more than RATE a second."""
import collections
import contextlib
import sqlite3

import pytest

from arrivals import prepare, record
from conftest import Failed, housed
from house import wait_for
from ports import free_port
from sendsms import SendSms

AUDIENCE, RATE, WINDOW = 7000, 3000, 128


@pytest.fixture(scope="module")
def bulk():
    double = []

    def before(house):
        house.write("recipients.csv", "number,division\n" + "".join("139%08d,120116\n" % n for n in range(AUDIENCE)))
        port = free_port()
        double.append(SendSms(port))
        with open(house.path("tocsin.yaml"), encoding="utf-8") as text:
            words = text.read()
        for here, there in (("secrets/sms}", "secrets/sms, rate: %d}" % RATE), (":%d/cgi-bin" % house.ports["sendsms"], ":%d/cgi-bin" % port)):
            assert here in words
            words = words.replace(here, there)
        house.write("tocsin.yaml", words, 0o644)
    with housed(before=before) as house:
        house.double = double[0]
        yield house
    double[0].stop()


def messages(house, ident):
    """Of this bulletin's words: [(seconds, number, text, callback)]"""
    words = record(house, "SELECT filled FROM bulletin_text WHERE target = 'sms' AND bulletin = ?", int(ident[1:]))[0][0]
    return [m for m in list(house.double.messages) if m[2] == words]


def states(house, ident):
    return dict(record(house, "SELECT state, count(*) FROM delivery WHERE target = 'sms' AND bulletin = ? GROUP BY state",
                       int(ident[1:])))


def reached(house, ident):
    return record(house, "SELECT sum(reached) FROM delivery WHERE target = 'sms' AND bulletin = ?", int(ident[1:]))[0][0]


def begin(house, colour, words):
    ident = prepare(house, colour, words)
    house.release("met", ident)
    wait_for(lambda: len(messages(house, ident)) > 500, 30, "the job under way")
    return ident


def cancel(house, ident):
    """-> when it was on disk, in seconds"""
    house.tocsin("met-lead", "cancel", ident, "--reason", "演示")
    return record(house, "SELECT at FROM audit WHERE what = 'cancelled' AND ref = ?", ident)[0][0] / 1000


@pytest.mark.alone
def test_a_cancel_stops_it_within_100_ms(bulk):
    ident = begin(bulk, "blue", "众一")
    moment = cancel(bulk, ident)
    wait_for(lambda: set(states(bulk, ident)) <= {"withdrawn", "delivered"}, 10, "the end")
    came = messages(bulk, ident)
    last = max(at for at, _, _, _ in came) - moment
    print("cancelled after %d of %d; the last one %+.0f ms after the cancel was on disk" % (len(came), AUDIENCE, last * 1000))
    assert 500 < len(came) < AUDIENCE and last < 0.1
    assert states(bulk, ident)["withdrawn"] > 1
    assert reached(bulk, ident) == len(came) == len({number for _, number, _, _ in came})


@pytest.mark.alone
@pytest.mark.parametrize("colour", ("blue", "orange"))
def test_a_red_goes_at_once(bulk, colour):
    """An orange job fills the red's own lane."""
    red = prepare(bulk, "red", "急" + colour)
    ident = begin(bulk, colour, "众二" + colour)
    bulk.release("met", red)
    first = wait_for(lambda: messages(bulk, red), 10, "the red")[0][0]
    took = first - record(bulk, "SELECT at FROM audit WHERE what = 'released' AND ref = ?", red)[0][0] / 1000
    before = len([1 for m in messages(bulk, ident) if m[0] < first])
    print("the red was at the gateway after %.0f ms, in the middle of %d of %d" % (took * 1000, before, AUDIENCE))
    assert took < 0.5 and before < AUDIENCE / 2
    for each in (ident, red):
        cancel(bulk, each)


def test_a_list_changed_after_the_approval_reaches_nobody(bulk):
    """One digit in one of seven blocks, changed in the record itself: what is left of the list is no list that was signed."""
    ident = prepare(bulk, "blue", "众改")

    def change(here, there):
        with contextlib.closing(sqlite3.connect(bulk.path("state", "record.db"))) as db:
            done = db.execute("UPDATE audience_block SET lines = replace(lines, ?, ?) WHERE bulletin = ?"
                              " AND target = 'sms' AND instr(lines, ?)", (here, there, int(ident[1:]), here))
            db.commit()
            return done.rowcount
    assert change("13900004321", "13900014321") == 1
    bulk.release("met", ident)
    wait_for(lambda: states(bulk, ident) == {"rejected": AUDIENCE // 1000}, 30, lambda: "the refusals: %s" % states(bulk, ident))
    reasons = record(bulk, "SELECT DISTINCT reason FROM delivery WHERE target = 'sms' AND bulletin = ?", int(ident[1:]))
    assert len(reasons) == 1 and "the list of recipients" in reasons[0][0] and "nobody is told" in reasons[0][0]
    assert not messages(bulk, ident)


def far_side(house, ident):
    return next(one for one in house.status(ident)["progress"] if one["target"] == "sms")


def pause(house, ident):
    """-> when it was on disk, in seconds"""
    house.tocsin("met-lead", "pause", ident, "sms", "--reason", "名单有疑")
    return record(house, "SELECT at FROM audit WHERE what = 'paused' AND ref = ?", ident)[0][0] / 1000


@pytest.mark.alone
def test_a_pause_holds_over_a_death_and_loses_nobody(bulk):
    ident = begin(bulk, "blue", "众四")
    moment = wait_for(lambda: far_side(bulk, ident)["seconds_left"], 10, "a rate") and pause(bulk, ident)
    wait_for(lambda: set(states(bulk, ident)) <= {"waiting", "delivered"}, 10, "what was in flight given back")
    came = messages(bulk, ident)
    last = max(at for at, _, _, _ in came) - moment
    print("paused after %d of %d; the last one %+.0f ms after the pause was on disk" % (len(came), AUDIENCE, last * 1000))
    assert len(came) < AUDIENCE and last < 1
    back = record(bulk, "SELECT count(*) FROM delivery WHERE target = 'sms' AND bulletin = ? AND state = 'waiting'"
                  " AND reason LIKE 'called back%'", int(ident[1:]))[0][0]
    assert back, "what the channel had in hand was called back"
    shown = far_side(bulk, ident)
    assert (shown["paused"]["by"], shown["paused"]["reason"]) == ("met-lead", "名单有疑")
    assert shown["count"] == AUDIENCE and shown["reached"] == len(came) and shown["seconds_left"] is None
    assert "已暂停" in bulk.tocsin("met-lead", "status", ident).stdout

    starts = bulk.programs["tocsind"].starts
    bulk.programs["tocsind"].kill()
    wait_for(lambda: bulk.programs["tocsind"].starts > starts and bulk.healthy(), 30, "tocsind again")
    other = prepare(bulk, "blue", "众五")  # goes the same way, past what is paused
    bulk.release("met", other)
    wait_for(lambda: states(bulk, other) == {"delivered": AUDIENCE // 1000}, 60, "the other one")
    assert len(messages(bulk, ident)) == len(came), "nothing leaves while it is paused"

    bulk.tocsin("met-lead", "resume", ident, "sms")
    wait_for(lambda: states(bulk, ident) == {"delivered": AUDIENCE // 1000}, 60, lambda: "the end: %s" % states(bulk, ident))
    times = collections.Counter(number for _, number, _, _ in messages(bulk, ident))
    assert len(times) == AUDIENCE == reached(bulk, ident) and set(times.values()) == {1}
    assert far_side(bulk, ident)["paused"] is None


@pytest.mark.alone
def test_who_may_pause_what(bulk):
    ident = begin(bulk, "blue", "众六")
    words = ("--reason", "名单有疑")
    for officer, far, sentence in (("met-draft", "sms", "publish"), ("emb-lead", "sms", "are not theirs to settle"),
                                   ("met-lead", "pigeon", "no far side pigeon"), ("met-lead", "website", "cannot leave one out")):
        with pytest.raises(Failed, match=sentence):
            bulk.tocsin(officer, "pause", ident, far, *words)
    with pytest.raises(Failed, match="is not paused"):
        bulk.tocsin("met-lead", "resume", ident, "sms")
    pause(bulk, ident)
    with pytest.raises(Failed, match="paused already"):
        bulk.tocsin("met-lead", "pause", ident, "sms", *words)
    cancel(bulk, ident)  # ends what is held back
    wait_for(lambda: set(states(bulk, ident)) <= {"withdrawn", "delivered"}, 10, "the end")
    assert states(bulk, ident)["withdrawn"]
    red = begin(bulk, "red", "众七")
    with pytest.raises(Failed, match="highest level"):
        bulk.tocsin("met-lead", "pause", red, "sms", *words)
    cancel(bulk, red)
    ended = record(bulk, "SELECT bulletin FROM delivery WHERE target = 'sms' AND correction = 1 ORDER BY id DESC LIMIT 1")[0][0]
    with pytest.raises(Failed, match="highest level|takes something back"):
        bulk.tocsin("met-lead", "pause", "b%d" % ended, "sms", *words)


@pytest.mark.parametrize("dead", (["tocsind"], ["channel-sms-routine"], ["tocsind", "channel-sms-routine"]))
def test_a_death_loses_nobody(bulk, dead):
    ident = begin(bulk, "blue", "众三" + "".join(dead))
    for name in dead:
        bulk.programs[name].kill()
    wait_for(bulk.healthy, 30, "tocsind")
    wait_for(lambda: states(bulk, ident) == {"delivered": AUDIENCE // 1000}, 60, lambda: "the end: %s" % states(bulk, ident))
    times = collections.Counter(number for _, number, _, _ in messages(bulk, ident))
    twice = sum(n - 1 for n in times.values())
    print("%s died: %d of %d told twice" % (" and ".join(dead), twice, AUDIENCE))
    assert len(times) == AUDIENCE == reached(bulk, ident)
    assert twice <= WINDOW and max(times.values()) <= 2
