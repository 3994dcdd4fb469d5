// room: ct_flow
/*
 * Two streams against a naive model.
 *
 * The input is a list of operations of four octets: segments with a small range of
 * sequence numbers and octets that tell which segment they are of, acknowledgements,
 * FIN, RST, leaps of the clock.  The model keeps every segment that was fed, the last
 * runs of octets that were delivered, and knows for each policy which of the copies of
 * an octet that wait wins.  It asserts that
 *
 * - chunks are contiguous, and none comes after the end;
 * - each octet is of the segment that the rule names;
 * - nothing that had arrived is declared lost;
 * - the octets of copies that differ are counted: each that waited beside the winner,
 *   and the runs that came again as they were not, in one copy or in several;
 * - the streams' own law holds;
 * - every octet fed was delivered, or counted as retransmitted or pending.
 */
#include "analyzer/config.h"
#include "analyzer/flow/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPERATION_BYTES = 4,
	SEGMENTS = 4096,
	LENGTHS = 32,
	RUNS = 64,
	FAR = 300 << 20
};

struct fed {
	int64_t begin, end, captured_end;
	uint8_t mark; /* each of its octets */
	bool gone;
};

struct run {
	int64_t at;
	size_t n;
	uint8_t octets[LENGTHS];
};

/* What copies have covered of a run, from its start on. */
struct part {
	int64_t end;
	uint8_t octets[LENGTHS];
};

struct model {
	struct streams streams;
	struct counters counters;
	struct fed fed[2][SEGMENTS];
	unsigned count[2];
	struct run runs[2][RUNS];
	unsigned run_count[2];
	struct part part[2];
	uint64_t conflicting;
	uint64_t fed_octets, delivered, front[2];
	bool ended[2];
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert(): the properties are the point of the program, in every build. */
static void
require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "property broken: %s\n", what);
	abort();
}
#define REQUIRE(expression) require(expression, #expression)

/* Of two that wait, of which `a` came first. */
static bool
stays_first(const struct fed *a, const struct fed *b, uint8_t overlap)
{
	switch ((enum overlap)overlap) {
	case OVERLAP_LINUX:
		return a->begin < b->begin || (a->begin == b->begin && a->end >= b->end);
	case OVERLAP_BSD:
		return a->begin <= b->begin;
	case OVERLAP_LAST:
		return false;
	default:
		return true;
	}
}

static const struct fed *
owner(const struct model *m, unsigned direction, int64_t at)
{
	const struct fed *first = NULL;

	for (unsigned i = 0; i < m->count[direction]; i++) {
		const struct fed *f = &m->fed[direction][i];

		if (!f->gone && f->begin <= at && at < f->end &&
			(!first || !stays_first(first, f, m->streams.overlap)))
			first = f;
	}
	return first;
}

static void
check_octet(const struct model *m, unsigned direction, int64_t at, uint8_t octet)
{
	const struct fed *first = owner(m, direction, at);

	REQUIRE(first);
	REQUIRE(first->mark == octet);
}

/* Copies of an octet that waited beside the one that is delivered. */
static void
count_waiting(struct model *m, unsigned direction, int64_t at, uint8_t octet)
{
	for (unsigned i = 0; i < m->count[direction]; i++) {
		const struct fed *f = &m->fed[direction][i];

		m->conflicting += !f->gone && f->begin <= at && at < f->captured_end &&
				  f->mark != octet;
	}
}

static void
remember_run(struct model *m, unsigned direction, const struct chunk *chunk)
{
	struct run *run = &m->runs[direction][m->run_count[direction] % RUNS];

	if (!chunk->data.n)
		return;
	m->run_count[direction]++;
	*run = (struct run){.at = (int64_t)chunk->offset, .n = chunk->data.n};
	memcpy(run->octets, chunk->data.at, chunk->data.n);
}

/* Delivered runs that copies cover, and contradict. */
static void
count_again(struct model *m, unsigned direction, int64_t begin, int64_t end, uint8_t mark)
{
	struct part part = m->part[direction], *next = &m->part[direction];

	for (unsigned i = 0; i < RUNS; i++) {
		const struct run *run = &m->runs[direction][i];
		int64_t run_end = run->at + (int64_t)run->n;
		int64_t from = begin > run->at ? begin : run->at;
		int64_t to = end < run_end ? end : run_end;
		uint8_t octets[LENGTHS];

		if (from >= to || (from > run->at && part.end != from))
			continue;
		memcpy(octets, part.octets, sizeof octets);
		memset(octets + (from - run->at), mark, (size_t)(to - from));
		if (to == run_end) {
			m->conflicting += memcmp(octets, run->octets, run->n) ? run->n
									      : 0;
			continue;
		}
		next->end = to;
		memcpy(next->octets, octets, sizeof octets);
	}
}

/* A copy of the octet that was taken for a FIN is none of the stream. */
static void
forget_delivered(struct model *m, unsigned direction)
{
	int64_t front = (int64_t)m->front[direction];
	bool fin = m->streams.side[direction].flags & STREAM_FIN_ASSUMED;

	for (unsigned i = 0; i < m->count[direction]; i++) {
		struct fed *f = &m->fed[direction][i];

		if (f->end <= front + fin)
			f->gone = true;
	}
}

static void
take_chunk(void *context, unsigned direction, const struct chunk *chunk)
{
	struct model *m = context;
	int64_t at = (int64_t)chunk->offset;

	REQUIRE(!m->ended[direction]);
	REQUIRE(chunk->offset == m->front[direction]);
	REQUIRE(chunk->lost || chunk->data.n || chunk->snapped);
	REQUIRE(!chunk->lost || (!chunk->data.n && !chunk->snapped));
	for (size_t i = 0; i < chunk->data.n; i++) {
		check_octet(m, direction, at + (int64_t)i, chunk->data.at[i]);
		count_waiting(m, direction, at + (int64_t)i, chunk->data.at[i]);
	}
	remember_run(m, direction, chunk);
	for (int64_t i = 0; i < (int64_t)chunk->lost && i < 4096; i++)
		REQUIRE(!owner(m, direction, at + i));
	m->front[direction] += chunk->data.n + chunk->snapped + chunk->lost;
	m->delivered += chunk->data.n + chunk->snapped;
	forget_delivered(m, direction);
}

static void
take_end(void *context, unsigned direction, enum stream_end end)
{
	struct model *m = context;

	(void)end;
	REQUIRE(!m->ended[direction]);
	m->ended[direction] = true;
}

static void
take_conflict(void *context, unsigned direction, uint64_t begin, uint64_t end)
{
	const struct model *m = context;

	REQUIRE(begin < end);
	REQUIRE(begin >= m->front[direction] || end <= m->front[direction]);
}

static void
feed(struct model *m, const uint8_t op[OPERATION_BYTES], struct place *place)
{
	struct stream_sink sink = {take_chunk, take_end, take_conflict, m, NULL};
	unsigned direction = op[0] & 1, index = m->count[direction];
	struct fed *fed = &m->fed[direction][index];
	uint8_t text[LENGTHS];
	uint32_t bytes = op[2] % LENGTHS, snapped = op[2] >= 224 ? 3 : 0;
	struct segment seg = {.seq = m->streams.side[direction].next + op[1] - 64u,
		.ack = m->streams.side[!direction].next + (op[3] & 127) - 16u,
		.flags = op[3] & 128 ? 0 : TCP_ACK,
		.payload = {text, bytes},
		.payload_bytes = bytes + snapped};

	if ((op[0] & 0xe0) == 0x20)
		seg.flags |= TCP_FIN;
	if ((op[0] & 0xf0) == 0x40)
		seg.flags |= TCP_RST;
	if ((op[0] & 0xf8) == 0x58)
		seg.seq += FAR;
	if (!(m->streams.side[direction].flags & STREAM_SEEN))
		stream_place(&m->streams.side[direction], seg.seq);
	memset(text, (int)(index & 255), sizeof text);
	*fed = (struct fed){.begin = stream_offset(&m->streams.side[direction], seg.seq),
		.mark = (uint8_t)index};
	fed->end = fed->begin + bytes + snapped;
	fed->captured_end = fed->begin + bytes;
	if (!(seg.flags & TCP_RST) &&
		!(seg.payload_bytes == 1 &&
			fed->end == (int64_t)m->streams.side[direction].offset))
		count_again(m, direction, fed->begin, fed->captured_end, fed->mark);
	if (fed->begin < 0)
		fed->begin = 0; /* the stream knows nothing from before its start */
	if (!(seg.flags & TCP_RST))
		m->count[direction]++;
	m->fed_octets += seg.payload_bytes;
	place->frame++;
	/* Feeding it may retract the FIN that it was taken for a copy of. */
	fed->gone = m->streams.side[direction].flags & STREAM_FIN_ASSUMED &&
		    fed->end + !!(seg.flags & TCP_FIN) <=
			    (int64_t)m->streams.side[direction].offset;
	streams_feed(&m->streams, direction, &seg, seg.seq, place, &sink, &m->counters);
	forget_delivered(m, direction);
	REQUIRE(m->streams.side[direction].queue.count <= CONFIG_MISSED_SEGMENTS + 1);
}

static void
operate(struct model *m, const uint8_t op[OPERATION_BYTES], struct place *place)
{
	struct stream_sink sink = {take_chunk, take_end, take_conflict, m, NULL};

	if (op[0] >= 0xf8)
		streams_flush(&m->streams, &sink, &m->counters);
	else if (op[0] >= 0xe0)
		place->ts_ns += (int64_t)((int8_t)op[1]) * CONFIG_MS_NS;
	else if (m->count[op[0] & 1] < SEGMENTS)
		feed(m, op, place);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct model *m;
	struct stream_sink sink;
	struct place place = {.ts_ns = CONFIG_S_NS};
	uint32_t start;

	if (size < OPERATION_BYTES)
		return 0;
	m = calloc(1, sizeof *m);
	REQUIRE(m);
	sink = (struct stream_sink){take_chunk, take_end, take_conflict, m, NULL};
	m->streams.overlap = data[0] >> 3 & 3;
	for (unsigned d = 0; d < 2; d++)
		if (data[0] & 1 << d) {
			start = data[0] & 4 ? UINT32_MAX - data[1 + d] : 1000;
			stream_place(&m->streams.side[d], start);
			m->streams.side[d].flags |= STREAM_FROM_SYN | STREAM_SEEN;
		}
	for (size_t i = OPERATION_BYTES; i + OPERATION_BYTES <= size;
		i += OPERATION_BYTES)
		operate(m, data + i, &place);
	streams_finish(&m->streams, STREAM_CAPTURE_END, &sink, &m->counters);
	REQUIRE(m->ended[0] && m->ended[1]);
	REQUIRE(!m->streams.side[0].queue.count && !m->streams.side[1].queue.count);
	REQUIRE(m->conflicting == m->counters.conflicting_octets);
	REQUIRE(!m->counters.streams_unbalanced);
	REQUIRE(m->fed_octets == m->delivered + m->counters.retransmitted_octets +
					 m->counters.pending_octets);
	REQUIRE(m->front[0] + m->front[1] == m->delivered + m->counters.gap_octets);
	recall_free(&m->streams.side[0].recall, NULL);
	recall_free(&m->streams.side[1].recall, NULL);
	free(m);
	return 0;
}
