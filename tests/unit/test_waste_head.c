// room: ct_ledger
/*
 * Waste of heads alone, what later exchanges tell of earlier ones, and answers that
 * others contradict.  The verdict in a row is that of its last exchange.
 */
#include "tests/lib/book.h"
#include "tests/lib/rows.h"

#define O64 "sixty-four octets that fill a body until it is worth a good name"
#define O512 O64 O64 O64 O64 O64 O64 O64 O64

static const char page[] = "a page of which every octet counts";
static const char large[] = O512 O512;

#define GET(path) .request = "GET " path
#define OK(fields) .response = "200\n" fields
#define LAST_YEAR "Wed, 31 Dec 2025 00:00:00 GMT"
#define INM "\nIf-None-Match: \"v1\""
#define COOKIE "\nCookie: sid=0123456789"

/* ---- heads ---- */

#define FRESH OK("ETag: \"v1\"\nCache-Control: max-age=99"), .body = page

static const struct book_row heads[] = {
	{"asked about a fresh copy",
		{{GET("/a"), FRESH}, {.at_s = 60, GET("/a" INM), .response = "304"}},
		"validated; fresh-revalidation head 100 T2 client; own 34"},
	{"asked about a copy that never changes",
		{{GET("/a"), OK("ETag: \"v1\"\nCache-Control: max-age=99, immutable"),
			 .body = page},
			{.at_s = 60, GET("/a" INM), .response = "304"}},
		"validated; fresh-revalidation head 100 T2 client immutable; own 34"},
	{"needless and ignored",
		{{GET("/a"), FRESH},
			{.at_s = 60, GET("/a" INM), OK("ETag: \"v1\""), .body = page}},
		"missed-match; ignored-match body 34 T1 server; fresh-revalidation head "
		"132 T2 client"},
	{"asked about a stale copy",
		{{GET("/a"), FRESH}, {.at_s = 99, GET("/a" INM), .response = "304"}},
		"validated; own 34"},
	{"asked about another copy",
		{{GET("/a"), FRESH}, {.at_s = 60,
					     GET("/a\nIf-None-Match: \"v0\""),
					     .response = "304"}},
		"validated; unknown"},
	{"no-cache wants to be asked",
		{{GET("/a"), OK("ETag: \"v1\"\nCache-Control: max-age=99, no-cache"),
			 .body = page},
			{.at_s = 60, GET("/a" INM), .response = "304"}},
		"validated; own 34"},
	{"a guess accuses nobody",
		{{GET("/a"), OK("ETag: \"v1\"\nLast-Modified: " LAST_YEAR), .body = page},
			{.at_s = 60, GET("/a" INM), .response = "304"}},
		"validated; own 34"},
	{"changed in spite of its lifetime",
		{{GET("/a"), FRESH},
			{.at_s = 60, GET("/a" INM), OK("ETag: \"v2\""), .body = large}},
		"changed"},
	{"HEAD asks on purpose",
		{{GET("/a"), FRESH},
			{.at_s = 60, .request = "HEAD /a" INM, .response = "304"}},
		"validated; head-method 0"},
	{"a reload that asks",
		{{GET("/a"), FRESH}, {.at_s = 60,
					     GET("/a" INM "\nCache-Control: max-age=0"),
					     .response = "304"}},
		"validated; reload-revalidation head 126 T3 user; own 34"},
	{"a reload that asks about a stale copy",
		{{GET("/a"), OK("ETag: \"v1\""), .body = page},
			{.at_s = 60,
				GET("/a" INM "\nCache-Control: max-age=0"),
				.response = "304"}},
		"validated; own 34"},
	{"a URL of one version",
		{{GET("/a.0badcafe.js"), OK("ETag: \"v1\""), .body = page},
			{.at_s = 60, GET("/a.0badcafe.js" INM), .response = "304"}},
		"validated; versioned-revalidation head 112 T3 server; own 34"},
	{"a URL of one version whose copy lives for a day",
		{{GET("/a.0badcafe.js"), OK("ETag: \"v1\"\nCache-Control: max-age=86400"),
			 .body = page},
			{.at_s = 90000, GET("/a.0badcafe.js" INM), .response = "304"}},
		"validated; own 34"},
	{"a URL of one version that gets a long life now",
		{{GET("/a.0badcafe.js"), OK("ETag: \"v1\""), .body = page},
			{.at_s = 60,
				GET("/a.0badcafe.js" INM),
				.response = "304\nCache-Control: max-age=31536000"}},
		"validated; own 34"},
	{"a page is no version, whatever its name",
		{{GET("/a.0badcafe"), OK("ETag: \"v1\"\nContent-Type: text/html"),
			 .body = page},
			{.at_s = 60, GET("/a.0badcafe" INM), .response = "304"}},
		"validated; own 34"},
	{"a URL that had two contents is no version",
		{{GET("/a?v=1"), OK("ETag: \"v0\""), .body = large},
			{.at_s = 9, GET("/a?v=1"), OK("ETag: \"v1\""), .body = page},
			{.at_s = 60, GET("/a?v=1" INM), .response = "304"}},
		"validated; own 34"},
	{"a cookie for a picture",
		{{GET("/a" COOKIE), OK("Content-Type: image/png"), .body = page}},
		"full; cookie-on-static head 24 T3 server"},
	{"two lines of cookies",
		{{GET("/a" COOKIE "\nCookie: b=2"), OK("Content-Type: text/css"),
			.body = page}},
		"full; cookie-on-static head 37 T3 server"},
	{"a cookie with a question about a picture",
		{{GET("/a"), OK("ETag: \"v1\"\nContent-Type: image/png"), .body = page},
			{.at_s = 60, GET("/a" INM COOKIE), .response = "304"}},
		"validated; cookie-on-static head 24 T3 server; own 34"},
	{"a cookie for a page",
		{{GET("/a" COOKIE), OK("Content-Type: text/html"), .body = page}},
		"full"},
	{"a picture that sets a cookie",
		{{GET("/a" COOKIE), OK("Content-Type: image/png\nSet-Cookie: a=1"),
			.body = page}},
		"full"},
	{"a picture that depends on a cookie",
		{{GET("/a" COOKIE), OK("Content-Type: image/png\nVary: accept, cookie"),
			.body = page}},
		"full"},
	{"a picture for one visitor",
		{{GET("/a" COOKIE), OK("Content-Type: image/png\nCache-Control: private"),
			.body = page}},
		"full"},
	{"a picture that is not there",
		{{GET("/a" COOKIE), .response = "404\nContent-Type: image/png",
			.body = page}},
		"gone"},
	{"a better reason for the heads",
		{{GET("/a"), FRESH}, {.at_s = 60,
					     GET("/a" INM COOKIE),
					     .response = "304\nContent-Type: image/png"}},
		"validated; fresh-revalidation head 149 T2 client; own 34"},
};

/* ---- what other answers say against an answer ---- */

#define OTHER_TAG "ETag: \"v2\""

static const struct book_row contradictions[] = {
	{"304 for a tag after somebody got a newer one",
		{{GET("/a"), OK("ETag: \"v1\""), .body = page},
			{.at_s = 9, GET("/a"), OK(OTHER_TAG), .body = large, .client = 2},
			{.at_s = 60, GET("/a" INM), .response = "304\nETag: \"v1\""}},
		"validated; own 34; note suspect-304"},
	{"the newer one came from a cache",
		{{GET("/a"), OK("ETag: \"v1\""), .body = page},
			{.at_s = 9,
				GET("/a"),
				OK(OTHER_TAG "\nAge: 3"),
				.body = large,
				.client = 2},
			{.at_s = 60, GET("/a" INM), .response = "304\nETag: \"v1\""}},
		"validated; own 34"},
	{"the newer one is taken back",
		{{GET("/a"), OK("ETag: \"v1\""), .body = page},
			{.at_s = 9, GET("/a"), OK(OTHER_TAG), .body = large, .client = 2},
			{.at_s = 19,
				GET("/a"),
				OK("ETag: \"v1\""),
				.body = page,
				.client = 3},
			{.at_s = 60, GET("/a" INM), .response = "304\nETag: \"v1\""}},
		"validated; own 34"},
	{"nobody saw which of them is newer",
		{{.at_s = 9, GET("/a"), OK(OTHER_TAG), .body = large, .client = 2},
			{.at_s = 60, GET("/a" INM), .response = "304\nETag: \"v1\""}},
		"validated; unknown"},
	{"the newer one is of another variant",
		{{GET("/a\nAccept-Language: en"),
			 OK("ETag: \"v1\"\nVary: Accept-Language"), .body = page},
			{.at_s = 9,
				GET("/a\nAccept-Language: de"),
				OK(OTHER_TAG "\nVary: Accept-Language"),
				.body = large,
				.client = 2},
			{.at_s = 60,
				GET("/a\nAccept-Language: en" INM),
				.response = "304\nETag: \"v1\""}},
		"validated; own 34"},
	{"412 to the tag that is current",
		{{GET("/a"), OK("ETag: \"v1\""), .body = page},
			{.at_s = 60,
				.request = "PUT /a\nIf-Match: \"v0\", \"v1\"",
				.response = "412",
				.body = ""}},
		"precondition-failed; note current-412"},
	{"412 to a weak tag is due",
		{{GET("/a"), OK("ETag: W/\"v1\""), .body = page},
			{.at_s = 60,
				.request = "PUT /a\nIf-Match: W/\"v1\"",
				.response = "412",
				.body = ""}},
		"precondition-failed"},
	{"412 to the tag of before a change",
		{{GET("/a"), OK("ETag: \"v1\""), .body = page},
			{.at_s = 9, .request = "PUT /a", .response = "204", .client = 2},
			{.at_s = 60,
				.request = "PUT /a\nIf-Match: \"v1\"",
				.response = "412",
				.body = ""}},
		"precondition-failed"},
	{"412 where another condition may be the reason",
		{{GET("/a"), OK("ETag: \"v1\""), .body = page},
			{.at_s = 60,
				.request = "PUT /a\nIf-Match: \"v1\"\nIf-None-Match: *",
				.response = "412",
				.body = ""}},
		"precondition-failed"},
};

/* ---- what later exchanges tell ---- */

static void
head_is_needless_if_a_get_follows(void **state)
{
	static const struct making probe = {
		.request = "HEAD /a", .response = "200\nContent-Length: 34"};
	static const struct making get = {
		.at_s = 60, .request = "GET /a", .response = "200", .body = page};
	struct book book = book_new();
	struct verdict verdict = book_enter(&book, &probe);

	(void)state;
	assert_true(verdict.probe_ticket != 0);
	assert_int_equal(verdict.waste_count, 0);
	book_enter(&book, &get);
	assert_int_equal(book.late.probe_count, 1);
	assert_int_equal(book.late.probe_ticket, verdict.probe_ticket);
	assert_int_equal(book.late.probe_octets, 100);
	assert_int_equal(book.late.probe_first_ns, MAKE_EPOCH_S * 1000000000);
	book_enter(&book, &get);
	assert_int_equal(book.late.probe_count, 1); /* told once */
	book_free(&book);
}

/* Each pair by a client of its own. */
static void
head_that_tells_something(void **state)
{
	static const struct {
		struct making head, get;
	} pairs[] = {
		{{.request = "HEAD /a", .response = "200"},
			{.at_s = 61, GET("/a"), .response = "200", .body = page}},
		{{.request = "HEAD /a", .response = "200"},
			{.at_s = 9, GET("/b"), .response = "200", .body = page}},
		{{.request = "HEAD /a", .response = "404"},
			{.at_s = 9, GET("/a"), .response = "200", .body = page}},
		{{.request = "HEAD /a", .response = "200"},
			{.at_s = 9, GET("/a"), .response = "404", .body = page}},
		{{.request = "HEAD /a" INM, .response = "200"},
			{.at_s = 9, GET("/a"), .response = "200", .body = page}},
		{{.request = "HEAD /a", .response = "200", .unknown_pairing = true},
			{.at_s = 9, GET("/a"), .response = "200", .body = page}},
	};
	struct book book = book_new();

	(void)state;
	for (unsigned i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct making head = pairs[i].head, get = pairs[i].get;

		head.client = get.client = 1 + i;
		book_enter(&book, &head);
		book_enter(&book, &get);
		assert_int_equal(book.late.probe_count, 0);
	}
	book_free(&book);
}

/* Only the newest HEAD is, whenever others made the ledger tidy up. */
static void
heads_of_others_do_not_matter(void **state)
{
	static const struct making probes[] = {
		{.request = "HEAD /b", .response = "200", .client = 2},
		{.at_s = 50, .request = "HEAD /a", .response = "200"},
		{.at_s = 70, .request = "HEAD /a", .response = "200"}};
	static const struct making get = {
		.at_s = 80, GET("/a"), .response = "200", .body = page};

	(void)state;
	for (unsigned first = 0; first < 2; first++) {
		struct book book = book_new();

		for (unsigned i = first; i < sizeof probes / sizeof *probes; i++)
			book_enter(&book, &probes[i]);
		book_enter(&book, &get);
		book_enter(&book, &get);
		assert_int_equal(book.late.probe_count, 1);
		book_free(&book);
	}
}

static void
saving_of_a_needless_question(void **state)
{
	static const struct making fresh = {
		.request = "GET /a.0badcafe.js" INM, .response = "304\nETag: \"v1\""};
	static const struct making needed = {
		.request = "GET /a" INM, .response = "304\nETag: \"v1\""};
	static const struct making bodies_of[] = {
		{.at_s = 9, GET("/a"), OK("ETag: \"v1\""), .body = page, .client = 2},
		{.at_s = 9,
			GET("/a.0badcafe.js"),
			OK("ETag: \"v1\""),
			.body = page,
			.client = 2}};
	struct book book = book_new();

	(void)state;
	assert_true(book_enter(&book, &fresh).needless);
	assert_false(book_enter(&book, &needed).needless);
	book_enter(&book, &bodies_of[0]);
	assert_int_equal(book.late.count, 1);
	assert_false(book.late.needless[0]);
	book_enter(&book, &bodies_of[1]);
	assert_int_equal(book.late.count, 2);
	assert_true(book.late.needless[1]);
	book_free(&book);
}

static void
fingerprint_of_ones_own(void **state)
{
	static const struct ledger_options options = {
		.memory_bytes = 1 << 16, .fingerprint = "/build-[0-9]+/"};
	static const struct {
		const char *request;
		bool versioned;
	} urls[] = {
		{"GET /build-17/a.js" INM, true},
		{"GET /a.0badcafe.js" INM, false},
		{"GET /build-17/a.html" INM, false},
	};
	struct book book = book_new_with(&options);

	(void)state;
	for (unsigned i = 0; i < sizeof urls / sizeof *urls; i++) {
		struct making asked = {.request = urls[i].request, .response = "304"};
		struct verdict verdict = book_enter(&book, &asked);

		assert_int_equal(verdict.waste_count, urls[i].versioned);
	}
	book_free(&book);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(head_is_needless_if_a_get_follows),
		cmocka_unit_test(head_that_tells_something),
		cmocka_unit_test(heads_of_others_do_not_matter),
		cmocka_unit_test(saving_of_a_needless_question),
		cmocka_unit_test(fingerprint_of_ones_own),
	};
	int failed = 0;

	rows_filter(argc, argv);
	failed += ROWS_RUN(heads, book_judges);
	failed += ROWS_RUN(contradictions, book_judges);
	failed += cmocka_run_group_tests(stories, NULL, NULL);
	return failed != 0;
}
