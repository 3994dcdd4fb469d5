// room: ct_parsers
/*
 * URLs that name one version of a content.
 */
#include "parsers/fingerprint.h"

#include "tests/lib/rows.h"

struct row {
	const char *name, *url;
	bool versioned;
};

static const struct row urls[] = {
	{"digits between dots", "/static/app.3f9a1c2b.js", true},
	{"behind a hyphen, at the end", "/lib-0badcafe", true},
	{"between marks of two kinds", "/a_0123456789abcdef-min.css", true},
	{"upper case", "/A.0BADCAFE.css", true},
	{"64 of them",
		"/a."
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.js",
		true},
	{"65 of them",
		"/a."
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0.js",
		false},
	{"seven are few", "/app.3f9a1c2.js", false},
	{"figures alone may be a date", "/app.20260101.js", false},
	{"letters alone may be a word", "/app.deadbeef.js", false},
	{"another letter ends it", "/app.3f9a1c2bx.js", false},
	{"no mark before it", "/3f9a1c2b.js", false},
	{"in a folder, not in the name", "/a.3f9a1c2b/app.js", false},
	{"the second of two", "/a-b.3f9a1c2b.js", true},
	{"a UUID names a thing", "/x-550e8400-e29b-41d4-a716-446655440000.png", false},
	{"a page is no version", "/a.3f9a1c2b.html", false},
	{"a page in old letters", "/a.3f9a1c2b.HTM", false},
	{"data are no version", "/a.3f9a1c2b.json?v=2", false},
	{"a version in the query", "/a.css?v=1", true},
	{"a version among others", "/a.css?x=1&rev=2", true},
	{"a version without a value", "/a.css?v=", false},
	{"a version that is a UUID", "/a?v=550e8400-e29b-41d4-a716-446655440000", false},
	{"another parameter", "/a.css?cb=1", false},
	{"a parameter whose name begins alike", "/a.css?view=1", false},
	{"nothing", "", false},
	{"a query of nothing", "/?", false},
	{"marks alone", "/....", false},
};

static void
tells(void **state)
{
	const struct row *row = *state;
	struct slice url = slice_of(row->url, strlen(row->url));

	assert_int_equal(fingerprint_in_url(url), row->versioned);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(urls, tells) != 0;
}
