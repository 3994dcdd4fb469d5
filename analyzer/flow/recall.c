#include "analyzer/flow/recall.h"

#include "analyzer/base/mem.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
	FIRST_RING = 8,
	LONGEST_RING = 32,
	HEAD_BYTES = 64, /* hashed at the ends of a long segment */
	TAIL_BYTES = 64,
};

struct recalled {
	uint32_t offset; /* its lower half: the ring is never 2 GiB long */
	uint32_t bytes;
	uint64_t hash;
};

static uint64_t
recall_hash(struct slice octets)
{
	const uint8_t *tail = octets.at + octets.n - TAIL_BYTES;

	if (octets.n <= HEAD_BYTES + TAIL_BYTES)
		return XXH3_64bits(octets.at, octets.n);
	return XXH3_64bits(octets.at, HEAD_BYTES) + XXH3_64bits(tail, TAIL_BYTES);
}

/* While it grows it is in the order of time; then the oldest makes room. */
static void
recall_grow(struct recall *recall)
{
	uint16_t capacity = recall->capacity ? recall->capacity * 2 : FIRST_RING;

	if (recall->capacity == LONGEST_RING) {
		recall->at = 0;
		return;
	}
	recall->ring = mem_grow(recall->ring, capacity * sizeof *recall->ring);
	memset(recall->ring + recall->capacity, 0,
		(size_t)(capacity - recall->capacity) * sizeof *recall->ring);
	recall->capacity = capacity;
}

void
recall_note(struct recall *recall, uint64_t offset, struct slice octets)
{
	if (!octets.n)
		return;
	if (recall->at == recall->capacity)
		recall_grow(recall);
	recall->ring[recall->at++] = (struct recalled){.offset = (uint32_t)offset,
		.bytes = (uint32_t)octets.n,
		.hash = recall_hash(octets)};
}

struct conflict
recall_compare(const struct recall *recall, int64_t offset, struct slice copy)
{
	struct conflict conflict = {0};

	for (uint16_t i = 0; i < recall->capacity; i++) {
		const struct recalled *known = &recall->ring[i];
		int32_t at = (int32_t)(known->offset - (uint32_t)offset);
		int64_t begin = offset + at;

		if (!known->bytes || at < 0 || (uint64_t)at + known->bytes > copy.n ||
			known->hash == recall_hash(slice_part(copy, (size_t)at,
					       (size_t)at + known->bytes)))
			continue;
		conflict_add(&conflict, (uint64_t)begin, (uint64_t)begin + known->bytes,
			known->bytes);
	}
	return conflict;
}

void
recall_free(struct recall *recall)
{
	mem_free(recall->ring);
	*recall = (struct recall){0};
}
