/* SPDX-License-Identifier: Apache-2.0
 * sample - see sample.h.
 */
#include "sample.h"

#include <stdlib.h>

void sample_set(char **place, const char *text)
{
	free(*place);
	*place = mem_text(text);
}

void sample_area(struct view *view, const char *code, const char *name, const char *polygon)
{
	struct view_area *area = view_add_area(view);

	sample_set(&area->code, code);
	sample_set(&area->name, name);
	sample_set(&area->polygon, polygon);
}

void sample_rainstorm(struct view *view)
{
	view_init(view);
	view->kind = KIND_WARNING;
	view->level = LEVEL_ORANGE;
	view->effective = (int64_t)SAMPLE_SENT_S * 1000;
	view->expires = view->effective + INT64_C(6) * 3600 * 1000;
	sample_set(&view->identifier, SAMPLE_IDENTIFIER);
	sample_set(&view->chain, SAMPLE_IDENTIFIER);
	sample_set(&view->web, SAMPLE_WEB);
	sample_set(&view->hazard, "11B03");
	sample_set(&view->event, "暴雨");
	sample_set(&view->sender, "12000041600000");
	sample_set(&view->sender_name, "天津市气象台");
	sample_set(&view->category, "Met");
	sample_set(&view->urgency, "Expected");
	sample_set(&view->severity, "Severe");
	sample_set(&view->certainty, "Likely");
	sample_set(&view->language, "zh-CN");
	sample_set(&view->headline, "天津市气象台发布暴雨橙色预警");
	sample_set(
	        &view->description, "预计未来3小时降雨量将达50毫米以上。局地伴有雷电和7级阵风。");
	sample_set(&view->instruction, "请避开低洼路段。户外人员尽快进入室内。");
	sample_area(view, "120101", "和平区", "39.1,117.1 39.1,117.2 39.2,117.2 39.1,117.1");
	sample_area(view, "120103", "河西区", "");
}

void sample_accident(struct view *view)
{
	view_init(view);
	view->kind = KIND_FACT;
	sample_set(&view->identifier, SAMPLE_IDENTIFIER);
	sample_set(&view->chain, SAMPLE_IDENTIFIER);
	sample_set(&view->web, SAMPLE_WEB);
	sample_set(&view->event, "火灾");
	sample_set(&view->sender_name, "滨海新区应急管理局");
	sample_set(&view->headline, "东疆一仓库发生火灾");
	sample_set(&view->description, "8时40分东疆一仓库起火，明火已扑灭，无人员伤亡。");
	sample_set(&view->instruction, "请过往车辆绕行。");
	sample_area(view, "120116", "滨海新区", "");
}

void sample_cancel(struct view *view)
{
	sample_rainstorm(view);
	view->verb = VERB_CANCEL;
	sample_set(&view->identifier, "12000041600000_20261123120000");
	sample_set(&view->replaces, SAMPLE_IDENTIFIER);
	sample_set(&view->references,
	        "12000041600000," SAMPLE_IDENTIFIER ",2026-11-23T09:00:00+08:00");
	sample_set(&view->headline, "天津市气象台解除暴雨橙色预警");
	sample_set(&view->description, "降雨已明显减弱。");
	sample_set(&view->instruction, "");
}

void sample_correction(struct view *view)
{
	sample_rainstorm(view);
	view->verb = VERB_CORRECT;
	sample_set(&view->replaces, SAMPLE_IDENTIFIER);
	sample_set(&view->headline, "区域有误，影响区域为河东区");
	sample_set(&view->description, "此前发布的区域和平区、河西区有误。");
	sample_set(&view->instruction, "请河东区居民避开低洼路段。");
	sample_set(&view->areas[0].name, "河东区");
	view->area_count = 1;
	free(view->areas[1].code);
	free(view->areas[1].name);
	free(view->areas[1].polygon);
}

char *sample_render(const char *kind, const struct view *view, const struct text_style *style,
        struct text_fit *fit, struct err *err)
{
	struct buf out;

	buf_init(&out, 0);
	if (text_render(kind, view, style, &out, fit, err))
		return buf_take(&out);
	buf_finish(&out);
	return NULL;
}
