#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""From the call that releases a warning to the yes of the last of seven far sides, on loopback, against bare_release.c: a
program that writes and syncs once and then says the same to the same far sides, byte for byte, over connections that are
open, and writes the same files. What it says is taken down from a warning of ours that goes by a line which listens; then
ours go straight. Each side has its own doubles of Weibo, WeChat (that publishes at once), WeCom and the webhook; mosquitto
and Kannel are one.

Ours ends with the last acceptance in the record, theirs with the last answer read. Kannel answers late to both (its smsbox
waits for its bearerbox, and a delayed acknowledgement): the second pair of figures is that of the six others."""
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time

from beside import FULL, Line, latencies, say
from arrivals import prepare, record
from house import House, Program, TARGETS, listens, wait_for
from ports import free_port

PAIRS, WARM = (300, 10) if FULL else (80, 5)
DOUBLES = ("weibo", "wechat", "wecom", "webhook")
HTTP = ("sendsms",) + DOUBLES


class Listener:
    """Passes connections on to a port of this machine and takes down what the client says: .said, a list of requests for
    each connection."""

    def __init__(self, port):
        self.target, self.said = port, []
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client = self.socket.accept()[0]
            far = socket.create_connection(("127.0.0.1", self.target))
            requests = []
            self.said.append(requests)
            threading.Thread(target=self.pass_on, args=(client, far, requests), daemon=True).start()

    @staticmethod
    def pass_on(client, far, requests):
        turn = {"asks": False}

        def answers():
            while True:
                said = far.recv(1 << 16)
                turn["asks"] = False
                if not said:
                    return
                client.sendall(said)
        threading.Thread(target=answers, daemon=True).start()
        while True:
            said = client.recv(1 << 16)
            if not said:
                return
            if not turn["asks"]:
                requests.append(b"")
            turn["asks"] = True
            requests[-1] += said
            far.sendall(said)


class Heard(House):
    """A house whose HTTP far sides are reached by listeners until straight()."""

    def __init__(self):
        super().__init__(tempfile.mkdtemp(prefix="tocsin-bench-"), os.environ["TOCSIN_BIN"])
        self.listeners = {}

    def make_settings(self):
        own = self.ports
        self.listeners = self.listeners or {name: Listener(own[name]) for name in HTTP}
        self.ports = {**own, **{name: listener.port for name, listener in self.listeners.items()}}
        super().make_settings()
        self.ports = own

    def begin(self):
        self.prepare()
        self.raise_limits()
        self.doubles_options += ["--wechat-asks", "1"]
        self.start()

    def straight(self):
        daemon = self.programs["tocsind"]
        daemon.stop()
        House.make_settings(self)
        self.raise_limits()
        daemon.start()
        wait_for(self.healthy, 30, "tocsind")


def release(house):
    """-> {far side: ms from the call to its acceptance on record}"""
    ident = prepare(house)
    line = Line(house.ports["api"])
    began = time.time()
    status, answer = line.post("/api/v1/bulletins/%s/release" % ident, b"", Authorization="Bearer " + house.tokens["met-lead"])
    assert status == 200, answer
    house.wait_delivered(ident)
    rows = record(house, "SELECT target, accepted FROM delivery WHERE bulletin = ?", int(ident[1:]))
    assert len(rows) == len(TARGETS)
    return {target: accepted - began * 1000 for target, accepted in rows}


def take_down(house):
    """One warning's way. -> (requests of each connection by far side, messages, files)"""
    for listener in house.listeners.values():
        for requests in listener.said:
            requests.clear()
    heard = subprocess.Popen(["/usr/bin/mosquitto_sub", "-h", "127.0.0.1", "-p", str(house.ports["mqtt"]), "-V", "5", "-q", "1",
                              "-R", "--retain-as-published", "-t", "alert/v1/#", "-F", "%r %t %x"], stdout=subprocess.PIPE, text=True)
    time.sleep(0.5)
    began = time.time()
    release(house)
    paths = [os.path.join(folder, name) for folder, _, names in os.walk(house.path("site")) for name in names]
    files = []
    for path in paths:  # before the next turn of the site, which has an index signed anew in it
        if not os.path.islink(path) and os.stat(path).st_mtime >= began:
            with open(path, "rb") as text:
                files.append(text.read())
    time.sleep(0.5)
    heard.terminate()
    messages = [line.rstrip("\n").split(" ") for line in heard.stdout if "/heartbeat " not in line]
    said = {name: [list(one) for one in listener.said if one] for name, listener in house.listeners.items()}
    return said, messages, files


class Bare:
    """bare_release with its plan, and doubles of its own."""

    def __init__(self, house, said, messages, files):
        self.folder, self.ports = house.path("bare"), {name: free_port() for name in DOUBLES}
        os.makedirs(os.path.join(self.folder, "site"))
        arguments = [str(self.ports[name]) if before == "--%s-port" % name else word
                     for before, word in zip([""] + house.far["doubles"].arguments, house.far["doubles"].arguments)
                     for name in [before[2:-5] if before.endswith("-port") else ""]]
        self.doubles = house.far["bare-doubles"] = Program("bare-doubles", arguments, house.path("log", "bare-doubles.log"))
        self.doubles.start()
        for port in self.ports.values():
            wait_for(lambda port=port: listens(port), 20, "the bare program's doubles")
        self.house, self.kept = house, 0
        self.lines, self.far = ["disk %s %d" % (self.path("record"), sum(map(len, files)))], ["disk"]
        for name, connections in said.items():
            for requests in connections:
                self.lines.append(" ".join(["http", str({**house.ports, **self.ports}[name]), *map(self.keep, requests)]))
                self.far.append("sms" if name == "sendsms" else name)
        packed = b"".join(("%s %s %d\n" % (retain, topic, len(payload) // 2)).encode() + bytes.fromhex(payload)
                          for retain, topic, payload in messages)
        self.lines.append("mqtt %d %s tocsin %s" % (house.ports["mqtt"], self.keep(packed), house.secret_value("mqtt")))
        self.far += ["mqtt"] + ["website"] * len(files)
        for text in files:
            self.lines.append("file %s %s" % (self.keep(text), os.path.join(self.folder, "site", str(self.kept))))
        self.process = None

    def path(self, name):
        return os.path.join(self.folder, name)

    def keep(self, what):
        self.kept += 1
        with open(self.path("part-%d" % self.kept), "wb") as out:
            out.write(what)
        return self.path("part-%d" % self.kept)

    def start(self):
        with open(self.path("plan"), "w", encoding="utf-8") as out:
            out.write("\n".join(self.lines) + "\n")
        program = os.path.join(os.path.dirname(self.house.binaries), "bench", "bare_release")
        self.process = subprocess.Popen([program, self.path("plan")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def forget(self):
        """What the last round said is new to the doubles again."""
        for name, port in self.ports.items():
            Line(port).post("/forget", b'{"far": "%s"}' % name.encode(), Content_Type="application/json")

    def round(self):
        """-> {far side: ms}"""
        self.forget()
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        took = self.process.stdout.readline()
        assert took, "bare_release ended: %d" % self.process.wait()
        times = list(map(int, took.split()))
        assert len(times) == len(self.far)
        return {far: max(time for time, name in zip(times, self.far) if name == far) / 1000 for far in TARGETS}


def main():
    house, bare = Heard(), None
    try:
        house.begin()
        for _ in range(WARM):
            release(house)
        said, messages, files = take_down(house)
        say("release: the same for both: %s requests, %d messages, %d files" % (
            " ".join("%s %d" % (name, sum(map(len, one))) for name, one in said.items()), len(messages), len(files)))
        house.straight()
        bare = Bare(house, said, messages, files)
        bare.start()
        took = [], []
        for n in range(PAIRS + WARM):
            for side in (0, 1) if n % 2 else (1, 0):
                took[side].append(release(house) if side == 0 else bare.round())
                time.sleep(0.05)
        for far in TARGETS:
            say("release: %-8s ours %5.1f, theirs %5.1f ms" % (far, *(statistics.median(one[far] for one in side[WARM:])
                                                                 for side in took)))
        latencies("release-seven", *([max(one.values()) for one in side[WARM:]] for side in took))
        latencies("release-but-sms", *([max(ms for far, ms in one.items() if far != "sms") for one in side[WARM:]]
                                       for side in took))
    finally:
        if bare and bare.process:
            bare.process.kill()
        house.stop()
        shutil.rmtree(house.folder, ignore_errors=True)


if __name__ == "__main__":
    main()
