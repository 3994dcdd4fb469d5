/*
 * analyzer/report/report_sum_parts.h - what a sum of reports is kept in
 *
 * Private to report_sum.c, which adds, and report_sum_write.c, which tells.
 */
#ifndef ANALYZER_REPORT_REPORT_SUM_PARTS_H
#define ANALYZER_REPORT_REPORT_SUM_PARTS_H

#include "analyzer/report/report_patterns.h"
#include "analyzer/report/report_sum.h"
#include "analyzer/report/report_sum_findings.h"
#include "analyzer/report/report_sum_fixes.h"
#include "analyzer/report/report_sum_spans.h"
#include "analyzer/report/report_sum_tables.h"
#include "analyzer/report/report_sum_tags.h"
#include "analyzer/report/report_sum_whole.h"

enum {
	SUM_LEFT_OUT_MAX = 32, /* names that are listed */
	SUM_NAME_BYTES = 96,
};

struct report_sum {
	const char *version;
	struct arena arena;
	size_t reports;
	struct jsonvalue options, capture, ledger, http, metrics, more, quality;
	struct jsonvalue sources, warnings;
	struct report_sum_findings findings;
	struct report_sum_fixes fixes;
	struct report_sum_tables tables;
	struct report_sum_tags tags;
	struct report_patterns patterns;
	struct report_sum_whole whole; /* once it is finished */
	bool is_finished;
	bool lacks_tags, lacks_patterns; /* a report does not tell all of them */
	bool has_time, inexact;
	int64_t first_us, last_us;
	struct report_sum_spans spans;
	char left_out[SUM_LEFT_OUT_MAX][SUM_NAME_BYTES];
	size_t left_out_count;
};

/* What sentences of a sum begin with; they are made anew when a sum is added, and stay
 * as they are in one that is read alone. */
#define SUM_SAYS_OF "the sum of "
#define SUM_SAYS_LEFT_OUT "left out, for it does not add up: "

bool report_sum_says(struct slice sentence);

/* Notes that a member was left out: the path to its object, and its name. */
void report_sum_leave_out(void *sum, const char *path, struct slice key);

#endif
