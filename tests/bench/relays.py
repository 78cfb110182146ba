# SPDX-License-Identifier: Apache-2.0
"""A house that relays a producer's signed warnings to MQTT, and as many of them as are wanted, each with a number of its
own: what bench_storm and bench_mqtt push."""
import itertools
import os
import subprocess
import threading

from beside import Few, Line
from house import wait_for
from talk import source_token
from arrivals import record, warning

MQTT = "kind: mqtt, options: {{host: 127.0.0.1, port: {mqtt}, username: tocsin, password: {folder}/secrets/mqtt}}"
PUSHERS = 4


class Relays(Few):
    def __init__(self):
        super().__init__({"mqtt": MQTT}, ())
        self.next = itertools.count(20261128000000)

    def begin(self):
        self.prepare()
        self.run(self.binary("tocsin"), "officer", "key", self.path("keys", "upstream.pem"), "--public",
                 self.path("keys", "upstream.pub"))
        self.write("keys/upstream.trust", "12000041600000 key upstream.pub\n")
        self.start()
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
        program = os.path.join(os.path.dirname(self.binaries), "bench", "signed_warnings")
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
