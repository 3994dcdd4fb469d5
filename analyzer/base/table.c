#include "analyzer/base/table.h"

#include "analyzer/base/mem.h"

#include <assert.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
	BUCKETS_MIN = 4,
	BUCKETS_FEW = 1024, /* so many cost little, and are soon too few */
	BUCKET_SLOTS = 15,
	BUCKET_FILL = 12, /* on average, at most */
	CHUNK_BYTES = 64 * 1024,
	FETCHED_BYTES = 3 * MEM_LINE_BYTES, /* of an entry that is expected */
	NODE_NONE = 0,
	NODE_COUNT_MAX = INT32_MAX,
	/* Of the index: it grows by half when its buckets have BUCKET_FILL each.  A small
	 * one doubles and costs a little more, but is seldom laid anew. */
	INDEX_COST_BYTES = 8
};

#define NODE_FREE UINT32_MAX

/* An entry with what the table knows of it; the entry follows. */
struct node {
	uint64_t hash;
	uint32_t newer, older; /* NODE_FREE, and the next free node, if it is free */
	uint32_t owned_bytes : 31;
	uint32_t again : 1; /* used in the second in which it took its place; of rough
			       ones */
	uint32_t used_s;
	uint64_t entry[];
};

/* A cache line.  A slot is the number of a node below, and bits of its hash above. */
struct bucket {
	uint32_t count : 4;
	uint32_t passed : 28; /* nodes that found it full and lie further on */
	uint32_t slots[BUCKET_SLOTS];
};

_Static_assert(sizeof(struct bucket) == 64, "a miss costs one cache line");

struct found {
	struct node *node; /* NULL: there is none */
	uint32_t number;
	uint32_t slot; /* of its bucket */
};

struct table {
	/* What a lookup in a rough table reads is in the first cache line. */
	struct bucket *buckets;
	uint8_t **chunks;     /* of nodes; a node never moves */
	uint8_t *first_chunk; /* `chunks` while there is no other */
	/* The node that was used last, or is expected, and its hash, most likely: others
	 * need no look at it.  NODE_NONE: no node has that hash. */
	uint64_t expected_hash;
	uint32_t expected;
	uint32_t bucket_count;
	uint32_t number_mask; /* which bits of a slot are the number */
	uint32_t count;
	uint32_t node_bytes;
	uint32_t chunk_mask;
	uint32_t now_s;
	uint8_t chunk_shift; /* a chunk has 1 << chunk_shift nodes */
	bool is_rough;	     /* table_new_rough() */

	uint32_t newest, oldest;
	uint32_t free;
	uint32_t node_count; /* ever handed out by the chunks */
	size_t chunk_count;
	uint64_t bytes, budget_bytes, evictions;
	table_drop *drop;
	void (*evicted)(void *context, const void *entry);
	void *context;
};

_Static_assert(offsetof(struct table, is_rough) < MEM_LINE_BYTES, "one line is enough");

/* Nodes are numbered from 1. */
static inline struct node *
node_at(const struct table *table, uint32_t number)
{
	size_t index = number - 1;

	return (struct node *)(void *)(table->chunks[index >> table->chunk_shift] +
				       (index & table->chunk_mask) * table->node_bytes);
}

static struct node *
node_of(const void *entry)
{
	return (struct node *)(void *)((uint8_t *)entry - offsetof(struct node, entry));
}

/* What an entry costs: its node, and at most its share of an index that is not small. */
static uint64_t
node_cost(const struct table *table)
{
	return table->node_bytes + INDEX_COST_BYTES;
}

/* More nodes than fit into the budget are never there at once, but for one or two. */
static uint32_t
number_mask(const struct table *table)
{
	uint64_t most = table->budget_bytes / node_cost(table) + 2;
	uint32_t mask = 1;

	while (mask < most && mask < NODE_COUNT_MAX)
		mask = 2 * mask + 1;
	return mask;
}

static struct bucket *
buckets_new(size_t count)
{
	return mem_alloc_aligned(sizeof(struct bucket), count * sizeof(struct bucket));
}

struct table *
table_new(size_t entry_bytes, uint64_t budget_bytes, table_drop *drop)
{
	struct table *table = mem_alloc_aligned(MEM_LINE_BYTES, sizeof *table);

	table->node_bytes = (uint32_t)((sizeof(struct node) + entry_bytes + 7) &
				       ~(size_t)7);
	while (table->node_bytes << (table->chunk_shift + 1) <= CHUNK_BYTES)
		table->chunk_shift++;
	table->chunk_mask = (1u << table->chunk_shift) - 1;
	table->buckets = buckets_new(BUCKETS_MIN);
	table->bucket_count = BUCKETS_MIN;
	table->budget_bytes = budget_bytes;
	table->number_mask = number_mask(table);
	table->drop = drop;
	return table;
}

void
table_on_eviction(struct table *table, void (*evicted)(void *context, const void *entry),
	void *context)
{
	table->evicted = evicted;
	table->context = context;
}

struct table *
table_new_rough(size_t entry_bytes, uint64_t budget_bytes, table_drop *drop)
{
	struct table *table = table_new(entry_bytes, budget_bytes, drop);

	table->is_rough = true;
	return table;
}

void
table_free(struct table **table)
{
	struct table *t = *table;

	if (!t)
		return;
	for (uint32_t n = t->oldest; t->drop && n != NODE_NONE; n = node_at(t, n)->newer)
		t->drop(node_at(t, n)->entry);
	for (size_t i = 0; i < t->chunk_count; i++)
		mem_free(t->chunks[i]);
	if (t->chunks != &t->first_chunk)
		mem_free(t->chunks);
	mem_free(t->buckets);
	mem_free(t);
	*table = NULL;
}

/* ---- the index ---- */

/* Where nodes of the hash lie unless it is full: by its upper half. */
static size_t
bucket_home(const struct table *table, uint64_t hash)
{
	return (hash >> 32) * table->bucket_count >> 32;
}

static size_t
bucket_next(const struct table *table, size_t bucket)
{
	return bucket + 1 == table->bucket_count ? 0 : bucket + 1;
}

/* Of the lower half, which chose no bucket, what the number leaves room for. */
static uint32_t
slot_bits(const struct table *table, uint64_t hash)
{
	return (uint32_t)hash & ~table->number_mask;
}

#ifdef __SSE2__
static inline __m128i
four_equal(const __m128i *line, __m128i masks, __m128i all)
{
	return _mm_cmpeq_epi32(_mm_and_si128(_mm_load_si128(line), masks), all);
}
#endif

/*
 * Which slots have these bits of the hash, as bits.  All are compared at once: where in
 * a bucket something lies, or that it does not, no processor guesses.
 */
static inline uint32_t
bucket_candidates(const struct bucket *bucket, uint32_t mask, uint32_t bits)
{
#ifdef __SSE2__
	const __m128i *line = (const __m128i *)(const void *)bucket;
	__m128i masks = _mm_set1_epi32((int)mask), all = _mm_set1_epi32((int)bits);
	__m128i low = _mm_packs_epi32(
		four_equal(line, masks, all), four_equal(line + 1, masks, all));
	__m128i high = _mm_packs_epi32(
		four_equal(line + 2, masks, all), four_equal(line + 3, masks, all));
	uint32_t found = (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(low, high));

	found >>= 1; /* the first word is no slot */
#else
	uint32_t found = 0;

	for (unsigned i = 0; i < BUCKET_SLOTS; i++)
		found |= (uint32_t)((bucket->slots[i] & mask) == bits) << i;
#endif
	return found & ((1u << bucket->count) - 1);
}

static inline struct found
bucket_find(const struct table *table, const struct bucket *bucket, uint64_t hash)
{
	uint32_t left = bucket_candidates(
		bucket, ~table->number_mask, slot_bits(table, hash));

	for (; left; left &= left - 1) {
		unsigned slot = (unsigned)__builtin_ctz(left);
		uint32_t number = bucket->slots[slot] & table->number_mask;
		struct node *node = node_at(table, number);

		if (node->hash == hash)
			return (struct found){node, number, slot};
	}
	return (struct found){NULL, NODE_NONE, 0};
}

/* Behind a bucket that was full. */
static struct found
index_find_behind(const struct table *table, uint64_t hash, size_t at)
{
	struct found found = {NULL, NODE_NONE, 0};

	for (size_t i = 1; i < table->bucket_count && !found.node; i++) {
		at = bucket_next(table, at);
		found = bucket_find(table, &table->buckets[at], hash);
		if (!table->buckets[at].passed)
			break;
	}
	return found;
}

static inline struct found
index_find(const struct table *table, uint64_t hash)
{
	size_t at = bucket_home(table, hash);
	const struct bucket *bucket = &table->buckets[at];
	struct found found = bucket_find(table, bucket, hash);

	if (!found.node && bucket->passed)
		return index_find_behind(table, hash, at);
	return found;
}

static void
index_add(struct table *table, uint64_t hash, uint32_t number)
{
	size_t at = bucket_home(table, hash);
	struct bucket *bucket = &table->buckets[at];

	while (bucket->count == BUCKET_SLOTS) {
		bucket->passed++;
		at = bucket_next(table, at);
		bucket = &table->buckets[at];
	}
	bucket->slots[bucket->count++] = slot_bits(table, hash) | number;
}

/* Of a node that is there.  The buckets that it passed are told. */
static void
index_remove(struct table *table, uint64_t hash)
{
	size_t at = bucket_home(table, hash);
	struct bucket *bucket = &table->buckets[at];
	struct found found;

	while (!(found = bucket_find(table, bucket, hash)).node) {
		bucket->passed--;
		at = bucket_next(table, at);
		bucket = &table->buckets[at];
	}
	bucket->slots[found.slot] = bucket->slots[--bucket->count];
}

/* Nodes in the order of their numbers: that is how they lie in memory. */
static void
index_grow(struct table *table)
{
	mem_free(table->buckets);
	table->bucket_count += table->bucket_count < BUCKETS_FEW
				       ? table->bucket_count
				       : table->bucket_count / 2;
	table->buckets = buckets_new(table->bucket_count);
	for (uint32_t n = 1; n <= table->node_count; n++)
		if (node_at(table, n)->newer != NODE_FREE)
			index_add(table, node_at(table, n)->hash, n);
}

/* ---- the order of use ---- */

static inline void
order_unlink(struct table *table, struct node *node)
{
	if (node->newer != NODE_NONE)
		node_at(table, node->newer)->older = node->older;
	else
		table->newest = node->older;
	if (node->older != NODE_NONE)
		node_at(table, node->older)->newer = node->newer;
	else
		table->oldest = node->newer;
}

static inline void
order_first(struct table *table, struct node *node, uint32_t number)
{
	node->newer = NODE_NONE;
	node->older = table->newest;
	if (table->newest != NODE_NONE)
		node_at(table, table->newest)->newer = number;
	else
		table->oldest = number;
	table->newest = number;
}

/* It becomes the newest. */
static inline void
order_renew(struct table *table, struct node *node, uint32_t number)
{
	node->used_s = table->now_s;
	node->again = false;
	if (table->newest == number)
		return;
	order_unlink(table, node);
	order_first(table, node, number);
}

/* ---- nodes ---- */

/* The list of them is apart from the table as soon as there are two. */
static void
chunk_add(struct table *table)
{
	size_t count = table->chunk_count++;
	uint8_t **apart = count > 1 ? table->chunks : NULL;

	table->chunks = count ? mem_grow(apart, (count + 1) * sizeof *apart)
			      : &table->first_chunk;
	table->chunks[0] = table->first_chunk;
	table->chunks[count] = mem_grow(
		NULL, (size_t)table->node_bytes << table->chunk_shift);
}

static uint32_t
node_new(struct table *table)
{
	uint32_t number = table->free;

	if (number != NODE_NONE) {
		table->free = node_at(table, number)->older;
		return number;
	}
	assert(table->node_count < table->number_mask);
	if (table->node_count == table->chunk_count << table->chunk_shift)
		chunk_add(table);
	return ++table->node_count;
}

static void
node_remove(struct table *table, uint32_t number)
{
	struct node *node = node_at(table, number);

	if (table->drop)
		table->drop(node->entry);
	if (table->expected == number) {
		table->expected = NODE_NONE;
		table->expected_hash = node->hash;
	}
	order_unlink(table, node);
	index_remove(table, node->hash);
	table->bytes -= node_cost(table) + node->owned_bytes;
	table->count--;
	node->newer = NODE_FREE;
	node->older = table->free;
	table->free = number;
}

static void
evict_to_budget(struct table *table, const struct node *keep)
{
	while (table->bytes > table->budget_bytes && table->oldest != NODE_NONE) {
		struct node *victim = node_at(table, table->oldest);

		if (victim == keep && table->count == 1)
			break;
		if (victim == keep || (victim->again && victim->used_s == table->now_s)) {
			order_renew(table, victim, table->oldest);
			continue;
		}
		if (table->evicted)
			table->evicted(table->context, victim->entry);
		node_remove(table, table->oldest);
		table->evictions++;
	}
}

void
table_expire(struct table *table, uint32_t now_s, uint32_t idle_s)
{
	table->now_s = now_s;
	while (table->oldest != NODE_NONE) {
		const struct node *node = node_at(table, table->oldest);

		/* A clock that was set back makes nothing old. */
		if (now_s - node->used_s <= idle_s || now_s - node->used_s > INT32_MAX)
			break;
		node_remove(table, table->oldest);
	}
}

void
table_expect(struct table *table, struct key key)
{
	__builtin_prefetch(&table->buckets[bucket_home(table, key.low)]);
}

void
table_expect_entry(struct table *table, struct key key)
{
	const struct bucket *bucket;
	uint32_t found;

	if (table->expected_hash != key.low) {
		bucket = &table->buckets[bucket_home(table, key.low)];
		found = bucket_candidates(
			bucket, ~table->number_mask, slot_bits(table, key.low));
		if (!found && bucket->passed)
			return;
		table->expected_hash = key.low;
		table->expected = found ? bucket->slots[__builtin_ctz(found)] &
						  table->number_mask
					: NODE_NONE;
	}
	if (table->expected != NODE_NONE)
		mem_expect(node_at(table, table->expected), FETCHED_BYTES);
}

static inline struct found
entry_find(const struct table *table, uint64_t hash)
{
	if (table->expected_hash == hash) {
		struct node *node;

		if (table->expected == NODE_NONE)
			return (struct found){NULL, NODE_NONE, 0};
		node = node_at(table, table->expected);
		if (node->hash == hash)
			return (struct found){node, table->expected, 0};
	}
	return table->count ? index_find(table, hash)
			    : (struct found){NULL, NODE_NONE, 0};
}

const void *
table_find(const struct table *table, struct key key)
{
	struct found found = entry_find(table, key.low);

	return found.node ? found.node->entry : NULL;
}

void *
table_use(struct table *table, struct key key)
{
	struct found found = entry_find(table, key.low);
	struct node *node = found.node;

	table->expected = found.number;
	table->expected_hash = key.low;
	if (!node)
		return NULL;
	if (!table->is_rough || node->used_s != table->now_s)
		order_renew(table, node, found.number);
	else if (!node->again)
		node->again = true;
	return node->entry;
}

void *
table_put(struct table *table, struct key key)
{
	void *entry = table_use(table, key);
	uint32_t number;
	struct node *node;

	if (entry)
		return entry;
	if (table->count == BUCKET_FILL * table->bucket_count)
		index_grow(table);
	table->expected = number = node_new(table);
	node = node_at(table, number);
	memset(node, 0, table->node_bytes);
	node->hash = key.low;
	node->used_s = table->now_s;
	index_add(table, key.low, number);
	order_first(table, node, number);
	table->count++;
	table->bytes += node_cost(table);
	evict_to_budget(table, node);
	return node->entry;
}

void
table_own(struct table *table, void *entry, size_t owned_bytes)
{
	struct node *node = node_of(entry);

	assert(owned_bytes <= INT32_MAX);
	table->bytes += owned_bytes;
	table->bytes -= node->owned_bytes;
	node->owned_bytes = (uint32_t)owned_bytes;
	evict_to_budget(table, node);
}

void
table_remove(struct table *table, struct key key)
{
	struct found found = index_find(table, key.low);

	if (found.node)
		node_remove(table, found.number);
}

const void *
table_oldest(const struct table *table)
{
	return table->oldest == NODE_NONE ? NULL : node_at(table, table->oldest)->entry;
}

const void *
table_newer(const struct table *table, const void *entry)
{
	uint32_t number = node_of(entry)->newer;

	return number == NODE_NONE ? NULL : node_at(table, number)->entry;
}

struct key
table_key(const void *entry)
{
	return key_of_short(node_of(entry)->hash);
}

size_t
table_count(const struct table *table)
{
	return table->count;
}

uint64_t
table_bytes(const struct table *table)
{
	return table->bytes;
}

uint64_t
table_budget(const struct table *table)
{
	return table->budget_bytes;
}

uint64_t
table_evictions(const struct table *table)
{
	return table->evictions;
}
