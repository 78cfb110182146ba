#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""MQTT, QoS 1, to one mosquitto that keeps what it holds on disk, against `mosquitto_pub -l` with lines of the CAP's size.
Two figures, messages acknowledged a second:

    mqtt-record-rate     the whole house: warnings that wait on disk go out when their channel comes, each checked by it, its
                         begin and its end recorded; from the first byte to the last acknowledgement on disk
    mqtt-transport-rate  the channel alone (mqtt_alone.c): the same topics and the same one-line payloads, each acknowledged by
                         the broker, with no record and no signature, as mosquitto_pub has none

Theirs is what more lines take longer: a run of LINES is taken from one of three times as many, for in a run of a line or two
the program waits for its own threads, and that time would be taken off work it does not stand beside. A run is counted
only when its last line is what the broker holds: a retained one, sent like all of them."""
import os
import re
import shutil
import statistics
import subprocess
import time

from beside import FULL, absent, figure, say
from relaying import Relays
from arrivals import record

PAIRS, WARNINGS, LINES = (5, 1000, 20000) if FULL else (5, 200, 6000)
PROGRAM = "/usr/bin/mosquitto_pub"


def ours(house, caps):
    """-> (messages, seconds)"""
    channel = house.programs["channel-mqtt-all"]
    before = record(house, "SELECT coalesce(max(id), 0) FROM delivery")[0][0]
    total = house.delivered()
    channel.stop()
    house.push(caps)
    channel.start()
    house.wait_delivered_all(total + len(caps))
    rows = record(house, "SELECT first_sent, accepted, proof FROM delivery WHERE id > ? AND target = 'mqtt'", before)
    assert len(rows) == len(caps)
    messages = sum(int(re.search(r"(\d+) messages", proof)[1]) for _, _, proof in rows)
    return messages, (max(row[1] for row in rows) - min(row[0] for row in rows)) / 1000


def alone(house, size):
    """The channel without a house. -> messages a second"""
    program = os.path.join(os.path.dirname(house.binaries), "bench", "mqtt_alone")
    out = subprocess.run([program, "127.0.0.1", str(house.ports["mqtt"]), "tocsin", house.path("secrets", "mqtt"), str(size),
                          str(LINES * 2 // 3)], stdout=subprocess.PIPE, universal_newlines=True, check=True).stdout.split()
    return int(out[0]) / float(out[1])


def client(house, program, *options):
    return [program, "-h", "127.0.0.1", "-p", str(house.ports["mqtt"]), "-V", "5", "-q", "1", "-u", "tocsin", "-P",
            house.secret_value("mqtt"), "-t", "alert/bench", *options]


def published(house, size, count):
    """By mosquitto_pub, all there at the end. -> seconds"""
    lines = b"".join(b"%0*d\n" % (size, i) for i in range(count))
    began = time.monotonic()
    subprocess.run(client(house, PROGRAM, "-r", "-l"), input=lines, check=True)
    took = time.monotonic() - began
    last = subprocess.run(client(house, "/usr/bin/mosquitto_sub", "-C", "1", "-W", "10"), stdout=subprocess.PIPE, check=True).stdout
    assert int(last) == count - 1, "the last line is not at the broker"
    return took


def theirs(house, size):
    """-> messages a second"""
    few = published(house, size, LINES)
    return 2 * LINES / (published(house, size, 3 * LINES) - few)


def main():
    if not os.access(PROGRAM, os.X_OK):
        absent("mosquitto_pub", "mosquitto-clients")
    house = Relays()
    try:
        house.begin()
        house.push(house.signed(5))
        house.wait_delivered_all(5)
        rates = [], [], []
        for _ in range(PAIRS):
            caps = house.signed(WARNINGS)
            messages, took = ours(house, caps)
            size = len(caps[0])
            for kept, rate in zip(rates, (messages / took, alone(house, size), theirs(house, size))):
                kept.append(rate)
            say("mqtt: %d warnings of %d bytes, %d messages in %.3f s; the channel alone %.0f/s; mosquitto_pub %.0f/s" % (
                WARNINGS, size, messages, took, rates[1][-1], rates[2][-1]))
        pub = statistics.median(rates[2])
        figure("mqtt-record-rate", statistics.median(rates[0]), pub, "messages/s", PAIRS)
        figure("mqtt-transport-rate", statistics.median(rates[1]), pub, "messages/s", PAIRS)
    finally:
        house.stop()
        shutil.rmtree(house.folder, ignore_errors=True)


if __name__ == "__main__":
    main()
