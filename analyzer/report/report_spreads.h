/*
 * analyzer/report/report_spreads.h - the spreads in JSON
 *
 * Every class is written, empty ones too: a sum of reports keeps their order.
 */
#ifndef ANALYZER_REPORT_REPORT_SPREADS_H
#define ANALYZER_REPORT_REPORT_SPREADS_H

#include "analyzer/base/json.h"
#include "analyzer/report/spreads.h"

/* The member "distributions". */
void report_spreads_json(struct json *json, const struct spreads *spreads);

/* The member "gaps", which depends on times. */
void report_gaps_json(struct json *json, const struct spreads *spreads);

#endif
