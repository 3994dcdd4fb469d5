// room: ct_report
/* The laws of the numbers: they hold of what was added, and each notices its breach. */
#include "analyzer/report/tally.h"

#include "tests/lib/rows.h"

enum {
	MEMORY_BYTES = 1 << 20
};

/* A conditional GET that was answered in full in vain, and one that got its 304. */
static struct tally *
make(void)
{
	struct tally *tally = tally_new(
		&(struct tables_options){.memory_bytes = MEMORY_BYTES});
	struct exchange x = {.has_request = true,
		.has_response = true,
		.method = METHOD_GET,
		.cond = COND_INM,
		.inm = SLICE("\"a\""),
		.pairing = PAIRING_EXACT,
		.host = SLICE("h.test"),
		.path_query = SLICE("/")};
	struct before before = {.resource = key_start(1)};
	struct verdict v = {.outcome = OUTCOME_MISSED_MATCH,
		.in_conditional = true,
		.waste_count = 1,
		.waste = {{WASTE_IGNORED_MATCH, PART_BODY, TIER_1, FAULT_SERVER,
			CAUSE_CODING_SUFFIX, 10}}};

	x.q.method = SLICE("GET");
	x.q.complete = x.r.complete = true;
	x.r.status = 200;
	x.r.content_bytes = 10;
	tally_add(tally, &x, &before, &v);
	x.r.status = 304;
	x.r.content_bytes = 0;
	v = (struct verdict){.outcome = OUTCOME_VALIDATED, .in_conditional = true};
	tally_add(tally, &x, &before, &v);
	return tally;
}

struct row {
	const char *name;
	size_t offset; /* of a number in the tally, to which one is added */
};

static const struct row rows[] = {
	{"a method too many", offsetof(struct tally, http.other_methods)},
	{"a status too many", offsetof(struct tally, http.by_status[304])},
	{"an unanswered request too many", offsetof(struct tally, http.unanswered)},
	{"an orphan too many", offsetof(struct tally, http.orphan_responses)},
	{"an outcome too many", offsetof(struct tally, outcomes[OUTCOME_FULL])},
	{"a pair too many", offsetof(struct tally, doubts.exact)},
	{"a condition too many", offsetof(struct tally, conditional[0].asked)},
	{"a validated one too many", offsetof(struct tally, conditional[0].validated)},
	{"a form too many", offsetof(struct tally, by_form[COND_IMS].den)},
	{"a strength too many", offsetof(struct tally, by_strength[0].den)},
	{"a hit too many", offsetof(struct tally, matched_recall.num)},
	{"a cause too many", offsetof(struct tally, waste[0][CAUSE_NONE].octets[TIER_2])},
	{"an octet of a class too many", offsetof(struct tally, waste_by_class[TIER_3])},
	{"an octet of a body too many", offsetof(struct tally, headline_body_octets)},
	{"an octet of likely waste too many",
		offsetof(struct tally, keys.t2_octets[EVIDENCE_ADDRESS])},
	{"a known tag too many", offsetof(struct tally, keys.foreign.den)},
	{"a waste in no table", offsetof(struct tally, tables.unplaced.waste[TIER_1])},
	{"a URL's exchange too many",
		offsetof(struct tally, tables.lists[LIST_URL].others.exchanges)},
	{"a client's octet too many",
		offsetof(struct tally, tables.lists[LIST_CLIENT].others.octets)},
	{"an outcome's octet too many",
		offsetof(struct tally, tables.kinds[KIND_OUTCOME][OUTCOME_FULL].octets)},
	{"a form's saving too many",
		offsetof(struct tally, tables.kinds[KIND_FORM][0].saved)},
	{"a class's octet too many", offsetof(struct tally, tables.classes[0].octets)},
	{"a missed one in time too many",
		offsetof(struct tally, tables.time.rows[0].missed)},
};

static void
notices(void **state)
{
	const struct row *row = *state;
	struct tally *tally = make();

	assert_null(tally_check(tally));
	++*(uint64_t *)(void *)((char *)tally + row->offset);
	assert_non_null(tally_check(tally));
	tally_free(&tally);
}

static void
an_empty_tally_keeps_the_laws(void **state)
{
	struct tally *tally = tally_new(
		&(struct tables_options){.memory_bytes = MEMORY_BYTES});

	(void)state;
	assert_null(tally_check(tally));
	tally_free(&tally);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_tally_keeps_the_laws),
	};

	rows_filter(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL) + ROWS_RUN(rows, notices);
}
