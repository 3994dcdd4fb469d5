// room: ct_flow
/*
 * Streams: what a consumer is handed for segments that come as they do.
 *
 * A row is a conversation told by hand and the log of what the consumer got:
 *
 *	>4:abcd		four octets of the client, at offset 4, from the start of a
 *segment <4+:abcd	of the server; not from the start of a segment
 *	<4:abcd^7	their sender had seen 7 octets of the client
 *	<4:abcd~9	nine more were cut by the snapshot length
 *	>4#100		a hole of 100 octets
 *	>!4-9		copies of these octets differ
 *	>FIN >RST >END	the end of a direction; END: of the capture
 *	/		where the row says MARK
 *	|		where the input ended
 *
 * Numbers are offsets; the real sequence numbers start at the row's isn + 1.
 */
#include "analyzer/config.h"
#include "analyzer/flow/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum {
	STEPS = 20,
	LOG_BYTES = 65536,
	SHOWN_BYTES = 40,
	STEP_US = 10,
	SIGNED = 1 << 8, /* a flag beyond those of TCP: a signature option */
};

enum kind {
	STOP,
	SAY,
	PAUSE,
	MARK_LOG
};

struct step {
	enum kind kind;
	unsigned direction, flags;
	uint32_t seq, ack;
	const char *text;
	unsigned snapped, times, ms;
};

#define C(seq, ack, text) CX(TCP_ACK, seq, ack, text)
#define S(seq, ack, text) SX(TCP_ACK, seq, ack, text)
#define CX(flags, seq, ack, text)                                                        \
	{                                                                                \
		SAY, 0, flags, seq, ack, text, 0, 1, 0                                   \
	}
#define SX(flags, seq, ack, text)                                                        \
	{                                                                                \
		SAY, 1, flags, seq, ack, text, 0, 1, 0                                   \
	}
#define CUT(seq, ack, text, snapped)                                                     \
	{                                                                                \
		SAY, 1, TCP_ACK, seq, ack, text, snapped, 1, 0                           \
	}
#define C_ACKS(times, seq, ack)                                                          \
	{                                                                                \
		SAY, 0, TCP_ACK, seq, ack, "", 0, times, 0                               \
	}
#define WAIT(ms)                                                                         \
	{                                                                                \
		PAUSE, 0, 0, 0, 0, "", 0, 1, ms                                          \
	}
#define MARK                                                                             \
	{                                                                                \
		MARK_LOG, 0, 0, 0, 0, "", 0, 1, 0                                        \
	}

struct row {
	const char *name;
	struct step steps[STEPS];
	const char *log;
	uint64_t retransmitted, pending, gap, ignored_rst, conflicting;
	uint32_t isn[2];
	enum overlap overlap;
	enum {
		SYN_BOTH,
		SYN_NONE,
		SYN_CLIENT,
		SYN_SERVER
	} syn;
};

struct world {
	struct streams streams;
	struct counters counters;
	struct place place;
	uint32_t isn[2];
	uint64_t fed, delivered, end[2];
	bool ended[2];
	size_t log_bytes;
	char log[LOG_BYTES];
};

static void
note(struct world *w, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	w->log_bytes += (size_t)vsnprintf(
		w->log + w->log_bytes, sizeof w->log - w->log_bytes, format, args);
	va_end(args);
	assert_true(w->log_bytes < sizeof w->log);
}

static void
sink_chunk(void *context, unsigned direction, const struct chunk *chunk)
{
	struct world *w = context;
	bool hole = chunk->lost != 0;
	int shown = chunk->data.n < SHOWN_BYTES ? (int)chunk->data.n : SHOWN_BYTES;

	assert_false(w->ended[direction]);
	assert_int_equal(chunk->offset, w->end[direction]);
	assert_true(!hole || (!chunk->data.n && !chunk->snapped));
	w->end[direction] += chunk->data.n + chunk->snapped + chunk->lost;
	w->delivered += chunk->data.n + chunk->snapped;
	note(w, " %c%llu", "><"[direction], (unsigned long long)chunk -> offset);
	if (hole)
		note(w, "#%llu", (unsigned long long)chunk->lost);
	else
		note(w, "%s:%.*s", chunk->segment_start ? "" : "+", shown,
			(const char *)chunk->data.at);
	if (chunk->snapped)
		note(w, "~%llu", (unsigned long long)chunk->snapped);
	if (chunk->peer_acked)
		note(w, "^%llu", (unsigned long long)chunk->peer_acked);
}

static void
sink_end(void *context, unsigned direction, enum stream_end end)
{
	static const char *const names[] = {"FIN", "RST", "GIVEN-UP", "END"};
	struct world *w = context;

	assert_false(w->ended[direction]);
	w->ended[direction] = true;
	note(w, " %c%s", "><"[direction], names[end]);
}

static void
sink_conflict(void *context, unsigned direction, uint64_t begin, uint64_t end)
{
	struct world *w = context;

	assert_true(begin < end);
	note(w, " %c!%u-%u", "><"[direction], (unsigned)begin, (unsigned)end);
}

static void
say(struct world *w, const struct step *step)
{
	struct stream_sink sink = {sink_chunk, sink_end, sink_conflict, w, NULL};
	struct segment seg = {.flags = (uint8_t)step->flags,
		.is_signed = step->flags & SIGNED,
		.seq = w->isn[step->direction] + 1 + step->seq,
		.ack = w->isn[!step->direction] + 1 + step->ack};

	/* A copy at its exact size, so that a sanitizer sees what is read too far. */
	size_t n = strlen(step->text);
	char *copy = n ? malloc(n) : NULL;

	if (n)
		memcpy(copy, step->text, n);
	seg.payload = slice_of(copy, n);
	seg.payload_bytes = (uint32_t)n + step->snapped;
	w->fed += seg.payload_bytes;
	w->place.frame++;
	w->place.ts_ns += STEP_US * 1000;
	streams_feed(&w->streams, step->direction, &seg, seg.seq, &w->place, &sink,
		&w->counters);
	free(copy);
}

static void
open_side(struct world *w, unsigned direction)
{
	stream_place(&w->streams.side[direction], w->isn[direction] + 1);
	w->streams.side[direction].flags |= STREAM_FROM_SYN | STREAM_SEEN;
}

static struct world *
world_new(uint32_t isn_client, uint32_t isn_server)
{
	struct world *w = calloc(1, sizeof *w);

	assert_non_null(w);
	w->isn[0] = isn_client;
	w->isn[1] = isn_server;
	w->place.ts_ns = 1000 * CONFIG_S_NS;
	return w;
}

static void
finish(struct world *w)
{
	struct stream_sink sink = {sink_chunk, sink_end, sink_conflict, w, NULL};
	const struct counters *c = &w->counters;

	note(w, " |");
	streams_finish(&w->streams, STREAM_CAPTURE_END, &sink, &w->counters);
	assert_true(w->ended[0] && w->ended[1]);
	assert_int_equal(w->streams.side[0].queue.count, 0);
	assert_int_equal(w->streams.side[1].queue.count, 0);
	recall_free(&w->streams.side[0].recall, NULL);
	recall_free(&w->streams.side[1].recall, NULL);
	assert_int_equal(
		w->fed, w->delivered + c->retransmitted_octets + c->pending_octets);
	assert_int_equal(w->end[0] + w->end[1], w->delivered + c->gap_octets);
}

static void
play(void **state)
{
	const struct row *row = *state;
	struct world *w = world_new(row->isn[0], row->isn[1]);

	w->streams.overlap = (uint8_t)row->overlap;
	if (row->syn == SYN_BOTH || row->syn == SYN_CLIENT)
		open_side(w, 0);
	if (row->syn == SYN_BOTH || row->syn == SYN_SERVER)
		open_side(w, 1);
	for (const struct step *step = row->steps; step->kind != STOP; step++) {
		w->place.ts_ns += step->ms * CONFIG_MS_NS;
		if (step->kind == MARK_LOG)
			note(w, " /");
		for (unsigned i = 0; step->kind == SAY && i < step->times; i++)
			say(w, step);
	}
	finish(w);
	assert_string_equal(w->log + 1, row->log);
	assert_int_equal(w->counters.retransmitted_octets, row->retransmitted);
	assert_int_equal(w->counters.pending_octets, row->pending);
	assert_int_equal(w->counters.gap_octets, row->gap);
	assert_int_equal(w->counters.ignored_rst_packets, row->ignored_rst);
	assert_int_equal(w->counters.conflicting_octets, row->conflicting);
	free(w);
}

#define FIN_ACK (TCP_FIN | TCP_ACK)
#define RST_ACK (TCP_RST | TCP_ACK)
#define NO_FLAGS 0

static struct row rows[] = {
	/* ---- order ---- */
	{"in order, octets pass as they come",
		{C(0, 0, "abc"), C(3, 0, "de"), S(0, 5, "xyz")},
		.log = ">0:abc >3:de <0:xyz^5 | >END <END"},
	{"nothing at all ends both directions", {}, .log = "| >END <END"},
	{"a segment before its turn waits", {C(3, 0, "de"), MARK, C(0, 0, "abc")},
		.log = "/ >0:abc >3:de | >END <END"},
	{"all segments in reverse order",
		{C(6, 0, "g"), C(4, 0, "ef"), C(2, 0, "cd"), C(0, 0, "ab")},
		.log = ">0:ab >2:cd >4:ef >6:g | >END <END"},
	{"segments 0 2 1 1 4 3 2",
		{C(0, 0, "ab"), C(4, 0, "ef"), C(2, 0, "cd"), C(2, 0, "cd"),
			C(8, 0, "ij"), C(6, 0, "gh"), C(4, 0, "ef")},
		.log = ">0:ab >2:cd >4:ef >6:gh >8:ij | >END <END", .retransmitted = 4},
	{"a copy of what waits is delivered once",
		{C(2, 0, "cd"), C(2, 0, "cd"), C(0, 0, "ab")},
		.log = ">0:ab >2:cd | >END <END", .retransmitted = 2},
	{"the sequence number wraps between two segments",
		{C(0, 0, "abcd"), C(4, 0, "efgh"), S(0, 8, "x")},
		.log = ">0:abcd >4:efgh <0:x^8 | >END <END", .isn = {UINT32_MAX - 4, 7}},
	{"the sequence number wraps inside a segment",
		{C(4, 0, "efgh"), C(0, 0, "abcd"), S(0, 8, "x")},
		.log = ">0:abcd >4:efgh <0:x^8 | >END <END", .isn = {UINT32_MAX - 6, 7}},
	{"the initial sequence number is the largest",
		{C(0, 0, "abcd"), CX(FIN_ACK, 4, 0, "")}, .log = ">0:abcd >FIN | <END",
		.isn = {UINT32_MAX, UINT32_MAX}},

	/* ---- copies ---- */
	{"sent again as a whole", {C(0, 0, "abc"), C(0, 0, "abc")},
		.log = ">0:abc | >END <END", .retransmitted = 3},
	{"sent again in parts", {C(0, 0, "abcdef"), C(0, 0, "abc"), C(2, 0, "cd")},
		.log = ">0:abcdef | >END <END", .retransmitted = 5},
	{"sent again as one bigger segment with new octets",
		{C(0, 0, "ab"), C(2, 0, "cd"), C(0, 0, "abcdef")},
		.log = ">0:ab >2:cd >4+:ef | >END <END", .retransmitted = 4},
	{"sent again from the middle with new octets", {C(0, 0, "abcd"), C(2, 0, "cdef")},
		.log = ">0:abcd >4+:ef | >END <END", .retransmitted = 2},
	{"sent again with other octets: the first are final",
		{C(0, 0, "abcd"), C(0, 0, "XXXXXX")},
		.log = ">0:abcd >!0-4 >4+:XX | >END <END", .retransmitted = 4,
		.conflicting = 4},
	{"keep-alive probes with and without an octet",
		{C(0, 0, "ab"), C(1, 0, ""), C(1, 0, "X"), S(0, 2, "x"), S(0, 2, ""),
			S(0, 2, "X")},
		.log = ">0:ab <0:x^2 | >END <END", .retransmitted = 2},
	{"a keep-alive probe before the first octet",
		{C(UINT32_MAX, 0, "X"), C(0, 0, "ab")}, .log = ">0:ab | >END <END",
		.retransmitted = 1},
	{"octets from before the start, and the first ones behind them",
		{C(UINT32_MAX - 1, 0, "XXab"), C(2, 0, "cd")},
		.log = ">0+:ab >2:cd | >END <END", .retransmitted = 2},
	{"a FIN from before the start is none",
		{CX(FIN_ACK, (uint32_t)-50, 0, "old"), C(0, 0, "ab")},
		.log = ">0:ab | >END <END", .retransmitted = 3},
	{"zero-window probes bring an octet that is sent again",
		{S(0, 0, "ab"), S(2, 0, "c"), S(2, 0, "c"), S(2, 0, "cd")},
		.log = "<0:ab <2:c <3+:d | >END <END", .retransmitted = 2},

	/* ---- copies that differ; test_overlap.c has the policies ---- */
	{"copies that wait differ in the middle",
		{C(4, 0, "OOOOOOOO"), C(4, 0, "OONONOOO"), C(0, 0, "HHHH")},
		.log = ">0:HHHH >!6-9 >4:OOOOOOOO | >END <END", .retransmitted = 8,
		.conflicting = 2},
	{"copies that wait, of which the snapshot length cut one",
		{CUT(4, 0, "OOOO", 4), S(4, 0, "OOONNNNN"), S(0, 0, "HHHH")},
		.log = "<0:HHHH <!7-8 <4:OOOO~4 | >END <END", .retransmitted = 8,
		.conflicting = 1},
	{"a copy of several segments, of which one differs",
		{C(0, 0, "abcd"), C(4, 0, "efgh"), C(8, 0, "ij"), C(0, 0, "abcdEFGHij")},
		.log = ">0:abcd >4:efgh >8:ij >!4-8 | >END <END", .retransmitted = 10,
		.conflicting = 4},
	{"a part of a segment that was delivered cannot be compared",
		{C(0, 0, "abcdefgh"), C(2, 0, "XX")}, .log = ">0:abcdefgh | >END <END",
		.retransmitted = 2},
	{"a copy that differs, and is told from where it waited",
		{C(4, 0, "efgh"), C(0, 0, "abcd"), C(4, 0, "XXXX")},
		.log = ">0:abcd >4:efgh >!4-8 | >END <END", .retransmitted = 4,
		.conflicting = 4},
	{"a copy that differs after the end", {CX(FIN_ACK, 0, 0, "ab"), C(0, 0, "XY")},
		.log = ">0:ab >FIN >!0-2 | <END", .retransmitted = 2, .conflicting = 2},
	{"the octet of a keep-alive probe contradicts nothing",
		{C(0, 0, "a"), C(0, 0, "X"), C(1, 0, "b"), C(1, 0, "X")},
		.log = ">0:a >1:b | >END <END", .retransmitted = 2},
	{"a FIN behind octets of which another copy counts",
		{C(4, 0, "OOOO"), CX(FIN_ACK, 4, 0, "NNNN"), C(0, 0, "HHHH")},
		.log = ">0:HHHH >!4-8 >4:OOOO >FIN | <END", .retransmitted = 4,
		.conflicting = 4},

	/* ---- the end ---- */
	{"FIN with octets, and half close",
		{CX(FIN_ACK, 0, 0, "ab"), S(0, 3, "xy"), SX(FIN_ACK, 2, 3, "")},
		.log = ">0:ab >FIN <0:xy^3 <FIN |"},
	{"FIN before the data",
		{S(0, 0, "ab"), SX(FIN_ACK, 6, 0, ""), S(4, 0, "ef"), MARK,
			S(2, 0, "cd")},
		.log = "<0:ab / <2:cd <4:ef <FIN | >END"},
	{"FIN with octets before the data",
		{S(0, 0, "ab"), SX(FIN_ACK, 4, 0, "ef"), S(2, 0, "cd")},
		.log = "<0:ab <2:cd <4:ef <FIN | >END"},
	{"FIN sent again, with its octets and without",
		{CX(FIN_ACK, 0, 0, "ab"), CX(FIN_ACK, 0, 0, "ab"), CX(FIN_ACK, 2, 0, "")},
		.log = ">0:ab >FIN | <END", .retransmitted = 2},
	{"octets behind the FIN are no part of the stream",
		{CX(FIN_ACK, 0, 0, "ab"), C(3, 0, "no"), C(9, 0, "no"), C(0, 0, "abno")},
		.log = ">0:ab >FIN | <END", .retransmitted = 3, .pending = 5},
	{"what waited behind the FIN neither", {C(6, 0, "no"), CX(FIN_ACK, 0, 0, "ab")},
		.log = ">0:ab >FIN | <END", .pending = 2},
	{"an acknowledgement beyond the FIN is no hole",
		{CX(FIN_ACK, 0, 0, "ab"), S(0, 9, "x"), WAIT(200), S(1, 9, "y")},
		.log = ">0:ab >FIN <0:x <1:y | <END"},
	{"simultaneous close",
		{CX(FIN_ACK, 0, 0, ""), SX(FIN_ACK, 0, 0, ""), C(1, 1, ""), S(1, 1, "")},
		.log = ">FIN <FIN |"},
	{"RST in order ends both", {C(0, 0, "ab"), SX(RST_ACK, 0, 2, "")},
		.log = ">0:ab >RST <RST |"},
	{"RST with a text, and again",
		{C(0, 0, "ab"), SX(RST_ACK, 0, 2, "why"), SX(RST_ACK, 0, 2, "why")},
		.log = ">0:ab >RST <RST |", .pending = 6},
	{"RST after FIN ends the other direction",
		{CX(FIN_ACK, 0, 0, "ab"), S(0, 3, "xy"), CX(TCP_RST, 3, 0, "")},
		.log = ">0:ab >FIN <0:xy^3 <RST |"},
	{"RST behind the window ends nothing",
		{S(0, 0, "ab"), SX(TCP_RST, 1000000000, 0, ""), S(2, 0, "cd")},
		.log = "<0:ab <2:cd | >END <END", .ignored_rst = 1},
	{"RST before the window ends nothing",
		{S(0, 0, "ab"), SX(TCP_RST, 1, 0, ""), S(2, 0, "cd")},
		.log = "<0:ab <2:cd | >END <END", .ignored_rst = 1},
	{"RST in the window, but not exact, ends nothing",
		{S(0, 0, "ab"), SX(TCP_RST, 4, 0, ""), S(2, 0, "cdef"), S(6, 0, "gh")},
		.log = "<0:ab <2:cdef <6:gh | >END <END", .ignored_rst = 1},
	{"RST at the edge of coming segments ends nothing either",
		{S(0, 0, "ab"), SX(TCP_RST, 4, 0, ""), S(2, 0, "cd"), S(4, 0, "ef")},
		.log = "<0:ab <2:cd <4:ef | >END <END", .ignored_rst = 1},
	{"RST before the last data",
		{S(0, 0, "ab"), SX(TCP_RST, 4, 0, ""), S(2, 0, "cd")},
		.log = "<0:ab <2:cd | >RST <RST"},
	{"RST before the octets of the other direction that it acknowledged",
		{SX(RST_ACK, 0, 2, ""), MARK, C(0, 0, "ab")},
		.log = "/ >0:ab >RST <RST |"},
	{"RST waits, and is passed by data",
		{SX(RST_ACK, 0, 2, ""), SX(NO_FLAGS, 0, 0, "xy"), C(0, 0, "ab")},
		.log = "<0:xy >0:ab | >END <END", .ignored_rst = 1},
	{"RST in order, but signed, ends nothing",
		{C(0, 0, "ab"), SX(RST_ACK | SIGNED, 0, 2, "why"), S(0, 2, "xy")},
		.log = ">0:ab <0:xy^2 | >END <END", .pending = 3, .ignored_rst = 1},
	{"data after the close",
		{C(0, 0, "ab"), SX(RST_ACK, 0, 2, ""), C(2, 0, "cd"), C(9, 0, "xy"),
			C(0, 0, "ab")},
		.log = ">0:ab >RST <RST |", .retransmitted = 2, .pending = 4},
	{"RST delivers what waits", {C(0, 0, "ab"), C(4, 0, "ef"), SX(RST_ACK, 0, 6, "")},
		.log = ">0:ab | >2#2 >4:ef >RST <RST", .gap = 2},

	/* ---- holes ---- */
	{"an acknowledged hole is not declared within the grace",
		{S(0, 0, "ab"), S(4, 0, "ef"), C_ACKS(32, 0, 6), MARK, S(2, 0, "cd")},
		.log = "<0:ab / <2:cd <4:ef | >END <END"},
	{"an acknowledged hole is declared after 32 packets",
		{S(0, 0, "ab"), S(4, 0, "ef"), C_ACKS(33, 0, 6), MARK, S(2, 0, "cd")},
		.log = "<0:ab <2#2 <4:ef / | >END <END", .gap = 2, .retransmitted = 2},
	{"an acknowledged hole is declared after 100 ms",
		{S(0, 0, "ab"), S(4, 0, "ef"), C(0, 6, ""), WAIT(99), C(0, 6, ""), MARK,
			WAIT(1), C(0, 6, "")},
		.log = "<0:ab / <2#2 <4:ef | >END <END", .gap = 2},
	{"the end of an acknowledged hole without anything behind it",
		{S(0, 0, "ab"), C(0, 6, ""), WAIT(100), C(0, 6, ""), MARK, S(6, 0, "gh")},
		.log = "<0:ab <2#4 / <6:gh | >END <END", .gap = 4},
	{"a hole behind octets that are partly acknowledged",
		{S(6, 0, "gh"), C(0, 4, ""), WAIT(100), C(0, 4, ""), MARK, S(4, 0, "ef")},
		.log = "<0#4 / <4:ef <6:gh | >END <END", .gap = 4},
	{"a hole that nobody acknowledged is waited for",
		{S(0, 0, "ab"), S(4, 0, "ef"), C_ACKS(99, 0, 2), WAIT(300), C(0, 2, ""),
			MARK, S(2, 0, "cd")},
		.log = "<0:ab / <2:cd <4:ef | >END <END"},
	{"a hole that nobody acknowledged is one at the end of the input",
		{S(0, 0, "ab"), S(4, 0, "ef"), S(8, 0, "ij")},
		.log = "<0:ab | <2#2 <4:ef <6#2 <8:ij >END <END", .gap = 4},
	{"unless it is wide", {S(0, 0, "ab"), S(2000000, 0, "far")},
		.log = "<0:ab | >END <END", .pending = 3},
	{"an acknowledged hole at the end of the input", {S(0, 0, "ab"), C(0, 9, "")},
		.log = "<0:ab | <2#7 >END <END", .gap = 7},
	{"acknowledgements that keep ahead of their data prove nothing",
		{C(0, 2, ""), C_ACKS(20, 0, 4), S(0, 0, "ab"), C_ACKS(20, 0, 6),
			S(2, 0, "cd"), C_ACKS(20, 0, 8), S(4, 0, "ef"), C(0, 8, ""),
			S(6, 0, "gh")},
		.log = "<0:ab <2:cd <4:ef <6:gh | >END <END"},
	{"two holes, one after the other",
		{S(2, 0, "cd"), S(6, 0, "gh"), C(0, 8, ""), WAIT(100), C(0, 8, ""),
			C(0, 8, "")},
		.log = "<0#2 <2:cd <4#2 <6:gh | >END <END", .gap = 4},
	{"a clock that goes backwards delays, and packets help",
		{S(0, 0, "ab"), S(4, 0, "ef"), C(0, 6, ""), WAIT((unsigned)-1),
			C_ACKS(32, 0, 6), MARK},
		.log = "<0:ab <2#2 <4:ef / | >END <END", .gap = 2},
	{"an acknowledgement far ahead moves nothing",
		{S(0, 0, "ab"), C(0, 2 + CONFIG_WINDOW_BYTES + 1, ""), WAIT(200),
			C(0, 2, ""), S(2, 0, "cd")},
		.log = "<0:ab <2:cd | >END <END"},
	{"nor does one on a segment far away",
		{S(0, 0, "ab"), C(900000000, 1000, ""), WAIT(200), C(0, 2, ""),
			S(2, 0, "cd")},
		.log = "<0:ab <2:cd | >END <END"},

	/* ---- the FIN that was not captured ---- */
	{"an acknowledged FIN that was not captured is no gap",
		{S(0, 0, "ab"), C(0, 3, ""), CX(FIN_ACK, 0, 3, ""), WAIT(200)},
		.log = "<0:ab | >FIN <FIN"},
	{"it is assumed after the grace",
		{S(0, 0, "ab"), CX(FIN_ACK, 0, 3, ""), WAIT(100), C(1, 3, ""), MARK},
		.log = "<0:ab >FIN / | <FIN"},
	{"a lost octet is one when others follow",
		{S(0, 0, "ab"), C(0, 3, ""), WAIT(100), C(0, 3, ""), MARK, S(3, 0, "de"),
			C(0, 5, ""), WAIT(100), C(0, 5, "")},
		.log = "<0:ab / <2#1 <3:de | >END <END", .gap = 1},
	{"a lost octet is part of the hole that goes on",
		{S(0, 0, "ab"), C(0, 3, ""), WAIT(100), C(0, 3, ""), C(0, 9, ""),
			WAIT(100), C(0, 9, "")},
		.log = "<0:ab <2#7 | >END <END", .gap = 7},
	{"a FIN behind an unacknowledged hole, of a side whose peer is seen",
		{S(0, 0, "ab"), SX(FIN_ACK, 9, 0, ""), C(0, 2, "")},
		.log = "<0:ab | >END <END"},

	/* ---- causes before effects ---- */
	{"an answer captured before its question", {S(0, 3, "xyz"), MARK, C(0, 0, "abc")},
		.log = "/ >0:abc <0:xyz^3 | >END <END"},
	{"three answers, each before its question",
		{S(0, 2, "x"), C(0, 0, "ab"), S(1, 4, "y"), C(2, 1, "cd"), S(2, 6, "z"),
			C(4, 2, "ef")},
		.log = ">0:ab <0:x^2 >2:cd^1 <1:y^4 >4:ef^2 <2:z^6 | >END <END"},
	{"a question that was lost: its answer waits for the grace",
		{S(0, 3, "xyz"), C(3, 3, "de"), WAIT(100), S(3, 5, "")},
		.log = ">0#3 <0:xyz^3 >3:de^3 | >END <END", .gap = 3},
	{"a question that was lost, until the end of the input",
		{C(0, 0, "ab"), S(0, 2, "x"), C(4, 1, "ef"), S(1, 6, "z"), C(6, 2, "gh")},
		.log = ">0:ab <0:x^2 | >2#2 >4:ef^1 <1:z^6 >6:gh^2 >END <END", .gap = 2},
	{"an answer that was lost: the next question waits for it, and is not lost",
		{C(0, 0, "ab"), C(2, 3, "cd"), S(3, 4, "xyz"), C(4, 6, "ef")},
		.log = ">0:ab | <0#3 >2:cd^3 <3:xyz^4 >4:ef^6 >END <END", .gap = 3},
	{"a whole exchange that was lost, in both directions",
		{C(0, 0, "ab"), S(0, 2, "x"), C(4, 3, "ef"), S(3, 6, "z"), WAIT(100),
			C(6, 4, ""), WAIT(100), C(6, 4, ""), C(6, 4, "")},
		.log = ">0:ab <0:x^2 >2#2 <1#2 >4:ef^3 <3:z^6 | >END <END", .gap = 4},
	{"both wait for each other: one of them lies",
		{S(0, 2, "xy"), C(0, 2, "ab"), MARK, WAIT(100), S(2, 2, "")},
		.log = "/ >0:ab^2 <0:xy^2 | >END <END"},
	{"both wait for each other at the end of the input",
		{S(0, 2, "xy"), C(0, 2, "ab")}, .log = "| >0:ab^2 <0:xy^2 >END <END"},
	{"what waits for a direction that ended waits no longer",
		{S(0, 9, "xy"), CX(FIN_ACK, 0, 0, "ab")},
		.log = ">0:ab >FIN <0:xy^9 | <END"},

	/* ---- the snapshot length ---- */
	{"octets that the snapshot length cut count",
		{CUT(0, 0, "ab", 8), CUT(10, 0, "", 5), S(15, 0, "xy")},
		.log = "<0:ab~8 <10:~5 <15:xy | >END <END"},
	{"cut octets that wait, and copies of them",
		{CUT(10, 0, "kl", 3), CUT(4, 0, "ef", 8), CUT(0, 0, "ab", 2)},
		.log = "<0:ab~2 <4:ef~8 <14+:~1 | >END <END", .retransmitted = 4},
	{"a whole copy of what was cut is a copy",
		{CUT(0, 0, "ab", 2), S(0, 0, "abcdef")},
		.log = "<0:ab~2 <4+:ef | >END <END", .retransmitted = 4},

	/* ---- the capture begins in the middle, or sees one side ---- */
	{"no SYN: the first packet is the start",
		{C(5000, 7000, "ab"), S(7000, 5002, "xy"), C(5002, 7002, "cd")},
		.log = ">0:ab <0:xy^2 >2:cd^2 | >END <END", .syn = SYN_NONE},
	{"no SYN, the server first", {S(7000, 5002, "xy"), C(5002, 7002, "cd")},
		.log = "<0:xy >0:cd^2 | >END <END", .syn = SYN_NONE},
	{"what was acknowledged before the first packet is no hole",
		{C(0, 50, ""), C(0, 90, ""), S(90, 0, "xy"), C(0, 92, "ab")},
		.log = "<0:xy >0:ab^2 | >END <END", .syn = SYN_NONE},
	{"only the client's SYN: the server's first octets were lost",
		{C(0, 0, "ab"), C(2, 9, ""), S(9, 2, "xy"), C(2, 11, ""), WAIT(100),
			C(2, 11, "")},
		.log = ">0:ab <0#9 <9:xy^2 | >END <END", .gap = 9, .syn = SYN_CLIENT},
	{"one direction only, acknowledging what nobody sees",
		{C(0, 0, "ab"), C(2, 90, "cd"), WAIT(500), C(4, 180, "ef")},
		.log = ">0:ab >2:cd^90 >4:ef^180 | >END <END", .syn = SYN_CLIENT},
	{"one direction only, a loss in it, and its FIN",
		{S(0, 0, "ab"), S(4, 0, "ef"), SX(FIN_ACK, 8, 0, "")},
		.log = "<0:ab | <2#2 <4:ef <6#2 <FIN >END", .gap = 4, .syn = SYN_SERVER},
	{"no SYN, and the first packet is a foreign reset",
		{C(0, 0, "ab"), SX(TCP_RST, 77, 0, ""), S(0, 2, "xy")},
		.log = ">0:ab <0:xy^2 | >END <END", .ignored_rst = 1, .syn = SYN_NONE},
};

/* ---- what is too long for a row ---- */

static void
offsets_pass_4_gib(void **state)
{
	struct world *w = world_new(0x12345678, 0x9abcdef0);
	struct step big = {SAY, 1, TCP_ACK, 0, 0, "", 1u << 26, 1, 0};
	struct step text = {SAY, 1, TCP_ACK, 0, 0, "abc", 0, 1, 0};

	(void)state;
	open_side(w, 0);
	open_side(w, 1);
	for (unsigned i = 0; i < 130; i++, big.seq += 1u << 26) {
		struct step ack = C(0, big.seq + (1u << 26), "");

		say(w, &big);
		say(w, &ack);
	}
	text.seq = big.seq;
	say(w, &text);
	assert_int_equal(w->end[1], (UINT64_C(130) << 26) + 3);
	say(w, &text);
	assert_int_equal(w->counters.retransmitted_octets, 3);
	assert_int_equal(w->streams.side[1].hole_ns, 0);
	finish(w);
	free(w);
}

static void
a_queue_of_many_segments_is_bounded(void **state)
{
	struct world *w = world_new(0, 0);
	struct step step = C(2, 0, "x");

	(void)state;
	open_side(w, 0);
	open_side(w, 1);
	for (unsigned i = 0; i < CONFIG_QUEUE_SEGMENTS; i++, step.seq += 2)
		say(w, &step);
	assert_int_equal(w->end[0], 0);
	say(w, &step);
	assert_int_equal(w->end[0], 3);
	for (unsigned i = 0; i < 10000; i++) {
		step.seq += 2;
		say(w, &step);
		assert_true(w->streams.side[0].queue.count <= CONFIG_QUEUE_SEGMENTS);
		w->log_bytes = 0;
	}
	finish(w);
	free(w);
}

static void
what_waits_in_any_order_comes_out_in_its_own(void **state)
{
	enum {
		SEGMENTS = 389, /* a prime: each is said once */
		STRIDE = 191
	};
	struct world *w = world_new(0, 0);
	char text[] = "?", log[LOG_BYTES];
	struct step step = C(0, 0, text), first = C(0, 0, "!");
	int n = snprintf(log, sizeof log, " >0:!");

	(void)state;
	open_side(w, 0);
	open_side(w, 1);
	for (unsigned i = 0, at = 0; i < SEGMENTS; i++, at = (at + STRIDE) % SEGMENTS) {
		step.seq = 1 + at;
		text[0] = (char)('a' + at % 26);
		say(w, &step);
		n += snprintf(
			log + n, sizeof log - (size_t)n, " >%u:%c", 1 + i, 'a' + i % 26);
	}
	assert_int_equal(w->end[0], 0);
	say(w, &first);
	assert_string_equal(w->log, log);
	finish(w);
	free(w);
}

/* 800 segments behind a loss on the way, as a window of 1.2 MB has them, then the loss.
 */
static void
what_the_receiver_misses_is_waited_for(void **state)
{
	struct world *w = world_new(0, 0);
	struct step step = C(0, 0, "ab"), ack = S(0, 2, ""), again = C(2, 0, "yy");

	(void)state;
	open_side(w, 0);
	open_side(w, 1);
	say(w, &step);
	say(w, &ack);
	step = (struct step)C(4, 0, "x");
	for (unsigned i = 0; i < 800; i++, step.seq++)
		say(w, &step);
	assert_int_equal(w->end[0], 2);
	say(w, &again);
	assert_int_equal(w->end[0], 804);
	assert_int_equal(w->counters.gaps, 0);
	w->log_bytes = 0;
	for (unsigned i = 0; i < 2 * CONFIG_MISSED_SEGMENTS; i++) {
		step.seq += 2;
		ack.ack = (uint32_t)w->end[0];
		say(w, &step);
		say(w, &ack);
		assert_true(w->streams.side[0].queue.count <= CONFIG_MISSED_SEGMENTS);
		w->log_bytes = 0;
	}
	assert_true(w->counters.gaps > 0);
	finish(w);
	free(w);
}

static void
a_queue_of_many_octets_is_bounded(void **state)
{
	struct world *w = world_new(0, 0);
	char *text = malloc(64001);
	struct step step = C(5, 0, text);

	(void)state;
	memset(text, 'x', 64000);
	text[64000] = 0;
	open_side(w, 0);
	open_side(w, 1);
	for (unsigned i = 0; i < 40; i++, step.seq += 64000 + 1) {
		say(w, &step);
		assert_true(w->streams.side[0].queue.bytes <= CONFIG_QUEUE_BYTES);
		assert_int_equal(w->end[0] > 0, i >= CONFIG_QUEUE_BYTES / 64000);
	}
	finish(w);
	free(text);
	free(w);
}

static void
resets_ahead_prove_no_hole(void **state)
{
	struct world *w = world_new(0, 0);
	struct step reset = SX(TCP_RST, 10, 0, "");
	struct step text = S(0, 0, "ab");

	(void)state;
	open_side(w, 0);
	open_side(w, 1);
	for (unsigned i = 0; i < 2000; i++, reset.seq += 10)
		say(w, &reset);
	say(w, &text);
	finish(w);
	assert_string_equal(w->log + 1, "<0:ab | >END <END");
	assert_int_equal(w->counters.ignored_rst_packets, 2000);
	free(w);
}

static void
a_flush_delivers_what_waits_and_goes_on(void **state)
{
	struct world *w = world_new(0, 0);
	struct stream_sink sink = {sink_chunk, sink_end, sink_conflict, w, NULL};
	struct step first = S(4, 9, "ef"), second = S(6, 9, "gh");

	(void)state;
	open_side(w, 0);
	open_side(w, 1);
	say(w, &first);
	streams_flush(&w->streams, &sink, &w->counters);
	say(w, &second);
	finish(w);
	assert_string_equal(w->log + 1, ">0#9 <0#4 <4:ef^9 <6:gh^9 | >END <END");
	free(w);
}

static void
octets_that_went_nowhere_are_noticed(void **state)
{
	struct world *w = world_new(0, 0);
	struct step text = C(0, 0, "ab");

	(void)state;
	open_side(w, 0);
	open_side(w, 1);
	say(w, &text);
	w->streams.side[0].passed--;
	w->streams.side[1].highest++;
	finish(w);
	assert_int_equal(w->counters.streams_unbalanced, 2);
	free(w);
}

int
main(int argc, char **argv)
{
	enum {
		ROWS = sizeof rows / sizeof *rows,
		MORE = 8
	};
	struct CMUnitTest tests[ROWS + MORE] = {
		cmocka_unit_test(offsets_pass_4_gib),
		cmocka_unit_test(a_queue_of_many_segments_is_bounded),
		cmocka_unit_test(what_waits_in_any_order_comes_out_in_its_own),
		cmocka_unit_test(what_the_receiver_misses_is_waited_for),
		cmocka_unit_test(a_queue_of_many_octets_is_bounded),
		cmocka_unit_test(resets_ahead_prove_no_hole),
		cmocka_unit_test(a_flush_delivers_what_waits_and_goes_on),
		cmocka_unit_test(octets_that_went_nowhere_are_noticed),
	};

	for (size_t i = 0; i < ROWS; i++)
		tests[MORE + i] = (struct CMUnitTest){.name = rows[i].name,
			.test_func = play,
			.initial_state = &rows[i]};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
