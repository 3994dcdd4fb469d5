/*
 * analyzer/report/interval.h - what a rate may be when not all pairs are certain
 *
 * A pair of request and answer is exact if order proves it, and inferred after a hole
 * in the capture.  An inferred pair, and a conditional request whose answer may be in
 * what was lost, could have gone either way; an answer 304 without its request was
 * asked for by a condition, one in full may have been.  The lower end takes all of
 * them for failures, the upper end for successes.  Exchanges of which nothing at all
 * was captured are in neither.
 */
#ifndef ANALYZER_REPORT_INTERVAL_H
#define ANALYZER_REPORT_INTERVAL_H

#include <stdbool.h>
#include <stdint.h>

struct rate {
	uint64_t num, den;
};

struct interval {
	struct rate low, high;
};

enum interval_of { /* with the names of output "R1", "R2", "R3" */
	INTERVAL_R1,
	INTERVAL_R2,
	INTERVAL_R3,
	INTERVAL_COUNT
};

struct doubts {
	uint64_t exact, inferred;	  /* pairs */
	uint64_t counted[INTERVAL_COUNT]; /* inferred, in the denominator of each */
	uint64_t validated;		  /* and in the numerator of all */
	uint64_t lost_answers;		  /* to conditional requests */
	uint64_t orphan_304, orphan_full; /* answers without their requests */
};

const char *interval_name(enum interval_of which);

/* Nothing is in doubt: the rates are what they are. */
bool interval_is_needless(const struct doubts *doubts);
struct interval interval(
	enum interval_of which, struct rate rate, const struct doubts *doubts);

#endif
