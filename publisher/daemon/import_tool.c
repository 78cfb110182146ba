/* SPDX-License-Identifier: Apache-2.0
 * import_tool - see import_tool.h.
 */
#include "import_tool.h"

#include <stdio.h>

#include "catalog.h"
#include "generation_text.h"
#include "import.h"
#include "when.h"

static void say(const struct generation *made)
{
	struct buf out;

	buf_init(&out, 0);
	generation_words(made, &out);
	fputs(out.data, stdout);
	buf_finish(&out);
	printf("摘要 digest %s\n请由一名管理员提出、另一名确认后生效 / an administrator proposes "
	       "it, "
	       "another confirms it: tocsin recipients propose %lld\n",
	        made->digest, (long long)made->id);
}

bool import_tool_run(
        const struct config *config, const char *file, const char *errors, struct err *err)
{
	struct import import = {.folder = config->state,
	        .path = file,
	        .errors = errors,
	        .faults_most = config->import_faults_most,
	        .now = when_now()};
	struct generation made;
	struct catalog *catalog = catalog_read(config->catalog, err);

	directory_import_last();
	import.catalog = catalog;
	bool ok = catalog && directory_import(&import, &made, err);
	catalog_destroy(&catalog);
	if (ok)
		say(&made);
	return ok;
}
