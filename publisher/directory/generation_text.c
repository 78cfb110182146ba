/* SPDX-License-Identifier: Apache-2.0
 * generation_text - see generation_text.h. Pure.
 */
#include "generation_text.h"

#include <stdlib.h>
#include <string.h>

static const char FIRST[] = "generation ";

void generation_document(const struct generation *g, struct buf *out)
{
	const struct {
		const char *name;
		int64_t number;
	} lines[] = {{"follows", g->follows}, {"people", g->people}, {"lines", g->lines},
	        {"faults", g->faults}, {"repeated", g->repeated}, {"withheld", g->withheld},
	        {"added", g->added}, {"gone", g->gone}, {"changed", g->changed}};

	buf_format(out, "%s%lld\ndigest %s\n", FIRST, (long long)g->id, g->digest);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		buf_format(out, "%s %lld\n", lines[i].name, (long long)lines[i].number);
}

int64_t generation_document_id(const char *document)
{
	char *end;

	if (strncmp(document, FIRST, sizeof FIRST - 1) != 0)
		return 0;
	long long id = strtoll(document + sizeof FIRST - 1, &end, 10);
	return *end == '\n' && id > 0 ? id : 0;
}

void generation_words(const struct generation *g, struct buf *out)
{
	buf_format(out,
	        "接收人名册第 %lld 份：共 %lld 人；与现行名册相比新增 %lld、减少 %lld、改动 %lld；"
	        "文件 %lld 行，有误 %lld 行，重复 %lld 行，未同意 %lld 人\n",
	        (long long)g->id, (long long)g->people, (long long)g->added, (long long)g->gone,
	        (long long)g->changed, (long long)g->lines, (long long)g->faults,
	        (long long)g->repeated, (long long)g->withheld);
	buf_format(out,
	        "directory of recipients %lld: %lld people; %lld added, %lld gone, %lld changed "
	        "beside the one in force; of %lld lines %lld faulty, %lld said twice; %lld people "
	        "without consent\n",
	        (long long)g->id, (long long)g->people, (long long)g->added, (long long)g->gone,
	        (long long)g->changed, (long long)g->lines, (long long)g->faults,
	        (long long)g->repeated, (long long)g->withheld);
}
