/*
 * analyzer/flow/flowmap.h - connections by their four numbers
 *
 * A hash table of chains that finds a connection from packets of both directions.  Its
 * entries never move, so users may keep pointers to them; what is given back is used
 * again.  The hash has a seed of the run.
 *
 * Cost: one chain a look-up; growing visits every entry, as often as their number
 * doubles.
 */
#ifndef ANALYZER_FLOW_FLOWMAP_H
#define ANALYZER_FLOW_FLOWMAP_H

#include "analyzer/flow/flow.h"

enum {
	FLOWMAP_NONE = UINT32_MAX,
	FLOWMAP_FIRST = 1024,
	FLOWMAP_SLAB = 1024,
};

struct flowmap {
	uint64_t seed;
	struct flow **slabs;
	uint32_t *buckets;
	uint32_t bucket_mask;
	uint32_t entries, free, used; /* of the entries `used` are connections */
};

void flowmap_init(struct flowmap *map, uint64_t seed);
void flowmap_fini(struct flowmap *map);

static inline struct flow *
flowmap_at(const struct flowmap *map, uint32_t index)
{
	return &map->slabs[index / FLOWMAP_SLAB][index % FLOWMAP_SLAB];
}

/* The same for both directions. */
uint32_t flowmap_hash(const struct flowmap *map, const struct segment *seg);

/* The packet went from the flow's side `side` to the other. */
bool flowmap_is_side(const struct flow *flow, unsigned side, const struct segment *seg);

/* FLOWMAP_NONE: there is none.  Otherwise *direction is the side that sent the packet. */
uint32_t flowmap_find(const struct flowmap *map, const struct segment *seg, uint32_t hash,
	unsigned *direction);

/* Makes an entry; the sender of the packet is side 0, all else is zero but FLOW_OPEN. */
struct flow *flowmap_add(struct flowmap *map, const struct segment *seg, uint32_t hash);

void flowmap_remove(struct flowmap *map, uint32_t index);

#endif
