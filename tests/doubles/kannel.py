#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A real Kannel (bearerbox and smsbox) with its fakesmsc as the network behind it, for tests and the demo.

As a module: gateway = start(folder, ports); gateway.ports; gateway.messages(); gateway.stop().
As a program: kannel.py FOLDER [--sendsms-port N ...] prints one line of JSON (ports, user, password, url, log, fakesmsc's pid)
when the gateway takes messages, and runs until SIGTERM or, with --until-eof, until stdin closes.
Exit 77: Kannel or fakesmsc is not installed.

The fake SMSC's port listens on every address whatever the settings say; connect-allow-ip refuses all but this
machine, and tests that may make a network namespace run in one.
"""
import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request

from ports import free_port

FAKESMSC = "/usr/lib/kannel/test/fakesmsc"
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
USER, PASSWORD = "tocsin", "kannel-test-password"
PORTS = ("admin", "smsbox", "sendsms", "smsc")
MISSING = 77

CONFIG = """\
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = {password}-admin
status-password = {password}-status
smsbox-port = {smsbox}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"
dlr-storage = internal
store-type = spool
store-location = "{folder}/spool"
log-file = "{folder}/bearerbox.log"

group = smsc
smsc = fake
smsc-id = FAKE
host = 127.0.0.1
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-interface = 127.0.0.1
sendsms-port = {sendsms}
global-sender = {sender}
log-file = "{folder}/smsbox.log"
http-request-retry = 60
http-queue-delay = 1

group = sendsms-user
username = {user}
password = {password}
concatenation = true
max-messages = 10
user-allow-ip = "127.0.0.1"
"""


class KannelMissing(Exception):
    """Kannel is not installed here."""


class KannelFailed(Exception):
    """Kannel is here and did not come up."""


def find(name):
    path = name if os.access(name, os.X_OK) else shutil.which(name, path=PATH)
    if not path:
        raise KannelMissing(name + " is not installed (Debian: kannel, kannel-extras)")
    return path


def listens(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def unquote(text):
    return urllib.parse.unquote_to_bytes(text.replace("+", " "))


def join_parts(found):
    """Log entries to messages: UCS-2 as text, the parts of a long message (UDH 05 00 03 ref total part) as one."""
    messages, parts = [], {}
    for sender, to, kind, text in found:
        if kind == "udh":
            head, coding, rest = (text.split(" ", 2) + ["", ""])[:3]
            ref, total, part = unquote(head)[3:6]
            pieces = parts.setdefault((sender, to, ref), {})
            pieces[part] = unquote(rest) if coding == "data" else rest.encode()
            if len(pieces) < total:
                continue
            whole = b"".join(pieces[n] for n in sorted(parts.pop((sender, to, ref))))
            kind = "ucs-2" if coding == "data" else "text"
            text = whole.decode("utf-16-be" if coding == "data" else "utf-8", "replace")
        elif kind == "ucs-2":
            text = unquote(text).decode("utf-16-be", "replace")
        messages.append((sender, to, kind, text))
    return messages


class Gateway:
    """bearerbox, smsbox and fakesmsc running in a folder."""

    def __init__(self, folder, ports, sender="10690000"):
        self.folder = os.path.abspath(folder)
        self.ports = {name: (ports or {}).get(name) or free_port() for name in PORTS}
        self.user, self.password = USER, PASSWORD
        self.url = "http://127.0.0.1:%d/cgi-bin/sendsms" % self.ports["sendsms"]
        self.log = os.path.join(self.folder, "fakesmsc.log")
        self.config = os.path.join(self.folder, "kannel.conf")
        self.sender = sender
        self.bearerbox = self.smsbox = self.fakesmsc = None

    def write_config(self):
        os.makedirs(os.path.join(self.folder, "spool"), exist_ok=True)
        with open(self.config, "w", encoding="utf-8") as out:
            out.write(CONFIG.format(folder=self.folder, user=self.user, password=self.password, sender=self.sender,
                                    **self.ports))

    def spawn(self, name, arguments, stdin):
        with open(os.path.join(self.folder, name + ".log" if name == "fakesmsc" else name + ".out"), "ab") as out:
            return subprocess.Popen(arguments, stdin=stdin, stdout=out, stderr=out, cwd=self.folder,
                                    start_new_session=True)

    def wait(self, what, condition, seconds=20):
        until = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > until:
                raise KannelFailed("%s: not within %d s (see %s)" % (what, seconds, self.folder))
            time.sleep(0.05)

    def status(self):
        url = "http://127.0.0.1:%d/status.txt?password=%s-status" % (self.ports["admin"], self.password)
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=2) as answer:
                return answer.read().decode("utf-8", "replace")
        except OSError:
            return ""

    def start_boxes(self):
        self.bearerbox = self.spawn("bearerbox", [find("bearerbox"), "-v", "4", self.config], subprocess.DEVNULL)
        self.wait("bearerbox", lambda: listens(self.ports["smsbox"]))
        self.start_smsbox()
        self.wait("smsbox", lambda: listens(self.ports["sendsms"]))
        self.wait("the SMSC port", lambda: listens(self.ports["smsc"]))

    def start_smsbox(self):
        self.smsbox = self.spawn("smsbox", [find("smsbox"), "-v", "4", self.config], subprocess.DEVNULL)

    def look(self):
        """To be called often: smsbox panics now and then when a client's connection breaks (conn_unregister, Kannel 1.4.5),
        and comes back, as it does under systemd. Whoever ended it by a signal wants it away."""
        if self.smsbox and self.smsbox.poll() not in (None, 0, -signal.SIGTERM, -signal.SIGKILL):
            self.start_smsbox()

    def start_smsc(self):
        """fakesmsc ends at once when its stdin is at its end, so it gets a pipe that stays open. Nobody may try the port before:
        whoever connects is the network, and gets what is queued."""
        arguments = [find(FAKESMSC), "-H", "127.0.0.1", "-r", str(self.ports["smsc"])]
        self.fakesmsc = self.spawn("fakesmsc", arguments, subprocess.PIPE)
        self.wait("fakesmsc", self.is_online)

    def is_online(self):
        return re.search(r"FAKE.*\(online", self.status())

    def stop_smsc(self):
        """The gateway knows that it is gone, and keeps what is for it."""
        self.end(self.fakesmsc)
        self.wait("fakesmsc gone", lambda: self.status() and not self.is_online())

    def messages(self):
        """What reached the network: [(sender, recipient, "ucs-2" or "text", text)], in order."""
        try:
            with open(self.log, "rb") as log:
                lines = log.read().decode("utf-8", "replace")
        except FileNotFoundError:
            return []
        return join_parts(re.findall(r"Got message \d+: <(\S+) (\S+) (\S+) (.*)>", lines))

    @staticmethod
    def end(process):
        if not process or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin:
            process.stdin.close()

    def stop(self):
        for process in (self.fakesmsc, self.smsbox, self.bearerbox):
            self.end(process)


def start(folder, ports=None):
    """Writes the settings, starts all three, returns when messages go through. KannelMissing, KannelFailed."""
    for program in ("bearerbox", "smsbox", FAKESMSC):
        find(program)
    gateway = Gateway(folder, ports)
    try:
        gateway.write_config()
        gateway.start_boxes()
        gateway.start_smsc()
    except BaseException:
        gateway.stop()
        raise
    return gateway


def main():
    parser = argparse.ArgumentParser(description="Kannel with its fake SMSC")
    parser.add_argument("folder")
    for name in PORTS:
        parser.add_argument("--%s-port" % name, type=int, default=0, help="0 = any free one")
    parser.add_argument("--until-eof", action="store_true", help="end when stdin closes")
    options = parser.parse_args()
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    signal.signal(signal.SIGINT, lambda *_: over.set())
    try:
        gateway = start(options.folder, {name: getattr(options, name + "_port") for name in PORTS})
    except KannelMissing as missing:
        print("kannel.py: %s" % missing, file=sys.stderr)
        return MISSING
    try:
        print(json.dumps({"ports": gateway.ports, "user": USER, "password": PASSWORD, "url": gateway.url,
                          "log": gateway.log, "fakesmsc": gateway.fakesmsc.pid}), flush=True)
        if options.until_eof:
            threading.Thread(target=lambda: (sys.stdin.buffer.read(), over.set()), daemon=True).start()
        over.wait()
    finally:
        gateway.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
