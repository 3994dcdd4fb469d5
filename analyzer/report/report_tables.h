/*
 * analyzer/report/report_tables.h - the tables, in JSON and on the page
 *
 * A row of JSON is one line.  Rows that were folded, and those beyond
 * TABLES_ROWS or `rows_max`, are a
 * last row with "others", their number.
 */
#ifndef ANALYZER_REPORT_REPORT_TABLES_H
#define ANALYZER_REPORT_REPORT_TABLES_H

#include "analyzer/base/json.h"
#include "analyzer/report/page.h"
#include "analyzer/report/report.h"

void report_tables_json(struct json *json, const struct tables *tables, size_t rows_max);

/* The URLs with the most waste; the hosts and servers, where there are several. */
void report_tables_text(struct page *page, const struct report *report);

#endif
