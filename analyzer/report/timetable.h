/*
 * analyzer/report/timetable.h - sums over time, in at most TIMETABLE_ROWS buckets
 *
 * The buckets are as wide as the first of these that is enough: 1 ms, 5, 10, 50, 100,
 * 500 ms, 1 s, 5, 10, 30 s, 1 min, 5, 10, 30 min, 1 h, 3, 6, 12 h, 1 d, 7, 28 d, and from
 * there on twice the one before.  Each is a multiple of the one before and all begin at
 * the epoch, so buckets are joined as the span grows, and the result depends on the first
 * and the last exchange alone, not on the order in which they came.
 */
#ifndef ANALYZER_REPORT_TIMETABLE_H
#define ANALYZER_REPORT_TIMETABLE_H

#include "analyzer/report/sums.h"

enum {
	TIMETABLE_ROWS = 60
};

struct timetable {
	unsigned step; /* number of the width in that list */
	int64_t first; /* number of the first bucket, from the epoch */
	unsigned count;
	struct sums rows[TIMETABLE_ROWS]; /* from `first` on */
};

void timetable_fini(struct timetable *timetable);

/* The row of a time. */
struct sums *timetable_at(struct timetable *timetable, int64_t ts_ns);

int64_t timetable_width_ns(unsigned step);

#endif
