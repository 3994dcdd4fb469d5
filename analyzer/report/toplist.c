#include "analyzer/report/toplist.h"

#include "analyzer/base/mem.h"

#include <assert.h>
#include <stdlib.h>

enum {
	FIRST_ROOM = 64
};

void
toplist_init(struct toplist *list, size_t keep)
{
	*list = (struct toplist){.keep = keep, .index_size = 16};
	while (list->index_size < 4 * keep)
		list->index_size *= 2;
	list->index = mem_alloc(list->index_size * sizeof *list->index);
}

static void
row_fini(struct toplist_row *row)
{
	mem_free((void *)row->label.at);
	sums_fini(&row->sums);
	for (unsigned i = 0; i < ANSWER_COUNT; i++)
		histogram_fini(&row->waits[i]);
	for (unsigned i = 0; i < DATE_COUNT; i++)
		histogram_fini(&row->dates[i]);
}

void
toplist_fini(struct toplist *list)
{
	for (size_t i = 0; i < list->count; i++)
		row_fini(&list->rows[i]);
	sums_fini(&list->others);
	mem_free(list->rows);
	mem_free(list->index);
	*list = (struct toplist){0};
}

/* Where the key is in the index, or where it belongs. */
static uint32_t *
place_of(const struct toplist *list, struct key key)
{
	size_t at = key.low & (list->index_size - 1);

	while (list->index[at] && !key_eq(list->rows[list->index[at] - 1].key, key))
		at = (at + 1) & (list->index_size - 1);
	return &list->index[at];
}

struct toplist_row *
toplist_find(const struct toplist *list, struct key key)
{
	uint32_t row = *place_of(list, key);

	return row ? &list->rows[row - 1] : NULL;
}

/* What its key can have had at most since all were set back last. */
static uint64_t
weight_of(const struct toplist_row *row)
{
	return row->sums.octets + row->error;
}

/* The heavier first. */
static int
by_weight(const void *a, const void *b)
{
	const struct toplist_row *x = a, *y = b;

	if (weight_of(x) != weight_of(y))
		return weight_of(x) > weight_of(y) ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void
fold(struct toplist *list)
{
	qsort(list->rows, list->count, sizeof *list->rows, by_weight);
	list->error = weight_of(&list->rows[list->keep]);
	for (size_t i = list->keep; i < list->count; i++) {
		sums_merge(&list->others, &list->rows[i].sums);
		row_fini(&list->rows[i]);
	}
	list->folded += list->count - list->keep;
	list->count = list->keep;
	memset(list->index, 0, list->index_size * sizeof *list->index);
	for (size_t i = 0; i < list->count; i++)
		*place_of(list, list->rows[i].key) = (uint32_t)i + 1;
}

static struct slice
copy_of(struct slice label)
{
	uint8_t *copy;

	if (!label.at)
		return label;
	copy = mem_grow(NULL, label.n + 1);
	memcpy(copy, label.at, label.n);
	return slice_of(copy, label.n);
}

struct toplist_row *
toplist_new_row(struct toplist *list, struct key key, struct slice label)
{
	struct toplist_row *row;

	assert(!toplist_find(list, key));
	if (list->count == 2 * list->keep)
		fold(list);
	if (list->count == list->room) {
		list->room = list->room ? 2 * list->room : FIRST_ROOM;
		list->rows = mem_grow(list->rows, list->room * sizeof *list->rows);
	}
	row = &list->rows[list->count];
	*row = (struct toplist_row){.key = key,
		.order = list->seen++,
		.error = list->error,
		.label = copy_of(label)};
	*place_of(list, key) = (uint32_t)++list->count;
	return row;
}

/* Ties are broken by what is printed, so that the order of connections is not. */
static int
by_label(const struct toplist_row *x, const struct toplist_row *y)
{
	size_t n = x->label.n < y->label.n ? x->label.n : y->label.n;
	int order = n ? memcmp(x->label.at, y->label.at, n) : 0;

	if (order)
		return order;
	if (x->label.n != y->label.n)
		return x->label.n < y->label.n ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static int
by_octets(const void *a, const void *b)
{
	const struct toplist_row *x = *(const struct toplist_row *const *)a;
	const struct toplist_row *y = *(const struct toplist_row *const *)b;

	if (x->sums.octets != y->sums.octets)
		return x->sums.octets > y->sums.octets ? -1 : 1;
	return by_label(x, y);
}

static int
by_waste(const void *a, const void *b)
{
	const struct toplist_row *x = *(const struct toplist_row *const *)a;
	const struct toplist_row *y = *(const struct toplist_row *const *)b;
	uint64_t wasted[] = {sums_wasted(&x->sums), sums_wasted(&y->sums)};

	if (wasted[0] != wasted[1])
		return wasted[0] > wasted[1] ? -1 : 1;
	if (x->sums.waste[TIER_3] != y->sums.waste[TIER_3])
		return x->sums.waste[TIER_3] > y->sums.waste[TIER_3] ? -1 : 1;
	if (x->sums.exchanges != y->sums.exchanges)
		return x->sums.exchanges > y->sums.exchanges ? -1 : 1;
	return by_label(x, y);
}

static void
rank(const struct toplist *list, const struct toplist_row **rows,
	int (*order)(const void *, const void *))
{
	for (size_t i = 0; i < list->count; i++)
		rows[i] = &list->rows[i];
	qsort(rows, list->count, sizeof *rows, order);
}

void
toplist_ranked(const struct toplist *list, const struct toplist_row **rows)
{
	rank(list, rows, by_octets);
}

void
toplist_by_waste(const struct toplist *list, const struct toplist_row **rows)
{
	rank(list, rows, by_waste);
}

const struct toplist_row *
toplist_worst(const struct toplist *list)
{
	const struct toplist_row *worst = list->count ? &list->rows[0] : NULL, *row;

	for (size_t i = 1; i < list->count; i++) {
		row = &list->rows[i];
		if (by_waste(&row, &worst) < 0)
			worst = row;
	}
	return worst;
}
