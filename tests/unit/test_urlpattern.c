// room: ct_parsers
/* The pattern of a URL: what is kept of it and what is not. */
#include "parsers/urlpattern.h"

#include "tests/lib/rows.h"

struct row {
	const char *name, *path_query, *pattern;
};

static const struct row rows[] = {
	{"nothing to replace", "/index.html", "/index.html"},
	{"the root", "/", "/"},
	{"nothing at all", "", ""},
	{"a number is one star", "/item/4711", "/item/*"},
	{"numbers in a name", "/photo-12-of-300", "/photo-*-of-*"},
	{"a digit at a word", "/v1/users", "/v*/users"},
	{"versions", "/jquery-3.6.0.min.js", "/jquery-*.*.*.min.js"},
	{"a hash in a name", "/app.3f9a01bc.js", "/app.*.js"},
	{"a hash in capitals", "/app.3F9A01BC.js", "/app.*.js"},
	{"seven digits are no hash, their numbers go", "/app.3f9a01b.js",
		"/app.*f*a*b.js"},
	{"hexadecimal words are words", "/facade-deadbeef", "/facade-deadbeef"},
	{"a whole sha1", "/o/da39a3ee5e6b4b0d3255bfef95601890afd80709", "/o/*"},
	{"a hash in letters of any kind", "/watch/dQw4w9WgXcQ", "/watch/*"},
	{"a name with a number in it is a name", "/iPhone15ProMax", "/iPhone*ProMax"},
	{"a long run with one digit is a token", "/t/abcdefghijklmnopqrs1", "/t/*"},
	{"a long run without a digit is a word", "/Donaudampfschifffahrtsgesellschaft",
		"/Donaudampfschifffahrtsgesellschaft"},
	{"a uuid is one star", "/u/1b4e28ba-2fa1-11d2-883f-0016d3cca427/x", "/u/*/x"},
	{"a uuid at the end", "/1B4E28BA-2FA1-11D2-883F-0016D3CCA427", "/*"},
	{"what goes on is no uuid", "/1b4e28ba-2fa1-11d2-883f-0016d3cca427z",
		"/*-*fa*-*d*-*f-*"},
	{"what is cut is no uuid", "/1b4e28ba-2fa1-11d2-883f", "/*-*fa*-*d*-*f"},
	{"extensions keep their digits", "/song-1.mp3", "/song-*.mp3"},
	{"a font", "/f/a.woff2?v=4.7.0", "/f/a.woff2?v=*.*.*"},
	{"an extension begins with a letter", "/archive.001", "/archive.*"},
	{"a long extension is none", "/a.b1c2d3", "/a.b*c*d*"},
	{"a dot in the query begins no extension", "/a?file=b.mp3", "/a?file=b.mp*"},
	{"a name without a dot is no extension", "/mp3", "/mp*"},
	{"names of parameters stay, values go", "/s?page=2&sort=name&cb=1700000000",
		"/s?page=*&sort=name&cb=*"},
	{"escaped octets stay", "/a%20b%2F1", "/a%20b%2F*"},
	{"a percent sign that escapes nothing", "/100%/%4", "/*%/%*"},
	{"stars stay", "/*/a*1", "/*/a**"},
	{"octets that are no text stay", "/\x80\xff 1\t", "/\x80\xff *\t"},
};

static void
patterns(void **state)
{
	const struct row *row = *state;
	uint8_t out[URLPATTERN_BYTES];
	struct guard guard = {0};
	struct slice s = guard_slice(&guard, row->path_query, strlen(row->path_query));
	size_t n = urlpattern(s, out, sizeof out);

	rows_assert_slice(slice_of(out, n), row->pattern);
	guard_fini(&guard);
}

/* The pattern of a pattern is itself, so it names a group. */
static void
stable(void **state)
{
	const struct row *row = *state;
	uint8_t once[URLPATTERN_BYTES], twice[URLPATTERN_BYTES];
	struct slice s = slice_of(row->path_query, strlen(row->path_query));
	size_t n = urlpattern(s, once, sizeof once);
	size_t again = urlpattern(slice_of(once, n), twice, sizeof twice);

	assert_int_equal(again, n);
	assert_memory_equal(twice, once, n);
}

/* With any room the pattern is the whole one, or its beginning and a star. */
static void
cut(void **state)
{
	const struct row *row = *state;
	struct slice s = slice_of(row->path_query, strlen(row->path_query));
	size_t whole = strlen(row->pattern);

	for (size_t room = 0; room <= whole + 1; room++) {
		uint8_t out[URLPATTERN_BYTES] = {0};
		size_t n = urlpattern(s, out, room);

		assert_int_equal(n, room < whole ? room : whole);
		assert_int_equal(out[n], 0);
		if (room < whole && room)
			assert_int_equal(out[room - 1], '*');
		if (n > 1)
			assert_memory_equal(
				out, row->pattern, n - (room < whole ? 1 : 0));
	}
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(rows, patterns) + ROWS_RUN(rows, stable) + ROWS_RUN(rows, cut);
}
