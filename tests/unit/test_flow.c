// room: ct_flow
/*
 * Connections: where one ends and the next begins, what was captured twice, who is
 * counted, and that many of them cost what they should.
 *
 * A row is a list of packets of one pair of ports and the log of what the users of the
 * flows got: `(` a user opened, `)` closed, >text and <text octets of its two sides,
 * FIN RST GIVEN-UP END the ends, #n a hole.  `|` is the end of the input.
 */
#include "analyzer/config.h"
#include "analyzer/flow/flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum {
	STEPS = 48,
	LOG_BYTES = 4096,
	PLENTY = 64 << 20,
	STEP_US = 2000
};

#define SYN TCP_SYN
#define SYN_ACK (TCP_SYN | TCP_ACK)
#define FIN_ACK (TCP_FIN | TCP_ACK)
#define RST_ACK (TCP_RST | TCP_ACK)

struct step {
	char side; /* C, S; c, s: its fragments contradict each other; 0: the last */
	unsigned flags;
	uint32_t seq, ack;
	const char *text;
	int us; /* after the packet before; 0: STEP_US */
	uint16_t id, checksum;
};

#define C(flags, seq, ack, text) CX(flags, seq, ack, text, 0, 0, 0)
#define S(flags, seq, ack, text) SX(flags, seq, ack, text, 0, 0, 0)
#define CX(flags, seq, ack, text, us, id, sum)                                           \
	{                                                                                \
		'C', flags, seq, ack, text, us, id, sum                                  \
	}
#define SX(flags, seq, ack, text, us, id, sum)                                           \
	{                                                                                \
		'S', flags, seq, ack, text, us, id, sum                                  \
	}

struct row {
	const char *name;
	struct step steps[STEPS];
	const char *log;
	uint64_t flows, midstream, one_sided, not_http;
	uint64_t duplicates, retransmitted, pending, gap;
};

struct world {
	struct flow_table *table;
	struct counters counters;
	struct place place;
	uint64_t fed, delivered, by_side[2];
	int64_t rtt_ns;
	unsigned client, open;
	bool is_http, quiet;
	size_t log_bytes;
	char log[LOG_BYTES];
};

static void
note(struct world *w, const char *format, ...)
{
	va_list args;

	if (w->quiet)
		return;
	va_start(args, format);
	w->log_bytes += (size_t)vsnprintf(
		w->log + w->log_bytes, sizeof w->log - w->log_bytes, format, args);
	va_end(args);
	assert_true(w->log_bytes < sizeof w->log);
}

static void *
user_open(void *context, const struct flow *flow)
{
	struct world *w = context;

	w->open++;
	w->rtt_ns = flow->handshake_rtt_ns;
	w->client = !!(flow->flags & FLOW_CLIENT_1);
	note(w, " (");
	return w;
}

static void
user_chunk(void *user, unsigned direction, const struct chunk *chunk)
{
	struct world *w = user;

	w->delivered += chunk->data.n + chunk->snapped;
	w->by_side[direction]++;
	note(w, "%c", "><"[direction]);
	if (chunk->lost)
		note(w, "#%u", (unsigned)chunk->lost);
	else
		note(w, "%.*s", (int)chunk->data.n, (const char *)chunk->data.at);
}

static void
user_end(void *user, unsigned direction, enum stream_end end)
{
	static const char *const names[] = {"FIN", "RST", "GIVEN-UP", "END"};

	note(user, "%c%s", "><"[direction], names[end]);
}

static void
user_conflict(void *user, unsigned direction, uint64_t begin, uint64_t end)
{
	note(user, " !%c%u-%u", "><"[direction], (unsigned)begin, (unsigned)end);
}

static int
user_close(void *user)
{
	struct world *w = user;

	w->open--;
	note(w, ")");
	return w->is_http ? 0 : -1;
}

static struct world *
world_new(uint64_t memory_bytes, bool quiet)
{
	struct world *w = calloc(1, sizeof *w);
	struct flow_user user = {
		user_open, user_chunk, user_end, user_conflict, user_close, w};

	assert_non_null(w);
	w->place.ts_ns = 1000 * CONFIG_S_NS;
	w->is_http = true;
	w->quiet = quiet;
	w->table = flow_table_new(&user, memory_bytes, 42);
	return w;
}

static void
world_finish(struct world *w)
{
	const struct counters *c = &w->counters;

	note(w, " |");
	flow_table_finish(w->table, &w->counters);
	assert_int_equal(w->open, 0);
	assert_int_equal(w->fed, w->delivered + c->retransmitted_octets +
					 c->duplicate_octets + c->pending_octets);
}

static void
world_free(struct world *w)
{
	flow_table_free(&w->table);
	assert_null(w->table);
	free(w);
}

static void
feed(struct world *w, const struct segment *seg)
{
	w->fed += seg->payload_bytes;
	w->place.frame++;
	flow_table_segment(w->table, seg, &w->place, &w->counters);
}

/* A segment between the two hosts of a flow that is told by its number. */
static struct segment
segment_of(uint32_t flow, unsigned side, unsigned flags, uint32_t seq, const char *text)
{
	struct segment seg = {.flags = (uint8_t)flags,
		.seq = seq,
		.ip_version = 4,
		.payload = slice_of(text, strlen(text)),
		.payload_bytes = (uint32_t)strlen(text)};
	struct address client = address_of_ipv4((const uint8_t[]){10, 1, 2, 3});
	struct address server = address_of_ipv4((const uint8_t[]){10, 9, 9, 9});
	uint16_t port = (uint16_t)(1024 + flow % 60000);

	client.octets[13] = (uint8_t)(flow / 60000);
	seg.src = side ? server : client;
	seg.dst = side ? client : server;
	seg.sport = side ? 80 : port;
	seg.dport = side ? port : 80;
	return seg;
}

static void
take_step(struct world *w, const struct step *step)
{
	bool server = step->side == 'S' || step->side == 's';
	struct segment seg = segment_of(
		0, server, step->flags, step->seq, step->text ? step->text : "");

	seg.ack = step->ack;
	seg.is_contradicted = step->side == 'c' || step->side == 's';
	seg.ip_id = step->id ? step->id : (uint16_t)(w->place.frame + 100);
	seg.checksum = step->checksum;
	if (step->checksum)
		seg.ip_id = 0;
	w->place.ts_ns += (step->us ? step->us : STEP_US) * INT64_C(1000);
	feed(w, &seg);
}

static void
play(void **state)
{
	const struct row *row = *state;
	struct world *w = world_new(PLENTY, false);

	w->is_http = !row->not_http;
	for (const struct step *step = row->steps; step->side; step++)
		take_step(w, step);
	world_finish(w);
	assert_string_equal(w->log + 1, row->log);
	assert_int_equal(w->counters.flows, row->flows);
	assert_int_equal(w->counters.flows_midstream, row->midstream);
	assert_int_equal(w->counters.flows_one_sided, row->one_sided);
	assert_int_equal(w->counters.flows_not_http, row->not_http);
	assert_int_equal(w->counters.duplicate_packets, row->duplicates);
	assert_int_equal(w->counters.retransmitted_octets, row->retransmitted);
	assert_int_equal(w->counters.pending_octets, row->pending);
	assert_int_equal(w->counters.gap_octets, row->gap);
	world_free(w);
}

/* The client's octets start at 1001, the server's at 5001. */
#define HANDSHAKE                                                                        \
	C(SYN, 1000, 0, ""), S(SYN_ACK, 5000, 1001, ""), C(TCP_ACK, 1001, 5001, "")
#define FIVE_COPIES                                                                      \
	CX(TCP_ACK, 1001, 5005, "", 10, 9, 0), CX(TCP_ACK, 1001, 5005, "", 10, 9, 0),    \
		CX(TCP_ACK, 1001, 5005, "", 10, 9, 0),                                   \
		CX(TCP_ACK, 1001, 5005, "", 10, 9, 0),                                   \
		CX(TCP_ACK, 1001, 5005, "", 10, 9, 0)
#define COPIES_OF_THE_ACK                                                                \
	FIVE_COPIES, FIVE_COPIES, FIVE_COPIES, FIVE_COPIES, FIVE_COPIES, FIVE_COPIES,    \
		FIVE_COPIES, FIVE_COPIES
#define EXCHANGE C(TCP_ACK, 1001, 5001, "ask"), S(TCP_ACK, 5001, 1004, "tell")
#define FINS                                                                             \
	S(FIN_ACK, 5005, 1004, ""), C(FIN_ACK, 1004, 5006, ""), S(TCP_ACK, 5006, 1005, "")
/* Another one on the same ports, far from there. */
#define NEW_SYN C(SYN, 2000000000, 0, "")
#define NEW_SYN_ACK S(SYN_ACK, 3000000000, 2000000001, "")
#define NEW_ACK C(TCP_ACK, 2000000001, 3000000001, "")
#define NEW_ASK C(TCP_ACK, 2000000001, 3000000001, "new")
#define NEW_TELL S(TCP_ACK, 3000000001, 2000000004, "old")

static struct row rows[] = {
	{"one connection, from SYN to FIN", {HANDSHAKE, EXCHANGE, FINS},
		.log = "(>ask<tell<FIN>FIN) |", .flows = 1},
	{"no payload, no user", {HANDSHAKE, C(FIN_ACK, 1001, 5001, "")}, .log = "|",
		.flows = 1},
	{"a side that ended without an octet, before the other one had any",
		{HANDSHAKE, C(FIN_ACK, 1001, 5001, ""), S(TCP_ACK, 5001, 1002, "tell")},
		.log = "(>FIN<tell |<END)", .flows = 1},
	{"fragments in several versions are told of before their octets",
		{HANDSHAKE, {'c', TCP_ACK, 1001, 5001, "ask", 0, 0, 0},
			{'s', TCP_ACK, 5001, 1004, "tell", 0, 0, 0}},
		.log = "( !>0-3>ask !<0-4<tell |>END<END)", .flows = 1},
	{"a copy in fragments of several versions",
		{HANDSHAKE, EXCHANGE, {'c', TCP_ACK, 1001, 5005, "ask", 0, 0, 0}},
		.log = "(>ask<tell !>0-3 |>END<END)", .flows = 1, .retransmitted = 3},
	{"without octets, or before all, they contradict nothing",
		{HANDSHAKE, {'c', TCP_ACK, 1001, 5001, "", 0, 0, 0}, EXCHANGE,
			{'c', TCP_ACK, 1000, 5005, "a", 0, 0, 0}},
		.log = "(>ask<tell |>END<END)", .flows = 1, .retransmitted = 1},
	{"the user says that it was not HTTP", {HANDSHAKE, EXCHANGE},
		.log = "(>ask<tell |>END<END)", .flows = 1, .not_http = 1},

	/* ---- port reuse ---- */
	{"a new SYN after FIN",
		{HANDSHAKE, EXCHANGE, FINS, NEW_SYN, NEW_SYN_ACK, NEW_ACK, NEW_ASK},
		.log = "(>ask<tell<FIN>FIN) (>new |>END<END)", .flows = 2},
	{"a new SYN after RST",
		{HANDSHAKE, EXCHANGE, C(RST_ACK, 1004, 5005, ""), NEW_SYN, NEW_SYN_ACK,
			NEW_ACK, NEW_ASK, NEW_TELL},
		.log = "(>ask<tell>RST<RST) (>new<old |>END<END)", .flows = 2},
	{"a new SYN after nothing",
		{HANDSHAKE, EXCHANGE, NEW_SYN, NEW_SYN_ACK, NEW_ACK, NEW_ASK, NEW_TELL},
		.log = "(>ask<tell>GIVEN-UP<GIVEN-UP) (>new<old |>END<END)", .flows = 2},
	{"a new SYN after nothing, its SYN-ACK lost",
		{HANDSHAKE, EXCHANGE, NEW_SYN, NEW_ACK, NEW_ASK, NEW_TELL},
		.log = "(>ask<tell>GIVEN-UP<GIVEN-UP) (>new<old |>END<END)", .flows = 2},
	{"a new SYN-ACK after nothing, the SYN lost",
		{HANDSHAKE, EXCHANGE, NEW_SYN_ACK, NEW_ACK, NEW_ASK, NEW_TELL},
		.log = "(>ask<tell>GIVEN-UP<GIVEN-UP) (<new>old |>END<END)", .flows = 2},
	{"the server was the client before",
		{HANDSHAKE, EXCHANGE, S(SYN, 3000000000, 0, ""),
			C(SYN_ACK, 2000000000, 3000000001, ""),
			S(TCP_ACK, 3000000001, 2000000001, "turn")},
		.log = "(>ask<tell>GIVEN-UP<GIVEN-UP) (>turn |>END<END)", .flows = 2},
	{"the same SYN again is the same connection",
		{HANDSHAKE, EXCHANGE, C(SYN, 1000, 0, ""), S(SYN_ACK, 5000, 1001, ""),
			C(TCP_ACK, 1004, 5005, "more")},
		.log = "(>ask<tell>more |>END<END)", .flows = 1},
	{"the same SYN again after the close",
		{HANDSHAKE, EXCHANGE, FINS, C(SYN, 1000, 0, "")},
		.log = "(>ask<tell<FIN>FIN) |", .flows = 1},
	{"a forged SYN changes nothing",
		{HANDSHAKE, EXCHANGE, NEW_SYN, S(TCP_ACK, 5005, 1004, "and"),
			C(TCP_ACK, 1004, 5008, "more")},
		.log = "(>ask<tell<and>more |>END<END)", .flows = 1},
	{"nor one with the next number",
		{HANDSHAKE, EXCHANGE, C(SYN, 1003, 0, ""), C(TCP_ACK, 1004, 5005, "more"),
			S(TCP_ACK, 5005, 1008, "")},
		.log = "(>ask<tell>more |>END<END)", .flows = 1},
	{"nor one with octets",
		{HANDSHAKE, EXCHANGE, C(SYN, 77000, 0, "forged"),
			C(TCP_ACK, 1004, 5005, "more")},
		.log = "(>ask<tell>more |>END<END)", .flows = 1, .pending = 6},
	{"a forged SYN long before a true one",
		{HANDSHAKE, EXCHANGE, C(SYN, 99, 0, ""), FINS, NEW_SYN, NEW_SYN_ACK,
			NEW_ASK},
		.log = "(>ask<tell<FIN>FIN) (>new |>END<END)", .flows = 2},

	/* ---- opening ---- */
	{"SYN-ACK before SYN",
		{S(SYN_ACK, 5000, 1001, ""), C(SYN, 1000, 0, ""),
			C(TCP_ACK, 1001, 5001, ""), EXCHANGE},
		.log = "(<ask>tell |>END<END)", .flows = 1},
	{"the question before SYN and SYN-ACK",
		{C(TCP_ACK, 1001, 5001, "ask"), C(SYN, 1000, 0, ""),
			S(SYN_ACK, 5000, 1001, ""), S(TCP_ACK, 5001, 1004, "tell")},
		.log = "(>ask<tell |>END<END)", .flows = 1},
	{"the question in two, the second half first, before SYN and SYN-ACK",
		{C(TCP_ACK, 1003, 5001, "k"), C(TCP_ACK, 1001, 5001, "as"),
			C(SYN, 1000, 0, ""), S(SYN_ACK, 5000, 1001, "")},
		.log = "(>as>k |>END<END)", .flows = 1},
	{"the answer before the handshake, the question after it",
		{S(TCP_ACK, 5003, 1004, "ll"), S(TCP_ACK, 5001, 1004, "te"),
			C(SYN, 1000, 0, ""), S(SYN_ACK, 5000, 1001, ""),
			C(TCP_ACK, 1001, 5001, ""), C(TCP_ACK, 1001, 5001, "ask")},
		.log = "(<ask>te>ll |>END<END)", .flows = 1},
	{"the answer between SYN-ACK and SYN",
		{S(SYN_ACK, 5000, 1001, ""), S(TCP_ACK, 5001, 1004, "tell"),
			C(TCP_ACK, 1004, 5005, ""), C(SYN, 1000, 0, ""),
			C(TCP_ACK, 1001, 5001, "ask")},
		.log = "(<ask>tell |>END<END)", .flows = 1},
	{"everything before the handshake, SYN-ACK never captured",
		{S(TCP_ACK, 5001, 1004, "tell"), C(TCP_ACK, 1004, 5005, ""),
			C(TCP_ACK, 1001, 5001, "ask"), C(SYN, 1000, 0, "")},
		.log = "(<ask>tell |>END<END)", .flows = 1},
	{"octets in the SYN, accepted",
		{C(SYN, 1000, 0, "ask"), S(SYN_ACK, 5000, 1004, ""),
			C(TCP_ACK, 1004, 5001, ""), S(TCP_ACK, 5001, 1004, "tell")},
		.log = "(>ask<tell |>END<END)", .flows = 1},
	{"octets in the SYN, not accepted and sent again",
		{C(SYN, 1000, 0, "ask"), S(SYN_ACK, 5000, 1001, ""), EXCHANGE},
		.log = "(>ask<tell |>END<END)", .flows = 1, .retransmitted = 3},
	{"octets in the SYN, and the connection is refused",
		{C(SYN, 1000, 0, "ask"), S(RST_ACK, 0, 1004, "")},
		.log = "(>ask>RST<RST) |", .flows = 1},
	{"octets in the SYN, accepted in part",
		{C(SYN, 1000, 0, "asks"), S(SYN_ACK, 5000, 1003, ""),
			C(TCP_ACK, 1003, 5001, "ks"), S(TCP_ACK, 5001, 1005, "tell")},
		.log = "(>asks<tell |>END<END)", .flows = 1, .retransmitted = 2},
	{"octets in the SYN-ACK too",
		{C(SYN, 1000, 0, "ask"), S(SYN_ACK, 5000, 1004, "tell"),
			C(TCP_ACK, 1004, 5005, "more")},
		.log = "(>ask<tell>more |>END<END)", .flows = 1},
	{"split handshake in four",
		{C(SYN, 1000, 0, ""), S(SYN, 5000, 0, ""), C(SYN_ACK, 1000, 5001, ""),
			S(TCP_ACK, 5001, 1001, ""), EXCHANGE},
		.log = "(>ask<tell |>END<END)", .flows = 1},
	{"simultaneous open",
		{C(SYN, 1000, 0, ""), S(SYN, 5000, 0, ""), C(SYN_ACK, 1000, 5001, ""),
			S(SYN_ACK, 5000, 1001, ""), EXCHANGE},
		.log = "(>ask<tell |>END<END)", .flows = 1},
	{"split handshake",
		{C(SYN, 1000, 0, ""), S(TCP_ACK, 5000, 1001, ""), S(SYN, 5000, 0, ""),
			C(SYN_ACK, 1000, 5001, ""), S(TCP_ACK, 5001, 1001, ""), EXCHANGE},
		.log = "(>ask<tell |>END<END)", .flows = 1},

	/* ---- the capture begins in the middle, or sees one side ---- */
	{"no SYN", {EXCHANGE}, .log = "| (>ask<tell>END<END)", .flows = 1,
		.midstream = 1},
	{"no SYN, and it is waited for no longer than needed",
		{EXCHANGE, CX(TCP_ACK, 1004, 5005, "more", 96000, 0, 0),
			CX(TCP_ACK, 1008, 5005, "yet", 4000, 0, 0)},
		.log = "(>ask<tell>more>yet |>END<END)", .flows = 1, .midstream = 1},
	{"no SYN, the answer before the question",
		{S(TCP_ACK, 5001, 1004, "tell"), C(TCP_ACK, 1001, 5001, "ask")},
		.log = "| (<ask>tell>END<END)", .flows = 1, .midstream = 1},
	{"no SYN, the second segment before the first",
		{C(TCP_ACK, 1003, 5001, "k"), C(TCP_ACK, 1001, 5001, "as")},
		.log = "| (>as>k>END<END)", .flows = 1, .midstream = 1, .one_sided = 1},
	{"no SYN, and a reset tells not where it begins",
		{C(TCP_RST, 900, 0, ""), C(TCP_ACK, 1001, 5001, "ask")},
		.log = "| (>ask>END<END)", .flows = 1, .midstream = 1, .one_sided = 1},
	{"the end of one connection, then the SYN of the next",
		{EXCHANGE, NEW_SYN, NEW_SYN_ACK, NEW_ACK, NEW_ASK, NEW_TELL},
		.log = "(>ask<tell>GIVEN-UP<GIVEN-UP) (>new<old |>END<END)", .flows = 2,
		.midstream = 1},
	{"one side only",
		{C(SYN, 1000, 0, ""), C(TCP_ACK, 1001, 5001, "ask"),
			C(TCP_ACK, 1004, 5005, "more")},
		.log = "| (>ask>more>END<END)", .flows = 1, .one_sided = 1},
	{"one side only, from the SYN-ACK on",
		{S(SYN_ACK, 5000, 1001, ""), S(TCP_ACK, 5001, 1004, "tell")},
		.log = "| (>tell>END<END)", .flows = 1, .one_sided = 1},
	{"one side only, no SYN", {S(TCP_ACK, 5001, 1004, "tell")},
		.log = "| (>tell>END<END)", .flows = 1, .one_sided = 1, .midstream = 1},
	{"a SYN that nobody answers is not one-sided", {C(SYN, 1000, 0, "")}, .log = "|",
		.flows = 1},
	{"data of the next connection, both of its SYNs lost, after a close",
		{HANDSHAKE, EXCHANGE, FINS, NEW_ASK}, .log = "(>ask<tell<FIN>FIN) |",
		.flows = 1, .pending = 3},

	/* ---- copies ---- */
	{"captured twice within a millisecond",
		{HANDSHAKE, CX(TCP_ACK, 1001, 5001, "ask", 0, 7, 0),
			CX(TCP_ACK, 1001, 5001, "ask", 999, 7, 0)},
		.log = "(>ask |>END<END)", .flows = 1, .duplicates = 1},
	{"captured twice, in the other order of their clocks",
		{HANDSHAKE, CX(TCP_ACK, 1001, 5001, "ask", 0, 7, 0),
			CX(TCP_ACK, 1001, 5001, "ask", -999, 7, 0)},
		.log = "(>ask |>END<END)", .flows = 1, .duplicates = 1},
	{"captured three times",
		{HANDSHAKE, CX(TCP_ACK, 1001, 5001, "ask", 0, 7, 0),
			CX(TCP_ACK, 1001, 5001, "ask", 10, 7, 0),
			CX(TCP_ACK, 1001, 5001, "ask", 10, 7, 0)},
		.log = "(>ask |>END<END)", .flows = 1, .duplicates = 2},
	{"captured again after a millisecond",
		{HANDSHAKE, CX(TCP_ACK, 1001, 5001, "ask", 0, 7, 0),
			CX(TCP_ACK, 1001, 5001, "ask", 1001, 7, 0)},
		.log = "(>ask |>END<END)", .flows = 1, .retransmitted = 3},
	{"sent again at once, with a new identification",
		{HANDSHAKE, CX(TCP_ACK, 1001, 5001, "ask", 0, 7, 0),
			CX(TCP_ACK, 1001, 5001, "ask", 10, 8, 0)},
		.log = "(>ask |>END<END)", .flows = 1, .retransmitted = 3},
	{"captured twice, without identification: by the checksum",
		{HANDSHAKE, CX(TCP_ACK, 1001, 5001, "ask", 0, 0, 0xbeef),
			CX(TCP_ACK, 1001, 5001, "ask", 10, 0, 0xbeef)},
		.log = "(>ask |>END<END)", .flows = 1, .duplicates = 1},
	{"sent again at once, without identification, with another checksum",
		{HANDSHAKE, CX(TCP_ACK, 1001, 5001, "ask", 0, 0, 0xbeef),
			CX(TCP_ACK, 1001, 5001, "ask", 10, 0, 0xbeee)},
		.log = "(>ask |>END<END)", .flows = 1, .retransmitted = 3},
	{"an empty frame captured twice, between others of its direction",
		{HANDSHAKE, SX(TCP_ACK, 5001, 1001, "", 0, 7, 0),
			SX(TCP_ACK, 5001, 1001, "", 10, 8, 0),
			SX(TCP_ACK, 5001, 1001, "", 10, 7, 0)},
		.log = "|", .flows = 1, .duplicates = 1},
	{"a FIN behind an acknowledgement of the same numbers, all with one "
	 "identification",
		{HANDSHAKE, EXCHANGE, CX(TCP_ACK, 1004, 5005, "", 100, 1, 0),
			CX(FIN_ACK, 1004, 5005, "", 100, 1, 0),
			CX(FIN_ACK, 1004, 5005, "", 100, 1, 0)},
		.log = "(>ask<tell>FIN |<END)", .flows = 1, .duplicates = 1},
	{"copies of the acknowledgement do not shorten the grace of a hole",
		{HANDSHAKE, S(TCP_ACK, 5003, 1001, "ll"),
			CX(TCP_ACK, 1001, 5005, "", 0, 9, 0), COPIES_OF_THE_ACK,
			S(TCP_ACK, 5001, 1001, "te")},
		.log = "(<te<ll |>END<END)", .flows = 1, .duplicates = 40},
	{"a copy of a frame that waits",
		{HANDSHAKE, CX(TCP_ACK, 1004, 5001, "more", 0, 7, 0),
			CX(TCP_ACK, 1004, 5001, "more", 10, 7, 0),
			C(TCP_ACK, 1001, 5001, "ask")},
		.log = "(>ask>more |>END<END)", .flows = 1, .duplicates = 1},
	{"a copy of a frame after the close",
		{HANDSHAKE, EXCHANGE, FINS, C(TCP_ACK, 1001, 5001, "ask"),
			S(TCP_ACK, 9000, 1004, "late")},
		.log = "(>ask<tell<FIN>FIN) |", .flows = 1, .retransmitted = 3,
		.pending = 4},
	{"equal numbers in the two directions are no copies",
		{CX(TCP_ACK, 5, 5, "abc", 0, 7, 0), SX(TCP_ACK, 5, 5, "abc", 10, 7, 0)},
		.log = "| (>abc<abc>END<END)", .flows = 1, .midstream = 1},
};

/* ---- what is too long for a row ---- */

static void
play_steps(struct world *w, const struct step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		take_step(w, &steps[i]);
}

static void
the_handshake_gives_the_round_trip_to_the_client(void **state)
{
	static const struct step steps[] = {C(SYN, 1000, 0, ""),
		SX(SYN_ACK, 5000, 1001, "", 40000, 0, 0),
		CX(TCP_ACK, 1001, 5001, "", 7000, 0, 0),
		CX(TCP_ACK, 1001, 5001, "ask", 90000, 0, 0)};
	struct world *w = world_new(PLENTY, false);

	(void)state;
	play_steps(w, steps, sizeof steps / sizeof *steps);
	assert_int_equal(w->rtt_ns, 7 * CONFIG_MS_NS);
	assert_int_equal(w->client, 0);
	world_finish(w);
	world_free(w);
}

static void
swapped_the_client_is_who_sent_the_syn(void **state)
{
	static const struct step steps[] = {
		S(SYN_ACK, 5000, 1001, ""), C(SYN, 1000, 0, ""), EXCHANGE};
	struct world *w = world_new(PLENTY, false);

	(void)state;
	play_steps(w, steps, sizeof steps / sizeof *steps);
	assert_int_equal(w->client, 1);
	world_finish(w);
	world_free(w);
}

static void
without_a_handshake_the_round_trip_is_unknown(void **state)
{
	static const struct step steps[] = {EXCHANGE};
	struct world *w = world_new(PLENTY, false);

	(void)state;
	play_steps(w, steps, sizeof steps / sizeof *steps);
	world_finish(w);
	assert_int_equal(w->rtt_ns, -1);
	world_free(w);
}

static void
open_flow(struct world *w, uint32_t number, int64_t after_ns)
{
	struct segment syn = segment_of(number, 0, TCP_SYN, 0, "x");
	struct segment syn_ack = segment_of(number, 1, SYN_ACK, 0, "");

	w->place.ts_ns += after_ns;
	syn_ack.ack = 2;
	feed(w, &syn);
	feed(w, &syn_ack);
}

static void
beyond_the_budget_flows_are_given_up_and_counted(void **state)
{
	enum {
		FLOWS = 20000
	};
	uint64_t budget = 1 << 20, most = budget / sizeof(struct flow);
	struct world *w = world_new(budget, true);

	(void)state;
	for (uint32_t i = 0; i < FLOWS; i++) {
		open_flow(w, i, 1000);
		assert_true(w->open <= most);
	}
	assert_int_equal(w->counters.flows, FLOWS);
	assert_int_equal(w->counters.flows_evicted, FLOWS - w->open);
	flow_table_finish(w->table, &(struct counters){0});
	world_free(w);
}

static void
idle_flows_are_given_up(void **state)
{
	struct world *w = world_new(PLENTY, true);

	(void)state;
	for (uint32_t i = 0; i < 1000; i++)
		open_flow(w, i, 0);
	assert_int_equal(w->open, 1000);
	/* The clock leaps, and nobody was idle. */
	for (uint32_t i = 1000; i < 2000; i++)
		open_flow(w, i, i == 1000 ? 24 * 3600 * CONFIG_S_NS : 0);
	assert_int_equal(w->open, 2000);
	for (unsigned minutes = 0; minutes <= 120; minutes++)
		open_flow(w, 0, 60 * CONFIG_S_NS);
	for (uint32_t i = 2000; i < 4000; i++)
		open_flow(w, i, 0);
	assert_int_equal(w->open, 2001);
	assert_int_equal(w->counters.flows_evicted, 0);
	flow_table_finish(w->table, &w->counters);
	world_free(w);
}

static void
for_memory_those_that_hold_some_are_given_up(void **state)
{
	struct world *w = world_new(PLENTY, true);

	(void)state;
	for (uint32_t i = 0; i < 100; i++)
		open_flow(w, i, 1000);
	for (unsigned open = 100; open; open--) {
		assert_int_equal(w->open, open);
		assert_true(flow_table_shed(w->table, &w->counters));
	}
	assert_false(flow_table_shed(w->table, &w->counters));
	assert_int_equal(w->counters.flows_evicted, 100);
	world_finish(w);
	world_free(w);
}

static void
what_waits_in_all_flows_is_bounded(void **state)
{
	enum {
		BUDGET = 4 << 20,
		FLOWS = 3000
	};
	struct world *w = world_new(BUDGET, true);
	char *text = malloc(4001);

	(void)state;
	memset(text, 'x', 4000);
	text[4000] = 0;
	for (uint32_t i = 0; i < FLOWS; i++) {
		struct segment first = segment_of(i, 0, TCP_ACK, 1, "x");
		struct segment far = segment_of(i, 0, TCP_ACK, 100, text);

		feed(w, &first);
		feed(w, &far);
	}
	free(text);
	assert_true(w->delivered > FLOWS + (FLOWS - BUDGET / 4000) * 4000);
	assert_true(w->delivered < FLOWS + FLOWS * 4000);
	flow_table_finish(w->table, &w->counters);
	assert_int_equal(w->fed, w->delivered);
	world_free(w);
}

static void
of_flows_without_a_beginning_few_packets_wait(void **state)
{
	struct world *w = world_new(PLENTY, true);

	(void)state;
	for (unsigned i = 0; i < CONFIG_BEGIN_PACKETS; i++) {
		struct segment seg = segment_of(0, 0, TCP_ACK, 1 + i, "x");

		assert_int_equal(w->delivered, 0);
		feed(w, &seg);
	}
	assert_int_equal(w->delivered, CONFIG_BEGIN_PACKETS);
	world_finish(w);
	world_free(w);
}

static void
of_flows_without_a_beginning_all_wait_only_for_a_while(void **state)
{
	enum {
		FLOWS = 1000
	};
	struct world *w = world_new(PLENTY, true);

	(void)state;
	for (uint32_t i = 0; i < FLOWS; i++) {
		struct segment seg = segment_of(i, 0, TCP_ACK, 1, "x");

		w->place.ts_ns += CONFIG_MS_NS;
		feed(w, &seg);
		assert_in_range(i - w->delivered, 0, CONFIG_BEGIN_NS / CONFIG_MS_NS);
	}
	world_finish(w);
	assert_int_equal(w->delivered, FLOWS);
	world_free(w);
}

static void
of_flows_without_a_beginning_no_more_waits_than_memory(void **state)
{
	enum {
		BUDGET = 1 << 20,
		FLOWS = 1000
	};
	struct world *w = world_new(BUDGET, true);
	char *text = malloc(4001);

	(void)state;
	memset(text, 'x', 4000);
	text[4000] = 0;
	for (uint32_t i = 0; i < FLOWS; i++) {
		struct segment seg = segment_of(i, 0, TCP_ACK, 1, text);

		feed(w, &seg);
	}
	free(text);
	assert_true(w->fed - w->delivered <= BUDGET / 2);
	assert_true(w->fed - w->delivered > BUDGET / 4);
	world_finish(w);
	world_free(w);
}

/* Each of many flows keeps its own place. */
static void
many_flows_are_kept_apart(void **state)
{
	enum {
		FLOWS = 200000,
		ROUNDS = 3
	};
	struct world *w = world_new(UINT64_C(1) << 30, true);

	(void)state;
	for (uint32_t i = 0; i < FLOWS; i++)
		open_flow(w, i, 0);
	for (unsigned round = 1; round < ROUNDS; round++)
		for (uint32_t i = 0; i < FLOWS; i++) {
			struct segment seg = segment_of(i, 0, TCP_ACK, 1 + round, "x");

			feed(w, &seg);
		}
	assert_int_equal(w->counters.flows, FLOWS);
	assert_int_equal(w->delivered, ROUNDS * FLOWS);
	assert_int_equal(w->by_side[1], 0);
	flow_table_finish(w->table, &w->counters);
	world_free(w);
}

int
main(int argc, char **argv)
{
	enum {
		ROWS = sizeof rows / sizeof *rows,
		MORE = 11
	};
	struct CMUnitTest tests[ROWS + MORE] = {
		cmocka_unit_test(the_handshake_gives_the_round_trip_to_the_client),
		cmocka_unit_test(swapped_the_client_is_who_sent_the_syn),
		cmocka_unit_test(without_a_handshake_the_round_trip_is_unknown),
		cmocka_unit_test(beyond_the_budget_flows_are_given_up_and_counted),
		cmocka_unit_test(idle_flows_are_given_up),
		cmocka_unit_test(for_memory_those_that_hold_some_are_given_up),
		cmocka_unit_test(what_waits_in_all_flows_is_bounded),
		cmocka_unit_test(of_flows_without_a_beginning_few_packets_wait),
		cmocka_unit_test(of_flows_without_a_beginning_all_wait_only_for_a_while),
		cmocka_unit_test(of_flows_without_a_beginning_no_more_waits_than_memory),
		cmocka_unit_test(many_flows_are_kept_apart),
	};

	for (size_t i = 0; i < ROWS; i++)
		tests[MORE + i] = (struct CMUnitTest){.name = rows[i].name,
			.test_func = play,
			.initial_state = &rows[i]};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
