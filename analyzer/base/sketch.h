/*
 * analyzer/base/sketch.h - how many different things there were
 *
 * Exact up to SKETCH_EXACT things, by a set of 64-bit hashes; above that an estimate
 * by HyperLogLog with 2^14 registers, whose standard error is 0.8 %.  Adding is
 * idempotent and in any order, so the number depends on nothing but the things.
 *
 * Memory: 2 MiB at most while exact, 16 KiB after that.
 */
#ifndef ANALYZER_BASE_SKETCH_H
#define ANALYZER_BASE_SKETCH_H

#include "analyzer/base/key.h"

enum {
	SKETCH_EXACT = 100000
};

struct sketch;

struct sketch *sketch_new(void);
void sketch_free(struct sketch **sketch);

void sketch_add(struct sketch *sketch, struct key key);

uint64_t sketch_count(const struct sketch *sketch);
bool sketch_is_exact(const struct sketch *sketch);

#endif
