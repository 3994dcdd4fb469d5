// room: ct_report
/* Percentiles: exact while there are few values, close when there are many. */
#include "analyzer/report/distribution.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void
few_values_are_exact(void **state)
{
	static struct distribution d;
	static const uint64_t values[] = {50, 10, 40, 20, 30};

	(void)state;
	assert_int_equal(distribution_at(&d, 0.5), 0);
	for (unsigned i = 0; i < 5; i++)
		distribution_add(&d, values[i]);
	assert_int_equal(distribution_at(&d, 0.0), 10);
	assert_int_equal(distribution_at(&d, 0.5), 30);
	assert_int_equal(distribution_at(&d, 0.9), 50);
	assert_int_equal(distribution_at(&d, 1.0), 50);
	distribution_add(&d, 60);
	assert_int_equal(distribution_at(&d, 0.5), 40);
	distribution_fini(&d);
}

static void
many_values_are_close(void **state)
{
	static struct distribution d;
	static const double shares[] = {0.01, 0.5, 0.9, 0.99};

	(void)state;
	for (uint64_t i = 0; i < 100000; i++)
		distribution_add(&d, i * 7919 % 100000 * 1000);
	for (unsigned i = 0; i < sizeof shares / sizeof *shares; i++) {
		double want = shares[i] * 1e8;
		double got = (double)distribution_at(&d, shares[i]);

		assert_true(got > want * 0.99 && got < want * 1.01);
	}
	distribution_fini(&d);
}

static void
the_largest_number_has_a_place(void **state)
{
	static struct distribution d;

	(void)state;
	for (unsigned i = 0; i < 2 * DISTRIBUTION_EXACT; i++)
		distribution_add(&d, i % 2 ? UINT64_MAX : 0);
	assert_int_equal(distribution_at(&d, 0.25), 0);
	assert_true(distribution_at(&d, 0.75) > UINT64_MAX / 128 * 126);
	distribution_fini(&d);
}

static void
buckets_have_the_values_from_their_low_end(void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < 64; bits++)
		for (uint64_t off = 0; off < 3; off++) {
			uint64_t value = ((uint64_t)1 << bits) + off - 1;
			unsigned bucket = distribution_bucket(value);

			assert_true(distribution_low(bucket) <= value);
			assert_true(distribution_low(bucket + 1) > value);
		}
}

static void
few_and_many_values_spread_alike(void **state)
{
	static struct distribution few, many;
	static uint64_t counts[DISTRIBUTION_BUCKETS];

	(void)state;
	for (uint64_t i = 0; i < 100; i++)
		distribution_add(&few, i);
	for (uint64_t i = 0; i < 100 * DISTRIBUTION_EXACT; i++)
		distribution_add(&many, i % 100);
	distribution_spread(&few, counts);
	assert_int_equal(counts[distribution_bucket(99)], 1);
	assert_int_equal(
		distribution_spread_at(counts, 100, 0.9), distribution_at(&few, 0.9));
	distribution_spread(&many, counts);
	assert_int_equal(counts[distribution_bucket(99)], DISTRIBUTION_EXACT);
	assert_int_equal(distribution_spread_at(counts, 0, 0.5), 0);
	distribution_fini(&many);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_values_are_exact),
		cmocka_unit_test(many_values_are_close),
		cmocka_unit_test(the_largest_number_has_a_place),
		cmocka_unit_test(buckets_have_the_values_from_their_low_end),
		cmocka_unit_test(few_and_many_values_spread_alike),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
