# SPDX-License-Identifier: Apache-2.0
"""A blue warning to a city: a red one in the middle, a cancel, deaths. The short messages go through `null`, whose ledger notes
whoever was told, when and of what, as a far side would; it holds no more than WINDOW people that are on no disk.
Sixty thousand people; a million, with the window of the real channel, when $TOCSIN_SOAK is set."""
import collections
import os
import re
import time

import pytest

from arrivals import in_one_area, prepare, record, warning
from conftest import housed
from house import wait_for
from talk import reference

SOAK = bool(os.environ.get("TOCSIN_SOAK"))
AUDIENCE = int(os.environ.get("TOCSIN_AUDIENCE") or (1000000 if SOAK else 60000))
WINDOW = 128 if SOAK else 300
BLOCK = 1000
SECONDS = 600
RED_SECONDS, CANCEL_SECONDS = 0.5, 0.1


class Ledger:
    """{identifier: [(seconds, number)]}, read on as it grows."""

    def __init__(self, path):
        self.path, self.read, self.told = path, 0, collections.defaultdict(list)

    def look(self, identifier):
        if os.path.exists(self.path):
            with open(self.path, "rb") as file:
                file.seek(self.read)
                whole = file.read()
            whole = whole[:whole.rfind(b"\n") + 1]
            self.read += len(whole)
            for line in whole.decode().splitlines():
                at, number, name = line.split()
                self.told[name].append((int(at) / 1000, number))
        return self.told[identifier]


@pytest.fixture(scope="module", name="city")
def a_city():
    def before(house):
        # The red's own division has one phone: it does not wait behind itself.
        house.write("recipients.csv", "number,division\n13999999999,120116\n" + "".join(
            "138%08d,120110\n" % n for n in range(AUDIENCE - 1)))
        with open(house.path("tocsin.yaml"), encoding="utf-8") as text:
            words = text.read()
        begin, end = words.index('    options: {url: "http://127.0.0.1:%d/cgi-bin' % house.ports["sendsms"]), words.index("  - name: weibo")
        house.write("tocsin.yaml", words[:begin] + "    type: 'null'\n    options: {unwritten: %d, ledger: %s}\n"
                    % (WINDOW, house.path("ledger")) + words[end:], 0o644)
    with housed(before=before) as house:
        house.ledger = Ledger(house.path("ledger"))
        yield house


def identifier(house, ident):
    return house.status(ident)["identifier"]


def states(house, ident):
    return dict(record(house, "SELECT state, count(*) FROM delivery WHERE target = 'sms' AND bulletin = ? GROUP BY state", int(ident[1:])))


def reached(house, ident):
    return record(house, "SELECT sum(reached) FROM delivery WHERE target = 'sms' AND bulletin = ?", int(ident[1:]))[0][0]


def moment(house, what, ident):
    return record(house, "SELECT at FROM audit WHERE what = ? AND ref = ?", what, ident)[0][0] / 1000


def told_some(house, number, count):
    wait_for(lambda: len(house.ledger.look(number)) >= count, SECONDS, "%d of %s" % (count, number))
    return len(house.ledger.look(number))


def again(told):
    """How many were told more than once, by how often more."""
    return sum(n - 1 for n in collections.Counter(number for _, number in told).values())


def behind(told, deaths):
    """{which death: how many were told before it, and again}"""
    last, counts = {}, collections.Counter()
    for at, number in told:
        if number in last:
            counts[next((n for n, moment in enumerate(deaths) if moment >= last[number]), None)] += 1
        last[number] = at
    return counts


def red_in_the_middle(house, red):
    house.release("met", red)
    number = identifier(house, red)
    released = moment(house, "released", red)
    phone = told_some(house, number, 1) and house.ledger.look(number)[0][0] - released
    hook = wait_for(lambda: [one["at"] / 1000 for one in house.arrived("webhook") if number in one["text"]], 10, "the webhook")[0] - released
    print("the red: on the phone after %.0f ms, at the webhook after %.0f ms" % (phone * 1000, hook * 1000))
    assert phone < RED_SECONDS and hook < RED_SECONDS


@pytest.mark.alone
def test_a_red_and_deaths_in_the_middle(city):
    red = city.submit("met-draft", in_one_area(warning("red", "急")))
    city.approve("met", red, 2)
    blue = prepare(city, "blue", "众")
    city.release("met", blue)
    number = identifier(city, blue)
    told_some(city, number, AUDIENCE // 20)
    red_in_the_middle(city, red)
    assert len(city.ledger.look(number)) < AUDIENCE // 2
    dead = (["channel-sms-routine"], ["tocsind"], ["tocsind", "channel-sms-routine"]) * (3 if SOAK else 1)
    moments = []
    for n, names in enumerate(dead):
        told_some(city, number, AUDIENCE * (n + 2) // (len(dead) + 4))
        for name in names:
            city.programs[name].kill()
        moments.append(time.time())
        wait_for(city.healthy, 30, "tocsind")
    wait_for(lambda: states(city, blue) == {"delivered": -(-AUDIENCE // BLOCK)}, SECONDS, lambda: "the end: %s" % states(city, blue))
    told = city.ledger.look(number)
    twice = behind(told, moments)
    for n, names in enumerate(dead):
        print("%s died: %d told again, the window is %d" % (" and ".join(names), twice[n], WINDOW))
    print("%d of %d told, %d of them again" % (len({one for _, one in told}), AUDIENCE, again(told)))
    assert len({one for _, one in told}) == AUDIENCE == reached(city, blue)
    assert max(twice.values(), default=0) <= WINDOW and set(twice) <= set(range(len(dead)))


@pytest.mark.alone
def test_a_cancel_in_the_middle(city):
    blue = prepare(city, "blue", "众二")
    city.release("met", blue)
    number = identifier(city, blue)
    told_some(city, number, AUDIENCE // 3)
    city.tocsin("met-lead", "cancel", blue, "--reason", "演示")
    cancelled = moment(city, "cancelled", blue)
    wait_for(lambda: set(states(city, blue)) <= {"withdrawn", "delivered"}, SECONDS, "the end")
    told = city.ledger.look(number)
    late = max(at for at, _ in told) - cancelled
    print("cancelled after %d of %d; the last one %+.0f ms after the cancel was on disk" % (len(told), AUDIENCE, late * 1000))
    assert len(told) < AUDIENCE * 0.9 and late < CANCEL_SECONDS
    row, end = record(city, "SELECT row, identifier FROM bulletin WHERE chain = (SELECT chain FROM bulletin WHERE row = ?)"
                      " AND row <> ? AND state = 'released'", int(blue[1:]), int(blue[1:]))[0]
    wait_for(lambda: set(states(city, "b%d" % row)) <= {"delivered", "withdrawn"}, SECONDS, "the cancel's words")
    had, heard = {one for _, one in told}, {one for _, one in city.ledger.look(end)}
    print("the cancel's words: to %d people in the blocks of the %d" % (len(heard), len(had)))
    assert had <= heard and len(heard - had) <= BLOCK and again(city.ledger.look(end)) == 0


def ended(house):
    """{state: deliveries of the short messages that ended so}: by the figures, which begin anew with tocsind, and by the record"""
    text = house.fetch("/metrics", "http://127.0.0.1:%d" % house.ports["metrics"])
    figures = {state: int(count) for state, count in re.findall(
        r'tocsin_deliveries_ended_total\{target="sms",state="(\w+)"\} (\d+)', text)}
    rows = dict(record(house, "SELECT state, count(*) FROM delivery WHERE target = 'sms' GROUP BY state"))
    return [{state: one.get(state, 0) for state in ("superseded", "withdrawn", "waiting", "sending")} for one in (figures, rows)]


def test_an_update_in_the_middle_is_no_cancel(city):
    """What waited, on disk only too, is superseded: in the record, in the figures and in the log."""
    blue = prepare(city, "blue", "众三")
    city.release("met", blue)
    city.tocsin("met-lead", "pause", blue, "sms", "--reason", "名单有疑")
    wait_for(lambda: "sending" not in states(city, blue), 30, lambda: "given back: %s" % states(city, blue))
    figures, rows = ended(city)
    waiting = states(city, blue)["waiting"]
    cap = wait_for(lambda: city.fetch("/cap/%s.xml" % identifier(city, blue)), 10, "the site")
    update = city.submit("met-draft", warning("blue", "众四").replace("<msgType>Alert</msgType>", "<msgType>Update</msgType>").replace(
        "<scope>Public</scope>", "<scope>Public</scope><references>%s</references>" % reference(cap)))
    city.approve("met", update, 1)
    city.release("met", update)
    assert states(city, blue)["superseded"] == waiting > 16
    city.tocsin("met-lead", "cancel", update, "--reason", "演示")

    def counted():
        new, now = ended(city)
        return not now["waiting"] + now["sending"] and all(
            new[one] - figures[one] == now[one] - rows[one] for one in ("superseded", "withdrawn"))
    wait_for(counted, SECONDS, lambda: "the figures: %s, at first %s" % (ended(city), (figures, rows)))
    said = [line for line in city.log("tocsind").splitlines() if "event=delivery " in line and "bulletin=%s " % blue in line]
    assert said and not [line for line in said if "cancelled" in line], said
