// room: ct_report
/* Which rows an exchange is in, and that every table has all of it once. */
#include "analyzer/report/tally.h"

#include "tests/lib/make_exchange.h"
#include "tests/lib/rows.h"

enum {
	MEMORY_BYTES = 1 << 20
};

struct world {
	struct tally *tally;
	struct before before;
	struct verdict verdict;
};

static void
world_init(struct world *w)
{
	*w = (struct world){.tally = tally_new(&(struct tables_options){
				    .memory_bytes = MEMORY_BYTES}),
		.verdict = {.outcome = OUTCOME_FULL}};
}

static void
world_add(struct world *w, const struct making *making)
{
	struct exchange *x = make_exchange(making);

	w->before.client = key_add_number(key_start(1), making->client);
	tally_add(w->tally, x, &w->before, &w->verdict);
	exchange_free(&x);
}

static void
world_fini(struct world *w)
{
	assert_null(tally_check(w->tally));
	tally_free(&w->tally);
}

static const struct toplist_row *
row_of(const struct world *w, enum tables_list list, const char *label)
{
	const struct toplist *rows = &w->tally->tables.lists[list];

	for (size_t i = 0; i < rows->count; i++)
		if (label ? slice_eq(rows->rows[i].label, slice_of(label, strlen(label)))
			  : !rows->rows[i].label.at)
			return &rows->rows[i];
	return NULL;
}

struct row {
	const char *name;
	struct making making;
	enum tables_list list;
	const char *label;
};

static const struct row rows[] = {
	{"hosts in lower case", {.request = "GET /\nHost: A.Example", .response = "200"},
		LIST_HOST, "a.example"},
	{"URLs by pattern", {.request = "GET /p/17?v=3", .response = "200"}, LIST_URL,
		"example.test/p/*?v=*"},
	{"types without parameters",
		{.request = "GET /",
			.response = "200\nContent-Type: Text/HTML ; charset=x"},
		LIST_TYPE, "text/html"},
	{"no type", {.request = "GET /", .response = "200"}, LIST_TYPE, NULL},
	{"an empty type", {.request = "GET /", .response = "200\nContent-Type: ;q"},
		LIST_TYPE, NULL},
	{"servers with their port",
		{.request = "GET /", .response = "200", .server_port = 8080}, LIST_SERVER,
		"192.0.2.80:8080"},
	{"agents as sent", {.request = "GET /", .response = "200", .agent = "x/1 (Y)"},
		LIST_AGENT, "x/1 (Y)"},
	{"requests without an answer", {.request = "GET /u"}, LIST_URL, "example.test/u"},
};

static void
is_in_row(void **state)
{
	const struct row *row = *state;
	const struct toplist_row *found;
	struct world w;

	world_init(&w);
	world_add(&w, &row->making);
	world_add(&w, &row->making);
	found = row_of(&w, row->list, row->label);
	assert_non_null(found);
	assert_int_equal(found->sums.exchanges, 2);
	world_fini(&w);
}

static void
a_304_is_of_the_type_of_its_url(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	world_add(&w, &(struct making){
			      .request = "GET /a", .response = "200\nContent-Type: a/b"});
	world_add(&w, &(struct making){.request = "GET /a", .response = "304"});
	world_add(&w, &(struct making){.request = "GET /b", .response = "304"});
	assert_int_equal(row_of(&w, LIST_TYPE, "a/b")->sums.exchanges, 2);
	assert_int_equal(row_of(&w, LIST_TYPE, NULL)->sums.exchanges, 1);
	world_fini(&w);
}

struct form_row {
	const char *name;
	const char *request;
	enum tables_form form;
};

static const struct form_row form_rows[] = {
	{"unconditional", "GET /", FORM_NONE},
	{"strong", "GET /\nIf-None-Match: \"a\"", FORM_INM_STRONG},
	{"weak", "GET /\nIf-None-Match: W/\"a\"", FORM_INM_WEAK},
	{"mixed", "GET /\nIf-None-Match: W/\"a\", \"b\"", FORM_INM_MIXED},
	{"a date", "GET /\nIf-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT", FORM_IMS},
	{"both",
		"GET /\nIf-None-Match: W/\"a\"\nIf-Modified-Since: Thu, 01 Jan 2026 "
		"00:00:00 GMT",
		FORM_BOTH_WEAK},
	{"a star", "GET /\nIf-None-Match: *", FORM_STAR},
	{"a write", "PUT /\nIf-Match: \"a\"", FORM_WRITE},
};

static void
has_form(void **state)
{
	const struct form_row *row = *state;
	struct world w;

	world_init(&w);
	world_add(&w, &(struct making){.request = row->request, .response = "200"});
	assert_int_equal(w.tally->tables.kinds[KIND_FORM][row->form].exchanges, 1);
	world_fini(&w);
}

static void
robots_have_rows(void **state)
{
	static const char
		bot[] = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://g.test)";
	unsigned google = robot_of(SLICE("Googlebot"));
	const struct sums *robots;
	struct world w;

	(void)state;
	world_init(&w);
	world_add(&w, &(struct making){.request = "GET /", .agent = bot, .client = 1});
	world_add(&w, &(struct making){.request = "GET /", .agent = bot, .client = 2});
	world_add(&w, &(struct making){.request = "GET /", .agent = "x/1", .client = 2});
	robots = w.tally->tables.kinds[KIND_ROBOT];
	assert_int_equal(robots[google].exchanges, 2);
	assert_int_equal(robots[ROBOT_NONE].exchanges, 1);
	assert_int_equal(row_of(&w, LIST_AGENT, bot)->robot, google);
	assert_int_equal(row_of(&w, LIST_AGENT, "x/1")->robot, ROBOT_NONE);
	assert_int_equal(w.tally->tables.lists[LIST_CLIENT].rows[0].robot, google);
	assert_int_equal(w.tally->tables.lists[LIST_CLIENT].rows[1].robot, ROBOT_NONE);
	world_fini(&w);
}

static unsigned
class_of(enum waste_class class, enum waste_cause cause)
{
	return class * CAUSE_COUNT + cause;
}

static void
a_class_has_what_it_took(void **state)
{
	const struct sums *classes, *refetch;
	struct world w;

	(void)state;
	world_init(&w);
	w.verdict.waste_count = 2;
	w.verdict.waste[0] = waste_of_class(WASTE_ILLEGAL_BODY, PART_STRAY, 5);
	w.verdict.waste[1] = waste_of_class(WASTE_FRESH_REFETCH, PART_BODY, 7);
	world_add(&w, &(struct making){.request = "GET /",
			      .response = "200",
			      .body = "octets!",
			      .stray_bytes = 5});
	classes = w.tally->tables.classes;
	refetch = &classes[class_of(WASTE_FRESH_REFETCH, CAUSE_NONE)];
	assert_int_equal(refetch->exchanges, 1);
	assert_int_equal(refetch->octets, 7);
	assert_int_equal(classes[class_of(WASTE_ILLEGAL_BODY, CAUSE_NONE)].exchanges, 0);
	assert_int_equal(classes[class_of(WASTE_ILLEGAL_BODY, CAUSE_NONE)].octets, 5);
	assert_int_equal(classes[TABLES_CLASSES].exchanges, 0);
	assert_int_equal(
		classes[TABLES_CLASSES].octets, tally_octets_total(w.tally) - 12);
	assert_int_equal(row_of(&w, LIST_URL, "example.test/")->why, WASTE_FRESH_REFETCH);
	world_fini(&w);
}

static void
a_late_saving_finds_its_rows(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	w.verdict = (struct verdict){.outcome = OUTCOME_VALIDATED,
		.in_conditional = true,
		.saving.source = SAVING_UNKNOWN,
		.saving_ticket = 9};
	world_add(&w, &(struct making){.request = "GET /a\nIf-None-Match: \"a\"",
			      .response = "304"});
	tally_late_saving(w.tally, 9, 700, false);
	assert_int_equal(row_of(&w, LIST_URL, "example.test/a")->sums.saved, 700);
	assert_int_equal(
		w.tally->tables.kinds[KIND_OUTCOME][OUTCOME_VALIDATED].saved, 700);
	assert_int_equal(w.tally->tables.kinds[KIND_FORM][FORM_INM_STRONG].saved, 700);
	assert_null(tally_check(w.tally));
	tally_late_saving(w.tally, 10, 3, false);
	w.tally->saved.count[SAVING_UNKNOWN]++;
	assert_int_equal(tables_unplaced_octets(&w.tally->tables), 3);
	world_fini(&w);
}

static void
a_late_probe_finds_its_rows(void **state)
{
	struct making making = {.request = "HEAD /a", .response = "200"};
	struct waste waste = waste_of_class(WASTE_HEAD_PROBE, PART_HEAD, 20);
	struct exchange *head = make_exchange(&making);
	const struct sums *probes;
	struct world w;

	(void)state;
	world_init(&w);
	w.verdict.probe_ticket = 4;
	world_add(&w, &making);
	tally_late_probe(w.tally, 4, head, &w.before, &waste);
	probes = &w.tally->tables.classes[class_of(WASTE_HEAD_PROBE, CAUSE_NONE)];
	assert_int_equal(probes->exchanges, 1);
	assert_int_equal(probes->octets, 20);
	assert_int_equal(probes->waits.count, 1);
	assert_int_equal(w.tally->tables.classes[TABLES_CLASSES].exchanges, 0);
	assert_int_equal(row_of(&w, LIST_URL, "example.test/a")->sums.waste[TIER_3], 20);
	exchange_free(&head);
	world_fini(&w);
}

static void
who_could_ask_and_did(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	w.verdict.had_validator = true;
	world_add(&w, &(struct making){.request = "GET /a", .response = "200"});
	world_add(&w, &(struct making){.request = "HEAD /a", .response = "200"});
	w.verdict = (struct verdict){.outcome = OUTCOME_VALIDATED,
		.had_validator = true,
		.in_conditional = true,
		.saving.source = SAVING_SEEN};
	world_add(&w, &(struct making){.request = "GET /a\nIf-None-Match: \"a\"",
			      .response = "304"});
	w.before.asks_known = true;
	world_add(&w, &(struct making){.request = "GET /a\nIf-None-Match: \"b\"",
			      .response = "304"});
	assert_int_equal(row_of(&w, LIST_AGENT, "t/1")->sums.echo.num, 1);
	assert_int_equal(row_of(&w, LIST_AGENT, "t/1")->sums.echo.den, 2);
	assert_int_equal(row_of(&w, LIST_AGENT, "t/1")->sums.uptake.num, 2);
	assert_int_equal(row_of(&w, LIST_AGENT, "t/1")->sums.uptake.den, 3);
	world_fini(&w);
}

static void
waits_of_304s_and_200s_are_apart(void **state)
{
	const struct toplist_row *row;
	struct world w;

	(void)state;
	world_init(&w);
	world_add(&w, &(struct making){.request = "GET /a", .response = "200"});
	world_add(&w, &(struct making){.request = "GET /a", .response = "404"});
	world_add(&w, &(struct making){.request = "HEAD /a", .response = "200"});
	w.verdict = (struct verdict){.outcome = OUTCOME_VALIDATED,
		.in_conditional = true,
		.saving.source = SAVING_SEEN};
	world_add(&w, &(struct making){.request = "GET /a\nIf-None-Match: \"a\"",
			      .response = "304"});
	row = row_of(&w, LIST_URL, "example.test/a");
	assert_int_equal(row->waits[ANSWER_200].count, 1);
	assert_int_equal(row->waits[ANSWER_304].count, 1);
	assert_in_range(histogram_at(&row->waits[ANSWER_304], 0.5), 19000, 21000);
	world_fini(&w);
}

static void
what_is_claimed_and_what_came(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	world_add(&w, &(struct making){.request = "GET /", .response = "200\nAge: 9"});
	world_add(&w, &(struct making){.request = "GET /", .response = "200"});
	assert_int_equal(w.tally->tables.kinds[KIND_CLAIM][CLAIM_HIT].exchanges, 1);
	assert_int_equal(w.tally->tables.claims[CLAIM_HIT][OUTCOME_FULL], 1);
	world_fini(&w);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_304_is_of_the_type_of_its_url),
		cmocka_unit_test(robots_have_rows),
		cmocka_unit_test(a_class_has_what_it_took),
		cmocka_unit_test(a_late_saving_finds_its_rows),
		cmocka_unit_test(a_late_probe_finds_its_rows),
		cmocka_unit_test(who_could_ask_and_did),
		cmocka_unit_test(waits_of_304s_and_200s_are_apart),
		cmocka_unit_test(what_is_claimed_and_what_came),
	};

	rows_filter(argc, argv);
	return ROWS_RUN(rows, is_in_row) + ROWS_RUN(form_rows, has_form) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
