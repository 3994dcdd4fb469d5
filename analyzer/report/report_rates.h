/*
 * analyzer/report/report_rates.h - the section "Rates" of the page, for -v
 *
 * Every rate with its two integers, and what every exchange came to.
 */
#ifndef ANALYZER_REPORT_REPORT_RATES_H
#define ANALYZER_REPORT_REPORT_RATES_H

#include "analyzer/report/page.h"
#include "analyzer/report/tally.h"

void report_rates_text(struct page *page, const struct tally *tally);

#endif
