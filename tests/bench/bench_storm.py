#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A storm: distinct warnings, signed by their producer, pushed by the API as fast as they are taken; each is verified,
authorised, signed by us, recorded and published on MQTT. From the first push to the last acknowledgement on disk, against the
program of the chain that works most: processor time per warning, measured in the same house with one warning on its way
at a time.

--full: 10,000 in all, all of them in force at the end."""
import os
import shutil
import statistics
import time

from beside import FULL, cpu_seconds, figure, say
from relaying import Relays
from arrivals import record

PAIRS, ALONE, STORM = (5, 100, 1900) if FULL else (5, 40, 260)


def programs(house):
    found = {name: house.programs[name].process.pid for name in ("tocsind", "signer", "channel-mqtt-all")}
    found["mosquitto"] = house.far["mosquitto"].process.pid
    return {name: cpu_seconds(pid) for name, pid in found.items()}


def worked(before, after, count):
    """{program: ms of processor time a warning}"""
    return {name: (after[name] - before[name]) * 1000 / count for name in before}


def run(house, caps, total, pushers):
    """-> (seconds from the first push to the last acknowledgement on disk, work of each program)"""
    before, began = programs(house), time.time()
    house.push(caps, pushers)
    house.wait_delivered_all(total + len(caps))
    last = record(house, "SELECT max(accepted) FROM delivery")[0][0] / 1000
    return last - began, worked(before, programs(house), len(caps))


def show(title, work):
    return "%s (%s)" % (title, " ".join("%s %.2f" % item for item in work.items()))


def main():
    house = Relays()
    try:
        house.begin()
        house.push(house.signed(20), 1)
        total, rates, limits = 20, [], []
        for _ in range(PAIRS):
            caps = house.signed(ALONE)
            _, alone = run(house, caps, total, 1)
            total += len(caps)
            caps = house.signed(STORM)
            took, together = run(house, caps, total, 4)
            total += len(caps)
            rates.append(len(caps) / took)
            limits.append(1000 / max(alone.values()))
            say("storm: %d in force: %.0f/s; %s, %s ms each" % (total, rates[-1], show("alone", alone),
                                                              show("in the storm", together)))
        figure("storm-rate", statistics.median(rates), statistics.median(limits), "warnings/s", PAIRS)
    finally:
        house.stop()
        if not os.environ.get("TOCSIN_BENCH_KEEP"):
            shutil.rmtree(house.folder, ignore_errors=True)


if __name__ == "__main__":
    main()
