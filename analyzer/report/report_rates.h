/*
 * analyzer/report/report_rates.h - the section "Rates" of the page, for -v
 *
 * Every rate with its two integers, and what every exchange came to.
 */
#ifndef ANALYZER_REPORT_REPORT_RATES_H
#define ANALYZER_REPORT_REPORT_RATES_H

#include "analyzer/report/page.h"
#include "analyzer/report/tally.h"

/* Each rate, each outcome and each wait of the section, for other forms of it. */
typedef void report_rate_put(void *context, const char *name, struct rate rate);
void report_rates_each(const struct tally *tally, report_rate_put *put, void *context);
void report_outcomes_each(const struct tally *tally, report_rate_put *put, void *context);

typedef void report_waits_put(
	void *context, const char *name, const struct distribution *waits);
void report_waits_each(const struct tally *tally, report_waits_put *put, void *context);

void report_rates_text(struct page *page, const struct tally *tally);

#endif
