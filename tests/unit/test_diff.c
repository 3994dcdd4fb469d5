// room: ct_export
/* What is better and worse in two reports, what chance explains, what is no comparison.
 */
#include "analyzer/export/diff.h"

#include "tests/lib/rows.h"

/* The examples of Newcombe, Statistics in Medicine 17 (1998), table II, method 10. */
struct pair {
	const char *name;
	uint64_t num, den, other_num, other_den;
	bool chance;
};

static const struct pair pairs[] = {
	{"56 of 70 and 48 of 80: from 0.05 to 0.33", 48, 80, 56, 70, false},
	{"9 of 10 and 3 of 10: from 0.17 to 0.81", 3, 10, 9, 10, false},
	{"6 of 7 and 2 of 7: from 0.06 to 0.81", 2, 7, 6, 7, false},
	{"5 of 56 and none of 29: from -0.04 to 0.19", 0, 29, 5, 56, true},
	{"none of 10 and none of 20", 0, 20, 0, 10, true},
	{"all of 10 and none of 20: from 0.68 to 1", 0, 20, 10, 10, false},
	{"one of one and none of one", 0, 1, 1, 1, true},
	{"many cases show a small difference", 500000, 1000000, 505000, 1000000, false},
	{"a few of the same share do not", 50, 100, 51, 100, true},
};

static void
test_chance(void **state)
{
	const struct pair *row = *state;
	struct measured a = {true, row->num, row->den};
	struct measured b = {true, row->other_num, row->other_den};

	assert_int_equal(diff_is_chance(a, b), row->chance);
	assert_int_equal(diff_is_chance(b, a), row->chance);
}

#define REPORT(options, hosts, quality, recall, wasted, findings)                        \
	"{\"tool\":{\"version\":\"1\"},\"options\":{" options                            \
	"},\"http\":{\"requests\":40},\"capture\":{\"kernel_dropped\":null},"            \
	"\"tables\":{\"host\":[" hosts "]},\"quality\":{" quality                        \
	"},\"metrics\":{\"octets\":{\"total\":1000},\"rates\":{\"R3_recall."             \
	"all\":" recall                                                                  \
	"},\"waste\":{\"T1\":{\"alias\":7}}},\"more\":{\"B3_wasted_share\":" wasted      \
	"},\"findings\":[" findings "]}"
#define RATE(num, den) "{\"num\":" #num ",\"den\":" #den ",\"value\":null}"
#define HOST(name) "{\"key\":\"" name "\"}"
#define WHOLE "\"exact\":true,\"complete_share\":" RATE(40, 40)
#define FINDING(resource)                                                                \
	"{\"rule\":\"r\",\"kind\":null,\"severity\":\"warning\",\"confidence\":"         \
	"\"certain\",\"tentative\":false,\"count\":1,\"octets\":1,\"resource\":"         \
	"\"" resource "\"}"
#define PLAIN(recall, wasted) REPORT("", HOST("h"), WHOLE, recall, wasted, "")

struct row {
	const char *name, *before, *after;
	enum diff_verdict verdict;
	const char *reason; /* the only one, or NULL */
	size_t news, gone;
};

static const struct row rows[] = {
	{"the same", PLAIN(RATE(10, 20), RATE(1, 9)), PLAIN(RATE(10, 20), RATE(1, 9)),
		DIFF_EQUAL, NULL, 0, 0},
	{"the same share of more", PLAIN(RATE(10, 20), RATE(1, 9)),
		PLAIN(RATE(100, 200), RATE(2, 18)), DIFF_EQUAL, NULL, 0, 0},
	{"a better recall", PLAIN(RATE(2, 20), RATE(1, 9)),
		PLAIN(RATE(18, 20), RATE(1, 9)), DIFF_BETTER, NULL, 0, 0},
	{"a recall that chance may have made", PLAIN(RATE(10, 20), RATE(1, 9)),
		PLAIN(RATE(12, 20), RATE(1, 9)), DIFF_CHANCE, NULL, 0, 0},
	{"less waste is better", PLAIN(RATE(10, 20), RATE(2, 9)),
		PLAIN(RATE(10, 20), RATE(1, 9)), DIFF_BETTER, NULL, 0, 0},
	{"more waste is worse, whatever chance did to the recall",
		PLAIN(RATE(10, 20), RATE(1, 9)), PLAIN(RATE(12, 20), RATE(2, 9)),
		DIFF_WORSE, NULL, 0, 0},
	{"better and worse", PLAIN(RATE(2, 20), RATE(1, 9)),
		PLAIN(RATE(18, 20), RATE(2, 9)), DIFF_OTHER, NULL, 0, 0},
	{"no cases on one side", PLAIN(RATE(0, 0), RATE(1, 9)),
		PLAIN(RATE(10, 20), RATE(1, 9)), DIFF_EQUAL, NULL, 0, 0},
	{"an option that only one has", PLAIN(RATE(1, 2), RATE(1, 9)),
		REPORT("\"count\":9", HOST("h"), WHOLE, RATE(1, 2), RATE(1, 9), ""),
		DIFF_EQUAL, "the option count is not the same", 0, 0},
	{"an option with two values is said once",
		REPORT("\"count\":8", HOST("h"), WHOLE, RATE(1, 2), RATE(1, 9), ""),
		REPORT("\"count\":9", HOST("h"), WHOLE, RATE(1, 2), RATE(1, 9), ""),
		DIFF_EQUAL, "the option count is not the same", 0, 0},
	{"other hosts", PLAIN(RATE(1, 2), RATE(1, 9)),
		REPORT("", HOST("i"), WHOLE, RATE(1, 2), RATE(1, 9), ""), DIFF_EQUAL,
		"they have no host in common", 0, 0},
	{"a capture with holes", PLAIN(RATE(1, 2), RATE(1, 9)),
		REPORT("", HOST("h"), "\"exact\":true,\"complete_share\":" RATE(39, 40),
			RATE(1, 2), RATE(1, 9), ""),
		DIFF_EQUAL, "after: 1 of 40 exchanges are not complete", 0, 0},
	{"lower bounds",
		REPORT("", HOST("h"), "\"exact\":false,\"complete_share\":" RATE(40, 40),
			RATE(1, 2), RATE(1, 9), ""),
		PLAIN(RATE(1, 2), RATE(1, 9)), DIFF_EQUAL,
		"before: some figures are lower bounds", 0, 0},
	{"findings that came and went",
		REPORT("", HOST("h"), WHOLE, RATE(1, 2), RATE(1, 9),
			FINDING("a") "," FINDING("b")),
		REPORT("", HOST("h"), WHOLE, RATE(1, 2), RATE(1, 9),
			FINDING("b") "," FINDING("c") "," FINDING("d")),
		DIFF_EQUAL, NULL, 2, 1},
};

static size_t
count_only_in(const struct diff *diff, unsigned side)
{
	size_t count = 0;

	for (size_t i = 0; i < diff->findings[side].count; i++)
		count += diff_is_only_in(diff, side, &diff->findings[side].items[i]);
	return count;
}

static void
test_diff(void **state)
{
	static const char *const names[] = {"a", "b"};
	const struct row *row = *state;
	struct arena arena = {0};
	size_t at;
	const struct jsonvalue *reports[] = {
		jsonread(slice_of(row->before, strlen(row->before)), &arena, &at),
		jsonread(slice_of(row->after, strlen(row->after)), &arena, &at)};
	struct diff diff;

	assert_non_null(reports[0]);
	assert_non_null(reports[1]);
	diff_make(&diff, names, reports);
	assert_int_equal(diff.verdict, row->verdict);
	assert_int_equal(diff.reason_count, row->reason ? 1 : 0);
	if (row->reason)
		assert_string_equal(diff.reasons[0], row->reason);
	assert_int_equal(count_only_in(&diff, DIFF_AFTER), row->news);
	assert_int_equal(count_only_in(&diff, DIFF_BEFORE), row->gone);
	assert_int_equal(diff.class_count, 1);
	diff_fini(&diff);
	arena_fini(&arena);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(pairs, test_chance) + ROWS_RUN(rows, test_diff);
}
