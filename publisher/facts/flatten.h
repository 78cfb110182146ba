/* SPDX-License-Identifier: Apache-2.0
 * flatten - CAP message -> flat view. Used by tocsind for what it renders and by the signer for
 * relays, so that both see the same thing.
 *
 * Our profile: parameter `kind` (terms.h), `colour` Red|Orange|Yellow|Blue for warnings,
 * `responseLevel` I..IV for responses; eventCode `GB/T 35561`; geocode `CPEAS Geographic Code`, 12
 * digits. Upstream: colour from the parameter colour or color in any case, else from severity; no
 * kind = warning; the event code under any name.
 */
#ifndef TOCSIN_FLATTEN_H
#define TOCSIN_FLATTEN_H

#include "area.h"
#include "cap.h"
#include "cap_china.h"
#include "catalog.h"
#include "view.h"

#define FLATTEN_EVENT_CODE CAP_CHINA_EVENT_CODE
#define FLATTEN_GEOCODE CAP_CHINA_GEOCODE

/* The facts a CAP message states about itself in our profile (or an upstream's: colour from the
 * parameter "colour"/"color", else from severity). Codes borrowed from nowhere: the caller's texts.
 */
struct cap_facts {
	enum kind kind;
	enum level level;
	char *hazard;       /* eventCode under GB/T 35561, or "" */
	struct texts areas; /* division codes from geocodes, 6 digits where the code is a whole
	                       division; of an area that is only drawn, those it touches */
	bool drawn;         /* some area is: its divisions are wider than what was meant */
	int64_t expires;    /* the latest info's; 0 = none */
	char *incident;     /* first of `incidents`, or "" */
};
void cap_facts_finish(struct cap_facts *facts);
/* false: something it states cannot be understood (unknown kind, two levels, two hazards, no info
 * at all, an area with neither code nor shape, a shape that leaves the outlines or its own codes).
 * *facts is only written to, and empty when false. NULL outlines: no shape can be read. */
bool cap_facts_read(const struct cap_alert *alert, const struct outlines *outlines,
        struct cap_facts *facts, struct err *err);
/* The same for what comes in, with the tables at hand: only codes in the table of event types
 * count, a message without one is known by its Chinese event name, and a shape beside codes is not
 * held against them yet. */
bool cap_facts_read_draft(const struct cap_alert *alert, const struct catalog *catalog,
        struct cap_facts *facts, struct err *err);
/* The same of a message whose areas were settled and recorded before: other outlines change nothing
 * about it. */
bool cap_facts_read_settled(const struct cap_alert *alert, const struct texts *areas,
        struct cap_facts *facts, struct err *err);
bool flatten_area_is_drawn(const struct cap_area *area); /* a shape and no division code */
bool flatten_is_drawn(const struct cap_alert *alert);    /* some area is */
/* Adds the codes of the areas that have some: without the divisions of what is only drawn. */
bool flatten_named_divisions(const struct cap_alert *alert, struct texts *codes, struct err *err);

/* verb, mode and chain are not in the CAP; public_url ("https://host/warnings", or "") makes `web`:
 * public_url/<text_file_name(identifier)>.html. *view comes zeroed or from view_init(); what it
 * held goes. */
void flatten(const struct cap_alert *alert, const struct cap_facts *facts, enum verb verb,
        enum mode mode, const char *chain, const char *replaces, const char *public_url,
        struct view *view);

/* CAP's sender: the unit's code; in a drill "exercise.CODE", so that no receiver takes the one for
 * the other. The caller's. */
char *flatten_sender(const char *code, enum mode mode);

#endif
