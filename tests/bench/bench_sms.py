#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Short messages through Kannel (bearerbox, smsbox, fakesmsc): a blue warning to AUDIENCE recipients through the house, against a
bare sender that gives the same gateway the same requests on as many kept connections, with a listener for the same reports of the
phone network. From the first request (ours: the release on disk) to the last answer of the gateway (ours: the last block's end, as
recorded).

Both sides of a pair use one gateway, as it stands after a run of each that does not count; who goes first changes from pair to
pair, and nobody begins before every report of the one before has been answered for. Kannel's spool, a file for each message, lies in
memory: ext4 looks through the inodes deleted in the last seconds before it gives a new one, which took most of bearerbox's time, more or
less by what was deleted just before. Kannel leaves a request without its answer now and then, ours or the bare sender's, and then a side
waits out its ten seconds: such a pair does not count. Kannel does most of the work: what its programs and ours took
of the processor for each message is said beside the rates, and hardly depends on who else is at work.

One pair of a million with --full or TOCSIN_BENCH_FULL set; TOCSIN_BENCH_AUDIENCE and TOCSIN_BENCH_PAIRS name others."""
import os
import selectors
import shutil
import socket
import statistics
import tempfile
import threading
import time

from beside import FULL, cpu_seconds, figure, say
from bulk import house_of, send
from arrivals import elsewhere, prepare, record, warning
import kannel

AUDIENCE = int(os.environ.get("TOCSIN_BENCH_AUDIENCE", 1000000 if FULL else 10000))
PAIRS = int(os.environ.get("TOCSIN_BENCH_PAIRS", 1 if FULL else 5))
WARM_UP, CONNECTIONS, ANSWER_SECONDS, QUIET_SECONDS = 500, 32, 10, 3


class Listener(threading.Thread):
    """Says yes to every report, on kept connections."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.socket.getsockname()[1]
        self.reports, self.ending = 0, False
        self.start()

    def run(self):
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.socket, selectors.EVENT_READ)
            while not self.ending:
                for key, _ in waiting.select(0.2):
                    if key.fileobj is self.socket:
                        waiting.register(self.socket.accept()[0], selectors.EVENT_READ)
                        continue
                    data = key.fileobj.recv(65536)
                    if data:
                        self.reports += data.count(b"\r\n\r\n")
                        key.fileobj.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n" * data.count(b"\r\n\r\n"))
                    else:
                        waiting.unregister(key.fileobj)
                        key.fileobj.close()


def request(port, number, text, callback):
    body = text.encode()
    return ("POST /cgi-bin/sendsms HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: */*\r\nContent-Type: text/plain; charset=UTF-8\r\n"
            "X-Kannel-Username: %s\r\nX-Kannel-Password: %s\r\nX-Kannel-To: %s\r\nX-Kannel-Coding: 2\r\nX-Kannel-Priority: 0\r\n"
            "X-Kannel-Validity: 360\r\nX-Kannel-DLR-Mask: 23\r\nX-Kannel-DLR-Url: %s\r\nContent-Length: %d\r\n\r\n"
            % (port, kannel.USER, kannel.PASSWORD, number, callback, len(body))).encode() + body


def drained(left):
    """Every report was answered for, or no more come: the gateway forgets somebody now and then."""
    before, since = left(), time.monotonic()
    while before > 0 and time.monotonic() - since < QUIET_SECONDS:
        time.sleep(0.05)
        now = left()
        if now != before:
            before, since = now, time.monotonic()


class Taken:
    """Processor time, us a message, of each program."""

    def __init__(self, gateway, **more):
        self.pids = {"bearerbox": gateway.bearerbox.pid, "smsbox": gateway.smsbox.pid, **more}
        self.before = {name: cpu_seconds(pid) for name, pid in self.pids.items()}

    def say(self, side, count, took, without):
        spent = {name: (cpu_seconds(pid) - self.before[name]) / count * 1e6 for name, pid in self.pids.items()}
        say("sms: %-4s %5.0f a second; us of the processor each: %s%s" % (
            side, count / took, "  ".join("%s %.0f" % item for item in spent.items()),
            "; %d without an answer" % without if without else ""))


def bare(gateway, text, count):
    """-> seconds; None: somebody got no answer"""
    listener = Listener()
    port = gateway.ports["sendsms"]
    callback = "http://127.0.0.1:%d/c/1-%%d-0123456789abcdef0123456789abcdef?type=%%%%d" % listener.port
    numbers = iter(range(count))
    waiting = selectors.DefaultSelector()
    answered = 0
    taken = Taken(gateway, sender=os.getpid())

    def begin(peer):
        n = next(numbers, None)
        if n is not None:
            peer.sendall(request(port, "139%08d" % n, text, callback % n))
    start = time.monotonic()
    for _ in range(CONNECTIONS):
        peer = socket.create_connection(("127.0.0.1", port))
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waiting.register(peer, selectors.EVENT_READ)
        begin(peer)
    while answered < count:
        events = waiting.select(ANSWER_SECONDS)
        if not events:
            break
        for key, _ in events:
            data = key.fileobj.recv(65536)
            if not data.startswith(b"HTTP/1.1 202"):
                raise RuntimeError("the gateway said %r" % data[:200])
            answered += 1
            begin(key.fileobj)
    took = time.monotonic() - start
    drained(lambda: count - listener.reports)
    taken.say("bare", count, took, count - answered)
    for key in list(waiting.get_map().values()):
        key.fileobj.close()
    waiting.close()
    listener.ending = True
    listener.join()
    return took if answered == count else None


def ours(house, gateway, ident, count):
    """-> seconds; None: somebody got no answer"""
    taken = Taken(gateway, **{name: house.programs[name].process.pid for name in ("tocsind", "channel-sms-routine")})
    took = send(house, ident, count)
    without = count - reached(house, ident)
    drained(lambda: count - reported(house, ident))
    taken.say("ours", count, took, without)
    return None if without else took


def reached(house, ident):
    return record(house, "SELECT sum(reached) FROM delivery WHERE bulletin = ?", int(ident[1:]))[0][0]


def reported(house, ident):
    return record(house, "SELECT coalesce(sum(r.delivered + r.failed + r.rejected), 0) FROM reported r JOIN delivery d"
                         " ON d.id = r.delivery WHERE d.bulletin = ?", int(ident[1:]))[0][0]


def words_of(house, ident):
    text = next(one["text"] for one in house.status(ident)["texts"] if one["target"] == "sms")
    return text.replace("{sent}", "2026年11月24日08时00分")


def warm_up(house, gateway):
    """-> the words of it"""
    ident = house.submit("met-draft", elsewhere(warning("blue", "试")))
    house.approve("met", ident, 1)
    ours(house, gateway, ident, WARM_UP)
    text = words_of(house, ident)
    bare(gateway, text, WARM_UP)
    return text


def main():
    folder, boxes = tempfile.mkdtemp(prefix="tocsin-bench-kannel-", dir="/dev/shm"), []

    def options(house):
        boxes.append(kannel.start(folder, {"sendsms": house.ports["sendsms"]}))
        return "options: {url: 'http://127.0.0.1:%d/cgi-bin/sendsms', username: %s, password: %s}" % (
            house.ports["sendsms"], kannel.USER, house.path("secrets", "sms"))
    mine, theirs = [], []
    try:
        with house_of(AUDIENCE, options, few=WARM_UP) as house:
            gateway = boxes[0]
            text = warm_up(house, gateway)
            for n in range(2 * PAIRS):
                ident = prepare(house, "blue", "众%d" % n)
                sides = {"ours": lambda ident=ident: ours(house, gateway, ident, AUDIENCE), "bare": lambda: bare(gateway, text, AUDIENCE)}
                took = {side: sides[side]() for side in (sorted(sides) if n % 2 else sorted(sides, reverse=True))}
                if len(mine) < PAIRS and all(took.values()):
                    mine.append(AUDIENCE / took["ours"])
                    theirs.append(AUDIENCE / took["bare"])
                if len(mine) == PAIRS:
                    break
            say("sms: ours to bare, pair by pair: %s" % " ".join("%.2f" % (a / b) for a, b in zip(mine, theirs)))
    finally:
        for one in boxes:
            one.stop()
        shutil.rmtree(folder, ignore_errors=True)
    figure("sms-kannel", statistics.median(mine), statistics.median(theirs), "recipients/s", len(mine))


if __name__ == "__main__":
    main()
