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
		depends = comparable_add(whatif->comparable, before, x, verdict, &seen);
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

void
whatif_restore(struct whatif *whatif, const struct ladder_pattern *pattern)
{
	ladder_restore(whatif->ladder, pattern);
}

void
whatif_restore_rungs(struct whatif *whatif, const struct ladder_rung rungs[LADDER_RUNGS])
{
	ladder_restore_rungs(whatif->ladder, rungs);
}

void
whatif_restore_cache(
	struct whatif *whatif, size_t index, const struct sharedcache_numbers *numbers)
{
	sharedcaches_restore(whatif->shared, index, numbers);
}

void
whatif_restore_comparable(struct whatif *whatif, const struct comparable_numbers *numbers)
{
	comparable_restore(whatif->comparable, numbers);
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

static const char *
check_cache(struct sharedcache_numbers n)
{
	if (n.fresh_hits + n.validated_hits + n.misses + n.passes != n.requests)
		return "a simulated cache has hits and misses that are not its requests";
	if (n.body_saved > n.body_total)
		return "a simulated cache saves more than there was";
	if (n.stale_served > n.fresh_hits)
		return "a simulated cache serves more stale than fresh answers";
	if (n.capacity_octets && n.stored_octets > n.capacity_octets)
		return "a simulated cache holds more than its capacity";
	return NULL;
}

const char *
whatif_check(const struct whatif *whatif)
{
	const struct comparable_numbers *n = whatif_comparable(whatif);
	const struct ladder_rung *rungs = ladder_rungs(whatif->ladder);
	const char *broken = NULL;

	for (size_t i = 0; i < sharedcaches_count(whatif->shared) && !broken; i++)
		broken = check_cache(sharedcaches_numbers(whatif->shared, i));
	for (unsigned i = 0; i < LADDER_RUNGS && !broken; i++)
		if (rungs[i].stale + rungs[i].unknown > rungs[i].avoided)
			broken = "a lifetime serves more stale answers than it avoids";
	if (!broken && n->redundant_octets > n->payload_octets)
		broken = "more payload is redundant than there is";
	if (!broken && n->modified > n->rereferences)
		broken = "more references are modified than compared";
	return broken;
}
