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

import accounts
from house import ADMINISTRATORS, Failed, House, POLICY, SOURCE, TARGETS, wait_for
from officers import CHINA

DATA = os.path.join(SOURCE, "tests", "data", "walk")


# Those who sign in at the desk of the demo, and their password there. A newcomer is enrolled by hand: emb-draft has no account.
AT_THE_DESK = ("met-draft", "met-review", "met-sign-1", "met-sign-2", "met-lead", *ADMINISTRATORS)
PASSWORD = "a quiet night over the gulf"


class Demo(House):
    """Whose officers may sign by the passkeys of a browser on this machine."""
    rules = POLICY + 'passkeys: {{rp: localhost, origins: ["http://localhost:{port}"]}}\n'

    def make_policy(self, officer_lines):
        self.rules = self.rules.replace("{port}", str(self.ports["api"]))
        super().make_policy(officer_lines)


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


def open_accounts(house):
    """Before the house starts. -> {officer: one-time code}"""
    house.secret("people")
    with open(house.path("tocsin.yaml"), "a", encoding="utf-8") as settings:
        settings.write("people_secret: %s\n" % house.path("secrets", "people"))
    return accounts.add_accounts(house, *AT_THE_DESK)


def enrol(house, codes):
    """Each with an authenticator whose secret is a file of the house."""
    for officer, code in codes.items():
        house.write("officers/%s.code" % officer, accounts.enrol(house, officer, code, PASSWORD) + "\n")


WIND = "天津市气象台于%s发布大风蓝色预警信号：预计今天下午到夜间，我市有5到6级偏北风，阵风7到8级，" \
       "请有关单位和人员做好防范准备。\n"


def write_variables(house):
    """For each officer a file that makes `tocsin` act as them."""
    for officer in house.tokens:
        house.write("officers/" + officer, "".join("export %s=%s\n" % pair for pair in house.variables(officer).items()))


def where_to_look(house):
    """And how to walk one by hand, with a bulletin of this minute."""
    write_variables(house)
    house.write("wind.txt", WIND % datetime.datetime.now(CHINA).strftime("%Y年%m月%d日%H时%M分"))
    print("""
Where to look (in another terminal: export PATH={programs}:$PATH):
  desk         http://localhost:{api}/desk/   sign in (by code) as {desk}
               password  {password}
               code      {here}/accounts.py {folder}/officers/met-lead.code   prints it
               passkey   what signs there. Each officer once: their name (top right), 我的通行密钥, 在这台设备上登记; then
                         {here}/passkey.py {folder} met-lead 'the line it shows'
  public site  {site}/   feed {site}/feed.atom   map {site}/alerts.geojson
  broker       tocsin listen --port {mqtt} --topic 'alert/v1/state/#'   (all in force)
               tocsin listen --port {mqtt}   (what is issued from now on)
  API          {url}/healthz
  drop a file  {folder}/incoming
  logs         {folder}/log

Walk one yourself (docs/操作手册.md says more; b9 is the number that submit prints):
  cd {folder}/officers
  . ./met-draft;   tocsin submit ../wind.txt
  . ./met-review;  tocsin approve b9 --as review
  . ./met-sign-1;  tocsin approve b9 --as sign
  . ./met-lead;    tocsin release b9; tocsin status b9; tocsin cancel b9 --reason 风力减弱""".format(
          api=house.ports["api"], desk=", ".join(AT_THE_DESK), password=PASSWORD, here=os.path.dirname(os.path.abspath(__file__)),
          site=house.site, mqtt=house.ports["mqtt"], url=house.url, folder=house.folder,
          programs=os.path.abspath(house.binaries)))


def show_tokens(house):
    width = max(len(officer) for officer in house.tokens)
    print("Demo officers and their tokens (made at random, shown once):")
    for officer, token in house.tokens.items():
        print("  %-*s  %s" % (width, officer, token))


def main():
    once = "--once" in sys.argv[2:]
    folder = tempfile.mkdtemp(prefix="tocsin-", dir="/tmp")
    house = Demo(folder, sys.argv[1])
    good = False

    def end(*_):
        raise KeyboardInterrupt

    # SIGINT as well: a shell that starts this behind its back (&) has it ignored.
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, end)
    try:
        house.prepare()
        codes = open_accounts(house)
        show_tokens(house)
        house.start()
        good = all([walk(house, "met", "rainstorm.xml"), walk(house, "emb", "accident.json")])
        if not once:
            enrol(house, codes)
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
