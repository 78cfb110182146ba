# SPDX-License-Identifier: Apache-2.0
"""A phone network that reports by the thousand: what a gateway's dlr-urls say, on kept connections that each wait for their
answer, as Kannel's do."""
import collections
import selectors
import socket
import time
import urllib.parse

CONNECTIONS = 32


def say(urls, connections=CONNECTIONS, seconds=60):
    """GETs each of them once, all of one host. -> (Counter of the answers' statuses, seconds)"""
    urls = list(urls)
    host = urllib.parse.urlsplit(urls[0])
    start = len("%s://%s" % (host.scheme, host.netloc))
    line = ("GET %%s HTTP/1.1\r\nHost: %s\r\n\r\n" % host.netloc)
    wanted = iter([(line % url[start:]).encode() for url in urls])
    answers, left = collections.Counter(), len(urls)

    def ask(peer):
        request = next(wanted, None)
        if request:
            peer.sendall(request)

    began = time.monotonic()
    with selectors.DefaultSelector() as waiting:
        for _ in range(min(connections, left)):
            peer = socket.create_connection((host.hostname, host.port))
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            waiting.register(peer, selectors.EVENT_READ, [b""])
            ask(peer)
        while left:
            if time.monotonic() - began > seconds:
                raise TimeoutError("%d reports have no answer: %s" % (left, dict(answers)))
            for key, _ in waiting.select(1):
                data = key.fileobj.recv(65536)
                if not data:
                    raise ConnectionError("closed before the answer")
                key.data[0] += data
                head, found, body = key.data[0].partition(b"\r\n\r\n")
                if not found or len(body) < int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]):
                    continue
                key.data[0] = b""
                answers[int(head[9:12])] += 1
                left -= 1
                ask(key.fileobj)
        for key in list(waiting.get_map().values()):
            key.fileobj.close()
    return answers, time.monotonic() - began
