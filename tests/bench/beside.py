# SPDX-License-Identifier: Apache-2.0
"""What the benches share: figures, houses with a few far sides only, and HTTP far sides that
note who came when.

    import beside            finds tests/doubles and tests/e2e, too
    beside.FULL              the sizes of `--full`, or of TOCSIN_BENCH_FULL
"""
import asyncio
import glob
import json
import os
import statistics
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
for folder in ("doubles", "e2e"):
    sys.path.insert(0, os.path.join(HERE, os.pardir, folder))
import house as houses  # noqa: E402
from few import FewSides, Line  # noqa: E402,F401  (benches import it from here)

FULL = "--full" in sys.argv or bool(os.environ.get("TOCSIN_BENCH_FULL"))


def say(text):
    print(text, file=sys.stderr, flush=True)


def absent(rival, package):
    """Nothing was measured: no figure is printed, and the run says why."""
    say("%s is not installed (tests/install bench: Debian's %s): not measured" % (rival, package))
    sys.exit(77)


def figure(name, ours, against, unit, pairs):
    """against 0: there is no ratio (null)."""
    print(json.dumps({"bench": name, "ours": round(ours, 2), "against": round(against, 2), "ratio": round(ours / against, 3) if against else None,
                      "unit": unit, "pairs": pairs}), flush=True)


def at(values, share):
    """The value below which this share of them lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def latencies(name, ours, against, unit="ms"):
    """Two figures of as many pairs, medians and the ninety-ninth of a hundred."""
    say("%s: ours %s | against %s %s" % (name, " ".join("%.1f" % t for t in ours), " ".join("%.1f" % t for t in against), unit))
    figure(name + "-p50", statistics.median(ours), statistics.median(against), unit, len(ours))
    figure(name + "-p99", at(ours, 0.99), at(against, 0.99), unit, len(ours))


def cpu_seconds(pid):
    """Processor time a program has taken, all its threads', to the nanosecond."""
    total = 0
    for path in glob.glob("/proc/%d/task/*/schedstat" % pid):
        with open(path, encoding="ascii") as text:
            total += int(text.read().split()[0])
    return total / 1e9


class Hooks(threading.Thread):
    """HTTP far sides in a loop of their own: each says 200 to everything, and notes when whose message was answered.
    key(body object) -> the message's name."""

    def __init__(self, ports, key):
        super().__init__(daemon=True)
        self.ports, self.key, self.answered, self.ready = ports, key, {}, threading.Event()
        self.changed, self.away = threading.Condition(threading.RLock()), False

    def run(self):
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        for name, port in self.ports.items():
            loop.run_until_complete(asyncio.start_server(self.serve(name), "127.0.0.1", port))
        self.ready.set()
        loop.run_forever()

    def serve(self, name):
        async def talk(reader, writer):
            try:
                while True:
                    head = await reader.readuntil(b"\r\n\r\n")
                    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
                    body = await reader.readexactly(int(lengths[0].split(b":")[1]))
                    if self.away:
                        return
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
                    self.note(name, json.loads(body), time.time())
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()
        return talk

    def note(self, name, body, moment):
        with self.changed:
            self.answered.setdefault(self.key(body), {}).setdefault(name, moment)
            self.changed.notify_all()

    def wait_some(self, key, seconds):
        """Until all of them have answered, or no longer. -> have they?"""
        with self.changed:
            return self.changed.wait_for(lambda: len(self.answered.get(key, ())) == len(self.ports), seconds)

    def wait_all(self, key, seconds=30):
        """When the last of them answered."""
        with self.changed:
            if not self.wait_some(key, seconds):
                raise TimeoutError("%s: only %s answered" % (key, sorted(self.answered.get(key, ()))))
            return max(self.answered[key].values())

    def got(self, key):
        with self.changed:
            return len(self.answered.get(key, ()))


class Few(FewSides, houses.House):
    """A house with these far sides only: {name: row of the settings}; lanes by `laned`."""

    def __init__(self, rows, laned, prefix="tocsin-bench-"):
        super().__init__(tempfile.mkdtemp(prefix=prefix), os.environ["TOCSIN_BIN"])
        self.rows, self.laned = rows, laned
