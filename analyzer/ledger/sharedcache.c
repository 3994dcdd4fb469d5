#include "analyzer/ledger/sharedcache.h"

#include "analyzer/base/mem.h"
#include "analyzer/base/table.h"
#include "analyzer/history/variant.h"
#include "analyzer/ledger/sharedentry.h"

#include <assert.h>

enum {
	VARIES_MAX = 4, /* of a resource, the newest ones */
	/* Shares of the memory, in percent; the capacities divide theirs. */
	SITE_SHARE = 30,
	INFINITE_SHARE = 35,
	INFINITE_ALONE_SHARE = 70,
	LRU_SHARE = 35,
};

/* What all caches know of a resource: by which fields its answers vary. */
struct cached_resource {
	uint64_t generation; /* what was stored in another one is gone */
	unsigned vary_count;
	struct slice vary;    /* the newest; owned */
	struct slice *varies; /* the others, newest first; owned */
};

struct stored {
	uint64_t *octets; /* of the cache that it is in */
	uint64_t generation;
	struct sharedentry entry;
};

struct cache {
	struct table *stored; /* by variant */
	uint64_t octets;
	struct sharedcache_numbers numbers;
};

/* What a request found in a cache. */
struct slot {
	bool is_there, is_usable;
	struct key variant;
	struct sharedentry entry;
};

struct sharedcase {
	struct sharedcase *next_made, *next_free;
	struct slot slots[];
};

struct sharedcaches {
	bool heuristic;
	uint64_t last_generation;
	struct table *sites; /* by resource */
	struct cache *caches;
	size_t count;
	struct sharedcase *made, *free;
};

static struct slice *
site_vary(const struct cached_resource *site, unsigned at)
{
	return at ? &site->varies[at - 1] : (struct slice *)&site->vary;
}

static void
site_drop(void *entry)
{
	struct cached_resource *site = entry;

	for (unsigned i = 0; i < site->vary_count; i++)
		mem_free((void *)site_vary(site, i)->at);
	mem_free(site->varies);
}

static void
stored_drop(void *entry)
{
	struct stored *stored = entry;

	*stored->octets -= stored->entry.size_octets;
}

struct sharedcaches *
sharedcaches_new(const struct sharedcache_options *options)
{
	struct sharedcaches *caches = mem_alloc(sizeof *caches);
	uint64_t percent = options->memory_bytes / 100;

	assert(options->lru_count <= SHAREDCACHE_LRU_MAX);
	caches->heuristic = options->heuristic;
	caches->sites = table_new_rough(
		sizeof(struct cached_resource), SITE_SHARE * percent, site_drop);
	caches->count = 1 + options->lru_count;
	caches->caches = mem_alloc(caches->count * sizeof *caches->caches);
	for (size_t i = 0; i < caches->count; i++) {
		struct cache *cache = &caches->caches[i];
		uint64_t share = options->lru_count ? INFINITE_SHARE
						    : INFINITE_ALONE_SHARE;

		if (i)
			cache->numbers.capacity_octets = options->lru_octets[i - 1];
		cache->stored = (i ? table_new : table_new_rough)(sizeof(struct stored),
			i ? LRU_SHARE * percent / options->lru_count : share * percent,
			stored_drop);
	}
	return caches;
}

void
sharedcaches_free(struct sharedcaches **caches)
{
	struct sharedcaches *c = *caches;

	if (!c)
		return;
	for (size_t i = 0; i < c->count; i++)
		table_free(&c->caches[i].stored);
	mem_free(c->caches);
	table_free(&c->sites);
	while (c->made) {
		struct sharedcase *next = c->made->next_made;

		mem_free(c->made);
		c->made = next;
	}
	mem_free(c);
	*caches = NULL;
}

/* ---- cases ---- */

static struct sharedcase *
case_new(struct sharedcaches *caches)
{
	struct sharedcase *new = caches->free;

	if (new) {
		caches->free = new->next_free;
		memset(new->slots, 0, caches->count * sizeof *new->slots);
		return new;
	}
	new = mem_alloc(sizeof *new + caches->count * sizeof *new->slots);
	new->next_made = caches->made;
	caches->made = new;
	return new;
}

static void
case_free(struct sharedcaches *caches, struct sharedcase *old)
{
	if (!old)
		return;
	old->next_free = caches->free;
	caches->free = old;
}

/* ---- the request ---- */

static void
slot_fill(struct slot *slot, struct cache *cache, uint64_t generation, struct key variant,
	const struct exchange *x)
{
	const struct stored *stored = table_use(cache->stored, variant);

	if (!stored || stored->generation != generation ||
		(!stored->entry.is_for_all && message_has(&x->q, FIELD_AUTHORIZATION)))
		return;
	if (slot->is_there && slot->entry.received_ns >= stored->entry.received_ns)
		return;
	slot->is_there = true;
	slot->variant = variant;
	slot->entry = stored->entry;
}

struct sharedcase *
sharedcaches_open(struct sharedcaches *caches, const struct before *before,
	const struct exchange *x)
{
	const struct cached_resource *site;
	struct sharedcase *found;
	bool any = false;

	if (x->method != METHOD_GET && x->method != METHOD_HEAD)
		return NULL;
	site = table_use(caches->sites, before->resource);
	if (!site)
		return NULL;
	found = case_new(caches);
	for (unsigned i = 0; i < site->vary_count; i++) {
		struct key variant;

		if (!variant_key(before->resource, x, *site_vary(site, i), &variant))
			continue;
		for (size_t c = 0; c < caches->count; c++)
			slot_fill(&found->slots[c], &caches->caches[c], site->generation,
				variant, x);
	}
	for (size_t c = 0; c < caches->count; c++) {
		struct slot *slot = &found->slots[c];

		slot->is_usable = slot->is_there && sharedentry_is_usable(&slot->entry, x,
							    caches->heuristic);
		any |= slot->is_there;
	}
	if (any)
		return found;
	case_free(caches, found);
	return NULL;
}

/* ---- the response ---- */

/* Makes room for one more Vary, or takes that of the oldest; where it is. */
static unsigned
site_grow(struct cached_resource *site)
{
	unsigned last = site->vary_count;

	if (last == VARIES_MAX) {
		mem_free((void *)site_vary(site, --last)->at);
		return last;
	}
	if (last == 1)
		site->varies = mem_alloc((VARIES_MAX - 1) * sizeof *site->varies);
	site->vary_count++;
	return last;
}

/* The site of a resource whose answer is stored, with the Vary of it in front. */
static struct cached_resource *
site_learn(struct sharedcaches *caches, struct key resource, struct slice vary)
{
	struct cached_resource *site = table_put(caches->sites, resource);
	struct slice front = {NULL, 0};
	size_t owned = 0;
	unsigned at = 0;

	if (!site->generation)
		site->generation = ++caches->last_generation;
	while (at < site->vary_count && !slice_eq(*site_vary(site, at), vary))
		at++;
	if (at == 0 && site->vary_count)
		return site;
	if (at < site->vary_count) {
		front = *site_vary(site, at);
	} else {
		at = site_grow(site);
		if (vary.n)
			front = slice_of(
				memcpy(mem_alloc(vary.n), vary.at, vary.n), vary.n);
	}
	for (; at; at--)
		*site_vary(site, at) = *site_vary(site, at - 1);
	site->vary = front;
	for (unsigned i = 0; i < site->vary_count; i++)
		owned += site_vary(site, i)->n;
	if (site->varies)
		owned += (VARIES_MAX - 1) * sizeof *site->varies;
	table_own(caches->sites, site, owned);
	return site;
}

static void
cache_store(struct cache *cache, struct key variant, uint64_t generation,
	const struct sharedentry *entry)
{
	uint64_t capacity = cache->numbers.capacity_octets;
	struct stored *stored;

	table_remove(cache->stored, variant);
	if (capacity && entry->size_octets > capacity)
		return;
	stored = table_put(cache->stored, variant);
	stored->octets = &cache->octets;
	stored->generation = generation;
	stored->entry = *entry;
	cache->octets += entry->size_octets;
	while (capacity && cache->octets > capacity) {
		table_remove(cache->stored, table_key(table_oldest(cache->stored)));
		cache->numbers.evictions++;
	}
}

/* The entry of a slot, if it is still what the request found. */
static struct stored *
slot_stored(struct sharedcaches *caches, struct cache *cache, const struct slot *slot,
	struct key resource)
{
	const struct cached_resource *site = table_find(caches->sites, resource);
	struct stored *stored = table_use(cache->stored, slot->variant);

	return site && stored && stored->generation == site->generation ? stored : NULL;
}

/* What an exchange is to the caches, once for all of them. */
struct response {
	const struct before *before;
	const struct exchange *x;
	const struct sighting *seen;
	bool is_provable, is_get;
	bool is_stored; /* where it was not fresh */
	struct key variant;
	uint64_t generation;
	struct sharedentry entry;
};

/* Looks at the answer that went through the cache. */
static void
cache_learn(struct sharedcaches *caches, struct cache *cache, const struct slot *slot,
	const struct response *r, bool is_confirmed)
{
	struct stored *stored;
	bool is_over;

	if (r->is_stored) {
		cache_store(cache, r->variant, r->generation, &r->entry);
		return;
	}
	stored = slot && slot->is_there
			 ? slot_stored(caches, cache, slot, r->before->resource)
			 : NULL;
	if (!stored)
		return;
	is_over = r->is_get && sharedentry_is_forbidden(r->x);
	if (!r->is_get && r->x->r.status == 200) {
		is_confirmed = sharedentry_agrees(&stored->entry, r->x, r->seen);
		is_over = !is_confirmed;
	}
	if (is_over)
		table_remove(cache->stored, slot->variant);
	else if (is_confirmed)
		sharedentry_freshen(&stored->entry, r->x, r->seen);
}

static void
cache_count(struct sharedcaches *caches, struct cache *cache, const struct slot *slot,
	const struct response *r)
{
	struct sharedcache_numbers *n = &cache->numbers;
	bool is_there = slot && slot->is_there && r->is_provable;
	bool is_confirmed = is_there && r->is_get &&
			    sharedentry_is_confirmed(&slot->entry, r->x, r->seen);
	uint64_t body = r->is_get ? exchange_r_wire(r->x) : 0;

	n->requests++;
	n->body_total += body;
	if (is_there && slot->is_usable) {
		n->fresh_hits++;
		n->body_saved += body;
		n->head_saved += r->x->q.head_bytes + exchange_r_head(r->x);
		n->stale_served += sharedentry_is_outdated(&slot->entry, r->x, r->seen);
		return;
	}
	if (is_confirmed) {
		n->validated_hits++;
		n->body_saved += body;
	} else if (r->x->r.status == 304 && (r->is_get || !is_there)) {
		n->passes++;
	} else {
		n->misses++;
	}
	if (r->is_provable)
		cache_learn(caches, cache, slot, r, is_confirmed);
}

/* A resource that was changed: what was stored of it is gone. */
static void
forget(struct sharedcaches *caches, struct key resource)
{
	struct cached_resource *site = table_use(caches->sites, resource);

	if (!site)
		return;
	site->generation = ++caches->last_generation;
	for (size_t i = 0; i < caches->count; i++)
		table_remove(caches->caches[i].stored, resource);
}

static void
response_prepare(struct sharedcaches *caches, struct response *r)
{
	struct arena scratch = {0};
	struct slice vary = message_values(&r->x->r, FIELD_VARY, &scratch);

	if (r->is_provable && sharedentry_is_storable(r->x) &&
		variant_key(r->before->resource, r->x, vary, &r->variant)) {
		r->is_stored = true;
		r->entry = sharedentry_of(r->x, r->seen);
		r->generation = site_learn(caches, r->before->resource, vary)->generation;
	}
	arena_fini(&scratch);
}

void
sharedcaches_close(struct sharedcaches *caches, struct sharedcase *found,
	const struct before *before, const struct exchange *x,
	const struct sighting *seen, bool is_provable)
{
	struct response r = {.before = before,
		.x = x,
		.seen = seen,
		.is_provable = is_provable,
		.is_get = x->method == METHOD_GET};
	struct key changed[RESOURCES_CHANGED_MAX];
	unsigned count;

	if (x->has_response && (r.is_get || x->method == METHOD_HEAD)) {
		response_prepare(caches, &r);
		for (size_t i = 0; i < caches->count; i++)
			cache_count(caches, &caches->caches[i],
				found ? &found->slots[i] : NULL, &r);
	} else if (is_provable) {
		count = resource_keys_changed(
			before->origin, before->resource, x, changed);
		for (unsigned i = 0; i < count; i++)
			forget(caches, changed[i]);
	}
	case_free(caches, found);
}

size_t
sharedcaches_count(const struct sharedcaches *caches)
{
	return caches->count;
}

struct sharedcache_numbers
sharedcaches_numbers(const struct sharedcaches *caches, size_t index)
{
	const struct cache *cache = &caches->caches[index];
	struct sharedcache_numbers numbers = cache->numbers;

	numbers.forgotten = table_evictions(cache->stored);
	numbers.evictions += numbers.forgotten;
	numbers.stored_octets = cache->octets;
	return numbers;
}

void
sharedcaches_restore(struct sharedcaches *caches, size_t index,
	const struct sharedcache_numbers *numbers)
{
	caches->caches[index].numbers = *numbers;
	caches->caches[index].octets = numbers->stored_octets;
}

uint64_t
sharedcaches_forgotten(const struct sharedcaches *caches)
{
	uint64_t forgotten = table_evictions(caches->sites);

	for (size_t i = 0; i < caches->count; i++)
		forgotten += table_evictions(caches->caches[i].stored);
	return forgotten;
}
