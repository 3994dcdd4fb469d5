// room: ct_base
/* The hash table of the history: what it finds, what it forgets, and in which order. */
#include "analyzer/base/mem.h"
#include "analyzer/base/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
	PLENTY = 1 << 30
};

static struct key
numbered(uint64_t number)
{
	return key_add_number(key_start(7), number);
}

static uint64_t
entry_cost(void)
{
	struct table *table = table_new(sizeof(uint64_t), PLENTY, NULL);
	uint64_t bytes;

	table_put(table, numbered(1));
	bytes = table_bytes(table);
	table_free(&table);
	return bytes;
}

static void
put(struct table *table, uint64_t number)
{
	uint64_t *entry = table_put(table, numbered(number));

	*entry = number;
}

static void
finds_what_was_put(void **state)
{
	struct table *table = table_new(sizeof(uint64_t), PLENTY, NULL);

	(void)state;
	assert_null(table_find(table, numbered(1)));
	put(table, 1);
	put(table, 2);
	assert_int_equal(*(const uint64_t *)table_find(table, numbered(1)), 1);
	assert_int_equal(*(const uint64_t *)table_find(table, numbered(2)), 2);
	assert_null(table_find(table, numbered(3)));
	assert_int_equal(table_count(table), 2);
	table_free(&table);
	assert_null(table);
	table_free(&table);
}

static void
new_entry_is_zero_even_where_one_was_removed(void **state)
{
	struct table *table = table_new(sizeof(uint64_t), PLENTY, NULL);

	(void)state;
	put(table, 1);
	table_remove(table, numbered(1));
	assert_null(table_find(table, numbered(1)));
	assert_int_equal(*(uint64_t *)table_put(table, numbered(2)), 0);
	assert_int_equal(table_evictions(table), 0);
	table_free(&table);
}

static void
least_recently_used_goes_first(void **state)
{
	struct table *table = table_new(sizeof(uint64_t), 3 * entry_cost(), NULL);

	(void)state;
	put(table, 1);
	put(table, 2);
	put(table, 3);
	assert_non_null(table_use(table, numbered(1)));
	assert_non_null(table_find(table, numbered(2))); /* looking is not using */
	put(table, 4);
	assert_null(table_find(table, numbered(2)));
	put(table, 5);
	assert_null(table_find(table, numbered(3)));
	assert_non_null(table_find(table, numbered(1)));
	assert_int_equal(table_evictions(table), 2);
	assert_int_equal(table_count(table), 3);
	table_free(&table);
}

/* Of a rough one what was used again is spared once, and goes before what is newer. */
static void
rough_one_spares_what_was_used_again(void **state)
{
	struct table *table = table_new_rough(sizeof(uint64_t), 3 * entry_cost(), NULL);

	(void)state;
	put(table, 1);
	put(table, 2);
	put(table, 3);
	assert_non_null(table_use(table, numbered(1)));
	put(table, 4);
	assert_non_null(table_find(table, numbered(1)));
	assert_null(table_find(table, numbered(2)));
	put(table, 5);
	assert_null(table_find(table, numbered(3)));
	put(table, 6);
	assert_null(table_find(table, numbered(4)));
	put(table, 7);
	assert_null(table_find(table, numbered(1)));
	assert_int_equal(table_evictions(table), 4);
	table_free(&table);
}

/* Time goes by between two uses: then the later one counts, as in any table. */
static void
rough_one_keeps_the_order_of_seconds(void **state)
{
	struct table *table = table_new_rough(sizeof(uint64_t), 3 * entry_cost(), NULL);

	(void)state;
	put(table, 1);
	put(table, 2);
	put(table, 3);
	assert_non_null(table_use(table, numbered(2)));
	table_expire(table, 1, 10);
	assert_non_null(table_use(table, numbered(1)));
	put(table, 4);
	assert_null(table_find(table, numbered(2))); /* its second use is a second old */
	table_expire(table, 11, 10);
	assert_null(table_find(table, numbered(3)));
	assert_int_equal(table_count(table), 2);
	table_free(&table);
}

static void
owned_octets_count_and_spare_their_entry(void **state)
{
	struct table *table = table_new(sizeof(uint64_t), 4 * entry_cost(), NULL);
	uint64_t before;

	(void)state;
	put(table, 1);
	put(table, 2);
	put(table, 3);
	before = table_bytes(table);
	table_own(table, table_use(table, numbered(1)), entry_cost());
	assert_int_equal(table_bytes(table), before + entry_cost());
	assert_int_equal(table_evictions(table), 0);
	table_own(table, table_use(table, numbered(1)), 100 * entry_cost());
	assert_non_null(table_find(table, numbered(1)));
	assert_int_equal(table_count(table), 1);
	table_own(table, table_use(table, numbered(1)), 0);
	assert_int_equal(table_bytes(table), entry_cost());
	table_free(&table);
}

static void
drop_owned(void *entry)
{
	mem_free(*(void **)entry);
}

static void
drop_frees_what_is_evicted_removed_or_left(void **state)
{
	struct table *table = table_new(sizeof(void *), 10 * entry_cost(), drop_owned);

	(void)state;
	for (uint64_t i = 0; i < 100; i++)
		*(void **)table_put(table, numbered(i)) = mem_alloc(10);
	assert_int_equal(table_evictions(table), 90);
	table_remove(table, numbered(99));
	assert_int_equal(table_count(table), 9);
	table_free(&table); /* the leak checker judges */
}

static void
entries_stay_where_they_are(void **state)
{
	struct table *table = table_new(sizeof(uint64_t), PLENTY, NULL);
	uint64_t *first = table_put(table, numbered(0));

	(void)state;
	for (uint64_t i = 1; i < 100000; i++)
		put(table, i);
	assert_ptr_equal(table_find(table, numbered(0)), first);
	table_free(&table);
}

/* Keys that all want the same bucket, and look alike in it. */
static struct key
crowded(uint64_t number)
{
	return (struct key){0, number + 1};
}

static void
crowded_keys_are_found_after_removals_among_them(void **state)
{
	struct table *table = table_new(sizeof(uint64_t), PLENTY, NULL);

	(void)state;
	for (uint64_t i = 0; i < 1000; i++)
		*(uint64_t *)table_put(table, crowded(i)) = i;
	for (uint64_t i = 0; i < 1000; i += 3)
		table_remove(table, crowded(i));
	for (uint64_t i = 0; i < 1000; i++) {
		const uint64_t *entry = table_find(table, crowded(i));

		if (i % 3 == 0)
			assert_null(entry);
		else
			assert_int_equal(*entry, i);
	}
	table_free(&table);
}

static void
million_inserts_within_a_budget(void **state)
{
	uint64_t room = 100000;
	struct table *table = table_new(sizeof(uint64_t), room * entry_cost(), NULL);

	(void)state;
	for (uint64_t i = 0; i < 1000000; i++) {
		put(table, i);
		assert_true(table_bytes(table) <= room * entry_cost());
	}
	assert_int_equal(table_count(table), room);
	assert_int_equal(table_evictions(table), 1000000 - room);
	for (uint64_t i = 1000000 - room; i < 1000000; i++)
		assert_int_equal(*(const uint64_t *)table_find(table, numbered(i)), i);
	assert_null(table_find(table, numbered(1000000 - room - 1)));
	table_free(&table);
}

/* Against an array: random puts, uses and removals. */
static void
agrees_with_an_array(void **state)
{
	struct table *table = table_new(sizeof(uint64_t), PLENTY, NULL);
	uint64_t model[512] = {0}, x = 88172645463325252u;

	(void)state;
	for (unsigned step = 1; step < 200000; step++) {
		uint64_t number;
		const uint64_t *entry;

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		number = x % 512;
		entry = table_find(table, numbered(number));
		assert_int_equal(entry ? *entry : 0, model[number]);
		model[number] = x >> 60 < 8 ? step : 0;
		if (model[number])
			*(uint64_t *)table_put(table, numbered(number)) = step;
		else
			table_remove(table, numbered(number));
	}
	table_free(&table);
}

static void
entries_come_in_the_order_of_their_use(void **state)
{
	struct table *table = table_new(sizeof(uint64_t), PLENTY, NULL);
	const uint64_t expected[] = {3, 1, 2};
	const void *entry;
	unsigned count = 0;

	(void)state;
	assert_null(table_oldest(table));
	for (uint64_t i = 1; i <= 4; i++)
		put(table, i);
	table_use(table, numbered(1));
	table_use(table, numbered(2));
	table_remove(table, numbered(4));
	for (entry = table_oldest(table); entry; entry = table_newer(table, entry)) {
		assert_int_equal(*(const uint64_t *)entry, expected[count]);
		assert_int_equal(table_key(entry).low, numbered(expected[count++]).low);
	}
	assert_int_equal(count, 3);
	table_free(&table);
}

/* ---- against a plain list ---- */

enum {
	MODEL_MOST = 300,
	MODEL_KEYS = 400,
	MODEL_STEPS = 200000,
	IDLE_S = 50
};

/* Entries from the stalest to the newest. */
struct model {
	struct item {
		uint64_t number, value;
		size_t owned;
		uint32_t used_s;
		bool again;
	} items[MODEL_MOST + 1];
	size_t count;
	uint64_t budget, evictions, told;
	uint32_t now_s;
	bool is_rough;
};

static uint64_t
random_next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x >> 8;
}

/* Half of the keys crowd in one bucket. */
static struct key
model_key(uint64_t number)
{
	return number % 2 ? numbered(number) : crowded(number);
}

static void
model_drop(struct model *m, size_t at)
{
	m->count--;
	memmove(m->items + at, m->items + at + 1, (m->count - at) * sizeof *m->items);
}

static size_t
model_find(const struct model *m, uint64_t number)
{
	size_t at = 0;

	while (at < m->count && m->items[at].number != number)
		at++;
	return at;
}

static uint64_t
model_bytes(const struct model *m)
{
	uint64_t bytes = m->count * entry_cost();

	for (size_t i = 0; i < m->count; i++)
		bytes += m->items[i].owned;
	return bytes;
}

static void
model_renew(struct model *m, size_t at)
{
	struct item item = m->items[at];

	item.used_s = m->now_s;
	item.again = false;
	model_drop(m, at);
	m->items[m->count++] = item;
}

static void
model_use(struct model *m, size_t at)
{
	if (m->is_rough && m->items[at].used_s == m->now_s)
		m->items[at].again = true;
	else
		model_renew(m, at);
}

static void
model_evict(struct model *m, uint64_t keep)
{
	while (model_bytes(m) > m->budget &&
		(m->items[0].number != keep || m->count > 1)) {
		const struct item *first = &m->items[0];

		if (first->number == keep ||
			(first->again && first->used_s == m->now_s)) {
			model_renew(m, 0);
			continue;
		}
		model_drop(m, 0);
		m->evictions++;
	}
}

static void
model_put(struct model *m, uint64_t number, uint64_t value, size_t owned)
{
	size_t at = model_find(m, number);

	if (at == m->count)
		m->items[m->count++] = (struct item){
			.number = number, .used_s = m->now_s};
	else
		model_use(m, at);
	model_evict(m, number);
	at = model_find(m, number);
	m->items[at].value = value;
	m->items[at].owned = owned;
	model_evict(m, number);
}

static void
model_expire(struct model *m, uint32_t now_s)
{
	m->now_s = now_s;
	while (m->count && now_s - m->items[0].used_s > IDLE_S)
		model_drop(m, 0);
}

static void
assert_is_model(const struct table *table, const struct model *m)
{
	const void *entry = table_oldest(table);

	assert_int_equal(table_count(table), m->count);
	assert_int_equal(table_bytes(table), model_bytes(m));
	assert_int_equal(table_evictions(table), m->evictions);
	assert_int_equal(m->told, m->evictions);
	for (size_t i = 0; i < m->count; i++) {
		assert_int_equal(*(const uint64_t *)entry, m->items[i].value);
		assert_ptr_equal(entry, table_find(table, model_key(m->items[i].number)));
		entry = table_newer(table, entry);
	}
	assert_null(entry);
}

static void
count_told(void *context, const void *entry)
{
	(void)entry;
	((struct model *)context)->told++;
}

static void
model_step(struct table *table, struct model *m, uint64_t x)
{
	uint64_t number = x % MODEL_KEYS, other = (x >> 44) % MODEL_KEYS;
	size_t at = model_find(m, number), owned = x >> 20 & 127;
	uint64_t *entry;

	if (x >> 43 & 1)
		table_expect_entry(table, model_key(x >> 60 & 1 ? number : other));
	switch (x >> 40 & 7) {
	case 0:
		table_remove(table, model_key(number));
		if (at < m->count)
			model_drop(m, at);
		return;
	case 1:
		model_expire(m, m->now_s + (x >> 30 & 1));
		table_expire(table, m->now_s, IDLE_S);
		return;
	case 2:
	case 3:
		entry = table_use(table, model_key(number));
		assert_int_equal(!entry, at == m->count);
		if (at < m->count)
			model_use(m, at);
		return;
	default:
		entry = table_put(table, model_key(number));
		*entry = x;
		table_own(table, entry, owned);
		model_put(m, number, x, owned);
	}
}

static void
agrees_with_a_plain_list(void **state)
{
	struct model m = {
		.budget = MODEL_MOST * entry_cost(), .is_rough = *(const bool *)*state};
	struct table *table = (m.is_rough ? table_new_rough : table_new)(
		sizeof(uint64_t), m.budget, NULL);
	uint64_t x = 88172645463325252u;

	table_on_eviction(table, count_told, &m);
	for (unsigned step = 1; step < MODEL_STEPS; step++) {
		model_step(table, &m, random_next(&x));
		if (step % 64 == 0)
			assert_is_model(table, &m);
	}
	assert_true(m.evictions > 1000);
	table_free(&table);
}

/* To expect an entry is no use of it, and what is not there stays away. */
static void
expecting_changes_nothing(void **state)
{
	table_fetch *const fetches[] = {table_expect, table_expect_entry};
	struct table *table = table_new(sizeof(uint64_t), PLENTY, NULL);

	(void)state;
	for (unsigned i = 0; i < 2; i++)
		fetches[i](table, numbered(1));
	for (uint64_t n = 1; n <= 100; n++)
		put(table, n);
	for (unsigned i = 0; i < 2; i++)
		for (uint64_t n = 1; n <= 200; n++)
			fetches[i](table, numbered(n));
	assert_int_equal(table_count(table), 100);
	assert_int_equal(*(const uint64_t *)table_oldest(table), 1);
	assert_null(table_find(table, numbered(101)));
	table_free(&table);
}

/* Where keys look alike, the place that is expected may be that of another. */
static void
what_is_expected_is_found_when_its_double_has_gone(void **state)
{
	(void)state;
	for (uint64_t gone = 0; gone < 3; gone++) {
		struct table *table = table_new(sizeof(uint64_t), PLENTY, NULL);

		for (uint64_t i = 0; i < 3; i++)
			*(uint64_t *)table_put(table, crowded(i)) = i;
		for (uint64_t i = 0; i < 3; i++) {
			table_use(table, numbered(1)); /* not there */
			table_expect_entry(table, crowded(i));
			if (i == gone)
				continue;
			table_remove(table, crowded(gone));
			assert_int_equal(
				*(const uint64_t *)table_find(table, crowded(i)), i);
			assert_null(table_use(table, crowded(gone)));
			assert_null(table_find(table, crowded(gone)));
			*(uint64_t *)table_put(table, crowded(gone)) = gone;
			assert_int_equal(
				*(const uint64_t *)table_find(table, crowded(gone)),
				gone);
		}
		table_free(&table);
	}
}

int
main(int argc, char **argv)
{
	static bool is_rough = true, is_exact;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_was_put),
		cmocka_unit_test(new_entry_is_zero_even_where_one_was_removed),
		cmocka_unit_test(least_recently_used_goes_first),
		cmocka_unit_test(rough_one_spares_what_was_used_again),
		cmocka_unit_test(rough_one_keeps_the_order_of_seconds),
		cmocka_unit_test(owned_octets_count_and_spare_their_entry),
		cmocka_unit_test(drop_frees_what_is_evicted_removed_or_left),
		cmocka_unit_test(entries_stay_where_they_are),
		cmocka_unit_test(crowded_keys_are_found_after_removals_among_them),
		cmocka_unit_test(million_inserts_within_a_budget),
		cmocka_unit_test(agrees_with_an_array),
		cmocka_unit_test_prestate(agrees_with_a_plain_list, &is_exact),
		cmocka_unit_test_prestate(agrees_with_a_plain_list, &is_rough),
		cmocka_unit_test(entries_come_in_the_order_of_their_use),
		cmocka_unit_test(expecting_changes_nothing),
		cmocka_unit_test(what_is_expected_is_found_when_its_double_has_gone),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
