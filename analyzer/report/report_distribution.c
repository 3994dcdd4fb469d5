#include "analyzer/report/report_distribution.h"

#include <stdio.h>

static const struct {
	const char *name;
	double share;
} percentiles[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}};

enum {
	PERCENTILES = sizeof percentiles / sizeof *percentiles
};

static void
put_buckets(struct json *json, const struct distribution *distribution)
{
	uint64_t *counts = mem_alloc(DISTRIBUTION_BUCKETS * sizeof *counts);

	distribution_spread(distribution, counts);
	json_key(json, "buckets");
	json_array_inline(json);
	for (unsigned i = 0; i < DISTRIBUTION_BUCKETS; i++) {
		if (!counts[i])
			continue;
		json_array_inline(json);
		json_uint(json, distribution_low(i));
		json_uint(json, counts[i]);
		json_end(json);
	}
	json_end(json);
	mem_free(counts);
}

void
report_distribution(struct json *json, const char *key,
	const struct distribution *distribution, const char *unit)
{
	if (!distribution->count)
		return;
	json_key(json, key);
	json_object_inline(json);
	json_put_uint(json, "count", distribution->count);
	for (unsigned i = 0; i < PERCENTILES; i++) {
		char name[16];

		snprintf(name, sizeof name, "%s%s", percentiles[i].name, unit);
		json_put_uint(
			json, name, distribution_at(distribution, percentiles[i].share));
	}
	put_buckets(json, distribution);
	json_end(json);
}

/* ---- sums ---- */

static bool
is_bucket(const struct jsonvalue *pair)
{
	const struct jsonvalue *low = pair->first, *count = low ? low->next : NULL;

	return pair->type == JSONVALUE_ARRAY && pair->count == 2 &&
	       low->type == JSONVALUE_INTEGER && count->type == JSONVALUE_INTEGER &&
	       low->integer >= 0 && count->integer > 0;
}

bool
report_distribution_is(const struct jsonvalue *value)
{
	const struct jsonvalue *buckets = jsonvalue_get(value, "buckets");
	const struct jsonvalue *count = jsonvalue_get(value, "count");
	const struct jsonvalue *pair;
	int64_t low = -1;

	if (!buckets || buckets->type != JSONVALUE_ARRAY || !count ||
		count->type != JSONVALUE_INTEGER)
		return false;
	for (pair = buckets->first; pair; pair = pair->next) {
		if (!is_bucket(pair) || pair->first->integer <= low)
			return false;
		low = pair->first->integer;
	}
	return true;
}

/* Both are in the order of their values. */
static void
merge_buckets(struct jsonvalue *into, struct jsonvalue *from)
{
	struct jsonvalue **at = &into->first, *pair;

	while ((pair = jsonvalue_shift(from))) {
		int64_t low = pair->first->integer;

		while (*at && (*at)->first->integer < low)
			at = &(*at)->next;
		if (*at && (*at)->first->integer == low) {
			struct jsonvalue *count = (*at)->first->next;

			count->integer = jsonvalue_sum(
				count->integer, pair->first->next->integer);
			continue;
		}
		pair->next = *at;
		*at = pair;
		into->count++;
	}
}

static void
renew(struct jsonvalue *whole)
{
	uint64_t *counts = mem_alloc(DISTRIBUTION_BUCKETS * sizeof *counts);
	const struct jsonvalue *pair = jsonvalue_get(whole, "buckets")->first;
	struct jsonvalue *member;
	uint64_t count = 0;

	for (; pair; pair = pair->next) {
		uint64_t n = (uint64_t)pair->first->next->integer;

		counts[distribution_bucket((uint64_t)pair->first->integer)] += n;
		count += n;
	}
	jsonvalue_get(whole, "count")->integer = (int64_t)count;
	for (member = whole->first; member; member = member->next)
		for (unsigned i = 0; i < PERCENTILES; i++) {
			const char *name = percentiles[i].name;

			if (slice_has_prefix(member->key, slice_of(name, strlen(name))))
				member->integer = (int64_t)distribution_spread_at(
					counts, count, percentiles[i].share);
		}
	mem_free(counts);
}

void
report_distribution_sum(struct jsonvalue *into, struct jsonvalue *from)
{
	merge_buckets(jsonvalue_get(into, "buckets"), jsonvalue_get(from, "buckets"));
	renew(into);
}
