// room: ct_report
/* What each fix would have saved: rows, their order, what is counted once. */
#include "analyzer/report/fixes.h"

#include "tests/lib/make_exchange.h"
#include "tests/lib/rows.h"

enum {
	MEMORY_BYTES = 1 << 20
};

static struct key
resource(uint64_t number)
{
	return key_add_number(key_start(1), number);
}

/* One exchange with the wastes; `at_s` is its time. */
static void
add(struct fixes *fixes, const char *response, int64_t at_s, uint64_t number,
	const struct waste *waste, unsigned count)
{
	struct exchange *x = make_exchange(&(struct making){.request = "GET /a",
		.response = response,
		.agent = "curl/7.88.1",
		.at_s = at_s});

	fixes_add(fixes, x, resource(number), waste, count);
	exchange_free(&x);
}

static struct waste
body(enum waste_class class, enum tier tier, enum fault fault, uint64_t octets)
{
	return (struct waste){
		.class = class, .tier = tier, .fault = fault, .octets = octets};
}

static void
add_at(struct fixes *fixes, const char *request, unsigned port, const struct waste *waste)
{
	struct exchange *x = make_exchange(&(struct making){
		.request = request, .response = "200", .server_port = port});

	fixes_add(fixes, x, resource(1), waste, 1);
	exchange_free(&x);
}

static void
rows_stand_by_what_is_certain(void **state)
{
	struct fixes *fixes = fixes_new(MEMORY_BYTES);
	struct waste small = body(WASTE_VALIDATOR_CHURN, TIER_1, FAULT_SERVER, 10);
	struct waste large = body(WASTE_BLIND_REFETCH, TIER_2, FAULT_CLIENT, 20);
	struct waste avoidable = body(WASTE_ILLEGAL_BODY, TIER_3, FAULT_SERVER, 1000);
	const struct fixes_row *rows[3];

	(void)state;
	add(fixes, "200", 0, 1, &small, 1);
	add(fixes, "200", 1, 1, &avoidable, 1);
	add(fixes, "200", 2, 1, &large, 1);
	assert_int_equal(fixes_count(fixes), 3);
	fixes_ranked(fixes, rows);
	assert_int_equal(rows[0]->class, WASTE_BLIND_REFETCH);
	assert_string_equal(rows[0]->fix->name, "curl-sends-the-tag");
	assert_int_equal(fixes_saving(rows[0]), 20);
	assert_int_equal(rows[1]->class, WASTE_VALIDATOR_CHURN);
	assert_int_equal(fixes_saving(rows[2]), 0);
	assert_int_equal(rows[2]->octets[TIER_3], 1000);
	fixes_free(&fixes);
	assert_null(fixes);
}

/* Lines for Apache are no help for nginx: two rows, unless both get the same sentence. */
static void
software_has_rows_of_its_own(void **state)
{
	struct fixes *fixes = fixes_new(MEMORY_BYTES);
	struct waste suffix = body(WASTE_IGNORED_MATCH, TIER_1, FAULT_SERVER, 10);
	const struct fixes_row *rows[2];

	(void)state;
	suffix.cause = CAUSE_CODING_SUFFIX;
	add(fixes, "200\nServer: Apache", 0, 1, &suffix, 1);
	add(fixes, "200\nServer: nginx", 1, 1, &suffix, 1);
	add(fixes, "200\nServer: caddy", 2, 1, &suffix, 1);
	assert_int_equal(fixes_count(fixes), 2);
	fixes_ranked(fixes, rows);
	assert_int_equal(rows[0]->exchanges, 2);
	assert_string_equal(rows[0]->fix->name, "tags-without-suffix");
	rows_assert_slice(fixes_software(rows[0]), "caddy");
	rows_assert_slice(fixes_software(rows[1]), "Apache");
	fixes_free(&fixes);
}

/* A fix is for somebody who has to know where. */
static void
places_stand_by_their_octets(void **state)
{
	struct fixes *fixes = fixes_new(MEMORY_BYTES);
	struct waste small = body(WASTE_BLIND_REFETCH, TIER_2, FAULT_CLIENT, 10);
	struct waste large = body(WASTE_BLIND_REFETCH, TIER_2, FAULT_CLIENT, 25);
	const struct fixes_name *names[FIXES_NAMES];
	const struct fixes_row *row;

	(void)state;
	add_at(fixes, "GET /a", 80, &small);
	add_at(fixes, "GET /v17/b?id=4", 81, &large);
	add_at(fixes, "GET /v18/b?id=5", 81, &small);
	add_at(fixes, "GET /a", 80, &small);
	fixes_ranked(fixes, &row);
	assert_int_equal(fixes_largest(row, FIXES_URLS, names), 2);
	rows_assert_slice(
		slice_of(names[0]->octets, names[0]->n), "example.test/v*/b?id=*");
	assert_int_equal(names[0]->count, 35);
	assert_int_equal(fixes_names(row, FIXES_URLS, names), 2);
	rows_assert_slice(slice_of(names[0]->octets, names[0]->n), "example.test/a");
	assert_int_equal(fixes_largest(row, FIXES_SERVERS, names), 2);
	assert_int_equal(names[0]->count, 35);
	assert_memory_equal(names[0]->octets + names[0]->n - 3, ":81", 3);
	fixes_free(&fixes);
}

static void
exchanges_and_resources_count_once(void **state)
{
	struct fixes *fixes = fixes_new(MEMORY_BYTES);
	struct waste both[] = {body(WASTE_FRESH_REFETCH, TIER_2, FAULT_CLIENT, 100),
		body(WASTE_FRESH_REFETCH, TIER_2, FAULT_CLIENT, 0)};
	struct exchange *x = make_exchange(
		&(struct making){.request = "GET /a", .response = "200"});
	const struct fixes_row *row;

	(void)state;
	both[1].part = PART_HEAD;
	both[1].octets = x->q.head_bytes + x->r.head_bytes;
	fixes_add(fixes, x, resource(1), both, 2);
	fixes_add(fixes, x, resource(1), both, 2);
	fixes_add(fixes, x, resource(2), both, 1);
	fixes_ranked(fixes, &row);
	assert_int_equal(row->exchanges, 3);
	assert_int_equal(row->resources, 2);
	assert_int_equal(row->requests, 2);
	assert_int_equal(row->wait_ns, 2 * x->wait_ns);
	assert_int_equal(row->octets[TIER_2], 300 + 2 * both[1].octets);
	assert_int_equal(fixes_uncounted(fixes), 0);
	exchange_free(&x);
	fixes_free(&fixes);
}

/* What has no room is said. */
static void
resources_are_bounded(void **state)
{
	struct fixes *fixes = fixes_new(4096);
	struct waste waste = body(WASTE_BLIND_REFETCH, TIER_2, FAULT_CLIENT, 1);
	const struct fixes_row *row;

	(void)state;
	for (unsigned i = 0; i < 500; i++)
		add(fixes, "200", i, i, &waste, 1);
	fixes_ranked(fixes, &row);
	assert_int_equal(row->exchanges, 500);
	assert_in_range(row->resources, 1, 499);
	assert_int_equal(row->resources + fixes_uncounted(fixes), 500);
	fixes_free(&fixes);
}

static void
the_example_is_the_earliest(void **state)
{
	struct fixes *fixes = fixes_new(MEMORY_BYTES);
	struct waste waste = body(WASTE_BLIND_REFETCH, TIER_2, FAULT_CLIENT, 1);
	const struct fixes_row *row;

	(void)state;
	add(fixes, "200", 9, 1, &waste, 1);
	add(fixes, "200", 3, 1, &waste, 1);
	add(fixes, "200", 6, 1, &waste, 1);
	fixes_ranked(fixes, &row);
	assert_int_equal(row->example.first_ns / 1000000000, MAKE_EPOCH_S + 3);
	fixes_free(&fixes);
}

static void
rare_software_makes_room(void **state)
{
	struct fixes *fixes = fixes_new(MEMORY_BYTES);
	struct waste waste = body(WASTE_IGNORED_MATCH, TIER_1, FAULT_SERVER, 1);
	const struct fixes_name *names[FIXES_NAMES];
	const struct fixes_row *row;
	char head[64];

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		snprintf(head, sizeof head, "200\nServer: s%u", i % 4 ? i : 0);
		add(fixes, head, i, 1, &waste, 1);
	}
	fixes_ranked(fixes, &row);
	assert_int_equal(fixes_names(row, FIXES_SOFTWARE, names), FIXES_NAMES);
	rows_assert_slice(fixes_software(row), "s0");
	for (unsigned i = 1; i < FIXES_NAMES; i++)
		assert_true(
			memcmp(names[i - 1]->octets, names[i]->octets, names[i]->n) <= 0);
	fixes_free(&fixes);
}

static void
see(struct fixes *fixes, const char *request, const struct waste *waste)
{
	struct exchange *x = make_exchange(&(struct making){
		.request = request, .response = "200\nServer: nginx", .body = "x"});

	fixes_add(fixes, x, resource(1), waste, waste != NULL);
	exchange_free(&x);
}

struct version_row {
	const char *name;
	const char *before, *wasted, *after;
	bool has_lines;
};

static const struct version_row versions[] = {
	{"one version", "GET /app.3f9a1c2b.js", "GET /app.3f9a1c2b.js",
		"GET /app.3f9a1c2b.js", false},
	{"two versions, the other before", "GET /app.77d04be1.js", "GET /app.3f9a1c2b.js",
		"GET /", true},
	{"two versions, the other after", "GET /", "GET /app.3f9a1c2b.js",
		"GET /app.77d04be1.js", true},
	{"two names", "GET /lib.77d04be1.js", "GET /app.3f9a1c2b.js",
		"GET /css.77d04be1.css", false},
	{"two versions in the query", "GET /app.js?v=1", "GET /app.js?v=2", "GET /",
		true},
	{"one version and another parameter", "GET /app.js?v=2&x=1", "GET /app.js?v=2",
		"GET /", false},
};

/* Digits that were only ever seen once may be a name like any other. */
static void
versions_are_believed_when_there_are_two(void **state)
{
	const struct version_row *row = *state;
	struct waste waste = body(WASTE_VERSIONED_REVALIDATION, TIER_3, FAULT_SERVER, 9);
	struct fixes *fixes = fixes_new(MEMORY_BYTES);
	const struct fixes_row *rows[1];

	see(fixes, row->before, NULL);
	see(fixes, row->wasted, &waste);
	see(fixes, row->after, NULL);
	assert_int_equal(fixes_count(fixes), 1);
	fixes_ranked(fixes, rows);
	assert_int_equal(*fixes_fix(rows[0])->lines != '\0', row->has_lines);
	fixes_free(&fixes);
}

static void
add_hidden(struct fixes *fixes, const struct waste *hidden)
{
	struct exchange *x = make_exchange(
		&(struct making){.request = "GET /a", .response = "200"});

	fixes_add_hidden(fixes, x, hidden, 1);
	exchange_free(&x);
}

/* Each row may be the one for which the others have to move. */
static void
what_is_hidden_makes_rows_too(void **state)
{
	struct fixes *fixes = fixes_new(MEMORY_BYTES);
	const struct fixes_row *rows[WASTE_COUNT];

	(void)state;
	for (unsigned class = 0; class < WASTE_COUNT; class ++) {
		struct waste waste = body(class, TIER_1, FAULT_SERVER, 10);

		add_hidden(fixes, &waste);
		add(fixes, "200", class, 1, &waste, 1);
	}
	assert_int_equal(fixes_count(fixes), WASTE_COUNT);
	fixes_ranked(fixes, rows);
	for (unsigned i = 0; i < WASTE_COUNT; i++)
		assert_int_equal(fixes_alone(rows[i]), 20);
	fixes_free(&fixes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_stand_by_what_is_certain),
		cmocka_unit_test(software_has_rows_of_its_own),
		cmocka_unit_test(places_stand_by_their_octets),
		cmocka_unit_test(exchanges_and_resources_count_once),
		cmocka_unit_test(resources_are_bounded),
		cmocka_unit_test(the_example_is_the_earliest),
		cmocka_unit_test(rare_software_makes_room),
		cmocka_unit_test(what_is_hidden_makes_rows_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) +
	       ROWS_RUN(versions, versions_are_believed_when_there_are_two);
}
