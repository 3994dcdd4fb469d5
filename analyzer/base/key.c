#include "analyzer/base/key.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
	KEY_FOLD_BYTES = 256
};

/* A permutation of 64 bits in which each bit depends on all. */
static uint64_t
scatter(uint64_t x)
{
	x = (x ^ x >> 32) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 29) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 32;
}

struct key
key_start(uint64_t seed)
{
	return (struct key){seed, ~seed};
}

struct key
key_add(struct key key, struct slice part)
{
	XXH128_hash_t hash = XXH3_128bits_withSeed(
		part.at, part.n, key.low ^ (part.at ? 1 : 0));

	return (struct key){hash.high64 + key.high, hash.low64};
}

struct key
key_add_nocase(struct key key, struct slice part)
{
	uint8_t lower[KEY_FOLD_BYTES];

	for (size_t done = 0; done < part.n || done == 0;) {
		size_t n = part.n - done < sizeof lower ? part.n - done : sizeof lower;

		octets_lower(lower, part.at + done, n);
		key = key_add(key, slice_of(lower, n));
		done += n ? n : 1;
	}
	return key;
}

/*
 * For each key a permutation of the part, so that parts stay apart.  Parts of two keys
 * that meet would have to differ by what the keys do, which nobody knows.
 */
struct key
key_add_key(struct key key, struct key part)
{
	return (struct key){scatter(part.high + key.high * UINT64_C(0xd6e8feb86659fd93)),
		scatter(part.low + key.low * UINT64_C(0x9e3779b97f4a7c15))};
}

struct key
key_add_number(struct key key, uint64_t number)
{
	return key_add_key(key, (struct key){number, ~number});
}

struct key
key_printed(struct slice octets)
{
	XXH128_hash_t hash = XXH3_128bits(octets.at, octets.n);

	return (struct key){hash.high64, hash.low64};
}
