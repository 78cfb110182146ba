#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Doubles of the HTTP far sides, on this machine only, one listener each.

The first line of output is JSON: {"weibo": port, "wechat": port, "wecom": port, "webhook": port}.
On every port, beside the far side's own paths:
  GET  /arrived?far=weibo   -> [{"id", "text", "at" (ms), "repeats", "again" (when, ms)}, ...]
  GET  /requests?far=weibo  -> {"count": requests seen, broken ones included}
  POST /fault {"far", "kind", "count"}  breaks the next `count` requests (default 1; -1 = until cleared; 0 = clear)
  POST /forget {"far"}      -> as if just started
Kinds: http500; html502; status ("status", "retry_after"); reset (the far side takes the request in, then resets
the connection); reset_unread (resets it and has taken nothing in); blackhole (reads, never answers); slow
("seconds", then as usual); held (as usual once the fault is cleared: give it the count -1); token_expired; html200 (a
page where JSON is due); huge (an endless body); drip (a byte a second); redirect; echo (repeats the request in an error
text); publish_slow, publish_failed (WeChat).
"path" limits a fault to requests whose path ends so. Ends on SIGTERM, or with --until-eof when stdin closes.
"""
import argparse
import http.server
import json
import signal
import socket
import ssl
import struct
import sys
import threading
import time

from far_rules import FAR_SIDES, Request

BLACKHOLE_SECONDS = 60


class World:
    def __init__(self, options):
        self.lock = threading.Lock()
        self.options = options
        self.far = {name: make(options) for name, make in FAR_SIDES.items()}
        self.faults = {name: [] for name in FAR_SIDES}

    def take_fault(self, name, path):
        for fault in self.faults[name]:
            if path.endswith(fault.get("path", "")):
                fault["count"] -= 1 if fault["count"] > 0 else 0
                self.faults[name] = [f for f in self.faults[name] if f["count"] != 0]
                return fault
        return {}

    def add_fault(self, fault):
        name = fault["far"]
        fault.setdefault("count", 1)
        if fault["count"] == 0:
            self.faults[name] = []
        else:
            self.faults[name].append(fault)

    def forget(self, name):
        self.far[name] = FAR_SIDES[name](self.options)
        self.faults[name] = []


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def say(self, status, body, **headers):
        if not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode("utf-8")
            headers.setdefault("Content_Type", "application/json; charset=utf-8")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def control(self, request):
        world = self.server.world
        if request.method == "GET" and request.path in ("/arrived", "/requests"):
            far = world.far.get(request.query.get("far"))
            if not far:
                self.say(404, {"error": "no such far side"})
            elif request.path == "/arrived":
                self.say(200, far.arrived)
            else:
                self.say(200, {"count": far.requests})
        elif request.method == "POST" and request.path in ("/fault", "/forget"):
            order = json.loads(request.body)
            (world.add_fault if request.path == "/fault" else lambda o: world.forget(o["far"]))(order)
            self.say(200, {"ok": True})
        else:
            return False
        return True

    def serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(self.command, self.path, self.headers, body)
        world = self.server.world
        with world.lock:
            if self.control(request):
                return
            far = world.far[self.server.far]
            far.requests += 1
            fault = world.take_fault(self.server.far, request.path)
        if fault:
            self.break_it(far, request, fault)
        else:
            self.usual(far, request)

    def usual(self, far, request):
        with self.server.world.lock:
            status, body = far.answer(request)
        self.say(status, body)

    def break_it(self, far, request, fault):
        kind = fault["kind"]
        page = b"<html><body><h1>Bad Gateway</h1></body></html>"
        if kind == "http500":
            self.say(500, b"internal error")
        elif kind == "html502":
            self.say(502, page, Content_Type="text/html")
        elif kind == "html200":
            self.say(200, page, Content_Type="text/html")
        elif kind == "status":
            wait = fault.get("retry_after")
            self.say(fault["status"], b"as told", **({"Retry_After": str(wait)} if wait else {}))
        elif kind == "redirect":
            self.say(302, b"", Location="http://127.0.0.1:%d/elsewhere" % self.server.server_port)
        elif kind == "token_expired":
            with self.server.world.lock:
                status, body = far.expired()
            self.say(status, body)
        elif kind == "echo":
            words = "%s %s" % (self.path, request.body.decode("utf-8", "replace"))
            words += " %s" % self.headers.get("Tocsin-Signature", "")
            self.say(200, {"errcode": 40058, "errmsg": words, "error_code": 10008, "error": words})
        elif kind in ("publish_slow", "publish_failed"):
            with self.server.world.lock:
                status, body = far.get(json.loads(request.body), 1 if kind == "publish_slow" else 3)
            self.say(status, body)
        else:
            self.break_connection(far, request, fault)

    def break_connection(self, far, request, fault):
        kind = fault["kind"]
        if kind == "reset":
            with self.server.world.lock:
                far.answer(request)
            self.reset()
        elif kind == "reset_unread":
            self.reset()
        elif kind == "blackhole":
            self.connection.settimeout(BLACKHOLE_SECONDS)
            try:
                self.connection.recv(1)
            except OSError:
                pass
            self.close_connection = True
        elif kind == "slow":
            time.sleep(fault.get("seconds", 1))
            self.usual(far, request)
        elif kind == "held":
            while fault in self.server.world.faults[self.server.far]:
                time.sleep(0.01)
            self.usual(far, request)
        elif kind in ("huge", "drip"):
            self.pour(kind == "drip")

    def pour(self, drip):
        self.send_response(200)
        self.send_header("Content-Length", str(1 << 30))
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" if drip else b"x" * 8192)
                if drip:
                    time.sleep(1)
        except OSError:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = serve


class Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port, far, world):
        super().__init__(("127.0.0.1", port), Handler)
        self.far, self.world = far, world

    def handle_error(self, *_):
        """A client that went away is what half of the tests are about."""


def read_options():
    parser = argparse.ArgumentParser(description="doubles of the HTTP far sides")
    for name in FAR_SIDES:
        parser.add_argument("--%s-port" % name, type=int, default=0, help="0 = any free one")
    parser.add_argument("--weibo-token", default="", help="the only access token that is good (default: any)")
    parser.add_argument("--weibo-domain", action="append", default=[], help="a safe domain (default: any link)")
    parser.add_argument("--weibo-an-hour", type=int, default=30, help="posts it lets through an hour")
    parser.add_argument("--wecom-a-minute", type=int, default=20, help="messages it lets through a minute")
    parser.add_argument("--wechat-appid", default="")
    parser.add_argument("--wechat-secret", default="")
    parser.add_argument("--wechat-asks", type=int, default=3, help="asked so often, an article is published")
    parser.add_argument("--wecom-key", default="")
    parser.add_argument("--webhook-secret", default="webhook-secret")
    parser.add_argument("--tls", default="", help="a PEM file with key and certificate: speak https")
    parser.add_argument("--until-eof", action="store_true", help="end when stdin closes")
    return parser.parse_args()


def main():
    options = read_options()
    world = World(options)
    listeners = {name: Listener(getattr(options, name + "_port"), name, world) for name in FAR_SIDES}
    for listener in listeners.values():
        if options.tls:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(options.tls)
            listener.socket = tls.wrap_socket(listener.socket, server_side=True)
        threading.Thread(target=listener.serve_forever, daemon=True).start()
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    signal.signal(signal.SIGINT, lambda *_: over.set())
    print(json.dumps({name: listener.server_port for name, listener in listeners.items()}), flush=True)
    if options.until_eof:
        threading.Thread(target=lambda: (sys.stdin.buffer.read(), over.set()), daemon=True).start()
    over.wait()


if __name__ == "__main__":
    main()
