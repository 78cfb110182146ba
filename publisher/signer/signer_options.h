/* SPDX-License-Identifier: Apache-2.0
 * signer_options - the signer's command line, and what it names read into a struct signer.
 */
#ifndef TOCSIN_OPTIONS_H
#define TOCSIN_OPTIONS_H

#include "mem.h"
#include "signer.h"

struct options {
	const char *socket, *policy, *alert_key, *status_key, *public_url; /* borrowed from argv */
	const char *catalog;
	const char *policy_copy, *seen, *protected_sites; /* or NULL */
	enum mode mode;
	struct cap_sm2 sm2;
	bool help;           /* --help or --version was asked and answered */
	struct texts trusts; /* SOURCE=LIST[,inclusive] */
	struct texts styles; /* TARGET:signature|prefix|parts:VALUE */
};

bool options_read(int argc, char **argv, struct options *options, struct err *err);
void options_finish(struct options *options);

/* Reads keys, policy and trusted upstream keys. A key without a slash lies in
 * $CREDENTIALS_DIRECTORY. */
bool options_load(const struct options *options, struct signer *signer, struct err *err);

#endif
