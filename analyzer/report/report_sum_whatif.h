/*
 * analyzer/report/report_sum_whatif.h - what of simulations adds up
 *
 * Simulated caches of several reports are caches side by side: their counts add up and
 * their ratios are made anew.  Caches of different capacities are left out.
 */
#ifndef ANALYZER_REPORT_REPORT_SUM_WHATIF_H
#define ANALYZER_REPORT_REPORT_SUM_WHATIF_H

#include "analyzer/base/jsonread.h"

/* An object with the counts of a simulated cache and the ratios of them. */
bool report_sum_is_cache(const struct jsonvalue *value);

/* Makes its ratios those of its counts. */
void report_sum_renew_cache(struct jsonvalue *cache);

/* A number of octets that is not whole, but adds up. */
bool report_sum_is_prediction(const struct jsonvalue *value);
void report_sum_add_prediction(struct jsonvalue *into, const struct jsonvalue *from);

/*
 * Takes the caches with a capacity out of the sections `metrics` and `more` of a report;
 * true if there were any.
 */
bool report_sum_drop_capacities(struct jsonvalue *metrics, struct jsonvalue *more);

#endif
