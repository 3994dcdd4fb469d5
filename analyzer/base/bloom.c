#include "analyzer/base/bloom.h"

#include "analyzer/base/mem.h"

enum {
	PROBES = 6, /* best for 8 bits a key */
	BYTES_MIN = 64
};

struct bloom {
	uint64_t mask; /* of the numbers of bits */
	bool any;
	uint8_t *bits;
};

struct bloom *
bloom_new(uint64_t bytes)
{
	struct bloom *bloom = mem_alloc(sizeof *bloom);
	uint64_t size = BYTES_MIN;

	while (2 * size <= bytes)
		size *= 2;
	bloom->mask = size * 8 - 1;
	bloom->bits = mem_alloc(size);
	return bloom;
}

void
bloom_free(struct bloom **bloom)
{
	if (!*bloom)
		return;
	mem_free((*bloom)->bits);
	mem_free(*bloom);
	*bloom = NULL;
}

/* The halves of a key are two hashes; the others are sums of them. */
static uint64_t
bit_of(const struct bloom *bloom, struct key key, unsigned probe)
{
	return (key.low + probe * (key.high | 1)) & bloom->mask;
}

void
bloom_add(struct bloom *bloom, struct key key)
{
	bloom->any = true;
	for (unsigned i = 0; i < PROBES; i++) {
		uint64_t bit = bit_of(bloom, key, i);

		bloom->bits[bit / 8] |= (uint8_t)(1u << bit % 8);
	}
}

bool
bloom_has(const struct bloom *bloom, struct key key)
{
	for (unsigned i = 0; bloom->any && i < PROBES; i++) {
		uint64_t bit = bit_of(bloom, key, i);

		if (!(bloom->bits[bit / 8] >> bit % 8 & 1))
			return false;
	}
	return bloom->any;
}
