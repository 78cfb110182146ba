#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Puts an officer's passkey into the policy of a house that ./run has up, by its two administrators and their key files: what
in a bureau two people do on the page 管理, or by `tocsin change`.

usage: passkey.py FOLDER OFFICER LINE    the house's folder; who it is; the line that the page 我的通行密钥 shows"""
import os
import re
import shutil
import subprocess
import sys

from officers import Failed, Officers

BOTH = ("emb-admin-1", "emb-admin-2")


class Administrators(Officers):
    """Of a running house, known by the files of variables that it wrote for its officers."""

    def __init__(self, folder):
        self.said = {}
        for officer in BOTH:
            with open(os.path.join(folder, "officers", officer), encoding="utf-8") as lines:
                self.said[officer] = dict(re.findall(r"^export (\w+)=(.*)$", lines.read(), re.MULTILINE))
        self.url = self.said[BOTH[0]]["TOCSIN_URL"]
        with open(self.said[BOTH[0]]["TOCSIN_TOKEN_FILE"], encoding="utf-8") as token:
            self.tokens = {BOTH[0]: token.read().strip()}

    def tocsin(self, officer, *arguments, stdin=None):
        done = subprocess.run(["tocsin", *arguments], input=stdin, capture_output=True, text=True, timeout=60, check=False,
                              env={**os.environ, **self.said[officer]})
        if done.returncode != 0:
            raise Failed(done.returncode, done.stderr or done.stdout)
        return done.stdout


def with_key(policy, officer, line):
    """The document with one key more in the officer's row."""
    row = re.compile(r"^(.*\bid: %s,.*\bkeys: \[[^\]]*)\]" % re.escape(officer), re.MULTILINE)
    changed, rows = row.subn(lambda found: '%s, "%s"]' % (found.group(1), line), policy)
    if rows != 1:
        raise Failed(65, "授权规则中没有人员 %s / the policy names no officer %s" % (officer, officer))
    return changed


def main(folder, officer, line):
    if not shutil.which("tocsin"):
        raise Failed(69, "先执行 ./run 打印的 export PATH=… / first the `export PATH=...` that ./run prints")
    house = Administrators(folder)
    change = house.tocsin(BOTH[0], "change", "propose", "policy", "-", stdin=with_key(house.policy(), officer, line)).split()[0]
    print(house.tocsin(BOTH[1], "change", "confirm", change), end="")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        print(__doc__.strip().splitlines()[-1], file=sys.stderr)
        sys.exit(64)
    try:
        main(*sys.argv[1:])
    except Failed as trouble:
        print(trouble.text, file=sys.stderr)
        sys.exit(trouble.code)
