#include "analyzer/flow/recall.h"

#include "analyzer/base/mem.h"

enum {
	FIRST_RING = 8,
	LONGEST_RING = 64,
	PIECE_BYTES = 2048, /* of longer segments, at multiples of this in the stream */
	WORD_BYTES = 8,
	LANES = 8,
	BLOCK_BYTES = WORD_BYTES * LANES,
};

struct recalled {
	uint32_t offset; /* its lower half: the ring is never 2 GiB long */
	uint32_t bytes;
	uint64_t sum;
};

/* ---- sums ---- */

/* Odd, so that no bit of a word is lost. */
static const uint64_t keys[LANES] = {
	UINT64_C(0x9e3779b97f4a7c15),
	UINT64_C(0xbf58476d1ce4e5b9),
	UINT64_C(0x94d049bb133111eb),
	UINT64_C(0xd6e8feb86659fd93),
	UINT64_C(0xc2b2ae3d27d4eb4f),
	UINT64_C(0x165667b19e3779f9),
	UINT64_C(0x27d4eb2f165667c5),
	UINT64_C(0x85ebca77c2b2ae63),
};

/* A word of octets that are not all there, or begin inside of it. */
static uint64_t
word_part(const uint8_t *at, size_t n, size_t skip)
{
	uint8_t octets[WORD_BYTES] = {0};
	uint64_t word;

	memcpy(octets + skip, at, n);
	memcpy(&word, octets, sizeof word);
	return word;
}

/* Octets from the start of a piece on. */
static uint64_t
sum_of(struct slice octets)
{
	/* Two words each, which the machine adds at once. */
	uint64_t __attribute__((vector_size(2 * WORD_BYTES))) a = {0}, b = a, c = a,
							      d = a, pair;
	const uint8_t *at = octets.at;
	size_t n = octets.n, lane = 0;
	uint64_t sum, word;

	for (; n >= BLOCK_BYTES; n -= BLOCK_BYTES, at += BLOCK_BYTES) {
		memcpy(&pair, at, sizeof pair);
		a += pair;
		memcpy(&pair, at + 2 * WORD_BYTES, sizeof pair);
		b += pair;
		memcpy(&pair, at + 4 * WORD_BYTES, sizeof pair);
		c += pair;
		memcpy(&pair, at + 6 * WORD_BYTES, sizeof pair);
		d += pair;
	}
	sum = a[0] * keys[0] + a[1] * keys[1] + b[0] * keys[2] + b[1] * keys[3] +
	      c[0] * keys[4] + c[1] * keys[5] + d[0] * keys[6] + d[1] * keys[7];
	for (; n >= WORD_BYTES; n -= WORD_BYTES, at += WORD_BYTES) {
		memcpy(&word, at, sizeof word);
		sum += word * keys[lane++];
	}
	return n ? sum + word_part(at, n, 0) * keys[lane] : sum;
}

/* Octets from `skip` octets behind the start of a piece on. */
static uint64_t
sum_from(struct slice octets, size_t skip)
{
	uint64_t sum = 0;

	while (octets.n && skip % BLOCK_BYTES) {
		size_t within = skip % WORD_BYTES;
		size_t n = WORD_BYTES - within;

		if (n > octets.n)
			n = octets.n;
		sum += word_part(octets.at, n, within) * keys[skip / WORD_BYTES % LANES];
		octets = slice_from(octets, n);
		skip += n;
	}
	return sum + sum_of(octets);
}

/* ---- pieces ---- */

/* While it grows it is in the order of time; then the oldest makes room. */
static void
recall_grow(struct recall *recall, struct recall_budget *budget)
{
	uint16_t capacity = recall->capacity ? recall->capacity * 2 : FIRST_RING;
	uint64_t more = (uint64_t)(capacity - recall->capacity) * sizeof *recall->ring;

	recall->at = 0;
	if (recall->capacity == LONGEST_RING ||
		(budget && budget->bytes + more > budget->most_bytes))
		return;
	if (budget)
		budget->bytes += more;
	recall->ring = mem_grow(recall->ring, capacity * sizeof *recall->ring);
	memset(recall->ring + recall->capacity, 0, more);
	recall->at = recall->capacity;
	recall->capacity = capacity;
}

static void
recall_put(struct recall *recall, struct recall_budget *budget, uint64_t offset,
	struct slice octets)
{
	if (recall->at == recall->capacity)
		recall_grow(recall, budget);
	if (recall->capacity)
		recall->ring[recall->at++] = (struct recalled){
			(uint32_t)offset, (uint32_t)octets.n, sum_of(octets)};
}

void
recall_note(struct recall *recall, struct recall_budget *budget, uint64_t offset,
	struct slice octets)
{
	while (octets.n > PIECE_BYTES) {
		size_t n = PIECE_BYTES - offset % PIECE_BYTES;

		recall_put(recall, budget, offset, slice_part(octets, 0, n));
		octets = slice_from(octets, n);
		offset += n;
	}
	if (octets.n)
		recall_put(recall, budget, offset, octets);
}

/*
 * Compares the part of a copy that meets a piece.  `part` is what copies before this one
 * have covered of a piece; *next what they have with it.
 */
static void
recalled_compare(const struct recalled *known, const struct recall *part,
	struct recall *next, int64_t offset, struct slice copy, struct conflict *conflict)
{
	int64_t at = (int32_t)(known->offset - (uint32_t)offset), begin = offset + at;
	int64_t end = at + known->bytes, from = at < 0 ? 0 : at;
	int64_t to = end < (int64_t)copy.n ? end : (int64_t)copy.n;
	uint64_t sum = 0;

	if (from >= to)
		return;
	if (from > at) {
		if (part->part_end != (uint64_t)offset)
			return;
		sum = part->part_sum;
	}
	sum += sum_from(slice_part(copy, (size_t)from, (size_t)to), (size_t)(from - at));
	if (to < end) {
		next->part_end = (uint64_t)(offset + to);
		next->part_sum = sum;
	} else if (sum != known->sum) {
		conflict_add(conflict, (uint64_t)begin, (uint64_t)(begin + known->bytes),
			known->bytes);
	}
}

struct conflict
recall_compare(struct recall *recall, int64_t offset, struct slice copy)
{
	struct conflict conflict = {0};
	struct recall part = *recall;

	for (uint16_t i = 0; i < recall->capacity; i++)
		if (recall->ring[i].bytes)
			recalled_compare(
				&recall->ring[i], &part, recall, offset, copy, &conflict);
	return conflict;
}

void
recall_free(struct recall *recall, struct recall_budget *budget)
{
	if (budget)
		budget->bytes -= (uint64_t)recall->capacity * sizeof *recall->ring;
	mem_free(recall->ring);
	*recall = (struct recall){0};
}
