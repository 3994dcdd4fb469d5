// room: ct_base
#include "analyzer/base/threshold.h"

#include "tests/lib/rows.h"

struct row {
	const char *name, *text;
	bool is_set;
	uint64_t probe_s;
};

static void
limit_is_set(void **state)
{
	const struct row *row = *state;
	struct thresholds thresholds = thresholds_usual;

	assert_int_equal(
		threshold_set(&thresholds, slice_of(row->text, strlen(row->text))),
		row->is_set);
	assert_int_equal(thresholds.of[THRESHOLD_PROBE_S], row->probe_s);
	thresholds.of[THRESHOLD_PROBE_S] = thresholds_usual.of[THRESHOLD_PROBE_S];
	assert_memory_equal(&thresholds, &thresholds_usual, sizeof thresholds);
}

static const struct row rows[] = {
	{"a name and a number", "head_probe_window_s=5", true, 5},
	{"nothing may be a limit", "head_probe_window_s=0", true, 0},
	{"the most that is allowed", "head_probe_window_s=86400", true, 86400},
	{"more than that is not", "head_probe_window_s=86401", false, 60},
	{"nor what would be little modulo 2^64",
		"head_probe_window_s=18446744073709551617", false, 60},
	{"a name alone", "head_probe_window_s", false, 60},
	{"no number", "head_probe_window_s=", false, 60},
	{"a unit", "head_probe_window_s=5s", false, 60},
	{"a sign", "head_probe_window_s=-5", false, 60},
	{"another name", "probe=5", false, 60},
};

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(rows, limit_is_set);
}
