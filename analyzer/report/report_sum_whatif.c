#include "analyzer/report/report_sum_whatif.h"

static const struct ratio {
	const char *name;
	const char *nums[2], *den;
} ratios[] = {
	{"request_hit_strict", {"fresh_hits", NULL}, "requests"},
	{"request_hit_lenient", {"fresh_hits", "validated_hits"}, "requests"},
	{"byte_hit", {"body_saved", NULL}, "body_total"},
};

enum {
	RATIOS = sizeof ratios / sizeof *ratios
};

static const struct jsonvalue *
get_count(const struct jsonvalue *cache, const char *key)
{
	const struct jsonvalue *count = jsonvalue_get(cache, key);

	return count && count->type == JSONVALUE_INTEGER ? count : NULL;
}

bool
report_sum_is_cache(const struct jsonvalue *value)
{
	static const char *const counts[] = {
		"requests", "fresh_hits", "validated_hits", "body_saved", "body_total"};

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		if (!get_count(value, counts[i]))
			return false;
	for (size_t i = 0; i < RATIOS; i++)
		if (!jsonvalue_get(value, ratios[i].name))
			return false;
	return true;
}

void
report_sum_renew_cache(struct jsonvalue *cache)
{
	for (size_t i = 0; i < RATIOS; i++) {
		struct jsonvalue *value = jsonvalue_get(cache, ratios[i].name);
		int64_t den = get_count(cache, ratios[i].den)->integer;
		int64_t num = get_count(cache, ratios[i].nums[0])->integer;

		if (ratios[i].nums[1])
			num = jsonvalue_sum(
				num, get_count(cache, ratios[i].nums[1])->integer);
		value->type = den ? JSONVALUE_REAL : JSONVALUE_NULL;
		value->real = den ? (double)num / (double)den : 0;
	}
}

bool
report_sum_is_prediction(const struct jsonvalue *value)
{
	return slice_eq(value->key, SLICE("lighthouse_wasted_octets")) &&
	       (value->type == JSONVALUE_REAL || value->type == JSONVALUE_INTEGER);
}

static double
real_of(const struct jsonvalue *value)
{
	return value->type == JSONVALUE_REAL ? value->real : (double)value->integer;
}

void
report_sum_add_prediction(struct jsonvalue *into, const struct jsonvalue *from)
{
	double sum = real_of(into) + real_of(from);

	into->type = JSONVALUE_REAL;
	into->real = sum < 1e300 ? sum : 1e300;
}

bool
report_sum_drop_capacities(struct jsonvalue *metrics, struct jsonvalue *more)
{
	struct jsonvalue *shared = jsonvalue_get(metrics, "shared");
	struct jsonvalue *curve = jsonvalue_get(more, "shared_curve");
	struct jsonvalue **at = curve ? &curve->first : NULL;
	bool any = shared && jsonvalue_take(shared, "lru");

	while (at && *at) {
		if (slice_eq((*at)->key, SLICE("infinite"))) {
			at = &(*at)->next;
			continue;
		}
		*at = (*at)->next;
		curve->count--;
		any = true;
	}
	return any;
}
