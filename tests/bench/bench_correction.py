#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Correction: from one person's one call to the acceptance of the last far side that may have the original, on loopback.

The clock is ours: it starts before `tocsin correct` is called and ends when the record shows the last delivery accepted. The
other side is a limit: LIMIT_MS, within which a duty officer who has seen the error may believe it is being put right."""
import os
import shutil
import statistics
import sys
import tempfile
import time

from beside import figure
from arrivals import prepare
from house import House, TARGETS, wait_for

PAIRS, LIMIT_MS = 5, 3000


def accepted(house, ident):
    """Has every far side said yes?"""
    found = house.deliveries(ident)
    return found and all(d["state"] == "delivered" for d in found.values()) and found


def one(house):
    ident = prepare(house)
    house.release("met", ident)
    house.wait_delivered(ident)
    start = time.monotonic()
    words = house.tocsin("met-lead", "correct", ident, "--false-alarm", "--reason", "误报")
    end = words.stdout.split()[0]
    found = wait_for(lambda: accepted(house, end), 30, "the correction accepted")
    took = (time.monotonic() - start) * 1000
    assert set(found) == set(TARGETS), sorted(found)
    return took


def main():
    folder = tempfile.mkdtemp(prefix="tocsin-bench-")
    house = House(folder, os.environ["TOCSIN_BIN"])
    try:
        house.prepare()
        house.raise_limits()
        house.start()
        took = [one(house) for _ in range(PAIRS)]
    finally:
        house.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print("correction: %s ms" % " ".join("%.0f" % t for t in took), file=sys.stderr)
    figure("correction", statistics.median(took), LIMIT_MS, "ms", PAIRS)


if __name__ == "__main__":
    main()
