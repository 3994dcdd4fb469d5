/*
 * analyzer/export/csv.h - tables of a report for spreadsheets (-T csv)
 *
 * RFC 4180: a header row, CRLF, quotes where there is a comma, a quote or a line's end.
 * Strings of the wire are made safe as for a terminal, and a cell that a spreadsheet
 * would take for a formula (it begins with = + - @, a tab or a CR) gets an apostrophe
 * in front.  JSON is for turning back, CSV is for looking at.
 *
 * Rates are two columns, NAME_num and NAME_den.  What is unknown is an empty cell.
 */
#ifndef ANALYZER_EXPORT_CSV_H
#define ANALYZER_EXPORT_CSV_H

#include "analyzer/base/jsonread.h"

enum {
	CSV_SUMMARY = 0 /* the numbers of measure.def; the first table */
};

/* NULL behind the last one. */
const char *csv_table_name(size_t table);

void csv_write(struct out *out, const struct jsonvalue *report, size_t table);

/* One cell of text, as above. */
void csv_text(struct out *out, struct slice text);

#endif
