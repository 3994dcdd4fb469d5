#include "analyzer/http/pending.h"

#include "analyzer/base/mem.h"

enum {
	FIRST_CAPACITY = 4
};

static void
pending_grow(struct pending *pending)
{
	uint32_t capacity = pending->capacity ? pending->capacity * 2 : FIRST_CAPACITY;
	struct exchange **ring = mem_alloc(capacity * sizeof *ring);

	for (uint32_t i = 0; i < pending->count; i++)
		ring[i] = pending_at(pending, i);
	mem_free(pending->ring);
	*pending = (struct pending){ring, 0, pending->count, capacity};
}

void
pending_push(struct pending *pending, struct exchange *x)
{
	if (pending->count == pending->capacity)
		pending_grow(pending);
	pending->ring[(pending->first + pending->count++) & (pending->capacity - 1)] = x;
}

struct exchange *
pending_pop(struct pending *pending)
{
	if (!pending->count)
		return NULL;
	pending->count--;
	return pending->ring[pending->first++ & (pending->capacity - 1)];
}

void
pending_free(struct pending *pending)
{
	mem_free(pending->ring);
	*pending = (struct pending){0};
}
