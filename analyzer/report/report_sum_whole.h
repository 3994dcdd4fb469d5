/*
 * analyzer/report/report_sum_whole.h - a sum of reports as the report that it is
 *
 * What several reports tell together is put where a run would have put it, so that
 * everything that a report says can be said of a sum, in the same words: medians, slow
 * 304s, clocks, lifetimes to recommend, tags.
 */
#ifndef ANALYZER_REPORT_REPORT_SUM_WHOLE_H
#define ANALYZER_REPORT_REPORT_SUM_WHOLE_H

#include "analyzer/report/report.h"

struct report_sum_whole {
	struct report report;
	struct tally *tally;
	struct whatif *whatif;
	struct tags *tags;
};

void report_sum_whole_init(struct report_sum_whole *whole);
void report_sum_whole_fini(struct report_sum_whole *whole);

#endif
