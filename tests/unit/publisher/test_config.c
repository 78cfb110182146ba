/* SPDX-License-Identifier: Apache-2.0
 * What config.h promises of tocsind's settings: all of them read, every fault told at its place,
 * all faults at once, and printed as they would be read again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "buf.h"
#include "config.h"
#include "mem.h"

static const char good[] = "node: demo\n"
                           "mode: exercise\n"
                           "state: /var/lib/tocsin\n"
                           "policy: /etc/tocsin/authority.yaml\n"
                           "callback_secret: SECRET\n"
                           "api_listen: [\"127.0.0.1:1\", \"[::1]:1\"]\n"
                           "workers: 4\n"
                           "targets:\n"
                           "  - name: sms-a\n"
                           "    kind: sms\n"
                           "    type: 'null'\n"
                           "    signature: \"【应急 \\\"a\\\" \\\\】\"\n"
                           "    back_off_first: 0.25\n"
                           "    quiet_hours: 22:00-06:00\n"
                           "    quiet_levels: blue\n"
                           "    default: no\n"
                           "    options: {url: http://127.0.0.1:1, header: [a, b], port: 25}\n"
                           "  - {name: site, kind: website}\n"
                           "sources:\n"
                           "  - {name: met-feed, unit: tj-met, options: {path: /var/spool}}\n";

struct scene {
	char *folder, *file, *secret;
	struct buf errors;
};

static void put(const char *path, const char *text, size_t len)
{
	FILE *file = fopen(path, "wbe");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fchmod(fileno(file), 0600), 0);
	fclose(file);
}

static int set_up(void **state)
{
	const char *temporary = getenv("TMPDIR");
	struct scene *s = mem_zero(sizeof *s);

	s->folder = mem_format("%s/tocsin-config-XXXXXX", temporary ? temporary : "/tmp");
	if (!mkdtemp(s->folder))
		return -1;
	s->file = mem_format("%s/tocsin.yaml", s->folder);
	s->secret = mem_format("%s/secret", s->folder);
	static const char secret[] = "geheim\nmode: exercise\n";
	put(s->secret, secret, sizeof secret - 1);
	buf_init(&s->errors, 0);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *s = *state;

	unlink(s->file);
	unlink(s->secret);
	int code = rmdir(s->folder);
	free(s->folder);
	free(s->file);
	free(s->secret);
	buf_finish(&s->errors);
	free(s);
	return code;
}

/* The text with `from` (its first, which must be there) made `to`; the caller's. */
static char *with(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	assert_non_null(at);
	return mem_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static struct config *read_text(struct scene *s, const char *text)
{
	char *whole = strstr(text, "SECRET") ? with(text, "SECRET", s->secret) : mem_text(text);

	put(s->file, whole, strlen(whole));
	free(whole);
	buf_reset(&s->errors);
	return config_read(s->file, &s->errors);
}

/* The settings with one change are refused; the one fault stands at line:col and says the word. */
static void refuse(
        struct scene *s, const char *from, const char *to, const char *place, const char *word)
{
	char *text = with(good, from, to);
	char *head = mem_format("%s:%s: ", s->file, place);
	struct config *config = read_text(s, text);

	if (config)
		fail_msg("\"%s\" was taken", to);
	if (strncmp(s->errors.data, head, strlen(head)) != 0 || !strstr(s->errors.data, word) ||
	        strchr(s->errors.data, '\n') != s->errors.data + s->errors.len - 1)
		fail_msg("\"%s\": got %swant one line, %s, %s", to, s->errors.data, head, word);
	free(head);
	free(text);
}

static void a_good_file(void **state)
{
	struct scene *s = *state;
	struct config *config = read_text(s, good);

	if (!config)
		fail_msg("%s", s->errors.data);
	assert_string_equal(config->node, "demo");
	assert_int_equal(config->mode, MODE_EXERCISE);
	assert_int_equal(config->api_listen.count, 2);
	assert_string_equal(config->api_listen.items[1], "[::1]:1");
	assert_int_equal(config->callback_listen.count, 1);
	assert_string_equal(config->callback_secret, "geheim");
	assert_int_equal(config->workers, 4);
	assert_int_equal(config->limit_api, 262144);
	const struct config_target *sms = config_target(config, "sms-a");
	assert_string_equal(sms->type, "null");
	assert_string_equal(sms->signature, "【应急 \"a\" \\】");
	assert_int_equal(sms->back_off_first, 250);
	assert_int_equal(sms->back_off_most, 60000);
	assert_true(sms->has_quiet);
	assert_int_equal(sms->quiet.from_minute, 22 * 60);
	assert_int_equal(sms->quiet.to_minute, 6 * 60);
	assert_int_equal(sms->quiet_rank, 1);
	assert_false(sms->by_default);
	assert_true(sms->traits->recipients);
	assert_int_equal(sms->option_count, 4);
	assert_string_equal(sms->options[2].name, "header");
	assert_string_equal(sms->options[2].value, "b");
	assert_string_equal(config_target(config, "site")->type, "website");
	assert_true(config_target(config, "site")->by_default);
	assert_null(config_target(config, "weibo"));
	assert_string_equal(config_source(config, "met-feed")->unit, "tj-met");
	assert_string_equal(config_source(config, "met-feed")->type, "folder");
	assert_null(config_source(config, "sms-a"));
	config_destroy(&config);
	config_destroy(&config);
}

/* Ten-thousandths of a yuan, to the digit: no fraction of a machine's numbers is in it. */
static void a_price_is_exact(void **state)
{
	static const struct {
		const char *text;
		long price;
	} prices[] = {{"0.045", 450}, {"1", 10000}, {"0.0001", 1}, {"12.5", 125000}, {"0", 0}};
	struct scene *s = *state;

	for (size_t i = 0; i < sizeof prices / sizeof prices[0]; i++) {
		char *line = mem_format("default: no\n    part_price: %s", prices[i].text);
		char *text = with(good, "default: no", line);
		struct config *config = read_text(s, text);
		if (!config)
			fail_msg("%s: %s", prices[i].text, s->errors.data);
		assert_int_equal(config_target(config, "sms-a")->part_price, prices[i].price);
		assert_int_equal(config_target(config, "site")->part_price, 0);
		config_destroy(&config);
		free(text);
		free(line);
	}
	for (const char *const *bad =
	                (const char *const[]){"0.00001", "-1", "4,5", "1.", ".5", "12345", NULL};
	        *bad; bad++) {
		char *line = mem_format("default: no\n    part_price: %s", *bad);
		refuse(s, "default: no", line, "17:17", "four decimals");
		free(line);
	}
}

static void every_fault_at_its_place(void **state)
{
	struct scene *s = *state;

	refuse(s, "workers: 4", "worker: 4", "7:1", "did you mean workers?");
	refuse(s, "workers: 4", "zebra: 4", "7:1", "there is no setting zebra");
	refuse(s, "workers: 4", "workers: four", "7:10", "whole number");
	refuse(s, "workers: 4", "workers: 65", "7:10", "1 to 64");
	refuse(s, "workers: 4", "workers: [4]", "7:11", "single value");
	refuse(s, "workers: 4", "workers: {a: 4}", "7:11", "single value");
	refuse(s, "workers: 4", "workers: 4\nworkers: 5", "8:1", "duplicate");
	refuse(s, "mode: exercise", "mode: drill", "2:7", "live, exercise or test");
	refuse(s, "node: demo\n", "", "1:1", "setting node is missing");
	refuse(s, "SECRET", "/nonexistent/secret", "5:18", "/nonexistent/secret");
	refuse(s, "SECRET", "callback", "5:18", "CREDENTIALS_DIRECTORY");
	refuse(s, "kind: sms", "kind: telex", "10:11", "telex");
	refuse(s, "    kind: sms\n", "", "9:5", "setting kind is missing");
	refuse(s, "name: sms-a", "name: SMS", "9:11", "small letters");
	refuse(s, "name: sms-a", "name: ''", "9:12", "small letters");
	refuse(s, "name: sms-a", "name: a/b", "9:11", "small letters");
	refuse(s, "name: site", "name: sms-a", "18:12", "two far sides are called sms-a");
	refuse(s, "default: no", "default: perhaps", "16:14", "yes or no");
	refuse(s, "back_off_first: 0.25", "back_off_first: 0.01", "13:21", "0.05 to 600");
	refuse(s, "back_off_first: 0.25", "back_off_first: 61", "13:21", "back_off_most");
	refuse(s, "22:00-06:00", "22-6", "14:18", "part of a day");
	refuse(s, "quiet_levels: blue", "quiet_levels: orange", "15:19", "orange and red never");
	refuse(s, "quiet_levels: blue", "quiet_levels: III", "15:19", "not III");
	refuse(s, "quiet_levels: blue", "quiet_levels: pink", "15:19", "not pink");
	refuse(s, "{url: http://127.0.0.1:1, header: [a, b], port: 25}", "[a]", "17:15", "mapping");
	refuse(s, "port: 25", "port: {a: b}", "17:63", "port");
	refuse(s, "port: 25", "port: ", "17:56", "port");
	refuse(s, "name: met-feed", "name: met-feed, type: ftp", "20:28", "ftp");
	refuse(s, "sources:\n", "sources:\n  - {name: met-feed}\n", "21:12", "two sources");
	refuse(s, "unit: tj-met", "zone: '8'", "20:29", "zone must be like +08:00");
	refuse(s, "unit: tj-met", "encoding: Big5", "20:32", "GB18030, ISO-8859-1");
	refuse(s, "unit: tj-met", "zone: '+08:00', lenient: no", "20:47", "lenient: yes");
	refuse(s, "unit: tj-met", "json: nobody", "20:28", "json must be one of nws, ");
	refuse(s, "unit: tj-met", "json: nws, lenient: no", "20:28", "lenient: yes");
	refuse(s, "unit: tj-met", "signature_required: yes", "20:42", "needs trust");
	refuse(s, "unit: tj-met", "trust: /nonexistent/met.trust", "20:29",
	        "/nonexistent/met.trust");
	refuse(s, "sources:\n", "sources:\n  - {name: Met}\n", "20:12", "small letters");
	refuse(s, "sources:\n", "sources:\n  - word\n", "20:5", "mapping");
}

static void files_that_are_no_settings(void **state)
{
	struct scene *s = *state;

	assert_null(read_text(s, ""));
	assert_non_null(strstr(s->errors.data, "mapping"));
	assert_null(read_text(s, "- a\n"));
	assert_non_null(strstr(s->errors.data, "mapping"));
	assert_null(read_text(s, "node: demo\nmode: \"live\n"));
	assert_non_null(strstr(s->errors.data, "well-formed YAML"));
	assert_null(strstr(s->errors.data, "is missing"));
	assert_null(read_text(s, "node: \xff\n"));
	assert_non_null(strstr(s->errors.data, "UTF-8"));
	assert_null(read_text(s, "a: &a [1]\nb: *a\n"));
	unlink(s->file);
	buf_reset(&s->errors);
	assert_null(config_read(s->file, &s->errors));
	assert_non_null(strstr(s->errors.data, ":1:1: "));
	assert_non_null(strstr(s->errors.data, "No such file"));
	buf_reset(&s->errors);
	assert_null(config_read(s->folder, &s->errors));
	assert_int_equal(s->errors.data[s->errors.len - 1], '\n');
}

static void no_far_side(void **state)
{
	struct scene *s = *state;
	char *text = mem_format("%.*starget:\n", (int)(strstr(good, "targets:") - good), good);

	assert_null(read_text(s, text));
	assert_non_null(strstr(s->errors.data, "did you mean targets?"));
	assert_non_null(strstr(s->errors.data, "no far sides"));
	free(text);
}

static void all_faults_at_once(void **state)
{
	static const char *const words[] = {"node is missing", "state is missing",
	        "policy is missing", "callback_secret is missing", "no setting zebra", "workers",
	        "no channel kind telex", "setting name is missing", "default", "a list ([...])",
	        "mode must be"};
	struct scene *s = *state;
	size_t lines = 0;

	assert_null(read_text(s, "mode: drill\nworkers: x\nzebra: 1\ntargets:\n  - {name: a, kind: "
	                         "telex, default: 5}\n  - {kind: sms}\nsources: none\n"));
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (!strstr(s->errors.data, words[i]))
			fail_msg("no \"%s\" in\n%s", words[i], s->errors.data);
	for (const char *p = s->errors.data; *p; p++)
		lines += *p == '\n';
	assert_int_equal(lines, sizeof words / sizeof words[0]);
}

/* What is printed is what is in force: read again, it prints the same. */
static void prints_what_it_would_read(void **state)
{
	struct scene *s = *state;
	struct config *config = read_text(s, good);
	struct buf first;
	struct buf second;

	assert_non_null(config);
	buf_init(&first, 0);
	buf_init(&second, 0);
	config_print(config, &first);
	assert_null(strstr(first.data, "geheim"));
	config_destroy(&config);
	char *text = with(first.data, "(secret)", s->secret);
	config = read_text(s, text);
	if (!config)
		fail_msg("%s", s->errors.data);
	config_print(config, &second);
	assert_string_equal(first.data, second.data);
	config_destroy(&config);
	buf_finish(&first);
	buf_finish(&second);
	free(text);
}

static void any_cut_or_byte_is_survived(void **state)
{
	static const char changes[] = {
	        '\n', ' ', ':', '-', '[', '{', '"', '*', '&', '\t', (char)0xe4};
	struct scene *s = *state;
	char *text = with(good, "SECRET", s->secret);
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++) {
		char *copy = mem_text(text);
		copy[i] = changes[i % sizeof changes];
		struct config *config = read_text(s, copy);
		assert_true(config || (s->errors.len && s->errors.data[s->errors.len - 1] == '\n'));
		config_destroy(&config);
		copy[i] = '\0';
		config = read_text(s, copy);
		assert_true(config || s->errors.len);
		config_destroy(&config);
		free(copy);
	}
	free(text);
}

static void the_manual_names_every_setting(void **state)
{
	static const char *const names[] = {
	        "callback_secret", "limit_source", "sms_max_parts", "back_off_most", "unit"};
	struct buf out;

	(void)state;
	buf_init(&out, 0);
	config_manual(&out);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char *row = mem_format(".TP\n\\fB%s\\fR (", names[i]);
		assert_non_null(strstr(out.data, row));
		free(row);
	}
	buf_finish(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(a_good_file, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(a_price_is_exact, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(every_fault_at_its_place, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(files_that_are_no_settings, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(no_far_side, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(all_faults_at_once, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(prints_what_it_would_read, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(any_cut_or_byte_is_survived, set_up, tear_down),
	        cmocka_unit_test(the_manual_names_every_setting),
	};

	unsetenv("CREDENTIALS_DIRECTORY");
	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
