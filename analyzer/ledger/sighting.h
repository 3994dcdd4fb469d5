/*
 * analyzer/ledger/sighting.h - what an exchange showed of a resource, in 32 octets
 *
 * The simulations compare what was seen at one time with what was seen at another: a
 * body, or a 304 that names one.  Digests decide where both sides have them; a 304 has
 * those of the body that its validator is known to name, if it names but one.  Only
 * where digests are unknown do validators decide: equal tags are the same, different
 * ones are a change.
 *
 * Halves of 128-bit digests are kept: a chance collision among 10^6 sightings of one
 * resource has a probability of 10^-8, and can only distort a simulation.
 */
#ifndef ANALYZER_LEDGER_SIGHTING_H
#define ANALYZER_LEDGER_SIGHTING_H

#include "analyzer/history/history.h"

#define SIGHTING_NO_DATE INT64_MIN

struct sighting {
	uint64_t encoded, decoded; /* of the body's digests; 0: unknown */
	uint64_t tag;		   /* of the validator's name; 0: none */
	int64_t modified_s;	   /* Last-Modified, or SIGHTING_NO_DATE */
};

/* Of the exchange's response, be it a body or a 304. */
struct sighting sighting_of(const struct history *history, const struct before *before,
	const struct exchange *x);

/* By digests alone. */
enum truth sighting_same_body(const struct sighting *a, const struct sighting *b);

/* By digests, else by validators. */
enum truth sighting_same(const struct sighting *a, const struct sighting *b);

/* Both have a validator, the stronger kind of the two, and it is equal. */
bool sighting_same_validator(const struct sighting *a, const struct sighting *b);

/* Makes `old` carry the validators that `new` has. */
void sighting_take_validators(struct sighting *old, const struct sighting *new);

#endif
