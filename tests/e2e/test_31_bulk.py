# SPDX-License-Identifier: Apache-2.0
"""A warning to thousands by SMS: cancelled in mid-job, overtaken by a red, cut off by deaths. The gateway is a double that counts
and times; the channel gives it no more than RATE a second."""
import collections
import contextlib
import sqlite3

import pytest

import reports
from arrivals import elsewhere, prepare, record, warning
from conftest import Failed, housed
from house import wait_for
from ports import free_port
from sendsms import SendSms

AUDIENCE, RATE, WINDOW, FEW = 7000, 3000, 128, 3


@pytest.fixture(scope="module")
def bulk():
    double = []

    def before(house):
        house.write("recipients.csv", "number,division\n" + "".join("139%08d,120116\n" % n for n in range(AUDIENCE))
                    + "".join("138%08d,120101\n" % n for n in range(FEW)))
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
    words = record(house, "SELECT body FROM bulletin_text WHERE target = 'sms' AND bulletin = ?", int(ident[1:]))[0][0]
    head, tail = words.split("{sent}")
    return [m for m in list(house.double.messages) if m[2].startswith(head) and m[2].endswith(tail)]


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


# --- what the phones report -------------------------------------------------------------------------------------------------

def reported(house, ident):
    return far_side(house, ident)["reports"]


def counts(delivered, failed=0):
    return {"delivered": delivered, "failed": failed, "rejected": 0, "buffered": 0, "accepted": 0}


def said(callback, kind):
    return callback.replace("%d", str(kind))


def dies(house):
    starts = house.programs["tocsind"].starts
    house.programs["tocsind"].kill()
    wait_for(lambda: house.programs["tocsind"].starts > starts and house.healthy(), 30, "tocsind again")


def refused(house):
    text = house.fetch("/metrics", "http://127.0.0.1:%d" % house.ports["metrics"])
    return int(next(line for line in text.splitlines() if line.startswith("tocsin_reports_refused_total ")).split()[1])


@pytest.fixture(scope="module")
def sent(bulk):
    """One that reached the gateway whole. -> (id, its callbacks in the order of the numbers)"""
    ident = begin(bulk, "blue", "众七")
    wait_for(lambda: states(bulk, ident) == {"delivered": AUDIENCE // 1000}, 60, lambda: "the end: %s" % states(bulk, ident))
    return ident, [callback for _, _, _, callback in sorted(messages(bulk, ident), key=lambda m: m[1])]


def test_reports_are_counted_once_and_over_a_death(bulk, sent):
    ident, callbacks = sent
    first, some = callbacks[:900], callbacks[:1800]
    dies(bulk)
    assert reported(bulk, ident) is None
    took = reports.say([said(one, 2 if n % 10 == 0 else 1) for n, one in enumerate(first)])
    assert took[0] == {200: 900} and reported(bulk, ident) == counts(810, 90), "an answer means that it counts"
    dies(bulk)
    assert reported(bulk, ident) == counts(810, 90)
    # Again, and against what was said: whom a phone confirmed has it.
    assert reports.say([said(one, 2) for one in some])[0] == {200: 1800}
    assert reported(bulk, ident) == counts(810, 990)
    assert reports.say([said(one, 1) for one in some])[0] == {200: 1800}
    assert reported(bulk, ident) == counts(1800)
    lines = record(bulk, "SELECT count(*) FROM audit WHERE what = 'report' AND ref = ?", ident)[0][0]
    print("900 reports in %.2f s; 4500 in %d lines of the chain" % (took[1], lines))
    assert lines < 4500 / 4
    assert states(bulk, ident) == {"delivered": AUDIENCE // 1000} and len(messages(bulk, ident)) == AUDIENCE
    assert "whole" in bulk.tocsin("emb-audit-1", "audit", "verify").stdout


def test_forged_reports_change_nothing(bulk, sent):
    ident, callbacks = sent
    before, lines = reported(bulk, ident), record(bulk, "SELECT seq, hash FROM audit_head")
    base, _, token = callbacks[5].partition("/c/")
    delivery, recipient, code = token.split("?")[0].split("-")
    other = callbacks[6].partition("/c/")[2].split("?")[0].split("-")[2]
    forged = ["%s-%s-%032x" % (delivery, recipient, n) for n in range(1500)] + [  # guesses
        "%s-%s-%s" % (delivery, recipient, other), "%s-%s-%s" % (delivery, int(recipient) + 1000, code), "1-%s-%s" % (recipient, code),
        "%s-%s-%s0" % (delivery, recipient, code), "%s-%s" % (delivery, recipient), "%s-+%s-%s" % (delivery, recipient, code)]
    known = refused(bulk)
    assert reports.say(["%s/c/%s?type=1" % (base, one) for one in forged])[0] == {404: len(forged)}
    assert reports.say([said(callbacks[5], kind) for kind in ("", 0, 3, 31, "1%2C2", "x" * 3000)])[0] == {400: 6}
    wait_for(lambda: refused(bulk) >= known + len(forged) - 1, 5, "their count")  # the last one leads nowhere
    assert (reported(bulk, ident), record(bulk, "SELECT seq, hash FROM audit_head")) == (before, lines)


def few(house, colour, words):
    """To FEW phones. -> id"""
    ident = house.submit("met-draft", elsewhere(warning(colour, words)))
    house.approve("met", ident, 1)
    house.release("met", ident)
    return ident


def test_reports_settle_who_was_in_doubt(bulk):
    """The gateway took them all and its answers were lost, with the channel and then with tocsind."""
    bulk.double.silent = True
    try:
        ident = few(bulk, "blue", "三人一")
        came = wait_for(lambda: len(messages(bulk, ident)) == FEW and messages(bulk, ident), 20, "the few")
        bulk.programs["channel-sms-routine"].kill()
        wait_for(lambda: states(bulk, ident) == {"unknown": 1}, 30, lambda: "doubt: %s" % states(bulk, ident))
    finally:
        bulk.double.silent = False
    dies(bulk)
    assert reports.say([said(came[0][3], 1), said(came[1][3], 2)])[0] == {200: 2}
    assert states(bulk, ident) == {"unknown": 1} and reached(bulk, ident) == 1, "one is in doubt still"
    assert reports.say([said(came[2][3], 1)])[0] == {200: 1}
    assert states(bulk, ident) == {"delivered": 1} and reached(bulk, ident) == 2
    assert reported(bulk, ident) == counts(2, 1)
    wait_for(lambda: not in_doubt(bulk), 5, "nothing for an officer to settle")
    assert len(messages(bulk, ident)) == FEW, "nobody is told again"


def in_doubt(house):
    text = house.fetch("/metrics", "http://127.0.0.1:%d" % house.ports["metrics"])
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("tocsin_deliveries_unknown{"))


def test_whom_a_phone_confirmed_is_not_told_again(bulk):
    """Of an orange one whose answers are lost, which goes again by rule."""
    bulk.double.silent = True
    try:
        ident = few(bulk, "orange", "三人二")
        came = wait_for(lambda: len(messages(bulk, ident)) == FEW and messages(bulk, ident), 20, "the few")
        assert reports.say([said(one[3], 1) for one in came])[0] == {200: FEW}
        wait_for(lambda: states(bulk, ident) == {"delivered": 1}, 20, lambda: "the end: %s" % states(bulk, ident))
    finally:
        bulk.double.silent = False
    assert len(messages(bulk, ident)) == FEW and reached(bulk, ident) == FEW
