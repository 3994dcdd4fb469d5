// room: ct_base
/* HTML as it is written: whatever a string holds, the tags are those of the calls. */
#include "analyzer/base/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct row {
	const char *name;
	struct slice octets;
	const char *escaped;
};

static const struct row strings[] = {
	{"an empty string", SLICE_INIT(""), ""},
	{"words are kept", SLICE_INIT("a b/c?d=1"), "a b/c?d=1"},
	{"a tag is text", SLICE_INIT("<img src=x onerror=alert(1)>"),
		"&lt;img src=x onerror=alert(1)&gt;"},
	{"the end of a script is text", SLICE_INIT("</script><script>"),
		"&lt;/script&gt;&lt;script&gt;"},
	{"quotes end no value", SLICE_INIT("\"><b a='"), "&quot;&gt;&lt;b a=&#39;"},
	{"a reference is text", SLICE_INIT("&lt;&#60;&amp"), "&amp;lt;&amp;#60;&amp;amp"},
	{"a comment is text", SLICE_INIT("<!--]]>-->"), "&lt;!--]]&gt;--&gt;"},
	{"controls are named", SLICE_INIT("\0\n\r\t\x1b[31m\x7f"),
		"\\x00\\x0A\\x0D\\x09\\x1B[31m\\x7F"},
	{"a C1 control is named", SLICE_INIT("\xc2\x9b"), "\\xC2\\x9B"},
	{"what turns the direction is named", SLICE_INIT("a\xe2\x80\xae"),
		"a\\xE2\\x80\\xAE"},
	{"UTF-8 is kept", SLICE_INIT("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f"},
	{"an overlong < is no <",
		SLICE_INIT("\xc0\xbc"
			   "b>"),
		"\\xC0\\xBCb&gt;"},
	{"UTF-7 is text", SLICE_INIT("+ADw-script+AD4-"), "+ADw-script+AD4-"},
	{"other octets are named", SLICE_INIT("\xff\x80"), "\\xFF\\x80"},
};

static void
expect(const struct out *out, const char *text)
{
	struct slice got = out_contents(out);

	assert_int_equal(got.n, strlen(text));
	assert_memory_equal(got.at, text, got.n);
}

static void
escapes_text(void **state)
{
	const struct row *row = *state;
	struct out out, wanted;
	struct html html;

	out_init_memory(&out);
	out_init_memory(&wanted);
	html_init(&html, &out);
	html_open(&html, "b", NULL);
	html_octets(&html, row->octets);
	html_close(&html);
	html_fini(&html);
	out_text(&wanted, "<b>");
	out_text(&wanted, row->escaped);
	out_text(&wanted, "</b>");
	out_octet(&wanted, '\0');
	expect(&out, (const char *)wanted.buffer);
	out_fini(&wanted);
	out_fini(&out);
}

static void
escapes_values(void **state)
{
	const struct row *row = *state;
	struct out out, wanted;
	struct html html;

	out_init_memory(&out);
	out_init_memory(&wanted);
	html_init(&html, &out);
	html_open(&html, "b", NULL);
	html_attribute_octets(&html, "title", row->octets);
	html_close(&html);
	html_fini(&html);
	out_text(&wanted, "<b title=\"");
	out_text(&wanted, row->escaped);
	out_text(&wanted, "\"></b>");
	out_octet(&wanted, '\0');
	expect(&out, (const char *)wanted.buffer);
	out_fini(&wanted);
	out_fini(&out);
}

static void
nests_elements(void **state)
{
	struct out out;
	struct html html;

	(void)state;
	out_init_memory(&out);
	html_init(&html, &out);
	html_open(&html, "p", "note");
	html_attribute_format(&html, "id", "n%d", 7);
	html_text(&html, "1 < 2");
	html_element(&html, "code", NULL, "a&b");
	html_void(&html, "br");
	html_format(&html, "%d%s", 3, ">");
	html_close(&html);
	html_fini(&html);
	expect(&out, "\n<p class=\"note\" id=\"n7\">1 &lt; "
		     "2<code>a&amp;b</code>\n<br>3&gt;</p>");
	out_fini(&out);
}

static void
clips_before_it_escapes(void **state)
{
	struct out out;
	struct html html;

	(void)state;
	out_init_memory(&out);
	html_init(&html, &out);
	html_open(&html, "b", NULL);
	html_clipped(&html, SLICE("<<<<<<<<<<<<<<<<<<<<"), 9);
	html_close(&html);
	html_fini(&html);
	expect(&out, "<b>&lt;&lt;&lt;&lt;&lt;…&lt;&lt;&lt;</b>");
	out_fini(&out);
}

static void
json_ends_no_script(void **state)
{
	struct out out;
	struct html html;

	(void)state;
	out_init_memory(&out);
	html_init(&html, &out);
	html_open(&html, "script", NULL);
	html_json(&html, SLICE("{\"a\":\"</script><!--&\"}"));
	html_close(&html);
	html_fini(&html);
	expect(&out,
		"\n<script>{\"a\":\"\\u003c/script\\u003e\\u003c!--\\u0026\"}</script>");
	out_fini(&out);
}

int
main(int argc, char **argv)
{
	enum {
		ROWS = sizeof strings / sizeof *strings
	};
	struct CMUnitTest tests[2 * ROWS + 3];
	size_t n = 0;

	for (size_t i = 0; i < ROWS; i++) {
		void *row = (void *)(uintptr_t)&strings[i];

		tests[n++] = (struct CMUnitTest){
			strings[i].name, escapes_text, NULL, NULL, row};
		tests[n++] = (struct CMUnitTest){
			strings[i].name, escapes_values, NULL, NULL, row};
	}
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(nests_elements);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(clips_before_it_escapes);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(json_ends_no_script);
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return _cmocka_run_group_tests("html", tests, n, NULL, NULL);
}
