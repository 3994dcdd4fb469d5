/*
 * analyzer/report/distribution.h - how long, how large: percentiles in fixed room
 *
 * The first 1,024 values are kept as they are, so that small captures have exact
 * percentiles; from then on logarithmic buckets, 64 an octave, answer within
 * 0.8 %.  A percentile is a value that occurred: of n sorted ones that with n * share
 * before it, so the median of an even number is the upper of the two in the middle.
 */
#ifndef ANALYZER_REPORT_DISTRIBUTION_H
#define ANALYZER_REPORT_DISTRIBUTION_H

#include <stdbool.h>
#include <stdint.h>

enum {
	DISTRIBUTION_EXACT = 1024,
	DISTRIBUTION_OCTAVES = 64,
	DISTRIBUTION_STEPS = 64, /* buckets an octave */
	DISTRIBUTION_BUCKETS = DISTRIBUTION_OCTAVES * DISTRIBUTION_STEPS,
};

struct distribution {
	uint64_t count;
	uint64_t exact[DISTRIBUTION_EXACT];
	uint64_t *buckets; /* NULL while all values are exact */
};

void distribution_add(struct distribution *distribution, uint64_t value);
/* Adds so many values of which only the bucket is known. */
void distribution_put(struct distribution *distribution, uint64_t value, uint64_t count);
void distribution_fini(struct distribution *distribution);

/* The value at a share of the sorted values; 0 without any. */
uint64_t distribution_at(const struct distribution *distribution, double share);

/* How many values are in each bucket, also of those that are still exact. */
void distribution_spread(
	const struct distribution *distribution, uint64_t counts[DISTRIBUTION_BUCKETS]);

/* The bucket of a value, and the smallest value of a bucket. */
unsigned distribution_bucket(uint64_t value);
uint64_t distribution_low(unsigned bucket);

/* As distribution_at(), of `count` values that are only known by their buckets. */
uint64_t distribution_spread_at(
	const uint64_t counts[DISTRIBUTION_BUCKETS], uint64_t count, double share);

#endif
