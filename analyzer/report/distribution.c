#include "analyzer/report/distribution.h"

#include "analyzer/base/mem.h"

#include <stdlib.h>

/* Values below DISTRIBUTION_STEPS have a bucket each; above, the leading bits count. */
unsigned
distribution_bucket(uint64_t value)
{
	unsigned shift = 0;

	while (value >> shift >= 2 * DISTRIBUTION_STEPS)
		shift++;
	return shift * DISTRIBUTION_STEPS + (unsigned)(value >> shift);
}

static unsigned
shift_of(unsigned bucket)
{
	return bucket < 2 * DISTRIBUTION_STEPS ? 0 : bucket / DISTRIBUTION_STEPS - 1;
}

uint64_t
distribution_low(unsigned bucket)
{
	unsigned shift = shift_of(bucket);

	return (uint64_t)(bucket - shift * DISTRIBUTION_STEPS) << shift;
}

static uint64_t
middle_of(unsigned bucket)
{
	return distribution_low(bucket) + ((uint64_t)1 << shift_of(bucket)) / 2;
}

static void
use_buckets(struct distribution *distribution)
{
	distribution->buckets = mem_alloc(DISTRIBUTION_BUCKETS * sizeof(uint64_t));
	for (uint64_t i = 0; i < distribution->count; i++)
		distribution->buckets[distribution_bucket(distribution->exact[i])]++;
}

void
distribution_put(struct distribution *distribution, uint64_t value, uint64_t count)
{
	if (!distribution->buckets)
		use_buckets(distribution);
	distribution->buckets[distribution_bucket(value)] += count;
	distribution->count += count;
}

void
distribution_add(struct distribution *distribution, uint64_t value)
{
	if (!distribution->buckets && distribution->count < DISTRIBUTION_EXACT) {
		distribution->exact[distribution->count++] = value;
		return;
	}
	distribution_put(distribution, value, 1);
}

void
distribution_fini(struct distribution *distribution)
{
	mem_free(distribution->buckets);
	distribution->buckets = NULL;
}

static int
by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static uint64_t
exact_at(const struct distribution *distribution, uint64_t rank)
{
	uint64_t sorted[DISTRIBUTION_EXACT];

	for (uint64_t i = 0; i < distribution->count; i++)
		sorted[i] = distribution->exact[i];
	qsort(sorted, distribution->count, sizeof *sorted, by_value);
	return sorted[rank];
}

static uint64_t
rank_of(uint64_t count, double share)
{
	uint64_t rank = (uint64_t)(share * (double)count);

	return rank < count ? rank : count - 1;
}

uint64_t
distribution_at(const struct distribution *distribution, double share)
{
	if (!distribution->count)
		return 0;
	if (distribution->buckets)
		return distribution_spread_at(
			distribution->buckets, distribution->count, share);
	return exact_at(distribution, rank_of(distribution->count, share));
}

void
distribution_spread(
	const struct distribution *distribution, uint64_t counts[DISTRIBUTION_BUCKETS])
{
	for (unsigned i = 0; i < DISTRIBUTION_BUCKETS; i++)
		counts[i] = distribution->buckets ? distribution->buckets[i] : 0;
	for (uint64_t i = 0; !distribution->buckets && i < distribution->count; i++)
		counts[distribution_bucket(distribution->exact[i])]++;
}

uint64_t
distribution_spread_at(
	const uint64_t counts[DISTRIBUTION_BUCKETS], uint64_t count, double share)
{
	uint64_t rank = count ? rank_of(count, share) : 0, seen = 0;

	for (unsigned i = 0; count && i < DISTRIBUTION_BUCKETS; i++) {
		seen += counts[i];
		if (seen > rank)
			return middle_of(i);
	}
	return 0;
}
