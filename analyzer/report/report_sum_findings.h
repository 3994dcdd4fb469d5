/*
 * analyzer/report/report_sum_findings.h - the findings of several reports, united
 *
 * Findings of one rule and kind about one subject become one: counts and octets are
 * summed, the worst severity and the best confidence hold, the first one is the proof.
 * Private to report_sum.c.
 */
#ifndef ANALYZER_REPORT_REPORT_SUM_FINDINGS_H
#define ANALYZER_REPORT_REPORT_SUM_FINDINGS_H

#include "analyzer/base/jsonread.h"

struct report_sum_findings {
	struct jsonvalue **items;
	size_t count, room;
};

void report_sum_findings_fini(struct report_sum_findings *findings);

/* Whether an array is one of findings. */
bool report_sum_findings_valid(const struct jsonvalue *array);

/* Borrows the items of a valid array. */
void report_sum_findings_add(
	struct report_sum_findings *findings, const struct jsonvalue *array);

/* Unites them, in the order of a report. */
void report_sum_findings_unite(struct report_sum_findings *findings);

/* Then: the member "findings", the first of them. */
void report_sum_findings_write(
	const struct report_sum_findings *findings, struct json *json, size_t rows_max);

#endif
