# SPDX-License-Identifier: Apache-2.0
"""Do the tests notice? Each condition is switched off in turn, then single details of the rule are turned
round, in a copy of publisher/authority; the tests of the room must fail every time.

mutants.py [SOURCE_TREE]        needs cc, pkg-config and the libraries of the room; exit 1 names the survivors
"""
import os
import shutil
import subprocess
import sys
import tempfile

class Room:
    """A room of publisher/, its tests, the files they share, and the libraries all of it needs."""

    def __init__(self, name, tests, shared, packages, environment=None):
        self.name, self.tests, self.shared, self.packages = name, tests, shared, packages
        self.environment = environment or {}


AUTHORITY = Room("authority",
                 ["policy_match", "conditions", "signoff", "roster", "settled", "decide_json", "policy_read"],
                 ["fixture.c"], ["libfyaml", "jansson", "openssl", "cmocka"])
CONDITIONS = ["request", "officer", "handler", "grant", "forbid", "signoff", "secrecy", "disclosure", "mode", "life"]
ALWAYS = "static bool always(const struct asking *a, struct reading *r)\n{\n\t(void)a;\n\t(void)r;\n\treturn true;\n}\n\n"

# (what is turned round, file, what stands there once, what stands there instead)
DETAILS = [
    ("a row without a term", "decide_rows.c", "return scope->from <= at && at < scope->until;", "return true;"),
    ("until included", "decide_rows.c", "at < scope->until;", "at <= scope->until;"),
    ("any area is enough", "decide_rows.c", "*value = area_missed(scope, request->areas, request->area_count);",
     "*value = area_missed(scope, request->areas, 1);"),
    ("acts are not asked", "decide_rows.c", "if (!(scope->acts & 1u << request->verb))\n\t\treturn THING_ACT;", ""),
    ("kinds are not asked", "decide_rows.c", "if (!(scope->kinds & 1u << request->kind))\n\t\treturn THING_KIND;", ""),
    ("levels are not asked", "decide_rows.c", "if (!(scope->levels & 1u << request->level))\n\t\treturn THING_LEVEL;",
     ""),
    ("a forbid must contain the area", "decide_rows.c", "stems_touch_division(&scope->areas, request->areas[i])",
     "stems_cover_division(&scope->areas, request->areas[i])"),
    ("an absent list of a forbid matches nothing", "decide_rows.c", "return scope->areas.count == 0;", "return false;"),
    ("the excepted unit is not excepted", "decide_rows.c", "if (!excepted && ", "if ("),
    ("the handler's row is enough", "decide.c", "return !reading->behalf ||\n", "return true || !reading->behalf ||\n"),
    ("a superior needs no grant", "decide.c", "return handles_such(asking, reading->unit);\n}\n\n/* 3",
     "return handles_such(asking, reading->unit) || is_from_above(asking, reading);\n}\n\n/* 3"),
    ("a superior is any unit", "decide_rows.c", "if (below == above)\n\t\t\treturn true;", "return true;"),
    ("a relay may have an officer", "decide.c", "request->officer != NULL : !asking->drafter", "false : !asking->drafter"),
    ("expired a second late", "decide.c", "request->at < request->expires", "request->at <= request->expires"),
    ("held does not hold a relay", "decide.c", "return screening != SCREENING_HELD;", "return true;"),
    ("the drafter may sign", "decide_people.c", "if (same_person(officer, asking->drafter))", "if (false)"),
    ("accounts are people", "decide_people.c", "strcmp(one->person, other->person) == 0", "strcmp(one->id, other->id) == 0"),
    ("the inactive sign", "decide_people.c", "if (!officer->active)", "if (false)"),
    ("the duty is not asked", "decide_people.c", "if (!(officer->duties &", "if (false && !(officer->duties &"),
    ("any unit signs", "decide_people.c", "if (!is_of(officer, asking->unit) && ", "if (false && "),
    ("hours in UTC", "../base/hours.c", "(minutes_of(at) + 8 * 60)", "minutes_of(at)"),
    ("an earlier drafter may sign", "decide_people.c", "if (drafted_before(asking, officer))", "if (false)"),
    ("an old approval counts", "decide_people.c", "if (!is_fresh(asking, i))", "if (false)"),
    ("an old approval takes back a delivery", "decide_people.c", "return request->released ||\n", "return\n"),
    ("an approval counts a moment less", "policy.c", "sent - approved <= policy->approvals_within", "sent - approved < policy->approvals_within"),
    ("the roster is not asked", "decide_people.c", "return is_on_duty(asking, i) ? ", "return true ? "),
    ("the roster binds always", "policy_roster.c", "if (!policy->sign_by_roster)\n\t\treturn true;", ""),
    ("the roster is asked of a delivery", "decide_people.c", "return request->released || ", "return "),
    ("the roster at `at`", "decide_people.c", "return times ? times[", "return false ? times["),
    ("the roster at another's moment", "decide_people.c", "times[reviews ? i : i - request->review_count]", "times[0]"),
    ("the deputy is off duty", "policy_roster.c", "(row->deputy && strcmp(row->deputy, officer) == 0);", "false;"),
    ("a turn has no hours", "policy_roster.c", "hours_hold(&row->hours, at);", "true;"),
    ("a turn has no days", "policy_roster.c", "(row->days & 1u << weekday(&row->hours, at))", "true"),
    ("a night's turn ends at midnight", "policy_roster.c", "\t\tdays--;", "\t\t;"),
    ("a turn has no term", "policy_roster.c", "at >= row->from && at < row->until &&", ""),
    ("a turn is for every step", "policy_roster.c", "(row->steps & 1u << step) &&", ""),
    ("more times than people", "decide_request.c", "size != json_array_size(json_object_get(object, people))", "false"),
    ("a roster nobody can sign by", "policy_roster.c", "must_let_somebody(yaml, root, policy, STEP_SIGN);", ""),
    ("a roster nobody can review by", "policy_roster.c", "if (reviews_are_asked(policy))", "if (false)"),
    ("9 digits lose pairs", "policy_match.c", "if (len != 6)\n\t\treturn len;", ""),
    ("a trailing 000 only once", "policy_match.c", "while ((len == 12 || len == 9)", "if ((len == 12 || len == 9)"),
    ("anybody hands over", "decide_incident.c", "if (handler && unit != handler && !unit_is_above(unit, handler))",
     "if (false)"),
    ("what nobody handles is anybody's", "decide_incident.c", "!unit_handles(unit, r->hazard", "false && !unit_handles(unit, r->hazard"),
    ("the taker needs no grant", "decide_incident.c", "if (!row)", "if (false)"),
    ("a forbid says nothing about who handles", "decide_incident.c",
     "if (!forbids(forbid, &policy->index->forbids[i], r))", "if (true)"),
    ("anybody handles without the duty", "decide_incident.c",
     "if (!officer || !officer->active || !(officer->duties & DUTY_PUBLISH))", "if (!officer)"),
    ("close may name a unit", "decide_incident.c", "if ((r->verb == INCIDENT_CLOSE) != (r->to == NULL))", "if (false)"),
    ("examples are not asked", "policy_examples.c", "if (!decision.permit && example->permit)", "if (false)"),
    ("an unknown member is let pass", "decide_request.c", "members_known(parsed, object);\n\tif", "if"),
]


def output_of(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout.split()


def compile_c(source, target, flags):
    subprocess.run(["cc", "-std=c11", "-D_GNU_SOURCE", '-DTOCSIN_VERSION="0"', "-w", "-fPIC", "-c", source, "-o",
                    target] + flags,
                   check=True)


class Bench:
    """The tests, linked once, over a library of the room's objects, which is made anew with some of them replaced."""

    def __init__(self, tree, folder, room=AUTHORITY):
        self.tree, self.folder, self.its = tree, folder, room
        self.room = os.path.join(tree, "publisher", room.name)
        self.tests = os.path.join(tree, "tests/unit", room.name)
        self.flags = ["-O1"] + ["-I" + folder for folder in (os.path.join(tree, "publisher/base"), self.room, self.tests,
                                                             os.path.dirname(self.tests))]
        self.flags += output_of("pkg-config", "--cflags", *room.packages)
        self.libs = output_of("pkg-config", "--libs", *room.packages)
        self.objects = {}
        for source in self.sources():
            self.objects[source] = self.compile(source)
        self.library = os.path.join(folder, "libroom.so")
        self.make_library({})
        for test in room.tests:
            main = self.compile(os.path.join(self.tests, "test_%s.c" % test))
            self.link(self.program(test), [main, "-Wl,-rpath," + folder, self.library])

    def sources(self):
        for name in self.its.shared:
            yield os.path.join(self.tests, name)
        for folder in [os.path.join(self.tree, "publisher/base"), self.room]:
            for name in sorted(os.listdir(folder)):
                if name.endswith(".c"):
                    yield os.path.join(folder, name)

    def compile(self, source):
        target = os.path.join(self.folder, source.replace("/", "_") + ".o")
        compile_c(source, target, self.flags)
        return target

    def program(self, test):
        return os.path.join(self.folder, "test_" + test)

    def link(self, target, what):
        subprocess.run(["cc", "-o", target] + what + self.libs, check=True)

    def make_library(self, replaced):
        """replaced: {source: object}"""
        self.link(self.library, ["-shared"] + [replaced.get(s, o) for s, o in self.objects.items()])

    def killer(self, replaced):
        """The first test that fails with these, or None."""
        self.make_library(replaced)
        for test in self.its.tests:
            environment = dict(os.environ, TOCSIN_SOURCE=self.tree, **self.its.environment)
            done = subprocess.run([self.program(test)], env=environment, check=False, timeout=300,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if done.returncode != 0:
                return "test_" + test
        return None

    def killer_of_mutant(self, name, edit):
        source = os.path.normpath(os.path.join(self.room, name))
        with open(source, encoding="utf-8") as file:
            text = file.read()
        changed = os.path.join(self.folder, "mutant.c")
        with open(changed, "w", encoding="utf-8") as file:
            file.write(edit(text))
        return self.killer({source: self.compile(changed)})


def replace_once(old, new):
    def edit(text):
        if text.count(old) != 1:
            raise SystemExit("the mutant's text stands %d times, not once: %s" % (text.count(old), old))
        return text.replace(old, new)
    return edit


def switch_off(condition):
    def edit(text):
        text = replace_once("{%s_holds, " % condition, "{always, ")(text)
        return replace_once("static const struct check {", ALWAYS + "static const struct check {")(text)
    return edit


def try_all(room, mutants):
    """mutants: (what is turned round, file, edit). Ends the program: 1 when one survives."""
    tree = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "../.."))
    if not shutil.which("cc") or not shutil.which("pkg-config"):
        print("SKIPPED: no cc or pkg-config, the mutants are NOT tried", file=sys.stderr)
        sys.exit(77)
    survivors = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(tree, folder, room)
        if bench.killer({}):
            raise SystemExit("the tests fail before anything is changed: %s" % bench.killer({}))
        for name, file, edit in mutants:
            killer = bench.killer_of_mutant(file, edit)
            if not killer:
                survivors.append(name)
            print("%s: %s (%s)" % ("killed by " + killer if killer else "SURVIVES", name, file), flush=True)
    print("%d mutants, %d survive" % (len(mutants), len(survivors)))
    sys.exit(1 if survivors else 0)


def main():
    mutants = [("condition %d off (%s)" % (i, c), "decide.c", switch_off(c)) for i, c in enumerate(CONDITIONS)]
    mutants += [(name, file, replace_once(old, new)) for name, file, old, new in DETAILS]
    try_all(AUTHORITY, mutants)


if __name__ == "__main__":
    main()
