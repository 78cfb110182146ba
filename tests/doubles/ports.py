# SPDX-License-Identifier: Apache-2.0
"""Ports for houses, many of which may stand at a time: every process that asks has a block of its own, below the ports
the kernel gives to outgoing connections. Who would only look whether a port is free might see it taken by another
house, or by a connection, before the program it was meant for listens.

A block is held by listening on its first port, and so free again when its process ends, however that ends."""
import socket

FIRST, LAST, BLOCK = 20000, 32000, 200
_mine = {"guard": None, "first": 0, "next": 0}


def _bound(port):
    probe = socket.socket()
    try:
        probe.bind(("127.0.0.1", port))
    except OSError:
        probe.close()
        return None
    return probe


def _take_block():
    for first in range(FIRST, LAST, BLOCK):
        guard = _bound(first)
        if guard:
            guard.listen()
            _mine.update(guard=guard, first=first, next=first + 1)
            return
    raise OSError("every port from %d to %d is taken" % (FIRST, LAST))


def free_port():
    """The next of this process's block; one that was given before comes again after all the others only."""
    if not _mine["guard"]:
        _take_block()
    for _ in range(BLOCK):
        port = _mine["next"]
        _mine["next"] = port + 1 if port + 1 < _mine["first"] + BLOCK else _mine["first"] + 1
        probe = _bound(port)
        if probe:
            probe.close()
            return port
    raise OSError("every port from %d on is taken" % _mine["first"])
