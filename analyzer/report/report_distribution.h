/*
 * analyzer/report/report_distribution.h - percentiles in JSON, and what they are made of
 *
 *	{"count": 3, "p50": 8, "p90": 9, "p99": 9, "buckets": [[8, 2], [9, 1]]}
 *
 * A bucket is its smallest value and how many values are in it; distribution.h tells how
 * wide it is.  With the buckets, distributions of several reports add up; percentiles of
 * a sum are within half of a bucket.
 */
#ifndef ANALYZER_REPORT_REPORT_DISTRIBUTION_H
#define ANALYZER_REPORT_REPORT_DISTRIBUTION_H

#include "analyzer/base/jsonread.h"
#include "analyzer/report/distribution.h"

/* Nothing without values.  `unit` is a suffix of the percentiles' names: "" or "_us". */
void report_distribution(struct json *json, const char *key,
	const struct distribution *distribution, const char *unit);

/* Such a member with buckets, of a report that was read. */
bool report_distribution_is(const struct jsonvalue *value);

/* Both must be such; `from` is used up. */
void report_distribution_sum(struct jsonvalue *into, struct jsonvalue *from);

#endif
