#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The walk of ./run: one weather warning and one accident report through draft, review, sign-off and release, to
every far side; then what arrived there, and where to look.

usage: walk.py BINARIES [--once]"""
import datetime
import os
import shutil
import signal
import sys
import tempfile
import time

from house import Failed, House, SOURCE, TARGETS, wait_for
from officers import CHINA

DATA = os.path.join(SOURCE, "tests", "data", "walk")


def sample(name, hours=6):
    """A sample of ours with its times set to now."""
    now = datetime.datetime.now(CHINA).replace(microsecond=0)
    with open(os.path.join(DATA, name), encoding="utf-8") as text:
        return text.read().replace("{sent}", now.isoformat()).replace(
            "{expires}", (now + datetime.timedelta(hours=hours)).isoformat())


def short(text, width=70):
    text = " ".join(text.split())
    return text if len(text) <= width else text[:width] + "…"


def shown(house, far, number):
    """What stands at the far side under this number; "" = nothing (yet)."""
    if far == "mqtt":
        found = [topic for topic, _ in house.subscribe("alert/v1/state/+/" + number, count=1, seconds=5)]
        return "retained " + found[0] if found else ""
    if far == "website":
        page = house.fetch("/warnings/%s.html" % number)
        return "%s/warnings/%s.html (%d bytes)" % (house.site, number, len(page.encode()))
    if far == "sms":
        texts = [text for _, text in house.sms() if number in text]
        return "%d phones: %s" % (len(texts), short(texts[0])) if texts else ""
    texts = [entry["text"] for entry in house.arrived(far) if number in entry["text"]]
    return short(texts[0]) if texts else ""


def walk(house, unit, name):
    """True when everything arrived everywhere."""
    began = time.monotonic()
    ident = house.walk(unit, sample(name))
    status = house.status(ident)
    number = status["identifier"]
    print("\n%s %s\n  %s" % (ident, number, status["headline"]))
    good = True
    for far in TARGETS:
        try:
            delivery = house.wait_delivered(ident, [far], 30)[far]
            what = wait_for(lambda name=far: shown(house, name, number), 20, far)
            print("  %-8s delivered  [%s]  %s" % (far, delivery["proof"], what))
        except (TimeoutError, OSError) as trouble:
            good = False
            state = house.deliveries(ident).get(far, {})
            print("  %-8s NOT delivered: %s %s (%s)" % (far, state.get("state"), state.get("reason"), trouble))
    print("  from the first word to the last far side: %.2f s" % (time.monotonic() - began))
    return good


def where_to_look(house):
    print("""
Where to look:
  public site   %s/   feed %s/feed.atom   active %s/alerts.geojson
  MQTT          build/release/bin/tocsin listen --port %d --topic 'alert/v1/state/#'   (all in force)
                build/release/bin/tocsin listen --port %d   (what is issued from now on)
  API           %s/healthz
  as an officer TOCSIN_URL=%s TOCSIN_OFFICER=met-lead TOCSIN_TOKEN_FILE=%s TOCSIN_KEY_FILE=%s \\
                build/release/bin/tocsin status
  other officers  %s: NAME.token and NAME.key
  drop a file   %s
  logs          %s""" % (house.site, house.site, house.site, house.ports["mqtt"], house.ports["mqtt"], house.url, house.url,
                         house.path("officers", "met-lead.token"), house.path("officers", "met-lead.key"),
                         house.path("officers"), house.path("incoming"), house.path("log")))


def show_tokens(house):
    print("Demo officers and their tokens (made at random, shown once):")
    for officer, token in house.tokens.items():
        print("  %-12s %s" % (officer, token))


def main():
    once = "--once" in sys.argv[2:]
    folder = tempfile.mkdtemp(prefix="tocsin-", dir="/tmp")
    house = House(folder, sys.argv[1])
    good = False

    def end(*_):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGHUP, end)
    try:
        house.prepare()
        show_tokens(house)
        house.start()
        good = all([walk(house, "met", "rainstorm.xml"), walk(house, "emb", "accident.json")])
        if not once:
            where_to_look(house)
            print("\nCtrl-C stops everything.", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        print("\nstopping")
    except (Failed, TimeoutError) as trouble:
        print("\n%s\nlogs: %s" % (trouble, house.path("log")), file=sys.stderr)
    finally:
        # A second Ctrl-C must not leave half of it running.
        for late in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(late, signal.SIG_IGN)
        codes = house.stop()
    bad = {name: code for name, code in codes.items() if code != 0}
    if bad:
        print("ended badly: %s" % bad, file=sys.stderr)
    if good and not bad:
        shutil.rmtree(folder)
    else:
        print("kept for a look: %s" % folder, file=sys.stderr)
    return 0 if good and not bad else 1


if __name__ == "__main__":
    sys.exit(main())
