/*
 * analyzer/base/bloom.h - keys that may have been there
 *
 * A Bloom filter of fixed size.  bloom_has() is never false for a key that was added;
 * of others it is true for about 2 % as long as there are 8 bits a key, and for more
 * when there are less.  Memory is touched only where a key was added.
 */
#ifndef ANALYZER_BASE_BLOOM_H
#define ANALYZER_BASE_BLOOM_H

#include "analyzer/base/key.h"

struct bloom;

struct bloom *bloom_new(uint64_t bytes); /* rounded down to a power of two */
void bloom_free(struct bloom **bloom);

void bloom_add(struct bloom *bloom, struct key key);
bool bloom_has(const struct bloom *bloom, struct key key);

#endif
