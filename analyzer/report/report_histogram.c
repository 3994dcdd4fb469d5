#include "analyzer/report/report_histogram.h"

/* Microseconds that fit as nanoseconds. */
#define VALUE_MAX (INT64_MAX / 4000)

static void
put_cell(struct json *json, int64_t low, uint64_t count)
{
	json_array_inline(json);
	json_int(json, low);
	json_uint(json, count);
	json_end(json);
}

void
report_histogram_json(struct json *json, const char *key,
	const struct histogram *histogram, const struct histogram *below)
{
	if (!histogram->count && (!below || !below->count))
		return;
	json_key(json, key);
	json_array_inline(json);
	for (unsigned i = below ? below->used : 0; i--;)
		if (histogram_in(below, i))
			put_cell(json, -(int64_t)histogram_low(below, i),
				histogram_in(below, i));
	for (unsigned i = 0; i < histogram->used; i++)
		if (histogram_in(histogram, i))
			put_cell(json, (int64_t)histogram_low(histogram, i),
				histogram_in(histogram, i));
	json_end(json);
}

static bool
is_cell(const struct jsonvalue *cell, bool may_be_negative)
{
	const struct jsonvalue *low = cell->first, *count = low ? low->next : NULL;

	return cell->type == JSONVALUE_ARRAY && cell->count == 2 &&
	       low->type == JSONVALUE_INTEGER && count->type == JSONVALUE_INTEGER &&
	       low->integer < VALUE_MAX && low->integer > -VALUE_MAX &&
	       (low->integer >= 0 || may_be_negative) && count->integer > 0;
}

bool
report_histogram_is(const struct jsonvalue *value, bool may_be_negative)
{
	if (!value)
		return true;
	if (value->type != JSONVALUE_ARRAY)
		return false;
	for (const struct jsonvalue *cell = value->first; cell; cell = cell->next)
		if (!is_cell(cell, may_be_negative))
			return false;
	return true;
}

void
report_histogram_add(const struct jsonvalue *value, struct histogram *histogram,
	struct histogram *below)
{
	const struct jsonvalue *cell = value ? value->first : NULL;

	for (; cell; cell = cell->next) {
		int64_t low = cell->first->integer;
		uint64_t count = (uint64_t)cell->first->next->integer;

		if (low < 0)
			histogram_put(below, (uint64_t)-low, count);
		else
			histogram_put(histogram, (uint64_t)low, count);
	}
}
