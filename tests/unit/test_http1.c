// room: ct_parsers
#include "parsers/http1.h"
#include "tests/lib/rows.h"

struct sniff_row {
	const char *name;
	const char *octets;
	enum http1_start start;	 /* anywhere */
	enum http1_start answer; /* where an answer is due */
};

static const struct sniff_row sniff_rows[] = {
	{"nothing may become anything", "", HTTP1_MORE, HTTP1_MORE},
	{"a request line", "GET / HTTP/1.1\r\n", HTTP1_REQUEST, HTTP1_FOREIGN},
	{"a request line without its end", "GET / HTTP/1.1", HTTP1_MORE, HTTP1_FOREIGN},
	{"a method nobody knows", "REQ /x HTTP/1.0\r\n", HTTP1_REQUEST, HTTP1_FOREIGN},
	{"a request of a version to come", "GET / HTTP/2.1\n", HTTP1_REQUEST,
		HTTP1_FOREIGN},
	{"the preface of HTTP/2", "PRI * HTTP/2.0\r\n", HTTP1_PREFACE, HTTP1_FOREIGN},
	{"a simple request has no version", "GET /\r\n", HTTP1_FOREIGN, HTTP1_FOREIGN},
	{"no white space before the version", "GET /HTTP/1.1\r\n", HTTP1_FOREIGN,
		HTTP1_FOREIGN},
	{"no white space after the method", "GET/ HTTP/1.1\r\n", HTTP1_FOREIGN,
		HTTP1_FOREIGN},
	{"half a version", "GET / HTTP/1.\r\n", HTTP1_FOREIGN, HTTP1_FOREIGN},
	{"another protocol's version", "OPTIONS rtsp://h/ RTSP/1.0\r\n", HTTP1_FOREIGN,
		HTTP1_FOREIGN},
	{"a method that is no token", "G(T / HTTP/1.1\r\n", HTTP1_FOREIGN, HTTP1_FOREIGN},
	{"a control octet in the target", "GET /\001 HTTP/1.1\r\n", HTTP1_FOREIGN,
		HTTP1_FOREIGN},
	{"CR in the target", "GET /\ra HTTP/1.1\r\n", HTTP1_FOREIGN, HTTP1_FOREIGN},
	{"TLS", "\x16\x03\x01", HTTP1_FOREIGN, HTTP1_FOREIGN},
	{"SSH", "SSH-2.0-x\r\n", HTTP1_FOREIGN, HTTP1_FOREIGN},
	{"a status line", "HTTP/1.1 200 OK\r\n", HTTP1_RESPONSE, HTTP1_RESPONSE},
	{"the start of one", "HTTP/1.", HTTP1_MORE, HTTP1_MORE},
	{"less than its name", "HTT", HTTP1_MORE, HTTP1_MORE},
	{"a status that may have more digits", "HTTP/1.1 200", HTTP1_RESPONSE,
		HTTP1_MORE},
	{"a status line without reason", "HTTP/1.1 200\n", HTTP1_RESPONSE,
		HTTP1_RESPONSE},
	{"another major version", "HTTP/2.0 200 ok\r\n", HTTP1_FOREIGN, HTTP1_RESPONSE},
	{"a version with two digits", "HTTP/1.01 200 ok\r\n", HTTP1_FOREIGN,
		HTTP1_RESPONSE},
	{"a version with three", "HTTP/1.001 200 ok\r\n", HTTP1_FOREIGN, HTTP1_FOREIGN},
	{"a version with two points", "HTTP/1.1.1 200 ok\r\n", HTTP1_FOREIGN,
		HTTP1_FOREIGN},
	{"a version without a point", "HTTP/2 200\r\n", HTTP1_FOREIGN, HTTP1_FOREIGN},
	{"white space before the status", "HTTP/1.1 \t200 ok\r\n", HTTP1_FOREIGN,
		HTTP1_RESPONSE},
	{"a status of two digits", "HTTP/1.1 20 ok\r\n", HTTP1_FOREIGN, HTTP1_FOREIGN},
	{"a status of four digits", "HTTP/1.1 2040 ok\r\n", HTTP1_FOREIGN, HTTP1_FOREIGN},
	{"a status with letters", "HTTP/1.1 2xx ok\r\n", HTTP1_FOREIGN, HTTP1_FOREIGN},
	{"a version without status", "HTTP/1.1 OK\r\n", HTTP1_FOREIGN, HTTP1_FOREIGN},
	{"the protocol alone", "HTTP/\r\n", HTTP1_FOREIGN, HTTP1_FOREIGN},
};

static void
test_sniff(void **state)
{
	const struct sniff_row *row = *state;
	struct guard guard = {0};
	struct slice s = guard_slice(&guard, row->octets, strlen(row->octets));

	assert_int_equal(http1_sniff(s), row->start);
	assert_int_equal(http1_sniff_answer(s), row->answer);
	/* What is foreign stays so, and what is more never was foreign before. */
	for (size_t n = 0; n < s.n; n++) {
		if (http1_sniff(slice_part(s, 0, n)) == HTTP1_FOREIGN)
			assert_int_equal(row->start, HTTP1_FOREIGN);
		if (http1_sniff_answer(slice_part(s, 0, n)) == HTTP1_FOREIGN)
			assert_int_equal(row->answer, HTTP1_FOREIGN);
	}
	guard_fini(&guard);
}

struct line_row {
	const char *name;
	const char *line;
	const char *method, *target; /* of a request */
	unsigned status, major, minor;
	const char *reason;
	bool bent;
};

static const struct line_row line_rows[] = {
	{"a request", "GET /a?b HTTP/1.1", "GET", "/a?b", 0, 1, 1, NULL, false},
	{"of another major version", "GET / HTTP/2.1", "GET", "/", 0, 2, 1, NULL, true},
	{"tabs and more white space", "GET\t \t /\t  HTTP/1.1", "GET", "/", 0, 1, 1, NULL,
		true},
	{"white space at the end", "GET / HTTP/1.1 ", "GET", "/", 0, 1, 1, NULL, true},
	{"a space in the target", "GET /a b HTTP/1.1", "GET", "/a b", 0, 1, 1, NULL,
		true},
	{"an answer", "HTTP/1.0 404 Not Found", NULL, NULL, 404, 1, 0, "Not Found",
		false},
	{"without reason", "HTTP/1.1 200 ", NULL, NULL, 200, 1, 1, "", false},
	{"without reason and space", "HTTP/1.1 200", NULL, NULL, 200, 1, 1, "", true},
	{"version 2.0 in text", "HTTP/2.0 200 ok", NULL, NULL, 200, 2, 0, "ok", true},
	{"version 1.10", "HTTP/1.10 200 ok", NULL, NULL, 200, 1, 10, "ok", true},
	{"space and tab before the status", "HTTP/1.1 \t200 ok", NULL, NULL, 200, 1, 1,
		"ok", true},
};

static void
test_cut_line(void **state)
{
	struct start_line start;

	(void)state;
	assert_true(http1_cut_status_line(SLICE("HTTP/1.0 304"), &start));
	assert_int_equal(start.status, 304);
	assert_int_equal(start.minor, 0);
	assert_false(start.bent);
	assert_true(http1_cut_status_line(SLICE("HTTP/1.1 200 O"), &start));
	assert_null(start.reason.at);
	assert_false(http1_cut_status_line(SLICE("HTTP/1.1 20"), &start));
	assert_false(http1_cut_status_line(SLICE("HTTP/1.1 2000"), &start));
	assert_false(http1_cut_status_line(SLICE(""), &start));
}

static void
test_line(void **state)
{
	const struct line_row *row = *state;
	struct guard guard = {0};
	struct slice line = guard_slice(&guard, row->line, strlen(row->line));
	struct start_line start;

	if (row->method) {
		assert_false(http1_status_line(line, &start));
		assert_true(http1_request_line(line, &start));
	} else {
		assert_false(http1_request_line(line, &start));
		assert_true(http1_status_line(line, &start));
	}
	rows_assert_slice(start.method, row->method);
	rows_assert_slice(start.target, row->target);
	rows_assert_slice(start.reason, row->reason);
	assert_int_equal(start.status, row->status);
	assert_int_equal(start.major, row->major);
	assert_int_equal(start.minor, row->minor);
	assert_int_equal(start.bent, row->bent);
	guard_fini(&guard);
}

/* Every octet, at every place of a value. */
static void
test_controls_in_values(void **state)
{
	char line[] = "n: aaaaa";

	(void)state;
	for (size_t n = 4; n < sizeof line; n++)
		for (size_t at = 3; at < n; at++)
			for (unsigned octet = 0; octet < 256; octet++) {
				bool bad = (octet < 0x20 && octet != '\t') ||
					   octet == 0x7f;
				struct field field;

				line[at] = (char)octet;
				field = http1_field(slice_of(line, n));
				line[at] = 'a';
				assert_int_equal(!!(field.flaws & FIELD_BAD_VALUE), bad);
			}
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_controls_in_values),
		cmocka_unit_test(test_cut_line),
	};

	rows_filter(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL) +
	       ROWS_RUN(sniff_rows, test_sniff) + ROWS_RUN(line_rows, test_line);
}
