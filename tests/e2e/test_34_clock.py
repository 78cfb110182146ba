# SPDX-License-Identifier: Apache-2.0
"""The wall clock of the whole house is set while warnings are in force and one waits: two hours forward and back, two hours back, two
minutes forward. Nothing ends by a clock nobody believes, nothing leaves after its end, and the journal says what was seen."""
import os
import struct

import pytest

from arrivals import warning
from conftest import Failed, WatchedHouse, housed
from few import FewSides
from house import wait_for

HOUR, MINUTE = 3600 * 1000, 60 * 1000
ENDED = ("expired", "rejected")  # by tocsind, or by the channel, whoever sees its end first


class Clocked(FewSides, WatchedHouse):
    """All its programs see the clock that set() sets; officers sit elsewhere."""
    rows = {"mqtt": "kind: mqtt, options: {{host: 127.0.0.1, port: {mqtt}, username: tocsin, password: {folder}/secrets/mqtt}}",
            "website": "kind: website, options: {{folder: {folder}/site, public_url: \"http://127.0.0.1:{web}\", author: 天津}}",
            "webhook": "kind: webhook, options: {{url: \"http://127.0.0.1:{webhook}/alerts\", secret: {folder}/secrets/webhook}}"}
    laned = ("webhook",)

    def set(self, milliseconds):
        with open(self.path("clock"), "r+b" if os.path.exists(self.path("clock")) else "wb") as file:
            file.write(struct.pack("q", milliseconds))

    def clock(self):
        options = ":".join(filter(None, (os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0")))
        return {"LD_PRELOAD": os.path.join(os.path.dirname(self.binaries), "tests", "libother_clock.so"),
                "TOCSIN_OTHER_CLOCK": self.path("clock"), "ASAN_OPTIONS": options}

    def add(self, name, *arguments, env=None):
        return super().add(name, *arguments, env={**os.environ, **(env or {}), **self.clock()})


@pytest.fixture(name="house", scope="module")
def a_house_with_a_clock_of_its_own():
    with housed(before=lambda house: house.set(0), kind=Clocked) as house:
        house.wait_channels()
        yield house
        house.set(0)


def prepared(house, hours, words):
    ident = house.submit("met-draft", warning("yellow", words, hours))
    house.approve("met", ident, 1)
    return ident


def released(house, ident):
    house.release("met", ident)
    return house.status(ident)["identifier"]


def events(house, event):
    return house.log("tocsind").count("event=%s " % event)


def state(house, ident, target="webhook"):
    return house.deliveries(ident)[target]["state"]


def step(house, milliseconds, event):
    before = events(house, event)
    house.set(milliseconds)
    wait_for(lambda: events(house, event) > before, 10, event)


def at_the_webhook(house, number):
    return sum(number in entry["text"] for entry in house.arrived("webhook"))


def listed(house, number):
    return number in house.fetch("/active.json")


def test_a_clock_two_hours_ahead_ends_nothing(house):
    held, later, broken = (prepared(house, 1, "钟前%d" % n) for n in range(3))
    house.fault("webhook", "http500", -1)
    number, lifted = released(house, held), released(house, broken)
    for ident in (held, broken):
        house.wait_delivered(ident, ("mqtt", "website"))
    step(house, 2 * HOUR, "clock-doubtful")
    with pytest.raises(Failed, match="jumped forward"):
        house.release("met", later)
    house.tocsin("met-lead", "cancel", broken, "--reason", "演示")  # whoever is wrong must be able to end it
    wait_for(lambda: not listed(house, lifted), 10, "the cancel on the site")
    assert listed(house, number) and house.status(held)["state"] == "released"
    assert state(house, held) in ("waiting", "sending"), "what waits has not expired either"
    house.fault("webhook", "http500", 0)
    house.wait_delivered(held, ("webhook",))
    assert at_the_webhook(house, number) == 1, "nor has it for the channel"
    step(house, 0, "clock-trusted")
    released(house, later)
    house.wait_delivered(later, house.targets)


def test_a_clock_two_hours_back_ends_nothing(house):
    held = prepared(house, 1, "钟后")
    house.fault("webhook", "http500", -1)
    number = released(house, held)
    house.wait_delivered(held, ("mqtt", "website"))
    step(house, -2 * HOUR, "clock-stepped")
    assert listed(house, number) and state(house, held) in ("waiting", "sending")
    step(house, 0, "clock-doubtful")  # two hours forward again: true, and somebody has to say so
    for name in ("tocsind", "channel-webhook-urgent", "channel-webhook-routine"):
        house.programs[name].kill()
    wait_for(lambda: house.healthy() and house.channels_here(), 30, "whoever has looked")
    assert listed(house, number) and house.status(held)["state"] == "released"
    house.fault("webhook", "http500", 0)
    house.wait_delivered(held, ("webhook",))
    assert at_the_webhook(house, number) == 1


def test_nothing_leaves_after_an_end_that_a_small_step_brings(house):
    short, long_ = prepared(house, 2 / 60, "钟末"), prepared(house, 1, "钟末长")
    house.fault("webhook", "http500", -1)
    numbers = [released(house, ident) for ident in (short, long_)]
    for ident in (short, long_):
        house.wait_delivered(ident, ("mqtt", "website"))
    step(house, 3 * MINUTE, "clock-stepped")
    wait_for(lambda: house.status(short)["state"] == "expired" and state(house, short) in ENDED, 10,
             lambda: "its end: %s, %s" % (house.status(short)["state"], house.deliveries(short)["webhook"]))
    house.fault("webhook", "http500", 0)
    house.wait_delivered(long_, ("webhook",))
    wait_for(lambda: not listed(house, numbers[0]), 10, "gone from the site")
    assert listed(house, numbers[1]) and [at_the_webhook(house, number) for number in numbers] == [0, 1]
    step(house, 0, "clock-stepped")
    assert house.status(short)["state"] == "expired", "what has ended stays so"
