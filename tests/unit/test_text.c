// room: ct_base
/* What people read: safe strings, clipped strings, numbers with units. */
#include "analyzer/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct safe_row {
	struct slice octets;
	const char *text;
	unsigned columns;
} safe_rows[] = {
	{SLICE_INIT("plain \\ text"), "plain \\ text", 12},
	{SLICE_INIT("\x1b[2J"), "\\x1B[2J", 7},
	{SLICE_INIT("a\nb\0"), "a\\x0Ab\\x00", 10},
	{SLICE_INIT("\x7f"), "\\x7F", 4},
	{SLICE_INIT("\x9b"), "\\x9B", 4},
	{SLICE_INIT("\xc2\x9b"), "\\xC2\\x9B", 8},
	{SLICE_INIT("\xe2\x80\xae"), "\\xE2\\x80\\xAE", 12},
	{SLICE_INIT("\xe2\x81\xa6"), "\\xE2\\x81\\xA6", 12},
	{SLICE_INIT("\xe2\x80\xa8"), "\\xE2\\x80\\xA8", 12},
	{SLICE_INIT("\xc0\xaf"), "\\xC0\\xAF", 8},
	{SLICE_INIT("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f", 4},
	{SLICE_INIT("\xe6\x97\xa5"), "\xe6\x97\xa5", 2},
};

static void
expect(const struct out *out, const char *text)
{
	struct slice got = out_contents(out);

	assert_int_equal(got.n, strlen(text));
	assert_memory_equal(got.at, text, got.n);
}

static void
strings_are_safe(void **state)
{
	struct out out;

	(void)state;
	out_init_memory(&out);
	for (size_t i = 0; i < sizeof safe_rows / sizeof *safe_rows; i++) {
		out_clear(&out);
		text_safe(&out, safe_rows[i].octets);
		expect(&out, safe_rows[i].text);
		assert_int_equal(text_columns(safe_rows[i].octets), safe_rows[i].columns);
	}
	out_fini(&out);
}

static void
long_strings_lose_their_middle(void **state)
{
	struct out out;

	(void)state;
	out_init_memory(&out);
	assert_int_equal(text_clip(&out, SLICE("short"), 10), 5);
	assert_int_equal(text_clip(&out, SLICE("/a/very/long/path.css"), 12), 12);
	expect(&out, "short/a/very….css");
	out_clear(&out);
	assert_int_equal(text_clip(&out, SLICE("\x1b\x1b\x1b\x1b\x1b"), 10), 5);
	expect(&out, "\\x1B…");
	out_clear(&out);
	for (unsigned columns = 0; columns < 30; columns++) {
		unsigned used = text_clip(&out,
			SLICE("\xe6\x97\xa5\xff"
			      "abc\n\xc3\xbc 12345"),
			columns);

		assert_true(used <= columns);
	}
	out_fini(&out);
}

static void
numbers_are_readable(void **state)
{
	(void)state;
	assert_string_equal(text_count(0).s, "0");
	assert_string_equal(text_count(999).s, "999");
	assert_string_equal(text_count(1000).s, "1,000");
	assert_string_equal(text_count(1234567).s, "1,234,567");
	assert_string_equal(text_count(UINT64_MAX).s, "18,446,744,073,709,551,615");

	assert_string_equal(text_bytes(0).s, "0 B");
	assert_string_equal(text_bytes(999).s, "999 B");
	assert_string_equal(text_bytes(1000).s, "1.00 kB");
	assert_string_equal(text_bytes(9999).s, "10.0 kB");
	assert_string_equal(text_bytes(12400000000).s, "12.4 GB");
	assert_string_equal(text_bytes(999950).s, "1.00 MB");
	assert_string_equal(text_bytes(UINT64_MAX).s, "18.4 EB");
}

static void
shares_do_not_pretend(void **state)
{
	(void)state;
	assert_string_equal(text_share(0, 0).s, "n/a");
	assert_string_equal(text_share(0, 7).s, "0.0 %");
	assert_string_equal(text_share(7, 7).s, "100.0 %");
	assert_string_equal(text_share(1, 3).s, "33.3 %");
	assert_string_equal(text_share(9999, 10000).s, "> 99.9 %");
	assert_string_equal(text_share(1, 10000).s, "< 0.1 %");
}

static void
times_are_readable(void **state)
{
	(void)state;
	assert_string_equal(text_lifetime(0).s, "0 s");
	assert_string_equal(text_lifetime(90).s, "90 s");
	assert_string_equal(text_lifetime(300).s, "5 min");
	assert_string_equal(text_lifetime(86400).s, "1 d");
	assert_string_equal(text_lifetime(90000).s, "25 h");
	assert_string_equal(text_lifetime(31536000).s, "1 y");
	assert_string_equal(text_duration(0).s, "0.00 ms");
	assert_string_equal(text_duration(1234567).s, "1.23 ms");
	assert_string_equal(text_duration(35000000).s, "35.0 ms");
	assert_string_equal(text_duration(999400000).s, "999 ms");
	assert_string_equal(text_duration(4200000000).s, "4.2 s");
	assert_string_equal(text_duration(INT64_C(3720000000000)).s, "1 h 02 min");
	assert_string_equal(text_duration(INT64_C(61000000000)).s, "1 min 01 s");
	assert_string_equal(text_duration(INT64_C(200000000000000)).s, "2 d 7 h");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_are_safe),
		cmocka_unit_test(long_strings_lose_their_middle),
		cmocka_unit_test(numbers_are_readable),
		cmocka_unit_test(shares_do_not_pretend),
		cmocka_unit_test(times_are_readable),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
