/* SPDX-License-Identifier: Apache-2.0
 * mapping_tables - whose JSON is read how. Those of the NWS (api.weather.gov, GeoJSON) and QWeather
 * (和风天气, both its interfaces) were held against messages of theirs; those of CMA and NMC
 * against lists of their members only, and never against a real message.
 *
 * The sender of what a redistributor hands on is the redistributor: the identifiers are its own,
 * and a JSON form must not stand in the way of the producer's signed message, which is another.
 */
#include "mapping_parts.h"

#define P "/properties"

static const struct mapping_row nws_alert[] = {
        {"identifier", HOW_TEXT, P "/id", NULL},
        {"sender", HOW_TEXT, P "/sender", NULL},
        {"sent", HOW_TIME, P "/sent", NULL},
        {"status", HOW_TEXT, P "/status", NULL},
        {"msgType", HOW_TEXT, P "/messageType", NULL},
        {"scope", HOW_TEXT, P "/scope", "Public"},
        {"code", HOW_EACH, P "/code", NULL},
        {"note", HOW_TEXT, P "/note", NULL},
        {"references", HOW_TRIPLETS, P "/references", NULL},
        {0},
};

static const struct mapping_row nws_info[] = {
        {"language", HOW_TEXT, P "/language", NULL},
        {"category", HOW_EACH, P "/category", NULL},
        {"event", HOW_TEXT, P "/event", NULL},
        {"responseType", HOW_EACH, P "/response", NULL},
        {"urgency", HOW_TEXT, P "/urgency", NULL},
        {"severity", HOW_TEXT, P "/severity", NULL},
        {"certainty", HOW_TEXT, P "/certainty", NULL},
        {"eventCode", HOW_PAIRS, P "/eventCode", NULL},
        {"effective", HOW_TIME, P "/effective", NULL},
        {"onset", HOW_TIME, P "/onset", NULL},
        {"expires", HOW_TIME, P "/expires", NULL},
        {"senderName", HOW_TEXT, P "/senderName", NULL},
        {"headline", HOW_TEXT, P "/headline", NULL},
        {"description", HOW_TEXT, P "/description", NULL},
        {"instruction", HOW_TEXT, P "/instruction", NULL},
        {"web", HOW_TEXT, P "/web", NULL},
        {"parameter", HOW_PAIRS, P "/parameters", NULL},
        {0},
};

static const struct mapping_row nws_area[] = {
        {"areaDesc", HOW_TEXT, P "/areaDesc", NULL},
        {"polygon", HOW_SHAPE, "/geometry", NULL},
        {"geocode", HOW_PAIRS, P "/geocode", NULL},
        {0},
};

#undef P

static const struct mapping_row qweather_alert[] = {
        {"identifier", HOW_TEXT, "/id", NULL},
        {"sender", HOW_FIXED, NULL, "qweather.com"},
        {"sent", HOW_TIME, "/issuedTime", NULL},
        {"status", HOW_FIXED, NULL, "Actual"},
        {"msgType", HOW_WORD, "/messageType/code", "alert=Alert update=Update cancel=Cancel"},
        {"scope", HOW_FIXED, NULL, "Public"},
        {"references", HOW_UPDATES, "/messageType/supersedes", NULL},
        {0},
};

static const struct mapping_row qweather_alert_info[] = {
        {"language", HOW_SCRIPT, "/headline", NULL},
        {"category", HOW_KNOWN, NULL, "Met"},
        {"event", HOW_TEXT, "/eventType/name", NULL},
        {"responseType", HOW_EACH, "/responseTypes", NULL},
        {"urgency", HOW_TEXT, "/urgency", "Unknown"},
        {"severity", HOW_TEXT, "/severity", "Unknown"},
        {"certainty", HOW_TEXT, "/certainty", "Unknown"},
        {"eventCode", HOW_KNOWN, NULL, NULL},
        {"eventCode", HOW_PAIR, "/eventType/code", "QWeather"},
        {"effective", HOW_TIME, "/effectiveTime", NULL},
        {"onset", HOW_TIME, "/onsetTime", NULL},
        {"expires", HOW_TIME, "/expireTime", NULL},
        {"senderName", HOW_TEXT, "/senderName", NULL},
        {"headline", HOW_TEXT, "/headline", NULL},
        {"description", HOW_TEXT, "/description", NULL},
        {"instruction", HOW_TEXT, "/instruction", NULL},
        {"parameter", HOW_COLOUR, "/color/code", NULL},
        {0},
};

static const struct mapping_row qweather_warning[] = {
        {"identifier", HOW_TEXT, "/id", NULL},
        {"sender", HOW_FIXED, NULL, "qweather.com"},
        {"sent", HOW_TIME, "/pubTime", NULL},
        {"status", HOW_FIXED, NULL, "Actual"},
        {"msgType", HOW_WORD, "/status", "active=Alert update=Update cancel=Cancel"},
        {"scope", HOW_FIXED, NULL, "Public"},
        {"references", HOW_UPDATES, "/related", NULL},
        {0},
};

static const struct mapping_row qweather_warning_info[] = {
        {"language", HOW_SCRIPT, "/title", NULL},
        {"category", HOW_KNOWN, NULL, "Met"},
        {"event", HOW_TEXT, "/typeName", NULL},
        {"urgency", HOW_TEXT, "/urgency", "Unknown"},
        {"severity", HOW_TEXT, "/severity", "Unknown"},
        {"certainty", HOW_TEXT, "/certainty", "Unknown"},
        {"eventCode", HOW_KNOWN, NULL, NULL},
        {"eventCode", HOW_PAIR, "/type", "QWeather"},
        {"onset", HOW_TIME, "/startTime", NULL},
        {"expires", HOW_TIME, "/endTime", NULL},
        {"senderName", HOW_TEXT, "/sender", NULL},
        {"headline", HOW_TEXT, "/title", NULL},
        {"description", HOW_TEXT, "/text", NULL},
        {"parameter", HOW_COLOUR, "/severityColor", NULL},
        {0},
};

static const struct mapping_row cma_map[] = {
        {"identifier", HOW_TEXT, "/identifier", NULL},
        {"sender", HOW_FIXED, NULL, "data.cma.cn"},
        {"sent", HOW_FOR, "/effective", NULL},
        {"status", HOW_TEXT, "/status", "Actual"},
        {"msgType", HOW_FIXED, NULL, "Alert"},
        {"scope", HOW_FIXED, NULL, "Public"},
        {0},
};

static const struct mapping_row cma_map_info[] = {
        {"language", HOW_SCRIPT, "/headline", NULL},
        {"category", HOW_KNOWN, NULL, "Met"},
        {"event", HOW_TEXT, "/eventTypeCN", NULL},
        {"urgency", HOW_FIXED, NULL, "Unknown"},
        {"severity", HOW_LEVEL, "/severity", NULL},
        {"certainty", HOW_FIXED, NULL, "Unknown"},
        {"eventCode", HOW_KNOWN, NULL, NULL},
        {"effective", HOW_TIME, "/effective", NULL},
        {"expires", HOW_TIME, "/expires", NULL},
        {"senderName", HOW_TEXT, "/senderName", NULL},
        {"headline", HOW_TEXT, "/headline", NULL},
        {"description", HOW_TEXT, "/description", NULL},
        {"parameter", HOW_COLOUR, "/severity", NULL},
        {0},
};

static const struct mapping_row cma_map_area[] = {
        {"areaDesc", HOW_TEXT, "/areaName", NULL},
        {0},
};

static const struct mapping_row cma_station[] = {
        {"identifier", HOW_TEXT, "/id", NULL},
        {"sender", HOW_FIXED, NULL, "weather.cma.cn"},
        {"sent", HOW_FOR, "/effective", NULL},
        {"status", HOW_FIXED, NULL, "Actual"},
        {"msgType", HOW_FIXED, NULL, "Alert"},
        {"scope", HOW_FIXED, NULL, "Public"},
        {0},
};

static const struct mapping_row cma_station_info[] = {
        {"language", HOW_SCRIPT, "/title", NULL},
        {"category", HOW_KNOWN, NULL, "Met"},
        {"event", HOW_TEXT, "/signaltype", NULL},
        {"urgency", HOW_FIXED, NULL, "Unknown"},
        {"severity", HOW_LEVEL, "/severity", NULL},
        {"certainty", HOW_FIXED, NULL, "Unknown"},
        {"eventCode", HOW_PAIR, "/eventType", "GB/T 35561"},
        {"effective", HOW_TIME, "/effective", NULL},
        {"headline", HOW_TEXT, "/title", NULL},
        {"parameter", HOW_COLOUR, "/severity", NULL},
        {0},
};

static const struct mapping_row nmc[] = {
        {"identifier", HOW_TEXT, "/alertid", NULL},
        {"sender", HOW_FIXED, NULL, "nmc.cn"},
        {"sent", HOW_TIME, "/issuetime", NULL},
        {"status", HOW_FIXED, NULL, "Actual"},
        {"msgType", HOW_FIXED, NULL, "Alert"},
        {"scope", HOW_FIXED, NULL, "Public"},
        {0},
};

static const struct mapping_row nmc_info[] = {
        {"language", HOW_SCRIPT, "/title", NULL},
        {"category", HOW_KNOWN, NULL, "Met"},
        {"event", HOW_KNOWN, NULL, NULL},
        {"urgency", HOW_FIXED, NULL, "Unknown"},
        {"severity", HOW_LEVEL, NULL, NULL},
        {"certainty", HOW_FIXED, NULL, "Unknown"},
        {"eventCode", HOW_KNOWN, NULL, NULL},
        {"headline", HOW_TEXT, "/title", NULL},
        {"parameter", HOW_COLOUR, NULL, NULL},
        {0},
};

static const struct mapping_row no_area[] = {{0}};

const struct mapping mappings[] = {
        {"nws", "/features", "", "", "", "", nws_alert, nws_info, nws_area},
        {"qweather-alert", "/alerts", "", "/eventType/name", "/headline", "/description",
                qweather_alert, qweather_alert_info, no_area},
        {"qweather-warning", "/warning", "", "/typeName", "/title", "/text", qweather_warning,
                qweather_warning_info, no_area},
        {"cma-map", NULL, "+08:00", "/eventTypeCN", "/headline", "/description", cma_map,
                cma_map_info, cma_map_area},
        {"cma-station", NULL, "+08:00", "/signaltype", "/title", "", cma_station, cma_station_info,
                no_area},
        {"nmc", NULL, "+08:00", "", "/title", "", nmc, nmc_info, no_area},
        {0},
};
