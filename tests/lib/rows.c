#include "tests/lib/rows.h"

int
rows_run(const char *group, const void *rows, size_t count, size_t row_bytes,
	CMUnitTestFunction test)
{
	struct CMUnitTest *tests = calloc(count, sizeof *tests);
	int failed;

	if (!tests)
		abort();
	for (size_t i = 0; i < count; i++) {
		const char *row = (const char *)rows + i * row_bytes;

		memcpy(&tests[i].name, row, sizeof tests[i].name);
		tests[i].test_func = test;
		tests[i].initial_state = (void *)(uintptr_t)row;
	}
	failed = _cmocka_run_group_tests(group, tests, count, NULL, NULL);
	free(tests);
	return failed;
}

void
rows_filter(int argc, char **argv)
{
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
}

void
rows_assert_slice(struct slice is, const char *expected)
{
	if (!expected) {
		assert_null(is.at);
		return;
	}
	assert_int_equal(is.n, strlen(expected));
	assert_memory_equal(is.at ? (const void *)is.at : "", expected, is.n);
}

size_t
rows_hex(uint8_t *octets, const char *hex)
{
	size_t n = strlen(hex) / 2;

	for (size_t i = 0; i < n; i++) {
		char pair[3] = {hex[2 * i], hex[2 * i + 1], '\0'};

		octets[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return n;
}
