// room: ct_ledger
/*
 * Verdicts about short histories: outcomes, classes of waste with tier, fault and
 * cause, savings with their source.  The verdict in a row is that of its last exchange.
 */
#include "tests/lib/book.h"
#include "tests/lib/rows.h"

static const char page[] = "a page of which every octet counts";
static const char other[] = "another page, of other octets altogether";

/* The answers that most histories begin with. */
#define GIVEN(head)                                                                      \
	{                                                                                \
		.request = "GET /a", .response = "200\n" head, .body = page              \
	}
#define ASKED(fields, head, content)                                                     \
	{                                                                                \
		.at_s = 60, .request = "GET /a\n" fields, .response = head,              \
		.body = content                                                          \
	}
#define INM(tag) "If-None-Match: " tag
#define DATE_0 "Thu, 01 Jan 2026 00:00:00 GMT"
#define DATE_1 "Thu, 01 Jan 2026 00:01:00 GMT"
#define LAST_YEAR "Wed, 31 Dec 2025 00:00:00 GMT"
#define LAST_NIGHT "Wed, 31 Dec 2025 23:00:00 GMT"

static const struct book_row outcomes[] = {
	{"first delivery is full", {GIVEN("ETag: \"v1\"")}, "full"},
	{"304 to the tag that was given",
		{GIVEN("ETag: \"v1\""), ASKED(INM("\"v1\""), "304\nETag: \"v1\"", NULL)},
		"validated; own 34"},
	{"304 with a tag that nobody sent",
		{ASKED(INM("\"v1\""), "304\nETag: \"v2\"", NULL)}, "mismatched-304"},
	{"304 whose tag lacks only the coding suffix",
		{ASKED(INM("\"v1-gzip\""), "304\nETag: \"v1\"", NULL)},
		"validated; unknown; note suffix-304"},
	{"any tag of several may be the one",
		{ASKED(INM("\"v0\", W/\"v1\""), "304\nETag: \"v1\"", NULL)},
		"validated; unknown"},
	{"200 with the very tag of the request",
		{GIVEN("ETag: \"v1\""), ASKED(INM("\"v1\""), "200\nETag: \"v1\"", page)},
		"missed-match; ignored-match body 34 T1 server"},
	{"new tag, old octets",
		{GIVEN("ETag: \"v1\""), ASKED(INM("\"v1\""), "200\nETag: \"v2\"", page)},
		"missed-churn; validator-churn body 34 T1 server unclassified"},
	{"new tag, new octets",
		{GIVEN("ETag: \"v1\""), ASKED(INM("\"v1\""), "200\nETag: \"v2\"", other)},
		"changed"},
	{"old tag, new octets",
		{GIVEN("ETag: \"v1\""), ASKED(INM("\"v1\""), "200\nETag: \"v1\"", other)},
		"changed-same-validator"},
	{"new tag where nobody saw the old octets",
		{ASKED(INM("\"v1\""), "200\nETag: \"v2\"", page)}, "changed (presumed)"},
	{"no tag where nobody saw the old octets", {ASKED(INM("\"v1\""), "200", page)},
		"indeterminate"},
	{"one of several tags is unknown, so nothing is known",
		{GIVEN("ETag: \"v1\""), ASKED(INM("\"v1\", \"v0\""), "200", other)},
		"indeterminate"},
	{"same octets in another coding deserve another tag",
		{GIVEN("ETag: \"v1\"\nContent-Encoding: x-own"),
			ASKED(INM("\"v1\""), "200\nETag: \"v2\"", page)},
		"changed; note recoded"},
	{"same octets as another type deserve another tag",
		{GIVEN("ETag: \"v1\"\nContent-Type: text/plain"),
			ASKED(INM("\"v1\""), "200\nETag: \"v2\"\nContent-Type: text/html",
				page)},
		"changed; note relabelled"},
	{"the tag counts, the date beside it does not",
		{GIVEN("ETag: \"v1\"\nLast-Modified: " LAST_YEAR),
			ASKED(INM("\"v1\"\nIf-Modified-Since: " LAST_YEAR),
				"200\nETag: \"v2\"\nLast-Modified: " LAST_YEAR, other)},
		"changed"},
	{"partial content", {ASKED("Range: bytes=0-1", "206", "ab")}, "partial"},
	{"206 although the tag matches",
		{ASKED(INM("\"v1\""), "206\nETag: \"v1\"", "ab")},
		"missed-match; ignored-match body 2 T1 server"},
	{"412 to a condition", {ASKED(INM("\"v1\""), "412", "")}, "precondition-failed"},
	{"404", {ASKED(INM("\"v1\""), "404", "no")}, "gone"},
	{"410", {ASKED("", "410", "no")}, "gone"},
	{"302", {ASKED(INM("\"v1\""), "302\nLocation: /b", "")}, "redirect"},
	{"403", {ASKED(INM("\"v1\""), "403", "no")}, "client-error"},
	{"503", {ASKED(INM("\"v1\""), "503", "no")}, "server-error"},
	{"204", {ASKED("", "204", NULL)}, "other"},
	{"no answer", {ASKED(INM("\"v1\""), NULL, NULL)}, "unanswered"},
	{"304 that nobody asked for", {ASKED("", "304", NULL)}, "unsolicited-304"},
	{"304 where the request was cut is no fault",
		{{.request = "GET /a", .response = "304", .cut_request = true}}, "other"},
	{"star answered in full", {ASKED(INM("*"), "200\nETag: \"v1\"", page)},
		"star-full"},
	{"star answered 304", {ASKED(INM("*"), "304", NULL)}, "star-304"},
	{"POST", {{.request = "POST /a", .response = "404", .body = ""}}, "other-method"},
	{"PUT whose guard failed",
		{{.request = "PUT /a\nIf-Match: \"v1\"", .response = "412", .body = ""}},
		"precondition-failed"},
	{"HEAD answered 304 saves nothing",
		{{.request = "HEAD /a\nIf-None-Match: \"v1\"", .response = "304"}},
		"validated; head-method 0"},
	{"HEAD is judged by validators alone",
		{GIVEN("ETag: \"v1\""),
			{.at_s = 9,
				.request = "HEAD /a\nIf-None-Match: \"v1\"",
				.response = "200\nETag: \"v1\"\nContent-Length: 34"}},
		"missed-match"},
	{"HEAD with another tag",
		{{.request = "HEAD /a\nIf-None-Match: \"v1\"",
			.response = "200\nETag: \"v2\""}},
		"changed (presumed)"},
};

static const struct book_row wastes[] = {
	{"octets after a 304",
		{{.request = "GET /a\nIf-None-Match: \"v1\"",
			.response = "304",
			.stray_bytes = 25}},
		"validated; illegal-body stray 25 T1 server; unknown"},
	{"after a resynchronisation they may be anything",
		{{.request = "GET /a\nIf-None-Match: \"v1\"",
			.response = "304",
			.stray_bytes = 25,
			.unanchored = true}},
		"validated; unknown"},
	{"comparison is weak", {ASKED(INM("W/\"v1\""), "200\nETag: \"v1\"", page)},
		"missed-match; ignored-match body 34 T1 server"},
	{"framing of the body counts",
		{{.request = "GET /a\nIf-None-Match: \"v1\"",
			.response = "200\nETag: \"v1\"\nTransfer-Encoding: chunked",
			.body = page,
			.framing_bytes = 11}},
		"missed-match; ignored-match body 45 T1 server"},
	{"a broken-off answer was due as a 304 all the same",
		{{.request = "GET /a\nIf-None-Match: \"v1\"",
			.response = "200\nETag: \"v1\"",
			.body = page,
			.aborted = true}},
		"missed-match; ignored-match body 34 T1 server"},
	{"a tag with the mark of a compressor",
		{ASKED(INM("\"v1-gzip\""), "200\nETag: \"v1-gzip\"", page)},
		"missed-match; ignored-match body 34 T1 server coding-suffix"},
	{"no-cache taken as a wish for the body",
		{ASKED(INM("\"v1\"\nCache-Control: no-cache"), "200\nETag: \"v1\"",
			page)},
		"missed-match; ignored-match body 34 T1 server request-no-cache"},
	{"Pragma does the same",
		{ASKED(INM("\"v1\"\nPragma: no-cache"), "200\nETag: \"v1\"", page)},
		"missed-match; ignored-match body 34 T1 server request-no-cache"},
	{"a later date matches too",
		{GIVEN("Last-Modified: " LAST_YEAR),
			ASKED("If-Modified-Since: " LAST_NIGHT,
				"200\nLast-Modified: " LAST_YEAR, page)},
		"missed-match; ignored-match body 34 T1 server exact-date"},
	{"a date proves less where nobody saw the octets",
		{ASKED("If-Modified-Since: " LAST_YEAR, "200\nLast-Modified: " LAST_YEAR,
			page)},
		"missed-match; ignored-match body 34 T2 server"},
	{"inode in the tag",
		{GIVEN("ETag: \"1a-22-5f3c\""),
			ASKED(INM("\"1a-22-5f3c\""), "200\nETag: \"1b-22-5f3c\"", page)},
		"missed-churn; validator-churn body 34 T1 server inode"},
	{"time in the tag",
		{GIVEN("ETag: \"22-5f3c\""),
			ASKED(INM("\"22-5f3c\""), "200\nETag: \"22-5f3d\"", page)},
		"missed-churn; validator-churn body 34 T1 server mtime"},
	{"both groups moved",
		{GIVEN("ETag: \"22-5f3c\""),
			ASKED(INM("\"22-5f3c\""), "200\nETag: \"23-5f3d\"", page)},
		"missed-churn; validator-churn body 34 T1 server unclassified"},
	{"compressor that marks tags now and then",
		{GIVEN("ETag: \"v1\""),
			ASKED(INM("\"v1\""), "200\nETag: \"v1-gzip\"", page)},
		"missed-churn; validator-churn body 34 T1 server coding-suffix"},
	{"tag dropped", {GIVEN("ETag: \"v1\""), ASKED(INM("\"v1\""), "200", page)},
		"missed-churn; validator-churn body 34 T1 server validator-dropped"},
	{"date of modification is that of the answer",
		{GIVEN("Date: " DATE_0 "\nLast-Modified: " DATE_0),
			ASKED("If-Modified-Since: " DATE_0,
				"200\nDate: " DATE_1 "\nLast-Modified: " DATE_1, page)},
		"missed-churn; validator-churn body 34 T1 server date-now"},
	{"date of modification moved",
		{GIVEN("Date: " DATE_0 "\nLast-Modified: " LAST_YEAR),
			ASKED("If-Modified-Since: " LAST_YEAR,
				"200\nDate: " DATE_1 "\nLast-Modified: " LAST_NIGHT,
				page)},
		"missed-churn; validator-churn body 34 T1 server date-moved"},
	{"fetched again while fresh",
		{GIVEN("ETag: \"v1\"\nCache-Control: max-age=600"),
			ASKED("", "200", page)},
		"full; fresh-refetch body 34 T2 client; fresh-refetch head 99 T2 client"},
	{"empty bodies have heads",
		{{.request = "GET /a",
			 .response = "301\nLocation: /b\nCache-Control: max-age=600",
			 .body = ""},
			ASKED("", "301\nLocation: /b", "")},
		"redirect; fresh-refetch head 112 T2 client"},
	{"of another status it is another answer",
		{GIVEN("Cache-Control: max-age=600"), ASKED("", "203", page)}, "full"},
	{"without its max-age",
		{GIVEN("ETag: \"v1\""), ASKED("", "200\nETag: \"v1\"", page)},
		"full; blind-refetch body 34 T2 client"},
	{"stale for a second",
		{GIVEN("ETag: \"v1\"\nCache-Control: max-age=59"),
			ASKED("", "200", page)},
		"full; blind-refetch body 34 T2 client"},
	{"Age had used the lifetime up",
		{GIVEN("ETag: \"v1\"\nCache-Control: max-age=600\nAge: 590"),
			ASKED("", "200", page)},
		"full; blind-refetch body 34 T2 client"},
	{"no-cache is never fresh",
		{GIVEN("ETag: \"v1\"\nCache-Control: max-age=600, no-cache"),
			ASKED("", "200", page)},
		"full; blind-refetch body 34 T2 client"},
	{"Expires without Date excuses, but accuses nobody",
		{GIVEN("ETag: \"v1\"\nExpires: Thu, 01 Jan 2026 01:00:00 GMT"),
			ASKED("", "200", page)},
		"full; blind-refetch body 34 T2 client"},
	{"perhaps fresh by a guess",
		{GIVEN("Date: " DATE_0 "\nLast-Modified: " LAST_YEAR),
			ASKED("", "200", page)},
		"full; blind-refetch body 34 T2 client heuristic"},
	{"after a change of its own",
		{GIVEN("ETag: \"v1\"\nCache-Control: max-age=600"),
			{.at_s = 10,
				.request = "POST /a",
				.response = "200",
				.body = "ok"},
			ASKED("", "200", page)},
		"full; blind-refetch body 34 T2 client invalidated"},
	{"a failed POST changes nothing",
		{GIVEN("Cache-Control: max-age=600"),
			{.at_s = 10,
				.request = "POST /a",
				.response = "500",
				.body = "no"},
			ASKED("", "200", page)},
		"full; fresh-refetch body 34 T2 client; fresh-refetch head 99 T2 client"},
	{"Location of a POST elsewhere invalidates",
		{GIVEN("ETag: \"v1\"\nCache-Control: max-age=600"),
			{.at_s = 10,
				.request = "POST /form",
				.response = "303\nLocation: http://EXAMPLE.test/a",
				.body = ""},
			ASKED("", "200", page)},
		"full; blind-refetch body 34 T2 client invalidated"},
	{"nothing was given to ask with", {GIVEN(""), ASKED("", "200", page)},
		"full; no-validator-refetch body 34 T2 server"},
	{"conditional, but with a tag that named something else",
		{GIVEN("ETag: \"v1\""), ASKED(INM("\"k\""), "200\nETag: \"v1\"", page)},
		"changed (presumed); unexplained-repeat body 34 T2 unknown"},
	{"asked without condition, the same octets as another type are a repetition",
		{GIVEN("ETag: \"v1\""), ASKED("", "200\nContent-Type: text/html", page)},
		"full; blind-refetch body 34 T2 client"},
};

static const struct book_row innocents[] = {
	{"another User-Agent is another client",
		{GIVEN("Cache-Control: max-age=600"), {.at_s = 9,
							      .request = "GET /a",
							      .response = "200",
							      .body = page,
							      .agent = "u/2"}},
		"full"},
	{"another address is another client",
		{GIVEN("Cache-Control: max-age=600"), {.at_s = 9,
							      .request = "GET /a",
							      .response = "200",
							      .body = page,
							      .client = 2}},
		"full"},
	{"another query is another resource",
		{GIVEN("Cache-Control: max-age=600"), {.at_s = 9,
							      .request = "GET /a?b",
							      .response = "200",
							      .body = page}},
		"full"},
	{"a reload is the user's",
		{GIVEN("Cache-Control: max-age=600"),
			ASKED("Cache-Control: no-cache", "200", page)},
		"full; forced-reload body 34 T3 user"},
	{"max-age of the request that the copy is beyond",
		{GIVEN("Cache-Control: max-age=600"),
			ASKED("Cache-Control: max-age=30", "200", page)},
		"full; forced-reload body 34 T3 user"},
	{"max-age of the request that the copy meets",
		{GIVEN("Cache-Control: max-age=600"),
			ASKED("Cache-Control: max-age=90", "200", page)},
		"full; fresh-refetch body 34 T2 client; fresh-refetch head 126 T2 "
		"client"},
	{"min-fresh that the copy cannot meet",
		{GIVEN("Cache-Control: max-age=600"),
			ASKED("Cache-Control: min-fresh=590", "200", page)},
		"full; forced-reload body 34 T3 user"},
	{"a date of the last millennium is meant to fail",
		{GIVEN("Last-Modified: " LAST_YEAR),
			ASKED("If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT",
				"200\nLast-Modified: " LAST_YEAR, page)},
		"changed (presumed); forced-reload body 34 T3 user; note cache-buster"},
	{"an empty tag is meant to fail",
		{GIVEN("ETag: \"v1\""), ASKED(INM("\"\""), "200\nETag: \"v1\"", page)},
		"changed (presumed); forced-reload body 34 T3 user; note cache-buster"},
	{"no-store may not be kept",
		{GIVEN("Cache-Control: no-store"), ASKED("", "200", page)},
		"full; no-store-repeat body 34 T3 policy"},
	{"new octets", {GIVEN("Cache-Control: max-age=600"), ASKED("", "200", other)},
		"full"},
	{"a range of it",
		{GIVEN("Cache-Control: max-age=600"),
			ASKED("Range: bytes=0-99", "200", page)},
		"full"},
	{"a body with a hole proves nothing",
		{GIVEN("Cache-Control: max-age=600"), {.at_s = 9,
							      .request = "GET /a",
							      .response = "200",
							      .body = page,
							      .gap = true}},
		"full"},
	{"a body that broke off proves nothing",
		{GIVEN("Cache-Control: max-age=600"), {.at_s = 9,
							      .request = "GET /a",
							      .response = "200",
							      .body = page,
							      .aborted = true}},
		"full"},
	{"contradicting copies of octets prove nothing",
		{GIVEN("Cache-Control: max-age=600"), {.at_s = 9,
							      .request = "GET /a",
							      .response = "200",
							      .body = page,
							      .tentative = true}},
		"full"},
	{"a pair that is a guess proves nothing",
		{{.request = "GET /a\nIf-None-Match: \"v1\"",
			.response = "200\nETag: \"v1\"",
			.body = page,
			.unknown_pairing = true}},
		"missed-match"},
	{"a head that was cut proves nothing",
		{{.request = "GET /a\nIf-None-Match: \"v1\"",
			.response = "200\nETag: \"v1\"",
			.body = page,
			.cut_response = true}},
		"missed-match"},
	{"asked before the first answer can have arrived",
		{{.request = "GET /a",
			 .response = "200\nCache-Control: max-age=600",
			 .body = page,
			 .lasts_ns = 950000000},
			{.at_s = 1,
				.request = "GET /a",
				.response = "200",
				.body = page,
				.rtt_ns = 60000000}},
		"full; concurrent-duplicate body 34 T3 client"},
	{"Vary: * never matches",
		{GIVEN("Cache-Control: max-age=600\nVary: *"), ASKED("", "200", page)},
		"full"},
	{"another language is another variant",
		{GIVEN("Cache-Control: max-age=600\nVary: Accept-Language"),
			ASKED("Accept-Language: de", "200\nVary: Accept-Language", page)},
		"full"},
	{"an empty language is not an absent one",
		{GIVEN("Cache-Control: max-age=600\nVary: Accept-Language"),
			ASKED("Accept-Language:", "200\nVary: Accept-Language", page)},
		"full"},
	{"blanks make no variant",
		{{.request = "GET /a\nAccept:  a,   b\nX-B: 2\nX-B: 3",
			 .response = "200\nVary: Accept, x-b\nCache-Control: max-age=99",
			 .body = page},
			ASKED("X-b: 2,  3\nAccept: a, b ", "200\nVary: X-B, Accept",
				page)},
		"full; fresh-refetch body 34 T2 client; fresh-refetch head 145 T2 "
		"client"},
};

static const struct book_row savings[] = {
	{"lengths include the framing",
		{{.request = "GET /a",
			 .response = "200\nETag: \"v1\"\nTransfer-Encoding: chunked",
			 .body = page,
			 .framing_bytes = 11},
			ASKED(INM("\"v1\""), "304", NULL)},
		"validated; own 45"},
	{"a length is known in spite of a hole",
		{{.request = "GET /a",
			 .response = "200\nETag: \"v1\"",
			 .body = page,
			 .gap = true},
			ASKED(INM("\"v1\""), "304", NULL)},
		"validated; own 34"},
	{"by its date",
		{GIVEN("Last-Modified: " LAST_YEAR),
			ASKED("If-Modified-Since: " LAST_YEAR, "304", NULL)},
		"validated; own 34"},
	{"seen with another client",
		{GIVEN("ETag: \"v1\""),
			{.at_s = 9,
				.request = "GET /a\nIf-None-Match: \"v1\"",
				.response = "304",
				.client = 2}},
		"validated; seen 34"},
	{"seen by date with another client",
		{GIVEN("Last-Modified: " LAST_YEAR),
			{.at_s = 9,
				.request = "GET /a\nIf-Modified-Since: " LAST_YEAR,
				.response = "304",
				.client = 2}},
		"validated; seen 34"},
	{"several tags of bodies of one length",
		{GIVEN("ETag: \"v1\""),
			{.at_s = 9,
				.request = "GET /a",
				.response = "200\nETag: \"v2\"",
				.body = "b page of which every octet counts"},
			{.at_s = 20,
				.request = "GET /a\nIf-None-Match: \"v1\", \"v2\"",
				.response = "304",
				.client = 2}},
		"validated; seen 34"},
	{"several tags, and the 304 does not say which",
		{GIVEN("ETag: \"v1\""),
			{.at_s = 9,
				.request = "GET /a",
				.response = "200\nETag: \"v2\"",
				.body = other},
			{.at_s = 20,
				.request = "GET /a\nIf-None-Match: \"v1\", \"v2\"",
				.response = "304",
				.client = 2}},
		"validated; unknown"},
	{"several tags, and the 304 says which",
		{GIVEN("ETag: \"v1\""),
			{.at_s = 9,
				.request = "GET /a",
				.response = "200\nETag: \"v2\"",
				.body = other},
			{.at_s = 20,
				.request = "GET /a\nIf-None-Match: \"v1\", \"v2\"",
				.response = "304\nETag: \"v2\"",
				.client = 2}},
		"validated; seen 40"},
	{"declared by the 304", {ASKED(INM("\"v1\""), "304\nContent-Length: 5000", NULL)},
		"validated; declared 5000"},
	{"zero is not believed", {ASKED(INM("\"v1\""), "304\nContent-Length: 0", NULL)},
		"validated; unknown"},
	{"told by HEAD",
		{{.request = "HEAD /a",
			 .response = "200\nETag: \"v1\"\nContent-Length: 77",
			 .client = 2},
			ASKED(INM("\"v1\""), "304", NULL)},
		"validated; head 77"},
	{"nobody knows", {ASKED(INM("\"v1\""), "304", NULL)}, "validated; unknown"},
	{"an entry made from a 304 that was known is the client's own",
		{GIVEN("ETag: \"v1\""),
			{.at_s = 9,
				.request = "GET /a\nIf-None-Match: \"v1\"",
				.response = "304",
				.client = 2},
			{.at_s = 20,
				.request = "GET /a\nIf-None-Match: \"v1\"",
				.response = "304",
				.client = 2}},
		"validated; own 34"},
	{"a 304 renews the lifetime",
		{GIVEN("ETag: \"v1\"\nCache-Control: max-age=60"),
			{.at_s = 100,
				.request = "GET /a\nIf-None-Match: \"v1\"",
				.response = "304"},
			{.at_s = 130,
				.request = "GET /a",
				.response = "200",
				.body = page}},
		"full; fresh-refetch body 34 T2 client; fresh-refetch head 99 T2 client"},
	{"the 304's own lifetime replaces the old one",
		{GIVEN("ETag: \"v1\"\nCache-Control: max-age=600"),
			{.at_s = 10,
				.request = "GET /a\nIf-None-Match: \"v1\"",
				.response = "304\nCache-Control: max-age=5"},
			{.at_s = 60,
				.request = "GET /a",
				.response = "200",
				.body = page}},
		"full; blind-refetch body 34 T2 client"},
	{"HEAD that agrees renews the lifetime",
		{GIVEN("ETag: \"v1\"\nCache-Control: max-age=60"),
			{.at_s = 100,
				.request = "HEAD /a",
				.response = "200\nETag: \"v1\"\nContent-Length: 34"},
			{.at_s = 130,
				.request = "GET /a",
				.response = "200",
				.body = page}},
		"full; fresh-refetch body 34 T2 client; fresh-refetch head 99 T2 client"},
	{"HEAD that disagrees invalidates",
		{GIVEN("ETag: \"v1\"\nCache-Control: max-age=600"),
			{.at_s = 10,
				.request = "HEAD /a",
				.response = "200\nETag: \"v1\"\nContent-Length: 35"},
			{.at_s = 60,
				.request = "GET /a",
				.response = "200",
				.body = page}},
		"full; blind-refetch body 34 T2 client invalidated"},
};

/* Two 304s before the first 200 with their tag, and one with another tag. */
static void
saving_is_learnt_later(void **state)
{
	static const struct making first = {
		.request = "GET /a\nIf-None-Match: \"v1\"", .response = "304"};
	static const struct making second = {
		.request = "GET /a\nIf-None-Match: \"v0\"", .response = "304"};
	static const struct making third = {.at_s = 9,
		.request = "GET /a\nIf-None-Match: W/\"v1\"",
		.response = "304",
		.client = 2};
	static const struct making body = {.at_s = 20,
		.request = "GET /a",
		.response = "200\nETag: \"v1\"",
		.body = page,
		.client = 3};
	struct book book = book_new();
	uint64_t tickets[2];

	(void)state;
	tickets[0] = book_enter(&book, &first).saving_ticket;
	assert_true(book_enter(&book, &second).saving_ticket != 0);
	tickets[1] = book_enter(&book, &third).saving_ticket;
	assert_int_equal(book.late.count, 0);
	book_enter(&book, &body);
	assert_int_equal(book.late.count, 2);
	assert_int_equal(book.late.tickets[0], tickets[0]);
	assert_int_equal(book.late.tickets[1], tickets[1]);
	assert_int_equal(book.late.octets[0], strlen(page));
	book_enter(&book, &body);
	assert_int_equal(book.late.count, 2); /* told once */
	book_free(&book);
}

static void
saving_by_date_is_learnt_later(void **state)
{
	static const struct making asked = {
		.request = "GET /a\nIf-Modified-Since: " LAST_YEAR, .response = "304"};
	static const struct making body = {.at_s = 20,
		.request = "GET /a",
		.response = "200\nLast-Modified: " LAST_YEAR,
		.body = page,
		.client = 3};
	struct book book = book_new();
	uint64_t ticket = book_enter(&book, &asked).saving_ticket;

	(void)state;
	assert_true(ticket != 0);
	book_enter(&book, &body);
	assert_int_equal(book.late.count, 1);
	assert_int_equal(book.late.tickets[0], ticket);
	book_free(&book);
}

/* A copy that was old on arrival, as the Date of a server with a steady clock tells. */
static void
old_date_accuses_nobody(void **state)
{
	static const struct making steady = {.request = "GET /b",
		.response = "200\nDate: " DATE_0,
		.body = page,
		.client = 2};
	static const struct making old = {.request = "GET /a",
		.response = "200\nDate: " LAST_NIGHT
			    "\nCache-Control: max-age=600\nETag: \"v1\"",
		.body = page};
	static const struct making again = {
		.at_s = 60, .request = "GET /a", .response = "200", .body = page};
	struct book book = book_new();
	struct verdict verdict;

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		book_enter(&book, &steady);
	book_enter(&book, &old);
	verdict = book_enter(&book, &again);
	assert_int_equal(verdict.waste_count, 1);
	assert_int_equal(verdict.waste[0].class, WASTE_BLIND_REFETCH);
	book_free(&book);
}

/* With a clock that is an hour late in every answer, a fresh copy is fresh. */
static void
wrong_clock_changes_nothing(void **state)
{
	static const struct making late = {.request = "GET /a",
		.response = "200\nDate: " LAST_NIGHT
			    "\nCache-Control: max-age=600\nETag: \"v1\"",
		.body = page};
	static const struct making again = {
		.at_s = 60, .request = "GET /a", .response = "200", .body = page};
	struct book book = book_new();
	struct verdict verdict;

	(void)state;
	book_enter(&book, &late);
	verdict = book_enter(&book, &again);
	assert_int_equal(verdict.waste_count, 2);
	assert_int_equal(verdict.waste[0].class, WASTE_FRESH_REFETCH);
	book_free(&book);
}

static void
member_of_the_conditional_population(void **state)
{
	static const struct making given = {
		.request = "GET /a", .response = "200\nETag: \"v1\"", .body = page};
	static const struct making asked = {.at_s = 9,
		.request = "GET /a\nIf-None-Match: \"v1\"",
		.response = "304\nETag: \"v1\""};
	static const struct making unanswered = {
		.at_s = 19, .request = "GET /a\nIf-None-Match: \"v1\""};
	struct book book = book_new();
	struct verdict v;

	(void)state;
	v = book_enter(&book, &given);
	assert_false(v.in_conditional || v.had_validator || v.validator_compared);
	v = book_enter(&book, &asked);
	assert_true(v.in_conditional && v.had_validator && v.validator_compared &&
		    v.validator_matched);
	v = book_enter(&book, &unanswered);
	assert_false(v.in_conditional || v.had_validator);
	book_free(&book);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest stories[] = {
		cmocka_unit_test(saving_is_learnt_later),
		cmocka_unit_test(saving_by_date_is_learnt_later),
		cmocka_unit_test(old_date_accuses_nobody),
		cmocka_unit_test(wrong_clock_changes_nothing),
		cmocka_unit_test(member_of_the_conditional_population),
	};
	int failed = 0;

	rows_filter(argc, argv);
	failed += ROWS_RUN(outcomes, book_judges);
	failed += ROWS_RUN(wastes, book_judges);
	failed += ROWS_RUN(innocents, book_judges);
	failed += ROWS_RUN(savings, book_judges);
	failed += cmocka_run_group_tests(stories, NULL, NULL);
	return failed != 0;
}
