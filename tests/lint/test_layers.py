# SPDX-License-Identifier: Apache-2.0
"""Who may know whom (docs/ARCHITECTURE.md): by the includes, and by what each program links."""
import os
import re
import subprocess

import pytest

from tree import BINARIES, files, read

# A folder may include headers of these folders (its own goes without saying).
MAY_INCLUDE = {
    "publisher/base": set(),
    "cap": {"publisher/base"},
    "channels/text": {"publisher/base"},
    "channels": {"publisher/base", "channels/text"},
    "publisher/area": {"publisher/base", "cap"},
    "publisher/authority": {"publisher/base"},
    "publisher/record": {"publisher/base", "publisher"},
    "publisher/signer": {"publisher/base", "publisher/area", "publisher/authority", "cap", "channels/text", "publisher"},
    "publisher/screening": {"publisher/base", "cap", "publisher"},
    "publisher/sources": {"publisher/base"},
    "publisher/ctl": {"publisher/base", "publisher/authority", "cap", "publisher"},
    "publisher": {"publisher/base", "publisher/area", "publisher/authority", "publisher/record", "publisher/signer",
                  "publisher/screening", "cap", "channels/text", "channels"},
}
# Of another room's folder only these headers, where a whole folder would be too much.
ONLY = {
    ("publisher", "channels"): {"channel.h"},
    ("publisher", "publisher/signer"): {"signer_client.h"},
    ("publisher/record", "publisher"): {"bulletin.h", "step.h"},
    ("publisher/signer", "publisher"): {"bulletin.h", "catalog.h", "flatten.h"},
    ("publisher/screening", "publisher"): {"csv.h", "free_text.h"},
    ("publisher/ctl", "publisher"): {"problems.h"},
}

# Libraries of our own choosing each program may need, and what it must never (design, section 2).
COMMON = {"libc", "libm", "libcrypto", "libssl", "ld-linux-x86-64", "libasan", "libubsan", "libtsan", "libgcc_s",
          "libclang_rt", "libpthread", "libdl", "linux-vdso"}
LINKS = {
    "tocsind": {"libunistring", "libxml2", "libexpat", "libsqlite3", "libfyaml", "libjansson", "libevent", "libevent_pthreads",
                "libevent_core", "libgeos_c", "libargon2"},
    "tocsin-signer": {"libxml2", "libexpat", "libxmlsec1", "libxmlsec1-openssl", "libfyaml", "libjansson",
                      "libgeos_c"},
    "tocsin-channel": {"libcurl", "libmosquitto", "libjansson"},
    "tocsin-source": {"libxml2", "libexpat", "libcurl", "libmosquitto"},
    "tocsin": {"libxml2", "libexpat", "libxmlsec1", "libxmlsec1-openssl", "libfyaml", "libjansson", "libcurl",
               "libmosquitto"},
}


def folder_of(path):
    return os.path.dirname(path)


def headers():
    """Header name -> its folder."""
    found = {}
    for path in files("cap", "channels", "publisher", ending=(".h",)):
        assert os.path.basename(path) not in found, "two headers are called " + os.path.basename(path)
        found[os.path.basename(path)] = folder_of(path)
    return found


def test_includes_keep_the_layers():
    where = headers()
    breaches, looked = [], 0
    for path in files("cap", "channels", "publisher"):
        mine = folder_of(path)
        for name in re.findall(r'^#include "([^"]+)"', read(path), re.M):
            looked += 1
            theirs = where.get(os.path.basename(name))
            if theirs == mine:
                continue
            only = ONLY.get((mine, theirs))
            if theirs not in MAY_INCLUDE[mine] or (only and name not in only):
                breaches.append("%s includes %s of %s" % (path, name, theirs))
    assert looked > 500
    assert not breaches, "\n".join(breaches)


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
