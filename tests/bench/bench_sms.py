#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Short messages through Kannel (bearerbox, smsbox, fakesmsc): a blue warning to AUDIENCE recipients through the house, against a
bare sender that gives the same gateway the same requests on as many kept connections, with a listener for the same reports of the
phone network. In pairs, each with a gateway of its own; medians. From the first request (ours: the release on disk) to the last
answer of the gateway (ours: the last block's end, as recorded).

One pair of a million with --full or TOCSIN_BENCH_FULL set; TOCSIN_BENCH_AUDIENCE and TOCSIN_BENCH_PAIRS name others."""
import os
import selectors
import shutil
import socket
import statistics
import sys
import tempfile
import threading
import time

from beside import FULL, figure
from bulk import house_of, send
from arrivals import prepare, record
import kannel

AUDIENCE = int(os.environ.get("TOCSIN_BENCH_AUDIENCE", 1000000 if FULL else 10000))
PAIRS = int(os.environ.get("TOCSIN_BENCH_PAIRS", 1 if FULL else 5))
CONNECTIONS = 32


class Gateway:
    """With the settings it has in tests, in a folder of its own."""

    def __init__(self, sendsms=None):
        self.folder = tempfile.mkdtemp(prefix="tocsin-bench-kannel-")
        self.boxes = kannel.start(self.folder, {"sendsms": sendsms} if sendsms else None)

    def stop(self):
        self.boxes.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


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


def bare(text, count):
    """-> seconds"""
    gateway, listener = Gateway(), Listener()
    port = gateway.boxes.ports["sendsms"]
    callback = "http://127.0.0.1:%d/c/1-%%d-0123456789abcdef0123456789abcdef?type=%%%%d" % listener.port
    numbers = iter(range(count))
    waiting = selectors.DefaultSelector()
    begun = answered = 0

    def begin(peer):
        n = next(numbers, None)
        if n is not None:
            peer.sendall(request(port, "139%08d" % n, text, callback % n))
        return n is not None
    start = time.monotonic()
    for _ in range(CONNECTIONS):
        peer = socket.create_connection(("127.0.0.1", port))
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waiting.register(peer, selectors.EVENT_READ)
        begun += begin(peer)
    while answered < count:
        for key, _ in waiting.select(30):
            data = key.fileobj.recv(65536)
            if not data.startswith(b"HTTP/1.1 202"):
                raise RuntimeError("the gateway said %r" % data[:200])
            answered += 1
            begin(key.fileobj)
    took = time.monotonic() - start
    waiting.close()
    listener.ending = True
    gateway.stop()
    return took


def ours(count):
    """-> seconds, and the words that went out"""
    gateway = []

    def options(house):
        gateway.append(Gateway(house.ports["sendsms"]))
        return "options: {url: 'http://127.0.0.1:%d/cgi-bin/sendsms', username: %s, password: %s}" % (
            house.ports["sendsms"], kannel.USER, house.path("secrets", "sms"))
    try:
        with house_of(count, options) as house:
            house.gateway = gateway[0].boxes
            ident = prepare(house, "blue", "众")
            took = send(house, ident)
            text = record(house, "SELECT filled FROM bulletin_text WHERE target = 'sms' AND bulletin = ?", int(ident[1:]))[0][0]
            house.gateway = None
        return took, text
    finally:
        gateway[0].stop()


def main():
    mine, theirs = [], []
    for _ in range(PAIRS):
        took, text = ours(AUDIENCE)
        mine.append(AUDIENCE / took)
        theirs.append(AUDIENCE / bare(text, AUDIENCE))
        print("sms: %.0f a second, bare %.0f" % (mine[-1], theirs[-1]), file=sys.stderr)
    figure("sms-kannel", statistics.median(mine), statistics.median(theirs), "recipients/s", PAIRS)


if __name__ == "__main__":
    main()
