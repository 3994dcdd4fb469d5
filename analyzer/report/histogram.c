#include "analyzer/report/histogram.h"

#include "analyzer/base/mem.h"

#include <string.h>

enum {
	STEP_BITS = 4,
	STEPS = 1 << STEP_BITS, /* an octave */
	COUNT_BITS = 48,
	FIRST_ROOM = 4,
};

#define COUNT_MAX (((uint64_t)1 << COUNT_BITS) - 1)

/* Values below 2 * STEPS have a bucket each; above, the leading bits count. */
static uint64_t
bucket_of(uint64_t value)
{
	unsigned top = 63 - (unsigned)__builtin_clzll(value | 1);
	unsigned shift = top > STEP_BITS ? top - STEP_BITS : 0;

	return shift * STEPS + (value >> shift);
}

static uint64_t
shift_of(uint64_t bucket)
{
	return bucket < 2 * STEPS ? 0 : bucket / STEPS - 1;
}

static uint64_t
low_of(uint64_t bucket)
{
	return (bucket - shift_of(bucket) * STEPS) << shift_of(bucket);
}

static uint64_t
middle_of(uint64_t bucket)
{
	return low_of(bucket) + ((uint64_t)1 << shift_of(bucket)) / 2;
}

/*
 * The first cell of this bucket or of a later one.  Where values are many the buckets lie
 * side by side; otherwise a search of which no step depends on a guess.
 */
static unsigned
find(const struct histogram *h, uint64_t bucket)
{
	uint64_t beside = bucket - h->shift;
	unsigned at = 0;

	if (beside < h->used && h->cells[beside] >> COUNT_BITS == bucket)
		return (unsigned)beside;
	for (unsigned left = h->used; left; left /= 2) {
		unsigned half = (left + 1) / 2;
		bool before = h->cells[at + half - 1] < bucket << COUNT_BITS;

		at += before ? half : 0;
	}
	return at;
}

static uint64_t
cell_count(uint64_t cell)
{
	return cell & COUNT_MAX;
}

static uint64_t
clamp(uint64_t count, uint64_t max)
{
	return count < max ? count : max;
}

static void
add_cell(struct histogram *h, uint64_t bucket, uint64_t count)
{
	unsigned at = find(h, bucket);

	h->shift = (uint32_t)(bucket - at);
	if (at < h->used && h->cells[at] >> COUNT_BITS == bucket) {
		count = clamp(count, COUNT_MAX - cell_count(h->cells[at]));
		h->count += count;
		h->cells[at] += count;
		return;
	}
	count = clamp(count, COUNT_MAX);
	h->count += count;
	if (h->used == h->room) {
		h->room = h->room ? (uint16_t)(2 * h->room) : FIRST_ROOM;
		h->cells = mem_grow(h->cells, h->room * sizeof *h->cells);
	}
	memmove(h->cells + at + 1, h->cells + at, (h->used - at) * sizeof *h->cells);
	h->cells[at] = bucket << COUNT_BITS | count;
	h->used++;
}

void
histogram_add(struct histogram *histogram, uint64_t value)
{
	add_cell(histogram, bucket_of(value), 1);
}

void
histogram_put(struct histogram *histogram, uint64_t value, uint64_t count)
{
	add_cell(histogram, bucket_of(value), count);
}

uint64_t
histogram_low(const struct histogram *histogram, unsigned cell)
{
	return low_of(histogram->cells[cell] >> COUNT_BITS);
}

uint64_t
histogram_in(const struct histogram *histogram, unsigned cell)
{
	return cell_count(histogram->cells[cell]);
}

void
histogram_remove(struct histogram *histogram, uint64_t value)
{
	uint64_t bucket = bucket_of(value);
	unsigned at = find(histogram, bucket);

	if (at == histogram->used || histogram->cells[at] >> COUNT_BITS != bucket ||
		!cell_count(histogram->cells[at]))
		return;
	histogram->cells[at]--;
	histogram->count--;
}

void
histogram_merge(struct histogram *histogram, const struct histogram *other)
{
	for (unsigned i = 0; i < other->used; i++)
		add_cell(histogram, other->cells[i] >> COUNT_BITS,
			cell_count(other->cells[i]));
}

void
histogram_fini(struct histogram *histogram)
{
	mem_free(histogram->cells);
	*histogram = (struct histogram){0};
}

uint64_t
histogram_at(const struct histogram *histogram, double share)
{
	uint64_t rank = (uint64_t)(share * (double)histogram->count), seen = 0;

	for (unsigned i = 0; i < histogram->used; i++) {
		seen += cell_count(histogram->cells[i]);
		if (seen > rank || (seen && seen == histogram->count))
			return middle_of(histogram->cells[i] >> COUNT_BITS);
	}
	return 0;
}
