// room: ct_report
/* What a rate may be when pairs are in doubt, by hand. */
#include "analyzer/report/interval.h"

#include "tests/lib/rows.h"

struct row {
	const char *name;
	struct rate rate;
	struct doubts doubts;
	struct rate low, high;
};

static const struct row rows[] = {
	{"all pairs are exact", {3, 4}, {.exact = 4}, {3, 4}, {3, 4}},
	{"a validated pair was inferred", {3, 4},
		{.exact = 3, .inferred = 1, .counted = {1}, .validated = 1}, {2, 4},
		{3, 4}},
	{"a missed pair was inferred", {3, 4},
		{.exact = 3, .inferred = 1, .counted = {1}}, {3, 4}, {4, 4}},
	{"an answer was lost", {3, 4}, {.exact = 4, .lost_answers = 1}, {3, 5}, {4, 5}},
	{"a 304 without its request was asked for by a condition", {3, 4},
		{.exact = 4, .orphan_304 = 1}, {3, 4}, {4, 5}},
	{"an answer in full may have been", {3, 4}, {.exact = 4, .orphan_full = 1},
		{3, 5}, {3, 4}},
	{"only questions were captured", {0, 0}, {.lost_answers = 7}, {0, 7}, {7, 7}},
	{"numbers that contradict each other", {1, 1}, {.counted = {5}, .validated = 9},
		{0, 5}, {5, 5}},
};

static void
spans(void **state)
{
	const struct row *row = *state;
	struct interval range = interval(INTERVAL_R1, row->rate, &row->doubts);

	assert_int_equal(range.low.num, row->low.num);
	assert_int_equal(range.low.den, row->low.den);
	assert_int_equal(range.high.num, row->high.num);
	assert_int_equal(range.high.den, row->high.den);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(rows, spans);
}
