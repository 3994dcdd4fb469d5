/*
 * analyzer/report/report_sum_spans.h - the times that the reports of a sum cover
 *
 * From the first to the last packet of a sum there may be hours that nobody captured:
 * how long there was traffic is the length of all spans together, each instant once,
 * however many captures have it.  A sum that was read has its spans, so that sums of
 * sums tell the same.
 */
#ifndef ANALYZER_REPORT_REPORT_SUM_SPANS_H
#define ANALYZER_REPORT_REPORT_SUM_SPANS_H

#include "analyzer/base/json.h"
#include "analyzer/base/jsonread.h"

struct sum_span {
	int64_t first_us, last_us;
};

struct report_sum_spans {
	struct sum_span *items;
	size_t count, room;
};

void report_sum_spans_fini(struct report_sum_spans *spans);

/* The section of a report, with its spans or as one; takes them out of it. */
void report_sum_spans_add(struct report_sum_spans *spans, struct jsonvalue *capture);

/* In their order, none touching another. */
void report_sum_spans_unite(struct report_sum_spans *spans);

int64_t report_sum_spans_covered_us(const struct report_sum_spans *spans);

/* "captured_us" and "spans"; nothing if there is one at most. */
void report_sum_spans_write(const struct report_sum_spans *spans, struct json *json);

#endif
