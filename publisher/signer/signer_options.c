/* SPDX-License-Identifier: Apache-2.0
 * signer_options - see signer_options.h. Every fault names the option and what it should have been.
 */
#include "signer_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ahead.h"
#include "keystore.h"
#include "log.h"
#include "secret.h"
#include "signer_policy.h"
#include "when.h"

static const char usage[] =
        "usage: tocsin-signer --socket PATH --policy FILE --alert-key PEM --status-key PEM "
        "--catalog FOLDER\n"
        "                     --mode live|exercise|test [--policy-copy FILE] [--seen FILE]\n"
        "                     [--protected-sites FILE] [--public-url URL] [--trust "
        "SOURCE=LIST[,inclusive]]...\n"
        "                     [--sm2 signature=URI|digest=URI|id=TEXT|value=raw|value=der]...\n"
        "                     [--style TARGET:signature|prefix|parts:VALUE]...\n"
        "Holds the keys; signs what officers approved or an upstream signed, and nothing else.\n";

static bool missing(struct err *err, const char *name)
{
	return err_set(
	        err, ERR_USAGE, "缺少参数 --%s（见 --help）", "--%s is missing (see --help)", name);
}

static bool all_there(const struct options *o, bool mode, struct err *err)
{
	const struct {
		const char *value, *name;
	} needed[] = {{o->socket, "socket"}, {o->policy, "policy"}, {o->alert_key, "alert-key"},
	        {o->status_key, "status-key"}, {o->catalog, "catalog"}};

	for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
		if (!needed[i].value)
			return missing(err, needed[i].name);
	return mode || missing(err, "mode");
}

static bool take(struct options *o, int option, const char *value, bool *mode, struct err *err)
{
	switch (option) {
	case 's':
		o->socket = value;
		return true;
	case 'p':
		o->policy = value;
		return true;
	case 'a':
		o->alert_key = value;
		return true;
	case 'k':
		o->status_key = value;
		return true;
	case 'c':
		o->policy_copy = value;
		return true;
	case 'u':
		o->public_url = value;
		return true;
	case 'g':
		o->catalog = value;
		return true;
	case 'n':
		o->seen = value;
		return true;
	case 'l':
		o->protected_sites = value;
		return true;
	case '2':
		return cap_sm2_set(&o->sm2, value, err);
	case 't':
		texts_add(&o->trusts, value);
		return true;
	case 'y':
		texts_add(&o->styles, value);
		return true;
	case 'm':
		*mode = mode_read(value, &o->mode);
		return *mode || err_set(err, ERR_USAGE, "--mode %s：应为 live、exercise 或 test",
		                        "--mode %s: must be live, exercise or test", value);
	default:
		return err_set(err, ERR_USAGE, "无法识别的参数（见 --help）",
		        "unknown option (see --help)");
	}
}

bool options_read(int argc, char **argv, struct options *o, struct err *err)
{
	static const struct option rows[] = {{"socket", required_argument, NULL, 's'},
	        {"policy", required_argument, NULL, 'p'},
	        {"policy-copy", required_argument, NULL, 'c'},
	        {"alert-key", required_argument, NULL, 'a'},
	        {"status-key", required_argument, NULL, 'k'},
	        {"mode", required_argument, NULL, 'm'},
	        {"public-url", required_argument, NULL, 'u'},
	        {"catalog", required_argument, NULL, 'g'}, {"seen", required_argument, NULL, 'n'},
	        {"protected-sites", required_argument, NULL, 'l'},
	        {"sm2", required_argument, NULL, '2'}, {"trust", required_argument, NULL, 't'},
	        {"style", required_argument, NULL, 'y'}, {"help", no_argument, NULL, 'h'},
	        {"version", no_argument, NULL, 'v'}, {NULL, 0, NULL, 0}};
	bool mode = false;
	int option;

	*o = (struct options){.public_url = "", .sm2 = cap_sm2_default};
	while ((option = getopt_long(argc, argv, ":", rows, NULL)) != -1) {
		if (option == 'h' || option == 'v') {
			printf("%s", option == 'h' ? usage : "tocsin-signer " TOCSIN_VERSION "\n");
			o->help = true;
			return true;
		}
		if (!take(o, option, optarg, &mode, err))
			return false;
	}
	if (optind < argc)
		return err_set(
		        err, ERR_USAGE, "多余的参数 %s", "argument %s is not wanted", argv[optind]);
	return all_there(o, mode, err);
}

void options_finish(struct options *o)
{
	texts_finish(&o->trusts);
	texts_finish(&o->styles);
}

static bool add_trust(struct signer *signer, const char *text, struct err *err)
{
	static const char opt_in[] = ",inclusive";
	const char *equals = strchr(text, '=');
	size_t len = strlen(text);
	bool inclusive = len > strlen(opt_in) && strcmp(text + len - strlen(opt_in), opt_in) == 0;

	if (!equals || equals == text || !equals[1])
		return err_set(err, ERR_USAGE, "--trust %s：应为 来源=可信清单",
		        "--trust %s: must be SOURCE=LIST", text);
	char *path = mem_text_n(
	        equals + 1, len - (size_t)(equals + 1 - text) - (inclusive ? strlen(opt_in) : 0));
	struct cap_trust *trust = cap_trust_read(path, inclusive, err);
	free(path);
	if (!trust)
		return false;
	struct signer_trust *row = mem_push(&signer->trusts, &signer->trust_count, sizeof *row);
	row->source = mem_text_n(text, (size_t)(equals - text));
	row->trust = trust;
	return true;
}

static struct signer_style *style_of(struct signer *signer, const char *target)
{
	for (size_t i = 0; i < signer->style_count; i++)
		if (strcmp(signer->styles[i].target, target) == 0)
			return &signer->styles[i];
	struct signer_style *style = mem_push(&signer->styles, &signer->style_count, sizeof *style);
	*style = (struct signer_style){mem_text(target), mem_text(""), mem_text(""), 0};
	return style;
}

/* TARGET:FIELD:VALUE; the value may hold colons. */
static bool add_style(struct signer *signer, const char *text, struct err *err)
{
	char *copy = mem_text(text);
	char *rest = copy;
	const char *target = strsep(&rest, ":");
	const char *field = rest ? strsep(&rest, ":") : NULL;
	bool known = *target && field && rest;
	char *end = NULL;

	if (known && strcmp(field, "signature") == 0) {
		mem_set_text(&style_of(signer, target)->signature, rest);
	} else if (known && strcmp(field, "prefix") == 0) {
		mem_set_text(&style_of(signer, target)->prefix, rest);
	} else if (known && strcmp(field, "parts") == 0) {
		long parts = strtol(rest, &end, 10);
		known = *rest && !*end && parts >= 0 && parts <= 255;
		style_of(signer, target)->parts = known ? (int)parts : 0;
	} else {
		known = false;
	}
	free(copy);
	return known || err_set(err, ERR_USAGE, "--style %s：应为 对端:signature|prefix|parts:值",
	                        "--style %s: must be TARGET:signature|prefix|parts:VALUE", text);
}

/* What both look up in the same tables as tocsind: divisions, and what must not be published. */
static bool read_tables(const struct options *o, struct signer *signer, struct err *err)
{
	char *sites = o->protected_sites ? secret_path(o->protected_sites, err) : mem_text("");

	signer->catalog = sites ? catalog_read(o->catalog, err) : NULL;
	signer->screen = signer->catalog ? screen_lists_read(o->catalog, sites, err) : NULL;
	free(sites);
	return signer->screen != NULL;
}

/* Without a file it is said: what was ended may come back after the next start. */
static bool read_memory(const struct options *o, struct signer *signer, struct err *err)
{
	if (!o->seen)
		log_event(LOG_WARN, "seen-not-kept", "do", "give --seen FILE", NULL);
	signer->ahead = ahead_create();
	signer->seen = seen_open(o->seen, o->mode, when_now(), err);
	return signer->seen != NULL;
}

bool options_load(const struct options *o, struct signer *signer, struct err *err)
{
	*signer = (struct signer){
	        .mode = o->mode, .sm2 = o->sm2, .public_url = mem_text(o->public_url)};
	signer->alert = keystore_open(o->alert_key, o->mode, err);
	signer->status = signer->alert ? keystore_open(o->status_key, o->mode, err) : NULL;
	bool ok = signer->status && signer_policy_load(signer, o->policy, o->policy_copy, err) &&
	          read_tables(o, signer, err) && read_memory(o, signer, err);
	for (size_t i = 0; ok && i < o->trusts.count; i++)
		ok = add_trust(signer, o->trusts.items[i], err);
	for (size_t i = 0; ok && i < o->styles.count; i++)
		ok = add_style(signer, o->styles.items[i], err);
	return ok;
}
