# SPDX-License-Identifier: Apache-2.0
"""A storm: signed warnings pushed by four at once over the API, each verified, authorised, signed by us, on disk and at a real
broker. Nothing is lost, they leave in the order of their release but for those on their way together, a red in the middle is not behind them, and memory grows with
what is in force only. $TOCSIN_STORM sets how many; ten thousand when $TOCSIN_SOAK is set."""
import os
import subprocess
import threading
import time

import pytest

from arrivals import prepare, record
from conftest import WatchedHouse, housed
from house import wait_for
from relays import RelaySides

STORM = int(os.environ.get("TOCSIN_STORM") or (10000 if os.environ.get("TOCSIN_SOAK") else 240))
RED_SECONDS = 0.5
KIB_EACH = 64 if STORM >= 10000 else 256  # of a few hundred, what programs keep for themselves weighs as well
WINDOW = 16  # on their way to the broker at once (mqtt.h)
OURS = ("tocsind", "signer", "channel-mqtt-all")


class Storm(RelaySides, WatchedHouse):
    pass


@pytest.fixture(name="house", scope="module")
def a_house_in_a_storm():
    before = os.environ.get("ASAN_OPTIONS")
    os.environ["ASAN_OPTIONS"] = ":".join(filter(None, (before, "quarantine_size_mb=1")))  # else memory freed is memory held
    try:
        with housed(kind=Storm) as house:
            yield house
    finally:
        os.environ.pop("ASAN_OPTIONS") if before is None else os.environ.update(ASAN_OPTIONS=before)


class Subscriber:
    """{number: when it came first}, in the order in which they came."""

    def __init__(self, house):
        command = ["/usr/bin/mosquitto_sub", "-h", "127.0.0.1", "-p", str(house.ports["mqtt"]), "-V", "5", "-q", "1",
                   "-t", "alert/v1/state/#", "-t", "alert/v1/sys/#", "-F", "%U %t"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.came, self.heard = {}, threading.Event()
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()
        assert self.heard.wait(10), "the subscriber (our own status is retained)"

    def listen(self):
        for line in self.process.stdout:
            self.heard.set()
            at, topic = line.split()
            if topic.startswith("alert/v1/state/"):
                self.came.setdefault(topic.rsplit("/", 1)[1], float(at))

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.thread.join()
        self.process.stdout.close()


def kib(house):
    found = {}
    for name in OURS:
        with open("/proc/%d/status" % house.programs[name].process.pid, encoding="ascii") as status:
            found[name] = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    return found


def release_in_the_middle(house, ident, subscriber):
    """-> seconds from its release on disk to the subscriber"""
    house.release("met", ident)
    number = house.status(ident)["identifier"]
    came = wait_for(lambda: subscriber.came.get(number), 10, "the red")
    return came - record(house, "SELECT at FROM audit WHERE what = 'released' AND ref = ?", ident)[0][0] / 1000


@pytest.mark.alone
def test_a_storm_loses_nothing_and_a_red_goes_first(house):
    red, subscriber, caps = prepare(house, "red", "急"), Subscriber(house), house.signed(STORM)
    third = STORM // 3
    house.push(caps[:third])
    house.wait_delivered_all(third)
    before, began = kib(house), time.monotonic()
    pushing = threading.Thread(target=house.push, args=(caps[third:],))
    pushing.start()
    wait_for(lambda: house.delivered() > third + STORM // 6, 600, "the middle")
    late = release_in_the_middle(house, red, subscriber)
    assert pushing.is_alive(), "the storm went on behind the red"
    pushing.join()
    house.wait_delivered_all(STORM + 1)
    rate, after = (STORM - third) / (time.monotonic() - began), kib(house)
    wait_for(lambda: len(subscriber.came) == STORM + 1, 60, lambda: "%d at the subscriber" % len(subscriber.came))
    subscriber.stop()
    number = house.status(red)["identifier"]
    released = [row[0] for row in record(house, "SELECT identifier FROM bulletin WHERE state = 'released' ORDER BY release_order")]
    place = {one: at for at, one in enumerate(one for one in released if one != number)}
    off = max(abs(at - place[one]) for at, one in enumerate(one for one in subscriber.came if one != number))
    grown = {name: (after[name] - before[name]) / (STORM - third) for name in OURS}
    print("%d in force, %.0f/s; the red at the subscriber %.0f ms after its release; others at most %d places out of order; KiB a"
          " warning: %s" % (STORM + 1, rate, late * 1000, off, "  ".join("%s %.1f" % item for item in grown.items())))
    assert off <= WINDOW
    assert len(released) == STORM + 1 and late < RED_SECONDS
    assert max(grown.values()) < KIB_EACH, grown
