// room: ct_rules ct_ledger ct_history ct_http
/* Which rules are asked at all, and in which order. */
#include "analyzer/rules/roster.h"
#include "tests/lib/rows.h"

/* What is asked of an exchange that has everything. */
static struct rule_set
pick_all(struct roster *roster, struct rule_set *many)
{
	struct facts all = {UINT64_MAX, UINT64_MAX, LIKENESS_CASES - 1};
	const struct roster_pick *pick = roster_pick(roster, &all);

	*many = pick->many;
	return pick->first;
}

/* Once, and when its turn is. */
static bool
is_in(const struct roster_pick *pick, enum rule_id rule)
{
	bool waits = row_of(rule)->facts & FACT_MANY;

	assert_false(rule_set_has(waits ? &pick->first : &pick->many, rule));
	return rule_set_has(waits ? &pick->many : &pick->first, rule);
}

static void
test_all(void **state)
{
	struct roster roster;
	struct rule_set picked, many;
	bool is_on[RULE_COUNT];

	(void)state;
	for (unsigned i = 0; i < RULE_COUNT; i++)
		is_on[i] = true;
	roster_build(&roster, is_on);
	assert_false(roster.is_empty);
	picked = pick_all(&roster, &many);
	for (unsigned i = 0; i < RULE_COUNT; i++) {
		bool last = (row_of(i)->facts & FACT_MANY) != 0;

		assert_int_equal(rule_set_has(&picked, i), !last);
		assert_int_equal(rule_set_has(&many, i), last);
	}
}

static void
test_none(void **state)
{
	struct roster roster;
	bool is_on[RULE_COUNT] = {false};

	(void)state;
	roster_build(&roster, is_on);
	assert_true(roster.is_empty);
}

static void
test_one(void **state)
{
	struct roster roster;
	struct rule_set picked, many;
	bool is_on[RULE_COUNT] = {[RULE_NO_VALIDATOR] = true};

	(void)state;
	roster_build(&roster, is_on);
	picked = pick_all(&roster, &many);
	assert_true(rule_set_has(&picked, RULE_NO_VALIDATOR));
	assert_true(rule_set_has(&many, RULE_HOST_IGNORES_CONDITIONALS));
	assert_false(rule_set_has(&picked, RULE_BARE_LF));
	assert_false(rule_set_has(&many, RULE_BARE_LF));
}

struct facts_row {
	const char *name;
	enum rule_id rule;
	uint64_t facts;
	enum field_id field;
	bool asked;
};

static const struct facts_row facts_rows[] = {
	{"a rule about tags is asked of an answer with one", RULE_ETAG_MALFORMED,
		FACT_R | FACT_REQUEST | FACT_ON_ODD_TAG, FIELD_ETAG, true},
	{"and not of one without", RULE_ETAG_MALFORMED,
		FACT_R | FACT_REQUEST | FACT_ON_ODD_TAG, FIELD_DATE, false},
	{"nor of one that is as usual", RULE_ETAG_MALFORMED, FACT_R | FACT_REQUEST,
		FIELD_ETAG, false},
	{"nor if the head is not clean", RULE_ETAG_MALFORMED,
		FACT_REQUEST | FACT_ON_ODD_TAG, FIELD_ETAG, false},
	{"a rule that needs no field is asked of any head", RULE_CONTENT_ON_GET,
		FACT_Q | FACT_REQUEST | FACT_ON_UNUSUAL, FIELD_DATE, true},
	{"but not if nothing was asked", RULE_CONTENT_ON_GET, FACT_Q | FACT_ON_UNUSUAL,
		FIELD_DATE, false},
	{"a rule about hosts is asked of a request that is odd", RULE_HOST_MISSING,
		FACT_Q | FACT_REQUEST | FACT_ON_ODD_REQUEST, FIELD_DATE, true},
	{"and not of a usual one", RULE_HOST_MISSING, FACT_Q | FACT_REQUEST, FIELD_DATE,
		false},
};

static void
test_facts(void **state)
{
	const struct facts_row *row = *state;
	struct facts needed,
		has = {row->facts, FIELD_BIT(row->field) | FIELD_BIT(FIELD_OTHER),
			LIKENESS_CASES - 1};
	const struct roster_pick *picked;
	struct roster roster;
	bool is_on[RULE_COUNT];

	for (unsigned i = 0; i < RULE_COUNT; i++)
		is_on[i] = true;
	roster_build(&roster, is_on);
	picked = roster_pick(&roster, &has);
	assert_int_equal(is_in(picked, row->rule), row->asked);
	for (unsigned i = 0; i < RULE_COUNT; i++) {
		needed = facts_needed(row_of(i));
		assert_int_equal(is_in(picked, i), facts_suffice(&has, &needed));
	}
}

/* What many say takes those that wait for it, and no others. */
static void
test_of_many(void **state)
{
	struct roster roster;
	struct rule_set many, asked;
	bool is_on[RULE_COUNT];

	(void)state;
	for (unsigned i = 0; i < RULE_COUNT; i++)
		is_on[i] = true;
	roster_build(&roster, is_on);
	pick_all(&roster, &many);
	asked = roster_of_many(&roster, &many, AROUND_IGNORED);
	assert_true(rule_set_has(&asked, RULE_HOST_IGNORES_CONDITIONALS));
	assert_true(rule_set_has(&asked, RULE_REFETCH_UNCONDITIONAL));
	assert_false(rule_set_has(&asked, RULE_DATE_SKEWED));
	assert_false(rule_set_has(&asked, RULE_FRESHNESS_TOO_SHORT));
	asked = roster_of_many(&roster, &many, 0);
	assert_false(rule_set_has(&asked, RULE_HOST_IGNORES_CONDITIONALS));
	assert_true(rule_set_has(&asked, RULE_REFETCH_UNCONDITIONAL));
	asked = roster_of_many(&roster, &many, AROUND_BY_MANY);
	assert_memory_equal(&asked, &many, sizeof many);
}

/* So does what recent answers have in common with one. */
static void
test_of_alike(void **state)
{
	struct roster roster;
	struct rule_set first, many, asked;
	bool is_on[RULE_COUNT];

	(void)state;
	for (unsigned i = 0; i < RULE_COUNT; i++)
		is_on[i] = true;
	roster_build(&roster, is_on);
	first = pick_all(&roster, &many);
	asked = roster_of_alike(&roster, &first, LIKENESS_CHANGED | LIKENESS_TAG_KEPT);
	assert_true(rule_set_has(&asked, RULE_STRONG_ETAG_BODY_CHANGED));
	assert_true(rule_set_has(&asked, RULE_CHANGED_WHILE_FRESH));
	assert_true(rule_set_has(&asked, RULE_ETAG_MALFORMED));
	assert_false(rule_set_has(&asked, RULE_IDENTICAL_BODY_RESENT));
	asked = roster_of_alike(&roster, &first, 0);
	assert_false(rule_set_has(&asked, RULE_CHANGED_WHILE_FRESH));
	assert_true(rule_set_has(&asked, RULE_ETAG_MALFORMED));
	asked = roster_of_alike(&roster, &first, LIKENESS_CASES - 1);
	assert_memory_equal(&asked, &first, sizeof first);
}

/* Likeness is known of whole answers to GET, when rules are asked at first. */
static void
test_rows_of_alike(void **state)
{
	const uint64_t needed = FACT_Q | FACT_R | FACT_PAIR | FACT_WHOLE | FACT_HISTORY |
				FACT_ON_FULL;

	(void)state;
	for (unsigned i = 0; i < RULE_COUNT; i++) {
		const struct row *row = row_of(i);

		assert_true(!row->likeness || (row->facts & needed) == needed);
		assert_true(!row->likeness || !(row->facts & FACT_MANY));
	}
}

/* The same facts pick the same rules again, and others others, whatever is kept. */
static void
test_pick_again(void **state)
{
	struct roster roster;
	bool is_on[RULE_COUNT];

	(void)state;
	for (unsigned i = 0; i < RULE_COUNT; i++)
		is_on[i] = true;
	roster_build(&roster, is_on);
	for (unsigned round = 0; round < 2; round++)
		for (unsigned bits = 0; bits < 1 << 10; bits++) {
			struct facts has = {.facts = FACT_REQUEST | FACT_Q | FACT_R |
						     FACT_PAIR | bits * FACT_ON_GET,
				.fields = UINT64_MAX,
				.likeness = LIKENESS_CASES - 1};
			const struct roster_pick *picked = roster_pick(&roster, &has);

			for (unsigned i = 0; i < RULE_COUNT; i++) {
				struct facts needed = facts_needed(row_of(i));

				assert_int_equal(
					is_in(picked, i), facts_suffice(&has, &needed));
			}
		}
}

static void
test_sets(void **state)
{
	struct rule_set a = {{0}}, b = {{0}};

	(void)state;
	rule_set_add(&a, RULE_BARE_LF);
	assert_false(rule_set_meets(&a, &b));
	rule_set_add(&b, RULE_NO_VALIDATOR);
	assert_false(rule_set_meets(&a, &b));
	rule_set_add(&b, RULE_BARE_LF);
	assert_true(rule_set_meets(&a, &b));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_one),
		cmocka_unit_test(test_of_many),
		cmocka_unit_test(test_of_alike),
		cmocka_unit_test(test_rows_of_alike),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_pick_again),
	};
	int failed;

	rows_filter(argc, argv);
	failed = ROWS_RUN(facts_rows, test_facts);
	failed += cmocka_run_group_tests_name("roster", tests, NULL, NULL);
	return failed != 0;
}
