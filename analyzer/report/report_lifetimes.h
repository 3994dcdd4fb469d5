/*
 * analyzer/report/report_lifetimes.h - lifetimes that can be recommended, by URL pattern
 *
 * What ladder_advise() lets through, the most octets first.  Nothing is recommended that
 * could hurt: see docs/METRICS.md.
 */
#ifndef ANALYZER_REPORT_REPORT_LIFETIMES_H
#define ANALYZER_REPORT_REPORT_LIFETIMES_H

#include "analyzer/base/json.h"
#include "analyzer/report/page.h"
#include "analyzer/report/report.h"

/* A member "lifetimes" of the open object. */
void report_lifetimes_json(
	struct json *json, const struct report *report, size_t rows_max);

/* A section of the page; nothing if there is nothing to recommend. */
void report_lifetimes_text(struct page *page, const struct report *report);

/* A lifetime that can be recommended, of a pattern of URLs. */
struct lifetime {
	const struct ladder_pattern *pattern;
	struct ladder_advice advice;
};

/* All of them, the best first; `count` of them, to be freed. */
struct lifetime *report_lifetimes(const struct report *report, size_t *count);

/* "≥ max-age=300". */
struct text report_lifetime_field(const struct ladder_advice *advice);

#endif
