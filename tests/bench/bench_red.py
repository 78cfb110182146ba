#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Red among the sick: fifty far sides (10 healthy, 20 that take two seconds, 10 that accept and say nothing, 10 that answer
500), each a webhook with its two processes, a blue job to a million recipients under way, and a red every EVERY seconds. From the
release on disk (the record's own moment) to the first byte at each healthy far side; beside it the same reds, with the same blue
job, in a house with the healthy ones only. The far sides are processes of their own, the sick ones' at the lowest priority:
they stand for other machines. The two houses come by turns, there and back, so that what else the machine does meets both; between
two reds it is never the same time, or the slow ones' answers to one would always come together with the next. Logs go to memory, as to the journal's socket: a file on the record's disk makes who writes a
line wait for that disk.

Once a second it is looked what all our programs hold: the last third of the run against the first. And the most that any one
of them ever held, the import and the freezing of that million included, against a limit.

`--full`, or TOCSIN_BENCH_FULL set: sixty reds in each house, ten seconds apart."""
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from beside import FULL, HERE, at, figure, houses
from bulk import bring_in
from arrivals import in_one_area, record, release, warning
from ports import free_port

REDS, EVERY = (30, 10.0) if FULL else (10, 2.0)  # in each turn
AUDIENCE, BLOCK = 1000000, 1000
# The blue job outlasts the reds by half; a block at a time.
DELAY_MS = int(REDS * EVERY * 1.5 * 1000 / (AUDIENCE / BLOCK))
GOAL_MS, LIMIT_MIB = 50, 64
SICK = ["slow"] * 20 + ["silent"] * 10 + ["http500"] * 10


class Sides:
    """The far sides of some kinds: a process, and what it says of who came when."""

    def __init__(self, places, low):
        self.first, self.ready = {}, threading.Event()
        command = ["/usr/bin/python3", os.path.join(HERE, "sides.py"), *("%d:%s" % place for place in places)]
        self.process = subprocess.Popen((["chrt", "--other", "0", "nice", "-n", "19"] if low else []) + command, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self.listen, daemon=True).start()
        assert self.ready.wait(20), "the far sides"

    def listen(self):
        for line in self.process.stdout:
            if line == "ready\n":
                self.ready.set()
                continue
            at, port, number = line.split()
            self.first.setdefault((number, int(port)), float(at))

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Fifty(houses.House):
    """Webhooks only, and an audience behind a double that counts."""

    def __init__(self, folder, binaries, sick):
        super().__init__(folder, binaries)
        self.kinds = {"hook-%02d" % n: (free_port(), kind) for n, kind in enumerate(["healthy"] * 10 + sick)}
        self.sides = []
        self.targets = self.laned = ("sms",) + tuple(self.kinds)

    def make_settings(self):
        super().make_settings()
        with open(self.path("tocsin.yaml"), encoding="utf-8") as text:
            words = text.read()
        words = words[:words.index("targets:\n")] + "targets:\n" + (
            "  - {name: sms, kind: sms, type: 'null', signature: 【天津应急】, recipients: directory,\n"
            "     options: {delay_ms: %d}}\n" % DELAY_MS) + "".join(
                "  - {name: %s, kind: webhook, options: {url: 'http://127.0.0.1:%d/', secret: %s}}\n"
                % (name, port, self.path("secrets", "webhook")) for name, (port, _) in self.kinds.items())
        self.write("tocsin.yaml", words + "sources:\n  - {name: met-feed, options: {path: %s}}\n" % self.path("incoming"),
                   0o644)

    def bring_in(self):
        """Red's own division has one phone: what is measured is not red behind red."""
        bring_in(self, [("13999999999", "120116")] + [("138%08d" % n, "120110") for n in range(AUDIENCE - 1)])

    def start_far_sides(self):
        places = list(self.kinds.values())
        self.sides = [Sides([place for place in places if (place[1] == "healthy") == well], not well)
                      for well in (True, False) if any((kind == "healthy") == well for _, kind in places)]

    def stop(self):
        super().stop()
        for side in self.sides:
            side.stop()

    def came(self, number):
        """When the healthy ones had its first byte."""
        first = self.sides[0].first
        return [first[number, port] for port, kind in self.kinds.values() if kind == "healthy" and (number, port) in first]

    def ready(self):
        return self.fetch("/metrics", "http://127.0.0.1:%d" % self.ports["metrics"]).count(
            "tocsin_agent_connected{") == 2 * len(self.targets)

    def released(self, ident):
        return record(self, "SELECT at FROM audit WHERE what = 'released' AND ref = ?", ident)[0][0] / 1000

    def left(self):
        return record(self, "SELECT count(*) FROM delivery WHERE target = 'sms' AND level = 'blue' AND state IN"
                            " ('waiting', 'sending')")[0][0]


class Held(threading.Thread):
    """What all our programs hold, once a second: {program: [(MB resident, open descriptors)]}, channels together."""

    def __init__(self, house):
        super().__init__(daemon=True)
        self.house, self.ending, self.seen, self.most = house, threading.Event(), {}, {}

    def run(self):
        while not self.ending.wait(1.0):
            now = {}
            for name, program in list(self.house.programs.items()):
                kind = name.split("-")[0]
                place = "/proc/%d/" % program.process.pid
                with open(place + "statm", encoding="ascii") as text:
                    pages = int(text.read().split()[1])
                before = now.get(kind, (0, 0))
                now[kind] = (before[0] + pages * os.sysconf("SC_PAGESIZE") / 1e6, before[1] + len(os.listdir(place + "fd")))
            for kind, held in now.items():
                self.seen.setdefault(kind, []).append(held)

    def stop(self):
        self.ending.set()
        self.join()
        for name, program in self.house.programs.items():
            with open("/proc/%d/status" % program.process.pid, encoding="ascii") as text:
                most = int(re.search(r"VmHWM:\s*(\d+) kB", text.read())[1]) / 1024
            kind = name.split("-")[0]
            self.most[kind] = max(self.most.get(kind, 0), most)

    def tell(self):
        print("red: the most one of them held: " + ", ".join("%s %.1f MiB" % one for one in sorted(self.most.items())),
              file=sys.stderr)
        figure("red-memory", max(self.most.values()), LIMIT_MIB, "MiB", 1)
        for kind, held in sorted(self.seen.items()):
            third = max(1, len(held) // 3)
            for what, unit, column in (("resident", "MB", 0), ("descriptors", "open", 1)):
                first, last = (statistics.mean(one[column] for one in part) for part in (held[:third], held[-third:]))
                figure("red-%s-%s" % (what, kind), last, first, unit, len(held))


def ready_to_go(house, colour, words):
    text = warning(colour, words)
    ident = house.submit("met-draft", in_one_area(text) if colour == "red" else text)
    house.approve("met", ident, 2 if colour == "red" else 1)
    return ident


def one_red(house, ident, count):
    """-> delays in ms, one for each healthy far side"""
    number, _ = release(house, ident)
    houses.wait_for(lambda: len(house.came(number)) == count, 60, "the healthy ones")
    start = house.released(ident)
    return [(moment - start) * 1000 for moment in house.came(number)]


def run(sick):
    """-> delays in ms at each healthy far side, of each red's last healthy one, and what was held"""
    house = Fifty(tempfile.mkdtemp(prefix="tocsin-bench-"), os.environ["TOCSIN_BIN"], sick)
    logs = tempfile.mkdtemp(prefix="tocsin-bench-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    delays, lasts = [], []
    try:
        os.symlink(logs, house.path("log"))
        house.prepare()
        house.start()
        houses.wait_for(house.ready, 120, "every channel")
        house.bring_in()
        blue = ready_to_go(house, "blue", "底")
        reds = [ready_to_go(house, "red", "红%d" % n) for n in range(REDS)]
        house.release("met", blue)
        held = Held(house)
        held.start()
        paces = random.Random(REDS)
        for ident in reds:
            began = time.monotonic()
            took = one_red(house, ident, 10)
            delays += took
            lasts.append(max(took))
            time.sleep(max(0.0, EVERY * paces.uniform(0.7, 1.3) - (time.monotonic() - began)))
        held.stop()
        print("red: %d far sides, %d reds; blue blocks left: %d of %d; load %.1f; last healthy %s ms" % (
            len(house.kinds), REDS, house.left(), AUDIENCE // BLOCK, os.getloadavg()[0],
            " ".join("%.0f" % ms for ms in lasts)), file=sys.stderr)
        return delays, lasts, held
    finally:
        house.stop()
        shutil.rmtree(house.folder, ignore_errors=True)
        shutil.rmtree(logs, ignore_errors=True)


def main():
    sick, sick_lasts, alone, alone_lasts = [], [], [], []
    for kinds in (SICK, [], [], SICK):
        delays, lasts, seen = run(kinds)
        if kinds:
            held = seen
        (sick if kinds else alone).extend(delays)
        (sick_lasts if kinds else alone_lasts).extend(lasts)
    figure("red-first-byte-p99", at(sick, 0.99), GOAL_MS, "ms", len(sick))
    figure("red-first-byte-p50", statistics.median(sick), statistics.median(alone), "ms", len(sick))
    figure("red-last-healthy", statistics.median(sick_lasts), statistics.median(alone_lasts), "ms", len(sick_lasts))
    held.tell()


if __name__ == "__main__":
    main()
