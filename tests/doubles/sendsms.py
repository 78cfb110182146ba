# SPDX-License-Identifier: Apache-2.0
"""Kannel's sendsms as far as a sender sees it: says that it took each message, and notes who got what when. For tests that count
and time millions of them, where Kannel itself would be what is measured."""
import selectors
import socket
import threading
import time

ANSWER = b"HTTP/1.1 202 Accepted\r\nContent-Type: text/html\r\nContent-Length: 26\r\n\r\n0: Accepted for delivery\r\n"


class SendSms(threading.Thread):
    """In a thread of its own. messages: [(seconds, number, text, callback)] as they came; the text's bytes and the callback kept
    once each. silent: it takes them and does not say so."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", port), backlog=256)
        self.messages, self.buffers, self.ending, self.silent = [], {}, False, False
        self.start()

    def run(self):
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.socket, selectors.EVENT_READ)
            while not self.ending:
                for key, _ in waiting.select(0.2):
                    self.look(waiting, key.fileobj)
            for key in list(waiting.get_map().values()):
                key.fileobj.close()

    def look(self, waiting, peer):
        if peer is self.socket:
            peer = self.socket.accept()[0]
            waiting.register(peer, selectors.EVENT_READ)
            self.buffers[peer] = b""
            return
        try:
            data = peer.recv(65536)
        except ConnectionError:
            data = b""
        self.buffers[peer] += data
        if not data:
            waiting.unregister(peer)
            del self.buffers[peer]
            peer.close()
        while data and self.take(peer):
            pass

    def take(self, peer):
        head, found, rest = self.buffers[peer].partition(b"\r\n\r\n")
        if not found:
            return False
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        length = int(fields[b"content-length"])
        if len(rest) < length:
            return False
        self.messages.append((time.time(), fields[b"x-kannel-to"].decode(), rest[:length].decode(),
                              fields.get(b"x-kannel-dlr-url", b"").decode()))
        self.buffers[peer] = rest[length:]
        try:
            if not self.silent:
                peer.sendall(ANSWER)
        except ConnectionError:
            pass
        return True

    def stop(self):
        self.ending = True
        self.join()
