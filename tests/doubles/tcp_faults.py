# SPDX-License-Identifier: Apache-2.0
"""A line between a channel and its far side that fails: passes TCP connections on to a port of this machine, and breaks
the next ones in whose course the client says something.

    with Line(port) as line: ...; line.port; line.fail("reset"); line.failed

Kinds: delay (what the far side says comes "seconds" later); drip (32 bytes each 4 ms, both ways); reset (the far side gets
the request; once it answers, the client gets a RST in place of the answer); hole (what the client says goes nowhere, and
nothing comes); half (the far side gets the request, and the client a FIN in place of the answer: nothing more will be
said, but the line stays open the other way).
"""
import contextlib
import socket
import struct
import threading
import time

DRIP, DRIP_SECONDS, LONGEST = 32, 0.004, 120


class Line:
    def __init__(self, port):
        self.target, self.lock, self.faults, self.failed = port, threading.Lock(), [], 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port, self.sockets, self.closed = self.listener.getsockname()[1], [], False
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closed = True
        for one in [self.listener, *self.sockets]:
            end(one)

    def fail(self, kind, count=1, seconds=1.0):
        with self.lock:
            self.faults, self.failed = [(kind, seconds)] * count, 0

    def take(self):
        with self.lock:
            if not self.faults:
                return None
            self.failed += 1
            return self.faults.pop(0)

    def accept(self):
        while not self.closed:
            try:
                client = self.listener.accept()[0]
                far = socket.create_connection(("127.0.0.1", self.target), timeout=5)
            except OSError:
                continue
            for one in (client, far):
                one.settimeout(LONGEST)
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sockets += [client, far]
            course = Course(self, client, far)
            for there in (course.ask, course.answer):
                threading.Thread(target=there, daemon=True).start()


class Course:
    """One connection."""

    def __init__(self, line, client, far):
        self.line, self.client, self.far, self.fault, self.answered = line, client, far, None, False

    def kind(self):
        return self.fault[0] if self.fault else ""

    def ask(self):
        try:
            while data := self.client.recv(65536):
                if self.answered:  # another request on the same connection
                    self.fault, self.answered = None, False
                self.fault = self.fault or self.line.take()
                if self.kind() != "hole":
                    self.pass_on(data, self.far)
            self.far.shutdown(socket.SHUT_WR)
        except OSError:
            end(self.far)

    def answer(self):
        try:
            while data := self.far.recv(65536):
                if self.kind() == "reset":
                    self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.client.shutdown(socket.SHUT_RD)  # the other thread lets go of it: a RST
                    self.client.close()
                    return
                if self.kind() == "half":
                    self.client.shutdown(socket.SHUT_WR)
                    return
                if self.kind() == "delay":
                    time.sleep(self.fault[1])
                self.pass_on(data, self.client)
                self.answered = True
            if self.kind() != "hole":
                self.client.shutdown(socket.SHUT_WR)
        except OSError:
            end(self.client)

    def pass_on(self, data, to):
        if self.kind() != "drip":
            to.sendall(data)
            return
        for start in range(0, len(data), DRIP):
            to.sendall(data[start:start + DRIP])
            time.sleep(DRIP_SECONDS)


def end(one):
    """At once: a thread that waits for it hears of it."""
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
