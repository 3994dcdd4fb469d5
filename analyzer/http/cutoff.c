#include "analyzer/http/cutoff.h"

#include "analyzer/base/table.h"

struct cutoffs {
	struct table *table; /* of struct cutoff, by target */
	uint64_t seed;
};

struct cutoffs *
cutoffs_new(uint64_t memory_bytes, uint64_t seed)
{
	struct cutoffs *cutoffs = mem_alloc(sizeof *cutoffs);

	cutoffs->table = table_new(sizeof(struct cutoff), memory_bytes, NULL);
	cutoffs->seed = seed;
	return cutoffs;
}

void
cutoffs_free(struct cutoffs **cutoffs)
{
	if (!*cutoffs)
		return;
	table_free(&(*cutoffs)->table);
	mem_free(*cutoffs);
	*cutoffs = NULL;
}

uint64_t
cutoffs_evictions(const struct cutoffs *cutoffs)
{
	return table_evictions(cutoffs->table);
}

static struct key
target_key(const struct cutoffs *cutoffs, const struct exchange *x)
{
	return key_add(key_add_nocase(key_start(cutoffs->seed), x->host), x->path_query);
}

static bool
is_full_answer(const struct exchange *x)
{
	return x->has_request && x->method == METHOD_GET && x->r.status == 200;
}

/* The oldest gives way. */
static void
cutoff_add(struct cutoff *cutoff, uint64_t octets)
{
	for (unsigned i = 0; i < cutoff->count; i++)
		if (cutoff->octets[i] == octets)
			return;
	cutoff->octets[cutoff->next] = octets;
	cutoff->next = (cutoff->next + 1) % CUTOFF_LENGTHS;
	cutoff->count += cutoff->count < CUTOFF_LENGTHS;
}

void
cutoffs_learn(struct cutoffs *cutoffs, const struct exchange *x)
{
	if (is_full_answer(x) && message_is_cut_off(&x->r) && x->r.prefix_count)
		cutoff_add(table_put(cutoffs->table, target_key(cutoffs, x)),
			x->r.content_bytes);
}

const struct cutoff *
cutoffs_find(struct cutoffs *cutoffs, const struct exchange *x)
{
	if (!table_count(cutoffs->table) || !is_full_answer(x))
		return NULL;
	return table_use(cutoffs->table, target_key(cutoffs, x));
}
