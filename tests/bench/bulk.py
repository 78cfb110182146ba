# SPDX-License-Identifier: Apache-2.0
"""A house whose only far side takes short messages, with an audience of any size out of its directory
of recipients; what its programs hold in memory; how long a bulk job took, by the record's own moments. Used by
bench_bulk.py and bench_sms.py."""
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from beside import houses
from arrivals import record


def bring_in(house, people):
    """The directory, (number, division) each: imported, proposed and confirmed."""
    with open(house.path("people.csv"), "w", encoding="ascii") as out:
        out.write("number,name,division,longitude,latitude,hazards,level,groups,consent,purposes\n")
        out.writelines("%s,,%s,,,,,,yes,\n" % person for person in people)
    subprocess.run([house.binary("tocsin"), "recipients", "import", house.path("people.csv"), "--config",
                    house.path("tocsin.yaml")], stdout=subprocess.DEVNULL, check=True)
    change = house.tocsin("emb-admin-1", "recipients", "propose", "1").stdout.split()[0]
    house.tocsin("emb-admin-2", "change", "confirm", change)
    houses.wait_for(lambda: [one for one in json.loads(house.ask("met-draft", "/recipients"))["directories"]
                             if one["state"] == "current"], 60, "the directory in force")


class Bulk(houses.House):
    """type_and_options: what stands behind `kind: sms` in the settings."""

    def __init__(self, folder, audience, type_and_options):
        super().__init__(folder, os.environ["TOCSIN_BIN"])
        self.audience, self.type_and_options = audience, type_and_options
        self.targets = self.laned = ("sms",)

    def make_settings(self):
        super().make_settings()
        with open(self.path("tocsin.yaml"), encoding="utf-8") as text:
            words = text.read()
        words = words[:words.index("targets:\n")] + (
            "targets:\n  - {name: sms, kind: sms, signature: 【天津应急】, recipients: directory, %s}\n"
            % self.type_and_options(self))
        self.write("tocsin.yaml", words + "sources:\n  - {name: met-feed, options: {path: %s}}\n" % self.path("incoming"),
                   0o644)

    def start_far_sides(self):
        pass

    def agents(self):
        return self.fetch("/metrics", "http://127.0.0.1:%d" % self.ports["metrics"]).count("tocsin_agent_connected{")


@contextlib.contextmanager
def house_of(audience, type_and_options, few=0):
    """few: so many people more, in another district (arrivals.elsewhere)."""
    folder = tempfile.mkdtemp(prefix="tocsin-bench-")
    house = Bulk(folder, audience, type_and_options)
    try:
        house.prepare()
        house.start()
        houses.wait_for(lambda: house.agents() == 2, 60, "both channels")
        bring_in(house, [("139%08d" % n, "120116") for n in range(audience)] + [("138%08d" % n, "120101") for n in range(few)])
        yield house
    finally:
        house.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Memory(threading.Thread):
    """The most each of the house's programs ever held, in MiB, since this began."""

    def __init__(self, house):
        super().__init__(daemon=True)
        self.house, self.most, self.ending = house, {}, threading.Event()
        self.start()

    def run(self):
        while not self.ending.wait(0.02):
            for name, program in list(self.house.programs.items()):
                with contextlib.suppress(OSError, ValueError, IndexError):
                    with open("/proc/%d/statm" % program.process.pid, encoding="ascii") as text:
                        held = int(text.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 2 ** 20
                    self.most[name] = max(self.most.get(name, 0), held)

    def end(self):
        self.ending.set()
        self.join()
        return self.most


def left(house, ident):
    return record(house, "SELECT count(*) FROM delivery WHERE bulletin = ? AND state IN ('waiting', 'sending')",
                  int(ident[1:]))[0][0]


def send(house, ident, people=None, seconds=3600):
    """Releases it to its people (None: the audience) and waits for its last block. -> seconds from the release on disk to the last block's end, as recorded"""
    house.release("met", ident)
    pause = time.sleep
    until = time.monotonic() + seconds
    while left(house, ident):
        if time.monotonic() > until:
            raise TimeoutError("%d blocks are left" % left(house, ident))
        pause(0.05)
    start = record(house, "SELECT at FROM audit WHERE what = 'released' AND ref = ?", ident)[0][0]
    end, reached = record(house, "SELECT max(updated), sum(reached) FROM delivery WHERE bulletin = ?", int(ident[1:]))[0]
    bad = record(house, "SELECT state, count(*), min(reason) FROM delivery WHERE bulletin = ? AND state <> 'delivered' GROUP BY state",
                 int(ident[1:]))
    if bad or reached != (people or house.audience):
        print("reached %d of %d; not delivered: %s" % (reached, people or house.audience, bad), file=sys.stderr)
    return (end - start) / 1000
