# SPDX-License-Identifier: Apache-2.0
"""Both engines over the same random policies and requests (cases.py); any difference is printed and fails.

compare.py TOCSIN_DECIDE... [--requests N] [--seed S] [--small-world N] [--workers N]

TOCSIN_DECIDE is the command before `--policy FILE`, such as `tocsin decide`. Compared are permit, rule and basis, and
the set of conditions named in the reasons. The seed is printed, so that a difference can be had again. With TOCSIN_SOAK
set ten times as many are asked.
"""
import argparse
import json
import multiprocessing
import os
import random
import re
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    print("SKIPPED: python3-yaml is not installed, the rule is NOT compared with the oracle", file=sys.stderr)
    sys.exit(77)

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import authority_oracle as oracle
import cases

PER_POLICY = 2500
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
ENCODERS = [json.JSONEncoder(ensure_ascii=ascii) for ascii in (True, False)]
CONDITION = re.compile(r"condition (\d)")


def conditions_of(answer):
    """The conditions its reasons name."""
    return {int(found) for reason in answer["reasons"] for found in CONDITION.findall(reason)[:1]}


def difference(ours, theirs):
    """What the engine (ours) and the oracle (theirs) do not agree on, or None."""
    if ours["permit"] != theirs["permit"]:
        return "permit"
    for name in ["rule", "basis"]:
        if name in theirs and ours[name] != theirs[name]:
            return name
    if conditions_of(ours) != set(theirs["failed"]):
        return "conditions"
    return None


def ask_engine(command, policy_file, mode, requests):
    lines = "".join(ENCODERS[i % 2].encode(r) + "\n" for i, r in enumerate(requests))
    run = subprocess.run(command + ["--policy", policy_file, "--mode", mode], input=lines.encode(), check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=600)
    if run.returncode != 0:
        raise RuntimeError("%s: exit %d: %s" % (" ".join(command), run.returncode, run.stderr.decode()))
    answers = [json.loads(line) for line in run.stdout.decode().split("\n")[:-1]]
    if len(answers) != len(requests):
        raise RuntimeError("%d answers to %d requests" % (len(answers), len(requests)))
    return answers


def described(what, policy_file, mode, request, ours, theirs):
    theirs = dict(theirs, failed=sorted(theirs["failed"]))
    with open(policy_file, encoding="utf-8") as policy:
        return "DIFFERENT (%s), mode %s\n%s\nrequest %s\nengine  %s\noracle  %s\n" % (
            what, mode, policy.read(), json.dumps(request), json.dumps(ours, ensure_ascii=False),
            json.dumps(theirs, ensure_ascii=False))


def write_policy(policy, folder):
    name = os.path.join(folder, "policy.yaml")
    with open(name, "w", encoding="utf-8") as file:
        yaml.dump(policy, file, Dumper=DUMPER, allow_unicode=True, sort_keys=False)
    return name


class Tally:
    """What was asked, and what came out; adds up over workers."""

    def __init__(self):
        self.asked = self.permits = self.policies = self.different = 0
        self.failed = [0] * 10
        self.said = []

    def compare(self, command, policy_file, mode, requests):
        policy = oracle.load(policy_file)
        self.policies += 1
        for request, ours in zip(requests, ask_engine(command, policy_file, mode, requests)):
            theirs = oracle.decide(policy, request, mode)
            what = difference(ours, theirs)
            if what:
                self.different += 1
                if len(self.said) < 5:
                    self.said.append(described(what, policy_file, mode, request, ours, theirs))
            self.asked += 1
            self.permits += ours["permit"]
            for condition in theirs["failed"]:
                self.failed[condition] += 1

    def add(self, other):
        for name in ["asked", "permits", "policies", "different"]:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.failed = [a + b for a, b in zip(self.failed, other.failed)]
        self.said = (self.said + other.said)[:5]

    def show(self, what):
        print("".join(self.said) + "%s: %d requests over %d policies, %d permitted, %d different; failed conditions %s" % (
            what, self.asked, self.policies, self.permits, self.different,
            " ".join("%d:%d" % pair for pair in enumerate(self.failed))))


def random_work(job):
    command, seed, number, count = job
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        policy, mode, requests = cases.random_case(random.Random("%s/%d" % (seed, number)), count)
        tally.compare(command, write_policy(policy, folder), mode, requests)
    return tally


def small_work(job):
    command, seed, number = job
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        policy = cases.small_policy(random.Random("small %s/%d" % (seed, number)))
        tally.compare(command, write_policy(policy, folder), "live", list(cases.small_requests()))
    return tally


def run(pool, what, work, jobs):
    """Until the end, or the first difference."""
    total = Tally()
    for tally in pool.imap_unordered(work, jobs):
        total.add(tally)
        if total.different:
            break
    total.show(what)
    return total.different


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", nargs="+")
    parser.add_argument("--requests", type=int, default=100000)
    parser.add_argument("--small-world", type=int, default=1, help="policies over which every small request is asked")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    options = parser.parse_args()
    count = options.requests * (10 if os.environ.get("TOCSIN_SOAK") else 1)
    each = min(PER_POLICY, count)
    with multiprocessing.Pool(options.workers) as pool:
        different = run(pool, "seed %s" % options.seed, random_work,
                        [(options.command, options.seed, i, each) for i in range(-(-count // each))])
        different += run(pool, "small world, seed %s" % options.seed, small_work,
                         [(options.command, options.seed, i) for i in range(options.small_world)])
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
