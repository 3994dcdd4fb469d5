/*
 * analyzer/ledger/sharedcache.h - what if a cache stood at the capture point?
 *
 * Simulated shared caches [RFC9111], fed with the observed exchanges: one that has room
 * for everything, and LRU caches of given capacities.  What a request finds is decided
 * at its head, by what was stored then; what is stored or confirmed shows at the
 * response's end.  Each answered GET or HEAD is one of:
 *
 *	fresh	   usable as it is: the exchange need not have happened.  The cache does
 *		   not see its answer, so it may go on serving what has changed
 *	validated  usable after asking, and what the origin said confirms it: a 304 that
 *		   names it, or the same octets under the same validator
 *	pass	   any other 304 to GET: it is for what the client holds
 *	miss	   anything else
 *
 * Explicit lifetimes only, s-maxage first, unless the heuristic is asked for.  A
 * request with Authorization uses only what says that it may be shared.  A request
 * whose head was not captured whole is a miss.  Every number is a lower bound of what
 * such a cache could do: it starts empty.
 *
 * An entry's size is its content and its response head.  What is larger than a cache
 * is not stored.  Beside their capacity the caches have a budget of memory; what it
 * costs them is counted apart.
 *
 * Cost: a look-up of the resource and one a cache at either event; about 140 octets an
 * entry and cache.
 */
#ifndef ANALYZER_LEDGER_SHAREDCACHE_H
#define ANALYZER_LEDGER_SHAREDCACHE_H

#include "analyzer/ledger/sighting.h"

enum {
	SHAREDCACHE_LRU_MAX = 16 /* simulated capacities */
};

struct sharedcache_options {
	uint64_t memory_bytes;
	bool heuristic;
	const uint64_t *lru_octets; /* capacities, SHAREDCACHE_LRU_MAX at most */
	size_t lru_count;
};

struct sharedcache_numbers {
	uint64_t capacity_octets; /* 0: no limit */
	uint64_t requests, fresh_hits, validated_hits, misses, passes;
	uint64_t body_total, body_saved, head_saved, stale_served;
	uint64_t evictions;	/* for want of capacity or of memory */
	uint64_t forgotten;	/* of them for want of memory */
	uint64_t stored_octets; /* at the end */
};

struct sharedcaches;
struct sharedcase; /* what an open request found */

struct sharedcaches *sharedcaches_new(const struct sharedcache_options *options);
void sharedcaches_free(struct sharedcaches **caches);

/* NULL if no cache has anything for the request.  Reads of `x` the request's head. */
struct sharedcase *sharedcaches_open(struct sharedcaches *caches,
	const struct before *before, const struct exchange *x);

/* Once for each exchange that was opened; the case is gone then. */
void sharedcaches_close(struct sharedcaches *caches, struct sharedcase *found,
	const struct before *before, const struct exchange *x,
	const struct sighting *seen, bool is_provable);

/* Those simulated: the one without limit, then the capacities in the order given. */
size_t sharedcaches_count(const struct sharedcaches *caches);
struct sharedcache_numbers sharedcaches_numbers(
	const struct sharedcaches *caches, size_t index);

/* A cache's numbers as they were in another run. */
void sharedcaches_restore(struct sharedcaches *caches, size_t index,
	const struct sharedcache_numbers *numbers);

/* What was given up for want of memory, in all caches. */
uint64_t sharedcaches_forgotten(const struct sharedcaches *caches);

#endif
