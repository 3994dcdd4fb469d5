// room: ct_http
/* Where a body ends, and what is wrong with what says so.  [RFC9112 6.3] */
#include "analyzer/http/message.h"

#include "tests/lib/rows.h"

#define ANY UINT64_MAX

struct row {
	const char *name, *fields;
	enum framing framing;
	uint64_t length; /* ANY: none */
	unsigned flaws;
};

/* Of a 200 to GET: fields between the start line and the empty line. */
static const struct row responses[] = {
	{"nothing is announced", "", FRAMING_CLOSE, ANY, 0},
	{"a length", "Content-Length: 5\r\n", FRAMING_LENGTH, 5, 0},
	{"a length of zero", "Content-Length: 0\r\n", FRAMING_LENGTH, 0, 0},
	{"leading zeros", "Content-Length: 0005\r\n", FRAMING_LENGTH, 5, 0},
	{"the name in any case", "cOnTeNt-LeNgTh:5\r\n", FRAMING_LENGTH, 5, 0},
	{"equal lengths in a list", "Content-Length: 5, 5\r\n", FRAMING_LENGTH, 5,
		MESSAGE_LENGTH_REPEATED},
	{"equal lengths in two lines", "Content-Length: 5\r\nContent-Length: 5\r\n",
		FRAMING_LENGTH, 5, MESSAGE_LENGTH_REPEATED},
	{"different lengths: the first", "Content-Length: 5\r\nContent-Length: 6\r\n",
		FRAMING_LENGTH, 5, MESSAGE_LENGTH_CONFLICT},
	{"different lengths in a list", "Content-Length: 5, 6\r\n", FRAMING_LENGTH, 5,
		MESSAGE_LENGTH_CONFLICT},
	{"a sign is no digit", "Content-Length: +5\r\n", FRAMING_CLOSE, ANY,
		MESSAGE_LENGTH_INVALID},
	{"a negative length", "Content-Length: -1\r\n", FRAMING_CLOSE, ANY,
		MESSAGE_LENGTH_INVALID},
	{"hexadecimal", "Content-Length: 0x5\r\n", FRAMING_CLOSE, ANY,
		MESSAGE_LENGTH_INVALID},
	{"an exponent", "Content-Length: 1e3\r\n", FRAMING_CLOSE, ANY,
		MESSAGE_LENGTH_INVALID},
	{"a space inside", "Content-Length: 1 2\r\n", FRAMING_CLOSE, ANY,
		MESSAGE_LENGTH_INVALID},
	{"an empty length", "Content-Length:\r\n", FRAMING_CLOSE, ANY,
		MESSAGE_LENGTH_INVALID},
	{"the largest length", "Content-Length: 9223372036854775807\r\n", FRAMING_LENGTH,
		INT64_MAX, 0},
	{"one more", "Content-Length: 9223372036854775808\r\n", FRAMING_CLOSE, ANY,
		MESSAGE_LENGTH_INVALID},
	{"more than 64 bits", "Content-Length: 18446744073709551621\r\n", FRAMING_CLOSE,
		ANY, MESSAGE_LENGTH_INVALID},
	{"a valid and an invalid length", "Content-Length: 5\r\nContent-Length: x\r\n",
		FRAMING_CLOSE, ANY, MESSAGE_LENGTH_INVALID},
	{"chunked", "Transfer-Encoding: chunked\r\n", FRAMING_CHUNKED, ANY, 0},
	{"chunked in any case", "Transfer-Encoding: CHUNKED\r\n", FRAMING_CHUNKED, ANY,
		0},
	{"chunked overrides a length",
		"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", FRAMING_CHUNKED, 5,
		MESSAGE_LENGTH_AND_TE},
	{"another coding before chunked", "Transfer-Encoding: gzip, chunked\r\n",
		FRAMING_CHUNKED, ANY, 0},
	{"codings in two lines",
		"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
		FRAMING_CHUNKED, ANY, 0},
	{"chunked is not last", "Transfer-Encoding: chunked, gzip\r\n", FRAMING_CLOSE,
		ANY, MESSAGE_TE_MALFORMED},
	{"chunked twice", "Transfer-Encoding: chunked, chunked\r\n", FRAMING_CHUNKED, ANY,
		MESSAGE_TE_MALFORMED},
	{"a coding that looks like chunked", "Transfer-Encoding: xchunked\r\n",
		FRAMING_CLOSE, ANY, 0},
	{"identity is as if absent",
		"Transfer-Encoding: identity\r\nContent-Length: 5\r\n", FRAMING_LENGTH, 5,
		MESSAGE_TE_MALFORMED},
	{"identity after chunked", "Transfer-Encoding: chunked, identity\r\n",
		FRAMING_CHUNKED, ANY, MESSAGE_TE_MALFORMED},
	{"folded", "Transfer-Encoding:\r\n chunked\r\n", FRAMING_CHUNKED, ANY,
		MESSAGE_FOLDED},
	{"an empty coding", "Transfer-Encoding:\r\n", FRAMING_CLOSE, ANY,
		MESSAGE_TE_MALFORMED},
	{"white space before the colon", "Content-Length : 5\r\n", FRAMING_LENGTH, 5, 0},
	{"no colon", "Content-Length 5\r\n", FRAMING_CLOSE, ANY, 0},
	{"LF alone", "Content-Length: 5\n", FRAMING_LENGTH, 5, MESSAGE_BARE_LF},
};

static void
read_with(struct message *m, struct arena *arena, const char *start, const char *fields)
{
	static char head[512];
	int n = snprintf(head, sizeof head, "%s\r\n%s\r\n", start, fields);

	*m = (struct message){0};
	assert_true(message_read(m, arena, slice_of(head, (size_t)n)));
}

static void
test_response(void **state)
{
	const struct row *row = *state;
	struct arena arena = {0};
	struct message m;

	read_with(&m, &arena, "HTTP/1.1 200 OK", row->fields);
	message_frame_response(&m, METHOD_GET);
	assert_int_equal(m.framing, row->framing);
	assert_int_equal(m.length, row->length);
	assert_int_equal(m.flaws, row->flaws);
	arena_fini(&arena);
}

/* The same fields in a request: until close is no framing there. */
static void
test_request(void **state)
{
	const struct row *row = *state;
	struct arena arena = {0};
	struct message m;

	read_with(&m, &arena, "POST / HTTP/1.1", row->fields);
	message_frame_request(&m);
	assert_int_equal(
		m.framing, row->framing == FRAMING_CLOSE ? FRAMING_NONE : row->framing);
	arena_fini(&arena);
}

struct bodiless {
	const char *name, *start;
	enum method method;
	enum framing framing;
};

static const struct bodiless bodiless[] = {
	{"304", "HTTP/1.1 304 Not Modified", METHOD_GET, FRAMING_NONE},
	{"204", "HTTP/1.1 204 No Content", METHOD_DELETE, FRAMING_NONE},
	{"103", "HTTP/1.1 103 Early Hints", METHOD_GET, FRAMING_NONE},
	{"any answer to HEAD", "HTTP/1.1 200 OK", METHOD_HEAD, FRAMING_NONE},
	{"an error answer to HEAD", "HTTP/1.1 500 Oops", METHOD_HEAD, FRAMING_NONE},
	{"101 is a tunnel", "HTTP/1.1 101 Switching Protocols", METHOD_GET,
		FRAMING_TUNNEL},
	{"2xx to CONNECT is a tunnel", "HTTP/1.1 204 ok", METHOD_CONNECT, FRAMING_TUNNEL},
	{"407 to CONNECT has a body", "HTTP/1.1 407 who", METHOD_CONNECT, FRAMING_LENGTH},
	{"205 has what it announces", "HTTP/1.1 205 Reset Content", METHOD_POST,
		FRAMING_LENGTH},
	{"412 to GET", "HTTP/1.1 412 no", METHOD_GET, FRAMING_LENGTH},
};

static void
test_bodiless(void **state)
{
	const struct bodiless *row = *state;
	struct arena arena = {0};
	struct message m;

	read_with(&m, &arena, row->start, "Content-Length: 7\r\n");
	message_frame_response(&m, row->method);
	assert_int_equal(m.framing, row->framing);
	assert_int_equal(m.length, 7);
	arena_fini(&arena);
}

struct field_row {
	const char *name, *lines;
	size_t count;
	const char *field, *value; /* of the first line */
	unsigned flaws;
};

static const struct field_row fields[] = {
	{"white space around the value", "X:  \t a b \t \r\n", 1, "X", "a b", 0},
	{"an empty value", "X:\r\n", 1, "X", "", 0},
	{"a colon in the value", "X: a:b\r\n", 1, "X", "a:b", 0},
	{"a folded value", "X: a\r\n\tb\r\nY: 1\r\n", 2, "X", "a  \tb", 0},
	{"an empty name", ": a\r\n", 1, "", "a", FIELD_BAD_NAME},
	{"a space in the name", "X Y: a\r\n", 1, "X Y", "a", FIELD_BAD_NAME},
	{"a space before the colon", "X : a\r\n", 1, "X", "a", FIELD_SPACE_COLON},
	{"no colon at all", "rubbish\r\n", 1, "rubbish", "", FIELD_NO_COLON},
	{"CR in the value", "X: a\rb\r\n", 1, "X", "a\rb", FIELD_BAD_VALUE},
	{"an escape in the value", "X: a\033b\r\n", 1, "X", "a\033b", FIELD_BAD_VALUE},
	{"octets above ASCII are allowed", "X: caf\xe9\r\n", 1, "X", "caf\xe9", 0},
	{"a byte order mark belongs to the name", "\xff\xfeX: a\r\n", 1, "\xff\xfeX", "a",
		FIELD_BAD_NAME},
};

static void
test_field(void **state)
{
	const struct field_row *row = *state;
	struct arena arena = {0};
	struct message m;

	read_with(&m, &arena, "GET / HTTP/1.1", row->lines);
	assert_int_equal(m.field_count, row->count);
	rows_assert_slice(m.fields[0].name, row->field);
	rows_assert_slice(m.fields[0].value, row->value);
	assert_int_equal(m.fields[0].flaws, row->flaws);
	arena_fini(&arena);
}

static void
test_lines_are_joined(void **state)
{
	struct arena arena = {0};
	struct message m;

	(void)state;
	read_with(&m, &arena, "GET / HTTP/1.1",
		"If-None-Match: \"a\"\r\nX: 1\r\nif-none-match: W/\"b\"\r\n");
	rows_assert_slice(
		message_values(&m, FIELD_IF_NONE_MATCH, &arena), "\"a\", W/\"b\"");
	rows_assert_slice(message_value(&m, FIELD_IF_NONE_MATCH), "\"a\"");
	assert_false(message_has(&m, FIELD_IF_MATCH));
	assert_null(message_values(&m, FIELD_IF_MATCH, &arena).at);
	arena_fini(&arena);
}

/* A flaw has its place: the first of its kind, counted from the start line. */
static void
test_flaws_have_places(void **state)
{
	static const char
		lines[] = "A: 1\r\nContent-Length: 5, 6\r\nB: 2\nC: 3\r\n d\r\n";
	static const char start[] = "HTTP/1.1 200 OK";
	const size_t begin = sizeof start - 1 + 2; /* of the fields */
	struct arena arena = {0};
	struct message m;

	(void)state;
	read_with(&m, &arena, start, lines);
	message_frame_response(&m, METHOD_GET);
	assert_int_equal(
		m.flaws, MESSAGE_LENGTH_CONFLICT | MESSAGE_BARE_LF | MESSAGE_FOLDED);
	assert_int_equal(m.flaw_at[__builtin_ctz(MESSAGE_LENGTH_CONFLICT)],
		begin + (size_t)(strchr(lines, '6') - lines));
	assert_int_equal(m.flaw_at[__builtin_ctz(MESSAGE_BARE_LF)],
		begin + (size_t)(strstr(lines, "2\n") + 1 - lines));
	assert_int_equal(m.flaw_at[__builtin_ctz(MESSAGE_FOLDED)],
		begin + (size_t)(strstr(lines, "3\r\n") + 2 - lines));
	arena_fini(&arena);
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_are_joined),
		cmocka_unit_test(test_flaws_have_places),
	};

	rows_filter(argc, argv);
	return ROWS_RUN(responses, test_response) + ROWS_RUN(responses, test_request) +
	       ROWS_RUN(bodiless, test_bodiless) + ROWS_RUN(fields, test_field) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
