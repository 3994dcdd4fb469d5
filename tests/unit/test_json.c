// room: ct_base
/* JSON as it is written, and that the nearest object says when octets were turned. */
#include "analyzer/base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct row {
	const char *name;
	struct slice octets;
	const char *json;
};

static const struct row strings[] = {
	{"an empty string", SLICE_INIT(""), "{\"s\":\"\"}"},
	{"quotes and backslashes are escaped", SLICE_INIT("a\"b\\"),
		"{\"s\":\"a\\\"b\\\\\"}"},
	{"controls are escaped", SLICE_INIT("\0\n\r\t\x1b\x7f"),
		"{\"s\":\"\\u0000\\n\\r\\t\\u001b\\u007f\"}"},
	{"UTF-8 is kept", SLICE_INIT("gr\xc3\xbc\xc3\x9f"),
		"{\"s\":\"gr\xc3\xbc\xc3\x9f\"}"},
	{"a C1 control in UTF-8 is escaped", SLICE_INIT("\xc2\x9b"),
		"{\"s\":\"\\u009b\"}"},
	{"what turns the direction is escaped", SLICE_INIT("\xe2\x80\xae"),
		"{\"s\":\"\\u202e\"}"},
	{"a tag character is escaped as a pair", SLICE_INIT("\xf3\xa0\x80\x81"),
		"{\"s\":\"\\udb40\\udc01\"}"},
	{"other octets become U+00xx, and it is said", SLICE_INIT("\xff\x80"),
		"{\"s\":\"\xc3\xbf\\u0080\",\"latin1\":true}"},
	{"one stray octet turns the whole string", SLICE_INIT("\xc3\xbc\xff"),
		"{\"s\":\"\xc3\x83\xc2\xbc\xc3\xbf\",\"latin1\":true}"},
	{"a surrogate is not UTF-8", SLICE_INIT("\xed\xa0\x80"),
		"{\"s\":\"\xc3\xad\xc2\xa0\\u0080\",\"latin1\":true}"},
	{"an overlong slash is not UTF-8", SLICE_INIT("\xc0\xaf"),
		"{\"s\":\"\xc3\x80\xc2\xaf\",\"latin1\":true}"},
	{"a cut character is not UTF-8", SLICE_INIT("\xe2\x82"),
		"{\"s\":\"\xc3\xa2\\u0082\",\"latin1\":true}"},
};

static void
expect(const struct out *out, const char *text)
{
	struct slice got = out_contents(out);

	assert_int_equal(got.n, strlen(text));
	assert_memory_equal(got.at, text, got.n);
}

static void
writes_string(void **state)
{
	const struct row *row = *state;
	struct out out;
	struct json json;

	out_init_memory(&out);
	json_init(&json, &out, false);
	json_object(&json);
	json_put_octets(&json, "s", row->octets);
	json_end(&json);
	expect(&out, row->json);
	out_fini(&out);
}

/* Strings are looked at by several octets at once: what is special has no place to hide.
 */
static void
finds_specials_at_each_place(void **state)
{
	static const struct {
		char octet;
		const char *json;
	} specials[] = {{'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\x1f', "\\u001f"},
		{'\x7f', "\\u007f"}, {'\xe9', "\xc3\xa9"}, {' ', " "}, {'~', "~"}};

	(void)state;
	for (size_t i = 0; i < sizeof specials / sizeof *specials; i++)
		for (size_t n = 1; n < 40; n++)
			for (size_t at = 0; at < n; at++) {
				char text[40], want[80];
				struct out out;
				struct json json;

				memset(text, 'a', n);
				text[at] = specials[i].octet;
				snprintf(want, sizeof want, "\"%.*s%s%.*s\"", (int)at,
					"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
					specials[i].json, (int)(n - at - 1),
					"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
				out_init_memory(&out);
				json_init(&json, &out, false);
				json_octets(&json, slice_of(text, n));
				expect(&out, want);
				out_fini(&out);
			}
}

static void
writes_numbers(void **state)
{
	struct out out;
	struct json json;

	(void)state;
	out_init_memory(&out);
	json_init(&json, &out, false);
	json_array(&json);
	json_uint(&json, 0);
	json_uint(&json, UINT64_MAX);
	json_int(&json, INT64_MIN);
	json_int(&json, -1);
	json_double(&json, 1.0 / 3);
	json_double(&json, 1);
	json_bool(&json, false);
	json_null(&json);
	json_text(&json, NULL);
	json_end(&json);
	expect(&out, "[0,18446744073709551615,-9223372036854775808,-1,0.333333333,1,"
		     "false,null,null]");
	out_fini(&out);
}

static void
marks_the_innermost_object(void **state)
{
	struct out out;
	struct json json;

	(void)state;
	out_init_memory(&out);
	json_init(&json, &out, false);
	json_object(&json);
	json_key(&json, "a");
	json_object(&json);
	json_key(&json, "list");
	json_array(&json);
	json_array(&json);
	json_octets(&json, SLICE("\xff"));
	json_end(&json);
	json_end(&json);
	json_end(&json);
	json_put_text(&json, "b", "x");
	json_end(&json);
	expect(&out, "{\"a\":{\"list\":[[\"\xc3\xbf\"]],\"latin1\":true},\"b\":\"x\"}");
	out_fini(&out);
}

static void
sets_members_on_lines(void **state)
{
	struct out out;
	struct json json;

	(void)state;
	out_init_memory(&out);
	json_init(&json, &out, true);
	json_object(&json);
	json_put_uint(&json, "n", 1);
	json_key(&json, "none");
	json_array(&json);
	json_end(&json);
	json_key(&json, "rate");
	json_object_inline(&json);
	json_put_uint(&json, "num", 1);
	json_put_uint(&json, "den", 2);
	json_end(&json);
	json_end(&json);
	expect(&out, "{\n  \"n\": 1,\n  \"none\": [],\n"
		     "  \"rate\": {\"num\": 1, \"den\": 2}\n}");
	out_fini(&out);
}

int
main(int argc, char **argv)
{
	enum {
		ROWS = sizeof strings / sizeof *strings
	};
	struct CMUnitTest tests[ROWS + 4] = {
		cmocka_unit_test(finds_specials_at_each_place),
		cmocka_unit_test(writes_numbers),
		cmocka_unit_test(marks_the_innermost_object),
		cmocka_unit_test(sets_members_on_lines),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	for (size_t i = 0; i < ROWS; i++)
		tests[4 + i] = (struct CMUnitTest){strings[i].name, writes_string, NULL,
			NULL, (void *)(uintptr_t)&strings[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
