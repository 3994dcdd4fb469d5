#include "analyzer/base/key.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
	KEY_FOLD_BYTES = 256
};

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

	return key_add_key(key, (struct key){hash.high64, hash.low64});
}

struct key
key_add_nocase(struct key key, struct slice part)
{
	uint8_t lower[KEY_FOLD_BYTES];

	for (size_t done = 0; done < part.n || done == 0;) {
		size_t n = part.n - done < sizeof lower ? part.n - done : sizeof lower;

		for (size_t i = 0; i < n; i++)
			lower[i] = octet_lower(part.at[done + i]);
		key = key_add(key, slice_of(lower, n));
		done += n ? n : 1;
	}
	return key;
}

struct key
key_add_key(struct key key, struct key part)
{
	struct key both[2] = {key, part};
	XXH128_hash_t hash = XXH3_128bits_withSeed(both, sizeof both, key.high);

	return (struct key){hash.high64, hash.low64};
}

struct key
key_add_number(struct key key, uint64_t number)
{
	return key_add_key(key, (struct key){number, ~number});
}
