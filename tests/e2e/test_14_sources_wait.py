# SPDX-License-Identifier: Apache-2.0
"""A source whose tocsind cannot take anything just now: what it has stays, and is handed in again. Somebody else stands in
tocsind's place here, and answers as publisher/base/protocol.h says."""
import contextlib
import os
import socket
import struct
import subprocess

import pytest

from house import wait_for
from signer_peer import TAG_EN, TAG_KIND, TAG_ZH, field, frame, read_frame

BINARIES = os.environ.get("TOCSIN_BIN", os.path.join(os.path.dirname(__file__), "..", "..", "build", "dev", "bin"))
FRAME_INTAKE, FRAME_WELCOME, FRAME_TAKEN = 7, 32, 38
TAG_JOB, TAG_TYPE, TAG_MODE, TAG_NODE, TAG_OPTION, TAG_VALUE = 7, 15, 16, 17, 18, 19
TAKEN, REFUSED_INPUT, BUSY, UNAVAILABLE = 0, 2, 8, 10


def next_frame(line):
    got = b""
    while len(got) < 4 or len(got) < 4 + struct.unpack(">I", got[:4])[0]:
        need = 4 - len(got) if len(got) < 4 else 4 + struct.unpack(">I", got[:4])[0] - len(got)
        chunk = line.recv(need)
        assert chunk, "the source went away"
        got += chunk
    return read_frame(got)


@contextlib.contextmanager
def folder_source(tmp_path):
    """-> the line to a running source that was welcomed to watch tmp_path/in"""
    (tmp_path / "in").mkdir()
    options = [field(tag, text) for name, value in (("path", str(tmp_path / "in")), ("every", "0.1"), ("settle", "0.1"))
               for tag, text in ((TAG_OPTION, name), (TAG_VALUE, value))]
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "agents.sock"))
        door.listen()
        door.settimeout(20)
        source = subprocess.Popen([os.path.join(BINARIES, "tocsin-source"), "here", "--socket", str(tmp_path / "agents.sock")],
                                  stderr=subprocess.DEVNULL)
        try:
            line, _ = door.accept()
            with line:
                line.settimeout(20)
                next_frame(line)
                line.sendall(frame(FRAME_WELCOME, field(TAG_TYPE, "folder"), field(TAG_MODE, "live"), field(TAG_NODE, "here"), *options))
                yield line
        finally:
            source.kill()
            source.wait()


def answer(line, kind):
    """One arrival, answered so."""
    said, fields = next_frame(line)
    while said != FRAME_INTAKE:
        said, fields = next_frame(line)
    job = struct.unpack(">q", dict(fields)[TAG_JOB])[0]
    line.sendall(frame(FRAME_TAKEN, field(TAG_JOB, job), field(TAG_KIND, kind), field(TAG_ZH, "原因"), field(TAG_EN, "reason")))


@pytest.mark.parametrize("kind", [BUSY, UNAVAILABLE])
def test_what_could_not_be_taken_just_now_is_handed_in_again(tmp_path, kind):
    with folder_source(tmp_path) as line:
        (tmp_path / "a.part").write_text("<alert/>", encoding="utf-8")
        os.rename(tmp_path / "a.part", tmp_path / "in" / "a.xml")
        answer(line, kind)
        answer(line, kind)
        assert (tmp_path / "in" / "a.xml").exists()
        answer(line, TAKEN)
        wait_for((tmp_path / "in" / "done" / "a.xml").exists, 10, "a.xml taken in")


def test_what_is_wrong_is_not(tmp_path):
    with folder_source(tmp_path) as line:
        (tmp_path / "a.part").write_text("<alert/>", encoding="utf-8")
        os.rename(tmp_path / "a.part", tmp_path / "in" / "a.xml")
        answer(line, REFUSED_INPUT)
        wait_for((tmp_path / "in" / "refused" / "a.xml").exists, 10, "a.xml refused")
