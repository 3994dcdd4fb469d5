/*
 * analyzer/report/report_sum.h - several reports as one: the parts that add up
 *
 * Works on report JSON (schema cachetap-report/1) as it was written, so that reports of
 * other machines and of other versions can be added.  What adds up:
 *
 * - integers, rates by their two integers and distributions by their buckets, of
 *   capture, ledger, http, metrics, more and quality;
 * - findings of one rule and kind about one subject: counts and octets are summed, the
 *   evidence is that of the first; fixes of one class, cause and name;
 * - rows of tables with the same key, medians by their histograms;
 * - sources and warnings are put together.
 *
 * Lists of the worst and shares of rows are told anew of the sum.  What does not add up
 * (counts of distinct things, options that differ) is left out, and quality.warnings says
 * so.  What one report could not know of the other, such as what a client held, is no
 * more known to the sum.
 *
 * Cost: linear but for the sorting of findings; memory is that of the reports.
 */
#ifndef ANALYZER_REPORT_REPORT_SUM_H
#define ANALYZER_REPORT_REPORT_SUM_H

#include "analyzer/base/err.h"
#include "analyzer/base/out.h"

struct report;
struct report_sum;

struct report_sum *report_sum_new(const char *version);
void report_sum_free(struct report_sum **sum);

/* -1 with EXIT_INPUT if the octets are no report; the sum is then as it was. */
int report_sum_add(
	struct report_sum *sum, struct slice octets, const char *path, struct err *err);

/* The sum of what was added, as report JSON; at least one must have been, and none may be
 * added any more. */
void report_sum_write(struct report_sum *sum, struct out *out);

/* The same without line breaks, and with so many rows of each list at most. */
void report_sum_compact(const struct report_sum *sum, struct out *out, size_t rows_max);

/* The same as a report that is printed like one of a run; valid as long as the sum. */
struct report *report_sum_report(struct report_sum *sum);

#endif
