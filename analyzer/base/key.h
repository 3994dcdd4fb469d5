/*
 * analyzer/base/key.h - 128-bit keys of things that are too long to keep
 *
 * A key stands for a client, a resource, a variant or a validator in the tables
 * of the history.  It is XXH3-128 with a seed of the run, and what is known already
 * joins it by a few multiplications: nobody can prepare collisions, and no output
 * depends on a key's value or on the order of keys.  What has the same name in every
 * run, as it is printed, is not made so: see key_printed().
 */
#ifndef ANALYZER_BASE_KEY_H
#define ANALYZER_BASE_KEY_H

#include "parsers/slice.h"

struct key {
	uint64_t high, low;
};

/* The key of nothing, from which others are made. */
struct key key_start(uint64_t seed);

/* The key of what `key` stands for followed by one more part; parts are kept apart. */
struct key key_add(struct key key, struct slice part);
struct key key_add_nocase(struct key key, struct slice part);
struct key key_add_key(struct key key, struct key part);
struct key key_add_number(struct key key, uint64_t number);

/* XXH3-128 of the octets and nothing else: for what is printed, and compared with what
 * other versions print. */
struct key key_printed(struct slice octets);

static inline bool
key_eq(struct key a, struct key b)
{
	return a.high == b.high && a.low == b.low;
}

/*
 * A key of 64 significant bits, for what is kept so often that room counts, and
 * compared with few others.
 */
static inline struct key
key_of_short(uint64_t low)
{
	return (struct key){~low, low};
}

/* The key of a number that we gave ourselves: nobody prepares any, so none is hashed. */
static inline struct key
key_of_number(uint64_t number)
{
	return key_of_short(number * UINT64_C(0x9e3779b97f4a7c15));
}

#endif
