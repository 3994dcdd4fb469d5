// room: ct_report
/* What an exchange adds to which number. */
#include "analyzer/report/tally.h"

#include "tests/lib/rows.h"

enum {
	MEMORY_BYTES = 1 << 20
};

/* A GET that was answered, nothing special about it. */
static struct exchange
answered(uint16_t status)
{
	struct exchange x = {
		.has_request = true,
		.has_response = true,
		.method = METHOD_GET,
		.pairing = PAIRING_EXACT,
		.wait_ns = 20000000,
		.host = SLICE("h.test"),
		.path_query = SLICE("/a"),
		.last_modified = {.form = HTTPDATE_INVALID},
	};

	x.q.method = SLICE("GET");
	x.q.complete = x.r.complete = true;
	x.q.head_bytes = 50;
	x.r.head_bytes = 100;
	x.r.status = status;
	return x;
}

static struct verdict
judged(enum outcome outcome)
{
	return (struct verdict){.outcome = outcome};
}

static struct verdict
conditional(enum outcome outcome)
{
	return (struct verdict){.outcome = outcome,
		.in_conditional = true,
		.validator_matched = true,
		.validator_compared = true};
}

static struct before
resource(uint64_t number)
{
	return (struct before){.resource = key_add_number(key_start(3), number)};
}

static void
add(struct tally *tally, const struct exchange *x, const struct verdict *v)
{
	struct before before = resource(1);

	tally_add(tally, x, &before, v);
}

static void
counts_messages(void **state)
{
	struct tally *tally = tally_new(
		&(struct tables_options){.memory_bytes = MEMORY_BYTES});
	struct exchange x = answered(200), unanswered = answered(0),
			orphan = answered(304);
	struct verdict full = judged(OUTCOME_FULL), none = judged(OUTCOME_UNANSWERED);

	(void)state;
	add(tally, &x, &full);
	x.r.complete = false;
	x.interim_count = 2;
	add(tally, &x, &full);
	unanswered.has_response = false;
	unanswered.q.method = SLICE("P\xffT");
	add(tally, &unanswered, &none);
	orphan.has_request = false;
	orphan.r.content_bytes = 1000;
	tally_add(tally, &orphan, NULL, NULL);

	assert_int_equal(tally->http.requests, 3);
	assert_int_equal(tally->http.responses, 3);
	assert_int_equal(tally->http.interim, 2);
	assert_int_equal(tally->http.unanswered, 1);
	assert_int_equal(tally->http.orphan_responses, 1);
	assert_int_equal(tally->http.incomplete, 1);
	assert_int_equal(tally->http.by_status[200], 2);
	assert_int_equal(tally->http.by_status[304], 1);
	assert_int_equal(tally->http.method_count, 1);
	assert_int_equal(tally->http.methods[0].count, 2);
	assert_int_equal(tally->http.other_methods, 1);
	assert_int_equal(tally->outcomes[OUTCOME_UNANSWERED], 1);
	assert_int_equal(tally->share_of_gets.den, 2);
	assert_int_equal(tally_octets_total(tally), 450);
	tally_free(&tally);
	assert_null(tally);
}

static void
methods_are_bounded(void **state)
{
	struct tally *tally = tally_new(
		&(struct tables_options){.memory_bytes = MEMORY_BYTES});
	struct exchange x = answered(200);
	struct verdict v = judged(OUTCOME_OTHER_METHOD);
	uint64_t sum = 0;

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		char name[8];
		int n = snprintf(name, sizeof name, "M%u", i % 500);

		x.q.method = slice_of(name, (size_t)n);
		add(tally, &x, &v);
	}
	for (unsigned i = 0; i < tally->http.method_count; i++)
		sum += tally->http.methods[i].count;
	assert_int_equal(tally->http.method_count, TALLY_METHODS);
	assert_int_equal(sum + tally->http.other_methods, 1000);
	tally_free(&tally);
}

static void
octets_go_to_their_columns(void **state)
{
	struct tally *tally = tally_new(
		&(struct tables_options){.memory_bytes = MEMORY_BYTES});
	struct exchange x = answered(200);
	struct verdict v = judged(OUTCOME_FULL);

	(void)state;
	x.q.content_bytes = 7;
	x.q.framing_bytes = 3;
	x.interim_bytes = 25;
	x.r.content_bytes = 10000;
	x.r.framing_bytes = 28;
	x.stray_bytes = 4;
	add(tally, &x, &v);
	assert_int_equal(tally->octets.q_head, 50);
	assert_int_equal(tally->octets.q_body, 10);
	assert_int_equal(tally->octets.r_head, 125);
	assert_int_equal(tally->octets.r_content, 10000);
	assert_int_equal(tally->octets.r_framing, 28);
	assert_int_equal(tally->octets.stray, 4);
	assert_int_equal(tally_octets_total(tally), 10217);
	assert_int_equal(tally->ok_get_wire_octets, 10028);
	tally_free(&tally);
}

static void
rates_share_their_numerator(void **state)
{
	static const enum outcome outcomes[] = {OUTCOME_VALIDATED, OUTCOME_VALIDATED,
		OUTCOME_MISSED_MATCH, OUTCOME_MISSED_CHURN, OUTCOME_CHANGED,
		OUTCOME_INDETERMINATE, OUTCOME_MISMATCHED_304, OUTCOME_GONE};
	struct tally *tally = tally_new(
		&(struct tables_options){.memory_bytes = MEMORY_BYTES});
	struct tally_conditional all;

	(void)state;
	for (unsigned i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
		struct exchange x = answered(
			outcomes[i] == OUTCOME_VALIDATED ? 304 : 200);
		struct verdict v = conditional(outcomes[i]);

		x.cond = COND_INM;
		x.inm = x.inm_first.raw = SLICE("\"a\"");
		v.presumed = outcomes[i] == OUTCOME_CHANGED;
		add(tally, &x, &v);
	}
	all = tally_conditional_all(tally);
	assert_int_equal(tally_hit(&all).num, 2);
	assert_int_equal(tally_hit(&all).den, 8);
	assert_int_equal(tally_evaluable_hit(&all).num, 2);
	assert_int_equal(tally_evaluable_hit(&all).den, 6);
	assert_int_equal(tally_recall(&all).num, 2);
	assert_int_equal(tally_recall(&all).den, 4);
	assert_int_equal(tally_recall_low(&all).den, 7);
	assert_int_equal(tally->by_form[COND_INM].num, 2);
	assert_int_equal(tally->by_form[COND_INM].den, 8);
	assert_int_equal(tally->matched_recall.num, 2);
	assert_int_equal(tally->matched_recall.den, 8);
	tally_free(&tally);
}

static const struct strength_row {
	const char *name;
	struct slice inm;
	enum tally_strength strength;
} strength_rows[] = {
	{"one strong tag", SLICE_INIT("\"a\""), STRENGTH_STRONG},
	{"one weak tag", SLICE_INIT("W/\"a\""), STRENGTH_WEAK},
	{"weak tags only", SLICE_INIT("W/\"a\", W/\"b\""), STRENGTH_WEAK},
	{"both kinds", SLICE_INIT("\"a\", W/\"b\""), STRENGTH_MIXED},
	{"a comma within a tag separates nothing", SLICE_INIT("\"a, W/b\""),
		STRENGTH_STRONG},
};

static void
knows_strength(void **state)
{
	const struct strength_row *row = *state;
	struct tally *tally = tally_new(
		&(struct tables_options){.memory_bytes = MEMORY_BYTES});
	struct exchange x = answered(304);
	struct verdict v = conditional(OUTCOME_VALIDATED);

	x.cond = COND_BOTH;
	x.inm = x.inm_others = row->inm;
	etag_next(&x.inm_others, &x.inm_first);
	add(tally, &x, &v);
	for (unsigned i = 0; i < STRENGTH_COUNT; i++)
		assert_int_equal(tally->by_strength[i].den, i == row->strength);
	tally_free(&tally);
}

static void
head_requests_are_apart(void **state)
{
	struct tally *tally = tally_new(
		&(struct tables_options){.memory_bytes = MEMORY_BYTES});
	struct exchange x = answered(304);
	struct verdict v = conditional(OUTCOME_VALIDATED);

	(void)state;
	x.method = METHOD_HEAD;
	x.cond = COND_IMS;
	v.saving.source = SAVING_HEAD_METHOD;
	add(tally, &x, &v);
	assert_int_equal(tally->conditional[ASKER_HEAD].validated, 1);
	assert_int_equal(tally->conditional[ASKER_GET].asked, 0);
	assert_int_equal(tally->share_of_gets.den, 0);
	assert_int_equal(tally->conditional_share.num, 1);
	assert_int_equal(tally_saved_known(tally), 0);
	assert_int_equal(tally->validated_head_octets, 150);
	tally_free(&tally);
}

static void
savings_may_come_late(void **state)
{
	struct tally *tally = tally_new(
		&(struct tables_options){.memory_bytes = MEMORY_BYTES});
	struct exchange x = answered(304);
	struct verdict v = conditional(OUTCOME_VALIDATED);

	(void)state;
	v.saving = (struct saving){SAVING_OWN, 10000};
	add(tally, &x, &v);
	v.saving = (struct saving){SAVING_UNKNOWN, 0};
	add(tally, &x, &v);
	assert_int_equal(tally_saved_octets(tally), 10000);
	assert_int_equal(tally->saved.count[SAVING_UNKNOWN], 1);
	tally_late_saving(tally, 0, 7000, false);
	assert_int_equal(tally_saved_octets(tally), 17000);
	assert_int_equal(tally_saved_known(tally), 2);
	assert_int_equal(tally->saved.count[SAVING_UNKNOWN], 0);
	assert_int_equal(tally->saved.octets[SAVING_LATER], 7000);
	tally_free(&tally);
}

static void
needless_savings_are_apart(void **state)
{
	struct tally *tally = tally_new(
		&(struct tables_options){.memory_bytes = MEMORY_BYTES});
	struct exchange x = answered(304), full = answered(200);
	struct verdict v = conditional(OUTCOME_VALIDATED), blind = judged(OUTCOME_FULL);

	(void)state;
	v.saving = (struct saving){SAVING_OWN, 1000};
	add(tally, &x, &v);
	v.needless = true;
	add(tally, &x, &v);
	v.saving = (struct saving){SAVING_UNKNOWN, 0};
	add(tally, &x, &v);
	blind.waste[blind.waste_count++] = waste_of_class(
		WASTE_BLIND_REFETCH, PART_BODY, 3000);
	full.r.content_bytes = 3000;
	add(tally, &full, &blind);
	assert_int_equal(tally->needless.octets, 1000);
	assert_int_equal(tally->needless.unknown, 1);
	assert_int_equal(tally_revalidation_efficiency(tally).num, 1000);
	assert_int_equal(tally_revalidation_efficiency(tally).den, 4000);
	tally_late_saving(tally, 0, 500, true);
	assert_int_equal(tally->needless.octets, 1500);
	assert_int_equal(tally->needless.unknown, 0);
	assert_int_equal(tally_revalidation_efficiency(tally).num, 1000);
	assert_null(tally_check(tally));
	tally_free(&tally);
}

/* Of a cookie's exchange only the cookie was needless. */
static void
waits_of_what_need_not_have_happened(void **state)
{
	static const enum waste_class classes[] = {WASTE_FRESH_REVALIDATION,
		WASTE_FRESH_REVALIDATION, WASTE_RELOAD_REVALIDATION,
		WASTE_COOKIE_ON_STATIC};
	struct tally *tally = tally_new(
		&(struct tables_options){.memory_bytes = MEMORY_BYTES});
	struct exchange x = answered(304), head = answered(200);
	struct before before = resource(1);
	struct waste probe = waste_of_class(WASTE_HEAD_PROBE, PART_HEAD, 150);
	struct verdict none = judged(OUTCOME_FULL);

	(void)state;
	for (unsigned i = 0; i < sizeof classes / sizeof *classes; i++) {
		struct verdict v = conditional(OUTCOME_VALIDATED);

		v.waste[v.waste_count++] = waste_of_class(classes[i], PART_HEAD, 30);
		add(tally, &x, &v);
	}
	head.method = METHOD_HEAD;
	add(tally, &head, &none);
	tally_late_probe(tally, 0, &head, &before, &probe);
	assert_int_equal(tally->avoidable_wait_ns[TIER_2], 40000000);
	assert_int_equal(tally->avoidable_wait_ns[TIER_3], 40000000);
	assert_int_equal(tally_wasted(tally, TIER_3), 210);
	assert_null(tally_check(tally));
	tally_free(&tally);
}

static void
waste_is_booked_by_class_and_cause(void **state)
{
	struct tally *tally = tally_new(
		&(struct tables_options){.memory_bytes = MEMORY_BYTES});
	struct exchange x = answered(200);
	struct verdict v = judged(OUTCOME_FULL);

	(void)state;
	v.waste_count = 2;
	v.waste[0] = (struct waste){
		WASTE_FRESH_REFETCH, PART_BODY, TIER_2, FAULT_CLIENT, CAUSE_NONE, 10000};
	v.waste[1] = (struct waste){
		WASTE_FRESH_REFETCH, PART_HEAD, TIER_2, FAULT_CLIENT, CAUSE_NONE, 176};
	add(tally, &x, &v);
	v.waste_count = 1;
	v.waste[0] = (struct waste){WASTE_IGNORED_MATCH, PART_BODY, TIER_1, FAULT_SERVER,
		CAUSE_CODING_SUFFIX, 500};
	add(tally, &x, &v);
	v.waste[0] = (struct waste){
		WASTE_ILLEGAL_BODY, PART_STRAY, TIER_1, FAULT_SERVER, CAUSE_NONE, 25};
	add(tally, &x, &v);

	assert_int_equal(tally_wasted(tally, TIER_1), 525);
	assert_int_equal(tally_wasted(tally, TIER_2), 10176);
	assert_int_equal(tally_headline(tally), 10701);
	assert_int_equal(tally->headline_body_octets, 10525);
	assert_int_equal(tally->headline_head_octets, 176);
	assert_int_equal(tally->missed_304_octets, 500);
	assert_int_equal(tally->waste[WASTE_FRESH_REFETCH][CAUSE_NONE].exchanges, 1);
	assert_int_equal(
		tally->waste[WASTE_IGNORED_MATCH][CAUSE_CODING_SUFFIX].octets[TIER_1],
		500);
	tally_free(&tally);
}

static void
validators_are_those_of_full_answers(void **state)
{
	struct tally *tally = tally_new(
		&(struct tables_options){.memory_bytes = MEMORY_BYTES});
	struct exchange x = answered(200);
	struct verdict v = judged(OUTCOME_FULL);

	(void)state;
	add(tally, &x, &v);
	x.etag = etag_parse(SLICE("W/\"a\""));
	add(tally, &x, &v);
	x.last_modified.form = HTTPDATE_IMF;
	add(tally, &x, &v);
	x.r.status = 206;
	add(tally, &x, &v);
	assert_int_equal(tally->validators.responses, 3);
	assert_int_equal(tally->validators.none, 1);
	assert_int_equal(tally->validators.etag_only, 1);
	assert_int_equal(tally->validators.both, 1);
	assert_int_equal(tally->validators.etag_weak, 2);
	assert_int_equal(tally->validators.lm, 1);
	tally_free(&tally);
}

static void
add_to_resource(struct tally *tally, uint64_t number, uint64_t wasted)
{
	struct exchange x = answered(200);
	struct before before = resource(number);
	struct verdict v = judged(OUTCOME_FULL);
	uint8_t path[] = {'/', (uint8_t)('a' + number)};

	x.path_query = slice_of(path, sizeof path);
	x.r.content_bytes = wasted;
	v.waste_count = wasted ? 1 : 0;
	v.waste[0] = (struct waste){
		WASTE_BLIND_REFETCH, PART_BODY, TIER_2, FAULT_CLIENT, CAUSE_NONE, wasted};
	tally_add(tally, &x, &before, &v);
}

static void
urls_with_waste_are_counted(void **state)
{
	struct tally *tally = tally_new(
		&(struct tables_options){.memory_bytes = MEMORY_BYTES});
	const struct toplist_row *worst;

	(void)state;
	add_to_resource(tally, 1, 100);
	add_to_resource(tally, 2, 0);
	add_to_resource(tally, 3, 300);
	add_to_resource(tally, 1, 1);
	worst = toplist_worst(&tally->tables.lists[LIST_URL]);
	assert_int_equal(tally_wasteful(tally), 2);
	rows_assert_slice(worst->label, "h.test/d");
	assert_null(tally_check(tally));
	tally_free(&tally);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_messages),
		cmocka_unit_test(methods_are_bounded),
		cmocka_unit_test(octets_go_to_their_columns),
		cmocka_unit_test(rates_share_their_numerator),
		cmocka_unit_test(head_requests_are_apart),
		cmocka_unit_test(savings_may_come_late),
		cmocka_unit_test(needless_savings_are_apart),
		cmocka_unit_test(waits_of_what_need_not_have_happened),
		cmocka_unit_test(waste_is_booked_by_class_and_cause),
		cmocka_unit_test(validators_are_those_of_full_answers),
		cmocka_unit_test(urls_with_waste_are_counted),
	};

	rows_filter(argc, argv);
	return ROWS_RUN(strength_rows, knows_strength) +
	       cmocka_run_group_tests(tests, NULL, NULL);
}
