/*
 * analyzer/report/sums.h - what every row of every table counts
 *
 * The rows of a table are added up from the same exchanges, so that each table has the
 * same total.
 */
#ifndef ANALYZER_REPORT_SUMS_H
#define ANALYZER_REPORT_SUMS_H

#include "analyzer/ledger/verdict.h"
#include "analyzer/report/histogram.h"
#include "analyzer/report/interval.h"

struct sums {
	uint64_t exchanges, octets;
	uint64_t conditional, validated, missed; /* metrics C, and what R3 counts */
	struct rate uptake;			 /* R6 */
	struct rate echo; /* requests by tag: one of the tags had been given before */
	uint64_t saved;
	uint64_t waste[TIER_3 + 1];
	struct histogram waits; /* microseconds */
};

/* The exchange, without its waste. */
void sums_add(struct sums *sums, const struct exchange *x, const struct before *before,
	const struct verdict *verdict);
void sums_add_waste(struct sums *sums, const struct waste *waste, unsigned count);

/* Adds the other row; the second form leaves nothing in it. */
void sums_count(struct sums *sums, const struct sums *other);
void sums_merge(struct sums *sums, struct sums *other);
void sums_fini(struct sums *sums);

uint64_t sums_wasted(const struct sums *sums); /* T1 + T2 */
struct rate sums_hit(const struct sums *sums);
struct rate sums_recall(const struct sums *sums);

/* All stream octets of an exchange. */
uint64_t sums_octets_of(const struct exchange *x);

#endif
