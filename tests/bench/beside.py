# SPDX-License-Identifier: Apache-2.0
"""What the benches share: figures, houses with a few far sides only, HTTP far sides that
note who came when, and a client that costs the machine little.

    import beside            finds tests/doubles and tests/e2e, too
    beside.FULL              the sizes of `--full`, or of TOCSIN_BENCH_FULL
"""
import asyncio
import glob
import json
import os
import socket
import statistics
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
for folder in ("doubles", "e2e"):
    sys.path.insert(0, os.path.join(HERE, os.pardir, folder))
import house as houses  # noqa: E402

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


class Few(houses.House):
    """A house with these far sides only: {name: row of the settings}; lanes by `laned`."""

    def __init__(self, rows, laned, prefix="tocsin-bench-"):
        super().__init__(tempfile.mkdtemp(prefix=prefix), os.environ["TOCSIN_BIN"])
        self.rows = rows
        houses.TARGETS, houses.LANED = tuple(rows), laned

    def make_settings(self):
        super().make_settings()
        with open(self.path("tocsin.yaml"), encoding="utf-8") as text:
            words = text.read()
        begin, end = words.index("targets:\n"), words.index("sources:\n")
        self.write("tocsin.yaml", words[:begin] + "targets:\n" + "".join(
            "  - {name: %s, %s}\n" % (name, row.format(folder=self.folder, **self.ports)) for name, row in self.rows.items())
            + words[end:], 0o644)

    def channels_here(self):
        wanted = sum(2 if name in houses.LANED else 1 for name in houses.TARGETS)
        metrics = self.fetch("/metrics", "http://127.0.0.1:%d" % self.ports["metrics"])
        return metrics.count("tocsin_agent_connected{") == wanted

    def wait_channels(self):
        houses.wait_for(self.channels_here, 60, "every channel")


class Line:
    """One connection that stays, for many requests."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.got = b""

    def post(self, path, body, **headers):
        """-> (status, body)"""
        head = "".join("%s: %s\r\n" % (name.replace("_", "-"), value) for name, value in headers.items())
        self.socket.sendall(("POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%sContent-Length: %d\r\n\r\n" % (
            path, head, len(body))).encode() + body)
        while b"\r\n\r\n" not in self.got:
            self.more()
        head, self.got = self.got.split(b"\r\n\r\n", 1)
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        while len(self.got) < length:
            self.more()
        answer, self.got = self.got[:length], self.got[length:]
        return int(head.split()[1]), answer

    def more(self):
        more = self.socket.recv(1 << 16)
        if not more:
            raise ConnectionError("closed")
        self.got += more
