// room: ct_base
/* JSON as it is read: what is valid comes back as it was, all else is refused. */
#include "analyzer/base/jsonread.h"

#include "tests/lib/rows.h"

struct row {
	const char *name;
	struct slice octets;
	const char *json; /* as it is written again; NULL: it is refused */
	size_t at;	  /* where it is wrong */
};

static const struct row rows[] = {
	{"words", SLICE_INIT("[true,false,null]"), "[true,false,null]", 0},
	{"space around everything", SLICE_INIT(" { \"a\" : [ 1 , 2 ] }\n"),
		"{\"a\":[1,2]}", 0},
	{"an empty object and an empty array", SLICE_INIT("{\"a\":{},\"b\":[]}"),
		"{\"a\":{},\"b\":[]}", 0},
	{"integers up to 64 bits", SLICE_INIT("[-9223372036854775808,0]"),
		"[-9223372036854775808,0]", 0},
	{"a larger one is a real", SLICE_INIT("[9223372036854775808]"),
		"[9.22337204e+18]", 0},
	{"reals", SLICE_INIT("[0.5,-1.25e+2,1E-1]"), "[0.5,-125,0.1]", 0},
	{"escapes", SLICE_INIT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\""),
		"\"\\\"\\\\/\\u0008\\u000c\\n\\r\\tA\"", 0},
	{"a pair of surrogates", SLICE_INIT("\"\\ud83d\\ude00\""), "\"\xf0\x9f\x98\x80\"",
		0},
	{"an octet of zero", SLICE_INIT("\"\\u0000\""), "\"\\u0000\"", 0},
	{"UTF-8", SLICE_INIT("\"gr\xc3\xbc\xc3\x9f\""), "\"gr\xc3\xbc\xc3\x9f\"", 0},
	{"sixteen levels", SLICE_INIT("[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]"),
		"[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", 0},

	{"nothing", SLICE_INIT(""), NULL, 0},
	{"seventeen levels", SLICE_INIT("[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]"), NULL, 16},
	{"something after it", SLICE_INIT("{}x"), NULL, 2},
	{"a comma too many", SLICE_INIT("[1,]"), NULL, 3},
	{"no comma", SLICE_INIT("[1 2]"), NULL, 3},
	{"no colon", SLICE_INIT("{\"a\" 1}"), NULL, 5},
	{"a key without quotes", SLICE_INIT("{a:1}"), NULL, 1},
	{"a leading zero", SLICE_INIT("[01]"), NULL, 2},
	{"a plus", SLICE_INIT("[+1]"), NULL, 1},
	{"no digit after the point", SLICE_INIT("[1.]"), NULL, 3},
	{"no digit in the exponent", SLICE_INIT("[1e]"), NULL, 3},
	{"a number beyond a double", SLICE_INIT("[1e999]"), NULL, 6},
	{"not a number", SLICE_INIT("[NaN]"), NULL, 1},
	{"half a word", SLICE_INIT("[tru]"), NULL, 1},
	{"a string without end", SLICE_INIT("\"abc"), NULL, 4},
	{"a backslash at the end", SLICE_INIT("\"\\"), NULL, 2},
	{"an unknown escape", SLICE_INIT("\"\\x41\""), NULL, 2},
	{"a short escape", SLICE_INIT("\"\\u12\""), NULL, 5},
	{"a high surrogate alone", SLICE_INIT("\"\\ud83d\""), NULL, 7},
	{"a low surrogate alone", SLICE_INIT("\"\\ude00\""), NULL, 7},
	{"a control in a string", SLICE_INIT("\"a\nb\""), NULL, 2},
	{"octets that are not UTF-8", SLICE_INIT("\"\xff\""), NULL, 1},
};

static void
reads(void **state)
{
	const struct row *row = *state;
	struct arena arena = {0};
	size_t at = SIZE_MAX;
	struct jsonvalue *value = jsonread(row->octets, &arena, &at);
	struct json json;
	struct out out;

	if (!row->json) {
		assert_null(value);
		assert_int_equal(at, row->at);
	} else {
		assert_non_null(value);
		out_init_memory(&out);
		json_init(&json, &out, false);
		jsonvalue_write(&json, value);
		assert_int_equal(out_contents(&out).n, strlen(row->json));
		assert_memory_equal(out.buffer, row->json, strlen(row->json));
		out_fini(&out);
	}
	arena_fini(&arena);
}

static void
every_cut_is_refused(void **state)
{
	static const struct slice whole = SLICE_INIT(
		"{\"a\":[1.5e1,\"\\u00e9\",null],\"b\":{\"c\":true}}");

	(void)state;
	for (size_t n = 0; n < whole.n; n++) {
		struct arena arena = {0};
		size_t at;

		assert_null(jsonread(slice_part(whole, 0, n), &arena, &at));
		assert_true(at <= n);
		arena_fini(&arena);
	}
}

static void
members_are_found_taken_and_appended(void **state)
{
	struct arena arena = {0};
	size_t at;
	struct jsonvalue *object = jsonread(
		SLICE("{\"a\":1,\"b\":2,\"a\":3}"), &arena, &at);
	struct jsonvalue *first;

	(void)state;
	assert_int_equal(jsonvalue_get(object, "b")->integer, 2);
	assert_null(jsonvalue_get(object, "c"));
	assert_null(jsonvalue_get(NULL, "c"));
	first = jsonvalue_take(object, "a");
	assert_int_equal(first->integer, 1);
	assert_int_equal(jsonvalue_get(object, "a")->integer, 3);
	jsonvalue_append(object, first);
	assert_int_equal(object->count, 3);
	assert_int_equal(jsonvalue_shift(object)->integer, 2);
	assert_int_equal(object->count, 2);
	jsonvalue_append_all(object, jsonread(SLICE("[]"), &arena, &at));
	jsonvalue_append_all(object, jsonread(SLICE("[7,8]"), &arena, &at));
	assert_int_equal(object->count, 4);
	assert_int_equal(object->first->next->next->integer, 7);
	assert_int_equal(object->first->next->next->next->integer, 8);
	arena_fini(&arena);
}

static void
sums_stay_in_range(void **state)
{
	(void)state;
	assert_int_equal(jsonvalue_sum(2, -5), -3);
	assert_int_equal(jsonvalue_sum(INT64_MAX, INT64_MAX), INT64_MAX / 4);
	assert_int_equal(jsonvalue_sum(INT64_MIN, INT64_MIN), -(INT64_MAX / 4));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cut_is_refused),
		cmocka_unit_test(members_are_found_taken_and_appended),
		cmocka_unit_test(sums_stay_in_range),
	};

	rows_filter(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL) + ROWS_RUN(rows, reads);
}
