// room: ct_flow
/*
 * What was delivered and comes again: when a copy is known to differ.
 *
 * A row delivers octets in segments and compares copies of them; an octet of the copies
 * may be changed.  The octets of the stream are all different within a piece's reach.
 */
#include "analyzer/flow/recall.h"
#include "tests/lib/rows.h"

enum {
	STREAM_BYTES = 300000,
	RANGES = 6,
	NOWHERE = -1
};

struct range {
	int64_t begin, end;
};

struct row {
	const char *name;
	struct range delivered[RANGES], copies[RANGES];
	int64_t changed; /* offset of an octet that differs in the copies */
	struct range conflict;
};

static uint8_t
octet_at(int64_t offset)
{
	uint64_t x = (uint64_t)(offset + 1000) * UINT64_C(0x9e3779b97f4a7c15);

	return (uint8_t)(x >> 56);
}

/* An exact allocation, so that a sanitizer sees what is read beyond it. */
static struct slice
make(const struct range *range, int64_t changed)
{
	size_t n = (size_t)(range->end - range->begin);
	uint8_t *octets = malloc(n);

	assert_non_null(octets);
	for (size_t i = 0; i < n; i++)
		octets[i] = octet_at(range->begin + (int64_t)i);
	if (changed >= range->begin && changed < range->end)
		octets[changed - range->begin] ^= 1;
	return slice_of(octets, n);
}

static void
deliver(struct recall *recall, struct recall_budget *budget, const struct range *range)
{
	struct slice octets = make(range, NOWHERE);

	recall_note(recall, budget, (uint64_t)range->begin, octets);
	free((uint8_t *)(uintptr_t)octets.at);
}

static struct conflict
compare(struct recall *recall, const struct range *range, int64_t changed)
{
	struct slice octets = make(range, changed);
	struct conflict conflict = recall_compare(recall, range->begin, octets);

	free((uint8_t *)(uintptr_t)octets.at);
	return conflict;
}

static void
play(void **state)
{
	const struct row *row = *state;
	struct recall recall = {0};
	struct conflict all = {0};

	for (unsigned i = 0; i < RANGES && row->delivered[i].end; i++)
		deliver(&recall, NULL, &row->delivered[i]);
	for (unsigned i = 0; i < RANGES && row->copies[i].end; i++) {
		struct conflict one = compare(&recall, &row->copies[i], row->changed);

		conflict_add(&all, one.begin, one.end, one.octets);
	}
	assert_int_equal(all.begin, row->conflict.begin);
	assert_int_equal(all.end, row->conflict.end);
	recall_free(&recall, NULL);
}

#define SEGMENTS                                                                         \
	{                                                                                \
		{0, 1460}, {1460, 2920},                                                 \
		{                                                                        \
			2920, 3000                                                       \
		}                                                                        \
	}

static const struct row rows[] = {
	{"the same segment", SEGMENTS, {{0, 1460}}, NOWHERE, {0}},
	{"its first octet", SEGMENTS, {{0, 1460}}, 0, {0, 1460}},
	{"its last octet", SEGMENTS, {{0, 1460}}, 1459, {0, 1460}},
	{"an octet in its middle", SEGMENTS, {{0, 1460}}, 700, {0, 1460}},
	{"an octet before the last word", SEGMENTS, {{1460, 2920}}, 2911, {1460, 2920}},
	{"a short segment", SEGMENTS, {{2920, 3000}}, 2960, {2920, 3000}},
	{"a copy that covers several", SEGMENTS, {{0, 3000}}, 1500, {1460, 2920}},
	{"a copy that goes on", SEGMENTS, {{1460, 5000}}, 2930, {2920, 3000}},
	{"a copy that goes on, and differs only there", SEGMENTS, {{1460, 5000}}, 3001,
		{0}},
	{"a copy in two", SEGMENTS, {{0, 701}, {701, 1460}}, 5, {0, 1460}},
	{"a copy in two, the second half", SEGMENTS, {{0, 701}, {701, 1460}}, 1000,
		{0, 1460}},
	{"a copy in two, the same", SEGMENTS, {{0, 701}, {701, 1460}}, NOWHERE, {0}},
	{"copies in five, cut anywhere", SEGMENTS,
		{{0, 3}, {3, 64}, {64, 700}, {700, 707}, {707, 1700}}, 703, {0, 1460}},
	{"copies that are cut elsewhere, two segments", SEGMENTS,
		{{0, 1000}, {1000, 2000}, {2000, 3000}}, 2919, {1460, 2920}},
	{"copies that are cut elsewhere, the same", SEGMENTS,
		{{0, 1000}, {1000, 2000}, {2000, 3000}}, NOWHERE, {0}},
	{"half a copy tells nothing", SEGMENTS, {{0, 701}}, 5, {0}},
	{"nor does the other half", SEGMENTS, {{701, 1460}}, 1000, {0}},
	{"nor halves in the wrong order", SEGMENTS, {{701, 1460}, {0, 701}}, 1000, {0}},
	{"a copy that begins before the stream", {{0, 100}}, {{-50, 100}}, 7, {0, 100}},
	{"a copy that begins before it and is the same", {{0, 100}}, {{-50, 100}}, -3,
		{0}},
	{"a long segment: its piece", {{100, 60000}}, {{100, 60000}}, 10000,
		{8192, 10240}},
	{"a long segment, sent again in short ones", {{0, 60000}},
		{{2000, 3460}, {3460, 4920}, {4920, 6380}}, 5000, {4096, 6144}},
	{"beyond 4 GiB", {{INT64_C(0xffffff00), INT64_C(0x100000200)}},
		{{INT64_C(0xffffff00), INT64_C(0x100000200)}}, INT64_C(0x100000001),
		{INT64_C(0xffffff00), INT64_C(0x100000200)}},
};

static void
the_oldest_are_forgotten(void **state)
{
	struct recall recall = {0};

	(void)state;
	for (int64_t i = 0; i < 200; i++)
		deliver(&recall, NULL, &(struct range){i * 100, i * 100 + 100});
	assert_int_equal(compare(&recall, &(struct range){0, 100}, 50).octets, 0);
	assert_int_equal(
		compare(&recall, &(struct range){19900, 20000}, 19950).octets, 100);
	assert_int_equal(compare(&recall, &(struct range){0, 20000}, 19950).octets, 100);
	recall_free(&recall, NULL);
}

static void
together_they_keep_to_a_budget(void **state)
{
	enum {
		STREAMS = 40
	};
	struct recall recall[STREAMS] = {0};
	struct recall_budget budget = {.most_bytes = 5000};
	unsigned know = 0;

	(void)state;
	for (unsigned s = 0; s < STREAMS; s++)
		for (int64_t i = 0; i < 50; i++) {
			deliver(&recall[s], &budget,
				&(struct range){i * 100, i * 100 + 100});
			assert_true(budget.bytes <= budget.most_bytes);
		}
	for (unsigned s = 0; s < STREAMS; s++)
		know += compare(&recall[s], &(struct range){4900, 5000}, 4950).octets > 0;
	assert_in_range(know, 1, STREAMS - 1);
	for (unsigned s = 0; s < STREAMS; s++)
		recall_free(&recall[s], &budget);
	assert_int_equal(budget.bytes, 0);
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest more[] = {
		cmocka_unit_test(the_oldest_are_forgotten),
		cmocka_unit_test(together_they_keep_to_a_budget),
	};
	int failed;

	rows_filter(argc, argv);
	failed = ROWS_RUN(rows, play);
	return cmocka_run_group_tests(more, NULL, NULL) + failed;
}
