#include "analyzer/flow/flowmap.h"

#include "analyzer/base/mem.h"

void
flowmap_init(struct flowmap *map, uint64_t seed)
{
	*map = (struct flowmap){
		.seed = seed, .bucket_mask = FLOWMAP_FIRST - 1, .free = FLOWMAP_NONE};
	map->buckets = mem_grow(NULL, FLOWMAP_FIRST * sizeof *map->buckets);
	memset(map->buckets, 0xff, FLOWMAP_FIRST * sizeof *map->buckets);
}

void
flowmap_fini(struct flowmap *map)
{
	for (uint32_t i = 0; i * (uint64_t)FLOWMAP_SLAB < map->entries; i++)
		mem_free(map->slabs[i]);
	mem_free(map->slabs);
	mem_free(map->buckets);
}

static uint64_t
mix(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128
		product = (unsigned __int128)(a ^ UINT64_C(0x9e3779b97f4a7c15)) *
			  (b ^ UINT64_C(0xbf58476d1ce4e5b9));

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t
endpoint_hash(uint64_t seed, const struct address *address, uint16_t port)
{
	uint64_t half[2];

	memcpy(half, address->octets, sizeof half);
	return mix(half[0] ^ seed, half[1] + port * UINT64_C(0x94d049bb133111eb));
}

uint32_t
flowmap_hash(const struct flowmap *map, const struct segment *seg)
{
	uint64_t sum = endpoint_hash(map->seed, &seg->src, seg->sport) +
		       endpoint_hash(map->seed, &seg->dst, seg->dport);

	return (uint32_t)mix(sum, map->seed);
}

bool
flowmap_is_side(const struct flow *flow, unsigned side, const struct segment *seg)
{
	return flow->port[side] == seg->sport && flow->port[!side] == seg->dport &&
	       address_eq(&flow->address[side], &seg->src) &&
	       address_eq(&flow->address[!side], &seg->dst);
}

uint32_t
flowmap_find(const struct flowmap *map, const struct segment *seg, uint32_t hash,
	unsigned *direction)
{
	uint32_t index = map->buckets[hash & map->bucket_mask];

	while (index != FLOWMAP_NONE) {
		const struct flow *flow = flowmap_at(map, index);

		if (flow->hash == hash && flowmap_is_side(flow, *direction = 0, seg))
			break;
		if (flow->hash == hash && flowmap_is_side(flow, *direction = 1, seg))
			break;
		index = flow->next;
	}
	return index;
}

static void
flowmap_grow(struct flowmap *map)
{
	uint32_t count = (map->bucket_mask + 1) * 2;

	map->buckets = mem_grow(map->buckets, count * sizeof *map->buckets);
	memset(map->buckets, 0xff, count * sizeof *map->buckets);
	map->bucket_mask = count - 1;
	for (uint32_t i = 0; i < map->entries; i++) {
		struct flow *flow = flowmap_at(map, i);
		uint32_t *bucket = &map->buckets[flow->hash & map->bucket_mask];

		if (!(flow->flags & FLOW_OPEN))
			continue;
		flow->next = *bucket;
		*bucket = i;
	}
}

static uint32_t
flowmap_take(struct flowmap *map)
{
	uint32_t index = map->free;

	if (index != FLOWMAP_NONE) {
		map->free = flowmap_at(map, index)->next;
		return index;
	}
	index = map->entries++;
	if (index % FLOWMAP_SLAB == 0) {
		uint32_t slabs = index / FLOWMAP_SLAB + 1;

		map->slabs = mem_grow(map->slabs, slabs * sizeof *map->slabs);
		map->slabs[slabs - 1] = mem_grow(
			NULL, FLOWMAP_SLAB * sizeof(struct flow));
	}
	return index;
}

struct flow *
flowmap_add(struct flowmap *map, const struct segment *seg, uint32_t hash)
{
	struct flow *flow;
	uint32_t index, *bucket;

	if (map->used > map->bucket_mask / 2)
		flowmap_grow(map);
	index = flowmap_take(map);
	flow = flowmap_at(map, index);
	bucket = &map->buckets[hash & map->bucket_mask];
	*flow = (struct flow){.address = {seg->src, seg->dst},
		.port = {seg->sport, seg->dport},
		.flags = FLOW_OPEN,
		.next = *bucket,
		.hash = hash};
	*bucket = index;
	map->used++;
	return flow;
}

void
flowmap_remove(struct flowmap *map, uint32_t index)
{
	struct flow *flow = flowmap_at(map, index);
	uint32_t *at = &map->buckets[flow->hash & map->bucket_mask];

	while (*at != index)
		at = &flowmap_at(map, *at)->next;
	*at = flow->next;
	flow->flags = 0;
	flow->next = map->free;
	map->free = index;
	map->used--;
}
