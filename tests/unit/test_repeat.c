// room: ct_ledger
/*
 * Waste by repetition that only policy, a user or a design could avoid, and parts of
 * caches that know nothing of each other.  The verdict in a row is that of its last
 * exchange.
 */
#include "tests/lib/book.h"
#include "tests/lib/rows.h"

#define O64 "sixty-four octets that fill a body until it is worth a good name"
#define O512 O64 O64 O64 O64 O64 O64 O64 O64

static const char page[] = "a page of which every octet counts";
static const char large[] = O512 O512;
static const char larger[] = O512 O512 "and one more";
static const char shy[] = O512 "a little less than it takes";

#define GET(path) .request = "GET " path
#define OK(fields) .response = "200\n" fields
#define INM "\nIf-None-Match: \"v1\""
#define SHOP "\nReferer: http://www.shop.test/basket"
#define SHOP_TOO "\nReferer: http://static.shop.test:8080/"
#define NEWS "\nReferer: http://news.test/today"
#define CROSS "\nSec-Fetch-Site: cross-site"

/* ---- bodies ---- */

static const struct book_row bodies[] = {
	{"no-store again",
		{{GET("/a"), OK("Cache-Control: no-store"), .body = page},
			{.at_s = 60, GET("/a"), OK(""), .body = page}},
		"full; no-store-repeat body 34 T3 policy"},
	{"no-store in the request is a reason, too",
		{{GET("/a\nCache-Control: no-store"), OK(""), .body = page},
			{.at_s = 60, GET("/a"), OK(""), .body = page}},
		"full; no-store-repeat body 34 T3 policy"},
	{"no-store with other octets is no repetition",
		{{GET("/a"), OK("Cache-Control: no-store"), .body = page},
			{.at_s = 60, GET("/a"), OK(""), .body = large}},
		"full"},
	{"a reload of a stale page",
		{{GET("/a"), OK("ETag: \"v1\""), .body = page},
			{.at_s = 60,
				GET("/a\nCache-Control: no-cache"),
				OK("ETag: \"v1\""),
				.body = page}},
		"full; forced-reload body 34 T3 user"},
	{"a reload by Pragma",
		{{GET("/a"), OK("ETag: \"v1\""), .body = page},
			{.at_s = 60, GET("/a\nPragma: no-cache"), OK(""), .body = page}},
		"full; forced-reload body 34 T3 user"},
	{"a reload with a condition is the server's to answer well",
		{{GET("/a"), OK("ETag: \"v1\""), .body = page},
			{.at_s = 60,
				GET("/a" INM "\nCache-Control: max-age=0"),
				OK("ETag: \"v1\""),
				.body = page}},
		"missed-match; ignored-match body 34 T1 server"},
	{"what may not be stored is not the user's fault",
		{{GET("/a"), OK("Cache-Control: no-store"), .body = page},
			{.at_s = 60, GET("/a\nPragma: no-cache"), OK(""), .body = page}},
		"full; no-store-repeat body 34 T3 policy"},
	{"a permanent redirect without a lifetime",
		{{GET("/a"), .response = "301\nLocation: /b", .body = page},
			{.at_s = 60,
				GET("/a"),
				.response = "301\nLocation: /b",
				.body = page}},
		"redirect; repeat-redirect body 34 T3 server; repeat-redirect head 113 "
		"T3 "
		"server"},
	{"an empty one has its heads",
		{{GET("/a"), .response = "308\nLocation: /b", .body = ""},
			{.at_s = 60,
				GET("/a"),
				.response = "308\nLocation: /b",
				.body = ""}},
		"redirect; repeat-redirect head 112 T3 server"},
	{"a redirect to elsewhere is news",
		{{GET("/a"), .response = "301\nLocation: /b", .body = ""},
			{.at_s = 60,
				GET("/a"),
				.response = "301\nLocation: /c",
				.body = ""}},
		"redirect"},
	{"a temporary redirect is none to keep",
		{{GET("/a"), .response = "302\nLocation: /b", .body = ""},
			{.at_s = 60,
				GET("/a"),
				.response = "302\nLocation: /b",
				.body = ""}},
		"redirect"},
	{"a redirect whose lifetime is over",
		{{GET("/a"), .response = "301\nLocation: /b\nCache-Control: max-age=9",
			 .body = ""},
			{.at_s = 60,
				GET("/a"),
				.response = "301\nLocation: /b",
				.body = ""}},
		"redirect"},
	{"a lasting error without a lifetime",
		{{GET("/a"), .response = "404", .body = page},
			{.at_s = 60, GET("/a"), .response = "404", .body = page}},
		"gone; repeat-error body 34 T3 server; repeat-error head 99 T3 server"},
	{"an error that may pass",
		{{GET("/a"), .response = "503", .body = page},
			{.at_s = 60, GET("/a"), .response = "503", .body = page}},
		"server-error"},
	{"a login that is asked for again",
		{{GET("/a"), .response = "401", .body = page},
			{.at_s = 60, GET("/a"), .response = "401", .body = page}},
		"client-error"},
	{"A, B and A again",
		{{GET("/a"), OK("ETag: \"a\""), .body = large},
			{.at_s = 9, GET("/a"), OK("ETag: \"b\""), .body = larger},
			{.at_s = 60, GET("/a"), OK("ETag: \"a\""), .body = large}},
		"full; rotation body 1024 T3 server"},
	{"A, B and A again, asked with the tag of B",
		{{GET("/a"), OK("ETag: \"v0\""), .body = large},
			{.at_s = 9, GET("/a"), OK("ETag: \"v1\""), .body = larger},
			{.at_s = 60, GET("/a" INM), OK("ETag: \"v0\""), .body = large}},
		"changed; rotation body 1024 T3 server"},
	{"small ones are not worth it",
		{{GET("/a"), OK("ETag: \"a\""), .body = shy},
			{.at_s = 9, GET("/a"), OK("ETag: \"b\""), .body = larger},
			{.at_s = 60, GET("/a"), OK("ETag: \"a\""), .body = shy}},
		"full"},
	{"somebody else had A",
		{{GET("/a"), OK("ETag: \"a\""), .body = large, .client = 2},
			{.at_s = 9, GET("/a"), OK("ETag: \"b\""), .body = larger},
			{.at_s = 60, GET("/a"), OK("ETag: \"a\""), .body = large}},
		"full"},
	{"Vary names what makes no difference",
		{{GET("/a\nCookie: s=1"), OK("Vary: Cookie"), .body = large},
			{.at_s = 60,
				GET("/a\nCookie: s=2"),
				OK("Vary: Cookie"),
				.body = large}},
		"full; variant-repeat body 1024 T3 server"},
	{"Vary: * matches nothing",
		{{GET("/a"), OK("Vary: *"), .body = large},
			{.at_s = 60, GET("/a"), OK("Vary: *"), .body = large}},
		"full; variant-repeat body 1024 T3 server"},
	{"Vary that does make a difference",
		{{GET("/a\nCookie: s=1"), OK("Vary: Cookie"), .body = large},
			{.at_s = 60,
				GET("/a\nCookie: s=2"),
				OK("Vary: Cookie"),
				.body = larger}},
		"full"},
	{"a query that busts caches",
		{{GET("/a?1"), OK(""), .body = large},
			{.at_s = 60, GET("/a?2"), OK(""), .body = large}},
		"full; alias body 1024 T3 server query"},
	{"one body under two paths",
		{{GET("/a"), OK(""), .body = large},
			{.at_s = 60, GET("/b"), OK(""), .body = large}},
		"full; alias body 1024 T3 server path"},
	{"one body on two hosts",
		{{GET("/a"), OK(""), .body = large},
			{.at_s = 60, GET("http://other.test/a"), OK(""), .body = large}},
		"full; alias body 1024 T3 server host"},
	{"the closest name counts",
		{{GET("/b"), OK(""), .body = large},
			{.at_s = 9, GET("http://other.test/a"), OK(""), .body = large},
			{.at_s = 19, GET("/a?1"), OK(""), .body = large},
			{.at_s = 60, GET("/a?2"), OK(""), .body = large}},
		"full; alias body 1024 T3 server query"},
	{"the third page for whatever path",
		{{GET("/a"), OK("Content-Type: text/html"), .body = large},
			{.at_s = 9,
				GET("/b"),
				OK("Content-Type: text/html"),
				.body = large},
			{.at_s = 60,
				GET("/c"),
				OK("Content-Type: text/html"),
				.body = large}},
		"full; alias body 1024 T3 server path"},
	{"the fourth page for whatever path",
		{{GET("/a"), OK("Content-Type: text/html"), .body = large},
			{.at_s = 9,
				GET("/b"),
				OK("Content-Type: text/html"),
				.body = large},
			{.at_s = 19,
				GET("/c"),
				OK("Content-Type: text/html"),
				.body = large},
			{.at_s = 60,
				GET("/d"),
				OK("Content-Type: Text/HTML; charset=utf-8"),
				.body = large}},
		"full; alias body 1024 T3 server fallback"},
	{"a picture under four paths stands in for nothing",
		{{GET("/a"), OK(""), .body = large},
			{.at_s = 9, GET("/b"), OK(""), .body = large},
			{.at_s = 19, GET("/c"), OK(""), .body = large},
			{.at_s = 60,
				GET("/d"),
				OK("Content-Type: image/png"),
				.body = large}},
		"full; alias body 1024 T3 server path"},
	{"queries of one path are one path",
		{{GET("/a?1"), OK(""), .body = large},
			{.at_s = 9, GET("/a?2"), OK(""), .body = large},
			{.at_s = 19, GET("/a?3"), OK(""), .body = large},
			{.at_s = 60,
				GET("/b"),
				OK("Content-Type: text/html"),
				.body = large}},
		"full; alias body 1024 T3 server path"},
	{"somebody else had the body",
		{{GET("/a"), OK(""), .body = large, .client = 2},
			{.at_s = 60, GET("/b"), OK(""), .body = large}},
		"full"},
	{"a body with a hole is no body that was known before",
		{{GET("/a"), OK(""), .body = large},
			{.at_s = 60, GET("/b"), OK(""), .body = large, .gap = true}},
		"full"},
	{"a repetition is a stronger reason than another name",
		{{GET("/a"), OK("ETag: \"v1\""), .body = large},
			{.at_s = 9, GET("/b"), OK("ETag: \"v1\""), .body = large},
			{.at_s = 60, GET("/b"), OK("ETag: \"v1\""), .body = large}},
		"full; blind-refetch body 1024 T2 client"},
	{"the same answer was on its way, and another name is weaker",
		{{GET("/b"), OK(""), .body = large, .at_s = -9},
			{GET("/a"), OK(""), .body = large, .lasts_ns = 950000000},
			{.at_s = 1,
				GET("/a"),
				OK(""),
				.body = large,
				.rtt_ns = 90000000}},
		"full; concurrent-duplicate body 1024 T3 client"},
};

/* ---- other parts of a browser's cache ---- */

static const struct book_row partitions[] = {
	{"from the page of another site",
		{{GET("/a" SHOP), OK("ETag: \"v1\""), .body = page},
			{.at_s = 60, GET("/a" NEWS), OK(""), .body = page}},
		"full; partitioned-repeat body 34 T3 client"},
	{"of another site, and fresh",
		{{GET("/a" SHOP), OK("Cache-Control: max-age=99"), .body = page},
			{.at_s = 60, GET("/a" NEWS), OK(""), .body = page}},
		"full; partitioned-repeat body 34 T3 client; partitioned-repeat head 132 "
		"T3 client"},
	{"of another host of the same site",
		{{GET("/a" SHOP), OK("ETag: \"v1\""), .body = page},
			{.at_s = 60, GET("/a" SHOP_TOO), OK(""), .body = page}},
		"full; blind-refetch body 34 T2 client"},
	{"addresses are sites of their own",
		{{GET("/a\nReferer: http://10.0.0.1:81/"), OK("ETag: \"v1\""),
			 .body = page},
			{.at_s = 60,
				GET("/a\nReferer: http://10.9.0.1/"),
				OK(""),
				.body = page}},
		"full; partitioned-repeat body 34 T3 client"},
	{"one of them does not say from where",
		{{GET("/a" SHOP), OK("ETag: \"v1\""), .body = page},
			{.at_s = 60, GET("/a"), OK(""), .body = page}},
		"full; blind-refetch body 34 T2 client"},
	{"it does not say from where, but that it is another site",
		{{GET("/a"), OK("ETag: \"v1\""), .body = page},
			{.at_s = 60, GET("/a" CROSS), OK(""), .body = page}},
		"full; partitioned-repeat body 34 T3 client"},
	{"twice from the same page of another site",
		{{GET("/a" SHOP CROSS), OK("ETag: \"v1\""), .body = page},
			{.at_s = 60, GET("/a" SHOP CROSS), OK(""), .body = page}},
		"full; blind-refetch body 34 T2 client"},
	{"asked about a copy that may be in the other part",
		{{GET("/a" SHOP), OK("ETag: \"v1\"\nCache-Control: max-age=99"),
			 .body = page},
			{.at_s = 60, GET("/a" NEWS INM), .response = "304"}},
		"validated; partitioned-repeat head 133 T3 client; own 34"},
	{"the other part has been asked about, too",
		{{GET("/a" SHOP), OK("ETag: \"v1\"\nCache-Control: max-age=99"),
			 .body = page},
			{.at_s = 20, GET("/a" NEWS INM), .response = "304"},
			{.at_s = 60, GET("/a" NEWS), OK(""), .body = page}},
		"full; fresh-refetch body 34 T2 client; fresh-refetch head 132 T2 "
		"client"},
	{"what the server proved is proven for all sites",
		{{GET("/a" SHOP), OK("ETag: \"v1\""), .body = page},
			{.at_s = 60,
				GET("/a" NEWS INM),
				OK("ETag: \"v1\""),
				.body = page}},
		"missed-match; ignored-match body 34 T1 server"},
	{"a range of what the other part has",
		{{GET("/a" SHOP), OK("ETag: \"v1\""), .body = page},
			{.at_s = 60,
				GET("/a" NEWS "\nRange: bytes=0-1"),
				.response = "206\nETag: \"v1\"\nContent-Range: bytes "
					    "0-1/34",
				.body = "a "}},
		"partial; partitioned-repeat body 2 T3 client"},
	{"started over where the other part has the beginning",
		{{GET("/a" SHOP), OK("ETag: \"v1\""), .body = page, .aborted = true},
			{.at_s = 60, GET("/a" NEWS), OK("ETag: \"v1\""), .body = page}},
		"full; partitioned-repeat body 34 T3 client"},
	{"what may not be kept is in no part",
		{{GET("/a" SHOP), OK("Cache-Control: no-store"), .body = page},
			{.at_s = 60, GET("/a" NEWS), OK(""), .body = page}},
		"full; no-store-repeat body 34 T3 policy"},
};

#define FRESH OK("ETag: \"v1\"\nCache-Control: max-age=99"), .body = page

/* Two requests under way at once: the first answer came after the second request. */
static void
answers_that_overlap(void **state)
{
	static const struct making first = {GET("/a"), FRESH, .lasts_ns = 1000000000};
	static const struct making second = {
		.at_s = 0, GET("/a"), FRESH, .lasts_ns = 2000000000};
	struct book book = book_new();
	struct before before_first, before_second;
	struct exchange *x = book_open(&book, &first, &before_first);
	struct exchange *y = book_open(&book, &second, &before_second);
	struct verdict verdict = book_close(&book, x, &before_first);

	(void)state;
	book_assert(&verdict, "full");
	verdict = book_close(&book, y, &before_second);
	book_assert(&verdict, "full; concurrent-duplicate body 34 T3 client");
	book_free(&book);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(answers_that_overlap),
	};
	int failed = 0;

	rows_filter(argc, argv);
	failed += ROWS_RUN(bodies, book_judges);
	failed += ROWS_RUN(partitions, book_judges);
	failed += cmocka_run_group_tests(stories, NULL, NULL);
	return failed != 0;
}
