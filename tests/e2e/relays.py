# SPDX-License-Identifier: Apache-2.0
"""A house of one far side that relays a producer's signed warnings to MQTT, and as many of them as are wanted, each with a number of its
own: for storms.

    class Mine(RelaySides, House): ...
"""
import itertools
import os
import subprocess
import threading

from few import FewSides, Line
from house import wait_for
from talk import source_token
from arrivals import record, warning

MQTT = "kind: mqtt, options: {{host: 127.0.0.1, port: {mqtt}, username: tocsin, password: {folder}/secrets/mqtt}}"
PUSHERS = 4


class RelaySides(FewSides):
    rows, next = {"mqtt": MQTT}, itertools.count(20261128000000)

    def make_keys(self):
        lines = super().make_keys()
        self.run(self.binary("tocsin"), "officer", "key", self.path("keys", "upstream.pem"), "--public",
                 self.path("keys", "upstream.pub"))
        self.write("keys/upstream.trust", "12000041600000 key upstream.pub\n")
        return lines

    def start(self):
        super().start()
        self.wait_channels()
        self.token = source_token(self, "met-feed")

    def signed(self, count):
        """As many, of one area each, as bytes."""
        words = warning("yellow")
        number = words.split("<identifier>")[1].split("</identifier>")[0]
        begin, end = words.rindex("    <area>"), words.index("  </info>")
        words = (words[:begin] + words[end:]).replace(number, "12000041600000_@NUMBER@")
        first = next(self.next)
        self.next = itertools.count(first + count)
        program = os.path.join(os.path.dirname(self.binaries), "tests", "signed_warnings")
        out = subprocess.run([program, self.path("keys", "upstream.pem"), str(first), str(count)], input=words.encode(),
                             stdout=subprocess.PIPE, check=True).stdout
        found, at = [], 0
        while at < len(out):
            start = out.index(b"\n", at) + 1
            at = start + int(out[at:start])
            found.append(out[start:at])
        return found

    def push(self, caps, pushers=PUSHERS):
        """By the API, each pusher its share one after the other; every one must leave."""
        refused = []

        def some(mine):
            line = Line(self.ports["api"])
            for cap in mine:
                status, answer = line.post("/api/v1/bulletins", cap, Content_Type="application/cap+xml",
                                           Authorization="Bearer " + self.token)
                if status != 201 or b'"state":"released"' not in answer.replace(b'": "', b'":"'):
                    refused.append((status, answer[:300]))
        threads = [threading.Thread(target=some, args=(caps[n::pushers],)) for n in range(pushers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not refused, refused[0]

    def delivered(self):
        return record(self, "SELECT count(*) FROM delivery WHERE state = 'delivered'")[0][0]

    def wait_delivered_all(self, count, seconds=600):
        wait_for(lambda: self.delivered() == count, seconds, "%d delivered" % count)
