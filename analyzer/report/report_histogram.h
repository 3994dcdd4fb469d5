/*
 * analyzer/report/report_histogram.h - histograms in reports, so that they add up
 *
 *	histogram = [ *( [ smallest value of a bucket, how many ] ) ]
 *
 * A percentile of a sum of reports is then that of the buckets added, which is what one
 * run would have said.
 */
#ifndef ANALYZER_REPORT_REPORT_HISTOGRAM_H
#define ANALYZER_REPORT_REPORT_HISTOGRAM_H

#include "analyzer/base/jsonread.h"
#include "analyzer/report/histogram.h"

/* A member; nothing if both are empty.  Values of `below` (may be NULL) are negative. */
void report_histogram_json(struct json *json, const char *key,
	const struct histogram *histogram, const struct histogram *below);

/* Whether a value is one; NULL is an empty one. */
bool report_histogram_is(const struct jsonvalue *value, bool may_be_negative);

/* Adds what a value has of which report_histogram_is() is true. */
void report_histogram_add(const struct jsonvalue *value, struct histogram *histogram,
	struct histogram *below);

#endif
