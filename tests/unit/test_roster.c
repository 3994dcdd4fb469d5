// room: ct_rules ct_ledger ct_history ct_http
/* Which rules are asked at all, and in which order. */
#include "analyzer/rules/roster.h"
#include "tests/lib/rows.h"

/* How often the roster asks a rule. */
static unsigned
times_asked(const struct roster *roster, enum rule_id rule)
{
	unsigned times = 0;

	for (unsigned g = 0; g < roster->group_count; g++)
		for (unsigned i = roster->groups[g].begin; i < roster->groups[g].end; i++)
			times += roster->asked[i].rule == rule;
	return times;
}

static void
test_all(void **state)
{
	struct roster roster = {.group_count = 0};
	bool is_on[RULE_COUNT];

	(void)state;
	for (unsigned i = 0; i < RULE_COUNT; i++)
		is_on[i] = true;
	roster_build(&roster, is_on);
	for (unsigned i = 0; i < RULE_COUNT; i++)
		assert_int_equal(times_asked(&roster, i), 1);
	for (unsigned g = 0; g < roster.group_count; g++)
		assert_int_equal((roster.groups[g].needed.facts & FACT_MANY) != 0,
			g >= roster.many_from);
}

static void
test_none(void **state)
{
	struct roster roster = {.group_count = 0};
	bool is_on[RULE_COUNT] = {false};

	(void)state;
	roster_build(&roster, is_on);
	assert_int_equal(roster.group_count, 0);
}

static void
test_one(void **state)
{
	struct roster roster = {.group_count = 0};
	bool is_on[RULE_COUNT] = {[RULE_NO_VALIDATOR] = true};

	(void)state;
	roster_build(&roster, is_on);
	assert_int_equal(times_asked(&roster, RULE_NO_VALIDATOR), 1);
	assert_int_equal(times_asked(&roster, RULE_HOST_IGNORES_CONDITIONALS), 1);
	assert_int_equal(times_asked(&roster, RULE_BARE_LF), 0);
}

struct facts_row {
	const char *name;
	enum rule_id rule;
	unsigned facts;
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
	struct facts needed = facts_needed(row_of(row->rule));
	struct facts has = {row->facts, FIELD_BIT(row->field) | FIELD_BIT(FIELD_OTHER)};

	assert_int_equal(facts_suffice(&has, &needed), row->asked);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_one),
	};
	int failed;

	rows_filter(argc, argv);
	failed = ROWS_RUN(facts_rows, test_facts);
	failed += cmocka_run_group_tests_name("roster", tests, NULL, NULL);
	return failed != 0;
}
