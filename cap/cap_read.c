/* SPDX-License-Identifier: Apache-2.0
 * cap_read - see cap_read.h: encoding, tree, wrapper, version, and then the tables of cap_schema.c.
 *
 * Fails with problems; what cannot be read of one message leaves the others be.
 */
#include "cap_read.h"

#include <stdlib.h>
#include <string.h>

#include "cap_encoding.h"
#include "cap_gate.h"
#include "cap_schema.h"
#include "cap_unwrap.h"
#include "national_tree.h"

const char *cap_version_text(enum cap_version version)
{
	static const char *const texts[] = {"1.0", "1.1", "1.2"};

	return texts[version];
}

bool cap_zone_known(const char *zone)
{
	struct cap_time time;
	char text[26] = "2026-01-01T00:00:00";

	if (!zone || strlen(zone) != 6)
		return false;
	memcpy(text + 19, zone, 7);
	return cap_time_read(text, &time);
}

bool cap_manner_known(const struct cap_manner *manner)
{
	bool zone = manner->zone && *manner->zone;
	bool encoding = manner->encoding && *manner->encoding;

	return (!zone || cap_zone_known(manner->zone)) &&
	       (!encoding || cap_encoding_known(manner->encoding)) &&
	       (manner->lenient || (!zone && !encoding));
}

static enum cap_version version_of(const struct cap_node *root)
{
	return root->space == SPACE_CAP_10   ? CAP_VERSION_10
	       : root->space == SPACE_CAP_11 ? CAP_VERSION_11
	                                     : CAP_VERSION_12;
}

/* What is said of the message as a whole. */
static void note_version(struct cap_reader *reader, const struct cap_node *root)
{
	struct cap_place place = {NULL, root->name, 0, root->at + 1};

	if (*reader->wrapper)
		cap_read_say(reader, CAP_PROBLEM_NOTE, &place, "read.wrapper", "报文取自外层文件",
		        "the message was taken out of a wrapper", reader->wrapper);
	if (reader->version != CAP_VERSION_12)
		cap_read_note(reader, &place, "read.version", "旧版 CAP 的报文，按 1.2 读入",
		        "a message of an older version of CAP: read as 1.2",
		        cap_version_text(reader->version));
	if (national_is(root))
		cap_read_note(reader, &place, "read.national", "国家预警信息（12379），已转成 CAP",
		        "a message of the national platform (12379): made CAP", NULL);
	else if (root->space == SPACE_NONE)
		cap_read_note(reader, &place, "read.namespace", "没有命名空间，按 CAP 1.2 读",
		        "it has no namespace: read as CAP 1.2", NULL);
	reader->namespaces = root->space == SPACE_NONE;
}

/* What conversion says has no line in the document, but the place it was taken out of. */
static struct cap_alert *read_national(
        struct cap_reader *reader, const struct cap_node *root, const struct cap_manner *manner)
{
	struct national *national = national_read_tree(reader, root);
	size_t from = reader->problems->count;
	struct cap_alert *alert =
	        national ? national_to_cap(national, manner->national, reader->problems) : NULL;

	cap_problems_within(reader->problems, from, reader->wrapper);
	national_destroy(&national);
	return alert;
}

/* Reads the root of the tree into a new message. false: no memory. */
static bool read_message(const struct cap_tree *tree, const struct cap_found *found,
        const struct cap_manner *manner, struct cap_messages *out)
{
	struct cap_message *message = mem_try_push(&out->items, &out->count, sizeof *out->items);

	if (!message)
		return false;
	message->place = mem_try_text_n(found->place, strlen(found->place));
	message->document = mem_try_text_n(found->document, found->len);
	message->document_len = found->len;
	if (!message->place || !message->document)
		return false;
	struct cap_reader reader = {.problems = &message->problems,
	        .tree = tree,
	        .version = version_of(tree->root),
	        .space = tree->root->space,
	        .lenient = manner->lenient,
	        .zone = manner->zone ? manner->zone : "",
	        .wrapper = found->place,
	        .line = found->line};

	message->version = reader.version;
	note_version(&reader, tree->root);
	message->national = national_is(tree->root);
	message->alert = message->national ? read_national(&reader, tree->root, manner)
	                                   : cap_read_alert(&reader, tree->root);
	message->has_signature = reader.signatures > 0;
	message->certain = !reader.doubtful;
	message->liberties = reader.liberties;
	return !message->problems.starved;
}

/* One that was taken out of a wrapper: a document by itself now. What is wrong with its form is
 * said of it alone. */
static bool read_found(
        const struct cap_found *found, const struct cap_manner *manner, struct cap_messages *out)
{
	struct cap_tree tree;
	struct err err;

	if (cap_tree_read(found->document, found->len, &gate_message, &tree, &err)) {
		bool good = read_message(&tree, found, manner, out);

		cap_tree_finish(&tree);
		return good;
	}
	struct cap_message *message = mem_try_push(&out->items, &out->count, sizeof *out->items);

	if (!message || err.kind == ERR_UNAVAILABLE)
		return false;
	message->version = CAP_VERSION_12;
	message->place = mem_try_text_n(found->place, strlen(found->place));
	message->document = mem_try_text_n(found->document, found->len);
	message->document_len = found->len;
	cap_read_refuse(&message->problems, &err);
	return message->place && message->document && !message->problems.starved;
}

static bool read_wrapped(
        const struct cap_tree *tree, const struct cap_manner *manner, struct cap_messages *out)
{
	struct cap_finds finds = {0};
	bool good = cap_unwrap(tree, &finds);

	for (size_t i = 0; good && i < finds.count; i++)
		good = read_found(&finds.items[i], manner, out);
	cap_finds_finish(&finds);
	if (!good)
		return cap_read_no_memory(&out->problems);
	if (!out->count)
		cap_problem_add(&out->problems, CAP_PROBLEM_ERROR, "schema.root", "/",
		        "“%s”里没有 CAP 报文（只有链接的列表要逐条取回）",
		        "there is no CAP message inside \"%s\" (those a list links to must be "
		        "fetched)",
		        tree->root->name);
	return out->count > 0;
}

static bool read_tree(const struct cap_tree *tree, const struct cap_decoded *decoded,
        const struct cap_manner *manner, struct cap_messages *out)
{
	const struct cap_node *root = tree->root;
	char nowhere[] = "";
	struct cap_found whole = {(char *)decoded->bytes, decoded->len, nowhere, 0};

	if (cap_is_alert(root) && (manner->lenient || root->space != SPACE_NONE))
		return read_message(tree, &whole, manner, out) ||
		       cap_read_no_memory(&out->problems);
	if (manner->lenient)
		return read_wrapped(tree, manner, out);
	if (national_is(root)) {
		cap_problem_add(&out->problems, CAP_PROBLEM_ERROR, "schema.root", "/",
		        "这是国家预警信息（12379），不是 CAP：请由宽松读取的来源交来，或先用 "
		        "tocsin convert --to cap 转换",
		        "this is a message of the national platform (12379), not CAP: hand it in "
		        "by a source that reads leniently, or convert it first (tocsin convert "
		        "--to cap)");
		return false;
	}
	cap_problem_add(&out->problems, CAP_PROBLEM_ERROR, "schema.root", "/",
	        "根元素“%s”不是 CAP 的 alert，其命名空间是“%s”；若 CAP "
	        "在里面，请用宽松读法（tocsin validate --lenient，或来源的设置 lenient）",
	        "the root \"%s\" is not the alert of CAP; its namespace is \"%s\"; lenient "
	        "reading (tocsin validate --lenient, or a source's setting lenient) looks inside",
	        root->name, root->uri);
	return false;
}

bool cap_read(
        const void *bytes, size_t len, const struct cap_manner *manner, struct cap_messages *out)
{
	const struct gate_bounds *bounds = manner->lenient ? &gate_wrapper : &gate_message;
	size_t limit =
	        manner->limit && manner->limit < CAP_LIMIT_FEED ? manner->limit : CAP_LIMIT_FEED;
	struct cap_decoded decoded;
	struct cap_tree tree;
	struct err err;

	*out = (struct cap_messages){.encoding = "UTF-8"};
	if (!gate_size(len, limit, &err) ||
	        !cap_decode(bytes, len, manner, &decoded, &out->problems, &err))
		return cap_read_refuse(&out->problems, &err);
	out->encoding = decoded.encoding;
	bool good = cap_tree_read(decoded.bytes, decoded.len, bounds, &tree, &err);

	if (good) {
		good = read_tree(&tree, &decoded, manner, out);
		cap_tree_finish(&tree);
	} else {
		cap_read_refuse(&out->problems, &err);
	}
	cap_decoded_finish(&decoded);
	return good && !out->problems.starved;
}

void cap_messages_finish(struct cap_messages *messages)
{
	for (size_t i = 0; i < messages->count; i++) {
		struct cap_message *message = &messages->items[i];

		cap_alert_destroy(&message->alert);
		free(message->document);
		free(message->place);
		cap_problems_finish(&message->problems);
	}
	free(messages->items);
	cap_problems_finish(&messages->problems);
	*messages = (struct cap_messages){0};
}
