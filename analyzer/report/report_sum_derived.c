#include "analyzer/report/report_sum_derived.h"

#include "analyzer/report/report_clocks.h"
#include "analyzer/report/report_lifetimes.h"
#include "analyzer/report/report_metrics.h"
#include "analyzer/report/report_patterns.h"
#include "analyzer/report/report_slow.h"
#include "analyzer/report/report_tags.h"

enum sum_derived
report_sum_derived(struct slice key)
{
	static const struct slice names[] = {
		[DERIVED_URLS_BELOW_90] = SLICE_INIT("urls_below_90"),
		[DERIVED_SLOW_304] = SLICE_INIT("slow_304"),
		[DERIVED_CLOCKS] = SLICE_INIT("clocks"),
		[DERIVED_LIFETIMES] = SLICE_INIT("lifetimes"),
		[DERIVED_PATTERNS] = SLICE_INIT("patterns"),
		[DERIVED_TAGS] = SLICE_INIT("tags"),
		[DERIVED_DISTINCT] = SLICE_INIT("distinct"),
	};

	for (enum sum_derived i = DERIVED_NONE + 1; i <= DERIVED_DISTINCT; i++)
		if (slice_eq(key, names[i]))
			return i;
	return DERIVED_NONE;
}

/* Clients have a row each, unless rows were given up. */
static void
put_distinct(struct json *json, const struct tables *tables)
{
	const struct toplist *clients = &tables->lists[LIST_CLIENT];

	json_key(json, "distinct");
	json_object(json);
	json_key(json, "clients");
	json_object_inline(json);
	json_put_uint(json, "count", clients->count);
	json_put_bool(json, "exact", !clients->folded);
	json_end(json);
	json_end(json);
}

void
report_sum_derived_write(struct json *json, enum sum_derived which,
	const struct report_sum_whole *whole, size_t rows_max)
{
	const struct report *report = &whole->report;

	switch (which) {
	case DERIVED_URLS_BELOW_90:
		report_rate(json, "urls_below_90", tally_below_goal(whole->tally));
		break;
	case DERIVED_SLOW_304:
		report_slow_json(json, report);
		break;
	case DERIVED_CLOCKS:
		report_clocks_json(json, report);
		break;
	case DERIVED_LIFETIMES:
		report_lifetimes_json(json, report, rows_max);
		break;
	case DERIVED_PATTERNS:
		report_patterns_json(json, whatif_ladder(whole->whatif), rows_max);
		break;
	case DERIVED_TAGS:
		report_tags_json(json, report, rows_max);
		break;
	case DERIVED_DISTINCT:
		put_distinct(json, &whole->tally->tables);
		break;
	case DERIVED_NONE:
		break;
	}
}
