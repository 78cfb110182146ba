# SPDX-License-Identifier: Apache-2.0
"""A warning to thousands by SMS: cancelled in mid-job, overtaken by a red, cut off by deaths. The gateway is a double that counts
and times; the channel gives it no more than RATE a second."""
import collections
import contextlib
import sqlite3

import pytest

from arrivals import prepare, record
from conftest import housed
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
