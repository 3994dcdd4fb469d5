// room: ct_history
/* What is forgotten: for lack of memory, for its age; and what ages by its Date. */
#include "analyzer/base/table.h"
#include "analyzer/history/history.h"

#include "tests/lib/make_exchange.h"
#include "tests/lib/rows.h"

enum {
	HOUR_S = 3600,
	MEMORY_BYTES = 1 << 20,
	MANY = 20000 /* more than fits */
};

static struct before
enter(struct history *history, const struct making *making)
{
	struct exchange *x = make_exchange(making);
	struct before before;

	history_open(history, x, &before);
	if (making->response)
		history_close(history, x, &before);
	exchange_free(&x);
	return before;
}

/* Resource number i, once by every client. */
static struct before
fetch(struct history *history, unsigned i)
{
	char request[32];

	snprintf(request, sizeof request, "GET /%u", i);
	return enter(history,
		&(struct making){
			.request = request, .response = "200\nETag: \"1\"", .body = "x"});
}

static void
the_evicted_may_have_been_there(void **state)
{
	struct history *history = history_new(
		&(struct history_options){.memory_bytes = MEMORY_BYTES, .seed = 7});
	unsigned first = 0, again = 0, held = 0;

	(void)state;
	for (unsigned i = 0; i < MANY; i++)
		first += fetch(history, i).perhaps_forgotten;
	for (unsigned i = 0; i < MANY / 2; i++) {
		struct before before = fetch(history, i);

		again += before.perhaps_forgotten;
		held += before.client_has_resource;
	}
	assert_int_equal(again + held, MANY / 2);
	assert_true(again > MANY / 4);
	assert_true(first < MANY / 4);
	assert_true(history_evictions(history).held > MANY / 2);
	assert_int_equal(history_distinct(history).resources, MANY);
	assert_int_equal(history_distinct(history).clients, 1);
	history_free(&history);
}

static void
nothing_was_forgotten_with_room_enough(void **state)
{
	struct history *history = history_new(
		&(struct history_options){.memory_bytes = 1 << 26, .seed = 7});

	(void)state;
	for (unsigned i = 0; i < MANY; i++)
		assert_false(fetch(history, i).perhaps_forgotten);
	for (unsigned i = 0; i < MANY; i++)
		assert_true(fetch(history, i).client_has_resource);
	assert_int_equal(history_evictions(history).held, 0);
	history_free(&history);
}

struct idle_row {
	const char *name;
	uint32_t idle_s;
	int64_t used_at_s, looked_at_s; /* given at 0 */
	bool held;
};

static const struct idle_row idles[] = {
	{"for ever", 0, 1, 1000 * HOUR_S, true},
	{"within the time", HOUR_S, 1, HOUR_S + 1, true},
	{"after the time", HOUR_S, 1, HOUR_S + 2, false},
	{"used in between", HOUR_S, HOUR_S - 1, 2 * HOUR_S - 1, true},
};

static void
is_forgotten(void **state)
{
	const struct idle_row *row = *state;
	struct history *history = history_new(&(struct history_options){
		.memory_bytes = MEMORY_BYTES, .seed = 7, .idle_s = row->idle_s});
	struct before before;

	fetch(history, 0);
	enter(history, &(struct making){.at_s = row->used_at_s, .request = "GET /0"});
	before = enter(
		history, &(struct making){.at_s = row->looked_at_s, .request = "GET /0"});
	assert_int_equal(before.has_held, row->held);
	assert_false(before.perhaps_forgotten);
	assert_int_equal(history_evictions(history).held, 0);
	history_free(&history);
}

struct age_row {
	const char *name, *fields;
	bool conservative;
	int64_t age_s; /* 60 s after the request */
};

#define DATE "\nDate: Wed, 31 Dec 2025 23:50:00 GMT" /* ten minutes before */

static const struct age_row ages[] = {
	{"Date is not asked", DATE, false, 60},
	{"Date is older", DATE, true, 660},
	{"Age is older than Date", DATE "\nAge: 6000", true, 6060},
	{"no Date", "", true, 60},
	{"a Date to come", "\nDate: Thu, 01 Jan 2026 10:00:00 GMT", true, 60},
};

static void
is_so_old(void **state)
{
	const struct age_row *row = *state;
	struct history *history = history_new(
		&(struct history_options){.memory_bytes = MEMORY_BYTES,
			.seed = 7,
			.conservative_age = row->conservative});
	char response[256];
	struct before before;

	snprintf(response, sizeof response, "200\nCache-Control: max-age=600%s",
		row->fields);
	enter(history,
		&(struct making){.request = "GET /a", .response = response, .body = "x"});
	before = enter(history, &(struct making){.at_s = 60, .request = "GET /a"});
	history_free(&history);
	assert_true(before.has_held);
	assert_int_equal(before.held_age_ns / 1000000000, row->age_s);
	assert_int_equal(before.held_fresh, row->age_s < 600);
}

static void
count_entry(void *context, const void *entry)
{
	(void)entry;
	++*(unsigned *)context;
}

static void
a_table_tells_what_it_evicts(void **state)
{
	struct table *table = table_new(8, 4096, NULL);
	unsigned told = 0;

	(void)state;
	table_on_eviction(table, count_entry, &told);
	for (uint64_t i = 0; i < 1000; i++)
		table_put(table, key_add_number(key_start(7), i));
	assert_int_equal(told, table_evictions(table));
	assert_int_equal(told + table_count(table), 1000);
	table_remove(table, key_add_number(key_start(7), 999));
	table_expire(table, 10, 5);
	assert_int_equal(table_count(table), 0);
	assert_int_equal(told, table_evictions(table));
	table_free(&table);
}

static void
a_clock_that_goes_back_makes_nothing_old(void **state)
{
	struct table *table = table_new(8, 4096, NULL);

	(void)state;
	table_expire(table, 1000, 5);
	table_put(table, key_start(1));
	table_expire(table, 10, 5);
	assert_int_equal(table_count(table), 1);
	table_put(table, key_start(2));
	table_expire(table, 1006, 5);
	assert_int_equal(table_count(table), 0);
	table_free(&table);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_evicted_may_have_been_there),
		cmocka_unit_test(nothing_was_forgotten_with_room_enough),
		cmocka_unit_test(a_table_tells_what_it_evicts),
		cmocka_unit_test(a_clock_that_goes_back_makes_nothing_old),
	};
	int failed = 0;

	rows_filter(argc, argv);
	failed += ROWS_RUN(idles, is_forgotten);
	failed += ROWS_RUN(ages, is_so_old);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed != 0;
}
