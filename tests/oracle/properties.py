# SPDX-License-Identifier: Apache-2.0
"""What must hold of any policy, whatever its rows say, asked of the engine alone:

  without grants and relays nothing is permitted       removing a row that gives never adds a permit
  a forbid more never adds a permit                    a forbid of everything leaves nothing
  a permit stays a permit over any part of its areas   nobody who drafted is among those whose sign-off counted
  on behalf ends with the term

properties.py TOCSIN_DECIDE... [--policies N] [--seed S]
"""
import argparse
import copy
import os
import random
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import authority_oracle as oracle
import compare


class World:
    def __init__(self, command, folder):
        self.command, self.folder = command, folder
        self.checked = self.broken = 0

    def permits(self, policy, mode, requests):
        answers = compare.ask_engine(self.command, compare.write_policy(policy, self.folder), mode, requests)
        return [answer["permit"] for answer in answers]

    def hold(self, name, pairs):
        """Each pair: (may it be permitted, is it?)"""
        for may, is_permitted in pairs:
            self.checked += 1
            if is_permitted and not may:
                self.broken += 1
                print("BROKEN: %s" % name)
                return


def without(policy, section, row):
    """With that row replaced by one that covers nothing, so that the numbers of the others stay."""
    less = copy.deepcopy(policy)
    less[section][row]["hazards"] = []
    return less


def with_forbid(policy, row):
    more = copy.deepcopy(policy)
    more.setdefault("forbids", []).append(row)
    return more


def narrower(rnd, request):
    """The same for a part of its areas."""
    areas = request.get("areas")
    if not isinstance(areas, list) or not areas or not all(a in compare.AREAS for a in areas):
        return request
    area = rnd.choice(areas)
    inside = [a for a in compare.AREAS if oracle.division_covers(area, a)]
    return dict(request, areas=[rnd.choice(inside)])


def check(world, rnd):
    policy, mode, requests = compare.random_case(rnd, 200)
    before = world.permits(policy, mode, requests)
    bare = {k: v for k, v in policy.items() if k not in ("grants", "relays")}
    world.hold("without grants", [(False, p) for p in world.permits(bare, mode, publications(requests))])
    for section in ["grants", "relays"]:
        if policy.get(section):
            less = without(policy, section, rnd.randrange(len(policy[section])))
            world.hold("a row removed", zip(before, world.permits(less, mode, requests)))
    more = with_forbid(policy, compare.random_forbid(rnd))
    world.hold("a forbid added", zip(before, world.permits(more, mode, requests)))
    nothing = with_forbid(policy, {"basis": "nobody, nothing"})
    world.hold("everything forbidden", [(False, p) for p in world.permits(nothing, mode, publications(requests))])
    permitted = [r for r, p in zip(requests, before) if p]
    narrow = [narrower(rnd, r) for r in permitted]
    free = {k: v for k, v in policy.items() if k != "forbids"}
    world.hold("part of the areas", [(p, True) for p in world.permits(free, mode, narrow)])
    check_people(world, policy, permitted)
    check_terms(world, policy, mode, permitted)


def publications(requests):
    return [r for r in requests if r.get("verb") not in oracle.INCIDENT_VERBS]


def check_people(world, policy, permitted):
    for request in publications(permitted):
        if request["procedure"] != "relay" and request["verb"] in ["publish", "update"]:
            people = [oracle.person(oracle.find(policy["officers"], o))
                      for o in request["reviews"] + request["signs"] + [request["drafter"]]]
            world.hold("people distinct", [(len(set(people)) == len(people) and len(people) >= 2, True)])


def check_terms(world, policy, mode, permitted):
    """With every row at its end, nothing that needs a row is permitted any more."""
    over = copy.deepcopy(policy)
    for row in over.get("grants", []):
        row.pop("from", None)
        row["until"] = "1969-12-31"
    asked = [r for r in publications(permitted) if r["procedure"] != "relay"]
    world.hold("after the term", [(False, p) for p in world.permits(over, mode, asked)])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", nargs="+")
    parser.add_argument("--policies", type=int, default=40)
    parser.add_argument("--seed", default="1")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        world = World(options.command, folder)
        for i in range(options.policies):
            check(world, random.Random("property %s/%d" % (options.seed, i)))
    print("%d checks over %d policies, %d broken" % (world.checked, options.policies, world.broken))
    sys.exit(1 if world.broken else 0)


if __name__ == "__main__":
    main()
