#include "analyzer/report/tally_resources.h"

#include <stdlib.h>

enum {
	INDEX_SIZE = 32768 /* a power of two, at least twice the rows */
};

void
tally_resources_init(struct tally_resources *resources)
{
	resources->rows = mem_alloc(TALLY_RESOURCES * sizeof *resources->rows);
	resources->index = mem_alloc(INDEX_SIZE * sizeof *resources->index);
}

static void
row_fini(struct tally_resource *row)
{
	mem_free((void *)row->host.at);
	row->host = row->path = (struct slice){NULL, 0};
}

void
tally_resources_fini(struct tally_resources *resources)
{
	for (size_t i = 0; i < resources->count; i++)
		row_fini(&resources->rows[i]);
	mem_free(resources->rows);
	mem_free(resources->index);
}

/* Where the key is in the index, or where it belongs. */
static uint32_t *
place_of(struct tally_resources *resources, struct key key)
{
	size_t at = key.low & (INDEX_SIZE - 1);

	while (resources->index[at] &&
		!key_eq(resources->rows[resources->index[at] - 1].key, key))
		at = (at + 1) & (INDEX_SIZE - 1);
	return &resources->index[at];
}

int
tally_resource_order(const struct tally_resource *a, const struct tally_resource *b)
{
	if (a->wasted != b->wasted)
		return a->wasted > b->wasted ? -1 : 1;
	if (a->avoidable != b->avoidable)
		return a->avoidable > b->avoidable ? -1 : 1;
	if (a->exchanges != b->exchanges)
		return a->exchanges > b->exchanges ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static int
by_order(const void *a, const void *b)
{
	return tally_resource_order(a, b);
}

static void
fold(struct tally_resources *resources)
{
	struct tally_resource *other = &resources->other;
	size_t kept = resources->count / 2;

	qsort(resources->rows, resources->count, sizeof *resources->rows, by_order);
	for (size_t i = kept; i < resources->count; i++) {
		struct tally_resource *row = &resources->rows[i];

		other->exchanges += row->exchanges;
		other->conditional += row->conditional;
		other->validated += row->validated;
		other->wasted += row->wasted;
		other->avoidable += row->avoidable;
		row_fini(row);
	}
	resources->folded += resources->count - kept;
	resources->count = kept;
	memset(resources->index, 0, INDEX_SIZE * sizeof *resources->index);
	for (size_t i = 0; i < kept; i++)
		*place_of(resources, resources->rows[i].key) = (uint32_t)i + 1;
}

static void
label(struct tally_resource *row, const struct exchange *x)
{
	struct slice host = slice_part(x->host, 0, TALLY_LABEL_BYTES / 2);
	struct slice path = slice_part(x->path_query, 0, TALLY_LABEL_BYTES - host.n);
	uint8_t *copy = mem_grow(NULL, host.n + path.n + 1);

	if (host.n)
		memcpy(copy, host.at, host.n);
	if (path.n)
		memcpy(copy + host.n, path.at, path.n);
	row->host = slice_of(copy, host.n);
	row->path = slice_of(copy + host.n, path.n);
}

struct tally_resource *
tally_resources_get(
	struct tally_resources *resources, struct key key, const struct exchange *x)
{
	uint32_t *place = place_of(resources, key);
	struct tally_resource *row;

	if (*place)
		return &resources->rows[*place - 1];
	if (resources->count == TALLY_RESOURCES) {
		fold(resources);
		place = place_of(resources, key);
	}
	row = &resources->rows[resources->count++];
	*row = (struct tally_resource){.key = key, .order = resources->seen++};
	label(row, x);
	*place = (uint32_t)resources->count;
	return row;
}
