// room: ct_parsers
/* Content-Type: the type without its parameters, and which types are static,
 * which compress well. */
#include "parsers/mediatype.h"

#include "tests/lib/rows.h"

struct row {
	const char *name, *value, *essence;
	bool is_static, is_compressible;
};

struct kind_row {
	const char *name, *value;
	bool is_text, is_archive;
};

static const struct kind_row kinds[] = {
	{"a page", "text/html; charset=utf-8", true, false},
	{"data", "application/json", true, false},
	{"data in any tree", "model/gltf+json", true, false},
	{"a program", "application/ECMAScript", true, false},
	{"a drawing", "image/svg+xml", true, false},
	{"a picture", "image/png", false, false},
	{"a program in octets", "application/wasm", false, false},
	{"something packed", "Application/gzip; a=b", false, true},
	{"nothing known", "application/octet-stream", false, true},
	{"an archive that is not packed by gzip", "application/zip", false, false},
	{"nothing", "", false, false},
};

static const struct row rows[] = {
	{"a picture", "image/png", "image/png", true, false},
	{"case does not count", "Image/SVG+xml", "Image/SVG+xml", true, true},
	{"parameters do not count", "text/css ; charset=utf-8", "text/css", true, true},
	{"blanks around", "\ttext/javascript ", "text/javascript", true, true},
	{"an old name of a font", "application/x-font-woff", "application/x-font-woff",
		true, false},
	{"a program", "application/wasm", "application/wasm", true, true},
	{"a page", "text/html", "text/html", false, true},
	{"data", "application/json;v=1", "application/json", false, true},
	{"text", "text/plain", "text/plain", false, true},
	{"a tree without a slash", "image", "image", false, false},
	{"a type that only begins so", "text/css2", "text/css2", false, true},
	{"nothing", "", "", false, false},
	{"nothing but parameters", "; charset=utf-8", "", false, false},
	{"data by its suffix", "application/problem+JSON", "application/problem+JSON",
		false, true},
	{"a feed", "application/atom+xml", "application/atom+xml", false, true},
	{"an outline font", "font/ttf", "font/ttf", true, true},
	{"a font that is compressed", "font/woff2", "font/woff2", true, false},
	{"an archive", "application/zip", "application/zip", false, false},
	{"a suffix alone", "+xml", "+xml", false, true},
};

static void
types(void **state)
{
	const struct row *row = *state;
	struct guard guard = {0};
	struct slice value = guard_slice(&guard, row->value, strlen(row->value));

	rows_assert_slice(mediatype_essence(value), row->essence);
	assert_int_equal(mediatype_is_static(value), row->is_static);
	assert_int_equal(mediatype_is_compressible(value), row->is_compressible);
	guard_fini(&guard);
}

static void
absent(void **state)
{
	(void)state;
	assert_false(mediatype_is_static((struct slice){NULL, 0}));
	assert_int_equal(mediatype_essence((struct slice){NULL, 0}).n, 0);
}

static void
is_kind(void **state)
{
	const struct kind_row *row = *state;
	struct guard guard = {0};
	struct slice value = guard_slice(&guard, row->value, strlen(row->value));

	assert_int_equal(mediatype_is_text(value), row->is_text);
	assert_int_equal(mediatype_is_archive(value), row->is_archive);
	guard_fini(&guard);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
	} none[] = {{"an absent value"}};

	rows_filter(argc, argv);
	return ROWS_RUN(rows, types) + ROWS_RUN(kinds, is_kind) + ROWS_RUN(none, absent);
}
