#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Red beside an import: a directory of a million recipients is imported on the machine (`tocsin recipients import`) while one red after
the other is released. From the release on disk to the first byte at a webhook, against the same with no import."""
import os
import shutil
import statistics
import subprocess
import time

from beside import Few, Hooks, figure, say
from arrivals import in_one_area, record, release, warning
from ports import free_port

REDS, PEOPLE = int(os.environ.get("TOCSIN_BENCH_REDS", 12)), 1000000


def ready(house, words):
    ident = house.submit("met-draft", in_one_area(warning("red", words)))
    house.approve("met", ident, 2)
    return ident


def first_bytes(house, hooks, reds, going=lambda: True):
    """-> ms, of as many as were released while it went on"""
    took = []
    for ident in reds:
        if not going():
            break
        number, _ = release(house, ident)
        came = hooks.wait_all(number)
        took.append((came - record(house, "SELECT at FROM audit WHERE what = 'released' AND ref = ?", ident)[0][0] / 1000) * 1000)
        time.sleep(0.1)
    return took


def main():
    port = free_port()
    house = Few({"hook": "kind: webhook, options: {{url: 'http://127.0.0.1:%d/', secret: {folder}/secrets/webhook}}" % port}, ("hook",))
    hooks = Hooks({"hook": port}, lambda body: body["identifier"])
    try:
        hooks.start()
        house.prepare()
        with open(house.path("people.csv"), "w", encoding="ascii") as out:
            out.write("number,name,division,longitude,latitude,hazards,level,groups,consent,purposes\n")
            out.writelines("139%08d,,120116,,,,,,yes,\n" % n for n in range(PEOPLE))
        house.start()
        house.wait_channels()
        reds = [ready(house, "红%d" % n) for n in range(2 * REDS)]
        alone = first_bytes(house, hooks, reds[:REDS])
        began = time.monotonic()
        importing = subprocess.Popen([house.binary("tocsin"), "recipients", "import", house.path("people.csv"), "--config",
                                      house.path("tocsin.yaml")], stdout=subprocess.DEVNULL)
        beside_it = first_bytes(house, hooks, reds[REDS:], lambda: importing.poll() is None)
        assert importing.wait() == 0
        say("import: %d people in %.1f s, %d reds meanwhile: %s | alone: %s ms" % (
            PEOPLE, time.monotonic() - began, len(beside_it), " ".join("%.0f" % ms for ms in beside_it),
            " ".join("%.0f" % ms for ms in alone)))
        figure("red-import-p50", statistics.median(beside_it), statistics.median(alone), "ms", len(beside_it))
        figure("red-import-worst", max(beside_it), max(alone), "ms", len(beside_it))
    finally:
        house.stop()
        shutil.rmtree(house.folder, ignore_errors=True)


if __name__ == "__main__":
    main()
