# SPDX-License-Identifier: Apache-2.0
"""Warnings of any colour, and how soon they are at each far side.

For the short messages the far side is the gateway: Kannel's yes counts, as the record noted it, for its fake SMSC passes
on what it has once a second only.
"""
import contextlib
import itertools
import re
import re
import sqlite3
import subprocess
import threading
import time

from conftest import sample
from house import TARGETS, wait_for

COLOURS = {"red": ("红", "Ⅰ级/特别严重", "Extreme"), "orange": ("橙", "Ⅱ级/严重", "Severe"),
           "yellow": ("黄", "Ⅲ级/较重", "Moderate"), "blue": ("蓝", "Ⅳ级/一般", "Minor")}
NUMBERS = itertools.count(100000)
SECOND_AREA = re.compile(r"\s*<area>(?:(?!</area>).)*120110000000.*?</area>", re.S)
DOUBLES = ("weibo", "wechat", "wecom", "webhook")


def warning(colour="orange", words="", hours=6):
    """The rainstorm in any colour, each with an identifier of its own; `words` make its texts unlike any other's."""
    name, grade, severity = COLOURS[colour]
    text = sample("rainstorm.xml", hours).replace("_20261123093000", "_20261123%d" % next(NUMBERS))
    text = text.replace("橙色", name + "色").replace("Ⅱ级/严重", grade)
    text = text.replace("<value>Orange</value>", "<value>%s</value>" % colour.capitalize())
    text = text.replace("<severity>Severe</severity>", "<severity>%s</severity>" % severity)
    if words:
        text = text.replace("以上，局地", "以上（%s），局地" % words).replace("停止户外作业", "停止户外作业（%s）" % words)
    return text


def in_one_area(cap):
    """The rainstorm without its second area, 120110."""
    return SECOND_AREA.sub("", cap)


def elsewhere(text):
    """The same warning for Heping instead of Binhai, where a test may have other recipients."""
    return re.sub(r"<polygon>[^<]*</polygon>", "", text).replace("120116000000", "120101000000").replace("滨海新区", "和平区")


def prepare(house, colour="orange", words=""):
    """Drafted, reviewed, signed: ready for release. -> short id"""
    ident = house.submit("met-draft", warning(colour, words))
    house.approve("met", ident, 2 if colour == "red" else 1)
    return ident


def record(house, query, *arguments):
    with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % house.path("state", "record.db"), uri=True)) as db:
        return db.execute(query, arguments).fetchall()


def taken_by_gateway(house, number):
    """When the record knew that Kannel had taken the last of them: [] or [seconds]"""
    rows = record(house, "SELECT updated, reached FROM delivery WHERE target = 'sms' AND state = 'delivered' AND bulletin ="
                         " (SELECT row FROM bulletin WHERE identifier = ?)", number)
    return [updated / 1000 for updated, reached in rows if reached]


class Watch:
    """Notes when a bulletin's number is first seen at a far side: what the doubles noted themselves, what a subscriber
    gets, a look every few milliseconds at the site, and the gateway's yes.

        with Watch(house) as watch: ... ; watch.seconds(number, began) -> {far: seconds after `began` (time.time())}
    """

    def __init__(self, house):
        self.house, self.ending = house, threading.Event()
        self.shown, self.published = {}, []
        self.threads = [threading.Thread(target=self.look_at_site, daemon=True)]

    def __enter__(self):
        command = ["/usr/bin/mosquitto_sub", "-h", "127.0.0.1", "-p", str(self.house.ports["mqtt"]), "-V", "5", "-q", "1",
                   "-t", "alert/v1/state/#", "-t", "alert/v1/sys/#", "-F", "%U %t"]
        self.subscriber = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.threads.append(threading.Thread(target=self.read_subscriber, daemon=True))
        for thread in self.threads:
            thread.start()
        wait_for(lambda: self.published, 10, "the subscriber (our own status is retained)")
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.subscriber.terminate()
        for thread in self.threads:
            thread.join()
        self.subscriber.wait()
        self.subscriber.stdout.close()

    def read_subscriber(self):
        for line in self.subscriber.stdout:
            at, topic = line.split()
            self.published.append((float(at), topic))

    def look_at_site(self):
        while not self.ending.wait(0.005):
            try:
                self.shown.setdefault(self.house.fetch("/active.json"), time.time())
            except OSError:
                pass

    def times(self, number):
        """{far: when it was first there}"""
        found = {}
        for far in DOUBLES:
            found[far] = [entry["at"] / 1000 for entry in self.house.arrived(far) if number in entry["text"]]
        found["mqtt"] = [at for at, topic in list(self.published) if topic.endswith("/" + number)]
        found["website"] = [at for page, at in list(self.shown.items()) if number in page]
        found["sms"] = taken_by_gateway(self.house, number)
        return {far: min(at) for far, at in found.items() if at}

    def seconds(self, number, began, targets=TARGETS, within=15):
        found = wait_for(lambda: set(targets) <= set(self.times(number)) and self.times(number), within,
                         "%s at %s" % (number, " ".join(targets)))
        return {far: found[far] - began for far in targets}


def release(house, ident):
    """-> (its number, when the call was made)"""
    began = time.time()
    house.release("met", ident)
    return house.status(ident)["identifier"], began


def show(title, seconds):
    print("%s: %s" % (title, "  ".join("%s %.3f s" % item for item in sorted(seconds.items()))))
