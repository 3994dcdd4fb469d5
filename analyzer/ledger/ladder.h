/*
 * analyzer/ledger/ladder.h - what would longer lifetimes have avoided?
 *
 * An exact replay for each of some lifetimes T, for each client and resource: a request
 * less than T after the last one that would still have gone to the network is avoided;
 * if its answer was something else than what the client would have had, it would have
 * been served stale.  No model, no other cache than the client's own.
 *
 * The same by URL pattern of a host, with what speaks against a lifetime there and the
 * span of time over which it was seen: that is what advice rests on.  It is given only
 * where it cannot hurt, see ladder_advise().
 *
 * Bounded: pairs of client and resource, and patterns, have budgets; what was not used of
 * late goes first and is counted.  Cost: about 100 octets a pair, up to 250 more where
 * the lifetimes differ.
 */
#ifndef ANALYZER_LEDGER_LADDER_H
#define ANALYZER_LEDGER_LADDER_H

#include "analyzer/ledger/sighting.h"

enum {
	LADDER_RUNGS = 6
};

extern const int64_t ladder_ttl_s[LADDER_RUNGS];

struct ladder_rung {
	uint64_t avoided, avoided_octets;
	uint64_t stale;	  /* of them, the answer was known to be something else */
	uint64_t unknown; /* of them, nobody can tell */
};

/* Why a lifetime may hurt. */
enum ladder_obstacle {
	OBSTACLE_NO_STORE = 1 << 0,
	OBSTACLE_SET_COOKIE = 1 << 1,
	OBSTACLE_AUTHORIZATION = 1 << 2,
	OBSTACLE_COOKIE = 1 << 3, /* answers depend on cookies, or may well */
	OBSTACLE_UNSAFE = 1 << 4, /* clients change the resource */
	OBSTACLE_END = 1 << 5,
};

struct ladder_pattern {
	struct slice host, pattern; /* owned, valid as long as the ladder */
	uint64_t exchanges;	    /* answered GETs */
	int64_t first_ns, last_ns;  /* of their requests */
	int64_t lifetime_s;	    /* the longest explicit one given; -1: none */
	unsigned obstacles;	    /* enum ladder_obstacle */
	struct ladder_rung rungs[LADDER_RUNGS];
};

/* A lifetime that can be recommended. */
struct ladder_advice {
	int64_t ttl_s;
	bool is_capture_bound; /* what was seen allows no longer one, but may well bear it
				*/
	struct ladder_rung rung;
};

struct ladder;

struct ladder *ladder_new(uint64_t memory_bytes, uint64_t seed);
void ladder_free(struct ladder **ladder);

/*
 * An answered exchange.  `is_contact`: a complete 200 or 203 to GET, or a 304 that
 * validates; others tell of obstacles only.  `depends`: somebody else got another body.
 */
void ladder_add(struct ladder *ladder, const struct before *before,
	const struct exchange *x, const struct sighting *seen, bool is_contact,
	bool depends);

const struct ladder_rung *ladder_rungs(const struct ladder *ladder);

/* All patterns, in the same order; `rows` holds ladder_count() of them. */
size_t ladder_count(const struct ladder *ladder);
void ladder_ranked(const struct ladder *ladder, const struct ladder_pattern **rows);

/* The pattern of a host as they are printed together, or NULL. */
const struct ladder_pattern *ladder_find(const struct ladder *ladder, struct slice label);

/* A pattern as it was in another run; host and pattern are copied. */
void ladder_restore(struct ladder *ladder, const struct ladder_pattern *pattern);
void ladder_restore_rungs(
	struct ladder *ladder, const struct ladder_rung rungs[LADDER_RUNGS]);

const char *ladder_obstacle_name(enum ladder_obstacle obstacle);

/* The patterns with the most octets to avoid: at most `count`, into `rows`; how many. */
size_t ladder_patterns(
	const struct ladder *ladder, const struct ladder_pattern **rows, size_t count);

/*
 * The longest lifetime by which no more than `stale_percent` of the avoided requests
 * would have been served stale, with 95 % confidence, from 20 avoided ones on; never
 * longer than the pattern was seen, never what is given already, and none at all where
 * there is an obstacle.  What nobody can tell counts as stale.
 */
bool ladder_advise(const struct ladder_pattern *pattern, uint64_t stale_percent,
	struct ladder_advice *advice);

uint64_t ladder_evictions(const struct ladder *ladder); /* of pairs and patterns */

#endif
