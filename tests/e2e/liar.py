# SPDX-License-Identifier: Apache-2.0
"""A program in tocsind's place, for whoever asks it by `tocsin`: passes everything on, and bends the answers."""
import contextlib
import http.server
import json
import threading
import urllib.request


@contextlib.contextmanager
def lying(house, lie):
    """lie(path, answer) bends an answer in JSON in place, or returns another text. -> its address"""
    class Liar(http.server.BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))) or None
            asked = urllib.request.Request(house.url + self.path, body, method=self.command, headers={
                name: self.headers[name] for name in ("Authorization", "Content-Type") if name in self.headers})
            with urllib.request.urlopen(asked, timeout=30) as true:
                kind, said = true.headers["Content-Type"], true.read()
            if kind.startswith("application/json"):
                said = json.loads(said)
                lie(self.path, said)
                said = json.dumps(said).encode()
            else:
                said = lie(self.path, said.decode()).encode()
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = answer

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Liar) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield "http://127.0.0.1:%d" % server.server_port
        server.shutdown()
