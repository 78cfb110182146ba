/* SPDX-License-Identifier: Apache-2.0
 * config - tocsind's settings, from one YAML file. Read once, never changed (SIGHUP reads a new
 * one).
 *
 * Every setting is a row of a table (option.h); unknown keys are errors; all errors are reported at
 * once, each as "file:line:col: sentence".
 */
#ifndef TOCSIN_CONFIG_H
#define TOCSIN_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "hours.h"
#include "mem.h"
#include "option.h"
#include "password.h"
#include "terms.h"

struct config_pair {
	char *name, *value;
};

/* A far side. */
struct config_target {
	char *name;
	char *kind; /* what it is to the policy and to the reader of its texts */
	char *type; /* which channel type carries it; same as kind unless a double stands in */
	const struct channel_traits *traits;
	struct config_pair *options; /* for tocsin-channel; lists repeat */
	size_t option_count;
	char *signature, *prefix; /* text style */
	long sms_max_parts;
	char *price_word;
	long part_price;     /* of a part of an SMS, in ten-thousandths of a yuan; 0 = not known */
	char *recipients;    /* CSV file of number,division, or "directory"; "" none */
	struct texts groups; /* of the directory: who is told here; empty = whoever */
	long per_minute;
	long back_off_first, back_off_most; /* ms */
	char *quiet_word, *quiet_level_word;
	bool has_quiet;
	struct hours quiet; /* when has_quiet: then what ranks (level_rank) no higher waits */
	int quiet_rank;
	char *ends;      /* day on which its account, token or contract ends; "" = not known */
	bool notices;    /* officers are told here whose turn it is */
	bool by_default; /* a bulletin that names no far sides goes here, when its disclosure allows
	                  */
};

struct cap_trust;

/* A feed. */
struct config_source {
	char *name;
	char *type; /* "folder" or "feed" */
	struct config_pair *options;
	size_t option_count;
	char *unit;            /* whose drafts they become; "" = the relay row's */
	char *ends;            /* as a far side's */
	bool lenient;          /* how its CAP is read (cap_read.h): */
	char *zone, *encoding; /* "" = none set */
	char *trust;           /* file of its trust list, or "" */
	bool inclusive;        /* may sign over inclusive C14N */
	bool signature_required;
	struct cap_trust *trusted; /* the list, read; NULL without one */
	char *json;                /* the table its JSON is read by (mapping.h); "" = none */
};

/* Limits of promptness (督查考核), ms by level. */
struct config_prompt {
	long draft[LEVEL_COUNT], review[LEVEL_COUNT], sign[LEVEL_COUNT], release[LEVEL_COUNT],
	        channel[LEVEL_COUNT], total[LEVEL_COUNT];
};

struct config {
	char *file;
	char *node, *mode_word;
	enum mode mode;
	char *state, *policy, *catalog;
	struct texts api_listen, callback_listen,
	        metrics_listen; /* "127.0.0.1:8080", "[::1]:8080" */
	char *protected_sites;  /* file, or "" */
	char *population;       /* file, or "" */
	char *callback_url, *callback_secret;
	char *agent_socket, *signer_socket;
	char *public_url, *desk;
	long change_within; /* ms */
	long workers;
	char *people_secret;             /* "": no accounts */
	struct texts proxies;            /* ranges */
	long session_idle, session_most; /* ms */
	bool cookie_secure;
	char *password_word;
	struct password_rule password;
	long password_threads;
	long heartbeat; /* seconds */
	long keep_days, keep_numbers_days;
	long import_faults_most;   /* per cent */
	long limit_upload;         /* bytes */
	long ends_soon;            /* days */
	struct texts certificates; /* files */
	char *backups;             /* folder, or "" */
	long backups_keep;
	long limit_api, limit_source; /* bytes */
	struct config_prompt prompt;
	long due_soon;                    /* ms */
	long notice_again, notice_deputy; /* ms */
	struct config_target *targets;
	size_t target_count;
	struct config_source *sources;
	size_t source_count;
};

/* NULL: `errors` holds one line each ("file:line:col: zh / en"). */
struct config *config_read(const char *path, struct buf *errors);
void config_destroy(struct config **config);
const struct config_target *config_target(
        const struct config *config, const char *name); /* or NULL */
const struct config_source *config_source(
        const struct config *config, const char *name); /* or NULL */
void config_print(
        const struct config *config, struct buf *out); /* the values in force; never a secret */
void config_manual(struct buf *out);                   /* roff entries of every setting */

#endif
