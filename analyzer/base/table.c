#include "analyzer/base/table.h"

#include "analyzer/base/mem.h"

#include <assert.h>

enum {
	SLOTS_MIN = 64,
	CHUNK_BYTES = 64 * 1024,
	NODE_NONE = 0, /* nodes are numbered from 1, so that zeroed slots are empty */
};

/* An entry with what the table knows of it; the entry follows. */
struct node {
	struct key key;
	uint32_t newer, older; /* `older` also links free nodes */
	uint32_t owned_bytes;
	uint32_t used_s;
	uint64_t entry[];
};

struct table {
	uint32_t *slots; /* numbers of nodes */
	size_t slot_mask;
	uint8_t **chunks; /* of nodes; a node never moves */
	size_t chunk_count, chunk_nodes, node_bytes;
	uint32_t node_count; /* ever handed out by the chunks */
	uint32_t free;
	uint32_t newest, oldest;
	size_t count;
	uint64_t bytes, budget_bytes, evictions;
	uint32_t now_s;
	table_drop *drop;
	void (*evicted)(void *context, const void *entry);
	void *context;
};

static struct node *
node_at(const struct table *table, uint32_t number)
{
	size_t index = number - 1;
	uint8_t *chunk = table->chunks[index / table->chunk_nodes];

	return (struct node *)(void *)(chunk +
				       index % table->chunk_nodes * table->node_bytes);
}

static struct node *
node_of(const void *entry)
{
	return (struct node *)(void *)((uint8_t *)entry - offsetof(struct node, entry));
}

struct table *
table_new(size_t entry_bytes, uint64_t budget_bytes, table_drop *drop)
{
	struct table *table = mem_alloc(sizeof *table);

	table->node_bytes = (sizeof(struct node) + entry_bytes + 7) & ~(size_t)7;
	table->chunk_nodes = CHUNK_BYTES / table->node_bytes;
	if (table->chunk_nodes == 0)
		table->chunk_nodes = 1;
	table->slots = mem_alloc(SLOTS_MIN * sizeof *table->slots);
	table->slot_mask = SLOTS_MIN - 1;
	table->budget_bytes = budget_bytes;
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
	mem_free(t->chunks);
	mem_free(t->slots);
	mem_free(t);
	*table = NULL;
}

/* The slot of a key, or the empty one where it belongs. */
static size_t
slot_find(const struct table *table, struct key key)
{
	size_t slot = key.low & table->slot_mask;

	while (table->slots[slot] != NODE_NONE &&
		!key_eq(node_at(table, table->slots[slot])->key, key))
		slot = (slot + 1) & table->slot_mask;
	return slot;
}

static void
slots_double(struct table *table)
{
	size_t old_count = table->slot_mask + 1;
	uint32_t *old = table->slots;

	table->slot_mask = 2 * old_count - 1;
	table->slots = mem_alloc(2 * old_count * sizeof *table->slots);
	for (size_t i = 0; i < old_count; i++)
		if (old[i] != NODE_NONE)
			table->slots[slot_find(
				table, node_at(table, old[i])->key)] = old[i];
	mem_free(old);
}

/* Empties a slot and moves the rest of its run back over it. */
static void
slot_clear(struct table *table, size_t hole)
{
	size_t slot = hole;

	for (;;) {
		size_t home;

		slot = (slot + 1) & table->slot_mask;
		if (table->slots[slot] == NODE_NONE)
			break;
		home = node_at(table, table->slots[slot])->key.low & table->slot_mask;
		if (((slot - home) & table->slot_mask) <
			((slot - hole) & table->slot_mask))
			continue; /* its home lies behind the hole */
		table->slots[hole] = table->slots[slot];
		hole = slot;
	}
	table->slots[hole] = NODE_NONE;
}

static void
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

static void
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

static uint32_t
node_new(struct table *table)
{
	uint32_t number = table->free;

	if (number != NODE_NONE) {
		table->free = node_at(table, number)->older;
		memset(node_at(table, number), 0, table->node_bytes);
		return number;
	}
	if (table->node_count == table->chunk_count * table->chunk_nodes) {
		table->chunks = mem_grow(
			table->chunks, (table->chunk_count + 1) * sizeof *table->chunks);
		table->chunks[table->chunk_count++] = mem_alloc(
			table->chunk_nodes * table->node_bytes);
	}
	return ++table->node_count;
}

/* What an entry costs: its node, and its slots, of which 3/8 or more are in use. */
static uint64_t
node_cost(const struct table *table)
{
	return table->node_bytes + 3 * sizeof *table->slots;
}

static void
slot_remove(struct table *table, size_t slot)
{
	uint32_t number = table->slots[slot];
	struct node *node = node_at(table, number);

	if (table->drop)
		table->drop(node->entry);
	order_unlink(table, node);
	slot_clear(table, slot);
	table->bytes -= node_cost(table) + node->owned_bytes;
	table->count--;
	node->older = table->free;
	table->free = number;
}

static void
evict_to_budget(struct table *table, const struct node *keep)
{
	while (table->bytes > table->budget_bytes && table->oldest != NODE_NONE) {
		const struct node *victim = node_at(table, table->oldest);

		if (victim == keep)
			break;
		if (table->evicted)
			table->evicted(table->context, victim->entry);
		slot_remove(table, slot_find(table, victim->key));
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
		slot_remove(table, slot_find(table, node->key));
	}
}

const void *
table_find(const struct table *table, struct key key)
{
	uint32_t number = table->slots[slot_find(table, key)];

	return number == NODE_NONE ? NULL : node_at(table, number)->entry;
}

void *
table_use(struct table *table, struct key key)
{
	uint32_t number = table->slots[slot_find(table, key)];
	struct node *node;

	if (number == NODE_NONE)
		return NULL;
	node = node_at(table, number);
	node->used_s = table->now_s;
	if (table->newest != number) {
		order_unlink(table, node);
		order_first(table, node, number);
	}
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
	if (4 * (table->count + 1) > 3 * (table->slot_mask + 1))
		slots_double(table);
	number = node_new(table);
	node = node_at(table, number);
	node->key = key;
	node->used_s = table->now_s;
	table->slots[slot_find(table, key)] = number;
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

	assert(owned_bytes <= UINT32_MAX);
	table->bytes += owned_bytes;
	table->bytes -= node->owned_bytes;
	node->owned_bytes = (uint32_t)owned_bytes;
	evict_to_budget(table, node);
}

void
table_remove(struct table *table, struct key key)
{
	size_t slot = slot_find(table, key);

	if (table->slots[slot] != NODE_NONE)
		slot_remove(table, slot);
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
	return node_of(entry)->key;
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
