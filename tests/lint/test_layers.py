# SPDX-License-Identifier: Apache-2.0
"""Who may know whom (docs/ARCHITECTURE.md): by the includes, and by what each program links."""
import os
import re
import subprocess

import pytest

from tree import BINARIES, files, read

# Who knows whom, lowest first: a room may include headers of the rooms named here, and of `base`, which everybody knows.
MAY_INCLUDE = {room: set(known.split()) | {"base"} - {room} for room, known in {
    "base": "",
    "cap": "",
    "text": "",
    "channels": "text",
    "area": "cap",
    "authority": "",
    "bulletin": "",
    "facts": "area authority cap text",
    "screening": "cap facts",
    "phrases": "cap facts text",
    "mapping": "cap",
    "record": "bulletin text",
    "directory": "area authority facts record",
    "signer": "authority bulletin cap facts screening text",
    "sources": "cap channels",
    "ctl": "authority cap draft facts mapping phrases text",
    "draft": "bulletin cap facts phrases text",
    "dispatch": "",
    "factors": "",
    "house": "authority cap factors facts mapping record screening",
    "people": "factors house record",
    "workflow": "authority bulletin cap directory draft facts house record screening signer text",
    "outbox": "bulletin cap channels dispatch facts house record text workflow",
    "web": "house people record",
    "duties": "authority bulletin house outbox record signer web",
    "release": "bulletin channels duties house outbox record signer text workflow",
    "ingest": "cap draft facts house mapping phrases record release workflow",
    "changes": "authority directory house people record signer workflow",
    "watch": "house outbox record signer",
    "api": "authority bulletin cap changes directory draft duties facts house ingest outbox people record release screening watch web workflow",
    "daemon": "api changes directory duties facts house ingest outbox people phrases record release screening watch web workflow",
}.items()}
# Of another room only these headers, where the whole would be too much.
ONLY = {
    ("ctl", "draft"): {"draft_national.h", "problems.h"},
    ("ctl", "facts"): {"catalog.h", "flatten.h"},
    ("house", "cap"): {"cap_read.h", "cap_trust.h"},
    ("ctl", "mapping"): {"mapping.h"},
    ("house", "mapping"): {"mapping.h"},
    ("ingest", "mapping"): {"mapping.h"},
    ("house", "factors"): {"password.h"},
    ("outbox", "channels"): {"channel.h"},
    ("outbox", "workflow"): {"reason.h", "standing.h"},
    ("phrases", "facts"): {"catalog.h", "csv.h"},
    ("sources", "channels"): {"http.h"},
    ("sources", "cap"): {"cap_feed.h", "cap_read.h"},
    ("screening", "facts"): {"csv.h", "free_text.h"},
    ("signer", "facts"): {"catalog.h", "flatten.h", "free_text.h"},
    **{(room, "signer"): {"signer_client.h"} for room in ("workflow", "duties", "release", "changes", "watch")},
}

# Libraries of our own choosing each program may need, and what it must never (design, section 2).
COMMON = {"libc", "libm", "libcrypto", "libssl", "ld-linux-x86-64", "libasan", "libubsan", "libtsan", "libgcc_s",
          "libclang_rt", "libpthread", "libdl", "linux-vdso"}
LINKS = {
    "tocsind": {"libunistring", "libexpat", "libsqlite3", "libfyaml", "libjansson", "libevent", "libevent_pthreads",
                "libevent_core", "libgeos_c", "libargon2"},
    "tocsin-signer": {"libxml2", "libexpat", "libxmlsec1", "libxmlsec1-openssl", "libfyaml", "libjansson",
                      "libgeos_c", "libunistring"},
    "tocsin-channel": {"libcurl", "libmosquitto", "libjansson"},
    "tocsin-source": {"libexpat", "libcurl", "libmosquitto"},
    "tocsin": {"libexpat", "libfyaml", "libjansson", "libgeos_c", "libcurl", "libmosquitto"},
}


def folder_of(path):
    return os.path.dirname(path)


def room_of(path):
    return os.path.basename(folder_of(path))


def headers():
    """Header name -> its room."""
    found = {}
    for path in files("cap", "channels", "publisher", ending=(".h", ".def")):
        assert os.path.basename(path) not in found, "two headers are called " + os.path.basename(path)
        found[os.path.basename(path)] = room_of(path)
    return found


def test_includes_keep_the_layers():
    where = headers()
    breaches, looked, used = [], 0, set()
    for path in files("cap", "channels", "publisher"):
        mine = room_of(path)
        for name in re.findall(r'^#include "([^"]+)"', read(path), re.M):
            looked += 1
            theirs = where.get(os.path.basename(name))
            if theirs == mine:
                continue
            used.add((mine, theirs))
            only = ONLY.get((mine, theirs))
            if theirs not in MAY_INCLUDE[mine] or (only and name not in only):
                breaches.append("%s includes %s of %s" % (path, name, theirs))
    assert looked > 500
    assert not breaches, "\n".join(breaches)
    unused = {(room, known) for room, rooms in MAY_INCLUDE.items() for known in rooms - {"base"}} - used
    assert not unused, "named above and not needed: %s" % sorted(unused)


def test_the_layers_have_no_circle():
    for room, known in MAY_INCLUDE.items():
        seen, ahead = set(), set(known)
        while ahead:
            one = ahead.pop()
            if one not in seen:
                seen.add(one)
                ahead |= MAY_INCLUDE[one]
        assert room not in seen, room


def needed(program):
    """Names of the libraries a program asks for, without versions."""
    text = subprocess.run(["readelf", "-d", os.path.join(BINARIES, program)], capture_output=True, text=True,
                          check=True).stdout
    found = {re.sub(r"(-2\.1)?\.so.*", "", name) for name in re.findall(r"NEEDED.*\[(.*)\]", text)}
    assert found, "no NEEDED lines in " + program
    return found


@pytest.mark.parametrize("program", sorted(LINKS))
def test_programs_link_only_what_they_may(program):
    extra = needed(program) - LINKS[program] - COMMON
    assert not extra, "%s links %s" % (program, " ".join(sorted(extra)))


def test_no_room_but_cap_names_libxml2():
    named = {folder_of(path) for path in files("cap", "channels", "publisher")
             if re.search(r"#include <(libxml|xmlsec|expat)", read(path))}
    assert named <= {"cap"}, named


def test_geos_is_known_in_one_room():
    named = {folder_of(path) for path in files("cap", "channels", "publisher")
             if re.search(r"#include <geos", read(path))}
    assert named == {"publisher/area"}, named


def test_sql_is_spoken_in_the_record_only():
    named = {folder_of(path) for path in files("cap", "channels", "publisher")
             if re.search(r"#include <sqlite3", read(path))}
    assert named <= {"publisher/record"}, named


def test_only_when_asks_for_the_time():
    asking = {path for path in files("cap", "channels", "publisher", ending=(".c",))
              if re.search(r"\b(clock_gettime|gettimeofday|time)\s*\((NULL|0|CLOCK)", read(path))}
    # The record's queue waits on a condition variable, whose deadline only the kernel's clock can tell.
    assert asking <= {"publisher/base/when.c", "publisher/record/record_queue.c"}, asking
