#include "analyzer/base/sketch.h"

#include "analyzer/base/mem.h"

enum {
	SLOTS_MIN = 64,
	REGISTER_BITS = 14,
	REGISTERS = 1 << REGISTER_BITS,
};

struct sketch {
	uint64_t *slots; /* of the set; 0: empty; NULL once it is an estimate */
	size_t slot_mask, count;
	uint8_t *registers;
};

struct sketch *
sketch_new(void)
{
	struct sketch *sketch = mem_alloc(sizeof *sketch);

	sketch->slot_mask = SLOTS_MIN - 1;
	sketch->slots = mem_alloc(SLOTS_MIN * sizeof *sketch->slots);
	return sketch;
}

void
sketch_free(struct sketch **sketch)
{
	if (!*sketch)
		return;
	mem_free((*sketch)->slots);
	mem_free((*sketch)->registers);
	mem_free(*sketch);
	*sketch = NULL;
}

/* The register is told by the upper bits; what it keeps is the rank of the others. */
static void
register_add(struct sketch *sketch, uint64_t hash)
{
	uint8_t *slot = &sketch->registers[hash >> (64 - REGISTER_BITS)];
	uint8_t rank = 1;

	for (hash <<= REGISTER_BITS; rank <= 64 - REGISTER_BITS && !(hash >> 63);
		hash <<= 1)
		rank++;
	if (rank > *slot)
		*slot = rank;
}

static void
set_insert(struct sketch *sketch, uint64_t hash)
{
	size_t slot = hash & sketch->slot_mask;

	while (sketch->slots[slot] && sketch->slots[slot] != hash)
		slot = (slot + 1) & sketch->slot_mask;
	sketch->count += !sketch->slots[slot];
	sketch->slots[slot] = hash;
}

static void
set_double(struct sketch *sketch)
{
	size_t old_count = sketch->slot_mask + 1;
	uint64_t *old = sketch->slots;

	sketch->slot_mask = 2 * old_count - 1;
	sketch->slots = mem_alloc(2 * old_count * sizeof *sketch->slots);
	sketch->count = 0;
	for (size_t i = 0; i < old_count; i++)
		if (old[i])
			set_insert(sketch, old[i]);
	mem_free(old);
}

static void
set_give_up(struct sketch *sketch)
{
	sketch->registers = mem_alloc(REGISTERS);
	for (size_t i = 0; i <= sketch->slot_mask; i++)
		if (sketch->slots[i])
			register_add(sketch, sketch->slots[i]);
	mem_free(sketch->slots);
	sketch->slots = NULL;
}

/* Once more through a hash: keys may be short.  0 stands for an empty slot. */
static uint64_t
hash_of(struct key key)
{
	uint64_t hash = key_add_key(key_start(0), key).high;

	return hash ? hash : 1;
}

void
sketch_add(struct sketch *sketch, struct key key)
{
	uint64_t hash = hash_of(key);

	if (!sketch->slots) {
		register_add(sketch, hash);
		return;
	}
	set_insert(sketch, hash);
	if (sketch->count > SKETCH_EXACT)
		set_give_up(sketch);
	else if (4 * sketch->count > 3 * (sketch->slot_mask + 1))
		set_double(sketch);
}

/*
 * Flajolet and others, HyperLogLog, 2007.  Their correction for small numbers is not
 * needed: those are exact.
 */
uint64_t
sketch_count(const struct sketch *sketch)
{
	double m = REGISTERS, sum = 0;

	if (sketch->slots)
		return sketch->count;
	for (size_t i = 0; i < REGISTERS; i++)
		sum += 1.0 / (double)(UINT64_C(1) << sketch->registers[i]);
	return (uint64_t)(0.7213 / (1 + 1.079 / m) * m * m / sum + 0.5);
}

bool
sketch_is_exact(const struct sketch *sketch)
{
	return sketch->slots != NULL;
}
