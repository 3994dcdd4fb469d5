/*
 * analyzer/report/report_whatif.h - how the simulations are told
 */
#ifndef ANALYZER_REPORT_REPORT_WHATIF_H
#define ANALYZER_REPORT_REPORT_WHATIF_H

#include "analyzer/base/json.h"
#include "analyzer/report/page.h"
#include "analyzer/report/report.h"

/* Members of the open object `metrics`: comparables, ttl_ladder, shared. */
void report_whatif_metrics(struct json *json, const struct report *report);

/* Members of the open object `more`. */
void report_whatif_more(struct json *json, const struct report *report);

void report_whatif_text(struct page *page, const struct report *report);

#endif
