/* SPDX-License-Identifier: Apache-2.0
 * Reading the policy document: every fault is found, with its place, all at once; nothing half-good
 * loads.
 */
#include "fixture.h"
#include "source_tree.h"

#include <stdlib.h>
#include <string.h>

#define HEAD "version: 1\nunits: [{id: a}, {id: b, superior: a}]\nofficers: [{id: o, unit: a}]\n"

#define SIGNER                                                                                     \
	"version: 1\nunits: [{id: a}]\nofficers: [{id: o, unit: a}, {id: s, unit: a, duties: "     \
	"[sign]},\n  {id: g, unit: a, duties: [sign], active: false}]\n"

static const struct {
	const char *name, *text, *want; /* want: the place and words of a fault; NULL: it loads */
} documents[] = {
        {"the least", HEAD, NULL},
        {"null is absent", HEAD "grants: ~\nforbids:\nrelays: null\n", NULL},
        {"empty", "", "t:1:1: "},
        {"a list", "- 1\n", "must be a mapping"},
        {"a word", "policy\n", "must be a mapping"},
        {"unclosed", HEAD "grants: [\n", "t:5:1: "},
        {"a tab", "version: 1\n\tunits: []\n", "not well-formed YAML"},
        {"a key twice", HEAD "version: 1\n", "t:4:1: "},
        {"two documents", HEAD "---\nversion: 1\n", "t:5:1: "},
        {"not UTF-8", HEAD "# \xff\n", "not UTF-8"},
        {"an alias for rows", "version: 1\nunits: &u [{id: a}]\nofficers: *u\n",
                "t:3:12: 此处不接受别名"},
        {"an alias for a row", "version: 1\nunits: [&u {id: a}, *u]\nofficers: []\n", "an alias"},
        {"an alias for a word", "version: 1\nunits: [{id: &a x, name: *a}]\nofficers: []\n", NULL},
        {"an alias for nothing", "version: 1\nunits: [{id: *a}]\nofficers: []\n", "t:"},
        {"an alias in a circle",
                "version: 1\nunits: [{id: a}]\nofficers: [{id: o, unit: a, duties: &d [*d]}]\n",
                "t:3:"},
        {"aliases in aliases",
                "version: 1\nunits: [{id: a}]\nofficers:\n- {id: o, unit: a, keys: &a [x, x]}\n"
                "- {id: p, unit: a, keys: &b [*a, *a]}\n- {id: q, unit: a, keys: *b}\n",
                "an alias"},
        {"an alias for an empty list",
                HEAD "grants: [{unit: a, role: handle, basis: x, levels: &l []}]\nforbids: "
                     "[{basis: x, levels: *l}]\n",
                "empty list"},
        {"no version", "units: []\nofficers: []\n", "version is missing"},
        {"an alias for a list",
                HEAD "grants: [{unit: a, role: handle, basis: x, levels: &l [red]}, {unit: a, "
                     "role: handle, basis: x, levels: *l}]\n",
                NULL},
        {"another version", "version: 2\nunits: []\nofficers: []\n", "t:1:10: "},
        {"no units", "version: 1\nofficers: []\n", "units is missing"},
        {"no officers", "version: 1\nunits: []\n", "officers is missing"},
        {"unknown key", HEAD "grant: []\n",
                "t:4:1: 不认识 grant，是否应为 grants？ / unknown key grant, did you mean grants?"},
        {"unknown key, nothing near", HEAD "weather: []\n", "unknown key weather\n"},
        {"unknown key in a row",
                HEAD "grants: [{unit: a, role: handle, basis: x, hazard: [11B]}]\n",
                "did you mean hazards?"},
        {"approvals of half a day", HEAD "approvals_within: PT12H\n", NULL},
        {"approvals for a moment", HEAD "approvals_within: PT9M\n",
                "t:4:19: approvals_within 应在 PT10M"},
        {"approvals for ever", HEAD "approvals_within: P31D\n", "must be from PT10M to P30D"},
        {"approvals within a word", HEAD "approvals_within: 24h\n", "24h is no duration"},
        {"line ends of another system", "version: 1\r\nunits: [{id: a}]\r\nofficers: []\r\n", NULL},
        {"a byte order mark", "\xef\xbb\xbf" HEAD, NULL},
        /* On a terminal the comment stands where the row was. */
        {"a line end that only YAML sees", HEAD "# x\r\xe2\x80\xa8\n",
                "t:4:4: 此处有看不见的字符 U+000D"},
        {"a row behind a comment",
                "version: 1\nunits: [{id: a}]\nofficers:\n- {id: o, unit: a}\r# 无\n",
                "t:4:19: 此处有看不见的字符 U+000D，请删去 / U+000D is a character nobody sees"},
        {"another order of the line", HEAD "# \xe2\x80\xae x\n",
                "t:4:3: 此处有看不见的字符 U+202E"},
        {"a blank without width", "version: 1\nunits: [{id: a\xe2\x80\x8b}]\nofficers: []\n",
                "t:2:15: 此处有看不见的字符 U+200B"},
        {"a word of the terminal", HEAD "# \x1b[2K\n", "t:4:3: 此处有看不见的字符 U+001B"},
        {"unit twice", "version: 1\nunits: [{id: a}, {id: a}]\nofficers: []\n",
                "t:2:23: 标识 a 重复"},
        {"officer twice",
                "version: 1\nunits: [{id: a}]\nofficers:\n- {id: o, unit: a}\n- {id: o, unit: a}\n",
                "t:5:8: "},
        {"officer of nowhere",
                "version: 1\nunits: [{id: tj-met}]\nofficers: [{id: o, unit: tj-mat}]\n",
                "t:3:26: 没有单位 tj-mat，是否应为 tj-met？"},
        {"two administrators in one",
                "version: 1\nunits: [{id: a}]\nofficers:\n- {id: o, unit: a, duties: [admin, "
                "audit]}\n",
                "t:4:29: "
                "o：安全管理（admin）、系统管理（accounts）、审计管理（audit）须由三人分任"},
        {"two administrators in one person",
                "version: 1\nunits: [{id: a}]\nofficers:\n- {id: o, unit: a, duties: [admin]}\n"
                "- {id: p, unit: a, person: o, duties: [accounts]}\n",
                "t:5:"},
        {"an administrator who signs",
                "version: 1\nunits: [{id: a}]\nofficers:\n- {id: o, unit: a, duties: [audit]}\n"
                "- {id: p, unit: a, person: o, duties: [sign]}\n",
                "p: who administers (audit) does not draft, review, sign or publish"},
        {"an administrator who signed once",
                "version: 1\nunits: [{id: a}]\nofficers:\n- {id: o, unit: a, duties: [audit]}\n"
                "- {id: p, unit: a, person: o, duties: [sign], active: false}\n",
                NULL},
        {"an id with blanks", "version: 1\nunits: [{id: a b}]\nofficers: []\n", "t:2:14: "},
        {"a unit without id", "version: 1\nunits: [{name: x}]\nofficers: []\n", "id is missing"},
        {"unknown superior", "version: 1\nunits: [{id: a, superior: b}]\nofficers: []\n",
                "there is no unit b"},
        {"its own superior", "version: 1\nunits: [{id: a, superior: a}]\nofficers: []\n",
                "a is its own superior"},
        {"a circle",
                "version: 1\nunits: [{id: a, superior: b}, {id: b, superior: c}, {id: c, superior: "
                "a}]\nofficers: []\n",
                "b is its own superior"},
        {"division of a unit", "version: 1\nunits: [{id: a, division: 12}]\nofficers: []\n",
                "no division code"},
        {"unknown duty",
                "version: 1\nunits: [{id: a}]\nofficers: [{id: o, unit: a, duties: [sing]}]\n",
                "did you mean sign?"},
        {"active maybe",
                "version: 1\nunits: [{id: a}]\nofficers: [{id: o, unit: a, active: yes}]\n",
                "must be true or false"},
        {"a key that is none",
                "version: 1\nunits: [{id: a}]\nofficers: [{id: o, unit: a, keys: [AAAA]}]\n",
                "the key cannot be used"},
        {"grant of nowhere", HEAD "grants: [{unit: c, role: handle, basis: x}]\n",
                "there is no unit c"},
        {"grant without role", HEAD "grants: [{unit: a, basis: x}]\n", "role is missing"},
        {"unknown role", HEAD "grants: [{unit: a, role: handel, basis: x}]\n",
                "did you mean handle?"},
        {"grant without basis", HEAD "grants: [{unit: a, role: handle}]\n", "basis is missing"},
        {"behalf of nobody", HEAD "grants: [{unit: a, role: behalf, basis: x}]\n",
                "must say for whom"},
        {"behalf of nowhere", HEAD "grants: [{unit: a, role: behalf, of: c, basis: x}]\n",
                "there is no unit c"},
        {"behalf of itself", HEAD "grants: [{unit: a, role: behalf, of: a, basis: x}]\n",
                "on its own behalf"},
        {"of without behalf", HEAD "grants: [{unit: a, role: handle, of: b, basis: x}]\n",
                "only role behalf"},
        {"a day that is none",
                HEAD "grants: [{unit: a, role: handle, basis: x, from: 2026-02-29}]\n",
                "2026-02-29 is no date"},
        {"a moment for a day",
                HEAD "grants: [{unit: a, role: handle, basis: x, until: 2026-02-20T00:00:00}]\n",
                "is no date"},
        {"until before from",
                HEAD "grants: [{unit: a, role: handle, basis: x, from: 2026-03-01, until: "
                     "2026-03-01}]\n",
                "until must be later"},
        {"pattern of hazards",
                HEAD "grants: [{unit: a, role: handle, basis: x, hazards: [11b*]}]\n",
                "t:4:54: 11b* "},
        {"pattern of areas", HEAD "grants: [{unit: a, role: handle, basis: x, areas: [天津]}]\n",
                "no pattern of divisions"},
        {"unknown channel", HEAD "grants: [{unit: a, role: handle, basis: x, channels: [fax]}]\n",
                "no channel kind fax"},
        {"unknown level", HEAD "grants: [{unit: a, role: handle, basis: x, levels: [RED]}]\n",
                "unknown word RED"},
        {"unknown kind", HEAD "grants: [{unit: a, role: handle, basis: x, kinds: [warnings]}]\n",
                "did you mean warning?"},
        {"unknown act", HEAD "grants: [{unit: a, role: handle, basis: x, acts: [publsh]}]\n",
                "did you mean publish?"},
        {"a word for a list", HEAD "grants: [{unit: a, role: handle, basis: x, levels: red}]\n",
                "a list ([...]) must stand here"},
        {"a list for a word", HEAD "grants: [{unit: [a], role: handle, basis: x}]\n",
                "a single value must stand here"},
        {"a word for a row", HEAD "grants: [a]\n", "a mapping must stand here"},
        {"a mapping for rows", HEAD "grants: {unit: a}\n", "a list ([...]) must stand here"},
        {"an empty list in a grant",
                HEAD "grants: [{unit: a, role: handle, basis: x, levels: []}]\n", NULL},
        {"an empty list in a forbid", HEAD "forbids: [{basis: x, hazards: []}]\n",
                "hazards is an empty list"},
        {"forbid without basis", HEAD "forbids: [{hazards: [11B]}]\n", "basis is missing"},
        {"forbid unless nowhere", HEAD "forbids: [{unless_unit: c, basis: x}]\n",
                "there is no unit c"},
        {"a forbid of everything", HEAD "forbids: [{basis: x}]\n", NULL},
        {"nobody signs", HEAD "signoff: [{levels: [red], reviews: 1, signs: 0}]\n",
                "at least one to sign"},
        {"signs left out", HEAD "signoff: [{levels: [red], reviews: 1}]\n", "signs is missing"},
        {"reviews left out", HEAD "signoff: [{levels: [red], signs: 1}]\n", "reviews is missing"},
        {"a number that is none", HEAD "signoff: [{levels: [red], signs: two, reviews: 1}]\n",
                "from 0 to 9"},
        {"hours", HEAD "signoff: [{levels: [red], signs: 1, reviews: 0, hours: \"22:00-06:00\"}]\n",
                NULL},
        {"hours to midnight",
                HEAD "signoff: [{levels: [red], signs: 1, reviews: 0, hours: \"00:00-24:00\"}]\n",
                NULL},
        {"hours past midnight",
                HEAD "signoff: [{levels: [red], signs: 1, reviews: 0, hours: \"24:00-06:00\"}]\n",
                "no part of a day"},
        {"hours of nothing",
                HEAD "signoff: [{levels: [red], signs: 1, reviews: 0, hours: \"06:00-06:00\"}]\n",
                "no part of a day"},
        {"hours without minutes",
                HEAD "signoff: [{levels: [red], signs: 1, reviews: 0, hours: 22-06}]\n",
                "no part of a day"},
        {"urgent without report", HEAD "urgent: {levels: [red], reviews: 0, signs: 1}\n",
                "report_within is missing"},
        {"urgent without signer",
                HEAD "urgent: {levels: [red], reviews: 0, signs: 0, report_within: P1D}\n",
                "at least one to sign"},
        {"a duration that is none",
                HEAD "urgent: {levels: [red], reviews: 0, signs: 1, report_within: 24h}\n",
                "24h is no duration"},
        {"a duration of nothing",
                HEAD "urgent: {levels: [red], reviews: 0, signs: 1, report_within: PT0H}\n",
                "no duration"},
        {"urgent with hours",
                HEAD
                "urgent: {levels: [red], reviews: 0, signs: 1, report_within: P1D, hours: x}\n",
                "unknown key hours"},
        {"a hotline", HEAD "hotlines: [{number: 022-1234 5678, unit: a, basis: x}]\n", NULL},
        {"a hotline of nowhere", HEAD "hotlines: [{number: '12350', unit: c}]\n",
                "there is no unit c"},
        {"a hotline without a unit", HEAD "hotlines: [{number: '12350'}]\n", "unit is missing"},
        {"a hotline that is none", HEAD "hotlines: [{number: call me, unit: a}]\n",
                "is no telephone number"},
        {"relay of nowhere", HEAD "relays: [{source: f, unit: c}]\n", "there is no unit c"},
        {"relay without source", HEAD "relays: [{unit: a}]\n", "source is missing"},
        {"relay of no channels", HEAD "relays: [{source: f, unit: a, channels: []}]\n",
                "channels is an empty list"},
        {"the roster binds, and is none", HEAD "sign_by_roster: yes\n",
                "t:4:17: sign_by_roster 为 yes"},
        {"the roster binds, and nobody on it signs",
                SIGNER "roster: [{unit: a, officer: s, steps: [review, release]}]\n"
                       "sign_by_roster: yes\n",
                "gives the step sign to anybody active"},
        {"the roster binds one without the duty",
                SIGNER "roster: [{unit: a, officer: o, steps: [sign]}]\nsign_by_roster: yes\n",
                "gives the step sign"},
        {"the roster binds one who left",
                SIGNER "roster: [{unit: a, officer: g, steps: [sign]}]\nsign_by_roster: yes\n",
                "gives the step sign"},
        {"the roster binds, and somebody signs",
                SIGNER "roster: [{unit: a, officer: s, steps: [sign]}]\nsign_by_roster: yes\n",
                NULL},
        {"the roster binds, and a deputy signs",
                SIGNER "roster: [{unit: a, officer: o, deputy: s, steps: [sign]}]\n"
                       "sign_by_roster: yes\n",
                NULL},
        {"the roster binds, and nobody reviews",
                SIGNER "roster: [{unit: a, officer: s, steps: [sign]}]\nsign_by_roster: yes\n"
                       "signoff: [{levels: [red], reviews: 1, signs: 1}]\n",
                "gives the step review to anybody active"},
        {"the roster binds, and nobody reviews the urgent",
                SIGNER "roster: [{unit: a, officer: s, steps: [sign]}]\nsign_by_roster: yes\n"
                       "urgent: {levels: [red], reviews: 1, signs: 1, report_within: PT1H}\n",
                "gives the step review"},
        {"the roster binds, and no review is asked",
                SIGNER "roster: [{unit: a, officer: s, steps: [sign]}]\nsign_by_roster: yes\n"
                       "signoff: [{levels: [red], reviews: 0, signs: 1}]\n",
                NULL},
        {"the roster does not bind", HEAD "sign_by_roster: no\n", NULL},
        {"the roster may bind", HEAD "sign_by_roster: perhaps\n",
                "t:4:17: 应为 yes 或 no，而不是 perhaps / must be yes or no"},
        {"an example that fails", HEAD "tests: [{name: x, permit: true, request: {officer: o}}]\n",
                "example tests[0] (x) should be permitted but is denied"},
        {"an example that holds", HEAD "tests: [{permit: false, request: {officer: o}}]\n", NULL},
        {"an example without answer", HEAD "tests: [{request: {officer: o}}]\n",
                "permit is missing"},
        {"an example without request", HEAD "tests: [{permit: false}]\n", "request is missing"},
        {"an example in no mode", HEAD "tests: [{permit: false, mode: real, request: {}}]\n",
                "mode must be"},
};

static void finds_every_fault(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
		struct buf faults;
		buf_init(&faults, 0);
		struct policy *policy = policy_parse_all(
		        "t", documents[i].text, strlen(documents[i].text), &faults);
		const char *got = faults.data ? faults.data : "";
		bool good = documents[i].want ? !policy && strstr(got, documents[i].want)
		                              : policy && !*got;
		if (!good) {
			print_error("%s: got %s, want %s\n", documents[i].name,
			        *got ? got : "no fault",
			        documents[i].want ? documents[i].want : "no fault");
			wrong++;
		}
		policy_destroy(&policy);
		buf_finish(&faults);
	}
	if (wrong)
		fail_msg("%zu documents wrong", wrong);
}

static void shows_all_faults_at_once(void **state)
{
	static const char text[] =
	        "version: 3\nunts: []\nunits: [{id: a, nmae: x}]\nofficers: [{id: o, unit: b}]\n"
	        "grants: [{unit: a, role: handle}]\n";
	struct buf faults;
	struct err err = {0};
	size_t lines = 0;

	(void)state;
	buf_init(&faults, 0);
	assert_null(policy_parse_all("t", text, sizeof text - 1, &faults));
	for (const char *p = faults.data; *p; p++)
		lines += *p == '\n';
	assert_int_equal(lines, 5);
	buf_finish(&faults);
	assert_null(policy_parse("t", text, sizeof text - 1, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.en, "5 faults"));
	assert_non_null(strstr(err.en, "t:1:10: "));
	assert_non_null(strstr(err.zh, "version 应为 1"));
}

static void keeps_what_it_read(void **state)
{
	const struct policy *policy = *state;
	char version[DIGEST_HEX];

	assert_int_equal(policy->unit_count, 6);
	assert_string_equal(policy_unit(policy, "met")->name, "气象局");
	assert_string_equal(policy_unit(policy, "met")->superior, "top");
	assert_null(policy_unit(policy, "nowhere"));
	assert_null(policy_unit(policy, NULL));
	assert_string_equal(policy_officer(policy, "met-sign-twin")->person, "met-sign");
	assert_string_equal(policy_officer(policy, "met-sign")->person, "met-sign");
	assert_true(policy_officer(policy, "met-all")->active);
	assert_false(policy_officer(policy, "met-gone")->active);
	assert_int_equal(policy_officer(policy, "met-all")->duties,
	        DUTY_DRAFT | DUTY_REVIEW | DUTY_SIGN | DUTY_PUBLISH);
	assert_null(policy_officer(policy, "nobody"));
	assert_null(policy_officer(policy, NULL));
	assert_true(policy_is_superior(policy, "top", "port"));
	assert_true(policy_is_superior(policy, "emb", "port"));
	assert_false(policy_is_superior(policy, "port", "port"));
	assert_false(policy_is_superior(policy, "port", "emb"));
	assert_false(policy_is_superior(policy, "met", "port"));
	assert_string_equal(policy->grants[3].of, "port");
	assert_int_equal(policy->grants[0].kinds, 1u << KIND_WARNING);
	assert_true(policy->grants[0].acts & 1u << VERB_CORRECT);
	assert_false(policy->grants[1].acts & 1u << VERB_CORRECT);
	assert_int_equal(policy->urgent_report_ms, 24 * 3600 * 1000);
	assert_int_equal(policy->signoffs[0].hours.from_minute, 22 * 60);
	assert_int_equal(policy->signoffs[1].hours.from_minute, -1);
	digest_sha256(policy->text, strlen(policy->text), version);
	assert_string_equal(policy->version, version);
}

static void reads_files(void **state)
{
	char *path = source_path("docs/examples/authority.yaml");
	struct err err = {0};
	struct policy *policy = policy_read(path, &err);

	(void)state;
	if (!policy)
		fail_msg("the example policy does not load: %s", err.en);
	policy_destroy(&policy);
	policy_destroy(&policy);
	free(path);
	assert_null(policy_read("/nonexistent/authority.yaml", &err));
	assert_non_null(strstr(err.en, "No such file"));
	assert_null(policy_read("/", &err));
}

static struct policy *policy_with_keys(const char *first, const char *second, struct err *err)
{
	char *text = mem_format(
	        "version: 1\nunits: [{id: a}]\nofficers:\n- {id: o, unit: a, keys: [\"%s\"]}\n"
	        "- {id: p, unit: a, active: false, keys: [\"%s\"]}\n- {id: q, unit: a}\n",
	        first, second);
	struct policy *policy = policy_parse("t", text, strlen(text), err);

	free(text);
	return policy;
}

static void checks_proofs(void **state)
{
	struct key *mine = key_generate();
	struct key *other = key_generate();
	char *first = key_base64(mine);
	char *second = key_base64(other);
	struct err err = {0};
	struct policy *policy = policy_with_keys(first, second, &err);
	struct proof proof = {.act = ACT_SIGN, .time = 1000};

	(void)state;
	assert_non_null(policy);
	memset(proof.manifest, 'a', DIGEST_HEX - 1);
	proof.officer = mem_text("o");
	proof_make(&proof, mine);
	assert_true(policy_proof_holds(policy, &proof, &err));
	proof_make(&proof, other);
	assert_false(policy_proof_holds(policy, &proof, &err));
	assert_int_equal(err.kind, ERR_IDENTITY);
	proof.officer[0] = 'p';
	proof_make(&proof, other);
	assert_false(policy_proof_holds(policy, &proof, &err));
	assert_non_null(strstr(err.en, "not active"));
	proof.officer[0] = 'q';
	assert_false(policy_proof_holds(policy, &proof, &err));
	proof.officer[0] = 'z';
	assert_false(policy_proof_holds(policy, &proof, &err));
	proof_finish(&proof);
	policy_destroy(&policy);
	assert_null(policy_with_keys(first, first, &err));
	assert_non_null(strstr(err.en, "two people"));
	free(first);
	free(second);
	key_destroy(&mine);
	key_destroy(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(finds_every_fault),
	        cmocka_unit_test(shows_all_faults_at_once),
	        cmocka_unit_test(keeps_what_it_read),
	        cmocka_unit_test(reads_files),
	        cmocka_unit_test(checks_proofs),
	};

	return cmocka_run_group_tests(tests, open_policy, close_policy);
}
