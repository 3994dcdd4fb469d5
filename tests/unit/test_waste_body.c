// room: ct_ledger
/*
 * Bodies in parts, bodies that broke off, bodies that might have been smaller.  The
 * verdict in a row is that of its last exchange.
 */
#include "analyzer/config.h"
#include "analyzer/ledger/squeeze.h"

#include "tests/lib/book.h"
#include "tests/lib/rows.h"

#include <string.h>

#define WHOLE "0123456789abcdefghijklmnopqrstuvwxyzABCD" /* 40 octets */
#define FIRST_20 "0123456789abcdefghij"
#define FIRST_30 "0123456789abcdefghijklmnopqrst"
#define OTHER_40 "0123456789abcdefghiJklmnopqrstuvwxyzABCD"
#define FROM_15 "fghijklmnopqrstuvwxyzABCD"

#define GET .request = "GET /a"
#define GET_RANGE(range, ...) .request = "GET /a\nRange: bytes=" range __VA_ARGS__
#define OK(...) .response = "200\n" __VA_ARGS__
#define TAG "ETag: \"v1\"\n"
#define RANGES "Accept-Ranges: bytes\n"
#define DATE "Date: Thu, 01 Jan 2026 00:00:00 GMT\n"
#define LAST_YEAR "Wed, 31 Dec 2025 00:00:00 GMT"
#define PART(range, ...)                                                                 \
	.response = "206\nETag: \"v1\"\nContent-Range: bytes " range "\n" __VA_ARGS__

/* ---- range-ignored ---- */

static const struct book_row ignored[] = {
	{"the rest was asked for", {{GET_RANGE("15-"), OK(TAG), .body = WHOLE}},
		"full; range-ignored body 15 T2 server"},
	{"the first octets were asked for", {{GET_RANGE("0-9"), OK(TAG), .body = WHOLE}},
		"full; range-ignored body 30 T2 server"},
	{"the last octets were asked for", {{GET_RANGE("-5"), OK(TAG), .body = WHOLE}},
		"full; range-ignored body 35 T2 server"},
	{"more than there is was asked for",
		{{GET_RANGE("0-99"), OK(TAG), .body = WHOLE}}, "full"},
	{"everything was asked for", {{GET_RANGE("0-"), OK(TAG), .body = WHOLE}}, "full"},
	{"the client had everything", {{GET_RANGE("40-"), OK(TAG), .body = WHOLE}},
		"full; range-ignored body 40 T2 server"},
	{"the client had more than there is: it needs the new one",
		{{GET_RANGE("41-"), OK(TAG), .body = WHOLE}}, "full"},
	{"several ranges", {{GET_RANGE("0-1, 5-6"), OK(TAG), .body = WHOLE}}, "full"},
	{"two lines of Range",
		{{GET_RANGE("0-1", "\nRange: bytes=0-1"), OK(TAG), .body = WHOLE}},
		"full"},
	{"another unit",
		{{.request = "GET /a\nRange: lines=0-1", OK(TAG), .body = WHOLE}},
		"full"},
	{"a broken-off answer might have begun with other octets",
		{{GET_RANGE("15-"), OK(TAG), .body = WHOLE, .aborted = true}}, "full"},
	{"If-Range that holds",
		{{GET_RANGE("15-", "\nIf-Range: \"v1\""), OK(TAG), .body = WHOLE}},
		"full; range-ignored body 15 T2 server"},
	{"If-Range that does not hold asks for everything",
		{{GET_RANGE("15-", "\nIf-Range: \"v0\""), OK(TAG), .body = WHOLE}},
		"full"},
	{"a weak tag never holds",
		{{GET_RANGE("15-", "\nIf-Range: W/\"v1\""), OK("ETag: W/\"v1\""),
			.body = WHOLE}},
		"full"},
	{"an answer without a tag",
		{{GET_RANGE("15-", "\nIf-Range: \"v1\""), OK(""), .body = WHOLE}},
		"full"},
	{"a date that holds",
		{{GET_RANGE("15-", "\nIf-Range: " LAST_YEAR),
			OK(DATE "Last-Modified: " LAST_YEAR), .body = WHOLE}},
		"full; range-ignored body 15 T2 server"},
	{"an earlier date does not hold",
		{{GET_RANGE("15-", "\nIf-Range: Tue, 30 Dec 2025 00:00:00 GMT"),
			OK(DATE "Last-Modified: " LAST_YEAR), .body = WHOLE}},
		"full"},
	{"a date of the very second of the answer is weak",
		{{GET_RANGE("15-", "\nIf-Range: Thu, 01 Jan 2026 00:00:00 GMT"),
			OK(DATE "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT"),
			.body = WHOLE}},
		"full"},
	{"a date is weak where the answer has none",
		{{GET_RANGE("15-", "\nIf-Range: " LAST_YEAR),
			OK("Last-Modified: " LAST_YEAR), .body = WHOLE}},
		"full"},
	{"two lines of If-Range",
		{{GET_RANGE("15-", "\nIf-Range: \"v1\"\nIf-Range: \"v1\""), OK(TAG),
			.body = WHOLE}},
		"full"},
	{"what a matching tag makes waste is no more the range's",
		{{GET_RANGE("15-", "\nIf-None-Match: \"v1\""), OK(TAG), .body = WHOLE}},
		"missed-match; ignored-match body 40 T1 server"},
};

/* ---- range-repeat ---- */

#define FIRST_PART                                                                       \
	{                                                                                \
		GET_RANGE("0-19"), PART("0-19/40"), .body = FIRST_20                     \
	}

static const struct book_row repeated[] = {
	{"ranges that overlap",
		{FIRST_PART,
			{.at_s = 9, GET_RANGE("15-"), PART("15-39/40"), .body = FROM_15}},
		"partial; range-repeat body 5 T2 client"},
	{"ranges that touch",
		{FIRST_PART, {.at_s = 9,
				     GET_RANGE("20-39"),
				     PART("20-39/40"),
				     .body = "klmnopqrstuvwxyzABCD"}},
		"partial"},
	{"the same range, framing and all",
		{FIRST_PART, {.at_s = 9,
				     GET_RANGE("0-19"),
				     PART("0-19/40", "Transfer-Encoding: chunked"),
				     .body = FIRST_20,
				     .framing_bytes = 9}},
		"partial; range-repeat body 29 T2 client"},
	{"of a part that is repeated in part the framing is due",
		{FIRST_PART, {.at_s = 9,
				     GET_RANGE("15-"),
				     PART("15-39/40", "Transfer-Encoding: chunked"),
				     .body = FROM_15,
				     .framing_bytes = 9}},
		"partial; range-repeat body 5 T2 client"},
	{"parts that closed the gap between others are one",
		{FIRST_PART,
			{.at_s = 1,
				GET_RANGE("30-39"),
				PART("30-39/40"),
				.body = "uvwxyzABCD"},
			{.at_s = 2,
				GET_RANGE("20-29"),
				PART("20-29/40"),
				.body = "klmnopqrst"},
			{.at_s = 9, GET_RANGE("15-"), PART("15-39/40"), .body = FROM_15}},
		"partial; range-repeat body 25 T2 client"},
	{"a part of what was given as a whole",
		{{GET, OK(TAG), .body = WHOLE},
			{.at_s = 9, GET_RANGE("15-"), PART("15-39/40"), .body = FROM_15}},
		"partial; range-repeat body 25 T2 client"},
	{"the rest of what broke off, and some more",
		{{GET, OK(TAG), .body = FIRST_20, .aborted = true},
			{.at_s = 9, GET_RANGE("15-"), PART("15-39/40"), .body = FROM_15}},
		"partial; range-repeat body 5 T2 client"},
	{"what broke off counts as far as it came",
		{{GET_RANGE("0-39"), PART("0-39/40"), .body = FIRST_20, .aborted = true},
			{.at_s = 9, GET_RANGE("15-"), PART("15-39/40"), .body = FROM_15}},
		"partial; range-repeat body 5 T2 client"},
	{"under another tag they are other octets",
		{FIRST_PART,
			{.at_s = 9,
				GET_RANGE("15-"),
				.response = "206\nETag: \"v2\"\nContent-Range: bytes "
					    "15-39/40",
				.body = FROM_15}},
		"partial"},
	{"a weak tag promises no octets",
		{{GET_RANGE("0-19"),
			 .response = "206\nETag: W/\"v1\"\nContent-Range: bytes 0-19/40",
			 .body = FIRST_20},
			{.at_s = 9,
				GET_RANGE("0-19"),
				.response = "206\nETag: W/\"v1\"\nContent-Range: bytes "
					    "0-19/40",
				.body = FIRST_20}},
		"partial"},
	{"another client",
		{FIRST_PART, {.at_s = 9,
				     .client = 2,
				     GET_RANGE("0-19"),
				     PART("0-19/40"),
				     .body = FIRST_20}},
		"partial"},
	{"nobody might keep them",
		{{GET_RANGE("0-19"), PART("0-19/40", "Cache-Control: no-store"),
			 .body = FIRST_20},
			{.at_s = 9,
				GET_RANGE("0-19"),
				PART("0-19/40"),
				.body = FIRST_20}},
		"partial; range-repeat body 20 T3 policy"},
	{"the client insists",
		{FIRST_PART, {.at_s = 9,
				     GET_RANGE("0-19", "\nCache-Control: no-cache"),
				     PART("0-19/40"),
				     .body = FIRST_20}},
		"partial; range-repeat body 20 T3 user"},
	{"the first part was not there yet when the client asked",
		{{GET_RANGE("0-19"), PART("0-19/40"), .body = FIRST_20,
			 .rtt_ns = 2000000000},
			{.at_s = 1,
				GET_RANGE("0-19"),
				PART("0-19/40"),
				.body = FIRST_20,
				.rtt_ns = 2000000000}},
		"partial"},
	{"of too many parts the shortest is forgotten",
		{{GET_RANGE("0-0"), PART("0-0/40"), .body = "0"},
			{.at_s = 1, GET_RANGE("0-0"), PART("0-0/40"), .body = "0"}},
		"partial; range-repeat body 1 T2 client"},
	{"a 206 whose tag was named is due as a 304",
		{FIRST_PART, {.at_s = 9,
				     GET_RANGE("0-19", "\nIf-None-Match: \"v1\""),
				     PART("0-19/40"),
				     .body = FIRST_20}},
		"missed-match; ignored-match body 20 T1 server"},
};

/* ---- restart-after-abort ---- */

#define BROKEN(fields)                                                                   \
	{                                                                                \
		GET, OK(fields), .body = FIRST_20, .aborted = true                       \
	}

static const struct book_row restarted[] = {
	{"started over",
		{BROKEN(TAG RANGES),
			{.at_s = 9, GET, OK(TAG), .body = WHOLE, .sampled_at = 20}},
		"full; restart-after-abort body 20 T2 client"},
	{"equal octets need no tag, but then nothing could be resumed",
		{BROKEN(""), {.at_s = 9, GET, OK(""), .body = WHOLE, .sampled_at = 20}},
		"full; restart-after-abort body 20 T2 server"},
	{"a date is enough to resume",
		{BROKEN("Last-Modified: " LAST_YEAR "\n" RANGES),
			{.at_s = 9, GET, OK(""), .body = WHOLE, .sampled_at = 20}},
		"full; restart-after-abort body 20 T2 client"},
	{"without Accept-Ranges nobody knows that it can be resumed",
		{BROKEN(TAG), {.at_s = 9, GET, OK(TAG), .body = WHOLE, .sampled_at = 20}},
		"full; restart-after-abort body 20 T2 server"},
	{"Accept-Ranges: none",
		{BROKEN(TAG "Accept-Ranges: none"),
			{.at_s = 9, GET, OK(TAG), .body = WHOLE, .sampled_at = 20}},
		"full; restart-after-abort body 20 T2 server"},
	{"a digest that differs says more than a tag that does not",
		{BROKEN(TAG RANGES),
			{.at_s = 9, GET, OK(TAG), .body = OTHER_40, .sampled_at = 20}},
		"full"},
	{"where no digest was taken, a strong tag tells",
		{BROKEN(TAG RANGES), {.at_s = 9, GET, OK(TAG), .body = WHOLE}},
		"full; restart-after-abort body 20 T2 client"},
	{"and without one nothing does",
		{BROKEN(RANGES), {.at_s = 9, GET, OK(""), .body = WHOLE}}, "full"},
	{"broken off again, further on",
		{BROKEN(TAG RANGES), {.at_s = 9,
					     GET,
					     OK(TAG),
					     .body = FIRST_30,
					     .aborted = true,
					     .sampled_at = 20}},
		"full; restart-after-abort body 20 T2 client"},
	{"the longer one counts from then on",
		{BROKEN(TAG RANGES),
			{.at_s = 9,
				GET,
				OK(TAG RANGES),
				.body = FIRST_30,
				.aborted = true,
				.sampled_at = 20},
			{.at_s = 18, GET, OK(TAG), .body = WHOLE, .sampled_at = 30}},
		"full; restart-after-abort body 30 T2 client"},
	{"broken off again, earlier",
		{BROKEN(TAG RANGES),
			{.at_s = 9, GET, OK(TAG), .body = "0123456789", .aborted = true}},
		"full; restart-after-abort body 10 T2 client"},
	{"a shorter try does not make the longer one forgotten",
		{BROKEN(TAG RANGES),
			{.at_s = 9, GET, OK(TAG), .body = "0123456789", .aborted = true},
			{.at_s = 18, GET, OK(TAG), .body = WHOLE, .sampled_at = 20}},
		"full; restart-after-abort body 20 T2 client"},
	{"a whole that is shorter than the part was another",
		{BROKEN(TAG RANGES), {.at_s = 9, GET, OK(TAG), .body = "0123456789"}},
		"full"},
	{"resumed",
		{BROKEN(TAG RANGES), {.at_s = 9,
					     GET_RANGE("20-"),
					     PART("20-39/40"),
					     .body = "klmnopqrstuvwxyzABCD"}},
		"partial"},
	{"resumed, but everything came",
		{BROKEN(TAG RANGES), {.at_s = 9,
					     GET_RANGE("20-"),
					     OK(TAG),
					     .body = WHOLE,
					     .sampled_at = 20}},
		"full; range-ignored body 20 T2 server"},
	{"complete in between: then it is a repetition",
		{BROKEN(TAG RANGES),
			{.at_s = 9, GET, OK(TAG), .body = WHOLE, .sampled_at = 20},
			{.at_s = 18, GET, OK(TAG), .body = WHOLE, .sampled_at = 20}},
		"full; blind-refetch body 40 T2 client"},
	{"a part that nobody might keep",
		{BROKEN(TAG RANGES "Cache-Control: no-store"),
			{.at_s = 9, GET, OK(TAG), .body = WHOLE, .sampled_at = 20}},
		"full; restart-after-abort body 20 T3 policy"},
	{"the client insists",
		{BROKEN(TAG RANGES), {.at_s = 9,
					     .request = "GET /a\nCache-Control: no-cache",
					     OK(TAG),
					     .body = WHOLE,
					     .sampled_at = 20}},
		"full; restart-after-abort body 20 T3 user"},
	{"another client",
		{BROKEN(TAG RANGES), {.at_s = 9,
					     .client = 2,
					     GET,
					     OK(TAG),
					     .body = WHOLE,
					     .sampled_at = 20}},
		"full"},
	{"a 404 that broke off",
		{{GET, .response = "404\n" TAG, .body = FIRST_20, .aborted = true},
			{.at_s = 9, GET, OK(TAG), .body = WHOLE, .sampled_at = 20}},
		"full"},
	{"the part with a hole counts by its tag",
		{{GET, OK(TAG RANGES), .body = FIRST_20, .aborted = true, .gap = true},
			{.at_s = 9, GET, OK(TAG), .body = WHOLE, .sampled_at = 20}},
		"full; restart-after-abort body 20 T2 client"},
};

/* ---- uncompressed ---- */

#define O64 "sixty-four octets that fill a body until it is worth a good name"
#define O512 O64 O64 O64 O64 O64 O64 O64 O64
#define LARGE O512 O512
#define ACCEPTS(path, codings) .request = "GET " path "\nAccept-Encoding: " codings

static const struct book_row uncompressed[] = {
	{"text", {{ACCEPTS("/a", "gzip"), OK("Content-Type: text/html"), .body = LARGE}},
		"full; uncompressed body 937 T1 server"},
	{"any coding will do",
		{{ACCEPTS("/a", "br;q=0.1"), OK("Content-Type: text/html"),
			.body = LARGE}},
		"full; uncompressed body 937 T1 server"},
	{"a star is a coding, too",
		{{ACCEPTS("/a", "*"), OK("Content-Type: text/html"), .body = LARGE}},
		"full; uncompressed body 937 T1 server"},
	{"an error page",
		{{ACCEPTS("/a", "gzip"), .response = "500\nContent-Type: text/html",
			.body = LARGE}},
		"server-error; uncompressed body 937 T1 server"},
	{"identity is no coding",
		{{ACCEPTS("/a", "gzip"),
			OK("Content-Type: text/html\nContent-Encoding: identity"),
			.body = LARGE}},
		"full; uncompressed body 937 T1 server"},
	{"a coding that the client does not take",
		{{ACCEPTS("/a", "gzip;q=0, identity"), OK("Content-Type: text/html"),
			.body = LARGE}},
		"full"},
	{"nothing is said of codings",
		{{GET, OK("Content-Type: text/html"), .body = LARGE}}, "full"},
	{"a type that is compressed by itself",
		{{ACCEPTS("/a", "gzip"), OK("Content-Type: image/png"), .body = LARGE}},
		"full"},
	{"no type", {{ACCEPTS("/a", "gzip"), OK(""), .body = LARGE}}, "full"},
	{"a small body",
		{{ACCEPTS("/a", "gzip"), OK("Content-Type: text/html"),
			.body = O512 O64}},
		"full"},
	{"a part of it",
		{{ACCEPTS("/a", "gzip"),
			.response = "206\nContent-Type: text/html\n"
				    "Content-Range: bytes 0-1023/2000",
			.body = LARGE}},
		"partial"},
	{"broken off",
		{{ACCEPTS("/a", "gzip"), OK("Content-Type: text/html"), .body = LARGE,
			.aborted = true}},
		"full"},
	{"a body that need not be sent need not be compressed",
		{{ACCEPTS("/a", "gzip"), OK(TAG "Content-Type: text/html"),
			 .body = LARGE},
			{.at_s = 9,
				ACCEPTS("/a", "gzip"),
				OK(TAG "Content-Type: text/html"),
				.body = LARGE}},
		"full; blind-refetch body 1024 T2 client"},
	{"what compression leaves another class may take",
		{{ACCEPTS("/a", "gzip"), OK("Content-Type: text/html"), .body = LARGE},
			{.at_s = 9,
				ACCEPTS("/b", "gzip"),
				OK("Content-Type: text/html"),
				.body = LARGE}},
		"full; uncompressed body 937 T1 server; alias body 87 T3 server path"},
	{"it takes no more than is left",
		{{ACCEPTS("/a", "gzip\nRange: bytes=1000-"),
			OK("Content-Type: text/html"), .body = LARGE}},
		"full; range-ignored body 1000 T2 server; uncompressed body 24 T1 "
		"server"},
	{"content for which there was no room is not measured",
		{{ACCEPTS("/a", "gzip"), OK("Content-Type: text/html"), .body = LARGE,
			.unkept = true}},
		"full"},
	{"unless its octets had been measured before",
		{{ACCEPTS("/a", "gzip"), OK("Content-Type: text/html"), .body = LARGE},
			{.client = 2,
				.at_s = 9,
				ACCEPTS("/b", "gzip"),
				OK("Content-Type: text/html"),
				.body = LARGE,
				.unkept = true}},
		"full; uncompressed body 937 T1 server"},
};

/* ---- what is told beside the classes ---- */

static void
aborted_octets_wait_for_an_answer(void **state)
{
	static const struct making broken = BROKEN(TAG RANGES);
	static const struct making further = {.at_s = 5,
		GET,
		OK(TAG),
		.body = FIRST_30,
		.aborted = true,
		.sampled_at = 20};
	static const struct making rest = {
		.at_s = 9, GET_RANGE("30-"), PART("30-39/40"), .body = "uvwxyzABCD"};
	struct book book = book_new();
	struct verdict verdict = book_enter(&book, &broken);

	(void)state;
	assert_int_equal(verdict.aborted_octets, 20);
	assert_int_equal(verdict.answered_octets, 0);
	verdict = book_enter(&book, &further);
	assert_int_equal(verdict.aborted_octets, 30);
	assert_int_equal(verdict.answered_octets, 20);
	verdict = book_enter(&book, &rest);
	assert_int_equal(verdict.aborted_octets, 0);
	assert_int_equal(verdict.answered_octets, 30);
	verdict = book_enter(&book, &rest);
	assert_int_equal(verdict.answered_octets, 0);
	book_free(&book);
}

static void
parts_that_cannot_be_told_apart(void **state)
{
	static const struct making several = {GET_RANGE("0-1, 5-6"),
		.response = "206\n" TAG "Content-Type: Multipart/Byteranges; boundary=x",
		.body = "--x"};
	static const struct making unclear = {
		GET_RANGE("0-1"), .response = "206\n" TAG, .body = "01"};
	static const struct making clear = {
		GET_RANGE("0-1"), PART("0-1/40"), .body = "01"};
	struct book book = book_new();

	(void)state;
	assert_true(book_enter(&book, &several).unanalysed);
	assert_true(book_enter(&book, &unclear).unanalysed);
	assert_false(book_enter(&book, &clear).unanalysed);
	book_free(&book);
}

/* ---- measuring ---- */

static struct exchange *
text_of(const char *request, const char *body)
{
	return make_exchange(&(struct making){.request = request,
		.response = "200\nContent-Type: text/plain",
		.body = body});
}

static bool
measures(struct squeeze *squeeze, struct exchange *x, uint64_t *bytes)
{
	bool measured = squeeze_measure(squeeze, x, bytes);

	exchange_free(&x);
	return measured;
}

/* Resources of one host, as many as the sample takes one of, thrice. */
static void
samples_are_of_few_resources(void **state)
{
	struct squeeze *squeeze = squeeze_new(1 << 20, true);
	char request[64], body[sizeof LARGE + 8];
	unsigned measured = 0, again = 0;
	uint64_t bytes;

	(void)state;
	for (unsigned i = 0; i < 64 * CONFIG_SQUEEZE_SAMPLE; i++) {
		snprintf(request, sizeof request, "GET /%u\nAccept-Encoding: gzip", i);
		snprintf(body, sizeof body, "%04u" LARGE, i);
		measured += measures(squeeze, text_of(request, body), &bytes);
		again += measures(squeeze, text_of(request, body), &bytes);
	}
	assert_in_range(measured, 32, 96);
	assert_int_equal(measured, again);
	squeeze_free(&squeeze);
}

/* Text that is not the same twice, as long as the whole budget in a few bodies. */
static char *
long_text(size_t octets, unsigned seed)
{
	char *text = malloc(octets + 1);

	assert_non_null(text);
	memset(text, 'a' + (int)(seed % 26), octets);
	snprintf(text, 16, "%u", seed);
	text[strlen(text)] = ' ';
	text[octets] = '\0';
	return text;
}

static void
budget_is_of_distinct_contents(void **state)
{
	enum {
		BODIES = 4
	};
	struct squeeze *squeeze = squeeze_new(1 << 20, false);
	size_t octets = (size_t)(CONFIG_SQUEEZE_BYTES / BODIES);
	uint64_t bytes;

	(void)state;
	for (unsigned i = 0; i < BODIES; i++) {
		char *text = long_text(octets, i);

		for (unsigned twice = 0; twice < 2; twice++)
			assert_true(measures(squeeze,
				text_of("GET /a\nAccept-Encoding: gzip", text), &bytes));
		free(text);
	}
	assert_false(measures(
		squeeze, text_of("GET /a\nAccept-Encoding: gzip", LARGE), &bytes));
	squeeze_free(&squeeze);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(aborted_octets_wait_for_an_answer),
		cmocka_unit_test(parts_that_cannot_be_told_apart),
		cmocka_unit_test(samples_are_of_few_resources),
		cmocka_unit_test(budget_is_of_distinct_contents),
	};
	int failed = 0;

	rows_filter(argc, argv);
	failed += ROWS_RUN(ignored, book_judges);
	failed += ROWS_RUN(repeated, book_judges);
	failed += ROWS_RUN(restarted, book_judges);
	failed += ROWS_RUN(uncompressed, book_judges);
	failed += cmocka_run_group_tests(stories, NULL, NULL);
	return failed != 0;
}
