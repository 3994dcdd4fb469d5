/*
 * analyzer/report/report_sum_tables.h - the tables of several reports as one each
 *
 * Rows of one key are added; of a table over time the buckets are joined to the widest of
 * all reports, and further until TIMETABLE_ROWS of them are enough, so that the order of
 * the reports does not matter.  The median wait of a row does not add up and is left out.
 *
 * What a report folded may belong to any key: a row that it does not have may lack as
 * much as the `error` of its row of others.
 *
 * Lifetime: borrows the texts of the values.
 */
#ifndef ANALYZER_REPORT_REPORT_SUM_TABLES_H
#define ANALYZER_REPORT_REPORT_SUM_TABLES_H

#include "analyzer/base/jsonread.h"

enum {
	SUM_TABLES = 12
};

struct sum_row;

struct report_sum_tables {
	struct sum_table {
		struct sum_row *rows;
		size_t count, room;
		int64_t bound; /* of all rows of others */
	} tables[SUM_TABLES];
};

void report_sum_tables_fini(struct report_sum_tables *sum);

/* Whether it is made of tables, so that adding it cannot fail.  `tables` may be NULL. */
bool report_sum_tables_valid(const struct jsonvalue *tables);
void report_sum_tables_add(struct report_sum_tables *sum, const struct jsonvalue *tables);

/* The member "tables". */
void report_sum_tables_write(struct report_sum_tables *sum, struct json *json);

#endif
