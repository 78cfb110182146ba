/* SPDX-License-Identifier: Apache-2.0
 * free_text - see free_text.h. Cannot fail.
 */
#include "free_text.h"

#include <stdlib.h>

static void add(
        struct free_texts *out, const char *text, const char *info, size_t number, const char *rest)
{
	if (!text || !text[0])
		return;
	struct free_text *item = mem_push(&out->items, &out->count, sizeof *out->items);
	item->text = text;
	item->path = number ? mem_format("%s[%zu]%s", info, number, rest)
	                    : mem_format("%s%s", info, rest);
}

static void add_parts(struct free_texts *out, const struct cap_info *info, const char *path)
{
	char *parameter = mem_format("%s/parameter", path);
	char *resource = mem_format("%s/resource", path);
	char *area = mem_format("%s/area", path);

	for (size_t i = 0; i < info->parameters.count; i++)
		add(out, info->parameters.items[i].value, parameter, i + 1, "/value");
	for (size_t i = 0; i < info->resource_count; i++)
		add(out, info->resources[i].desc, resource, i + 1, "/resourceDesc");
	for (size_t i = 0; i < info->area_count; i++)
		add(out, info->areas[i].desc, area, i + 1, "/areaDesc");
	free(parameter);
	free(resource);
	free(area);
}

void free_texts_of(const struct cap_alert *alert, struct free_texts *out)
{
	*out = (struct free_texts){0};
	add(out, alert->note, "/alert/note", 0, "");
	add(out, alert->incidents, "/alert/incidents", 0, "");
	add(out, alert->restriction, "/alert/restriction", 0, "");
	add(out, alert->source, "/alert/source", 0, "");
	for (size_t i = 0; i < alert->info_count; i++) {
		const struct cap_info *info = &alert->infos[i];
		char *path = mem_format("/alert/info[%zu]", i + 1);
		add(out, info->event, path, 0, "/event");
		add(out, info->headline, path, 0, "/headline");
		add(out, info->description, path, 0, "/description");
		add(out, info->instruction, path, 0, "/instruction");
		add(out, info->sender_name, path, 0, "/senderName");
		add(out, info->audience, path, 0, "/audience");
		add(out, info->contact, path, 0, "/contact");
		add(out, info->web, path, 0, "/web");
		add_parts(out, info, path);
		free(path);
	}
}

void free_texts_finish(struct free_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		free(texts->items[i].path);
	free(texts->items);
	*texts = (struct free_texts){0};
}
