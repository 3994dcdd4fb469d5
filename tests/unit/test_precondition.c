// room: ct_http
/* The condition that counts, and for how long an answer is fresh. */
#include "analyzer/config.h"
#include "analyzer/http/freshness.h"
#include "tests/lib/make_exchange.h"
#include "tests/lib/rows.h"

#define DATE "Thu, 01 Jan 2026 00:00:00 GMT"
#define LATER "Thu, 01 Jan 2026 00:10:00 GMT"
#define EARLIER "Wed, 31 Dec 2025 22:20:00 GMT" /* 6000 s */

struct condition {
	const char *name, *request;
	enum cond cond;
	bool forced;
};

static const struct condition conditions[] = {
	{"none", "GET /a", COND_NONE, false},
	{"a tag", "GET /a\nIf-None-Match: \"x\"", COND_INM, false},
	{"a weak tag", "HEAD /a\nIf-None-Match: W/\"x\"", COND_INM, false},
	{"several tags", "GET /a\nIf-None-Match: \"x\", W/\"y,z\"", COND_INM, false},
	{"tags in two lines", "GET /a\nIf-None-Match: \"x\"\nIf-None-Match: \"y\"",
		COND_INM, false},
	{"a tag without quotes is a tag all the same", "GET /a\nIf-None-Match: x",
		COND_INM, false},
	{"the empty tag", "GET /a\nIf-None-Match: \"\"", COND_INM, false},
	{"no tag at all", "GET /a\nIf-None-Match:", COND_NONE, false},
	{"a star", "GET /a\nIf-None-Match: *", COND_STAR, false},
	{"a star in quotes is a tag", "GET /a\nIf-None-Match: \"*\"", COND_INM, false},
	{"a date", "GET /a\nIf-Modified-Since: " DATE, COND_IMS, false},
	{"a date of RFC 850", "GET /a\nIf-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT",
		COND_IMS, false},
	{"a date of asctime", "GET /a\nIf-Modified-Since: Sun Nov  6 08:49:37 1994",
		COND_IMS, false},
	{"a wrong weekday", "GET /a\nIf-Modified-Since: Mon, 01 Jan 2026 00:00:00 GMT",
		COND_IMS, false},
	{"another zone is no date",
		"GET /a\nIf-Modified-Since: Thu, 01 Jan 2026 00:00:00 +0200", COND_NONE,
		false},
	{"a year of five digits",
		"GET /a\nIf-Modified-Since: Thu, 01 Jan 10000 00:00:00 GMT", COND_NONE,
		false},
	{"two dates are none",
		"GET /a\nIf-Modified-Since: " DATE "\nIf-Modified-Since: " LATER,
		COND_NONE, false},
	{"a tag decides, a date is ignored",
		"GET /a\nIf-Modified-Since: " DATE "\nIf-None-Match: \"x\"", COND_BOTH,
		false},
	{"a tag with a date that is none",
		"GET /a\nIf-Modified-Since: soon\nIf-None-Match: \"x\"", COND_INM, false},
	{"a date on POST is ignored", "POST /a\nIf-Modified-Since: " DATE, COND_NONE,
		false},
	{"a tag on PUT guards", "PUT /a\nIf-None-Match: *", COND_WRITE, false},
	{"If-Match", "PUT /a\nIf-Match: \"x\"", COND_WRITE, false},
	{"If-Unmodified-Since", "GET /a\nIf-Unmodified-Since: " DATE, COND_WRITE, false},
	{"If-Range is none of these", "GET /a\nRange: bytes=0-1\nIf-Range: \"x\"",
		COND_NONE, false},
	{"no-cache", "GET /a\nCache-Control: no-cache", COND_NONE, true},
	{"max-age=0", "GET /a\nCache-Control: max-age=0\nIf-None-Match: \"x\"", COND_INM,
		true},
	{"max-age=1 is no force", "GET /a\nCache-Control: max-age=1", COND_NONE, false},
	{"Pragma", "GET /a\nPragma: no-cache", COND_NONE, true},
	{"Cache-Control silences Pragma",
		"GET /a\nPragma: no-cache\nCache-Control: max-stale", COND_NONE, false},
};

static void
test_condition(void **state)
{
	const struct condition *row = *state;
	struct exchange *x = make_exchange(
		&(struct making){.request = row->request, .response = "200"});

	assert_int_equal(x->cond, row->cond);
	assert_int_equal(x->forced, row->forced);
	exchange_free(&x);
}

struct lifetime {
	const char *name, *response;
	enum freshness_kind kind;
	int64_t lifetime_s;
	bool storable;
};

static const struct lifetime lifetimes[] = {
	{"nothing is said", "200", FRESHNESS_NONE, 0, true},
	{"max-age", "200\nCache-Control: max-age=60", FRESHNESS_EXPLICIT, 60, true},
	{"max-age in quotes", "200\nCache-Control: max-age=\"60\"", FRESHNESS_EXPLICIT,
		60, true},
	{"max-age that is no number", "200\nCache-Control: max-age=soon",
		FRESHNESS_EXPLICIT, 0, true},
	{"the first of two", "200\nCache-Control: max-age=60, max-age=5",
		FRESHNESS_EXPLICIT, 60, true},
	{"s-maxage is for shared caches", "200\nCache-Control: s-maxage=60",
		FRESHNESS_NONE, 0, true},
	{"max-age before Expires",
		"200\nDate: " DATE "\nExpires: " LATER "\nCache-Control: max-age=60",
		FRESHNESS_EXPLICIT, 60, true},
	{"Expires after Date", "200\nDate: " DATE "\nExpires: " LATER, FRESHNESS_EXPLICIT,
		600, true},
	{"Expires in the past", "200\nDate: " DATE "\nExpires: " EARLIER,
		FRESHNESS_EXPLICIT, 0, true},
	{"Expires that is no date", "200\nDate: " DATE "\nExpires: 0", FRESHNESS_EXPLICIT,
		0, true},
	{"a tenth of the age", "200\nDate: " DATE "\nLast-Modified: " EARLIER,
		FRESHNESS_HEURISTIC, 600, true},
	{"no heuristic for 302", "302\nDate: " DATE "\nLast-Modified: " EARLIER,
		FRESHNESS_NONE, 0, false},
	{"unless it is public",
		"302\nDate: " DATE "\nLast-Modified: " EARLIER "\nCache-Control: public",
		FRESHNESS_HEURISTIC, 600, true},
	{"no-store", "200\nCache-Control: no-store, max-age=60", FRESHNESS_EXPLICIT, 60,
		false},
	{"a private cache stores private", "302\nCache-Control: private", FRESHNESS_NONE,
		0, true},
	{"an error that is not cacheable", "500", FRESHNESS_NONE, 0, false},
	{"a status that nobody knows", "299\nCache-Control: max-age=60",
		FRESHNESS_EXPLICIT, 60, false},
};

static void
test_lifetime(void **state)
{
	const struct lifetime *row = *state;
	struct exchange *x = make_exchange(
		&(struct making){.request = "GET /a", .response = row->response});

	assert_int_equal(x->freshness.kind, row->kind);
	assert_int_equal(x->freshness.lifetime_s, row->lifetime_s);
	assert_int_equal(x->freshness.storable, row->storable);
	exchange_free(&x);
}

/* Age counts from what the answer says and from the time that it took. */
static void
test_age(void **state)
{
	struct exchange *x = make_exchange(
		&(struct making){.request = "GET /a", .response = "200\nAge: 590"});
	int64_t received_ns = x->r.first.ts_ns;

	(void)state;
	assert_int_equal(
		x->freshness.initial_age_ns, 590 * CONFIG_S_NS + 20 * CONFIG_MS_NS);
	assert_int_equal(
		freshness_age_ns(&x->freshness, received_ns, received_ns + CONFIG_S_NS),
		591 * CONFIG_S_NS + 20 * CONFIG_MS_NS);
	assert_true(x->via_cache);
	exchange_free(&x);
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(test_age)};

	rows_filter(argc, argv);
	return ROWS_RUN(conditions, test_condition) + ROWS_RUN(lifetimes, test_lifetime) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
