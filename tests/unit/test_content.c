// room: ct_http
/*
 * What is known of contents: digests of their beginnings, octets that are kept for
 * measuring.  Each case is read whole, in pieces and octet by octet.
 */
#include "analyzer/http/conn.h"
#include "analyzer/http/digest.h"
#include "analyzer/http/uncoded.h"

#include "tests/lib/rows.h"

#include <string.h>

enum {
	DONE_MAX = 8,
	MEMORY_BYTES = 1 << 20
};

#define O64 "sixty-four octets that fill a body until it is worth a good name"
#define O512 O64 O64 O64 O64 O64 O64 O64 O64
#define LARGE O512 O512 /* 1024 octets */
#define GET "GET /a HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n"
#define OK(length, type)                                                                 \
	"HTTP/1.1 200 OK\r\nContent-Length: " length "\r\n"                              \
	"Content-Type: " type "\r\n\r\n"
#define CHUNKED                                                                          \
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"                              \
	"Content-Type: text/plain\r\n\r\n"

/* The exchanges of several connections; the table of lengths is theirs together. */
struct reading {
	struct http_sink sink;
	struct counters counters;
	uint64_t held_bytes;
	struct exchange *done[DONE_MAX];
	unsigned count;
};

static void
on_open(void *context, struct exchange *x)
{
	(void)context;
	(void)x;
}

static void
on_close(void *context, struct exchange *x)
{
	struct reading *reading = context;

	assert_true(reading->count < DONE_MAX);
	reading->done[reading->count++] = x;
}

static void
reading_init(struct reading *reading, uint64_t keep_max)
{
	*reading = (struct reading){
		.sink = {on_open, on_close, reading, &reading->held_bytes, keep_max, 1024,
			cutoffs_new(MEMORY_BYTES, 1)}};
}

static void
reading_fini(struct reading *reading)
{
	for (unsigned i = 0; i < reading->count; i++)
		exchange_free(&reading->done[i]);
	cutoffs_free(&reading->sink.cutoffs);
	assert_int_equal(reading->held_bytes, 0);
}

static void
feed(struct conn *conn, struct streams *streams, unsigned side, const char *octets,
	size_t piece)
{
	struct slice rest = slice_of(octets, strlen(octets));

	while (rest.n) {
		size_t n = rest.n < piece ? rest.n : piece;
		struct chunk chunk = {.offset = streams->side[side].offset,
			.data = slice_part(rest, 0, n),
			.peer_acked = streams->side[!side].offset,
			.segment_start = true};

		streams->side[side].offset += n;
		conn_chunk(conn, side, &chunk);
		rest = slice_from(rest, n);
	}
}

/* A question and its answer on a connection of their own, which then ends by RST. */
static const struct exchange *
talk(struct reading *reading, const char *question, const char *answer, size_t piece)
{
	struct streams streams = {0};
	struct conn_start start = {.handshake_rtt_ns = -1, .streams = &streams};
	struct conn *conn = conn_new(&start, &reading->sink, &reading->counters);

	feed(conn, &streams, 0, question, piece);
	feed(conn, &streams, 1, answer, piece);
	conn_end(conn, 0, STREAM_RST);
	conn_end(conn, 1, STREAM_RST);
	conn_close(&conn);
	assert_true(reading->count);
	return reading->done[reading->count - 1];
}

static void
assert_digest(struct digest is, const char *octets, size_t n)
{
	struct digest expected = digest_of(slice_of(octets, n));

	assert_int_equal(is.high, expected.high);
	assert_int_equal(is.low, expected.low);
}

/* ---- beginnings ---- */

struct row {
	const char *name;
	const char *broken, *whole; /* answers */
	const char *broken_2;	    /* after the first, or NULL */
	unsigned count;		    /* of beginnings of the whole */
	uint64_t octets[2];	    /* their lengths */
};

static const struct row rows[] = {
	{"as long as what had broken off", OK("20", "text/plain") "0123456789",
		OK("20", "text/plain") "0123456789abcdefghij", NULL, 1, {10}},
	{"a chunked one", OK("20", "text/plain") "0123456789",
		CHUNKED "4\r\n0123\r\n10\r\n456789abcdefghij\r\n0\r\n\r\n", NULL, 1,
		{10}},
	{"chunks that broke off", CHUNKED "4\r\n0123\r\n10\r\n456",
		OK("20", "text/plain") "0123456789abcdefghij", NULL, 1, {7}},
	{"two lengths, in the order of their size",
		OK("20", "text/plain") "0123456789abcde",
		OK("20", "text/plain") "0123456789abcdefghij",
		OK("20", "text/plain") "0123", 2, {4, 15}},
	{"all of it", OK("20", "text/plain") "0123456789",
		OK("10", "text/plain") "0123456789", NULL, 1, {10}},
	{"not beyond its end", OK("20", "text/plain") "0123456789abcde",
		OK("10", "text/plain") "0123456789", NULL, 0, {0}},
	{"of other octets, too", OK("20", "text/plain") "0123456789",
		OK("20", "text/plain") "quite other octets! ", NULL, 1, {10}},
	{"an error that broke off is of no interest",
		"HTTP/1.1 500 No\r\nContent-Length: 20\r\n\r\n0123456789",
		OK("20", "text/plain") "0123456789abcdefghij", NULL, 0, {0}},
	{"nothing had come", OK("20", "text/plain"),
		OK("20", "text/plain") "0123456789abcdefghij", NULL, 0, {0}},
};

static const char *
content_of(const struct row *row)
{
	return strstr(row->whole, "chunked") ? "0123456789abcdefghij"
					     : strstr(row->whole, "\r\n\r\n") + 4;
}

static void
beginnings_in(const struct row *row, size_t piece)
{
	struct reading reading;
	const struct exchange *x;
	const char *content = content_of(row);

	reading_init(&reading, UINT64_MAX);
	x = talk(&reading, GET, row->broken, piece);
	assert_false(x->r.complete);
	assert_int_equal(x->r.prefix_count, x->r.content_bytes != 0);
	if (row->broken_2)
		talk(&reading, GET, row->broken_2, piece);
	x = talk(&reading, GET, row->whole, piece);
	assert_true(x->r.complete && x->r.has_digest);
	assert_digest(x->r.digest, content, strlen(content));
	assert_int_equal(x->r.prefix_count, row->count);
	for (unsigned i = 0; i < row->count; i++) {
		assert_int_equal(x->r.prefixes[i].octets, row->octets[i]);
		assert_digest(x->r.prefixes[i].digest, content, row->octets[i]);
	}
	x = talk(&reading, "GET /b HTTP/1.1\r\nHost: h\r\n\r\n", row->whole, piece);
	assert_int_equal(x->r.prefix_count, 0);
	reading_fini(&reading);
}

static void
beginnings(void **state)
{
	static const size_t pieces[] = {1, 3, 7, 1000};

	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
		beginnings_in(*state, pieces[i]);
}

static void
oldest_length_goes_first(void **state)
{
	struct reading reading;
	const struct exchange *x;

	(void)state;
	reading_init(&reading, UINT64_MAX);
	for (int i = 1; i <= CUTOFF_LENGTHS + 1; i++) {
		char answer[128];

		snprintf(answer, sizeof answer, OK("20", "text/plain") "%.*s", i,
			"0123456789");
		talk(&reading, GET, answer, 1000);
	}
	x = talk(&reading, GET, OK("10", "text/plain") "0123456789", 1000);
	assert_int_equal(x->r.prefix_count, CUTOFF_LENGTHS);
	assert_int_equal(x->r.prefixes[0].octets, 2);
	reading_fini(&reading);
}

/* ---- windows ---- */

#ifdef HAVE_BROTLI
/* A body of nine octets that asks for a window of 16 MiB. */
static void
large_windows_give_way(void **state)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: "
				     "9\r\nContent-Encoding: br\r\n\r\n"
				     "\xcf\xff\xff\xffhello";
	static const size_t pieces[] = {1, 5, 1000};

	(void)state;
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct reading reading;

		reading_init(&reading, 32 << 20);
		talk(&reading, GET, answer, pieces[i]);
		assert_int_equal(reading.counters.decoders_given_up, 0);
		reading_fini(&reading);
		reading_init(&reading, 1 << 20);
		assert_int_equal(talk(&reading, GET, answer, pieces[i])->r.coded->fault,
			CODED_REFUSED);
		assert_int_equal(reading.counters.decoders_given_up, 1);
		reading_fini(&reading);
	}
}
#endif

/* ---- what is kept ---- */

static void
kept_octets_are_those_sent(void **state)
{
	static const size_t pieces[] = {1, 100, 4096};

	(void)state;
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct reading reading;
		const struct exchange *x;

		reading_init(&reading, UINT64_MAX);
		x = talk(&reading, GET, OK("1024", "text/html") LARGE, pieces[i]);
		assert_true(x->uncoded);
		assert_int_equal(x->kept_bytes, 1024);
		assert_memory_equal(x->kept, LARGE, 1024);
		x = talk(&reading, GET,
			CHUNKED "200\r\n" O512 "\r\n200\r\n" O512 "\r\n0\r\n\r\n",
			pieces[i]);
		assert_int_equal(x->kept_bytes, 1024);
		assert_memory_equal(x->kept, LARGE, 1024);
		reading_fini(&reading);
	}
}

static void
nothing_is_kept_in_vain(void **state)
{
	static const char *const answers[] = {
		OK("1024", "image/png") LARGE,		/* a type that is compressed */
		OK("512", "text/html") O512,		/* small */
		CHUNKED "200\r\n" O512 "\r\n0\r\n\r\n", /* small, as it turns out */
		OK("2048", "text/html") LARGE,		/* broken off */
		"HTTP/1.1 302 Found\r\nContent-Length: 1024\r\n"
		"Content-Type: text/html\r\n\r\n" LARGE,
		"HTTP/1.1 200 OK\r\nContent-Length: 1024\r\nContent-Encoding: br\r\n"
		"Content-Type: text/html\r\n\r\n" LARGE,
	};
	struct reading reading;

	(void)state;
	reading_init(&reading, UINT64_MAX);
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
		assert_null(talk(&reading, GET, answers[i], 100)->kept);
	assert_null(talk(&reading, "GET /a HTTP/1.1\r\nHost: h\r\n\r\n",
		OK("1024", "text/html") LARGE, 100)
			    ->kept);
	reading_fini(&reading);
}

static void
room_is_limited(void **state)
{
	struct reading reading;
	const struct exchange *x;

	(void)state;
	reading_init(&reading, 1);
	x = talk(&reading, GET, OK("1024", "text/html") LARGE, 100);
	assert_true(x->uncoded);
	assert_null(x->kept);
	assert_true(x->r.has_digest);
	assert_digest(x->r.digest, LARGE, 1024);
	reading_fini(&reading);
}

static void
requests_have_digests_of_their_own(void **state)
{
	struct reading reading;
	static const char put[] = "PUT /a HTTP/1.1\r\nContent-Length: 4\r\n\r\n";
	static const char created[] = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";
	char questions[160], answers[160];

	(void)state;
	snprintf(questions, sizeof questions, "%sabcd%sefgh", put, put);
	snprintf(answers, sizeof answers, "%s%s", created, created);
	for (size_t piece = 1; piece < 9; piece++) {
		reading_init(&reading, UINT64_MAX);
		talk(&reading, questions, answers, piece);
		assert_int_equal(reading.count, 2);
		assert_true(
			reading.done[0]->q.has_digest && reading.done[1]->q.has_digest);
		assert_digest(reading.done[0]->q.digest, "abcd", 4);
		assert_digest(reading.done[1]->q.digest, "efgh", 4);
		reading_fini(&reading);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest stories[] = {
#ifdef HAVE_BROTLI
		cmocka_unit_test(large_windows_give_way),
#endif
		cmocka_unit_test(oldest_length_goes_first),
		cmocka_unit_test(kept_octets_are_those_sent),
		cmocka_unit_test(nothing_is_kept_in_vain),
		cmocka_unit_test(room_is_limited),
		cmocka_unit_test(requests_have_digests_of_their_own),
	};
	int failed = 0;

	rows_filter(argc, argv);
	failed += ROWS_RUN(rows, beginnings);
	failed += cmocka_run_group_tests(stories, NULL, NULL);
	return failed != 0;
}
