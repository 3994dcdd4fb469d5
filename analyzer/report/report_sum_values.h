/*
 * analyzer/report/report_sum_values.h - numbers of reports, added member by member
 *
 * Integers, rates by their two integers, distributions by their buckets, simulated
 * caches side by side; what is true of one is true of the sum.  What does not add up is
 * taken out before, and told.
 */
#ifndef ANALYZER_REPORT_REPORT_SUM_VALUES_H
#define ANALYZER_REPORT_REPORT_SUM_VALUES_H

#include "analyzer/base/jsonread.h"

/* What was left out: the path to its object, and its name. */
typedef void report_sum_left_out(void *context, const char *path, struct slice key);

/* Takes out what does not add up; what is told anew keeps its place only. */
void report_sum_values_prune(struct jsonvalue *object, const char *path,
	report_sum_left_out *left_out, void *context);

/* What was null becomes the other; `from` is used up. */
void report_sum_values_add(struct jsonvalue *into, struct jsonvalue *from);

#endif
