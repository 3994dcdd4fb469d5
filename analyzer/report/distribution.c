#include "analyzer/report/distribution.h"

#include "analyzer/base/mem.h"

#include <stdlib.h>

enum {
	BUCKETS = DISTRIBUTION_OCTAVES * DISTRIBUTION_STEPS
};

/* Values below DISTRIBUTION_STEPS have a bucket each; above, the leading bits count. */
static unsigned
bucket_of(uint64_t value)
{
	unsigned shift = 0;

	while (value >> shift >= 2 * DISTRIBUTION_STEPS)
		shift++;
	return shift * DISTRIBUTION_STEPS + (unsigned)(value >> shift);
}

static uint64_t
middle_of(unsigned bucket)
{
	unsigned shift = bucket < 2 * DISTRIBUTION_STEPS
				 ? 0
				 : bucket / DISTRIBUTION_STEPS - 1;
	uint64_t low = (uint64_t)(bucket - shift * DISTRIBUTION_STEPS) << shift;

	return low + ((uint64_t)1 << shift) / 2;
}

void
distribution_add(struct distribution *distribution, uint64_t value)
{
	if (distribution->count < DISTRIBUTION_EXACT) {
		distribution->exact[distribution->count++] = value;
		return;
	}
	if (!distribution->buckets) {
		distribution->buckets = mem_alloc(BUCKETS * sizeof(uint64_t));
		for (unsigned i = 0; i < DISTRIBUTION_EXACT; i++)
			distribution->buckets[bucket_of(distribution->exact[i])]++;
	}
	distribution->buckets[bucket_of(value)]++;
	distribution->count++;
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

uint64_t
distribution_at(const struct distribution *distribution, double share)
{
	uint64_t rank = (uint64_t)(share * (double)distribution->count), seen = 0;

	if (!distribution->count)
		return 0;
	if (rank >= distribution->count)
		rank = distribution->count - 1;
	if (!distribution->buckets)
		return exact_at(distribution, rank);
	for (unsigned i = 0; i < BUCKETS; i++) {
		seen += distribution->buckets[i];
		if (seen > rank)
			return middle_of(i);
	}
	return UINT64_MAX;
}
