// room: ct_base
/* The hash table of the history: what it finds, what it forgets, and in which order. */
#include "analyzer/base/mem.h"
#include "analyzer/base/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

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

/* Keys that all want the same slot: runs are found whole after removals in them. */
static void
removal_keeps_runs_together(void **state)
{
	struct table *table = table_new(sizeof(uint64_t), PLENTY, NULL);

	(void)state;
	for (uint64_t i = 0; i < 40; i++)
		*(uint64_t *)table_put(table, (struct key){i, 60 + i % 5}) = i;
	for (uint64_t i = 0; i < 40; i += 3)
		table_remove(table, (struct key){i, 60 + i % 5});
	for (uint64_t i = 0; i < 40; i++) {
		const uint64_t *entry = table_find(table, (struct key){i, 60 + i % 5});

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
		assert_true(key_eq(table_key(entry), numbered(expected[count++])));
	}
	assert_int_equal(count, 3);
	table_free(&table);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_was_put),
		cmocka_unit_test(new_entry_is_zero_even_where_one_was_removed),
		cmocka_unit_test(least_recently_used_goes_first),
		cmocka_unit_test(owned_octets_count_and_spare_their_entry),
		cmocka_unit_test(drop_frees_what_is_evicted_removed_or_left),
		cmocka_unit_test(entries_stay_where_they_are),
		cmocka_unit_test(removal_keeps_runs_together),
		cmocka_unit_test(million_inserts_within_a_budget),
		cmocka_unit_test(agrees_with_an_array),
		cmocka_unit_test(entries_come_in_the_order_of_their_use),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
