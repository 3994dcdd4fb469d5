/*
 * analyzer/ledger/whatif.h - the simulations beside the ledger: what would have been
 *
 * A shared cache at the capture point, longer lifetimes, and figures to compare with
 * published ones.  They take nothing from the ledger and give nothing to it.  Like the
 * history they have two moments: at the request's head it is decided what a cache would
 * have had to offer, at the response's end what that was worth.
 *
 * What an open exchange found lies in memory of this module, not in the exchange's
 * arena: while an exchange is open another thread writes there.
 */
#ifndef ANALYZER_LEDGER_WHATIF_H
#define ANALYZER_LEDGER_WHATIF_H

#include "analyzer/ledger/comparable.h"
#include "analyzer/ledger/ladder.h"
#include "analyzer/ledger/sharedcache.h"
#include "analyzer/ledger/verdict.h"

/* What the user may ask of the simulations. */
struct whatif_options {
	bool heuristic;					 /* lifetimes by the 10 % rule */
	uint64_t shared_lru_octets[SHAREDCACHE_LRU_MAX]; /* capacities */
	size_t shared_lru_count;
};

struct whatif;

struct whatif *whatif_new(
	const struct whatif_options *options, uint64_t memory_bytes, uint64_t seed);
void whatif_free(struct whatif **whatif);

/* After history_open(), which fills `before`; then in any case whatif_close(). */
void whatif_open(struct whatif *whatif, const struct exchange *x, struct before *before);

/* With the history as it was before the exchange. */
void whatif_close(struct whatif *whatif, const struct history *history,
	const struct before *before, const struct exchange *x,
	const struct verdict *verdict);

const struct sharedcaches *whatif_shared(const struct whatif *whatif);
const struct ladder *whatif_ladder(const struct whatif *whatif);
const struct comparable_numbers *whatif_comparable(const struct whatif *whatif);

/* What it was in another run: a pattern of the ladder; its rungs; a cache by its place;
 * figures to compare. */
void whatif_restore(struct whatif *whatif, const struct ladder_pattern *pattern);
void whatif_restore_rungs(
	struct whatif *whatif, const struct ladder_rung rungs[LADDER_RUNGS]);
void whatif_restore_cache(
	struct whatif *whatif, size_t index, const struct sharedcache_numbers *numbers);
void whatif_restore_comparable(
	struct whatif *whatif, const struct comparable_numbers *numbers);

struct whatif_evictions {
	uint64_t shared, ladder, comparable;
};

struct whatif_evictions whatif_evictions(const struct whatif *whatif);

/* The laws of its numbers: a sentence about the first that is broken, or NULL. */
const char *whatif_check(const struct whatif *whatif);

#endif
