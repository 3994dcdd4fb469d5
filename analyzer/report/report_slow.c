#include "analyzer/report/report_slow.h"

#include "analyzer/base/text.h"

#include <stdlib.h>

enum {
	SHOWN = 5,
	TOLD = 1000, /* in the JSON */
	COUNT_COLUMNS = 8,
	WAIT_COLUMNS = 10,
	LABEL_COLUMNS = PAGE_COLUMNS - PAGE_INDENT - 2 * COUNT_COLUMNS - 2 * WAIT_COLUMNS,
};

uint64_t
report_slow_median_us(const struct toplist_row *row, enum toplist_answer answer)
{
	return histogram_at(&row->waits[answer], 0.5);
}

static bool
is_slow(const struct toplist_row *row)
{
	return row->waits[ANSWER_304].count >= SLOW_MIN &&
	       row->waits[ANSWER_200].count >= SLOW_MIN &&
	       report_slow_median_us(row, ANSWER_304) >= SLOW_MIN_US &&
	       10 * report_slow_median_us(row, ANSWER_304) >=
		       9 * report_slow_median_us(row, ANSWER_200);
}

static uint64_t
time_us(const struct toplist_row *row)
{
	return row->waits[ANSWER_304].count * report_slow_median_us(row, ANSWER_304);
}

static int
by_time(const void *a, const void *b)
{
	const struct toplist_row *x = *(const struct toplist_row *const *)a;
	const struct toplist_row *y = *(const struct toplist_row *const *)b;

	if (time_us(x) != time_us(y))
		return time_us(x) > time_us(y) ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

const struct toplist_row **
report_slow_rows(const struct report *report, size_t *count)
{
	const struct toplist *urls = &report->tally->tables.lists[LIST_URL];
	const struct toplist_row **rows = mem_alloc((urls->count + 1) * sizeof *rows);

	*count = 0;
	for (size_t i = 0; i < urls->count; i++)
		if (is_slow(&urls->rows[i]))
			rows[(*count)++] = &urls->rows[i];
	qsort(rows, *count, sizeof *rows, by_time);
	return rows;
}

void
report_slow_json(struct json *json, const struct report *report)
{
	size_t count;
	const struct toplist_row **rows = report_slow_rows(report, &count);

	json_key(json, "slow_304");
	json_array(json);
	for (size_t i = 0; i < count && i < TOLD; i++) {
		json_object_inline(json);
		json_put_octets(json, "key", rows[i]->label);
		json_put_uint(json, "count_304", rows[i]->waits[ANSWER_304].count);
		json_put_uint(
			json, "p50_304_us", report_slow_median_us(rows[i], ANSWER_304));
		json_put_uint(json, "count_200", rows[i]->waits[ANSWER_200].count);
		json_put_uint(
			json, "p50_200_us", report_slow_median_us(rows[i], ANSWER_200));
		json_end(json);
	}
	json_end(json);
	mem_free(rows);
}

static void
show_row(struct page *page, const struct toplist_row *row)
{
	page_spaces(page, PAGE_INDENT);
	page_left(page, row->label, page_stretch(page, LABEL_COLUMNS));
	for (enum toplist_answer i = 0; i < ANSWER_COUNT; i++) {
		page_right(page, text_count(row->waits[i].count).s, COUNT_COLUMNS);
		page_right(page,
			text_duration((int64_t)report_slow_median_us(row, i) * 1000).s,
			WAIT_COLUMNS);
	}
	out_octet(page->out, '\n');
}

void
report_slow_text(struct page *page, const struct report *report)
{
	size_t count, want = report->top ? report->top : SHOWN;
	const struct toplist_row **rows = report_slow_rows(report, &count);

	if (count)
		page_heading(page, "304s that take as long as the answer",
			"304s    median    200s    median");
	for (size_t i = 0; i < count && i < want; i++)
		show_row(page, rows[i]);
	if (want < count)
		out_format(page->out, "  … %s more: --top %zu\n",
			text_count(count - want).s, count);
	mem_free(rows);
}
