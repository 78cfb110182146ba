# SPDX-License-Identifier: Apache-2.0
"""What must hold of any policy, whatever its rows say, asked of the engine alone:

  without grants and relays nothing is permitted       removing a row that gives never adds a permit
  a forbid more never adds a permit                    a forbid of everything leaves nothing
  a permit stays a permit over any part of its areas   what covers what covers, covers: of codes and of patterns
  nobody who drafted is among those whose sign-off counted, and a drafter among them is always refused
  nor is anybody who drafted it earlier
  on behalf ends with the term of its row, and with the handler's own right
  binding the right to sign to the roster never adds a permit, and to one on which everybody always stands takes none
  a row of the roster less never adds a permit; with none in force nobody reviews and signs, but cancels, corrections,
  relays and what was released go on

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
import cases
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
    if not isinstance(areas, list) or not areas or not all(a in cases.AREAS for a in areas):
        return request
    area = rnd.choice(areas)
    inside = [a for a in cases.AREAS if oracle.division_covers(area, a)]
    return dict(request, areas=[rnd.choice(inside)])


def check(world, rnd):
    policy, mode, requests = cases.random_case(rnd, 200)
    before = world.permits(policy, mode, requests)
    bare = {k: v for k, v in policy.items() if k not in ("grants", "relays")}
    world.hold("without grants", [(False, p) for p in world.permits(bare, mode, publications(requests))])
    for section in ["grants", "relays"]:
        if policy.get(section):
            less = without(policy, section, rnd.randrange(len(policy[section])))
            world.hold("a row removed", zip(before, world.permits(less, mode, requests)))
    more = with_forbid(policy, cases.random_forbid(rnd))
    world.hold("a forbid added", zip(before, world.permits(more, mode, requests)))
    nothing = with_forbid(policy, {"basis": "nobody, nothing"})
    world.hold("everything forbidden", [(False, p) for p in world.permits(nothing, mode, publications(requests))])
    permitted = [r for r, p in zip(requests, before) if p]
    narrow = [narrower(rnd, r) for r in permitted]
    free = {k: v for k, v in policy.items() if k != "forbids"}
    world.hold("part of the areas", [(p, True) for p in world.permits(free, mode, narrow)])
    check_people(world, policy, mode, permitted)
    check_roster(world, rnd, policy, mode, requests)
    check_terms(world, policy, mode, permitted)
    check_behalf(world, policy, mode, permitted)
    check_containment(world, rnd)


def publications(requests):
    return [r for r in requests if r.get("verb") not in oracle.INCIDENT_VERBS]


def needs_people(request):
    return request["procedure"] != "relay" and request["verb"] in ["publish", "update"]


def check_people(world, policy, mode, permitted):
    asked = [r for r in publications(permitted) if needs_people(r)]
    drafted, earlier = [], []
    for request in asked:
        earlier.append(dict(request, earlier=request["signs"][-1:], drafter=request["drafter"]))
        people = [oracle.person(oracle.find(policy["officers"], o))
                  for o in request["reviews"] + request["signs"] + [request["drafter"]]]
        world.hold("people distinct", [(len(set(people)) == len(people) and len(people) >= 2, True)])
        for name in ["reviews", "signs"]:
            more = dict(request, **{name: request[name] + [request["drafter"]]})
            more.pop({"reviews": "review_times", "signs": "sign_times"}[name], None)
            drafted.append(more)
    world.hold("the drafter signs", [(False, p) for p in world.permits(policy, mode, drafted)])
    world.hold("an earlier drafter signs", [(False, p) for p in world.permits(policy, mode, earlier)])


def over(row):
    return {**{k: v for k, v in row.items() if k != "from"}, "until": "1960-01-01"}


def check_roster(world, rnd, policy, mode, requests):
    everybody = [{"unit": o["unit"], "officer": o["id"], "steps": ["review", "sign"]} for o in policy["officers"]]
    full = dict(policy, sign_by_roster="yes", roster=everybody)
    if not all(cases.lets_somebody(full, step) for step in ["review", "sign"]):
        return
    free = world.permits({k: v for k, v in policy.items() if k != "sign_by_roster"}, mode, requests)
    bound = world.permits(full, mode, requests)
    world.hold("a full roster takes nothing", zip(bound, free))
    world.hold("a full roster adds nothing", zip(free, bound))
    turns = dict(policy)
    cases.put_roster(rnd, turns)
    some = dict(policy, sign_by_roster="yes", roster=turns["roster"] + [over(row) for row in everybody])
    before = world.permits(some, mode, requests)
    world.hold("binding adds nothing", zip(free, before))
    gone = rnd.randrange(len(turns["roster"]))
    less = dict(some, roster=[over(row) if i == gone else row for i, row in enumerate(some["roster"])])
    world.hold("a turn less adds nothing", zip(before, world.permits(less, mode, requests)))
    nobody = dict(some, roster=[over(row) for row in some["roster"]])
    rest = [r.get("verb") not in ["publish", "update"] or r.get("procedure") == "relay" or r.get("released") is not None
            for r in requests]
    permits = world.permits(nobody, mode, requests)
    world.hold("off duty nobody signs", zip(rest, permits))
    world.hold("what needs no sign-off goes on", [(p, was) for goes, p, was in zip(rest, permits, free) if goes])


def check_terms(world, policy, mode, permitted):
    """With every row at its end, nothing that needs a row is permitted any more."""
    over = copy.deepcopy(policy)
    for row in over.get("grants", []):
        row.pop("from", None)
        row["until"] = "1969-12-31"
    asked = [r for r in publications(permitted) if r["procedure"] != "relay"]
    world.hold("after the term", [(False, p) for p in world.permits(over, mode, asked)])


def check_behalf(world, policy, mode, permitted):
    """Of a policy whose units act on behalf only, but for the handlers: either row at its end, or gone, ends it."""
    rows = policy.get("grants", [])
    for number, row in enumerate(rows):
        if row["role"] != "behalf":
            continue
        own = [i for i, other in enumerate(rows) if other["unit"] == row["of"] and other["role"] != "behalf"]
        kept = dict(policy, grants=[r for i, r in enumerate(rows) if i in own or i == number])
        asked = [r for r in publications(permitted) if r["procedure"] != "relay"]
        officers = {o["id"] for o in policy["officers"] if o["unit"] == row["unit"]}
        asked = [r for r in asked if r["officer"] in officers]
        ended = copy.deepcopy(kept)
        ended["grants"] = [dict({k: v for k, v in r.items() if k != "from"}, until="1969-12-31")
                           if r["role"] == "behalf" else r for r in ended["grants"]]
        world.hold("behalf after its term", [(False, p) for p in world.permits(ended, mode, asked)])
        without_own = dict(policy, grants=[row])
        world.hold("behalf of nobody", [(False, p) for p in world.permits(without_own, mode, asked)])
        return


def check_containment(world, rnd):
    """Each unit is granted one pattern; the engine itself says what that covers."""
    codes = sorted({rnd.choice(cases.AREAS) for _ in range(8)} | {random_code(rnd) for _ in range(12)})
    policy = {"version": "1", "units": [{"id": "u" + c} for c in codes],
              "officers": [{"id": "o" + c, "unit": "u" + c, "duties": ["draft", "publish"]} for c in codes],
              "grants": [{"unit": "u" + c, "role": "handle", "acts": ["cancel"], "hazards": ["*"], "levels": ["red"],
                          "areas": [c + rnd.choice(["", "*"])], "channels": ["*"], "basis": "b"} for c in codes]}
    request = {"verb": "cancel", "kind": "warning", "hazard": "11B03", "level": "red", "channels": ["mqtt"],
               "status": "Actual", "disclosure": "proactive", "screening": "none", "procedure": "normal",
               "at": cases.MOMENTS[0]}
    pairs = [(a, b) for a in codes for b in codes]
    answers = world.permits(policy, "live", [dict(request, officer="o" + a, drafter="o" + a, areas=[b]) for a, b in pairs])
    covers = {pair for pair, is_permitted in zip(pairs, answers) if is_permitted}
    world.hold("a code covers itself", [((c, c) in covers, True) for c in codes])
    for a, b in covers:
        world.hold("containment is transitive", [((a, c) in covers, True) for c in codes if (b, c) in covers])


def random_code(rnd):
    return "".join(rnd.choice(["00", "00", "12", "01", "16", "10"]) for _ in range(6))[:rnd.choice([6, 9, 12])]


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
