# SPDX-License-Identifier: Apache-2.0
"""Far sides that take everything and show nothing, in a whole house: a broker whose access list lost its reading, and a web
server that is down. With `look_back` nothing stands as delivered that nobody sees, and all of it is there afterwards."""
import os
import signal

import pytest

from arrivals import prepare, release
from conftest import housed
from house import wait_for


def look_back(house):
    with open(house.path("tocsin.yaml"), encoding="utf-8") as text:
        settings = text.read()
    for first in ("{host: 127.0.0.1,", "{folder: %s/site," % house.folder):
        assert settings.count(first) == 1, first
        settings = settings.replace(first, first + " look_back: 1,")
    house.write("tocsin.yaml", settings)


@pytest.fixture(name="house", scope="module")
def looking_house():
    with housed(before=look_back) as house:
        yield house


def told(house, name, event):
    return house.log("channel-%s-all" % name).count("event=%s " % event)


def held_back_while(house, name, hide, show):
    wait_for(lambda: told(house, name, "far-side-well"), 20, "it is seen")
    hide()
    wait_for(lambda: told(house, name, "far-side-ill"), 20, "it is found out")
    ident = prepare(house, "blue", "看不见的%s" % name)
    number = release(house, ident)[0]
    house.wait_delivered(ident, [far for far in ("mqtt", "website", "sms", "webhook") if far != name])
    assert house.deliveries(ident)[name]["state"] == "waiting"
    show()
    house.wait_delivered(ident, [name], 60)
    return number


def test_a_web_server_that_is_down(house):
    number = held_back_while(house, "website", house.far["nginx"].stop, house.far["nginx"].start)
    assert number in house.fetch("/active.json")
    assert "the public has not seen" in house.log("channel-website-all")


def test_a_broker_that_shows_nothing(house):
    path = house.path("mosquitto.acl")
    with open(path, encoding="utf-8") as text:
        before = text.read()

    def allow(what):
        with open(path, "w", encoding="utf-8") as text:
            text.write(what)
        os.kill(house.far["mosquitto"].process.pid, signal.SIGHUP)

    held_back_while(house, "mqtt", lambda: allow(before.replace("readwrite", "write")), lambda: allow(before))
    assert "does not show them" in house.log("channel-mqtt-all")
