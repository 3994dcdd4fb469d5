#include "analyzer/report/report_lifetimes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	LOOKED_AT = 1024, /* patterns with the most to avoid */
	TOLD = 100,
	SHOWN = 3,
	LIFETIME_COLUMNS = 20,
	AVOIDED_COLUMNS = 10,
	OCTETS_COLUMNS = 9,
	STALE_COLUMNS = 9,
	PATTERN_COLUMNS = PAGE_COLUMNS - PAGE_INDENT - LIFETIME_COLUMNS -
			  AVOIDED_COLUMNS - OCTETS_COLUMNS - STALE_COLUMNS,
};

static int
by_octets(const void *a, const void *b)
{
	const struct lifetime *x = a, *y = b;
	uint64_t left = x->advice.rung.avoided_octets,
		 right = y->advice.rung.avoided_octets;
	int order;

	if (left != right)
		return left > right ? -1 : 1;
	order = slice_order(x->pattern->host, y->pattern->host);
	return order ? order : slice_order(x->pattern->pattern, y->pattern->pattern);
}

struct lifetime *
report_lifetimes(const struct report *report, size_t *count)
{
	const struct ladder_pattern **rows = mem_alloc(LOOKED_AT * sizeof *rows);
	size_t n = ladder_patterns(whatif_ladder(report->whatif), rows, LOOKED_AT);
	struct lifetime *found = mem_alloc((n + 1) * sizeof *found);

	*count = 0;
	for (size_t i = 0; i < n; i++) {
		found[*count].pattern = rows[i];
		*count += ladder_advise(rows[i], report->thresholds.of[THRESHOLD_STALE],
			&found[*count].advice);
	}
	mem_free(rows);
	if (*count)
		qsort(found, *count, sizeof *found, by_octets);
	return found;
}

static void
put_lifetime(struct json *json, const struct lifetime *lifetime)
{
	const struct ladder_pattern *pattern = lifetime->pattern;
	const struct ladder_advice *advice = &lifetime->advice;

	json_object(json);
	json_put_octets(json, "host", pattern->host);
	json_put_octets(json, "pattern", pattern->pattern);
	json_put_int(json, "lifetime_s", advice->ttl_s);
	json_put_bool(json, "at_least", advice->is_capture_bound);
	json_key(json, "given_s");
	if (pattern->lifetime_s < 0)
		json_null(json);
	else
		json_int(json, pattern->lifetime_s);
	json_put_uint(json, "exchanges", pattern->exchanges);
	json_put_uint(json, "avoided", advice->rung.avoided);
	json_put_uint(json, "avoided_octets", advice->rung.avoided_octets);
	json_put_uint(json, "stale", advice->rung.stale);
	json_put_uint(json, "unknown", advice->rung.unknown);
	json_end(json);
}

void
report_lifetimes_json(struct json *json, const struct report *report, size_t rows_max)
{
	size_t count;
	struct lifetime *found = report_lifetimes(report, &count);

	json_key(json, "lifetimes");
	json_array(json);
	for (size_t i = 0; i < count && i < TOLD && i < rows_max; i++)
		put_lifetime(json, &found[i]);
	json_end(json);
	mem_free(found);
}

static void
show_pattern(struct page *page, const struct ladder_pattern *pattern)
{
	struct out name;

	out_init_memory(&name);
	out_slice(&name, pattern->host);
	out_slice(&name, pattern->pattern);
	page_spaces(page, PAGE_INDENT);
	page_left(page, out_contents(&name), page_stretch(page, PATTERN_COLUMNS));
	out_fini(&name);
}

struct text
report_lifetime_field(const struct ladder_advice *advice)
{
	struct text text;

	snprintf(text.s, sizeof text.s, "%smax-age=%" PRId64,
		advice->is_capture_bound ? "≥ " : "", advice->ttl_s);
	return text;
}

static void
show_lifetime(struct page *page, const struct lifetime *lifetime)
{
	const struct ladder_advice *advice = &lifetime->advice;
	show_pattern(page, lifetime->pattern);
	page_right(page, report_lifetime_field(advice).s, LIFETIME_COLUMNS);
	page_right(page, text_count(advice->rung.avoided).s, AVOIDED_COLUMNS);
	page_right(page, text_bytes(advice->rung.avoided_octets).s, OCTETS_COLUMNS);
	page_right(page, text_count(advice->rung.stale).s, STALE_COLUMNS);
	out_octet(page->out, '\n');
}

void
report_lifetimes_text(struct page *page, const struct report *report)
{
	size_t count;
	struct lifetime *found = report_lifetimes(report, &count);
	size_t shown = report->verbose || count < SHOWN ? count : SHOWN;

	if (count)
		page_heading(page, "Lifetimes that would have done no harm",
			"Cache-Control   avoided   octets    stale");
	for (size_t i = 0; i < shown; i++)
		show_lifetime(page, &found[i]);
	if (shown < count)
		out_format(page->out, "  … %zu more: add -v\n", count - shown);
	mem_free(found);
}
