/*
 * analyzer/report/report_sum_whole.h - a sum of reports as the report that it is
 *
 * What several reports tell together is put where a run would have put it, so that
 * everything that a report says can be said of a sum, in the same words.
 */
#ifndef ANALYZER_REPORT_REPORT_SUM_WHOLE_H
#define ANALYZER_REPORT_REPORT_SUM_WHOLE_H

#include "analyzer/base/jsonread.h"
#include "analyzer/report/report.h"

struct report_sum_whole {
	struct report report;
	struct arena arena; /* texts */
	struct counters counters;
	struct clients_summary clients;
	struct hops_summary hops;
	struct tally *tally;
	struct whatif *whatif;
	struct tags *tags;
	struct rules *rules;
	size_t sentence_room;
};

void report_sum_whole_init(struct report_sum_whole *whole, const char *version);
void report_sum_whole_fini(struct report_sum_whole *whole);

/* Files and options of the JSON; a warning. */
void report_sum_whole_sources(
	struct report_sum_whole *whole, const struct jsonvalue *sources);
void report_sum_whole_options(
	struct report_sum_whole *whole, const struct jsonvalue *options);
void report_sum_whole_say(struct report_sum_whole *whole, struct slice sentence);

#endif
