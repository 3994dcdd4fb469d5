// room: ct_report
/* In which class of a distribution an answer is; write conditions. */
#include "analyzer/report/tally.h"

#include "tests/lib/make_exchange.h"
#include "tests/lib/rows.h"

#define S_NS INT64_C(1000000000)

struct lifetime_row {
	const char *name;
	const char *response;
	enum spread_lifetime lifetime;
};

static const struct lifetime_row lifetime_rows[] = {
	{"no-store stands before all", "200\nCache-Control: no-store, max-age=5",
		LIFETIME_NO_STORE},
	{"no-cache stands before the lifetime", "200\nCache-Control: max-age=5, no-cache",
		LIFETIME_NO_CACHE},
	{"zero", "200\nCache-Control: max-age=0", LIFETIME_0 + SPAN_0},
	{"a minute", "200\nCache-Control: max-age=60", LIFETIME_0 + SPAN_1_MIN},
	{"more than a minute", "200\nCache-Control: max-age=61", LIFETIME_0 + SPAN_1_H},
	{"a year", "200\nCache-Control: max-age=31536000", LIFETIME_0 + SPAN_1_Y},
	{"for ever", "200\nCache-Control: max-age=31536001", LIFETIME_0 + SPAN_MORE},
	{"heuristic",
		"200\nDate: Thu, 01 Jan 2026 00:00:00 GMT\n"
		"Last-Modified: Thu, 01 Jan 2015 00:00:00 GMT",
		LIFETIME_HEURISTIC},
	{"none", "200", LIFETIME_NONE},
};

static void
add(struct spreads *spreads, const char *request, const char *response, const char *body)
{
	struct before before = {.has_held = false};
	struct verdict v = {.outcome = OUTCOME_FULL};
	struct exchange *x = make_exchange(
		&(struct making){.request = request, .response = response, .body = body});

	spreads_add(spreads, x, &before, &v);
	exchange_free(&x);
}

static void
has_lifetime(void **state)
{
	const struct lifetime_row *row = *state;
	struct spreads *spreads = mem_alloc(sizeof *spreads);

	add(spreads, "GET /", row->response, NULL);
	add(spreads, "HEAD /", row->response, NULL);
	assert_int_equal(spreads->lifetimes[row->lifetime], 1);
	spreads_fini(spreads);
	mem_free(spreads);
}

static void
ages_and_sizes(void **state)
{
	struct spreads *spreads = mem_alloc(sizeof *spreads);

	(void)state;
	add(spreads, "GET /",
		"200\nAge: 3600\nCache-Control: max-age=3600\n"
		"Date: Thu, 01 Jan 2026 01:00:00 GMT\n"
		"Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT",
		"12");
	add(spreads, "GET /",
		"200\nCache-Control: max-age=3600\n"
		"Date: Thu, 01 Jan 2026 01:00:01 GMT\n"
		"Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT",
		NULL);
	assert_int_equal(spreads->ages[SPAN_1_H], 1);
	assert_int_equal(spreads->since_modified[SPAN_1_H], 1);
	assert_int_equal(spreads->since_modified[SPAN_1_D], 1);
	assert_int_equal(spreads->short_lifetimes.num, 1);
	assert_int_equal(spreads->short_lifetimes.den, 2);
	assert_int_equal(spreads->sizes[0], 1);
	assert_int_equal(spreads->sizes[1], 1);
	assert_int_equal(distribution_at(&spreads->size, 0.9), 2);
	spreads_fini(spreads);
	mem_free(spreads);
}

struct gap_row {
	const char *name;
	const char *response;
	const char *body;
	uint16_t held_status;
	enum outcome outcome;
	uint64_t unchanged, changed;
};

static const struct gap_row gap_rows[] = {
	{"a 304 is unchanged", "304", NULL, 200, OUTCOME_VALIDATED, 1, 0},
	{"other octets are changed", "200", "new", 200, OUTCOME_FULL, 0, 1},
	{"without a body nobody knows", "204", NULL, 200, OUTCOME_OTHER, 0, 0},
	{"of an error nobody asks", "200", "new", 404, OUTCOME_FULL, 0, 0},
};

static void
has_gap(void **state)
{
	const struct gap_row *row = *state;
	struct spreads *spreads = mem_alloc(sizeof *spreads);
	struct exchange *x = make_exchange(&(struct making){.at_s = 60,
		.request = "GET /",
		.response = row->response,
		.body = row->body});
	struct before before = {.has_held = true,
		.held = {.status = row->held_status,
			.has_body = true,
			.has_digest = true,
			.digest = {1, 2},
			.has_digest_decoded = true,
			.digest_decoded = {1, 2},
			.received_ns = MAKE_EPOCH_S * S_NS}};
	struct verdict v = {.outcome = row->outcome};

	spreads_add(spreads, x, &before, &v);
	assert_int_equal(spreads->gaps[REPEAT_UNCHANGED][SPAN_1_MIN], row->unchanged);
	assert_int_equal(spreads->gaps[REPEAT_CHANGED][SPAN_1_MIN], row->changed);
	spreads_fini(spreads);
	mem_free(spreads);
	exchange_free(&x);
}

static void
add_write(struct tally *tally, const char *request, const char *response)
{
	struct before before = {.has_held = false};
	struct verdict v = {.outcome = OUTCOME_OTHER_METHOD};
	struct exchange *x = make_exchange(
		&(struct making){.request = request, .response = response});

	tally_add(tally, x, &before, &v);
	exchange_free(&x);
}

static void
writes_have_their_own_table(void **state)
{
	struct tally *tally = tally_new(&(struct tables_options){.memory_bytes = 1});
	const struct tally_writes *writes = &tally->writes;

	(void)state;
	add_write(tally, "PUT /\nIf-Match: \"a\"", "204");
	add_write(tally, "DELETE /\nIf-Match: \"a\"", "412");
	add_write(tally, "POST /\nIf-Match: *", "500");
	add_write(tally, "PATCH /", "200");
	add_write(tally, "POST /", "200");
	assert_int_equal(writes->asked, 3);
	assert_int_equal(writes->ok, 1);
	assert_int_equal(writes->failed, 1);
	assert_int_equal(writes->other, 1);
	assert_int_equal(writes->guarded.num, 2);
	assert_int_equal(writes->guarded.den, 3);
	tally_free(&tally);
}

static void
every_class_has_a_name(void **state)
{
	(void)state;
	for (enum spread_lifetime i = 0; i < LIFETIME_COUNT; i++)
		for (enum spread_lifetime j = 0; j < i; j++)
			assert_string_not_equal(
				spreads_lifetime_name(i), spreads_lifetime_name(j));
	for (unsigned i = 1; i < SPREAD_SIZES; i++)
		assert_string_not_equal(spreads_size_name(i), spreads_size_name(i - 1));
	assert_string_equal(spreads_span_name(SPAN_MORE), "more");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ages_and_sizes),
		cmocka_unit_test(writes_have_their_own_table),
		cmocka_unit_test(every_class_has_a_name),
	};

	rows_filter(argc, argv);
	return ROWS_RUN(lifetime_rows, has_lifetime) + ROWS_RUN(gap_rows, has_gap) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
