#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Red among the sick: fifty far sides (10 healthy, 20 that take two seconds, 10 that accept and say nothing, 10 that answer
500), each a webhook with its two processes, a blue job under way to an audience of AUDIENCE, and a red every EVERY seconds.
From the release on disk (the record's own moment) to the first byte at each healthy far side; beside it the same reds in a house
with the healthy ones only. Red as it comes: its own audience and its forty sick far sides are part of it.

With TOCSIN_BENCH_FULL set: thirty reds, ten seconds apart."""
import asyncio
import json
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
for folder in ("doubles", "e2e"):
    sys.path.insert(0, os.path.join(HERE, os.pardir, folder))
import house as houses  # noqa: E402
from arrivals import prepare, record, release  # noqa: E402
from ports import free_port  # noqa: E402

FULL = bool(os.environ.get("TOCSIN_BENCH_FULL"))
REDS, EVERY = (30, 10.0) if FULL else (10, 2.0)
AUDIENCE, BLUES = 30000, 2
GOAL_MS = 50
SICK = ["slow"] * 20 + ["silent"] * 10 + ["http500"] * 10


class FarSides(threading.Thread):
    """Listeners of one kind each, in a loop of their own; who came when is kept."""

    def __init__(self, kinds):
        super().__init__(daemon=True)
        self.kinds, self.first, self.ready = kinds, {}, threading.Event()
        self.loop = asyncio.new_event_loop()

    def run(self):
        asyncio.set_event_loop(self.loop)
        for name, (port, kind) in self.kinds.items():
            self.loop.run_until_complete(asyncio.start_server(self.serve(name, kind), "127.0.0.1", port))
        self.ready.set()
        self.loop.run_forever()

    def serve(self, name, kind):
        async def talk(reader, writer):
            try:
                while True:
                    head = await reader.readuntil(b"\r\n\r\n")
                    came = time.time()
                    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
                    body = json.loads(await reader.readexactly(int(lengths[0].split(b":")[1])))
                    self.first.setdefault((body["identifier"], name), came)
                    if kind == "silent":
                        await reader.read()
                        return
                    if kind == "slow":
                        await asyncio.sleep(2)
                    status = b"500 Internal Server Error" if kind == "http500" else b"200 OK"
                    writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\n{}")
                    await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()
        return talk


class Fifty(houses.House):
    """Webhooks only, and an audience behind a double that counts."""

    def __init__(self, folder, binaries, sick):
        super().__init__(folder, binaries)
        kinds = ["healthy"] * 10 + sick
        self.kinds = {"hook-%02d" % n: (free_port(), kind) for n, kind in enumerate(kinds)}
        self.sides = FarSides(self.kinds)
        houses.TARGETS = houses.LANED = ("sms",) + tuple(self.kinds)

    def make_settings(self):
        super().make_settings()
        self.write("recipients.csv", "number,division\n" + "".join("138%08d,120116\n" % n for n in range(AUDIENCE)))
        with open(self.path("tocsin.yaml"), encoding="utf-8") as text:
            words = text.read()
        words = words[:words.index("targets:\n")] + "targets:\n" + (
            "  - {name: sms, kind: sms, type: 'null', signature: 【天津应急】, recipients: %s,\n"
            "     options: {delay_ms: 1000}}\n" % self.path("recipients.csv")) + "".join(
                "  - {name: %s, kind: webhook, options: {url: 'http://127.0.0.1:%d/', secret: %s}}\n"
                % (name, port, self.path("secrets", "webhook")) for name, (port, _) in self.kinds.items())
        self.write("tocsin.yaml", words + "sources:\n  - {name: met-feed, options: {path: %s}}\n" % self.path("incoming"),
                   0o644)

    def start_far_sides(self):
        self.sides.start()
        self.sides.ready.wait(10)

    def released(self, ident):
        return record(self, "SELECT at FROM audit WHERE what = 'released' AND ref = ?", ident)[0][0] / 1000


def resident(house):
    with open("/proc/%d/statm" % house.programs["tocsind"].process.pid, encoding="ascii") as text:
        return int(text.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6


def run(sick):
    """-> delays in ms at each healthy far side, and of each red's last healthy one"""
    folder = tempfile.mkdtemp(prefix="tocsin-bench-")
    house = Fifty(folder, os.environ["TOCSIN_BIN"], sick)
    healthy = [name for name, (_, kind) in house.kinds.items() if kind == "healthy"]
    try:
        house.prepare()
        house.start()
        here = lambda: house.fetch("/metrics", "http://127.0.0.1:%d" % house.ports["metrics"]).count(  # noqa: E731
            "tocsin_agent_connected{")
        houses.wait_for(lambda: here() == 2 * len(houses.TARGETS), 120, "every channel")
        blues = [prepare(house, "blue", "底%d" % n) for n in range(BLUES)]
        reds = [prepare(house, "red", "红%d" % n) for n in range(REDS)]
        for ident in blues:
            house.release("met", ident)
        delays, lasts, before = [], [], resident(house)
        for ident in reds:
            began = time.monotonic()
            number, _ = release(house, ident)
            came = lambda: [house.sides.first[number, far] for far in healthy  # noqa: E731
                            if (number, far) in house.sides.first]
            houses.wait_for(lambda: len(came()) == len(healthy), 60, "the healthy ones")
            start = house.released(ident)
            delays += [(moment - start) * 1000 for moment in came()]
            lasts.append((max(came()) - start) * 1000)
            time.sleep(max(0.0, EVERY - (time.monotonic() - began)))
        print("red: %d far sides, tocsind %.0f MB before, %.0f MB after %d reds; blue blocks left: %d" % (
            len(house.kinds), before, resident(house), REDS, record(
                house, "SELECT count(*) FROM delivery WHERE target = 'sms' AND level = 'blue' AND state IN"
                       " ('waiting', 'sending')")[0][0]), file=sys.stderr)
        return sorted(delays), lasts
    finally:
        house.stop()
        shutil.rmtree(folder, ignore_errors=True)


def figure(name, ours, against, pairs):
    print(json.dumps({"bench": name, "ours": round(ours, 1), "against": round(against, 1),
                      "ratio": round(ours / against, 3), "unit": "ms", "pairs": pairs}), flush=True)


def p99(values):
    return values[min(len(values) - 1, int(len(values) * 0.99))]


def main():
    sick, sick_lasts = run(SICK)
    alone, alone_lasts = run([])
    figure("red-first-byte-p99", p99(sick), GOAL_MS, len(sick))
    figure("red-first-byte-p50", statistics.median(sick), statistics.median(alone), len(sick))
    figure("red-last-healthy", statistics.median(sick_lasts), statistics.median(alone_lasts), REDS)


if __name__ == "__main__":
    main()
