/* SPDX-License-Identifier: Apache-2.0
 * cap_gate - the first look at hostile bytes: expat walks over them once and keeps nothing.
 *
 * libxml2 of this age is not made for hostile input (entities that grow, attributes in quadratic
 * time), so nothing reaches it that this gate has not counted. Fails with one sentence naming line
 * and cause.
 */
#include <expat.h>
#include <string.h>
#include <strings.h>

#include "cap_io.h"
#include "utf8.h"

enum { MAX_DEPTH = 16, MAX_ATTRIBUTES = 16, MAX_ELEMENTS = 100000 };

struct gate {
	XML_Parser parser;
	size_t depth, elements;
	const char *zh, *en; /* why it was stopped; NULL = not stopped */
};

/* The first cause is the one we name; expat may still call a handler after it was stopped. */
static void stop(struct gate *gate, const char *zh, const char *en)
{
	if (gate->zh)
		return;
	gate->zh = zh;
	gate->en = en;
	XML_StopParser(gate->parser, XML_FALSE);
}

static void XMLCALL on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
	struct gate *gate = data;
	size_t count = 0;

	(void)name;
	while (attributes[count])
		count++;
	if (count / 2 > MAX_ATTRIBUTES)
		stop(gate, "一个元素的属性超过 16 个", "an element has more than 16 attributes");
	if (++gate->depth > MAX_DEPTH)
		stop(gate, "元素嵌套超过 16 层", "elements are nested more than 16 deep");
	if (++gate->elements > MAX_ELEMENTS)
		stop(gate, "元素超过 100000 个", "there are more than 100000 elements");
}

static void XMLCALL on_end(void *data, const XML_Char *name)
{
	struct gate *gate = data;

	(void)name;
	gate->depth--;
}

static void XMLCALL on_doctype(void *data, const XML_Char *name, const XML_Char *system_id,
        const XML_Char *public_id, int internal)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)internal;
	stop(data, "不允许 DOCTYPE", "DOCTYPE is not allowed");
}

static void XMLCALL on_instruction(void *data, const XML_Char *target, const XML_Char *content)
{
	struct gate *gate = data;

	(void)target;
	(void)content;
	if (gate->depth > 0)
		stop(gate, "根元素内不允许处理指令",
		        "processing instructions are not allowed inside the root element");
}

static void XMLCALL on_declaration(
        void *data, const XML_Char *version, const XML_Char *encoding, int standalone)
{
	(void)version;
	(void)standalone;
	if (encoding && strcasecmp(encoding, "UTF-8") != 0)
		stop(data, "XML 声明的编码不是 UTF-8，请改为 UTF-8 并以 UTF-8 保存",
		        "the XML declaration names an encoding other than UTF-8: name it, and save "
		        "as it");
}

static bool refuse(struct gate *gate, struct err *err)
{
	unsigned long line = (unsigned long)XML_GetCurrentLineNumber(gate->parser);
	unsigned long column = (unsigned long)XML_GetCurrentColumnNumber(gate->parser) + 1;

	if (gate->zh)
		return err_set(err, ERR_INPUT, "第 %lu 行：%s%.0s", "line %lu: %.0s%s", line,
		        gate->zh, gate->en);
	return err_set(err, ERR_INPUT, "第 %lu 行第 %lu 列：XML 格式不合规（%s）",
	        "line %lu, column %lu: not well-formed XML (%s)", line, column,
	        XML_ErrorString(XML_GetErrorCode(gate->parser)));
}

static bool walk(struct gate *gate, const void *bytes, size_t len, struct err *err)
{
	XML_SetUserData(gate->parser, gate);
	XML_SetElementHandler(gate->parser, on_start, on_end);
	XML_SetStartDoctypeDeclHandler(gate->parser, on_doctype);
	XML_SetProcessingInstructionHandler(gate->parser, on_instruction);
	XML_SetXmlDeclHandler(gate->parser, on_declaration);
	if (XML_Parse(gate->parser, bytes, (int)len, XML_TRUE) == XML_STATUS_OK && !gate->zh)
		return true;
	return refuse(gate, err);
}

bool cap_gate(const void *bytes, size_t len, size_t limit, struct err *err)
{
	struct gate gate = {0};
	size_t at;

	if (limit > CAP_LIMIT_FEED)
		limit = CAP_LIMIT_FEED;
	if (len > limit)
		return err_set(err, ERR_TOO_BIG, "报文 %zu 字节，超过上限 %zu 字节",
		        "the message has %zu bytes, over the limit of %zu", len, limit);
	/* Before expat: it would follow the mark of a UTF-16 document, whatever encoding it was
	 * given. */
	if (!utf8_valid(bytes, len, &at))
		return err_set(err, ERR_INPUT,
		        "第 %zu 字节处不是合规的 UTF-8；若是 GBK，请另存为 UTF-8",
		        "not valid UTF-8 at byte %zu; if it is GBK, save it as UTF-8", at + 1);
	gate.parser = XML_ParserCreate("UTF-8");
	if (!gate.parser)
		return err_set(err, ERR_INTERNAL, "无法建立 XML 解析器", "no XML parser to be had");
	bool good = walk(&gate, bytes, len, err);

	XML_ParserFree(gate.parser);
	return good;
}
