/*
 * analyzer/report/report_slow.h - 304s that take as long as the whole answer
 *
 * An application that makes its answer, hashes it and then says 304 saves octets, but no
 * time and no work.  By URL pattern, of GETs, as the capture saw it: the median wait
 * of validated 304s is nine tenths of that of 200s or more, and long enough to be the
 * server's (below SLOW_MIN_US the network decides); SLOW_MIN of both are needed.
 */
#ifndef ANALYZER_REPORT_REPORT_SLOW_H
#define ANALYZER_REPORT_REPORT_SLOW_H

#include "analyzer/base/json.h"
#include "analyzer/report/page.h"
#include "analyzer/report/report.h"

enum {
	SLOW_MIN = 5,
	SLOW_MIN_US = 2000,
};

/* The rows, the most time first; to be freed. */
const struct toplist_row **report_slow_rows(const struct report *report, size_t *count);

uint64_t report_slow_median_us(const struct toplist_row *row, enum toplist_answer answer);

/* A member "slow_304" of the open object; the most time first. */
void report_slow_json(struct json *json, const struct report *report);

/* A section of the page; nothing if there are none. */
void report_slow_text(struct page *page, const struct report *report);

#endif
