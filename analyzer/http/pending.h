/*
 * analyzer/http/pending.h - requests that wait for their answers, the oldest first
 *
 * A ring whose capacity is a power of two.  It borrows the exchanges.
 */
#ifndef ANALYZER_HTTP_PENDING_H
#define ANALYZER_HTTP_PENDING_H

#include "analyzer/http/exchange.h"

struct pending {
	struct exchange **ring;
	uint32_t first, count, capacity;
};

/* i < count */
static inline struct exchange *
pending_at(const struct pending *pending, uint32_t i)
{
	return pending->ring[(pending->first + i) & (pending->capacity - 1)];
}

static inline struct exchange *
pending_newest(const struct pending *pending)
{
	return pending->count ? pending_at(pending, pending->count - 1) : NULL;
}

void pending_push(struct pending *pending, struct exchange *x);

/* The oldest; NULL if none waits. */
struct exchange *pending_pop(struct pending *pending);

/* Frees the ring, not what it borrows. */
void pending_free(struct pending *pending);

#endif
