/*
 * analyzer/report/report_sum_derived.h - members that are told of sums, never added
 *
 * Lists of the worst, shares of rows, what is recommended: each is said anew of what was
 * added up, by what says it of a run.
 */
#ifndef ANALYZER_REPORT_REPORT_SUM_DERIVED_H
#define ANALYZER_REPORT_REPORT_SUM_DERIVED_H

#include "analyzer/base/json.h"
#include "analyzer/report/report_sum_whole.h"

enum sum_derived {
	DERIVED_NONE,
	DERIVED_URLS_BELOW_90,
	DERIVED_SLOW_304,
	DERIVED_CLOCKS,
	DERIVED_LIFETIMES,
	DERIVED_PATTERNS,
	DERIVED_TAGS,
	DERIVED_DISTINCT,
};

/* What a member of that name is. */
enum sum_derived report_sum_derived(struct slice key);

/* Of lists, so many rows at most. */
void report_sum_derived_write(struct json *json, enum sum_derived which,
	const struct report_sum_whole *whole, size_t rows_max);

#endif
