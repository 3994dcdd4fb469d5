// room: ct_parsers
/* Several parts in one body: where they end, and what is bent in them. */
#include "parsers/byteranges.h"

#include "tests/lib/rows.h"

struct row {
	const char *name, *type, *body;
	enum byteranges_state state;
	unsigned flaws;
	uint64_t parts;
};

#define TYPE "multipart/byteranges; boundary=B"
#define PART(range, data)                                                                \
	"--B\r\nContent-Type: text/plain\r\nContent-Range: bytes " range "\r\n\r\n" data \
	"\r\n"

static const struct row rows[] = {
	{"two parts", TYPE, PART("0-1/5", "ab") PART("4-4/5", "e") "--B--\r\n",
		BYTERANGES_DONE, 0, 2},
	{"the last line end may be missing", TYPE, PART("0-1/5", "ab") "--B--",
		BYTERANGES_DONE, 0, 1},
	{"line ends and text before the first delimiter", TYPE,
		"\r\n\r\nparts follow\r\n" PART("0-1/5", "ab") "--B--\r\n",
		BYTERANGES_DONE, 0, 1},
	{"text behind the last delimiter", TYPE,
		PART("0-1/5", "ab") "--B--\r\nthe end\r\n--B\r\n", BYTERANGES_DONE, 0, 1},
	{"a boundary in quotes", "multipart/byteranges; charset=x; Boundary=\"a b;c\"",
		"--a b;c\r\nContent-Type: x\r\nContent-Range: bytes "
		"0-0/5\r\n\r\na\r\n--a "
		"b;c--",
		BYTERANGES_DONE, 0, 1},
	{"the boundary within the data", TYPE, PART("0-6/9", "\r\n--B\r\n") "--B--",
		BYTERANGES_DONE, 0, 1},
	{"line feeds alone", TYPE,
		"--B\nContent-Type: x\nContent-Range: bytes 0-1/5\n\nab\n--B--\n",
		BYTERANGES_DONE, 0, 1},
	{"blanks behind a delimiter", TYPE,
		"--B \t\r\nContent-Type: x\r\nContent-Range: bytes 0-1/5\r\n\r\nab\r\n"
		"--B--",
		BYTERANGES_DONE, 0, 1},
	{"no delimiter", TYPE, "abcde\r\n", BYTERANGES_PREAMBLE, 0, 0},
	{"another delimiter that begins so", TYPE, "--BC\r\n", BYTERANGES_PREAMBLE, 0, 0},
	{"nothing", TYPE, "", BYTERANGES_PREAMBLE, 0, 0},
	{"no part at all", TYPE, "--B--\r\n", BYTERANGES_DONE, 0, 0},
	{"no end", TYPE, PART("0-1/5", "ab"), BYTERANGES_DELIMITER, 0, 1},
	{"the end within a part", TYPE,
		"--B\r\nContent-Type: x\r\nContent-Range: bytes 0-8/9\r\n\r\nab",
		BYTERANGES_DATA, 0, 1},
	{"no range", TYPE, "--B\r\nContent-Type: x\r\n\r\nab\r\n--B--\r\n",
		BYTERANGES_BROKEN, BYTERANGES_NO_RANGE, 1},
	{"a range that is none", TYPE,
		"--B\r\nContent-Type: x\r\nContent-Range: bytes */5\r\n\r\nab\r\n--B--",
		BYTERANGES_BROKEN, BYTERANGES_NO_RANGE, 1},
	{"no type", TYPE, "--B\r\nContent-Range: bytes 0-1/5\r\n\r\nab\r\n--B--\r\n",
		BYTERANGES_DONE, BYTERANGES_NO_TYPE, 1},
	{"longer than its range", TYPE, PART("0-1/5", "abc") "--B--", BYTERANGES_BROKEN,
		BYTERANGES_LENGTH, 1},
	{"shorter than its range", TYPE, PART("0-3/5", "ab") PART("4-4/5", "e") "--B--",
		BYTERANGES_BROKEN, BYTERANGES_LENGTH, 1},
	{"no line end behind it", TYPE,
		"--B\r\nContent-Type: x\r\n"
		"Content-Range: bytes 0-1/5\r\n\r\nab--B--\r\n",
		BYTERANGES_BROKEN, BYTERANGES_LENGTH, 1},
};

/* In pieces of each length the same comes out. */
static void
parts(void **state)
{
	const struct row *row = *state;
	size_t n = strlen(row->body);

	for (size_t piece = 1; piece <= n + 1; piece++) {
		struct byteranges b = {.boundary = byteranges_boundary(
					       slice_of(row->type, strlen(row->type)))};
		struct guard guard = {0};

		for (size_t at = 0; at < n; at += piece)
			byteranges_feed(&b, guard_slice(&guard, row->body + at,
						    n - at < piece ? n - at : piece));
		assert_int_equal(b.state, row->state);
		assert_int_equal(b.flaws, row->flaws);
		assert_int_equal(b.parts, row->parts);
		guard_fini(&guard);
	}
}

struct type_row {
	const char *name, *type, *boundary;
};

static const struct type_row types[] = {
	{"a token", TYPE, "B"},
	{"letters do not count in its name", "a/b;BOUNDARY=x", "x"},
	{"another parameter first", "a/b; c=d; boundary=x ", "x"},
	{"none", "a/b; c=d", NULL},
	{"an empty one", "a/b; boundary=", NULL},
	{"quotes that do not end", "a/b; boundary=\"x", "x"},
};

static void
boundary(void **state)
{
	const struct type_row *row = *state;
	struct guard guard = {0};

	rows_assert_slice(
		byteranges_boundary(guard_slice(&guard, row->type, strlen(row->type))),
		row->boundary);
	guard_fini(&guard);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(rows, parts) + ROWS_RUN(types, boundary);
}
