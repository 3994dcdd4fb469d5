// room: ct_report
/* What is one visit, and which is the worst. */
#include "analyzer/report/visits.h"

#include "analyzer/base/mem.h"
#include "tests/lib/make_exchange.h"
#include "tests/lib/rows.h"

struct fetch {
	int64_t at_s;
	unsigned client;
	uint64_t wasted, avoidable;
};

enum {
	FETCHES = 8
};

struct row {
	const char *name;
	struct fetch fetches[FETCHES]; /* up to one without a client */
	uint64_t number, wasted;
	unsigned count;
};

static const struct row rows[] = {
	{"nothing was wasted", {{0, 1, 0, 0}, {1, 1, 0, 0}}, 0, 0, 0},
	{"one visit", {{0, 1, 0, 0}, {1, 1, 500, 0}, {2, 1, 0, 0}}, 1, 500, 3},
	{"a pause begins another one", {{0, 1, 9, 0}, {1, 1, 9, 0}, {4, 1, 10, 0}}, 1, 18,
		2},
	{"the second is worse", {{0, 1, 9, 0}, {4, 1, 6, 0}, {5, 1, 6, 0}}, 2, 12, 2},
	{"of equal ones the first", {{0, 1, 9, 0}, {9, 1, 9, 0}}, 1, 9, 1},
	{"clients are apart", {{0, 1, 5, 0}, {0, 2, 9, 0}, {1, 1, 3, 0}, {1, 2, 0, 0}}, 2,
		9, 2},
	{"the worst goes on growing",
		{{0, 1, 9, 0}, {1, 2, 1, 0}, {1, 1, 0, 0}, {2, 1, 2, 0}}, 1, 11, 3},
	{"what is wasted outweighs what is avoidable", {{0, 1, 0, 900}, {0, 2, 1, 0}}, 2,
		1, 1},
	{"what is avoidable counts where nothing is wasted", {{0, 1, 0, 5}, {0, 2, 0, 9}},
		2, 0, 1},
};

static void
add(struct visits *visits, const struct fetch *fetch, const char *request)
{
	struct before before = {.client = {fetch->client, fetch->client}};
	struct verdict v = {.outcome = OUTCOME_FULL, .waste_count = 2};
	struct exchange *x = make_exchange(&(struct making){.request = request,
		.response = "200",
		.body = "octets",
		.at_s = fetch->at_s,
		.client = fetch->client});

	v.waste[0] = (struct waste){.tier = TIER_2, .octets = fetch->wasted};
	v.waste[1] = (struct waste){.tier = TIER_3, .octets = fetch->avoidable};
	visits_add(visits, x, &before, &v);
	exchange_free(&x);
}

static void
finds_the_worst(void **state)
{
	const struct row *row = *state;
	struct visits *visits = visits_new(1 << 20, &(struct client_rule){0});
	const struct visit *worst = visits_worst(visits);

	for (unsigned i = 0; i < FETCHES && row->fetches[i].client; i++)
		add(visits, &row->fetches[i], "GET /");
	assert_int_equal(worst->number, row->number);
	assert_int_equal(worst->wasted, row->wasted);
	assert_int_equal(worst->count, row->count);
	visits_free(&visits);
	assert_null(visits);
}

static void
tells_what_was_fetched(void **state)
{
	struct visits *visits = visits_new(1 << 20, &(struct client_rule){0});
	const struct visit *worst = visits_worst(visits);
	const struct visit_exchange *e = worst->exchanges;

	(void)state;
	add(visits, &(struct fetch){5, 1, 7, 0}, "GET /a?key=secret");
	assert_int_equal(e->n, strlen("GET example.test/a?…"));
	assert_memory_equal(e->target, "GET example.test/a?…", e->n);
	assert_int_equal(e->status, 200);
	assert_int_equal(e->begin_ns, (MAKE_EPOCH_S + 5) * CONFIG_S_NS);
	assert_int_equal(e->answer_ns - e->begin_ns, 20000000);
	assert_int_equal(e->end_ns - e->answer_ns, 10000000);
	assert_int_equal(worst->last_ns, e->end_ns);
	visits_free(&visits);
}

static void
a_long_visit_is_cut(void **state)
{
	struct visits *visits = visits_new(1 << 20, &(struct client_rule){0});
	const struct visit *worst = visits_worst(visits);

	(void)state;
	for (unsigned i = 0; i < VISIT_EXCHANGES; i++)
		add(visits, &(struct fetch){i, 1, 1, 0}, "GET /");
	assert_int_equal(worst->count, VISIT_EXCHANGES);
	assert_false(worst->more);
	for (unsigned i = 0; i < VISIT_EXCHANGES; i++)
		add(visits, &(struct fetch){VISIT_EXCHANGES + i, 1, 1, 0}, "GET /");
	assert_int_equal(worst->number, 1);
	assert_int_equal(worst->count, VISIT_EXCHANGES);
	assert_int_equal(worst->wasted, VISIT_EXCHANGES);
	assert_true(worst->more);
	visits_free(&visits);
}

static void
few_visits_fit_a_small_budget(void **state)
{
	struct visits *visits = visits_new(1, &(struct client_rule){0});
	const struct visit *worst = visits_worst(visits);

	(void)state;
	for (unsigned i = 1; i <= 200; i++)
		add(visits, &(struct fetch){0, i, i == 100 ? 9 : 1, 0}, "GET /");
	assert_int_equal(worst->number, 100);
	visits_free(&visits);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_was_fetched),
		cmocka_unit_test(a_long_visit_is_cut),
		cmocka_unit_test(few_visits_fit_a_small_budget),
	};

	rows_filter(argc, argv);
	return ROWS_RUN(rows, finds_the_worst) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
