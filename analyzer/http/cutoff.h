/*
 * analyzer/http/cutoff.h - at which lengths bodies of a target were cut off
 *
 * A client that starts a broken download over gets octets that it has.  To prove it,
 * the first n octets of the new body must be those of the old one, and n is known
 * only from the past.  So the reader remembers, per target and for all clients, the
 * last lengths at which answers broke off, and takes the digest of later bodies of
 * that target at these lengths, too.  It is a fact of the new body, no verdict:
 * whether the old one went to the same client is for history/ to say.
 *
 * Bounded: a few lengths a target, and a byte budget; what is forgotten proves
 * nothing, and accuses nobody.
 */
#ifndef ANALYZER_HTTP_CUTOFF_H
#define ANALYZER_HTTP_CUTOFF_H

#include "analyzer/http/exchange.h"

enum {
	CUTOFF_LENGTHS = 4 /* of a target */
};

struct cutoff {
	unsigned count, next;		 /* next: where the next one goes */
	uint64_t octets[CUTOFF_LENGTHS]; /* none twice */
};

struct cutoffs;

struct cutoffs *cutoffs_new(uint64_t memory_bytes, uint64_t seed);
void cutoffs_free(struct cutoffs **cutoffs);

uint64_t cutoffs_evictions(const struct cutoffs *cutoffs);

/* The answer ended; takes its length if it is a 200 to GET that was cut off. */
void cutoffs_learn(struct cutoffs *cutoffs, const struct exchange *x);

/* The lengths for the body of an answer that begins, or NULL.  Its head was read. */
const struct cutoff *cutoffs_find(struct cutoffs *cutoffs, const struct exchange *x);

#endif
