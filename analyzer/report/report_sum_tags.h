/*
 * analyzer/report/report_sum_tags.h - contents with several tags, of several reports
 *
 * Rows of one resource that share a tag are of one variant and become one: answers and
 * losses are added, tags live from their first to their last answer in any report.  Of
 * what was not lost in any of them no report tells, so a sum may lack rows that a
 * report of all would have.  What has no room makes the row incomplete.
 */
#ifndef ANALYZER_REPORT_REPORT_SUM_TAGS_H
#define ANALYZER_REPORT_REPORT_SUM_TAGS_H

#include "analyzer/base/jsonread.h"
#include "analyzer/ledger/tags.h"

struct report_sum_tags {
	struct tags_row *rows;
	size_t count, room;
};

void report_sum_tags_fini(struct report_sum_tags *tags);

/* Whether an array is one of such rows, so that adding it cannot fail. */
bool report_sum_tags_valid(const struct jsonvalue *array);

/* Borrows the names of a valid array. */
void report_sum_tags_add(struct report_sum_tags *tags, const struct jsonvalue *array);

/* Unites them and puts them where a report looks for them. */
void report_sum_tags_fill(struct report_sum_tags *tags, struct tags *into);

#endif
