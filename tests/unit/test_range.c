// room: ct_parsers
/* Range and Content-Range in octets. */
#include "parsers/range.h"

#include "tests/lib/rows.h"

struct row {
	const char *name, *value;
	int count;
	struct range_spec specs[3];
};

static const struct row valid[] = {
	{"first and last", "bytes=0-99", 1, {{RANGE_FIRST_LAST, 0, 99}}},
	{"one octet", "bytes=5-5", 1, {{RANGE_FIRST_LAST, 5, 5}}},
	{"from", "bytes=100-", 1, {{RANGE_FROM, 100, UINT64_MAX}}},
	{"suffix", "bytes=-500", 1, {{RANGE_SUFFIX, 0, 500}}},
	{"suffix of nothing is well-formed", "bytes=-0", 1, {{RANGE_SUFFIX, 0, 0}}},
	{"unit without case", "Bytes=0-1", 1, {{RANGE_FIRST_LAST, 0, 1}}},
	{"several, with blanks", "bytes=0-1 , 5-,\t-7", 3,
		{{RANGE_FIRST_LAST, 0, 1}, {RANGE_FROM, 5, UINT64_MAX},
			{RANGE_SUFFIX, 0, 7}}},
	{"empty elements are skipped", "bytes=,0-1,,", 1, {{RANGE_FIRST_LAST, 0, 1}}},
	{"largest position", "bytes=0-18446744073709551615", 1,
		{{RANGE_FIRST_LAST, 0, UINT64_MAX}}},
	{"more than there is room for are counted", "bytes=1-1,2-2,3-3,4-4,5-5", 5,
		{{RANGE_FIRST_LAST, 1, 1}, {RANGE_FIRST_LAST, 2, 2},
			{RANGE_FIRST_LAST, 3, 3}}},
};

static const struct row invalid[] = {
	{"nothing", "", 0, {{0}}},
	{"unit alone", "bytes", 0, {{0}}},
	{"no range", "bytes=", 0, {{0}}},
	{"another unit", "items=0-1", 0, {{0}}},
	{"longer unit", "bytess=0-1", 0, {{0}}},
	{"blank before the sign", "bytes =0-1", 0, {{0}}},
	{"no dash", "bytes=5", 0, {{0}}},
	{"dash alone", "bytes=-", 0, {{0}}},
	{"last before first", "bytes=2-1", 0, {{0}}},
	{"two dashes", "bytes=--1", 0, {{0}}},
	{"letters", "bytes=a-b", 0, {{0}}},
	{"blank inside", "bytes=0 -1", 0, {{0}}},
	{"first beyond 64 bits", "bytes=18446744073709551616-", 0, {{0}}},
	{"last beyond 64 bits", "bytes=0-18446744073709551616", 0, {{0}}},
	{"one bad member spoils the set", "bytes=0-1,x", 0, {{RANGE_FIRST_LAST, 0, 1}}},
};

static void
parses(void **state)
{
	const struct row *row = *state;
	struct range_spec specs[3] = {{0}};
	struct guard guard = {0};
	struct slice value = guard_slice(&guard, row->value, strlen(row->value));

	assert_int_equal(range_parse(value, specs, 3), row->count);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(specs[i].form, row->specs[i].form);
		assert_true(specs[i].first == row->specs[i].first);
		assert_true(specs[i].last == row->specs[i].last);
	}
	assert_int_equal(range_parse(value, NULL, 0), row->count);
	guard_fini(&guard);
}

struct content {
	const char *name, *value;
	bool valid;
	struct content_range is;
};

static const struct content contents[] = {
	{"all known", "bytes 0-99/1234", true,
		{.last = 99, .complete = 1234, .complete_known = true}},
	{"last octet", "bytes 1233-1233/1234", true,
		{.first = 1233, .last = 1233, .complete = 1234, .complete_known = true}},
	{"length unknown", "bytes 5-9/*", true, {.first = 5, .last = 9}},
	{"unsatisfied", "bytes */1234", true,
		{.complete = 1234, .complete_known = true, .unsatisfied = true}},
	{"unit without case", "BYTES 0-0/1", true,
		{.complete = 1, .complete_known = true}},
	{"unsatisfied without length", "bytes */*", false, {0}},
	{"last at the length", "bytes 0-10/10", false, {0}},
	{"last before first", "bytes 5-4/10", false, {0}},
	{"open end", "bytes 5-/10", false, {0}},
	{"suffix", "bytes -5/10", false, {0}},
	{"no length", "bytes 0-1", false, {0}},
	{"empty length", "bytes 0-1/", false, {0}},
	{"sign for the blank", "bytes=0-1/2", false, {0}},
	{"two blanks", "bytes  0-1/2", false, {0}},
	{"another unit", "items 0-1/2", false, {0}},
	{"beyond 64 bits", "bytes 0-1/18446744073709551616", false, {0}},
	{"nothing", "", false, {0}},
};

static void
parses_content(void **state)
{
	const struct content *row = *state;
	struct content_range range;
	struct guard guard = {0};
	struct slice value = guard_slice(&guard, row->value, strlen(row->value));

	assert_int_equal(content_range_parse(value, &range), row->valid);
	if (row->valid) {
		assert_true(range.first == row->is.first);
		assert_true(range.last == row->is.last);
		assert_true(range.complete == row->is.complete);
		assert_int_equal(range.complete_known, row->is.complete_known);
		assert_int_equal(range.unsatisfied, row->is.unsatisfied);
	}
	guard_fini(&guard);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(valid, parses) + ROWS_RUN(invalid, parses) +
	       ROWS_RUN(contents, parses_content);
}
