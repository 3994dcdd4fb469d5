// room: ct_parsers
/* Entity tags: what is one, what is wrong with it, and which are the same. */
#include "parsers/etag.h"

#include "tests/lib/rows.h"

struct single {
	const char *name, *value, *opaque;
	bool weak;
	unsigned flaws;
};

static const struct single valid_tags[] = {
	{"strong tag", "\"v1\"", "v1", false, 0},
	{"weak tag", "W/\"v1\"", "v1", true, 0},
	{"empty quotes are a tag", "\"\"", "", false, 0},
	{"empty weak tag", "W/\"\"", "", true, 0},
	{"comma belongs to the tag", "\"a,b\"", "a,b", false, 0},
	{"comma and tag-like text belong to the tag", "\"a,W/b\"", "a,W/b", false, 0},
	{"backslash is an ordinary octet", "\"a\\b\"", "a\\b", false, 0},
	{"backslash before the closing quote escapes nothing", "\"a\\\"", "a\\", false,
		0},
	{"obs-text belongs to the tag", "\"\xc3\xa9\x80\xff\"", "\xc3\xa9\x80\xff", false,
		0},
	{"exclamation mark is the lowest etagc", "\"!\"", "!", false, 0},
	{"tilde is the highest ASCII etagc", "\"~\"", "~", false, 0},
	{"single quotes inside are ordinary", "\"'v1'\"", "'v1'", false, 0},
	{"star in quotes is an ordinary tag", "\"*\"", "*", false, 0},
	{"coding suffix is part of the tag", "\"v1-gzip\"", "v1-gzip", false, 0},
};

static const struct single malformed_tags[] = {
	{"no quotes", "v1", "v1", false, ETAG_UNQUOTED},
	{"one letter", "W", "W", false, ETAG_UNQUOTED},
	{"star is not a tag", "*", "*", false, ETAG_UNQUOTED},
	{"single quotes", "'v1'", "'v1'", false, ETAG_SINGLE_QUOTED},
	{"one single quote is no pair", "'", "'", false, ETAG_UNQUOTED},
	{"lower-case prefix", "w/\"v1\"", "w/\"v1\"", true, ETAG_LOWERCASE_WEAK},
	{"weak without quotes", "W/v1", "W/v1", true, ETAG_WEAK_UNQUOTED},
	{"prefix alone", "W/", "W/", true, ETAG_WEAK_UNQUOTED},
	{"weak without slash", "W\"v1\"", "W\"v1\"", false, ETAG_WEAK_SYNTAX},
	{"weak without slash, escaped", "W\\\"v1\\\"", "W\\\"v1\\\"", false,
		ETAG_WEAK_SYNTAX | ETAG_ESCAPED},
	{"escaped by backslashes", "\\\"v1\\\"", "\\\"v1\\\"", false, ETAG_ESCAPED},
	{"escaped for HTML", "&quot;v1&quot;", "&quot;v1&quot;", false, ETAG_ESCAPED},
	{"space inside", "\"a b\"", "\"a b\"", false, ETAG_BAD_CHAR},
	{"tab inside", "\"a\tb\"", "\"a\tb\"", false, ETAG_BAD_CHAR},
	{"DEL inside", "\"a\x7f\"", "\"a\x7f\"", false, ETAG_BAD_CHAR},
	{"control inside", "\"\x01\"", "\"\x01\"", false, ETAG_BAD_CHAR},
	{"quote inside", "\"a\"b\"", "\"a\"b\"", false, ETAG_BAD_CHAR | ETAG_INNER_QUOTE},
	{"octets after the closing quote", "\"a\"b", "\"a\"b", false,
		ETAG_BAD_CHAR | ETAG_INNER_QUOTE},
	{"quoted twice", "\"\"v1\"\"", "\"\"v1\"\"", false,
		ETAG_BAD_CHAR | ETAG_INNER_QUOTE | ETAG_QUOTED_TWICE},
	{"no closing quote", "\"v1", "\"v1", false, ETAG_UNTERMINATED},
	{"a quote alone", "\"", "\"", false, ETAG_UNTERMINATED},
	{"weak without closing quote", "W/\"v1", "W/\"v1", true, ETAG_UNTERMINATED},
	{"unterminated tag keeps its comma", "\"a,b", "\"a,b", false, ETAG_UNTERMINATED},
	{"empty value", "", "", false, ETAG_EMPTY},
	{"blank value", " \t", "", false, ETAG_EMPTY},
	{"two tags", "\"a\", \"b\"", "\"a\", \"b\"", false, ETAG_SEVERAL},
	{"two tags without a comma", "\"a\" \"b\"", "\"a\" \"b\"", false, ETAG_SEVERAL},
	{"comma after the tag", "\"a\",", "\"a\",", false, ETAG_SEVERAL},
};

static void
parses_single(void **state)
{
	const struct single *row = *state;
	struct guard guard = {0};
	struct slice value = guard_slice(&guard, row->value, strlen(row->value));
	struct etag tag = etag_parse(value);

	assert_int_equal(tag.flaws, row->flaws);
	assert_int_equal(tag.weak, row->weak);
	assert_int_equal(etag_is_valid(&tag), row->flaws == 0);
	rows_assert_slice(tag.opaque, row->opaque);
	assert_true(tag.raw.at >= value.at && tag.raw.n <= value.n);
	guard_fini(&guard);
}

struct list {
	const char *name, *value;
	enum etag_condition_form form;
	struct {
		const char *raw;
		unsigned flaws;
	} members[4];
};

static const struct list valid_lists[] = {
	{"one tag", "\"a\"", ETAG_LIST, {{"\"a\"", 0}}},
	{"two tags", "\"a\", W/\"b\"", ETAG_LIST, {{"\"a\"", 0}, {"W/\"b\"", 0}}},
	{"no blank after the comma", "\"a\",\"b\"", ETAG_LIST,
		{{"\"a\"", 0}, {"\"b\"", 0}}},
	{"tab and blanks around the comma", "\"a\" \t, \t\"b\"", ETAG_LIST,
		{{"\"a\"", 0}, {"\"b\"", 0}}},
	{"empty elements are skipped", ", ,\"a\",, \"b\" , ,", ETAG_LIST,
		{{"\"a\"", 0}, {"\"b\"", 0}}},
	{"comma in a tag separates nothing", "\"a,b\", \"c\"", ETAG_LIST,
		{{"\"a,b\"", 0}, {"\"c\"", 0}}},
	{"backslash before the quote separates as usual", "\"a\\\", \"b\"", ETAG_LIST,
		{{"\"a\\\"", 0}, {"\"b\"", 0}}},
	{"star in quotes is an ordinary member", "\"*\", \"v1\"", ETAG_LIST,
		{{"\"*\"", 0}, {"\"v1\"", 0}}},
	{"empty tags are members", "\"\",\"\"", ETAG_LIST, {{"\"\"", 0}, {"\"\"", 0}}},
	{"nothing is an empty list", "", ETAG_LIST_EMPTY, {{0}}},
	{"commas alone are an empty list", " , ,", ETAG_LIST_EMPTY, {{0}}},
	{"star alone", "*", ETAG_STAR, {{"*", ETAG_UNQUOTED}}},
};

static const struct list malformed_lists[] = {
	{"missing comma: both tags, the second flawed", "\"a\" \"b\"",
		ETAG_LIST_MALFORMED, {{"\"a\"", 0}, {"\"b\"", ETAG_MISSING_COMMA}}},
	{"missing comma before a weak tag", "\"a\"\tW/\"b\", \"c\"", ETAG_LIST_MALFORMED,
		{{"\"a\"", 0}, {"W/\"b\"", ETAG_MISSING_COMMA}, {"\"c\"", 0}}},
	{"tags that touch are one broken token", "\"a\"\"b\", \"c\"", ETAG_LIST_MALFORMED,
		{{"\"a\"\"b\"", ETAG_BAD_CHAR | ETAG_INNER_QUOTE}, {"\"c\"", 0}}},
	{"a broken member spoils no other", "\"a\"x, \"b\"", ETAG_LIST_MALFORMED,
		{{"\"a\"x", ETAG_BAD_CHAR | ETAG_INNER_QUOTE}, {"\"b\"", 0}}},
	{"unquoted members end at commas", "a, b,c", ETAG_LIST_MALFORMED,
		{{"a", ETAG_UNQUOTED}, {"b", ETAG_UNQUOTED}, {"c", ETAG_UNQUOTED}}},
	{"unquoted token keeps its blanks", "a b, \"c\"", ETAG_LIST_MALFORMED,
		{{"a b", ETAG_UNQUOTED}, {"\"c\"", 0}}},
	{"quoted tag after an unquoted one", "a \"b\"", ETAG_LIST_MALFORMED,
		{{"a", ETAG_UNQUOTED}, {"\"b\"", ETAG_MISSING_COMMA}}},
	{"unterminated tag before a good one ends at the comma", "\"a, \"b\"",
		ETAG_LIST_MALFORMED, {{"\"a", ETAG_UNTERMINATED}, {"\"b\"", 0}}},
	{"unterminated last tag takes the rest", "\"a\", \"b, c", ETAG_LIST_MALFORMED,
		{{"\"a\"", 0}, {"\"b, c", ETAG_UNTERMINATED}}},
	{"echo of a tag quoted twice is one member", "\"\"v1\"\", \"x\"",
		ETAG_LIST_MALFORMED,
		{{"\"\"v1\"\"", ETAG_BAD_CHAR | ETAG_INNER_QUOTE | ETAG_QUOTED_TWICE},
			{"\"x\"", 0}}},
	{"star before tags", "*, \"v1\"", ETAG_STAR_IN_LIST,
		{{"*", ETAG_UNQUOTED}, {"\"v1\"", 0}}},
	{"star after tags", "\"v1\", *", ETAG_STAR_IN_LIST,
		{{"\"v1\"", 0}, {"*", ETAG_UNQUOTED}}},
	{"star twice", "*, *", ETAG_STAR_IN_LIST,
		{{"*", ETAG_UNQUOTED}, {"*", ETAG_UNQUOTED}}},
	{"lower-case weak member", "w/\"a\"", ETAG_LIST_MALFORMED,
		{{"w/\"a\"", ETAG_LOWERCASE_WEAK}}},
};

static void
walks_list(void **state)
{
	const struct list *row = *state;
	struct guard guard = {0};
	struct slice value = guard_slice(&guard, row->value, strlen(row->value));
	struct slice rest = value;
	struct etag tag;

	for (size_t i = 0; i < 4 && row->members[i].raw; i++) {
		assert_true(etag_next(&rest, &tag));
		rows_assert_slice(tag.raw, row->members[i].raw);
		assert_int_equal(tag.flaws, row->members[i].flaws);
	}
	assert_false(etag_next(&rest, &tag));
	assert_int_equal(rest.n, 0);
	assert_int_equal(etag_condition(value), row->form);
	guard_fini(&guard);
}

struct pair {
	const char *name, *a, *b;
	bool strong, weak;
};

static const struct pair comparisons[] = {
	{"equal strong tags", "\"1\"", "\"1\"", true, true},
	{"one weak tag", "W/\"1\"", "\"1\"", false, true},
	{"two weak tags", "W/\"1\"", "W/\"1\"", false, true},
	{"different tags", "\"1\"", "\"2\"", false, false},
	{"different weak tags", "W/\"1\"", "W/\"2\"", false, false},
	{"case matters", "\"a\"", "\"A\"", false, false},
	{"one is the other's beginning", "\"a\"", "\"ab\"", false, false},
	{"empty tags are equal", "\"\"", "\"\"", true, true},
	{"malformed tag equals its echo", "5f3a", "5f3a", true, true},
	{"malformed tag is not the quoted one", "5f3a", "\"5f3a\"", false, false},
	{"lower-case weak equals its echo, weakly", "w/\"1\"", "w/\"1\"", false, true},
	{"lower-case weak is not the weak tag", "w/\"1\"", "W/\"1\"", false, false},
	{"empty values are not the same tag", "", "", false, false},
};

static void
compares(void **state)
{
	const struct pair *row = *state;
	struct guard guards[2] = {{0}};
	struct etag a = etag_parse(guard_slice(&guards[0], row->a, strlen(row->a)));
	struct etag b = etag_parse(guard_slice(&guards[1], row->b, strlen(row->b)));

	assert_int_equal(etag_strong_eq(&a, &b), row->strong);
	assert_int_equal(etag_strong_eq(&b, &a), row->strong);
	assert_int_equal(etag_weak_eq(&a, &b), row->weak);
	assert_int_equal(etag_weak_eq(&b, &a), row->weak);
	guard_fini(&guards[0]);
	guard_fini(&guards[1]);
}

struct suffix {
	const char *name, *opaque, *kept, *suffix;
};

static const struct suffix suffixes[] = {
	{"no suffix", "abc", "abc", NULL},
	{"gzip of Apache", "abc-gzip", "abc", "-gzip"},
	{"brotli", "abc-br", "abc", "-br"},
	{"zstd", "abc-zstd", "abc", "-zstd"},
	{"deflate", "abc-deflate", "abc", "-deflate"},
	{"gzip of Jetty", "abc--gzip", "abc", "--gzip"},
	{"semicolon and gzip", "abc;gzip", "abc", ";gzip"},
	{"semicolon and br", "abc;br", "abc", ";br"},
	{"only one is cut off", "abc-gzip-gzip", "abc-gzip", "-gzip"},
	{"case matters", "abc-GZIP", "abc-GZIP", NULL},
	{"in the middle it is no suffix", "a-gzip-b", "a-gzip-b", NULL},
	{"something has to be left", "-gzip", "-gzip", NULL},
	{"nothing has no suffix", "", "", NULL},
};

static void
cuts_suffix(void **state)
{
	const struct suffix *row = *state;
	struct guard guard = {0};
	struct slice suffix;
	struct slice opaque = guard_slice(&guard, row->opaque, strlen(row->opaque));

	rows_assert_slice(etag_without_coding_suffix(opaque, &suffix), row->kept);
	rows_assert_slice(suffix, row->suffix);
	guard_fini(&guard);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(valid_tags, parses_single) +
	       ROWS_RUN(malformed_tags, parses_single) +
	       ROWS_RUN(valid_lists, walks_list) + ROWS_RUN(malformed_lists, walks_list) +
	       ROWS_RUN(comparisons, compares) + ROWS_RUN(suffixes, cuts_suffix);
}
