#include "analyzer/ledger/whatif.h"

#include "analyzer/base/mem.h"

enum {
	/* Shares of the memory, in percent. */
	SHARED_SHARE = 50,
	LADDER_SHARE = 25,
	COMPARABLE_SHARE = 25,
};

struct whatif {
	struct sharedcaches *shared;
	struct ladder *ladder;
	struct comparable *comparable;
};

struct whatif *
whatif_new(const struct whatif_options *options, uint64_t memory_bytes, uint64_t seed)
{
	struct whatif *whatif = mem_alloc(sizeof *whatif);
	uint64_t percent = memory_bytes / 100;
	struct sharedcache_options shared = {
		.memory_bytes = SHARED_SHARE * percent,
		.seed = seed,
		.heuristic = options->heuristic,
		.lru_octets = options->shared_lru_octets,
		.lru_count = options->shared_lru_count,
	};

	whatif->shared = sharedcaches_new(&shared);
	whatif->ladder = ladder_new(LADDER_SHARE * percent, seed);
	whatif->comparable = comparable_new(COMPARABLE_SHARE * percent, seed);
	return whatif;
}

void
whatif_free(struct whatif **whatif)
{
	if (!*whatif)
		return;
	sharedcaches_free(&(*whatif)->shared);
	ladder_free(&(*whatif)->ladder);
	comparable_free(&(*whatif)->comparable);
	mem_free(*whatif);
	*whatif = NULL;
}

void
whatif_open(struct whatif *whatif, const struct exchange *x, struct before *before)
{
	before->whatif = sharedcaches_open(whatif->shared, before, x);
}

/* The same that lets an exchange change the history. */
static bool
is_provable(const struct exchange *x)
{
	return x->has_response && x->pairing != PAIRING_UNKNOWN &&
	       message_is_clean(&x->q) && message_is_clean(&x->r);
}

void
whatif_close(struct whatif *whatif, const struct history *history,
	const struct before *before, const struct exchange *x,
	const struct verdict *verdict)
{
	bool provable = is_provable(x), is_get = x->method == METHOD_GET;
	bool is_full = x->r.status == 200 || x->r.status == 203;
	bool is_validated = verdict->outcome == OUTCOME_VALIDATED;
	struct sighting seen = {.modified_s = SIGHTING_NO_DATE};
	bool depends = false;

	if (provable && (is_get || x->method == METHOD_HEAD))
		seen = sighting_of(history, before, x);
	sharedcaches_close(whatif->shared, before->whatif, before, x, &seen, provable);
	if (!provable)
		return;
	if (is_get)
		depends = comparable_add(
			whatif->comparable, before, x, &seen, is_validated);
	ladder_add(whatif->ladder, before, x, &seen,
		is_get && (is_validated || (is_full && x->r.complete)), depends);
}

const struct sharedcaches *
whatif_shared(const struct whatif *whatif)
{
	return whatif->shared;
}

const struct ladder *
whatif_ladder(const struct whatif *whatif)
{
	return whatif->ladder;
}

const struct comparable_numbers *
whatif_comparable(const struct whatif *whatif)
{
	return comparable_numbers(whatif->comparable);
}

struct whatif_evictions
whatif_evictions(const struct whatif *whatif)
{
	return (struct whatif_evictions){
		.shared = sharedcaches_forgotten(whatif->shared),
		.ladder = ladder_evictions(whatif->ladder),
		.comparable = comparable_evictions(whatif->comparable),
	};
}
