/* SPDX-License-Identifier: Apache-2.0
 * store_case - what belongs to one case: the bulletins of a chain and of an incident with the words
 * staged for them, and what came in for them. Reads only.
 */
#include "store_db.h"

#include <stdlib.h>

bool store_list_case(struct store *store, const char *bulletin, struct texts *ids, struct err *err)
{
	struct query q;
	char id[32];

	query_begin(&q, store,
	        "WITH one AS (SELECT row, chain, incident FROM bulletin WHERE row = ?),"
	        " mine AS (SELECT b.row FROM bulletin b, one WHERE b.row = one.row"
	        " OR (one.chain <> '' AND b.chain = one.chain)"
	        " OR (one.incident <> '' AND b.incident = one.incident))"
	        " SELECT row FROM mine UNION"
	        " SELECT s.row FROM bulletin s, mine WHERE s.parent = 'b' || mine.row ORDER BY row",
	        err);
	query_int(&q, bulletin_row(bulletin));
	while (query_row(&q)) {
		sqlite3_snprintf((int)sizeof id, id, "b%lld", (long long)query_get_int(&q));
		texts_add(ids, id);
	}
	if (!query_end(&q))
		return false;
	return ids->count || store_no_bulletin(bulletin, err);
}

bool store_list_inputs(struct store *store, const char *bulletin, json_t *list, struct err *err)
{
	struct query q;

	query_begin(&q, store,
	        "SELECT id, at, way, outcome, size FROM intake WHERE outcome = 'draft ' || ?"
	        " ORDER BY id",
	        err);
	query_text(&q, bulletin);
	while (query_row(&q)) {
		json_t *one = json_object();
		json_object_set_new(one, "id", json_integer(query_get_int(&q)));
		json_object_set_new(one, "at", json_integer(query_get_int(&q)));
		json_object_set_new(one, "way", json_string(query_peek_text(&q)));
		json_object_set_new(one, "outcome", json_string(query_peek_text(&q)));
		json_object_set_new(one, "size", json_integer(query_get_int(&q)));
		json_array_append_new(list, one);
	}
	return query_end(&q);
}
