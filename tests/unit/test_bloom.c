// room: ct_base
/* A Bloom filter: what was added is there, and little else. */
#include "analyzer/base/bloom.h"

#include "tests/lib/rows.h"

enum {
	KEYS = 1 << 16
};

static struct key
key_number(uint64_t number)
{
	return key_add_number(key_start(7), number);
}

static void
what_was_added_is_there(void **state)
{
	struct bloom *bloom = bloom_new(KEYS);
	unsigned false_alarms = 0;

	(void)state;
	for (uint64_t i = 0; i < KEYS; i++)
		bloom_add(bloom, key_number(i));
	for (uint64_t i = 0; i < KEYS; i++)
		assert_true(bloom_has(bloom, key_number(i)));
	for (uint64_t i = KEYS; i < UINT64_C(2) * KEYS; i++)
		false_alarms += bloom_has(bloom, key_number(i));
	bloom_free(&bloom);
	assert_in_range(false_alarms, KEYS / 100, KEYS / 40);
}

static void
nothing_is_there_at_first(void **state)
{
	struct bloom *bloom = bloom_new(0);

	(void)state;
	assert_false(bloom_has(bloom, key_number(0)));
	assert_false(bloom_has(bloom, (struct key){0, 0}));
	bloom_add(bloom, key_number(0));
	assert_true(bloom_has(bloom, key_number(0)));
	bloom_free(&bloom);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_added_is_there),
		cmocka_unit_test(nothing_is_there_at_first),
	};

	rows_filter(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
