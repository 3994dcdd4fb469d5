/*
 * analyzer/report/spreads.h - how lifetimes, ages, sizes and gaps are spread
 *
 * Counts in a few classes that people think in, so that the spreads of several reports
 * add up.  Of answers 200 and 203 to GET; a gap is from the answer that a client was
 * given last, a 304 too, to its next request for the same, if the bodies can be compared.
 */
#ifndef ANALYZER_REPORT_SPREADS_H
#define ANALYZER_REPORT_SPREADS_H

#include "analyzer/ledger/verdict.h"
#include "analyzer/report/distribution.h"
#include "analyzer/report/interval.h"

enum spread_span { /* of seconds; each up to and with its name */
	SPAN_0,
	SPAN_1_MIN,
	SPAN_1_H,
	SPAN_1_D,
	SPAN_30_D,
	SPAN_1_Y,
	SPAN_MORE,
	SPAN_COUNT
};

enum spread_lifetime { /* what an answer says; the first that is true */
	LIFETIME_NO_STORE,
	LIFETIME_NO_CACHE,
	LIFETIME_0, /* an explicit one, by its span */
	LIFETIME_HEURISTIC = LIFETIME_0 + SPAN_COUNT,
	LIFETIME_NONE,
	LIFETIME_COUNT
};

enum {
	SPREAD_SIZES = 9 /* content octets: 0, up to 100, 1,000 ... 10^8, more */
};

enum spread_repeat {
	REPEAT_UNCHANGED,
	REPEAT_CHANGED,
	REPEAT_COUNT
};

struct spreads {
	uint64_t lifetimes[LIFETIME_COUNT];
	uint64_t ages[SPAN_COUNT];	     /* of those with Age */
	uint64_t since_modified[SPAN_COUNT]; /* Date - Last-Modified, where both are */
	struct rate short_lifetimes;	     /* explicit and below Date - Last-Modified */
	uint64_t sizes[SPREAD_SIZES];	     /* of complete ones */
	struct distribution size;
	uint64_t gaps[REPEAT_COUNT][SPAN_COUNT];
};

void spreads_add(struct spreads *spreads, const struct exchange *x,
	const struct before *before, const struct verdict *verdict);
void spreads_fini(struct spreads *spreads);

/* Names in the output. */
const char *spreads_span_name(enum spread_span span);
const char *spreads_lifetime_name(enum spread_lifetime lifetime);
const char *spreads_size_name(unsigned size);

#endif
