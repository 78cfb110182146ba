# SPDX-License-Identifier: Apache-2.0
"""What the lints share: where the code is, and C text without its comments and strings."""
import os
import re

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARIES = os.environ.get("TOCSIN_BIN", os.path.join(SOURCE, "build", "dev", "bin"))
ROOMS = ("cap", "channels", "publisher")


def read(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as text:
        return text.read()


def files(*folders, ending=(".c", ".h")):
    """Paths under the source, sorted."""
    found = []
    for folder in folders:
        for place, _, names in os.walk(os.path.join(SOURCE, folder)):
            found += [os.path.relpath(os.path.join(place, name), SOURCE) for name in names if name.endswith(ending)]
    return sorted(found)


def code_only(text):
    """Comments and the insides of strings become blanks; lines stay where they are."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S)


def functions(path):
    """[(name, first line, lines)] of a C file: a body from a brace in column 0 to the next one."""
    found, start, head = [], None, ""
    for number, line in enumerate(code_only(read(path)).split("\n"), 1):
        if line.startswith("{"):
            start = number
        elif line.startswith("}") and start:
            names = re.findall(r"(\w+)\s*\(", head)
            found.append((names[0] if names else "?", start, number - start + 1))
            start, head = None, ""
        elif start is None:
            head = head + " " + line if line.startswith((" ", "\t")) else line
    return found
