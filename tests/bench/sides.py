# SPDX-License-Identifier: Apache-2.0
"""Far sides for bench_red.py, in a process of their own: a webhook's endpoint on each port, of one kind each.

    sides.py PORT:KIND...      kinds: healthy, slow (two seconds), silent (takes it and never answers), http500

Each request is a line on the output: when its first byte was here (s, by the clock of all), the port, the bulletin's number.
One thread and no library: what it costs must not be taken for what the house costs."""
import re
import selectors
import socket
import sys
import time

ANSWERS = {"healthy": b"200 OK", "slow": b"200 OK", "http500": b"500 Internal Server Error"}
SLOW = 2.0
IDENTIFIER = re.compile(rb'"identifier":\s*"([^"]+)"')
LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)\r\n", re.I)


class Line:
    """A connection: what has come of a request, and since when."""

    def __init__(self, port, kind):
        self.port, self.kind, self.bytes, self.since = port, kind, b"", 0.0


class Sides:
    def __init__(self, places):
        self.selector, self.late = selectors.DefaultSelector(), []
        for port, kind in places:
            door = socket.create_server(("127.0.0.1", port), backlog=128)
            door.setblocking(False)
            self.selector.register(door, selectors.EVENT_READ, (port, kind))

    def open(self, door, port, kind):
        line, _ = door.accept()
        line.setblocking(False)
        self.selector.register(line, selectors.EVENT_READ, Line(port, kind))

    def close(self, line):
        self.selector.unregister(line)
        line.close()

    def answer(self, line, kind):
        try:
            line.send(b"HTTP/1.1 " + ANSWERS[kind] + b"\r\nContent-Length: 2\r\n\r\n{}")
        except OSError:
            pass

    def read(self, line, talk, now):
        try:
            got = line.recv(1 << 20)
        except OSError:
            got = b""
        if not got:
            self.close(line)
            return
        talk.since = talk.since or now
        talk.bytes += got
        head, blank, body = talk.bytes.partition(b"\r\n\r\n")
        length = LENGTH.search(head + b"\r\n")
        if not blank or len(body) < int(length[1]):
            return
        number = IDENTIFIER.search(body)
        print("%.6f %d %s" % (talk.since, talk.port, number[1].decode() if number else "-"), flush=True)
        talk.bytes, talk.since = b"", 0.0
        if talk.kind == "slow":
            self.late.append((now + SLOW, line))
        elif talk.kind != "silent":
            self.answer(line, talk.kind)

    def turn(self):
        wait = max(0.0, self.late[0][0] - time.time()) if self.late else None
        ready = self.selector.select(wait)
        now = time.time()  # all that select names had come by now
        for key, _ in ready:
            if isinstance(key.data, Line):
                self.read(key.fileobj, key.data, now)
            else:
                self.open(key.fileobj, *key.data)
        while self.late and self.late[0][0] <= time.time():
            line = self.late.pop(0)[1]
            if line.fileno() >= 0:
                self.answer(line, "slow")


def main():
    sides = Sides([(int(port), kind) for port, kind in (place.split(":") for place in sys.argv[1:])])
    print("ready", flush=True)
    while True:
        sides.turn()


if __name__ == "__main__":
    main()
