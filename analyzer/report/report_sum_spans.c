#include "analyzer/report/report_sum_spans.h"

#include "analyzer/base/mem.h"
#include "analyzer/report/restore.h"

#include <stdlib.h>

void
report_sum_spans_fini(struct report_sum_spans *spans)
{
	mem_free(spans->items);
	*spans = (struct report_sum_spans){0};
}

/* An object with the times of its first and its last packet. */
static void
add(struct report_sum_spans *spans, const struct jsonvalue *from)
{
	struct sum_span span = {restore_time_ns(from, "first_us") / 1000,
		restore_time_ns(from, "last_us") / 1000};

	if (!jsonvalue_get(from, "first_us") || !jsonvalue_get(from, "last_us") ||
		span.last_us < span.first_us)
		return;
	if (spans->count == spans->room) {
		spans->room = spans->room ? 2 * spans->room : 16;
		spans->items = mem_grow(spans->items, spans->room * sizeof *spans->items);
	}
	spans->items[spans->count++] = span;
}

void
report_sum_spans_add(struct report_sum_spans *spans, struct jsonvalue *capture)
{
	const struct jsonvalue *list = jsonvalue_take(capture, "spans");

	jsonvalue_take(capture, "captured_us");
	if (!list || list->type != JSONVALUE_ARRAY) {
		add(spans, capture);
		return;
	}
	for (const struct jsonvalue *span = list->first; span; span = span->next)
		add(spans, span);
}

static int
by_time(const void *a, const void *b)
{
	const struct sum_span *x = a, *y = b;

	return (x->first_us > y->first_us) - (x->first_us < y->first_us);
}

void
report_sum_spans_unite(struct report_sum_spans *spans)
{
	struct sum_span *items = spans->items;
	size_t n = 0;

	if (spans->count)
		qsort(items, spans->count, sizeof *items, by_time);
	for (size_t i = 0; i < spans->count; i++) {
		if (!n || items[i].first_us > items[n - 1].last_us)
			items[n++] = items[i];
		else if (items[i].last_us > items[n - 1].last_us)
			items[n - 1].last_us = items[i].last_us;
	}
	spans->count = n;
}

int64_t
report_sum_spans_covered_us(const struct report_sum_spans *spans)
{
	int64_t covered_us = 0;

	for (size_t i = 0; i < spans->count; i++)
		covered_us += spans->items[i].last_us - spans->items[i].first_us;
	return covered_us;
}

void
report_sum_spans_write(const struct report_sum_spans *spans, struct json *json)
{
	if (spans->count < 2)
		return;
	json_put_int(json, "captured_us", report_sum_spans_covered_us(spans));
	json_key(json, "spans");
	json_array(json);
	for (size_t i = 0; i < spans->count; i++) {
		json_object_inline(json);
		json_put_int(json, "first_us", spans->items[i].first_us);
		json_put_int(json, "last_us", spans->items[i].last_us);
		json_end(json);
	}
	json_end(json);
}
