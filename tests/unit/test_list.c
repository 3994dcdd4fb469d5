// room: ct_parsers
/* Lists, their use in Vary, numbers, and the classes of octets below them. */
#include "parsers/chars.h"
#include "parsers/list.h"
#include "parsers/number.h"
#include "parsers/vary.h"

#include "tests/lib/rows.h"

struct list {
	const char *name, *value, *elements[5];
};

static const struct list lists[] = {
	{"nothing", "", {0}},
	{"blanks", " \t ", {0}},
	{"commas", ",,,", {0}},
	{"one element", "a", {"a"}},
	{"three elements", "a,b,c", {"a", "b", "c"}},
	{"outer white space goes", " \ta \t,\t b ", {"a", "b"}},
	{"inner white space stays", "a b, c", {"a b", "c"}},
	{"empty elements are skipped", ",a,, ,b,", {"a", "b"}},
	{"comma in quotes separates nothing", "a=\"b,c\",d", {"a=\"b,c\"", "d"}},
	{"backslash hides a quote", "\"a\\\",b\",c", {"\"a\\\",b\"", "c"}},
	{"backslash hides a backslash", "\"a\\\\\",b", {"\"a\\\\\"", "b"}},
	{"backslash outside quotes hides nothing", "a\\,b", {"a\\", "b"}},
	{"two strings in one element", "\"a,\"\"b,\",c", {"\"a,\"\"b,\"", "c"}},
	{"unterminated string takes the rest", "a,\"b,c,d", {"a", "\"b,c,d"}},
	{"backslash at the very end", "a,\"b\\", {"a", "\"b\\"}},
	{"quote at the very end", "a,\"", {"a", "\""}},
};

static void
walks_list(void **state)
{
	const struct list *row = *state;
	struct guard guard = {0};
	struct slice rest = guard_slice(&guard, row->value, strlen(row->value));
	struct slice element;

	for (size_t i = 0; i < 5 && row->elements[i]; i++) {
		assert_true(list_next(&rest, &element));
		rows_assert_slice(element, row->elements[i]);
	}
	assert_false(list_next(&rest, &element));
	assert_int_equal(rest.n, 0);
	guard_fini(&guard);
}

struct vary {
	const char *name, *value;
	bool star, encoding;
};

static const struct vary varies[] = {
	{"nothing", "", false, false},
	{"the name", "Accept-Encoding", false, true},
	{"the name in another case", "accept-ENCODING", false, true},
	{"the name among others", "Cookie, Accept-Encoding ,Origin", false, true},
	{"star", "*", true, false},
	{"star among others", "Accept-Encoding, *", true, true},
	{"star in quotes is no star", "\"*\"", false, false},
	{"name in quotes is another name", "\"Accept-Encoding\"", false, false},
	{"part of the name", "Accept", false, false},
	{"longer name", "Accept-Encoding2", false, false},
	{"semicolons separate nothing", "Accept-Encoding; Cookie", false, false},
};

static void
varies_by(void **state)
{
	const struct vary *row = *state;
	struct guard guard = {0};
	struct slice value = guard_slice(&guard, row->value, strlen(row->value));

	assert_int_equal(vary_is_star(value), row->star);
	assert_int_equal(vary_has(value, SLICE("Accept-Encoding")), row->encoding);
	guard_fini(&guard);
}

struct number {
	const char *name, *value;
	bool decimal, hex;
	uint64_t decimal_is, hex_is;
};

static const struct number numbers[] = {
	{"zero", "0", true, true, 0, 0},
	{"both bases", "10", true, true, 10, 16},
	{"hexadecimal digits of both cases", "aF", false, true, 0, 0xaf},
	{"first letter beyond", "g", false, false, 0, 0},
	{"octet before 0", "/", false, false, 0, 0},
	{"octet after 9", ":", false, false, 0, 0},
	{"leading zeros", "0000000000000000000000007", true, true, 7, 7},
	{"largest decimal", "18446744073709551615", true, false, UINT64_MAX, 0},
	{"decimal beyond 64 bits", "18446744073709551616", false, false, 0, 0},
	{"largest hexadecimal", "ffffffffffffffff", false, true, 0, UINT64_MAX},
	{"hexadecimal beyond 64 bits", "10000000000000000", true, false,
		10000000000000000, 0},
	{"nothing", "", false, false, 0, 0},
	{"plus", "+1", false, false, 0, 0},
	{"minus", "-1", false, false, 0, 0},
	{"blank before", " 1", false, false, 0, 0},
	{"blank after", "1 ", false, false, 0, 0},
	{"prefix", "0x1", false, false, 0, 0},
	{"obs-text", "\xb2", false, false, 0, 0},
};

static void
reads_number(void **state)
{
	const struct number *row = *state;
	struct guard guard = {0};
	struct slice value = guard_slice(&guard, row->value, strlen(row->value));
	uint64_t decimal = 0, hex = 0;

	assert_int_equal(number_decimal(value, &decimal), row->decimal);
	assert_int_equal(number_hex(value, &hex), row->hex);
	assert_true(decimal == row->decimal_is);
	assert_true(hex == row->hex_is);
	guard_fini(&guard);
}

/* Every octet against the grammar written out as strings and ranges. */
static void
classes_are_the_grammar(void **state)
{
	static const char marks[] = "!#$%&'*+-.^_`|~";

	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		bool digit = c >= '0' && c <= '9';
		bool alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		bool mark = c && strchr(marks, (int)c);
		uint8_t octet = (uint8_t)c;

		assert_int_equal(chars_is_digit(octet), digit);
		assert_int_equal(chars_is_alpha(octet), alpha);
		assert_int_equal(chars_is_token(octet), digit || alpha || mark);
		assert_int_equal(chars_is_vchar(octet), c > 0x20 && c < 0x7f);
		assert_int_equal(chars_is_obs_text(octet), c >= 0x80);
		assert_int_equal(chars_is_ctl(octet), c < 0x20 || c == 0x7f);
		assert_int_equal(chars_is_etagc(octet),
			c == 0x21 || (c >= 0x23 && c <= 0x7e) || c >= 0x80);
		assert_int_equal(chars_is_blank(octet), c == 0x20 || c == 0x09);
	}
}

/* Every octet in every place of eight, and behind them. */
static void
eight_become_lower_as_one_does(void **state)
{
	uint8_t from[19], to[19];

	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		for (size_t at = 0; at < sizeof from; at++) {
			memset(from, 'Z', sizeof from);
			from[at] = (uint8_t)c;
			octets_lower(to, from, sizeof from);
			for (size_t i = 0; i < sizeof from; i++)
				assert_int_equal(to[i], octet_lower(from[i]));
		}
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest classes[] = {cmocka_unit_test(classes_are_the_grammar),
		cmocka_unit_test(eight_become_lower_as_one_does)};

	rows_filter(argc, argv);
	return ROWS_RUN(lists, walks_list) + ROWS_RUN(varies, varies_by) +
	       ROWS_RUN(numbers, reads_number) +
	       cmocka_run_group_tests(classes, NULL, NULL);
}
