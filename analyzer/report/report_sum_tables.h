/*
 * analyzer/report/report_sum_tables.h - the tables of several reports as one each
 *
 * Rows of one key are added; of a table over time the buckets are joined to the widest of
 * all reports, and further until TIMETABLE_ROWS of them are enough, so that the order of
 * the reports does not matter.  The median wait of a row is that of the histograms
 * added; it is left out where a version did not tell them.
 *
 * What a report folded may belong to any key: a row that it does not have may lack as
 * much as the `error` of its row of others.
 *
 * Lifetime: borrows the texts of the values.
 */
#ifndef ANALYZER_REPORT_REPORT_SUM_TABLES_H
#define ANALYZER_REPORT_REPORT_SUM_TABLES_H

#include "analyzer/base/jsonread.h"
#include "analyzer/report/tables.h"

enum { /* in the order of a report */
	SUM_OF_TIME = LIST_COUNT,
	SUM_OF_CLASS,
	SUM_OF_KIND,
	SUM_TABLES = SUM_OF_KIND + KIND_COUNT
};

enum sum_count {
	SUM_EXCHANGES,
	SUM_OCTETS,
	SUM_SAVED,
	SUM_T1,
	SUM_T2,
	SUM_T3,
	SUM_COUNTS
};

enum sum_wait {
	SUM_OF_ALL,
	SUM_OF_304,
	SUM_OF_200,
	SUM_WAITS
};

/* A row; of others if their number is not 0. */
struct sum_row {
	struct slice key;   /* at NULL: none */
	struct slice robot; /* at NULL: not all requests are of one */
	int64_t time_us;
	unsigned step; /* of the width, over time */
	int64_t counts[SUM_COUNTS];
	int64_t hit[2], recall[2], uptake[2], echo[2]; /* num, den */
	int64_t others, error;
	int64_t bound; /* of the rows of others of the reports that it is in */
	struct slice why, why_cause; /* of most of the waste; see toplist.h */
	int64_t why_octets;
	bool lacks_waits; /* a version that did not tell them */
	struct histogram waits[SUM_WAITS], late, early;
};

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

/* Makes rows of one key one, once all was added. */
void report_sum_tables_unite(struct report_sum_tables *sum);

/* Then: whether every row tells how long people waited; the member "tables"; the same
 * as a report has them. */
bool report_sum_tables_tell_waits(const struct report_sum_tables *sum);
void report_sum_tables_write(const struct report_sum_tables *sum, struct json *json);
void report_sum_tables_fill(const struct report_sum_tables *sum, struct tables *tables);

#endif
