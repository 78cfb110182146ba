#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Beside Debian's prometheus-alertmanager (group_wait 0), both to seven webhook receivers of one kind, the same words: from
the call that makes it leave to the last receiver's answer. Ours is checked by policy, signed and on disk before a byte
leaves; Alertmanager holds alerts in memory. In turns with both goes bare_release.c, which writes 64 KiB, syncs them and says
the same to seven receivers of its own: what the disk and the receivers take of anybody's time (`alertmanager-floor`, against
Alertmanager, too).

Then the same death for both: kill -9 of the program that said 2xx, as soon as it has said so, and a new start; once while the
receivers answer, when it hangs on a millisecond what has left before the death, and once while they are away until
it is back. What never arrived is counted, of KILLS times seven."""
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time

from beside import FULL, Few, Hooks, Line, absent, figure, latencies, say
from arrivals import prepare, warning
from house import OPENER, wait_for
from ports import free_port

PLAN_DISK = 65536
PAIRS, KILLS = (200, 50) if FULL else (60, 10)
NAMES = ["hook-%d" % n for n in range(7)]
PROGRAM = shutil.which("prometheus-alertmanager") or "/usr/bin/prometheus-alertmanager"
SETTINGS = """\
route: {{receiver: seven, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 24h}}
receivers:
  - name: seven
    webhook_configs:
{hooks}
"""


class Alertmanager:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="tocsin-bench-")
        self.port, self.process = free_port(), None
        self.hooks = Hooks({name: free_port() for name in NAMES}, lambda body: body["alerts"][0]["labels"]["identifier"])
        with open(os.path.join(self.folder, "alertmanager.yml"), "w", encoding="utf-8") as out:
            out.write(SETTINGS.format(hooks="\n".join(
                "      - {url: 'http://127.0.0.1:%d/', send_resolved: false}" % port for port in self.hooks.ports.values())))
        self.hooks.start()
        self.hooks.ready.wait(10)
        self.start()

    def start(self):
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "--config.file", os.path.join(self.folder, "alertmanager.yml"), "--storage.path",
                 os.path.join(self.folder, "state"), "--web.listen-address", "127.0.0.1:%d" % self.port,
                 "--cluster.listen-address="], stdout=log, stderr=log, start_new_session=True)
        wait_for(self.here, 30, "Alertmanager")
        self.line = Line(self.port)

    def here(self):
        try:
            return OPENER.open("http://127.0.0.1:%d/-/ready" % self.port, timeout=2).status == 200
        except OSError:
            return False

    def push(self, number, words):
        alert = [{"labels": {"alertname": "warning", "severity": "orange", "identifier": number}, "annotations": {"cap": words}}]
        began = time.time()
        status, answer = self.line.post("/api/v2/alerts", json.dumps(alert, ensure_ascii=False).encode(),
                                        Content_Type="application/json")
        assert status == 200, answer
        return began

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class Ours(Few):
    def __init__(self):
        hooks = {name: free_port() for name in NAMES}
        super().__init__({name: "kind: webhook, options: {{url: 'http://127.0.0.1:%d/', secret: {folder}/secrets/webhook}}" % port
                          for name, port in hooks.items()}, tuple(NAMES))
        self.hooks = Hooks(hooks, lambda body: body["identifier"])

    def start_far_sides(self):
        self.hooks.start()
        self.hooks.ready.wait(10)

    def begin(self):
        self.prepare()
        self.start()
        self.wait_channels()
        self.connect()

    def connect(self):
        self.line = Line(self.ports["api"])

    def push(self, ident):
        began = time.time()
        status, answer = self.line.post("/api/v1/bulletins/%s/release" % ident, b"",
                                        Authorization="Bearer " + self.tokens["met-lead"])
        assert status == 200, answer
        return began, json.loads(answer)["identifier"]


class Bare:
    """bare_release with one write and seven receivers like ours."""

    def __init__(self, house):
        ports = {name: free_port() for name in NAMES}
        self.hooks = Hooks(ports, lambda body: body["identifier"])
        self.hooks.start()
        self.hooks.ready.wait(10)
        body = json.dumps({"identifier": "bare", "text": "警" * 350}, ensure_ascii=False).encode()
        ask = house.write("ask", "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body.decode()))
        plan = house.write("plan", "disk %s %d\n" % (house.path("bare-disk"), PLAN_DISK) + "".join(
            "http %d %s\n" % (port, ask) for port in ports.values()))
        program = os.path.join(os.path.dirname(house.binaries), "bench", "bare_release")
        self.process = subprocess.Popen([program, plan], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def round(self):
        """-> ms until the disk had it, until the last receiver had answered"""
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        times = list(map(int, self.process.stdout.readline().split()))
        assert len(times) == 1 + len(NAMES)
        return times[0] / 1000, max(times) / 1000

    def stop(self):
        self.process.kill()
        self.process.wait()


def pairs(ours, theirs, bare):
    """-> ms: ours, theirs, the floor, the disk alone"""
    took = [], [], [], []
    for n in range(PAIRS + 3):
        ident, words = prepare(ours, "orange", "第%d次" % n), warning("orange", "第%d次" % n)
        time.sleep(0.05)  # the last approval was hardly ever a moment before
        for side in (0, 2, 1) if n % 2 else (1, 2, 0):
            if side == 0:
                began, number = ours.push(ident)
                took[0].append((ours.hooks.wait_all(number) - began) * 1000)
            elif side == 1:
                began = theirs.push("pair-%d" % n, words)
                took[1].append((theirs.hooks.wait_all("pair-%d" % n) - began) * 1000)
            else:
                disk, last = bare.round()
                took[2].append(last)
                took[3].append(disk)
            time.sleep(0.05)  # what comes behind the last answer is not the other side's
    return [times[3:] for times in took]


def lost(house, theirs, away):
    """-> what never arrived of ours, of theirs"""
    idents = [prepare(house, "orange", "终%d%d" % (away, n)) for n in range(KILLS)]
    numbers = [], []
    for n, ident in enumerate(idents):
        theirs.hooks.away = house.hooks.away = away
        name = "kill-%d-%d" % (away, n)
        theirs.push(name, warning("orange"))
        theirs.kill()
        numbers[1].append(name)
        daemon = house.programs["tocsind"]
        starts = daemon.starts
        numbers[0].append(house.push(ident)[1])
        daemon.kill()
        theirs.start()
        wait_for(lambda: daemon.starts > starts and house.healthy(), 30, "tocsind again")  # pylint: disable=cell-var-from-loop
        theirs.hooks.away = house.hooks.away = False
        house.connect()
        house.hooks.wait_some(numbers[0][-1], 20)
    time.sleep(2)  # for what Alertmanager may still bring
    return [sum(len(NAMES) - hooks.got(number) for number in mine)
            for hooks, mine in ((house.hooks, numbers[0]), (theirs.hooks, numbers[1]))]


def main():
    if not os.access(PROGRAM, os.X_OK):
        absent("Alertmanager", "prometheus-alertmanager")
    house, theirs, bare = Ours(), None, None
    try:
        house.begin()
        theirs = Alertmanager()
        bare = Bare(house)
        took = pairs(house, theirs, bare)
        latencies("alertmanager-seven", took[0], took[1])
        latencies("alertmanager-floor", took[2], took[1])
        say("alertmanager: of the floor the disk takes %.2f ms (median)" % statistics.median(took[3]))
        for away in (False, True):
            ours, against = lost(house, theirs, away)
            say("alertmanager: receivers %s, of %d deliveries after kill -9 we lost %d, Alertmanager %d" % (
                "away" if away else "there", KILLS * len(NAMES), ours, against))
            figure("alertmanager-lost" + "-away" * away, ours, against, "deliveries", KILLS * len(NAMES))
    finally:
        house.stop()
        for other in (theirs, bare):
            if other:
                other.stop()
        shutil.rmtree(house.folder, ignore_errors=True)


if __name__ == "__main__":
    main()
