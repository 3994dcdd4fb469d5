// room: ct_ledger
/*
 * What would have been: short histories, and what simulated shared caches, longer
 * lifetimes and the figures of others make of them.
 */
#include "analyzer/ledger/whatif.h"

#include "tests/lib/make_exchange.h"
#include "tests/lib/rows.h"

#include <inttypes.h>

enum {
	STEPS_MAX = 6,
	TEXT_BYTES = 256,
	PLENTY = 64 << 20,
};

static const char page[] = "a page of which every octet counts";
static const char other[] = "another page, of other octets altogether";

#define DATE_0 "Thu, 01 Jan 2026 00:00:00 GMT"
#define YESTERDAY "Wed, 31 Dec 2025 00:00:00 GMT"
#define FRESH "Cache-Control: max-age=600"
#define TAG(tag) "ETag: \"" tag "\""
#define INM(tag) "If-None-Match: \"" tag "\""

/* Somebody else each time, so that only what is shared can help. */
#define BY(who, second, ask, answer, octets)                                             \
	{                                                                                \
		.client = who, .at_s = second, .request = ask, .response = answer,       \
		.body = octets                                                           \
	}

struct row {
	const char *name;
	struct making steps[STEPS_MAX];
	const char *expected;
};

struct limited {
	const char *name;
	uint64_t capacity;
	struct making steps[STEPS_MAX];
	const char *expected;
};

static const struct row shared[] = {
	{"what is fresh for one is fresh for all",
		{BY(1, 0, "GET /a", "200\n" FRESH, page),
			BY(2, 9, "GET /a", "200\n" FRESH, page)},
		"2: 1 fresh 0 validated 1 miss 0 pass, 34 of 68 saved, 0 stale"},
	{"a lifetime ends",
		{BY(1, 0, "GET /a", "200\n" FRESH, page),
			BY(2, 600, "GET /a", "200\n" FRESH, page)},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
	{"an age that it had before counts",
		{BY(1, 0, "GET /a", "200\n" FRESH "\nAge: 590", page),
			BY(2, 9, "GET /a", "200\n" FRESH, page),
			BY(3, 12, "GET /a", "200\n" FRESH, page)},
		"3: 1 fresh 0 validated 2 miss 0 pass, 34 of 102 saved, 0 stale"},
	{"Expires",
		{BY(1, 0, "GET /a",
			 "200\nDate: " DATE_0 "\nExpires: Thu, 01 Jan 2026 00:01:00 GMT",
			 page),
			BY(2, 59, "GET /a", "200", page),
			BY(3, 61, "GET /a", "200", page)},
		"3: 1 fresh 0 validated 2 miss 0 pass, 34 of 102 saved, 0 stale"},
	{"s-maxage before max-age",
		{BY(1, 0, "GET /a", "200\nCache-Control: max-age=0, s-maxage=9", page),
			BY(2, 5, "GET /a", "200", page)},
		"2: 1 fresh 0 validated 1 miss 0 pass, 34 of 68 saved, 0 stale"},
	{"s-maxage of nothing",
		{BY(1, 0, "GET /a", "200\nCache-Control: max-age=600, s-maxage=0", page),
			BY(2, 5, "GET /a", "200", page)},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
	{"private is not for all",
		{BY(1, 0, "GET /a", "200\nCache-Control: private, max-age=600", page),
			BY(2, 5, "GET /a", "200", page)},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
	{"no-store",
		{BY(1, 0, "GET /a", "200\nCache-Control: no-store, max-age=600", page),
			BY(2, 5, "GET /a", "200", page)},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
	{"no-store of a request",
		{BY(1, 0, "GET /a\nCache-Control: no-store", "200\n" FRESH, page),
			BY(2, 5, "GET /a", "200", page)},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
	{"Set-Cookie is for one",
		{BY(1, 0, "GET /a", "200\nSet-Cookie: a=1\n" FRESH, page),
			BY(2, 5, "GET /a", "200", page)},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
	{"Set-Cookie for all",
		{BY(1, 0, "GET /a", "200\nSet-Cookie: a=1\n" FRESH ", public", page),
			BY(2, 5, "GET /a", "200", page)},
		"2: 1 fresh 0 validated 1 miss 0 pass, 34 of 68 saved, 0 stale"},
	{"what came with Authorization",
		{BY(1, 0, "GET /a\nAuthorization: x", "200\n" FRESH, page),
			BY(2, 5, "GET /a", "200", page)},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
	{"what came with Authorization and may be shared",
		{BY(1, 0, "GET /a\nAuthorization: x", "200\n" FRESH ", must-revalidate",
			 page),
			BY(2, 5, "GET /a\nAuthorization: y", "200", page)},
		"2: 1 fresh 0 validated 1 miss 0 pass, 34 of 68 saved, 0 stale"},
	{"Authorization asks past what is for others",
		{BY(1, 0, "GET /a", "200\n" FRESH, page),
			BY(2, 5, "GET /a\nAuthorization: y", "304", NULL)},
		"2: 0 fresh 0 validated 1 miss 1 pass, 0 of 34 saved, 0 stale"},
	{"a forced request asks",
		{BY(1, 0, "GET /a", "200\n" FRESH "\n" TAG("v1"), page),
			BY(2, 5, "GET /a\nCache-Control: no-cache",
				"200\n" FRESH "\n" TAG("v1"), page)},
		"2: 0 fresh 1 validated 1 miss 0 pass, 34 of 68 saved, 0 stale"},
	{"a request that wants it younger",
		{BY(1, 0, "GET /a", "200\n" FRESH, page),
			BY(2, 5, "GET /a\nCache-Control: max-age=4", "200", page)},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
	{"a request that wants it to last",
		{BY(1, 0, "GET /a", "200\n" FRESH, page),
			BY(2, 5, "GET /a\nCache-Control: min-fresh=596", "200", page)},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
	{"no-cache asks, whatever the lifetime",
		{BY(1, 0, "GET /a", "200\n" FRESH ", no-cache\n" TAG("v1"), page),
			BY(2, 5, "GET /a", "200\n" TAG("v1"), page)},
		"2: 0 fresh 1 validated 1 miss 0 pass, 34 of 68 saved, 0 stale"},
	{"a 304 to its tag",
		{BY(1, 0, "GET /a", "200\n" TAG("v1"), page),
			BY(2, 5, "GET /a\n" INM("v1"), "304\n" TAG("v1"), NULL)},
		"2: 0 fresh 1 validated 1 miss 0 pass, 0 of 34 saved, 0 stale"},
	{"a 304 without a tag to the only one asked for",
		{BY(1, 0, "GET /a", "200\n" TAG("v1"), page),
			BY(2, 5, "GET /a\n" INM("v1"), "304", NULL)},
		"2: 0 fresh 1 validated 1 miss 0 pass, 0 of 34 saved, 0 stale"},
	{"a 304 to another tag",
		{BY(1, 0, "GET /a", "200\n" TAG("v1"), page),
			BY(2, 5, "GET /a\n" INM("v2"), "304\n" TAG("v2"), NULL)},
		"2: 0 fresh 0 validated 1 miss 1 pass, 0 of 34 saved, 0 stale"},
	{"a 304 to a date since which nothing changed",
		{BY(1, 0, "GET /a", "200\nLast-Modified: " YESTERDAY, page),
			BY(2, 5, "GET /a\nIf-Modified-Since: " DATE_0, "304", NULL)},
		"2: 0 fresh 1 validated 1 miss 0 pass, 0 of 34 saved, 0 stale"},
	{"a 304 to nothing that is stored",
		{BY(1, 0, "GET /a\n" INM("v1"), "304\n" TAG("v1"), NULL)},
		"1: 0 fresh 0 validated 0 miss 1 pass, 0 of 0 saved, 0 stale"},
	{"the same octets under a new tag are a miss",
		{BY(1, 0, "GET /a", "200\n" TAG("v1"), page),
			BY(2, 5, "GET /a", "200\n" TAG("v2"), page)},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
	{"the same octets without a validator are a miss",
		{BY(1, 0, "GET /a", "200", page), BY(2, 5, "GET /a", "200", page)},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
	{"a 304 makes it fresh again",
		{BY(1, 0, "GET /a", "200\nCache-Control: max-age=9\n" TAG("v1"), page),
			BY(2, 20, "GET /a\n" INM("v1"),
				"304\nCache-Control: max-age=30\n" TAG("v1"), NULL),
			BY(3, 45, "GET /a", "200", page)},
		"3: 1 fresh 1 validated 1 miss 0 pass, 34 of 68 saved, 0 stale"},
	{"a 304 that forbids it",
		{BY(1, 0, "GET /a", "200\nCache-Control: max-age=9\n" TAG("v1"), page),
			BY(2, 20, "GET /a\n" INM("v1"),
				"304\nCache-Control: no-store\n" TAG("v1"), NULL),
			BY(3, 21, "GET /a\n" INM("v1"), "304", NULL)},
		"3: 0 fresh 1 validated 1 miss 1 pass, 0 of 34 saved, 0 stale"},
	{"who got it from the cache did not show it anew",
		{BY(1, 0, "GET /a", "200\nCache-Control: max-age=9", page),
			BY(2, 5, "GET /a", "200\nCache-Control: max-age=9", page),
			BY(3, 12, "GET /a", "200\nCache-Control: max-age=9", page)},
		"3: 1 fresh 0 validated 2 miss 0 pass, 34 of 102 saved, 0 stale"},
	{"what changed meanwhile is stale",
		{BY(1, 0, "GET /a", "200\n" FRESH, page),
			BY(2, 5, "GET /a", "200\n" FRESH, other),
			BY(3, 6, "GET /a", "200\n" FRESH, page)},
		"3: 2 fresh 0 validated 1 miss 0 pass, 74 of 108 saved, 1 stale"},
	{"what is gone meanwhile is stale",
		{BY(1, 0, "GET /a", "200\n" FRESH, page),
			BY(2, 5, "GET /a", "404", "no")},
		"2: 1 fresh 0 validated 1 miss 0 pass, 2 of 36 saved, 1 stale"},
	{"an error that the cache would have hidden is not",
		{BY(1, 0, "GET /a", "200\n" FRESH, page),
			BY(2, 5, "GET /a", "503", "no")},
		"2: 1 fresh 0 validated 1 miss 0 pass, 2 of 36 saved, 0 stale"},
	{"a 304 for other octets is stale",
		{BY(1, 0, "GET /a", "200\n" TAG("v2"), other),
			BY(2, 5, "GET /a", "200\n" FRESH "\n" TAG("v1"), page),
			BY(3, 6, "GET /a\n" INM("v2"), "304\n" TAG("v2"), NULL)},
		"3: 1 fresh 0 validated 2 miss 0 pass, 0 of 74 saved, 1 stale"},
	{"an answer under way is not there yet",
		{{.client = 1,
			 .request = "GET /a",
			 .response = "200\n" FRESH,
			 .body = page,
			 .lasts_ns = INT64_C(9000000000)},
			BY(2, 5, "GET /a", "200\n" FRESH, page),
			BY(3, 10, "GET /a", "200\n" FRESH, page)},
		"3: 1 fresh 0 validated 2 miss 0 pass, 34 of 102 saved, 0 stale"},
	{"what broke off is not stored",
		{{.client = 1,
			 .request = "GET /a",
			 .response = "200\n" FRESH,
			 .body = page,
			 .aborted = true},
			BY(2, 5, "GET /a", "200", page)},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
	{"what has a hole is stored, and matches nothing",
		{{.client = 1,
			 .request = "GET /a",
			 .response = "200\n" TAG("v1"),
			 .body = page,
			 .gap = true},
			BY(2, 5, "GET /a", "200\n" TAG("v1"), page)},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
	{"a part is not stored",
		{BY(1, 0, "GET /a\nRange: bytes=0-33", "206\n" FRESH, page),
			BY(2, 5, "GET /a", "200", page)},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
	{"a redirect with a lifetime",
		{BY(1, 0, "GET /a", "302\nLocation: /b\n" FRESH, ""),
			BY(2, 5, "GET /a", "302\nLocation: /b", "")},
		"2: 1 fresh 0 validated 1 miss 0 pass, 0 of 0 saved, 0 stale"},
	{"variants are apart",
		{BY(1, 0, "GET /a\nAccept-Language: en",
			 "200\nVary: Accept-Language\n" FRESH, page),
			BY(2, 5, "GET /a\nAccept-Language: de",
				"200\nVary: Accept-Language\n" FRESH, other),
			BY(3, 6, "GET /a\nAccept-Language:  en", "200", page),
			BY(4, 7, "GET /a\nAccept-Language: de", "200", other)},
		"4: 2 fresh 0 validated 2 miss 0 pass, 74 of 148 saved, 0 stale"},
	{"an answer without Vary beside one with it",
		{BY(1, 0, "GET /a\nAccept-Encoding: gzip",
			 "200\nVary: Accept-Encoding\n" FRESH, page),
			BY(2, 5, "GET /b", "200\n" FRESH, page),
			BY(3, 6, "GET /a", "200\n" FRESH, other),
			BY(4, 7, "GET /a\nAccept-Encoding: gzip", "200", other)},
		"4: 1 fresh 0 validated 3 miss 0 pass, 40 of 148 saved, 0 stale"},
	{"five kinds of Vary, of which the oldest is forgotten",
		{BY(1, 0, "GET /a\nA: 1", "200\nVary: A\n" FRESH, page),
			BY(2, 1, "GET /a\nB: 1", "200\nVary: B\n" FRESH, page),
			BY(3, 2, "GET /a\nC: 1", "200\nVary: C\n" FRESH, page),
			BY(4, 3, "GET /a\nD: 1", "200\nVary: D\n" FRESH, page),
			BY(5, 4, "GET /a\nE: 1", "200\nVary: E\n" FRESH, page),
			BY(6, 5, "GET /a\nA: 1\nB: 2\nC: 2\nD: 2\nE: 2", "200", page)},
		"6: 0 fresh 0 validated 6 miss 0 pass, 0 of 204 saved, 0 stale"},
	{"four kinds of Vary",
		{BY(1, 0, "GET /a\nA: 1", "200\nVary: A\n" FRESH, page),
			BY(2, 1, "GET /a\nB: 1\nA: 2", "200\nVary: B\n" FRESH, page),
			BY(3, 2, "GET /a\nC: 1\nA: 2\nB: 2", "200\nVary: C\n" FRESH,
				page),
			BY(4, 3, "GET /a\nD: 1\nA: 2\nB: 2\nC: 2", "200\nVary: D\n" FRESH,
				page),
			BY(5, 4, "GET /a\nA: 1\nB: 2\nC: 2\nD: 2", "200", page)},
		"5: 1 fresh 0 validated 4 miss 0 pass, 34 of 170 saved, 0 stale"},
	{"Vary: * matches nobody",
		{BY(1, 0, "GET /a", "200\nVary: *\n" FRESH, page),
			BY(2, 5, "GET /a", "200\nVary: *\n" FRESH, page)},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
	{"a POST removes it",
		{BY(1, 0, "GET /a", "200\n" FRESH, page), BY(2, 5, "POST /a", "200", ""),
			BY(3, 6, "GET /a", "200", page)},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
	{"a POST removes all variants",
		{BY(1, 0, "GET /a\nCookie: 1", "200\nVary: Cookie\n" FRESH, page),
			BY(2, 5, "POST /a", "204", NULL),
			BY(3, 6, "GET /a\nCookie: 1", "200", page)},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
	{"a POST removes what Location names",
		{BY(1, 0, "GET /a", "200\n" FRESH, page),
			BY(2, 5, "POST /b", "303\nLocation: /a", ""),
			BY(3, 6, "GET /a", "200", page)},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
	{"a POST that failed removes nothing",
		{BY(1, 0, "GET /a", "200\n" FRESH, page), BY(2, 5, "POST /a", "403", ""),
			BY(3, 6, "GET /a", "200", page)},
		"2: 1 fresh 0 validated 1 miss 0 pass, 34 of 68 saved, 0 stale"},
	{"a full answer that forbids it removes what there was",
		{BY(1, 0, "GET /a", "200\n" TAG("v1"), page),
			BY(2, 5, "GET /a", "200\nCache-Control: no-store\n" TAG("v1"),
				page),
			BY(3, 6, "GET /a\n" INM("v1"), "304", NULL)},
		"3: 0 fresh 1 validated 1 miss 1 pass, 34 of 68 saved, 0 stale"},
	{"HEAD is answered from what is fresh",
		{BY(1, 0, "GET /a", "200\n" FRESH, page),
			BY(2, 5, "HEAD /a", "200\nContent-Length: 34", NULL)},
		"2: 1 fresh 0 validated 1 miss 0 pass, 0 of 34 saved, 0 stale"},
	{"HEAD makes it fresh again",
		{BY(1, 0, "GET /a", "200\nCache-Control: max-age=9\n" TAG("v1"), page),
			BY(2, 20, "HEAD /a", "200\nCache-Control: max-age=9\n" TAG("v1"),
				NULL),
			BY(3, 25, "GET /a", "200", page)},
		"3: 1 fresh 0 validated 2 miss 0 pass, 34 of 68 saved, 0 stale"},
	{"HEAD shows that it is over",
		{BY(1, 0, "GET /a", "200\nCache-Control: max-age=9\n" TAG("v1"), page),
			BY(2, 20, "HEAD /a", "200\nCache-Control: max-age=9\n" TAG("v2"),
				NULL),
			BY(3, 25, "GET /a\n" INM("v1"), "304\n" TAG("v1"), NULL)},
		"3: 0 fresh 0 validated 2 miss 1 pass, 0 of 34 saved, 0 stale"},
	{"no answer is no request to a cache",
		{BY(1, 0, "GET /a", NULL, NULL), BY(2, 5, "GET /a", "200", page)},
		"1: 0 fresh 0 validated 1 miss 0 pass, 0 of 34 saved, 0 stale"},
	{"heads that are cut are misses",
		{BY(1, 0, "GET /a", "200\n" FRESH, page), {.client = 2,
								  .at_s = 5,
								  .request = "GET /a",
								  .response = "200",
								  .body = page,
								  .cut_request = true}},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
	{"a tenth of its age is a lifetime only if wanted",
		{BY(1, 0, "GET /a", "200\nDate: " DATE_0 "\nLast-Modified: " YESTERDAY,
			 page),
			BY(2, 8000, "GET /a", "200\nLast-Modified: " DATE_0, page)},
		"2: 0 fresh 0 validated 2 miss 0 pass, 0 of 68 saved, 0 stale"},
};

static const struct row guessed[] = {
	{"a tenth of its age",
		{BY(1, 0, "GET /a", "200\nDate: " DATE_0 "\nLast-Modified: " YESTERDAY,
			 page),
			BY(2, 8000, "GET /a", "200\nLast-Modified: " DATE_0, page),
			BY(3, 9000, "GET /a", "200\nLast-Modified: " DATE_0, page)},
		"3: 1 fresh 0 validated 2 miss 0 pass, 34 of 102 saved, 0 stale"},
};

/* Each page with its head is some 100 octets. */
static const struct limited capacities[] = {
	{"room for one", 130,
		{BY(1, 0, "GET /a", "200\n" FRESH, page),
			BY(2, 1, "GET /b", "200\n" FRESH, page),
			BY(3, 2, "GET /a", "200\n" FRESH, page)},
		"3: 0 fresh, 2 evicted"},
	{"room for two", 260,
		{BY(1, 0, "GET /a", "200\n" FRESH, page),
			BY(2, 1, "GET /b", "200\n" FRESH, page),
			BY(3, 2, "GET /a", "200\n" FRESH, page)},
		"3: 1 fresh, 0 evicted"},
	{"what was used last stays", 260,
		{BY(1, 0, "GET /a", "200\n" FRESH, page),
			BY(2, 1, "GET /b", "200\n" FRESH, page),
			BY(3, 2, "GET /a", "200\n" FRESH, page),
			BY(4, 3, "GET /c", "200\n" FRESH, page),
			BY(5, 4, "GET /a", "200\n" FRESH, page),
			BY(6, 5, "GET /b", "200\n" FRESH, page)},
		"6: 2 fresh, 2 evicted"},
	{"no room even for one", 60,
		{BY(1, 0, "GET /a", "200\n" FRESH, page),
			BY(2, 1, "GET /a", "200\n" FRESH, page)},
		"2: 0 fresh, 0 evicted"},
	{"what is replaced is not evicted", 130,
		{BY(1, 0, "GET /a", "200\nCache-Control: max-age=1", page),
			BY(2, 5, "GET /a", "200\nCache-Control: max-age=1", other),
			BY(3, 9, "GET /a", "200\nCache-Control: max-age=1", page)},
		"3: 0 fresh, 0 evicted"},
	{"what is removed leaves its room", 130,
		{BY(1, 0, "GET /a", "200\n" FRESH, page),
			BY(2, 1, "DELETE /a", "204", NULL),
			BY(3, 2, "GET /b", "200\n" FRESH, page),
			BY(4, 3, "GET /b", "200\n" FRESH, page)},
		"3: 1 fresh, 0 evicted"},
};

#define AGAIN(second, ask, answer, octets) BY(1, second, ask, answer, octets)

/* For 60 s, 300 s, 1 h, 1 d: requests avoided, stale ones after a slash. */
static const struct row ladders[] = {
	{"each lifetime replays for itself",
		{AGAIN(0, "GET /a", "200\n" TAG("v1"), page),
			AGAIN(30, "GET /a\n" INM("v1"), "304\n" TAG("v1"), NULL),
			AGAIN(90, "GET /a\n" INM("v1"), "304\n" TAG("v1"), NULL),
			AGAIN(200, "GET /a\n" INM("v1"), "304\n" TAG("v1"), NULL),
			AGAIN(4000, "GET /a\n" INM("v1"), "200\n" TAG("v2"), other)},
		"1/0 3/0 3/0 4/1"},
	{"a lifetime ends on its second",
		{AGAIN(0, "GET /a", "200", page), AGAIN(60, "GET /a", "200", page)},
		"0/0 1/0 1/0 1/0"},
	{"what was avoided would not have been seen",
		{AGAIN(0, "GET /a", "200", page), AGAIN(20, "GET /a", "200", other),
			AGAIN(40, "GET /a", "200", other)},
		"2/2 2/2 2/2 2/2"},
	{"clients are apart",
		{BY(1, 0, "GET /a", "200", page), BY(2, 20, "GET /a", "200", page)},
		"0/0 0/0 0/0 0/0"},
	{"resources are apart",
		{AGAIN(0, "GET /a", "200", page), AGAIN(20, "GET /b", "200", page)},
		"0/0 0/0 0/0 0/0"},
	{"a 304 without a known body is compared by its tag",
		{AGAIN(0, "GET /a\n" INM("v1"), "304", NULL),
			AGAIN(20, "GET /a\n" INM("v2"), "304", NULL)},
		"1/1 1/1 1/1 1/1"},
	{"new tags for old octets are nothing new",
		{AGAIN(0, "GET /a", "200\n" TAG("v1"), page),
			AGAIN(20, "GET /a\n" INM("v1"), "200\n" TAG("v2"), page)},
		"1/0 1/0 1/0 1/0"},
	{"what cannot be compared is not known to be stale",
		{AGAIN(0, "GET /a\n" INM("v1"), "304", NULL),
			AGAIN(20, "GET /a", "200", page)},
		"1/0 1/0 1/0 1/0"},
	{"a date that was asked about need not be the date of the change",
		{AGAIN(0, "GET /a", "200\nLast-Modified: " YESTERDAY, page),
			{.client = 1,
				.at_s = 20,
				.request = "GET /a\nIf-Modified-Since: " DATE_0,
				.response = "304"}},
		"1/0 1/0 1/0 1/0"},
	{"HEAD, errors and what broke off take no part",
		{AGAIN(0, "HEAD /a", "200\nContent-Length: 34", NULL),
			AGAIN(10, "GET /a", "404", "no"),
			{.client = 1,
				.at_s = 20,
				.request = "GET /a",
				.response = "200",
				.body = page,
				.aborted = true},
			AGAIN(30, "GET /a", "200", page)},
		"0/0 0/0 0/0 0/0"},
	{"several lifetimes have contacts of their own",
		{AGAIN(0, "GET /a", "200", page), AGAIN(70, "GET /a", "200", other),
			AGAIN(310, "GET /a", "200", other),
			AGAIN(340, "GET /a", "200", other),
			AGAIN(3700, "GET /a", "200", other),
			AGAIN(3720, "GET /a", "200", other)},
		"2/0 3/1 4/3 5/5"},
};

/* Lighthouse; payload redundant for one and for all; references modified. */
static const struct row figures[] = {
	{"nothing", {AGAIN(0, "GET /a", "200", page)}, "0, 0 0 of 34, 0 of 0"},
	{"a client gets it twice",
		{AGAIN(0, "GET /a", "200", page), AGAIN(20, "GET /b", "200", page)},
		"0, 34 34 of 68, 0 of 0"},
	{"two clients get it",
		{BY(1, 0, "GET /a", "200", page), BY(2, 20, "GET /a", "200", page)},
		"0, 0 34 of 68, 0 of 1"},
	{"what must not be kept is not redundant",
		{AGAIN(0, "GET /a", "200\nCache-Control: no-store", page),
			AGAIN(20, "GET /a", "200", page),
			AGAIN(30, "GET /a", "200", page)},
		"0, 34 34 of 102, 0 of 2"},
	{"what was asked for meanwhile is not redundant",
		{{.client = 1,
			 .request = "GET /a",
			 .response = "200",
			 .body = page,
			 .lasts_ns = INT64_C(9000000000)},
			AGAIN(5, "GET /a", "200", page)},
		"0, 0 0 of 68, 0 of 1"},
	{"what has a hole is equal to nothing",
		{AGAIN(0, "GET /a", "200", page), {.client = 1,
							  .at_s = 20,
							  .request = "GET /a",
							  .response = "200",
							  .body = page,
							  .gap = true}},
		"0, 0 0 of 68, 0 of 0"},
	{"changed, and changed back",
		{AGAIN(0, "GET /a", "200", page), BY(2, 20, "GET /a", "200", other),
			BY(3, 30, "GET /a", "200", page)},
		"0, 0 34 of 108, 2 of 2"},
	{"a 304 is a reference",
		{AGAIN(0, "GET /a", "200\n" TAG("v1"), page),
			BY(2, 20, "GET /a\n" INM("v1"), "304\n" TAG("v1"), NULL)},
		"0, 0 0 of 34, 0 of 1"},
	{"a 304 that nobody asked for is none",
		{AGAIN(0, "GET /a", "200\n" TAG("v1"), page),
			BY(2, 20, "GET /a", "304\n" TAG("v2"), NULL)},
		"0, 0 0 of 34, 0 of 0"},
	{"static without a lifetime is fetched again, says Lighthouse",
		{AGAIN(0, "GET /a", "200\nContent-Type: text/css", page)},
		"101, 0 0 of 34, 0 of 0"},
	{"once a client and resource",
		{AGAIN(0, "GET /a", "200\nContent-Type: text/css", page),
			AGAIN(9, "GET /a", "200\nContent-Type: text/css", other),
			BY(2, 9, "GET /a", "200\nContent-Type: text/css", page)},
		"202, 0 34 of 108, 2 of 2"},
};

/* Opens and closes exchanges in the order of their times; at equal ones ends first. */
struct play {
	struct history *history;
	struct ledger *ledger;
	struct whatif *whatif;
	struct exchange *xs[STEPS_MAX];
	struct before befores[STEPS_MAX];
	unsigned count, opened, closed;
	bool is_closed[STEPS_MAX];
};

static void
play_close(struct play *play, unsigned i)
{
	const struct exchange *x = play->xs[i];
	struct verdict verdict;

	ledger_judge(play->ledger, play->history, &play->befores[i], x, &verdict);
	whatif_close(play->whatif, play->history, &play->befores[i], x, &verdict);
	history_close(play->history, x, &play->befores[i]);
	play->is_closed[i] = true;
	play->closed++;
}

static int64_t
end_ns(const struct exchange *x)
{
	return x->has_response ? x->r.last.ts_ns : INT64_MAX;
}

static bool
play_next(struct play *play)
{
	unsigned ending = STEPS_MAX;

	for (unsigned i = 0; i < play->opened; i++)
		if (!play->is_closed[i] &&
			(ending == STEPS_MAX ||
				end_ns(play->xs[i]) < end_ns(play->xs[ending])))
			ending = i;
	if (ending < STEPS_MAX &&
		(play->opened == play->count ||
			end_ns(play->xs[ending]) <=
				play->xs[play->opened]->q.head_end.ts_ns)) {
		play_close(play, ending);
		return true;
	}
	if (play->opened == play->count)
		return false;
	history_open(play->history, play->xs[play->opened], &play->befores[play->opened]);
	whatif_open(play->whatif, play->xs[play->opened], &play->befores[play->opened]);
	play->opened++;
	return true;
}

static struct whatif *
play(const struct making *steps, const struct whatif_options *options,
	uint64_t memory_bytes)
{
	struct history_options history = {.memory_bytes = PLENTY, .seed = 7};
	struct ledger_options ledger = {.memory_bytes = PLENTY};
	struct play play = {
		.history = history_new(&history), .ledger = ledger_new(&ledger)};

	play.whatif = whatif_new(options, memory_bytes, 7);
	while (play.count < STEPS_MAX && steps[play.count].request) {
		play.xs[play.count] = make_exchange(&steps[play.count]);
		play.count++;
	}
	while (play_next(&play))
		;
	assert_int_equal(play.closed, play.count);
	assert_null(whatif_check(play.whatif));
	for (unsigned i = 0; i < play.count; i++)
		exchange_free(&play.xs[i]);
	history_free(&play.history);
	ledger_free(&play.ledger);
	return play.whatif;
}

static const struct whatif_options usual = {0}, guessing = {.heuristic = true};

static void
assert_cache(const struct row *row, const struct whatif_options *options)
{
	struct whatif *whatif = play(row->steps, options, PLENTY);
	struct sharedcache_numbers n = sharedcaches_numbers(whatif_shared(whatif), 0);
	char text[TEXT_BYTES];

	snprintf(text, sizeof text,
		"%" PRIu64 ": %" PRIu64 " fresh %" PRIu64 " validated %" PRIu64
		" miss %" PRIu64 " pass, %" PRIu64 " of %" PRIu64 " saved, %" PRIu64
		" stale",
		n.requests, n.fresh_hits, n.validated_hits, n.misses, n.passes,
		n.body_saved, n.body_total, n.stale_served);
	assert_string_equal(text, row->expected);
	whatif_free(&whatif);
}

static void
caches(void **state)
{
	assert_cache(*state, &usual);
}

static void
guessing_caches(void **state)
{
	assert_cache(*state, &guessing);
}

static void
limited_caches(void **state)
{
	const struct limited *row = *state;
	struct whatif_options options = {
		.shared_lru_octets = {row->capacity}, .shared_lru_count = 1};
	struct whatif *whatif = play(row->steps, &options, PLENTY);
	struct sharedcache_numbers n = sharedcaches_numbers(whatif_shared(whatif), 1);
	char text[TEXT_BYTES];

	snprintf(text, sizeof text, "%" PRIu64 ": %" PRIu64 " fresh, %" PRIu64 " evicted",
		n.requests, n.fresh_hits, n.evictions);
	assert_string_equal(text, row->expected);
	assert_true(n.stored_octets <= row->capacity);
	whatif_free(&whatif);
}

static void
rungs(void **state)
{
	const struct row *row = *state;
	struct whatif *whatif = play(row->steps, &usual, PLENTY);
	const struct ladder_rung *rung = ladder_rungs(whatif_ladder(whatif));
	char text[TEXT_BYTES];
	int n = 0;

	for (unsigned i = 0; i < 4; i++)
		n += snprintf(text + n, sizeof text - (size_t)n, "%s%" PRIu64 "/%" PRIu64,
			i ? " " : "", rung[i].avoided, rung[i].stale);
	assert_string_equal(text, row->expected);
	whatif_free(&whatif);
}

static void
compared(void **state)
{
	const struct row *row = *state;
	struct whatif *whatif = play(row->steps, &usual, PLENTY);
	const struct comparable_numbers *n = whatif_comparable(whatif);
	char text[TEXT_BYTES];

	snprintf(text, sizeof text,
		"%.0f, %" PRIu64 " %" PRIu64 " of %" PRIu64 ", %" PRIu64 " of %" PRIu64,
		n->lighthouse_octets, n->redundant_octets, n->redundant_anywhere_octets,
		n->payload_octets, n->modified, n->rereferences);
	assert_string_equal(text, row->expected);
	whatif_free(&whatif);
}

/* Without memory nothing is remembered, and that is said. */
static void
forgetful(void **state)
{
	const struct row *row = *state;
	struct whatif *whatif = play(row->steps, &usual, 0);
	struct sharedcache_numbers n = sharedcaches_numbers(whatif_shared(whatif), 0);
	struct whatif_evictions evictions = whatif_evictions(whatif);

	assert_int_equal(n.fresh_hits, 0);
	assert_int_equal(n.requests, 4);
	assert_int_equal(n.evictions, n.forgotten);
	assert_true(
		evictions.shared > 0 && evictions.ladder > 0 && evictions.comparable > 0);
	whatif_free(&whatif);
}

static const struct row forgotten[] = {
	{"without memory nothing is remembered, and that is said",
		{BY(1, 0, "GET /a", "200\n" FRESH, page),
			BY(2, 1, "GET /b", "200\n" FRESH, other),
			BY(3, 2, "GET /a", "200\n" FRESH, page),
			BY(4, 3, "GET /b", "200\n" FRESH, other)},
		NULL},
};

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(shared, caches) + ROWS_RUN(guessed, guessing_caches) +
	       ROWS_RUN(capacities, limited_caches) + ROWS_RUN(ladders, rungs) +
	       ROWS_RUN(figures, compared) + ROWS_RUN(forgotten, forgetful);
}
