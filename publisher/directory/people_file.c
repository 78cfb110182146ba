/* SPDX-License-Identifier: Apache-2.0
 * people_file - see people_file.h. A line is held in a fixed room: a file without line ends is a
 * faulty line, not memory.
 */
#include "people_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "csv_write.h"
#include "people_fields.h"
#include "utf8.h"

enum { LINE_ROOM = 4096, FIELDS_MOST = 32, GIVE_UP_AFTER = 100000 };

struct reader {
	struct people_file *file;
	FILE *in;
	const char *path;
	char line[LINE_ROOM];
	size_t len;
	int64_t number;           /* of the line, from 1 */
	bool cut;                 /* it was longer than the room */
	int columns[FIELDS_MOST]; /* which column each field is; -1 = none of ours */
	size_t column_count;
};

void people_fault(
        struct people_file *file, int64_t line, const char *field, const char *zh, const char *en)
{
	struct buf out;

	file->faults++;
	if (!file->errors)
		return;
	buf_init(&out, 0);
	buf_format(&out, "%lld", (long long)line);
	csv_field(&out, field);
	csv_field(&out, zh);
	csv_field(&out, en);
	csv_end(&out);
	fwrite(out.data, 1, out.len, file->errors);
	buf_finish(&out);
}

/* Two bytes a character, as files from Chinese Windows have them. */
static bool looks_gbk(const char *text, size_t len)
{
	size_t pairs = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char first = (unsigned char)text[i];
		unsigned char second = i + 1 < len ? (unsigned char)text[i + 1] : 0;
		if (first < 0x80)
			continue;
		if (first == 0x80 || first == 0xff || second < 0x30 || second == 0x7f ||
		        second == 0xff)
			return false;
		pairs++;
		i++;
	}
	return pairs > 0;
}

static bool foreign(const struct reader *r, struct err *err)
{
	if (r->len >= 2 &&
	        (memcmp(r->line, "\xff\xfe", 2) == 0 || memcmp(r->line, "\xfe\xff", 2) == 0))
		return err_set(err, ERR_INPUT, "%s 是 UTF-16 编码：请另存为“CSV UTF-8”后再导入",
		        "%s is UTF-16: save it as \"CSV UTF-8\" and import that", r->path);
	if (looks_gbk(r->line, r->len))
		return err_set(err, ERR_INPUT,
		        "%s 不是 UTF-8，看来是 GBK（GB 18030）编码：请另存为“CSV UTF-8”后再导入",
		        "%s is not UTF-8, it looks like GBK (GB 18030): save it as \"CSV UTF-8\" "
		        "and "
		        "import that",
		        r->path);
	return err_set(err, ERR_INPUT, "%s 不是 UTF-8 文本", "%s is no UTF-8 text", r->path);
}

/* false: the end. */
static bool next_line(struct reader *r)
{
	int c = 0;

	r->len = 0;
	r->cut = false;
	while ((c = getc_unlocked(r->in)) != EOF && c != '\n') {
		if (r->len < LINE_ROOM - 1)
			r->line[r->len++] = (char)c;
		else
			r->cut = true;
	}
	if (c == EOF && r->len == 0)
		return false;
	r->number++;
	while (r->len && r->line[r->len - 1] == '\r')
		r->len--;
	r->line[r->len] = '\0';
	if (r->number == 1 && strncmp(r->line, "\xef\xbb\xbf", 3) == 0) {
		r->len -= 3;
		memmove(r->line, r->line + 3, r->len + 1);
	}
	return true;
}

static char *trimmed(char *field)
{
	while (*field == ' ' || *field == '\t')
		field++;
	for (size_t len = strlen(field); len && strchr(" \t", field[len - 1]);)
		field[--len] = '\0';
	return field;
}

static bool give_column(struct reader *r, char *heading, struct err *err)
{
	enum people_column column;

	if (!people_column_read(trimmed(heading), &column))
		return err_set(err, ERR_INPUT,
		        "%s 第 %lld 行：不认识列名“%.40s”（应为 number、name、"
		        "division、longitude、latitude、hazards、level、groups、"
		        "consent、purposes 或其中文名）",
		        "%s line %lld: no column is called \"%.40s\" (there are number, name, "
		        "division, "
		        "longitude, latitude, hazards, level, groups, consent, purposes)",
		        r->path, (long long)r->number, trimmed(heading));
	for (size_t i = 0; i < r->column_count; i++)
		if (r->columns[i] == (int)column)
			return err_set(err, ERR_INPUT, "%s 第 %lld 行：列 %s 出现两次",
			        "%s line %lld: column %s is there twice", r->path,
			        (long long)r->number, people_column_name(column));
	r->columns[r->column_count++] = (int)column;
	return true;
}

/* Without a heading it is the earlier form; its first line is then somebody's. */
static bool read_heading(struct reader *r, bool *somebody, struct err *err)
{
	char copy[LINE_ROOM];
	char *fields[FIELDS_MOST];
	char number[NUMBER_ROOM];
	size_t count;

	memcpy(copy, r->line, r->len + 1);
	if (r->cut || !csv_split(copy, fields, FIELDS_MOST, &count))
		return err_set(err, ERR_INPUT, "%s 第 %lld 行不是列名",
		        "%s line %lld names no columns", r->path, (long long)r->number);
	*somebody = count == 2 && person_number(fields[0], number);
	if (*somebody) {
		r->columns[0] = COLUMN_NUMBER;
		r->columns[1] = COLUMN_DIVISION;
		r->column_count = 2;
		return true;
	}
	for (size_t i = 0; i < count; i++)
		if (!give_column(r, fields[i], err))
			return false;
	for (size_t i = 0; i < count; i++)
		if (r->columns[i] == COLUMN_NUMBER)
			return true;
	return err_set(
	        err, ERR_INPUT, "%s 没有 number（号码）列", "%s has no column number", r->path);
}

/* The line's person. false: it does not count, which is written down. */
static bool read_person(struct reader *r, struct person *person)
{
	struct people_file *file = r->file;
	char *fields[FIELDS_MOST];
	char *texts[COLUMN_COUNT] = {0};
	struct people_cause cause;
	struct profile wishes = {0};
	enum consent consent = CONSENT_LAW;
	size_t count;

	if (r->cut || !csv_split(r->line, fields, FIELDS_MOST, &count) ||
	        count != r->column_count) {
		people_fault(file, r->number, "line", "栏数与列名不符、引号不成对或行过长",
		        "not as many fields as columns, a quote is not closed, or too long a line");
		return false;
	}
	for (size_t i = 0; i < count; i++)
		texts[r->columns[i]] = trimmed(fields[i]);
	*person = (struct person){.line = r->number};
	bool ok = people_fields_read(file->catalog, texts, person, &wishes, &consent, &cause);
	if (!ok)
		people_fault(file, r->number, cause.field, cause.zh, cause.en);
	if (ok) {
		person->withheld = consent == CONSENT_NO;
		person->said = person_said(&person->detail, &wishes);
		ok = profiles_number(file->profiles, &wishes, &person->detail.profile);
		if (!ok)
			people_fault(file, r->number, "hazards",
			        "灾种、级别、分组、用途的不同组合过多（最多 65536 种）",
			        "too many different combinations of hazards, level, groups and "
			        "purposes (65536 at most)");
		return ok;
	}
	free(wishes.hazards);
	free(wishes.groups);
	free(wishes.purposes);
	return false;
}

bool people_credible(const struct people_file *file, const char *path, struct err *err)
{
	if (file->faults * 100 <= file->lines * file->most)
		return true;
	if (file->name)
		path = file->name;
	if (file->foreign * 2 > file->faults)
		return err_set(err, ERR_INPUT,
		        "%s 的 %lld 行中有 %lld 行不是 UTF-8：请另存为“CSV UTF-8”（不要用 "
		        "GBK）后再导入",
		        "%s: of %lld lines %lld are not UTF-8: save it as \"CSV UTF-8\" (not GBK) "
		        "and "
		        "import that",
		        path, (long long)file->lines, (long long)file->foreign);
	return err_set(err, ERR_INPUT,
	        "%s 的 %lld 行中有 %lld 行有误，超过 %ld%%（设置 import_faults_most）：没有导入，"
	        "请查看错误文件",
	        "%s: of %lld lines %lld are faulty, more than %ld %% (import_faults_most): nothing "
	        "was imported, see the errors file",
	        path, (long long)file->lines, (long long)file->faults, file->most);
}

static bool take_lines(struct reader *r,
        bool (*take)(void *arg, const struct person *person, struct err *err), void *arg,
        struct err *err)
{
	struct person person;
	bool somebody = true;

	while (next_line(r)) {
		if (r->len == 0 || *r->line == '#')
			continue;
		bool readable = utf8_valid(r->line, r->len, NULL);
		if (!r->column_count) {
			if (!readable)
				return foreign(r, err);
			if (!read_heading(r, &somebody, err))
				return false;
			if (!somebody)
				continue;
		}
		r->file->lines++;
		if (!readable) {
			r->file->foreign++;
			people_fault(
			        r->file, r->number, "line", "不是 UTF-8 文本", "no UTF-8 text");
		} else if (read_person(r, &person) && !take(arg, &person, err)) {
			return false;
		}
		if (r->file->lines == GIVE_UP_AFTER && !people_credible(r->file, r->path, err))
			return false;
	}
	if (!r->column_count)
		return err_set(err, ERR_INPUT, "%s 是空的", "%s is empty", r->path);
	return true;
}

bool people_read(struct people_file *file, const char *path,
        bool (*take)(void *arg, const struct person *person, struct err *err), void *arg,
        struct err *err)
{
	struct reader *r = mem_zero(sizeof *r);
	bool ok;

	r->file = file;
	r->path = file->name ? file->name : path;
	r->in = fopen(path, "re");
	if (!r->in) {
		free(r);
		return err_set(err, ERR_INPUT, "无法读取 %s：%s", "cannot read %s: %s", path,
		        strerror(errno));
	}
	ok = take_lines(r, take, arg, err);
	if (ok && ferror(r->in))
		ok = err_set(err, ERR_UNAVAILABLE, "%s 没有读完：%s",
		        "%s could not be read to its end: %s", path, strerror(errno));
	fclose(r->in);
	free(r);
	return ok && people_credible(file, path, err);
}
