// room: ct_history
/* What is known before an exchange: held entries, observations, named bodies, limits. */
#include "analyzer/history/history.h"

#include "tests/lib/make_exchange.h"
#include "tests/lib/rows.h"

static struct history *
history_of_bytes(uint64_t memory_bytes)
{
	return history_new(
		&(struct history_options){.memory_bytes = memory_bytes, .seed = 7});
}

static struct before
enter(struct history *history, const struct making *making)
{
	struct exchange *x = make_exchange(making);
	struct before before;

	history_open(history, x, &before);
	history_close(history, x, &before);
	exchange_free(&x);
	return before;
}

/* What is known before a request, without its answer. */
static struct before
look(struct history *history, const struct making *making)
{
	struct exchange *x = make_exchange(making);
	struct before before;

	history_open(history, x, &before);
	exchange_free(&x);
	return before;
}

static const struct making ask = {.at_s = 60, .request = "GET /a"};

struct lifetime_row {
	const char *name, *given, *renewed; /* NULL: never */
	enum freshness_kind kind;
	int64_t lifetime_s;
	bool fresh;
};

#define DATE_0 "\nDate: Thu, 01 Jan 2026 00:00:00 GMT"
#define DATE_30 "\nDate: Thu, 01 Jan 2026 00:00:30 GMT"
#define EXPIRES_40 "\nExpires: Thu, 01 Jan 2026 00:00:40 GMT"
#define EXPIRES_70 "\nExpires: Thu, 01 Jan 2026 00:01:10 GMT"
#define LAST_YEAR "\nLast-Modified: Wed, 31 Dec 2025 00:00:00 GMT"

/* Given at 0, renewed by a 304 at 30, looked at at 60. */
static const struct lifetime_row lifetimes[] = {
	{"max-age", "\nCache-Control: max-age=90", NULL, FRESHNESS_EXPLICIT, 90, true},
	{"a 304 without fields renews max-age", "\nCache-Control: max-age=40", "",
		FRESHNESS_EXPLICIT, 40, true},
	{"a 304 without fields does not move Expires", DATE_0 EXPIRES_40, DATE_30,
		FRESHNESS_EXPLICIT, 10, false},
	{"a 304 with a new Expires", DATE_0 EXPIRES_40, DATE_30 EXPIRES_70,
		FRESHNESS_EXPLICIT, 40, true},
	{"max-age outlives the Expires of a 304", "\nCache-Control: max-age=90",
		DATE_30 EXPIRES_40, FRESHNESS_EXPLICIT, 90, true},
	{"Cache-Control is replaced as a whole", "\nCache-Control: max-age=90",
		"\nCache-Control: public", FRESHNESS_NONE, 0, false},
	{"no-store of a 304 ends it", "\nCache-Control: max-age=90",
		"\nCache-Control: max-age=90, no-store", FRESHNESS_EXPLICIT, 90, false},
	{"a tenth of the time since the change", DATE_0 LAST_YEAR, NULL,
		FRESHNESS_HEURISTIC, 8640, false},
	{"a later Date lets the guess grow", DATE_0 LAST_YEAR, DATE_30,
		FRESHNESS_HEURISTIC, 8643, false},
};

static void
lives(void **state)
{
	const struct lifetime_row *row = *state;
	struct history *history = history_of_bytes(1 << 20);
	char given[512], renewed[512];
	struct before before;

	snprintf(given, sizeof given, "200\nETag: \"v1\"%s", row->given);
	enter(history,
		&(struct making){.request = "GET /a", .response = given, .body = "x"});
	if (row->renewed) {
		snprintf(renewed, sizeof renewed, "304%s", row->renewed);
		enter(history, &(struct making){.at_s = 30,
				       .request = "GET /a\nIf-None-Match: \"v1\"",
				       .response = renewed});
	}
	before = look(history, &ask);
	history_free(&history);
	assert_true(before.has_held);
	assert_int_equal(before.held.freshness.kind, row->kind);
	assert_int_equal(before.held.freshness.lifetime_s, row->lifetime_s);
	assert_int_equal(before.held_fresh, row->fresh);
	assert_int_equal(
		before.held_heuristically_fresh, row->kind == FRESHNESS_HEURISTIC);
}

static void
status_that_may_not_be_stored_leaves_the_copy(void **state)
{
	struct history *history = history_of_bytes(1 << 20);

	(void)state;
	enter(history, &(struct making){.request = "GET /a",
			       .response = "200\nETag: \"v1\"",
			       .body = "x"});
	enter(history, &(struct making){.at_s = 1,
			       .request = "GET /a",
			       .response = "302\nLocation: /login",
			       .body = ""});
	assert_int_equal(look(history, &ask).held.status, 200);
	enter(history,
		&(struct making){
			.at_s = 2, .request = "GET /a", .response = "404", .body = ""});
	assert_int_equal(look(history, &ask).held.status, 404);
	history_free(&history);
}

static void
nine_variants_leave_the_newest_eight(void **state)
{
	struct history *history = history_of_bytes(1 << 20);
	char request[64];

	(void)state;
	for (int i = 0; i < 9; i++) {
		snprintf(request, sizeof request, "GET /a\nAccept: %d", i);
		enter(history, &(struct making){.at_s = i,
				       .request = request,
				       .response = "200\nVary: Accept",
				       .body = "x"});
	}
	for (int i = 0; i < 9; i++) {
		struct before before;

		snprintf(request, sizeof request, "GET /a\nAccept: %d", i);
		before = look(history, &(struct making){.at_s = 60, .request = request});
		assert_int_equal(before.has_held, i > 0);
		assert_true(before.client_has_resource);
	}
	history_free(&history);
}

static void
observations_are_the_newest(void **state)
{
	struct history *history = history_of_bytes(1 << 24);
	struct etag tag = etag_parse(SLICE("W/\"v3\"")),
		    gone = etag_parse(SLICE("\"v0\""));
	const struct resource *resource;
	struct before before;
	char response[64];

	(void)state;
	for (int i = 0; i < OBSERVATIONS_PER_RESOURCE + 2; i++) {
		snprintf(response, sizeof response, "200\nETag: \"v%d\"", i);
		enter(history, &(struct making){.at_s = i,
				       .request = "GET /a",
				       .response = response,
				       .body = "x"});
	}
	before = look(history, &ask);
	resource = history_resource(history, before.resource);
	assert_int_equal(resource->observation_count, OBSERVATIONS_PER_RESOURCE);
	rows_assert_slice(resource->observations[0]->etag_raw, "\"v65\"");
	rows_assert_slice(resource->observations[63]->etag_raw, "\"v2\"");
	assert_ptr_equal(history_known(resource, &tag), resource->observations[62]);
	assert_true(resource->observations_lost);
	assert_null(history_known(resource, &gone));
	history_free(&history);
}

static void
peer_is_of_the_same_variant(void **state)
{
	struct history *history = history_of_bytes(1 << 20);
	struct exchange *x = make_exchange(&(struct making){
		.at_s = 60, .request = "GET /a\nAccept: b", .client = 9});
	const struct observation *peer;
	struct before before;

	(void)state;
	enter(history, &(struct making){.request = "GET /a\nAccept: b",
			       .response = "200\nVary: Accept\nETag: \"b\"",
			       .body = "x"});
	enter(history, &(struct making){.at_s = 1,
			       .request = "GET /a\nAccept: c",
			       .response = "200\nVary: Accept\nETag: \"c\"",
			       .body = "x"});
	enter(history, &(struct making){.at_s = 2,
			       .request = "HEAD /a\nAccept: b",
			       .response = "200\nVary: Accept\nETag: \"h\""});
	history_open(history, x, &before);
	peer = history_peer(history_resource(history, before.resource), &before, x);
	assert_non_null(peer);
	rows_assert_slice(peer->etag_raw, "\"b\"");
	exchange_free(&x);
	history_free(&history);
}

static void
observations_are_fewer_when_memory_is_short(void **state)
{
	struct history *history = history_of_bytes(1 << 17);
	const struct resource *resource;
	struct before before;

	(void)state;
	for (int i = 0; i < 40; i++)
		enter(history, &(struct making){.at_s = i,
				       .request = "GET /a",
				       .response = "200\nETag: \"1\"",
				       .body = "x"});
	before = look(history, &ask);
	resource = history_resource(history, before.resource);
	assert_non_null(resource);
	assert_true(resource->observation_count < 40);
	assert_true(resource->observations_lost);
	history_free(&history);
}

static void
tag_may_have_named_several_bodies(void **state)
{
	static const char *const bodies[] = {"1", "22", "333", "4444", "55555", "333"};
	static const uint64_t expected[] = {3, 5, 4, 2};
	struct history *history = history_of_bytes(1 << 20);
	struct etag tag = etag_parse(SLICE("\"v1\""));
	const struct sight *named;
	struct before before;

	(void)state;
	for (int i = 0; i < 6; i++)
		before = enter(history, &(struct making){.at_s = i,
						.request = "GET /a",
						.response = "200\nETag: W/\"v1\"",
						.body = bodies[i]});
	named = history_by_etag(history, &before, &tag);
	for (size_t i = 0; i < 4; i++, named = sight_older(named))
		assert_int_equal(sight_read(named).r_content, expected[i]);
	assert_null(named);
	history_free(&history);
}

static void
malformed_tag_is_no_other_inside(void **state)
{
	struct history *history = history_of_bytes(1 << 20);
	struct etag bare = etag_parse(SLICE("v1"));
	struct before before = enter(history, &(struct making){.request = "GET /a",
						      .response = "200\nETag: \"v1\"",
						      .body = "x"});

	(void)state;
	assert_null(history_by_etag(history, &before, &bare));
	history_free(&history);
}

static void
too_many_names_in_vary_match_nothing(void **state)
{
	struct history *history = history_of_bytes(1 << 20);

	(void)state;
	enter(history, &(struct making){.request = "GET /a",
			       .response = "200\nVary: a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q",
			       .body = "x"});
	assert_false(look(history, &ask).has_held);
	enter(history, &(struct making){.request = "GET /a",
			       .response = "200\nVary: a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p",
			       .body = "x"});
	assert_true(look(history, &ask).has_held);
	history_free(&history);
}

static void
small_memory_forgets_and_counts(void **state)
{
	struct history *history = history_of_bytes(64 * 1024);
	struct history_evictions evictions;
	char request[64];

	(void)state;
	for (int i = 0; i < 2000; i++) {
		snprintf(request, sizeof request, "GET /%d", i);
		enter(history, &(struct making){.request = request,
				       .response = "200\nETag: \"v1\"",
				       .body = "x"});
	}
	evictions = history_evictions(history);
	assert_true(evictions.held > 1000 && evictions.represented > 1000 &&
		    evictions.resources > 1000);
	assert_int_equal(evictions.servers, 0);
	assert_false(look(history, &(struct making){.request = "GET /0"}).has_held);
	assert_true(look(history, &(struct making){.at_s = 60, .request = "GET /1999"})
			    .has_held);
	history_free(&history);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_that_may_not_be_stored_leaves_the_copy),
		cmocka_unit_test(nine_variants_leave_the_newest_eight),
		cmocka_unit_test(observations_are_the_newest),
		cmocka_unit_test(observations_are_fewer_when_memory_is_short),
		cmocka_unit_test(peer_is_of_the_same_variant),
		cmocka_unit_test(tag_may_have_named_several_bodies),
		cmocka_unit_test(malformed_tag_is_no_other_inside),
		cmocka_unit_test(too_many_names_in_vary_match_nothing),
		cmocka_unit_test(small_memory_forgets_and_counts),
	};
	int failed = 0;

	rows_filter(argc, argv);
	failed += ROWS_RUN(lifetimes, lives);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed != 0;
}
