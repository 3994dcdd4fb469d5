/*
 * analyzer/report/histogram.h - a distribution in a few octets, for rows of tables
 *
 * Logarithmic buckets, 16 an octave, of which only those that occur take room.  A
 * percentile is the middle of its bucket: within 3.2 % of a value that occurred.
 *
 * Ownership: the cells are the histogram's; histogram_fini() frees them.
 * Cost: a binary search for each value, and no more than 1,000 cells.
 */
#ifndef ANALYZER_REPORT_HISTOGRAM_H
#define ANALYZER_REPORT_HISTOGRAM_H

#include <stdbool.h>
#include <stdint.h>

struct histogram {
	uint64_t count;
	uint16_t used, room;
	uint32_t shift;	 /* from the bucket to the cell that was used last */
	uint64_t *cells; /* bucket in the upper 16 bits, values in it below; sorted */
};

void histogram_add(struct histogram *histogram, uint64_t value);

/* Takes out a value that was added before. */
void histogram_remove(struct histogram *histogram, uint64_t value);

/* Adds all values of another one. */
void histogram_merge(struct histogram *histogram, const struct histogram *other);
void histogram_fini(struct histogram *histogram);

/* The smallest value of a cell and how many are in it: what histogram_put() restores. */
uint64_t histogram_low(const struct histogram *histogram, unsigned cell);
uint64_t histogram_in(const struct histogram *histogram, unsigned cell);
void histogram_put(struct histogram *histogram, uint64_t value, uint64_t count);

/* The value at a share of the sorted values; 0 without any. */
uint64_t histogram_at(const struct histogram *histogram, double share);

#endif
