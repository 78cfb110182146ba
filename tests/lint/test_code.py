# SPDX-License-Identifier: Apache-2.0
"""What no file may hold, and how long things may be."""
import glob
import os
import re
import subprocess
import sys

from tree import ROOMS, SOURCE, code_only, files, functions, read

BANNED = ("strcpy", "strcat", "sprintf", "vsprintf", "atoi", "atol", "atof", "gets", "strtok", "system", "popen", "fork",
          "vfork", "alloca", "tmpnam", "mktemp")
# A thousand processes with the same warm libraries: spawned anew, each would take its start besides.
MAY_FORK = ("tests/unit/record/test_upgrade.c", "tests/unit/record/test_disk_faults.c", "tests/unit/record/test_statement_faults.c", "tests/contract/test_kills.c",
            "tests/unit/cap/test_cap_memory_ends.c")
LONGEST_FUNCTION, LONGEST_FILE = 60, 400


def test_no_banned_functions():
    word = re.compile(r"(?<![\w>.])(%s)\s*\(" % "|".join(BANNED))
    found = []
    for path in files(*ROOMS, "tests", ending=(".c", ".h")):
        for number, line in enumerate(code_only(read(path)).split("\n"), 1):
            found += ["%s:%d %s" % (path, number, name) for name in word.findall(line)
                      if name != "fork" or path not in MAY_FORK]
    assert not found, "\n".join(found)


def test_cap_and_channels_neither_log_nor_exit():
    found = []
    for path in files("cap", "channels", ending=(".c",)):
        if os.path.basename(path).startswith("host"):
            continue
        for number, line in enumerate(code_only(read(path)).split("\n"), 1):
            if re.search(r"(?<!\w)(log_event|printf|fprintf|puts|perror|exit|_exit)\s*\(", line):
                found.append("%s:%d %s" % (path, number, line.strip()))
    assert not found, "\n".join(found)


def test_files_begin_with_what_they_are():
    bad = [path for path in files(*ROOMS)
           if not re.match(r"/\* SPDX-License-Identifier: Apache-2\.0\n \* \S", read(path))]
    assert not bad, "\n".join(bad)


def test_functions_are_short():
    lengths = [(length, "%s:%d %s" % (path, line, name)) for path in files(*ROOMS, ending=(".c",))
               for name, line, length in functions(path)]
    assert len(lengths) > 1000
    long = ["%d lines: %s" % entry for entry in lengths if entry[0] > LONGEST_FUNCTION]
    assert not long, "\n".join(long)


def test_files_are_short():
    long = ["%d lines: %s" % (read(path).count("\n"), path) for path in files(*ROOMS)
            if read(path).count("\n") > LONGEST_FILE]
    assert not long, "\n".join(long)


def test_nothing_is_left_unfinished():
    word = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|not (yet )?implemented", re.I)
    found = [path for path in files(*ROOMS, "systemd", "docs", ending=("",)) if not path.endswith(".png")
             and word.search(read(path))]
    assert not found, "\n".join(found)


def test_no_paths_of_one_machine():
    path_of_one = re.compile(r"(?<![\w.])/(work|root|farm)/")
    tracked = subprocess.run(["git", "-C", SOURCE, "ls-files"], capture_output=True, text=True, check=True).stdout
    found = []
    for path in tracked.split("\n"):
        full = os.path.join(SOURCE, path)
        if path and os.path.isfile(full) and not path.endswith((".png", ".der")):
            with open(full, encoding="utf-8", errors="replace") as text:
                if path_of_one.search(text.read()) and path != "tests/lint/test_code.py":
                    found.append(path)
    assert not found, "\n".join(found)


def test_code_is_formatted():
    paths = files(*ROOMS)
    done = subprocess.run(["clang-format", "--dry-run", "--Werror", *paths], cwd=SOURCE, capture_output=True, text=True,
                          check=False)
    first = "\n".join(line for line in done.stderr.split("\n") if "error:" in line)[:3000]
    assert done.returncode == 0, first


def test_shell_scripts_are_clean():
    scripts = [path for path in ("run", "check", "tests/install", ".ci/run") if os.path.exists(os.path.join(SOURCE, path))]
    done = subprocess.run(["shellcheck", *scripts], cwd=SOURCE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_top_level_is_the_house():
    allowed = {"CMakeLists.txt", "CMakePresets.json", "README.md", "LICENSE", "CHANGELOG.md", "HACKING.md", "SECURITY.md",
               "publisher", "cap", "channels", "tests", "docs", "systemd", "run", "check"}
    tracked = subprocess.run(["git", "-C", SOURCE, "ls-tree", "--name-only", "HEAD"], capture_output=True, text=True,
                             check=True).stdout.split()
    assert len(tracked) > 8
    odd = [name for name in tracked if name not in allowed and not name.startswith(".")]
    assert not odd, odd


def test_benches_find_what_they_use():
    """./check runs no bench: what it takes from the houses of the tests may be gone before anybody measures again."""
    for path in glob.glob(os.path.join(SOURCE, "tests", "bench", "bench_*.py")):
        subprocess.run([sys.executable, "-c", "import os, runpy, sys; sys.path[0] = os.path.dirname(sys.argv[1]); runpy.run_path(sys.argv[1])", path],
                       check=True)


def test_the_desk_knows_the_same_formulas():
    """Two programs in two languages keep a spreadsheet from calculating; a sign one of them learns is missing from the other."""
    ours, desks = read("publisher/base/csv_write.c"), read("publisher/desk/follow.js")
    wide = re.findall(r'"(\S)"', re.search(r"wide\[\] = \{([^}]*)\}", ours).group(1))
    plain = re.search(r'strchr\("([^"]*)", \*text\)', ours).group(1).encode().decode("unicode_escape")
    known = re.search(r"replace\(/\^\[(.*?)\]/", desks).group(1).replace("\\-", "-").replace("\\t", "\t").replace("\\r", "\r")
    assert len(wide) >= 4 and set(known) == set(plain) | set(wide)


def test_what_the_chain_records_has_a_chinese_word():
    """Steps and states have theirs beside them."""
    table = re.search(r"whats\[\] = \{(.*?)\n\};", read("publisher/bulletin/audit_words.c"), re.S).group(1)
    known, found = set(re.findall(r'\{"([^"]*)", "', table)), {}
    for path in files("publisher", ending=(".c",)):
        for call in re.findall(r"\b(?:store_audit|audit)\((store,[^;]*?)\)[ ;&]", read(path)):
            found.update(dict.fromkeys(re.findall(r'"([a-z][a-z -]*)"', ",".join(call.split(",")[1:3])), path))
    assert len(found) > 40 and set(found) <= known, {what: path for what, path in found.items() if what not in known}
