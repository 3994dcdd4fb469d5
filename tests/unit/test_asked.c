// room: ct_rules ct_parsers
/* The octets that a set of ranges asks for, each once. */
#include "analyzer/rules/asked.h"

#include "tests/lib/rows.h"

struct row {
	const char *name, *value;
	uint64_t length, octets;
	unsigned satisfiable, overlapping;
};

static const struct row rows[] = {
	{"one", "bytes=0-9", 100, 10, 1, 0},
	{"to the end", "bytes=90-", 100, 10, 1, 0},
	{"the last ones", "bytes=-5", 100, 5, 1, 0},
	{"more than there is at the end", "bytes=-500", 100, 100, 1, 0},
	{"the end is cut", "bytes=90-200", 100, 10, 1, 0},
	{"behind the end", "bytes=100-", 100, 0, 0, 0},
	{"nothing of nothing", "bytes=0-,-1", 0, 0, 0, 0},
	{"the last none", "bytes=-0", 100, 0, 0, 0},
	{"two apart", "bytes=0-9,20-29", 100, 20, 2, 0},
	{"the same twice", "bytes=0-9,0-9", 100, 10, 2, 2},
	{"one reaches into the next", "bytes=0-9,5-14", 100, 15, 2, 2},
	{"the next reaches into it", "bytes=5-14,0-9", 100, 15, 2, 2},
	{"a small one first, then all around it", "bytes=40-49,0-99", 100, 100, 2, 2},
	{"two small ones, then all around them", "bytes=10-19,40-49,0-99", 100, 100, 3,
		3},
	{"a middle, an end over it, then all", "bytes=20-30,25-99,0-99", 100, 100, 3, 3},
	{"lengths beyond 63 bits do not wrap around", "bytes=0-,0-,1-", UINT64_MAX - 1,
		UINT64_MAX - 1, 3, 3},
};

static void
asks(void **state)
{
	const struct row *row = *state;
	struct asked asked = asked_read(slice_of(row->value, strlen(row->value)));

	assert_true(asked.count > 0);
	assert_int_equal(asked_overlapping(&asked), row->overlapping);
	assert_true(asked_resolve(&asked, row->length));
	assert_int_equal(asked.satisfiable, row->satisfiable);
	assert_true(asked_octets(&asked) == row->octets);
}

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(rows, asks);
}
