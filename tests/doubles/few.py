# SPDX-License-Identifier: Apache-2.0
"""A house with a few far sides only, and a client that costs the machine little.

    class Mine(FewSides, House): ...   with `rows` {name: row of the settings} and `laned` set before prepare()
"""
import socket

from house import wait_for


class FewSides:
    rows, laned = {}, ()

    @property
    def targets(self):
        return tuple(self.rows)

    def make_settings(self):
        super().make_settings()
        with open(self.path("tocsin.yaml"), encoding="utf-8") as text:
            words = text.read()
        begin, end = words.index("targets:\n"), words.index("sources:\n")
        self.write("tocsin.yaml", words[:begin] + "targets:\n" + "".join(
            "  - {name: %s, %s}\n" % (name, row.format(folder=self.folder, **self.ports)) for name, row in self.rows.items())
            + words[end:], 0o644)

    def raise_limits(self, most=0):
        """The rows say their own."""

    def channels_here(self):
        wanted = sum(2 if name in self.laned else 1 for name in self.targets)
        metrics = self.fetch("/metrics", "http://127.0.0.1:%d" % self.ports["metrics"])
        return metrics.count("tocsin_agent_connected{") == wanted

    def wait_channels(self):
        wait_for(self.channels_here, 60, "every channel")


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
