#include "analyzer/history/shelf.h"

#include "analyzer/base/bloom.h"
#include "analyzer/base/mem.h"
#include "analyzer/base/table.h"
#include "analyzer/history/variant.h"

#include <assert.h>

enum {
	/* Parts of the budget: values of Vary, keys of what was evicted. */
	VARIES_PART = 128,
	EVICTED_PART = 64
};

struct shelf {
	struct kept first;
	struct kept *others; /* owned */
};

_Static_assert(sizeof(struct shelf) == 128, "a million of them was reckoned with");

struct shelves {
	uint64_t seed;
	struct table *shelves;
	struct table *varies; /* values of Vary, by their marks */
	struct bloom *evicted;
};

/* A value of Vary. */
struct vary {
	uint8_t *octets;
	size_t n;
};

static void
vary_drop(void *entry)
{
	mem_free(((struct vary *)entry)->octets);
}

static void
shelf_drop(void *entry)
{
	mem_free(((struct shelf *)entry)->others);
}

static struct key
bloom_key(uint32_t mark)
{
	return key_add_number(key_start(0), mark);
}

static void
on_eviction(void *context, const void *entry)
{
	const struct shelf *shelf = entry;

	bloom_add(context, bloom_key(shelf->first.shelf_mark));
}

struct shelves *
shelves_new(uint64_t budget_bytes, uint64_t seed)
{
	struct shelves *shelves = mem_alloc(sizeof *shelves);

	shelves->seed = seed;
	shelves->shelves = table_new(sizeof(struct shelf),
		budget_bytes - budget_bytes / VARIES_PART - budget_bytes / EVICTED_PART,
		shelf_drop);
	shelves->varies = table_new(
		sizeof(struct vary), budget_bytes / VARIES_PART, vary_drop);
	shelves->evicted = bloom_new(budget_bytes / EVICTED_PART);
	table_on_eviction(shelves->shelves, on_eviction, shelves->evicted);
	return shelves;
}

void
shelves_free(struct shelves **shelves)
{
	if (!*shelves)
		return;
	table_free(&(*shelves)->shelves);
	table_free(&(*shelves)->varies);
	bloom_free(&(*shelves)->evicted);
	mem_free(*shelves);
	*shelves = NULL;
}

uint64_t
shelves_evictions(const struct shelves *shelves)
{
	return table_evictions(shelves->shelves) + table_evictions(shelves->varies);
}

/* ---- values of Vary ---- */

/* 0 stands for no value. */
static uint32_t
vary_mark(struct shelves *shelves, struct slice value)
{
	struct key key = key_add(key_start(shelves->seed), value);
	uint32_t mark = (uint32_t)key.low | 1;
	struct vary *vary;

	if (!value.n)
		return 0;
	vary = table_put(shelves->varies, key_add_number(key_start(shelves->seed), mark));
	if (vary->n)
		return mark;
	vary->octets = mem_alloc(value.n);
	memcpy(vary->octets, value.at, value.n);
	vary->n = value.n;
	table_own(shelves->varies, vary, value.n);
	return mark;
}

static bool
vary_value(const struct shelves *shelves, uint32_t mark, struct slice *value)
{
	const struct vary *vary = table_find(
		shelves->varies, key_add_number(key_start(shelves->seed), mark));

	*value = vary ? slice_of(vary->octets, vary->n) : (struct slice){NULL, 0};
	return vary || !mark;
}

/* ---- shelves ---- */

bool
shelves_may_have_had(const struct shelves *shelves, uint64_t plain)
{
	return bloom_has(shelves->evicted, bloom_key((uint32_t)plain));
}

void
shelves_expire(struct shelves *shelves, uint32_t now_s, uint32_t idle_s)
{
	table_expire(shelves->shelves, now_s, idle_s);
}

struct shelf *
shelf_use(struct shelves *shelves, struct key pair)
{
	return table_use(shelves->shelves, pair);
}

struct shelf *
shelf_put(struct shelves *shelves, const struct before *before)
{
	struct shelf *shelf = table_put(shelves->shelves, before->pair);

	shelf->first.shelf_mark = (uint32_t)before->plain;
	return shelf;
}

const struct shelf *
shelf_find(const struct shelves *shelves, struct key pair)
{
	return table_find(shelves->shelves, pair);
}

unsigned
shelf_count(const struct shelf *shelf)
{
	return shelf->first.shelf_count;
}

struct kept *
shelf_at(struct shelf *shelf, unsigned number)
{
	return number ? &shelf->others[number - 1] : &shelf->first;
}

const struct kept *
shelf_look(const struct shelf *shelf, unsigned number)
{
	return number ? &shelf->others[number - 1] : &shelf->first;
}

const struct kept *
shelf_choose(const struct shelves *shelves, const struct shelf *shelf,
	struct key resource, const struct exchange *x, struct key *variant)
{
	struct slice value;
	uint32_t vary = 0;
	bool matches = true;

	*variant = resource;
	for (unsigned i = 0; i < shelf_count(shelf); i++) {
		const struct kept *entry = shelf_look(shelf, i);

		if (entry->vary != vary) {
			vary = entry->vary;
			matches = vary_value(shelves, vary, &value) &&
				  variant_key(resource, x, value, variant);
		}
		if (matches && entry->variant == (uint32_t)variant->low)
			return entry;
	}
	return NULL;
}

struct kept *
shelf_select(const struct shelves *shelves, struct shelf *shelf, struct key resource,
	const struct exchange *x, struct key *variant)
{
	return (struct kept *)(uintptr_t)shelf_choose(
		shelves, shelf, resource, x, variant);
}

struct kept *
shelf_raise(struct shelf *shelf, struct kept *entry)
{
	struct kept raised = *entry;

	raised.shelf_count = shelf->first.shelf_count;
	raised.shelf_room = shelf->first.shelf_room;
	raised.shelf_mark = shelf->first.shelf_mark;

	if (entry != &shelf->first) {
		memmove(shelf->others + 1, shelf->others,
			(size_t)(entry - shelf->others) * sizeof *entry);
		shelf->others[0] = shelf->first;
	}
	shelf->first = raised;
	return &shelf->first;
}

/* Room for one more at the end, where the oldest lies if all is taken. */
static struct kept *
shelf_add(struct shelves *shelves, struct shelf *shelf)
{
	unsigned count = shelf_count(shelf);

	if (count == HELD_VARIANTS)
		return shelf_at(shelf, count - 1);
	if (count > shelf->first.shelf_room) {
		unsigned room = count < 4 ? 3 : HELD_VARIANTS - 1;

		shelf->others = mem_grow(shelf->others, room * sizeof *shelf->others);
		shelf->first.shelf_room = (uint8_t)room;
		table_own(shelves->shelves, shelf, room * sizeof *shelf->others);
	}
	shelf->first.shelf_count++;
	return shelf_at(shelf, count);
}

struct kept *
shelf_renew(struct shelves *shelves, struct shelf *shelf, struct key variant,
	struct slice vary)
{
	struct kept *entry = NULL;

	for (unsigned i = 0; i < shelf_count(shelf) && !entry; i++)
		if (shelf_at(shelf, i)->variant == (uint32_t)variant.low)
			entry = shelf_at(shelf, i);
	if (!entry)
		entry = shelf_add(shelves, shelf);
	entry = shelf_raise(shelf, entry);
	*entry = (struct kept){.shelf_count = entry->shelf_count,
		.shelf_room = entry->shelf_room,
		.shelf_mark = entry->shelf_mark,
		.variant = (uint32_t)variant.low,
		.vary = vary_mark(shelves, vary)};
	return entry;
}
