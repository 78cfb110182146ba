# SPDX-License-Identifier: Apache-2.0
"""tocsind's side of the wire, heard by an agent made here: a bulletin travels once, and the agent is told to forget it
when it will not be named again, so that nothing piles up in an agent that runs for months."""
import socket
import struct

import pytest

from arrivals import prepare, warning
from house import wait_for

HELLO, READY, BEGAN, RECEIPT = 1, 2, 3, 4
WELCOME, BULLETIN, FORGET, JOB, ACK, STOP = 32, 34, 35, 36, 37, 39
VERSION, ROLE, NAME, LANE, DIGEST, COUNT, JOB_NUMBER, RECIPIENT, VERDICT, PROOF, REASON, FAR_ID, WAIT = range(1, 14)
ID = 23
DELIVERED, DEFERRED = 0, 1


class Agent:
    """One connection to tocsind, as tocsin-channel has it (publisher/base/protocol.h)."""

    def __init__(self, house, name, lane):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(house.path("run", "agents.sock"))
        self.send(HELLO, (VERSION, 5), (ROLE, 1), (NAME, name), (LANE, lane), (DIGEST, ""))
        assert self.read()[0] == WELCOME

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, kind, *fields):
        body = b""
        for tag, value in fields:
            value = struct.pack(">q", value) if isinstance(value, int) else value.encode()
            body += struct.pack(">HI", tag, len(value)) + value
        self.socket.sendall(struct.pack(">IH", len(body) + 2, kind) + body)

    def bytes(self, count):
        got = b""
        while len(got) < count:
            more = self.socket.recv(count - len(got))
            assert more, "tocsind closed the connection"
            got += more
        return got

    def read(self):
        """-> (type, {tag: bytes}); a tag that comes again keeps its first value."""
        length, kind = struct.unpack(">IH", self.bytes(6))
        body, fields = self.bytes(length - 2), {}
        while body:
            tag, size = struct.unpack(">HI", body[:6])
            fields.setdefault(tag, body[6:6 + size])
            body = body[6 + size:]
        return kind, fields

    def until(self, kind, found=None):
        """Reads on to a frame of this kind. -> its fields; all that came on the way goes to `found`."""
        while True:
            got, fields = self.read()
            if found is not None:
                found.append((got, fields.get(ID, b"").decode()))
            if got == kind:
                return fields

    def answer(self, job, verdict, wait=0):
        self.send(BEGAN, (JOB_NUMBER, job))
        self.send(RECEIPT, (JOB_NUMBER, job), (VERDICT, verdict), (PROOF, "proof"), (REASON, ""),
                  (FAR_ID, ""), (WAIT, wait))

    def take(self, found=None):
        self.send(READY, (COUNT, 1))
        fields = self.until(JOB, found)
        return struct.unpack(">q", fields[JOB_NUMBER])[0], fields[ID].decode()


@pytest.fixture
def place(house, request):
    """This far side's process makes room for ours."""
    names = request.param
    for name in names:
        wait_for(lambda n=name: "event=welcome" in house.log(n), 10, name + " in its place")
        assert house.programs[name].stop() == 0
    yield house
    for name in names:
        welcomes = house.log(name).count("event=welcome")
        house.programs[name].start()
        wait_for(lambda n=name, w=welcomes: house.log(n).count("event=welcome") > w, 10, name + " back in its place")


def release(house, ident):
    house.release("met", ident)
    return ident


@pytest.mark.parametrize("place", [["channel-webhook-urgent"]], indirect=True)
def test_a_delivered_bulletin_is_to_be_forgotten(place):
    house = place
    with Agent(house, "webhook", "urgent") as agent:
        ident, found = release(house, prepare(house, "orange")), []
        job, named = agent.take(found)
        assert named == ident
        assert [kind for kind, i in found if i == ident] == [BULLETIN, JOB], "the bulletin comes before the job"
        agent.answer(job, DELIVERED)
        found = []
        assert agent.until(FORGET, found)[ID].decode() == ident
        wait_for(lambda: house.deliveries(ident)["webhook"]["state"] == "delivered", 10, "on disk")


@pytest.mark.parametrize("place", [["channel-webhook-urgent"]], indirect=True)
def test_a_bulletin_to_be_tried_again_is_not_forgotten(place):
    """It travels once, for all its attempts; another one's end does not take it along."""
    house = place
    first, second = prepare(house, "orange"), prepare(house, "orange")
    with Agent(house, "webhook", "urgent") as agent:
        release(house, first)
        job, named = agent.take()
        assert named == first
        agent.answer(job, DEFERRED, wait=2000)
        agent.until(ACK)
        release(house, second)
        number, named = agent.take()
        assert named == second, "the first one waits"
        agent.answer(number, DELIVERED)
        found = []
        assert agent.until(FORGET, found)[ID].decode() == second
        again, named = agent.take(found)
        assert (again, named) == (job, first)
        assert (BULLETIN, first) not in found, "it has it already"
        assert (FORGET, first) not in found
        agent.answer(again, DELIVERED)
        assert agent.until(FORGET)[ID].decode() == first


@pytest.mark.parametrize("place", [["channel-website-all"]], indirect=True)
def test_what_is_in_force_is_not_forgotten_by_a_projection(place):
    """Each job names the whole active set: only what left it may go."""
    house = place
    ident = house.submit("met-draft", warning("orange", hours=8 / 3600))
    house.approve("met", ident)
    with Agent(house, "website", "all") as agent:
        release(house, ident)
        found = []
        job, named = agent.take(found)
        while named != ident:
            agent.answer(job, DELIVERED)
            job, named = agent.take(found)
        agent.answer(job, DELIVERED)
        assert (FORGET, ident) not in found
        wait_for(lambda: house.status(ident)["state"] == "expired", 20, "its end")
        found = []
        state, named = agent.take(found)
        assert state < 0 and named == "", "a state job: show what is left"
        agent.answer(state, DELIVERED)
        while (FORGET, ident) not in found:
            agent.until(FORGET, found)
