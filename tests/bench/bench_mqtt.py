#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""MQTT, QoS 1, to one mosquitto: warnings that wait on disk go out when their channel comes, each checked by it, each
acknowledgement recorded, against `mosquitto_pub -l` with lines of the CAP's size, of which nothing is kept. Messages
acknowledged a second: ours from the first byte to the last acknowledgement on disk, theirs the program's whole run less that
of a run with one line."""
import os
import re
import shutil
import statistics
import subprocess
import time

from beside import FULL, absent, figure, say
from relaying import Relays
from arrivals import record

PAIRS, WARNINGS, LINES = (5, 1000, 20000) if FULL else (5, 200, 5000)
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


def theirs(house, lines):
    """-> seconds"""
    command = [PROGRAM, "-h", "127.0.0.1", "-p", str(house.ports["mqtt"]), "-V", "5", "-q", "1", "-u", "tocsin", "-P",
               house.secret_value("mqtt"), "-t", "alert/bench", "-l"]
    began = time.monotonic()
    subprocess.run(command, input=lines, check=True)
    return time.monotonic() - began


def main():
    if not os.access(PROGRAM, os.X_OK):
        absent("mosquitto_pub", "mosquitto-clients")
    house = Relays()
    try:
        house.begin()
        house.push(house.signed(5))
        house.wait_delivered_all(5)
        rates = [], []
        for _ in range(PAIRS):
            caps = house.signed(WARNINGS)
            messages, took = ours(house, caps)
            line = b"x" * len(caps[0]) + b"\n"
            once = theirs(house, line)
            other = theirs(house, line * LINES) - once
            rates[0].append(messages / took)
            rates[1].append(LINES / other)
            say("mqtt: %d warnings of %d bytes, %d messages in %.3f s; mosquitto_pub %d in %.3f s" % (
                WARNINGS, len(caps[0]), messages, took, LINES, other))
        figure("mqtt-qos1-rate", statistics.median(rates[0]), statistics.median(rates[1]), "messages/s", PAIRS)
    finally:
        house.stop()
        shutil.rmtree(house.folder, ignore_errors=True)


if __name__ == "__main__":
    main()
