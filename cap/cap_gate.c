/* SPDX-License-Identifier: Apache-2.0
 * cap_gate - the first look at hostile bytes: expat walks over them once.
 *
 * libxml2 of this age is not made for hostile input (entities that grow, attributes in quadratic
 * time), so nothing is read, and nothing reaches it, that this gate has not counted. Fails with one
 * sentence naming line and cause.
 */
#include "cap_gate.h"

#include <expat.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cap_io.h"
#include "digest.h"
#include "utf8.h"

static const struct gate_cause deep = {
        "元素嵌套超过 16 层", "elements are nested more than 16 deep"};
static const struct gate_cause wide = {
        "一个元素的属性超过 16 个", "an element has more than 16 attributes"};
static const struct gate_cause many = {"元素超过 100000 个", "there are more than 100000 elements"};
static const struct gate_cause wrapper_deep = {
        "元素嵌套超过 32 层", "elements are nested more than 32 deep"};
static const struct gate_cause wrapper_wide = {
        "一个元素的属性超过 32 个", "an element has more than 32 attributes"};
static const struct gate_cause wrapper_many = {
        "元素超过 200000 个", "there are more than 200000 elements"};

const struct gate_bounds gate_message = {16, 16, 100000, &deep, &wide, &many};
const struct gate_bounds gate_wrapper = {
        32, 32, 200000, &wrapper_deep, &wrapper_wide, &wrapper_many};
const struct gate_cause gate_no_memory = {"内存不足", "out of memory"};

static pthread_once_t secret_once = PTHREAD_ONCE_INIT;
static unsigned long secret; /* of this process; never 0 */

static void make_secret(void)
{
	random_bytes(&secret, sizeof secret);
	secret |= 1;
}

struct gate {
	XML_Parser parser;
	const struct gate_bounds *bounds;
	const struct gate_follower *follower;
	void *self;
	size_t depth, elements;
	const struct gate_cause *cause; /* why it was stopped; NULL = not stopped */
};

/* The first cause is the one we name; expat may still call a handler after it was stopped. */
static void stop(struct gate *gate, const struct gate_cause *cause)
{
	if (gate->cause || !cause)
		return;
	gate->cause = cause;
	XML_StopParser(gate->parser, XML_FALSE);
}

static const struct gate_cause *count(struct gate *gate, const XML_Char **attributes)
{
	size_t given = 0;

	while (attributes[given])
		given++;
	if (given / 2 > gate->bounds->attributes)
		return gate->bounds->wide;
	if (++gate->depth > gate->bounds->depth)
		return gate->bounds->deep;
	return ++gate->elements > gate->bounds->elements ? gate->bounds->many : NULL;
}

static struct gate_tag tag_of(const struct gate *gate)
{
	size_t from = (size_t)XML_GetCurrentByteIndex(gate->parser);

	return (struct gate_tag){from, from + (size_t)XML_GetCurrentByteCount(gate->parser)};
}

static void XMLCALL on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
	struct gate *gate = data;

	if (gate->cause)
		return;
	stop(gate, count(gate, attributes));
	if (!gate->cause && gate->follower) {
		struct gate_tag tag = tag_of(gate);

		stop(gate, gate->follower->start(
		                   gate->self, name, (const char *const *)attributes, &tag));
	}
}

static void XMLCALL on_end(void *data, const XML_Char *name)
{
	struct gate *gate = data;

	(void)name;
	gate->depth--;
	if (!gate->cause && gate->follower) {
		struct gate_tag tag = tag_of(gate);

		stop(gate, gate->follower->end(gate->self, &tag));
	}
}

static void XMLCALL on_comment(void *data, const XML_Char *text)
{
	struct gate *gate = data;

	(void)text;
	if (!gate->cause && gate->depth)
		gate->follower->comment(gate->self);
}

static void XMLCALL on_cdata(void *data)
{
	struct gate *gate = data;

	if (!gate->cause)
		gate->follower->cdata(gate->self);
}

static void XMLCALL on_doctype(void *data, const XML_Char *name, const XML_Char *system_id,
        const XML_Char *public_id, int internal)
{
	static const struct gate_cause cause = {"不允许 DOCTYPE", "DOCTYPE is not allowed"};

	(void)name;
	(void)system_id;
	(void)public_id;
	(void)internal;
	stop(data, &cause);
}

static void XMLCALL on_instruction(void *data, const XML_Char *target, const XML_Char *content)
{
	static const struct gate_cause cause = {"只有根元素之前才允许处理指令",
	        "processing instructions are not allowed but before the root element"};
	struct gate *gate = data;

	if (gate->elements > 0)
		stop(gate, &cause);
	else if (!gate->cause && gate->follower && gate->follower->instruction)
		stop(gate, gate->follower->instruction(gate->self, target, content));
}

static void XMLCALL on_declaration(
        void *data, const XML_Char *version, const XML_Char *encoding, int standalone)
{
	static const struct gate_cause cause = {
	        "XML 声明的编码不是 UTF-8，请改为 UTF-8 并以 UTF-8 保存",
	        "the XML declaration names an encoding other than UTF-8: name it, and save as it"};

	(void)version;
	(void)standalone;
	if (encoding && strcasecmp(encoding, "UTF-8") != 0)
		stop(data, &cause);
}

bool gate_starved(struct err *err)
{
	return err_set(
	        err, ERR_UNAVAILABLE, "%s%.0s", "%.0s%s", gate_no_memory.zh, gate_no_memory.en);
}

static bool refuse(struct gate *gate, struct err *err)
{
	unsigned long line = (unsigned long)XML_GetCurrentLineNumber(gate->parser);
	unsigned long column = (unsigned long)XML_GetCurrentColumnNumber(gate->parser) + 1;
	enum XML_Error code = XML_GetErrorCode(gate->parser);

	if (code == XML_ERROR_NO_MEMORY || gate->cause == &gate_no_memory)
		return err_set(err, ERR_UNAVAILABLE, "第 %lu 行：%s%.0s", "line %lu: %.0s%s", line,
		        gate_no_memory.zh, gate_no_memory.en);
	if (gate->cause)
		return err_set(err, ERR_INPUT, "第 %lu 行：%s%.0s", "line %lu: %.0s%s", line,
		        gate->cause->zh, gate->cause->en);
	return err_set(err, ERR_INPUT, "第 %lu 行第 %lu 列：XML 格式不合规（%s）",
	        "line %lu, column %lu: not well-formed XML (%s)", line, column,
	        XML_ErrorString(code));
}

static bool walk(struct gate *gate, const void *bytes, size_t len, struct err *err)
{
	/* Against names made to collide. Without it expat asks the kernel for each document. */
	XML_SetHashSalt(gate->parser, secret);
	XML_SetUserData(gate->parser, gate);
	XML_SetElementHandler(gate->parser, on_start, on_end);
	XML_SetStartDoctypeDeclHandler(gate->parser, on_doctype);
	XML_SetProcessingInstructionHandler(gate->parser, on_instruction);
	XML_SetXmlDeclHandler(gate->parser, on_declaration);
	if (gate->follower) {
		XML_SetCommentHandler(gate->parser, on_comment);
		XML_SetStartCdataSectionHandler(gate->parser, on_cdata);
	}
	if (XML_Parse(gate->parser, bytes, (int)len, XML_TRUE) == XML_STATUS_OK && !gate->cause)
		return true;
	return refuse(gate, err);
}

bool gate_walk(const void *bytes, size_t len, const struct gate_bounds *bounds,
        const struct gate_follower *follower, void *self, struct err *err)
{
	static const XML_Memory_Handling_Suite memory = {malloc, realloc, free};
	struct gate gate = {.bounds = bounds, .follower = follower, .self = self};

	pthread_once(&secret_once, make_secret);
	gate.parser = XML_ParserCreate_MM("UTF-8", &memory, NULL);
	if (!gate.parser)
		return err_set(err, ERR_UNAVAILABLE, "内存不足，无法建立 XML 解析器",
		        "out of memory: no XML parser to be had");
	bool good = walk(&gate, bytes, len, err);

	XML_ParserFree(gate.parser);
	return good;
}

bool gate_size(size_t len, size_t limit, struct err *err)
{
	return len <= limit ||
	       err_set(err, ERR_TOO_BIG, "报文 %zu 字节，超过上限 %zu 字节",
	               "the message has %zu bytes, over the limit of %zu", len, limit);
}

bool gate_not_utf8(size_t at, struct err *err)
{
	return err_set(err, ERR_INPUT, "第 %zu 字节处不是合规的 UTF-8；若是 GBK，请另存为 UTF-8",
	        "not valid UTF-8 at byte %zu; if it is GBK, save it as UTF-8", at + 1);
}

bool gate_bytes(const void *bytes, size_t len, size_t limit, struct err *err)
{
	size_t at;

	if (!gate_size(len, limit < CAP_LIMIT_FEED ? limit : CAP_LIMIT_FEED, err))
		return false;
	/* Before expat: it would follow the mark of a UTF-16 document, whatever encoding it was
	 * given. */
	return utf8_valid(bytes, len, &at) || gate_not_utf8(at, err);
}

bool cap_gate(const void *bytes, size_t len, size_t limit, struct err *err)
{
	return gate_bytes(bytes, len, limit, err) &&
	       gate_walk(bytes, len, &gate_message, NULL, NULL, err);
}
