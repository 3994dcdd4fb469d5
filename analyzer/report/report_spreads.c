#include "analyzer/report/report_spreads.h"

#include "analyzer/report/report_distribution.h"
#include "analyzer/report/report_metrics.h"

static void
put_spans(struct json *json, const char *key, const uint64_t spans[SPAN_COUNT])
{
	json_key(json, key);
	json_object_inline(json);
	for (enum spread_span span = 0; span < SPAN_COUNT; span++)
		json_put_uint(json, spreads_span_name(span), spans[span]);
	json_end(json);
}

static void
put_lifetimes(struct json *json, const struct spreads *spreads)
{
	json_key(json, "lifetime");
	json_object_inline(json);
	for (enum spread_lifetime lifetime = 0; lifetime < LIFETIME_COUNT; lifetime++)
		json_put_uint(json, spreads_lifetime_name(lifetime),
			spreads->lifetimes[lifetime]);
	json_end(json);
}

static void
put_sizes(struct json *json, const struct spreads *spreads)
{
	json_key(json, "object_size");
	json_object_inline(json);
	for (unsigned i = 0; i < SPREAD_SIZES; i++)
		json_put_uint(json, spreads_size_name(i), spreads->sizes[i]);
	json_end(json);
	report_distribution(json, "object_octets", &spreads->size, "");
}

void
report_spreads_json(struct json *json, const struct spreads *spreads)
{
	json_key(json, "distributions");
	json_object(json);
	put_lifetimes(json, spreads);
	put_spans(json, "age", spreads->ages);
	put_spans(json, "since_modified", spreads->since_modified);
	report_rate(json, "lifetime_below_since_modified", spreads->short_lifetimes);
	put_sizes(json, spreads);
	json_end(json);
}

void
report_gaps_json(struct json *json, const struct spreads *spreads)
{
	json_key(json, "gaps");
	json_object(json);
	put_spans(json, "unchanged", spreads->gaps[REPEAT_UNCHANGED]);
	put_spans(json, "changed", spreads->gaps[REPEAT_CHANGED]);
	json_end(json);
}
