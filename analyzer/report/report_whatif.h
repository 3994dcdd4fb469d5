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

/* "room for everything", "LRU of 64.0 MB". */
struct text report_cache_name(const struct sharedcache_numbers *n);

/*
 * How many rungs of the ladder are worth telling, and what they are called: a lifetime
 * longer than the capture differs in nothing from the next one.
 */
unsigned report_rungs(const struct report *report);
struct text report_rung_name(const struct report *report, unsigned rung);

#endif
