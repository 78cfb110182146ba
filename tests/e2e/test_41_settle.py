# SPDX-License-Identifier: Apache-2.0
"""Deliveries whose outcome nobody knows: they wait for an officer who has looked, whose word is on record before
anything follows from it; a restart changes nothing about that."""
import json

import pytest

from arrivals import prepare, record, release
from conftest import Failed
from house import wait_for

WHY = ("--reason", "已到该平台核对")


def unknown(house, far, tag):
    """A blue one whose only attempt at `far` got no answer: its id and the delivery's number."""
    ident = prepare(house, "blue", tag)
    house.fault(far, "blackhole", 1)
    release(house, ident)
    wait_for(lambda: house.deliveries(ident)[far]["state"] == "unknown", 30, far + " in doubt")
    return ident, str(house.deliveries(ident)[far]["id"])


def restart(house):
    starts = house.programs["tocsind"].starts
    house.programs["tocsind"].kill()
    wait_for(lambda: house.programs["tocsind"].starts > starts and house.healthy(), 30, "tocsind again")


def test_it_did_not_come_and_goes_again(house):
    ident, number = unknown(house, "wecom", "没到")
    before = len(house.arrived("wecom"))
    assert "number=" + number in house.tocsin("met-lead", "status", ident).stdout
    restart(house)
    assert house.deliveries(ident)["wecom"]["state"] == "unknown"
    with pytest.raises(Failed, match="publish"):
        house.tocsin("met-draft", "settle", number, "--not-came", *WHY)
    with pytest.raises(Failed, match="are not theirs to settle"):
        house.tocsin("emb-lead", "settle", number, "--not-came", *WHY)
    with pytest.raises(Failed, match="no delivery 99999"):
        house.tocsin("met-lead", "settle", "99999", "--not-came", *WHY)
    house.tocsin("met-lead", "settle", number, "--not-came", *WHY)
    wait_for(lambda: house.deliveries(ident)["wecom"]["state"] == "delivered", 15, "the second attempt")
    assert len(house.arrived("wecom")) == before + 1
    with pytest.raises(Failed, match="nothing to settle"):
        house.tocsin("met-lead", "settle", number, "--came", *WHY)


def test_it_came(house):
    ident, number = unknown(house, "weibo", "到了")
    before = len(house.arrived("weibo"))
    house.tocsin("met-lead", "settle", number, "--came", *WHY)
    lines = record(house, "SELECT body FROM audit WHERE what = 'settled' AND ref = ?", ident)
    said = json.loads(lines[0][0])
    assert (said["officer"], said["came"], said["state"]) == ("met-lead", True, "delivered"), said
    found = house.deliveries(ident)["weibo"]
    assert found["state"] == "delivered" and "settled by" in found["proof"] and WHY[1] in found["reason"]
    assert len(house.arrived("weibo")) == before, "nothing goes out for it"


def test_what_is_over_does_not_go_again(house):
    ident, number = unknown(house, "wecom", "已解除")
    before = len(house.arrived("wecom"))
    house.tocsin("met-lead", "cancel", ident, "--reason", "险情解除")
    house.tocsin("met-lead", "settle", number, "--not-came", *WHY)
    assert house.deliveries(ident)["wecom"]["state"] == "withdrawn"
    texts = [entry["text"] for entry in house.arrived("wecom")[before:]]
    assert all("解除" in text for text in texts), texts
