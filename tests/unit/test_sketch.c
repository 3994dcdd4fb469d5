// room: ct_base
/* How many different things there were: exact, then within a few percent. */
#include "analyzer/base/sketch.h"

#include "tests/lib/rows.h"

struct row {
	const char *name;
	uint64_t things, least, most;
	bool exact;
};

static const struct row rows[] = {
	{"none", 0, 0, 0, true},
	{"one", 1, 1, 1, true},
	{"a thousand", 1000, 1000, 1000, true},
	{"the last that are exact", SKETCH_EXACT, SKETCH_EXACT, SKETCH_EXACT, true},
	{"the first that are not", SKETCH_EXACT + 1, 97000, 103000, false},
	{"a million", 1000000, 970000, 1030000, false},
};

static void
counts(void **state)
{
	const struct row *row = *state;
	struct sketch *sketch = sketch_new();
	uint64_t before;

	for (uint64_t i = 0; i < row->things; i++)
		sketch_add(sketch, key_add_number(key_start(7), i));
	before = sketch_count(sketch);
	assert_in_range(before, row->least, row->most);
	assert_int_equal(sketch_is_exact(sketch), row->exact);
	for (uint64_t i = row->things; i-- > row->things / 2;)
		sketch_add(sketch, key_add_number(key_start(7), i));
	assert_int_equal(sketch_count(sketch), before);
	sketch_free(&sketch);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(rows, counts) != 0;
}
