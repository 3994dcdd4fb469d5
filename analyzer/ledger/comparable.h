/*
 * analyzer/ledger/comparable.h - figures that others have published, on this capture
 *
 *	lighthouse	  what the audit "uses efficient cache policy" predicts to be
 *			  wasted, from headers alone: once for each client and static
 *			  resource, the part that a repeat visit would fetch again
 *	redundant	  payload that the client had been given before, whatever the URI;
 *			  and that anybody had been given [Kelly, Mogul 2002]
 *	rereference	  of what is asked for again by anybody, how much has changed
 *			  [Douglis et al. 1997]
 *
 * What may not be stored was not kept, so it does not make what follows redundant.
 *
 * Bounded: three tables with a budget each; what they forget is counted.
 */
#ifndef ANALYZER_LEDGER_COMPARABLE_H
#define ANALYZER_LEDGER_COMPARABLE_H

#include "analyzer/ledger/sighting.h"
#include "analyzer/ledger/verdict.h"

struct comparable_numbers {
	double lighthouse_octets;
	uint64_t payload_octets;	    /* of complete 200 and 203 answers to GET */
	uint64_t redundant_octets;	    /* the client had been given */
	uint64_t redundant_anywhere_octets; /* somebody had been given */
	uint64_t rereferences, modified;    /* those that can be compared; changed ones */
};

struct comparable;

struct comparable *comparable_new(uint64_t memory_bytes, uint64_t seed);
void comparable_free(struct comparable **comparable);

/*
 * An answered GET whose heads are whole.  True if it showed something else than what
 * another client had been shown of the resource last.
 */
bool comparable_add(struct comparable *comparable, const struct before *before,
	const struct exchange *x, const struct verdict *verdict,
	const struct sighting *seen);

const struct comparable_numbers *comparable_numbers(const struct comparable *comparable);

/* Numbers as they were in another run. */
void comparable_restore(
	struct comparable *comparable, const struct comparable_numbers *numbers);

uint64_t comparable_evictions(const struct comparable *comparable);

/* The part of a static answer that a repeat visit is predicted to fetch again. */
double comparable_lighthouse_share(const struct exchange *x);

#endif
