/*
 * analyzer/report/report_metrics.h - the members "metrics" and "more" of a report
 *
 * The names and the shape of "metrics" are fixed; numbers without a name there
 * are in "more".  A number that is not counted is left out, never zero.
 */
#ifndef ANALYZER_REPORT_REPORT_METRICS_H
#define ANALYZER_REPORT_REPORT_METRICS_H

#include "analyzer/base/json.h"
#include "analyzer/report/report.h"

void report_rate(struct json *json, const char *key, struct rate rate);

/* Of "quality": how pairs are known, and what a rate may be for that. */
void report_pairs(struct json *json, const struct doubts *doubts);
void report_interval(struct json *json, enum interval_of which, struct rate rate,
	const struct doubts *doubts);

void report_metrics(struct json *json, const struct report *report);
void report_more(struct json *json, const struct report *report, size_t rows_max);

#endif
