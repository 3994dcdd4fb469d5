// room: ct_parsers
/* The chunked transfer coding, read in pieces of every size.  [RFC9112 7.1] */
#include "parsers/chunked.h"

#include "tests/lib/rows.h"

struct row {
	const char *name, *octets;
	enum chunked_state state; /* at the end of the octets */
	uint64_t content, framing;
};

static const struct row rows[] = {
	{"two chunks", "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", CHUNKED_DONE, 11, 15},
	{"nothing but the last chunk", "0\r\n\r\n", CHUNKED_DONE, 0, 5},
	{"digits of either case",
		"1A\r\n"
		"01234567890123456789012345"
		"\r\n"
		"1a\r\n"
		"01234567890123456789012345"
		"\r\n0\r\n\r\n",
		CHUNKED_DONE, 52, 17},
	{"leading zeros", "0000000000000005\r\nhello\r\n00\r\n\r\n", CHUNKED_DONE, 5, 26},
	{"an extension", "5;a=b\r\nhello\r\n0;last\r\n\r\n", CHUNKED_DONE, 5, 19},
	{"a quoted extension", "5;a=\"q;\\\"\"\r\nhello\r\n0\r\n\r\n", CHUNKED_DONE, 5,
		19},
	{"white space before an extension", "5 \t;a\r\nhello\r\n0\r\n\r\n", CHUNKED_DONE,
		5, 14},
	{"trailers", "0\r\nETag: \"x\"\r\nX: 1\r\n\r\n", CHUNKED_DONE, 0, 22},
	{"a single LF ends lines", "5\nhello\n0\nX: 1\n\n", CHUNKED_DONE, 5, 11},
	{"what follows is not taken", "0\r\n\r\nHTTP/1.1", CHUNKED_DONE, 0, 5},
	{"cut in the size", "1", CHUNKED_DIGITS, 0, 1},
	{"cut in the data", "5\r\nhel", CHUNKED_DATA, 3, 3},
	{"cut before the last chunk", "5\r\nhello\r\n", CHUNKED_SIZE, 5, 5},
	{"no size", "\r\nhello", CHUNKED_BROKEN, 0, 0},
	{"a sign", "-5\r\n", CHUNKED_BROKEN, 0, 0},
	{"hexadecimal prefix", "0x5\r\nhello\r\n", CHUNKED_BROKEN, 0, 1},
	{"no line end after the data", "5\r\nhelloX\r\n", CHUNKED_BROKEN, 5, 3},
	{"CR without LF after the data", "5\r\nhello\rX", CHUNKED_BROKEN, 5, 4},
	{"more than 64 bits", "10000000000000000\r\n", CHUNKED_BROKEN, 0, 16},
	{"the largest size is believed", "fffffffffffffff\r\nx", CHUNKED_DATA, 1, 17},
};

static void
read_in_pieces(const struct row *row, size_t piece)
{
	struct guard guard = {0};
	struct chunked c = {0};
	struct slice s = guard_slice(&guard, row->octets, strlen(row->octets));
	uint64_t content = 0, framing = 0;

	while (s.n && !chunked_is_over(&c)) {
		struct slice part = slice_part(s, 0, piece);
		size_t n = c.left < part.n ? (size_t)c.left : part.n;

		if (n) {
			chunked_content(&c, n);
			content += n;
		} else {
			n = chunked_framing(&c, part);
			framing += n;
		}
		s = slice_from(s, n);
	}
	assert_int_equal(c.state, row->state);
	assert_int_equal(content, row->content);
	assert_int_equal(framing, row->framing);
	guard_fini(&guard);
}

static void
test_chunked(void **state)
{
	for (size_t piece = 1; piece < 100; piece++)
		read_in_pieces(*state, piece);
}

/* Lines and trailers are bounded: a server cannot make one last for ever. */
static void
test_bounds(void **state)
{
	static char octets[1 << 17];
	struct chunked c = {0};

	(void)state;
	memset(octets, 'a', sizeof octets);
	octets[0] = '5';
	octets[1] = ';';
	chunked_framing(&c, slice_of(octets, sizeof octets));
	assert_int_equal(c.state, CHUNKED_BROKEN);
	c = (struct chunked){0};
	memcpy(octets, "0\r\n", 3);
	for (size_t i = 3; i + 8 < sizeof octets; i += 8)
		memcpy(octets + i, "X: 123\r\n", 8);
	assert_int_equal(chunked_framing(&c, slice_of(octets, sizeof octets)), 3);
	assert_true(chunked_framing(&c, slice_of(octets + 3, sizeof octets - 3)) <
		    sizeof octets - 3);
	assert_int_equal(c.state, CHUNKED_BROKEN);
}

struct flawed {
	const char *name, *octets;
	unsigned flaws; /* enum chunked_flaw */
};

static const struct flawed flawed[] = {
	{"nothing is bent", "5\r\nhello\r\n0\r\n\r\n", 0},
	{"text instead of chunks", "hello", CHUNKED_NOT_CHUNKED},
	{"text that begins with digits", "beef!", CHUNKED_NOT_CHUNKED},
	{"a plus", "+5\r\n", CHUNKED_SIGN},
	{"a blank first", " 5\r\n", CHUNKED_LEADING_SPACE},
	{"0x", "0x5\r\n", CHUNKED_PREFIX},
	{"an underscore", "1_0\r\n", CHUNKED_UNDERSCORE},
	{"an empty line", "1\r\nx\r\n\r\n", CHUNKED_EMPTY_LINE},
	{"seventeen digits", "10000000000000000\r\n", CHUNKED_OVERFLOW},
	{"a digit behind the data", "1\r\nx0\r\n\r\n", CHUNKED_MISSING_CRLF},
	{"more data", "1\r\nxy\r\n", CHUNKED_SPILL},
	{"text behind a size", "1 y\r\nx\r\n0\r\n\r\n", CHUNKED_TEXT},
	{"CR within the line of a size", "1\ry\r\nx\r\n0\r\n\r\n", CHUNKED_TEXT},
	{"a blank before the line end", "1 \r\nx\r\n0\r\n\r\n", CHUNKED_TRAILING_SPACE},
	{"LF ends a size", "1\nx\r\n0\r\n\r\n", CHUNKED_BARE_LF},
	{"LF ends data", "1\r\nx\n0\r\n\r\n", CHUNKED_DATA_BARE_LF},
	{"an extension with all there is", "1 ; a = \"\\\";\" ;b=c;d\r\nx\r\n0\r\n\r\n",
		CHUNKED_EXT},
	{"an extension without a name", "1;\r\nx\r\n0\r\n\r\n",
		CHUNKED_EXT | CHUNKED_EXT_MALFORMED},
	{"an extension without a value", "1;a=\r\nx\r\n0\r\n\r\n",
		CHUNKED_EXT | CHUNKED_EXT_MALFORMED},
	{"a quoted string that does not end", "1;a=\"b\r\nx\r\n0\r\n\r\n",
		CHUNKED_EXT | CHUNKED_EXT_MALFORMED},
	{"a control octet in an extension", "1;a=\"\1\"\r\nx\r\n0\r\n\r\n",
		CHUNKED_EXT | CHUNKED_EXT_MALFORMED},
	{"LF ends an extension", "1;a\nx\r\n0\r\n\r\n",
		CHUNKED_EXT | CHUNKED_EXT_LINE_END},
	{"CR within an extension", "1;a\r;b\r\nx\r\n0\r\n\r\n",
		CHUNKED_EXT | CHUNKED_EXT_MALFORMED | CHUNKED_EXT_LINE_END},
};

static void
test_flaws(void **state)
{
	const struct flawed *row = *state;

	for (size_t piece = 1; piece < 40; piece++) {
		struct chunked c = {0};
		struct slice s = slice_of(row->octets, strlen(row->octets));

		while (s.n && !chunked_is_over(&c)) {
			struct slice part = slice_part(s, 0, piece);
			size_t n = c.left < part.n ? (size_t)c.left : part.n;

			if (n)
				chunked_content(&c, n);
			else
				n = chunked_framing(&c, part);
			s = slice_from(s, n);
		}
		assert_int_equal(c.flaws, row->flaws);
	}
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(test_bounds)};

	rows_filter(argc, argv);
	return ROWS_RUN(rows, test_chunked) + ROWS_RUN(flawed, test_flaws) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
