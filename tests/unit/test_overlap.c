// room: ct_flow
/*
 * Whose copy counts: two segments, O and then N, wait behind a hole of four octets
 * that H fills, in all geometries and under all policies.
 *
 * The column of Linux was measured on a socket of Linux 6.18; the others follow from
 * the definitions in Novak and Sturges, Target-Based TCP Stream Reassembly, 2007.
 */
#include "analyzer/config.h"
#include "analyzer/flow/stream.h"
#include "tests/lib/rows.h"

enum {
	POLICIES = 4,
	STREAM_BYTES = 64,
	SEGMENTS = 4
};

struct range {
	uint32_t begin, end;
	char octet;
};

struct row {
	const char *name;
	struct range fed[SEGMENTS];
	const char *got[POLICIES]; /* in the order of enum overlap */
	uint64_t conflicting[POLICIES];
};

struct world {
	struct streams streams;
	struct counters counters;
	char got[STREAM_BYTES];
	uint64_t conflict_octets; /* no fewer than those that differ */
};

static void
sink_chunk(void *context, unsigned direction, const struct chunk *chunk)
{
	struct world *w = context;

	assert_int_equal(direction, 0);
	assert_int_equal(chunk->lost, 0);
	memcpy(w->got + chunk->offset, chunk->data.at, chunk->data.n);
}

static void
sink_end(void *context, unsigned direction, enum stream_end end)
{
	(void)context;
	(void)direction;
	(void)end;
}

static void
sink_conflict(void *context, unsigned direction, uint64_t begin, uint64_t end)
{
	struct world *w = context;

	assert_int_equal(direction, 0);
	w->conflict_octets += end - begin;
}

static void
feed(struct world *w, const struct range *range)
{
	struct stream_sink sink = {sink_chunk, sink_end, sink_conflict, w, NULL};
	uint32_t n = range->end - range->begin;
	struct segment seg = {.payload_bytes = n};
	uint8_t *octets = malloc(n);

	assert_non_null(octets);
	memset(octets, range->octet, n);
	seg.payload = slice_of(octets, n);
	streams_feed(&w->streams, 0, &seg, range->begin, &(struct place){.ts_ns = 1},
		&sink, &w->counters);
	free(octets);
}

static void
play(const struct row *row, enum overlap overlap)
{
	struct world w = {.streams.overlap = (uint8_t)overlap};
	struct stream_sink sink = {sink_chunk, sink_end, sink_conflict, &w, NULL};
	uint64_t fed = 0;

	stream_place(&w.streams.side[0], 0);
	w.streams.side[0].flags |= STREAM_SEEN;
	for (unsigned i = 0; i < SEGMENTS && row->fed[i].octet; i++) {
		feed(&w, &row->fed[i]);
		fed += row->fed[i].end - row->fed[i].begin;
	}
	streams_finish(&w.streams, STREAM_CAPTURE_END, &sink, &w.counters);
	assert_string_equal(w.got, row->got[overlap]);
	assert_int_equal(w.counters.conflicting_octets, row->conflicting[overlap]);
	assert_true(w.conflict_octets >= row->conflicting[overlap] ||
		    row->fed[3].octet); /* three copies: a range is told once */
	assert_int_equal(fed, strlen(w.got) + w.counters.retransmitted_octets);
	assert_int_equal(w.counters.pending_octets, 0);
	recall_free(&w.streams.side[0].recall, NULL);
}

static void
play_all(void **state)
{
	for (unsigned overlap = 0; overlap < POLICIES; overlap++)
		play(*state, overlap);
}

#define HOLE                                                                             \
	{                                                                                \
		0, 4, 'H'                                                                \
	}
#define EACH(n)                                                                          \
	{                                                                                \
		n, n, n, n                                                               \
	}

static const struct row rows[] = {
	/* linux, first, last, bsd */
	{"same start, same end", {{4, 12, 'O'}, {4, 12, 'N'}, HOLE},
		{"HHHHOOOOOOOO", "HHHHOOOOOOOO", "HHHHNNNNNNNN", "HHHHOOOOOOOO"},
		EACH(8)},
	{"same start, new longer", {{4, 12, 'O'}, {4, 16, 'N'}, HOLE},
		{"HHHHNNNNNNNNNNNN", "HHHHOOOOOOOONNNN", "HHHHNNNNNNNNNNNN",
			"HHHHOOOOOOOONNNN"},
		EACH(8)},
	{"same start, new shorter", {{4, 12, 'O'}, {4, 8, 'N'}, HOLE},
		{"HHHHOOOOOOOO", "HHHHOOOOOOOO", "HHHHNNNNOOOO", "HHHHOOOOOOOO"},
		EACH(4)},
	{"new earlier, same end", {{8, 16, 'O'}, {4, 16, 'N'}, HOLE},
		{"HHHHNNNNNNNNNNNN", "HHHHNNNNOOOOOOOO", "HHHHNNNNNNNNNNNN",
			"HHHHNNNNNNNNNNNN"},
		EACH(8)},
	{"new earlier, ends inside old", {{8, 16, 'O'}, {4, 12, 'N'}, HOLE},
		{"HHHHNNNNNNNNOOOO", "HHHHNNNNOOOOOOOO", "HHHHNNNNNNNNOOOO",
			"HHHHNNNNNNNNOOOO"},
		EACH(4)},
	{"new covers old", {{8, 12, 'O'}, {4, 16, 'N'}, HOLE},
		{"HHHHNNNNNNNNNNNN", "HHHHNNNNOOOONNNN", "HHHHNNNNNNNNNNNN",
			"HHHHNNNNNNNNNNNN"},
		EACH(4)},
	{"new inside, same end", {{4, 16, 'O'}, {8, 16, 'N'}, HOLE},
		{"HHHHOOOOOOOOOOOO", "HHHHOOOOOOOOOOOO", "HHHHOOOONNNNNNNN",
			"HHHHOOOOOOOOOOOO"},
		EACH(8)},
	{"new strictly inside", {{4, 16, 'O'}, {8, 12, 'N'}, HOLE},
		{"HHHHOOOOOOOOOOOO", "HHHHOOOOOOOOOOOO", "HHHHOOOONNNNOOOO",
			"HHHHOOOOOOOOOOOO"},
		EACH(4)},
	{"new starts inside, ends beyond", {{4, 12, 'O'}, {8, 16, 'N'}, HOLE},
		{"HHHHOOOOOOOONNNN", "HHHHOOOOOOOONNNN", "HHHHOOOONNNNNNNN",
			"HHHHOOOOOOOONNNN"},
		EACH(4)},
	{"in order, then the same again", {{0, 8, 'O'}, {0, 8, 'N'}},
		{"OOOOOOOO", "OOOOOOOO", "OOOOOOOO", "OOOOOOOO"}, EACH(8)},
	{"in order, then longer", {{0, 8, 'O'}, {0, 12, 'N'}},
		{"OOOOOOOONNNN", "OOOOOOOONNNN", "OOOOOOOONNNN", "OOOOOOOONNNN"},
		EACH(8)},
	{"in order, then inside: not to be compared", {{0, 8, 'O'}, {2, 6, 'N'}},
		{"OOOOOOOO", "OOOOOOOO", "OOOOOOOO", "OOOOOOOO"}, EACH(0)},

	{"what fills the hole covers what waits", {{4, 8, 'O'}, {0, 12, 'N'}},
		{"NNNNNNNNNNNN", "NNNNOOOONNNN", "NNNNNNNNNNNN", "NNNNNNNNNNNN"},
		EACH(4)},
	{"what fills the hole ends in what waits", {{4, 12, 'O'}, {0, 8, 'N'}},
		{"NNNNNNNNOOOO", "NNNNOOOOOOOO", "NNNNNNNNOOOO", "NNNNNNNNOOOO"},
		EACH(4)},
	{"neighbours that only touch", {{4, 8, 'O'}, {8, 12, 'N'}, HOLE},
		{"HHHHOOOONNNN", "HHHHOOOONNNN", "HHHHOOOONNNN", "HHHHOOOONNNN"},
		EACH(0)},
	{"copies that agree", {{4, 12, 'O'}, {8, 16, 'O'}, HOLE},
		{"HHHHOOOOOOOOOOOO", "HHHHOOOOOOOOOOOO", "HHHHOOOOOOOOOOOO",
			"HHHHOOOOOOOOOOOO"},
		EACH(0)},
	{"three copies: each that differs from the winner counts",
		{{4, 12, 'O'}, {4, 12, 'N'}, {8, 16, 'M'}, HOLE},
		{"HHHHOOOOOOOOMMMM", "HHHHOOOOOOOOMMMM", "HHHHNNNNMMMMMMMM",
			"HHHHOOOOOOOOMMMM"},
		EACH(12)},
};

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(rows, play_all);
}
