// room: ct_export
/* Conditions of --fail-on: which texts are one, and of which reports they hold. */
#include "analyzer/export/gate.h"

#include "tests/lib/rows.h"

#define RATE(num, den) "{\"num\":" num ",\"den\":" den ",\"value\":null}"
#define FINDING(rule, kind, severity, confidence, tentative, resource)                   \
	"{\"rule\":\"" rule "\",\"kind\":" kind ",\"severity\":\"" severity              \
	"\",\"confidence\":\"" confidence "\",\"tentative\":" tentative                  \
	",\"count\":3,\"octets\":7,\"resource\":\"" resource "\"}"

static const char report_text[] =
	"{\"capture\":{\"packets\":90,\"kernel_dropped\":2,\"sources\":["
	"{\"truncated_tail\":true},{\"truncated_tail\":false,\"trouble\":\"x\"}]},"
	"\"http\":{\"requests\":87},"
	"\"metrics\":{\"octets\":{\"total\":9007199254740993},"
	"\"outcomes\":{\"missed-churn\":5},"
	"\"rates\":{\"R1_conditional_hit.all\":" RATE("1",
		"3") "," /* line by line */
		     "\"R1_conditional_hit.head\":" RATE("0",
			     "0") ","
				  "\"R3_recall.all\":" RATE("4503599627370497",
					  "9007199254740993") "},"
							      "\"waste\":{\"T1\":{"
							      "\"alias\":1000},\"T2\":{},"
							      "\"T3\":{\"alias\":500}},"
							      "\"waste_sums\":{"
							      "\"headline\":1048576},"
							      "\"time\":{\"wasted_wait_"
							      "us\":1500}},"
							      "\"more\":{},"
							      "\"findings\":[" FINDING(
								      "304-with-body",
								      "\"chunked\"",
								      "violation",
								      "likely", "false",
								      "http://a") "," FINDING("no-validator",
								      "null", "warning",
								      "certain", "false",
								      "\\u001b[1mb") "," FINDING("no-validator",
								      "null", "warning",
								      "certain", "true",
								      "c") "],"
									   "\"quality\":{"
									   "\"packets\":{"
									   "\"damaged_"
									   "records\":1,"
									   "\"interface_"
									   "dropped\":3}}"
									   "}";

static const char known_text[] = "{\"findings\":[" FINDING(
	"no-validator", "null", "warning", "certain", "false", "\\u001b[1mb") "]}";

struct row {
	const char *name, *text;
	const char *says; /* NULL: does not hold */
	unsigned how;
};

enum how {
	PLAIN,
	LIKELY = 1 << 0, /* --fail-on-likely */
	KNOWN = 1 << 1,	 /* --baseline */
};

static const struct row holding[] = {
	{"a rate below the limit", "hit_rate<0.34", "1 of 3 (33.3 %)", PLAIN},
	{"a rate at the limit is not below it", "hit_rate<0.333333333", NULL, PLAIN},
	{"a percentage", "hit_rate<=33.4%", "1 of 3 (33.3 %)", PLAIN},
	{"the name in the report", "R1_conditional_hit.all>0.3", "1 of 3 (33.3 %)",
		PLAIN},
	{"the whole path", "metrics.rates.R1_conditional_hit.all>0.3", "1 of 3 (33.3 %)",
		PLAIN},
	{"no cases fail nothing", "hit_rate_head<0.9", NULL, PLAIN},
	{"no cases fail nothing, even if there should be none", "hit_rate_head>=0", NULL,
		PLAIN},
	{"a number that the report does not have", "recall_known<0.9", NULL, PLAIN},
	{"integers that no floating point can tell from a half", "recall>0.5",
		"4,503,599,627,370,497 of 9,007,199,254,740,993 (50.0 %)", PLAIN},
	{"and not below it", "recall<=0.5", NULL, PLAIN},
	{"octets in decimal units", "wasted>1.04MB",
		"1,048,576 of 9,007,199,254,740,993 octets", PLAIN},
	{"octets in binary units: not more", "wasted>1MiB", NULL, PLAIN},
	{"octets in binary units: as many", "wasted>=1MiB",
		"1,048,576 of 9,007,199,254,740,993 octets", PLAIN},
	{"a class of waste in all tiers", "alias>=1.5kB",
		"1,500 of 9,007,199,254,740,993 octets", PLAIN},
	{"an outcome", "missed-churn>4", "5, of 87 requests", PLAIN},
	{"an outcome that did not occur", "changed<1", "0, of 87 requests", PLAIN},
	{"a time", "wasted_wait>1.4ms", "1,500 microseconds, in 87 requests", PLAIN},
	{"a certain finding of that severity, escaped", "warning",
		"1 finding in 3 exchanges, first no-validator of \\x1B[1mb", PLAIN},
	{"likely ones do not count", "violation", NULL, PLAIN},
	{"unless they shall", "violation",
		"1 finding in 3 exchanges, first 304-with-body of http://a", LIKELY},
	{"a worse one is one of at least that severity; tentative ones count if likely "
	 "do",
		"warning", "3 findings in 9 exchanges, first 304-with-body of http://a",
		LIKELY},
	{"a rule", "no-validator",
		"1 finding in 3 exchanges, first no-validator of \\x1B[1mb", PLAIN},
	{"a kind of a rule", "304-with-body:chunked",
		"1 finding in 3 exchanges, first 304-with-body of http://a", LIKELY},
	{"another kind", "304-with-body:content-length", NULL, LIKELY},
	{"what is known does not count", "no-validator", NULL, KNOWN},
	{"what is not known counts", "no-validator",
		"1 finding in 3 exchanges, first no-validator of c", LIKELY | KNOWN},
	{"damage", "damaged", "1 damaged records, 1 files cut or damaged", PLAIN},
	{"drops, of the kernel and the interface", "drops",
		"5 packets dropped, 90 captured", PLAIN},
};

static void
test_holds(void **state)
{
	const struct row *row = *state;
	struct arena arena = {0};
	size_t at;
	struct jsonvalue *report = jsonread(
		slice_of(report_text, sizeof report_text - 1), &arena, &at);
	struct jsonvalue *baseline = jsonread(
		slice_of(known_text, sizeof known_text - 1), &arena, &at);
	struct found_list findings, known;
	struct gate gate;
	struct err err;
	struct out out;
	bool holds;

	assert_non_null(report);
	found_list_read(&findings, report);
	found_list_read(&known, baseline);
	out_init_memory(&out);
	assert_int_equal(gate_parse(&gate, row->text, &err), 0);
	holds = gate_holds(&gate, report, &findings, row->how & KNOWN ? &known : NULL,
		row->how & LIKELY, &out);
	assert_int_equal(holds, row->says != NULL);
	if (row->says)
		rows_assert_slice(out_contents(&out), row->says);
	out_fini(&out);
	found_list_fini(&findings);
	found_list_fini(&known);
	arena_fini(&arena);
}

struct refused {
	const char *name, *text, *hint;
};

static const struct refused refusals[] = {
	{"nothing", "", "violation, warning, a rule, recall<0.9, wasted>10MB"},
	{"a number that was probably meant", "recal<0.9", "recall"},
	{"a class that was probably meant", "alia>1", "alias"},
	{"a rule that was probably meant", "304-with-bdy", "304-with-body"},
	{"a number without a comparison", "recall", "recall<NUMBER or recall>NUMBER"},
	{"a kind that the rule does not have", "no-validator:x", "no-validator"},
	{"no limit", "recall<", "recall<5% or 0.05"},
	{"a sign", "recall<-1", "recall<5% or 0.05"},
	{"a blank", "recall< 1", "recall<5% or 0.05"},
	{"a point without digits", "recall<1.", "recall<5% or 0.05"},
	{"a percentage of octets", "wasted>5%", "wasted>10MB"},
	{"octets of a rate", "recall<5MB", "recall<5% or 0.05"},
	{"a unit of another kind", "wasted_wait>5MB", "wasted_wait>500ms"},
	{"a number that does not fit", "wasted>99999999999999999999", "wasted>10MB"},
	{"a number that does not fit with its unit", "wasted>99999999999999GB",
		"wasted>10MB"},
	{"more digits than anybody means", "recall<0.1234567891", "recall<5% or 0.05"},
	{"a count with a unit", "gaps>1MB", "gaps>10"},
};

static void
test_refused(void **state)
{
	const struct refused *row = *state;
	struct gate gate;
	struct err err;

	assert_int_equal(gate_parse(&gate, row->text, &err), -1);
	assert_int_equal(err.code, EXIT_USAGE);
	assert_string_equal(err.hint, row->hint);
}

/* Each name is one number's; those that the report has, too, are the same number's. */
static void
test_names(void **state)
{
	struct gate gate;
	struct err err;

	(void)state;
	for (size_t i = 0; measure_at(i); i++) {
		const struct measure *m = measure_at(i);

		assert_ptr_equal(measure_named(slice_of(m->name, strlen(m->name))), m);
		assert_int_equal(gate_parse(&gate, m->name, &err), -1);
		for (unsigned class = 0; class < WASTE_COUNT; class ++)
			assert_string_not_equal(waste_name(class), m->name);
		for (unsigned outcome = 0; outcome < OUTCOME_COUNT; outcome++)
			assert_string_not_equal(outcome_name(outcome), m->name);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest names[] = {cmocka_unit_test(test_names)};

	rows_filter(argc, argv);
	return ROWS_RUN(holding, test_holds) + ROWS_RUN(refusals, test_refused) +
	       cmocka_run_group_tests_name("names", names, NULL, NULL);
}
