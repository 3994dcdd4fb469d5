// room: ct_flow
/*
 * One conversation, captured in every way that transport can distort it: what both
 * sides said comes out the same, and each distortion is counted where it belongs.
 *
 * A row changes the packets of the conversation: a handshake, four questions and their
 * answers in segments of a hundred octets, acknowledgements, FINs.  Octets tell their
 * place, so that none can be taken for another.
 */
#include "analyzer/config.h"
#include "analyzer/flow/flow.h"
#include "tests/lib/rows.h"

enum {
	PACKETS = 512,
	STREAM_BYTES = 8192,
	ROUNDS = 4,
	ASK_BYTES = 150,
	TELL_BYTES = 1950,
	SEGMENT_BYTES = 100,
	STEP_US = 200,
	PLENTY = 64 << 20
};

struct shot {
	int64_t ts_ns;
	unsigned side, flags;
	uint32_t seq, ack; /* less the initial numbers */
	uint32_t bytes;
	uint16_t id;
	uint32_t rubbish; /* its octets are not those of their place */
};

struct script {
	struct shot shots[PACKETS];
	unsigned count;
	uint16_t ids;
	int64_t now_ns;
	uint32_t isn[2];
	uint32_t said[2];
};

struct figures {
	uint64_t retransmitted, duplicates, duplicate_octets, conflicting, gap, pending;
	uint64_t ignored_rst, midstream, one_sided;
	uint64_t probes; /* of keep-alive, among what was retransmitted */
};

struct row {
	const char *name;
	void (*change)(struct script *script);
	struct figures figures;
	uint32_t isn[2];
	const char *ends; /* "FIN FIN" unless said */
};

struct world {
	struct counters counters;
	uint8_t heard[2][STREAM_BYTES];
	uint64_t heard_bytes[2];
	char ends[32];
	unsigned flows;
};

/* ---- the conversation ---- */

static uint8_t
octet_at(unsigned side, uint32_t place)
{
	return (uint8_t)(place * 7 + place / 251 + side * 101);
}

static struct shot *
shoot(struct script *s, unsigned side, unsigned flags, uint32_t bytes)
{
	struct shot *shot = &s->shots[s->count++];

	assert_true(s->count < PACKETS);
	s->now_ns += STEP_US * INT64_C(1000);
	*shot = (struct shot){.ts_ns = s->now_ns,
		.side = side,
		.flags = flags,
		.seq = s->said[side],
		.ack = s->said[!side],
		.bytes = bytes,
		.id = ++s->ids};
	s->said[side] += bytes + !!(flags & (TCP_SYN | TCP_FIN));
	return shot;
}

static void
say(struct script *s, unsigned side, uint32_t bytes)
{
	for (uint32_t at = 0; at < bytes; at += SEGMENT_BYTES)
		shoot(s, side, TCP_ACK,
			bytes - at < SEGMENT_BYTES ? bytes - at : SEGMENT_BYTES);
	shoot(s, !side, TCP_ACK, 0);
}

static void
converse(struct script *s)
{
	s->now_ns = 1000 * CONFIG_S_NS;
	shoot(s, 0, TCP_SYN, 0)->ack = 0;
	shoot(s, 1, TCP_SYN | TCP_ACK, 0);
	shoot(s, 0, TCP_ACK, 0);
	for (unsigned round = 0; round < ROUNDS; round++) {
		say(s, 0, ASK_BYTES);
		say(s, 1, TELL_BYTES);
	}
	shoot(s, 1, TCP_FIN | TCP_ACK, 0);
	shoot(s, 0, TCP_FIN | TCP_ACK, 0);
	shoot(s, 1, TCP_ACK, 0);
}

/* ---- what can be done to it ---- */

static struct shot *
insert(struct script *s, unsigned at, struct shot shot)
{
	assert_true(s->count + 1 < PACKETS);
	memmove(&s->shots[at + 1], &s->shots[at], (s->count - at) * sizeof s->shots[0]);
	s->count++;
	s->shots[at] = shot;
	return &s->shots[at];
}

static void
drop(struct script *s, unsigned at)
{
	memmove(&s->shots[at], &s->shots[at + 1], (--s->count - at) * sizeof s->shots[0]);
}

static void
swap(struct script *s, unsigned a, unsigned b)
{
	struct shot shot = s->shots[a];
	int64_t ts_ns = s->shots[b].ts_ns;

	s->shots[a] = s->shots[b];
	s->shots[a].ts_ns = shot.ts_ns;
	s->shots[b] = shot;
	s->shots[b].ts_ns = ts_ns;
}

/* The nth segment with octets of a side. */
static unsigned
data_at(const struct script *s, unsigned side, unsigned nth)
{
	for (unsigned i = 0; i < s->count; i++)
		if (s->shots[i].side == side && s->shots[i].bytes && !nth--)
			return i;
	fail_msg("no such segment");
	return 0;
}

static unsigned
fin_at(const struct script *s, unsigned side)
{
	for (unsigned i = 0; i < s->count; i++)
		if (s->shots[i].side == side && s->shots[i].flags & TCP_FIN)
			return i;
	fail_msg("no FIN");
	return 0;
}

static struct shot
copy_of(const struct script *s, unsigned at, int64_t later_ns, uint16_t id)
{
	struct shot shot = s->shots[at];

	shot.ts_ns += later_ns;
	if (id)
		shot.id = id;
	return shot;
}

static void
nothing(struct script *s)
{
	(void)s;
}

static void
each_octet_alone(struct script *s)
{
	for (unsigned round = 0; round < 2; round++) {
		unsigned at = data_at(s, round, 0);
		struct shot whole = s->shots[at];

		drop(s, at);
		for (uint32_t i = 0; i < whole.bytes; i++) {
			struct shot one = whole;

			one.seq += i;
			one.bytes = 1;
			one.id = (uint16_t)(20000 + i);
			insert(s, at + i, one);
		}
	}
}

static void
all_again_after_230_ms(struct script *s)
{
	unsigned count = s->count;

	for (unsigned i = 0; i < count; i++) {
		unsigned at = count - 1 - i;

		if (s->shots[at].bytes)
			insert(s, at + 1, copy_of(s, at, 0, (uint16_t)(7000 + at)));
	}
	for (unsigned i = 0; i < s->count; i++)
		s->shots[i].ts_ns = (1000 * CONFIG_S_NS) + i * 230 * CONFIG_MS_NS;
}

static void
again_with_more_and_with_less(struct script *s)
{
	unsigned at = data_at(s, 1, 3);
	struct shot more = copy_of(s, at, 0, 7001), less = copy_of(s, at, 0, 7002);

	more.seq -= 150; /* its neighbour, half of the one before, itself, half ahead */
	more.bytes = 300;
	less.seq += 20;
	less.bytes = 50;
	insert(s, at + 1, less);
	insert(s, at + 1, more);
}

/* Keep-alive of the server, with a rubbish octet and without; then a zero-window probe,
 * which brings the next octet before its time. */
static void
probes(struct script *s)
{
	unsigned at = data_at(s, 1, 20);
	struct shot probe = copy_of(s, at, 0, 7001);

	probe.seq -= 1;
	probe.bytes = 1;
	probe.rubbish = 1;
	insert(s, at, probe);
	probe.bytes = 0;
	probe.id = 7002;
	insert(s, at, probe);
	at = data_at(s, 1, 30);
	probe = copy_of(s, at, -100000, 7003);
	probe.bytes = 1;
	insert(s, at, probe);
}

static uint32_t
next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* Packets move within blocks; of one side's segments only if asked for. */
static void
shuffle(struct script *s, unsigned window, bool one_side, uint32_t seed)
{
	unsigned from = 3;

	while (from < s->count) {
		unsigned n = 1;

		while (n < window && from + n < s->count &&
			(!one_side ||
				(s->shots[from].bytes && s->shots[from + n].bytes &&
					s->shots[from].side == s->shots[from + n].side)))
			n++;
		for (unsigned i = n; i-- > 1;)
			swap(s, from + i, from + next_random(&seed) % (i + 1));
		from += n;
	}
}

static void
all_within_2(struct script *s)
{
	shuffle(s, 2, false, 1);
}

static void
all_within_4(struct script *s)
{
	shuffle(s, 4, false, 2);
}

static void
all_within_8(struct script *s)
{
	shuffle(s, 8, false, 3);
}

static void
all_within_16(struct script *s)
{
	shuffle(s, 16, false, 4);
}

static void
all_within_32(struct script *s)
{
	shuffle(s, 32, false, 5);
}

static void
segments_within_64(struct script *s)
{
	shuffle(s, 64, true, 6);
}

static void
fins_before_the_last_data(struct script *s)
{
	swap(s, fin_at(s, 1), data_at(s, 1, ROUNDS * 20 - 1));
}

static void
the_answer_first(struct script *s)
{
	swap(s, data_at(s, 0, 1), data_at(s, 1, 0));
}

static void
the_syn_second(struct script *s)
{
	swap(s, 0, 1);
}

static void
blind_resets(struct script *s)
{
	for (unsigned nth = 0; nth < 40; nth += 10) {
		struct shot reset = copy_of(s, data_at(s, 1, nth), 0, 7001);

		reset.flags = TCP_RST;
		reset.bytes = 0;
		reset.seq += 1500000000u;
		reset.id = (uint16_t)(7000 + nth);
		insert(s, data_at(s, 1, nth), reset);
	}
}

static void
a_reset_inside_the_window(struct script *s)
{
	struct shot reset = copy_of(s, data_at(s, 1, 10), 0, 7001);

	reset.flags = TCP_RST;
	reset.bytes = 0;
	reset.seq += 5;
	insert(s, data_at(s, 1, 10), reset);
}

static void
resets_at_the_end(struct script *s)
{
	unsigned at = s->count - 3;
	struct shot reset = copy_of(s, at, 0, 7001);

	s->count = at;
	reset.flags = TCP_RST | TCP_ACK;
	for (unsigned i = 0; i < 2; i++) {
		reset.id = (uint16_t)(7001 + i);
		s->shots[s->count++] = reset;
	}
}

static void
a_reset_after_the_fins(struct script *s)
{
	struct shot reset = copy_of(s, fin_at(s, 0), 900000, 7001);

	reset.flags = TCP_RST;
	reset.seq += 1;
	s->shots[s->count++] = reset;
}

static void
the_client_closes_first(struct script *s)
{
	unsigned at = data_at(s, 1, 60);
	struct shot fin = s->shots[fin_at(s, 0)];

	drop(s, fin_at(s, 0));
	fin.ack = s->shots[at].seq;
	fin.seq = ROUNDS * ASK_BYTES + 1;
	fin.ts_ns = s->shots[at].ts_ns - 100000;
	insert(s, at, fin);
}

static void
adjacent_copies(struct script *s)
{
	for (unsigned i = s->count; i-- > 0;)
		insert(s, i + 1, copy_of(s, i, 10000, 0));
}

static void
copies_seven_packets_later(struct script *s)
{
	for (unsigned i = s->count; i-- > 0;)
		if (s->shots[i].bytes)
			insert(s, i + 5, copy_of(s, i, 900000, 0));
}

static void
copies_after_50_ms(struct script *s)
{
	unsigned at = data_at(s, 1, 5);

	insert(s, s->count - 3, copy_of(s, at, 50 * CONFIG_MS_NS, 0));
}

static void
rubbish_after_the_acknowledgement(struct script *s)
{
	struct shot rubbish = copy_of(s, data_at(s, 1, 19), 0, 7001);

	rubbish.rubbish = 1;
	insert(s, data_at(s, 0, 2), rubbish);
}

static void
a_segment_is_lost(struct script *s)
{
	drop(s, data_at(s, 1, 25));
}

static void
a_whole_answer_is_lost(struct script *s)
{
	for (unsigned i = 0; i < 20; i++)
		drop(s, data_at(s, 1, 20));
}

static void
no_handshake(struct script *s)
{
	for (unsigned i = 0; i < 3; i++)
		drop(s, 0);
}

static void
stamps_that_are_equal(struct script *s)
{
	for (unsigned i = 0; i < s->count; i++)
		s->shots[i].ts_ns = 1000 * CONFIG_S_NS;
}

static void
steps_back(struct script *s, int64_t ns)
{
	for (unsigned i = s->count / 3; i < s->count; i++)
		s->shots[i].ts_ns -= ns;
	for (unsigned i = 2 * s->count / 3; i < s->count; i++)
		s->shots[i].ts_ns -= ns;
}

static void
back_by_a_microsecond(struct script *s)
{
	steps_back(s, 1000);
}

static void
back_by_three_seconds(struct script *s)
{
	steps_back(s, 3 * CONFIG_S_NS);
}

static void
on_by_a_day(struct script *s)
{
	steps_back(s, -24 * 3600 * CONFIG_S_NS);
}

static void
in_1970(struct script *s)
{
	steps_back(s, 0);
	for (unsigned i = 0; i < s->count; i++)
		s->shots[i].ts_ns -= 1000 * CONFIG_S_NS;
}

/* ---- playing it ---- */

static void *
user_open(void *context, const struct flow *flow)
{
	struct world *w = context;

	assert_int_equal(flow->number, w->flows);
	w->flows++;
	return w;
}

static void
user_chunk(void *user, unsigned direction, const struct chunk *chunk)
{
	struct world *w = user;
	uint64_t at = w->heard_bytes[direction];

	w->heard_bytes[direction] += chunk->data.n + chunk->lost;
	assert_true(w->heard_bytes[direction] <= STREAM_BYTES);
	if (chunk->data.n)
		memcpy(&w->heard[direction][at], chunk->data.at, chunk->data.n);
}

static void
user_end(void *user, unsigned direction, enum stream_end end)
{
	static const char *const names[] = {"FIN", "RST", "GIVEN-UP", "END"};
	struct world *w = user;
	size_t n = strlen(w->ends);

	(void)direction;
	snprintf(w->ends + n, sizeof w->ends - n, "%s%s", n ? " " : "", names[end]);
}

static void
user_conflict(void *user, unsigned direction, uint64_t begin, uint64_t end)
{
	(void)user;
	(void)direction;
	assert_true(begin < end);
}

static int
user_close(void *user)
{
	(void)user;
	return 0;
}

static void
feed(struct flow_table *table, struct world *w, const struct script *s,
	const struct shot *shot)
{
	struct segment seg = {.src = address_of_ipv4((const uint8_t[]){10, 0, 0, 1}),
		.dst = address_of_ipv4((const uint8_t[]){10, 0, 0, 2}),
		.sport = 40000,
		.dport = 80,
		.flags = (uint8_t)shot->flags,
		.seq = s->isn[shot->side] + shot->seq,
		.ack = shot->flags & TCP_ACK ? s->isn[!shot->side] + shot->ack : 0,
		.ip_version = 4,
		.ip_id = shot->id,
		.payload_bytes = shot->bytes};
	struct place place = {.ts_ns = shot->ts_ns};
	uint8_t octets[STREAM_BYTES];

	for (uint32_t i = 0; i < shot->bytes; i++)
		octets[i] = shot->rubbish ? 0xff
					  : octet_at(shot->side, shot->seq - 1 + i);
	seg.payload = slice_of(octets, shot->bytes);
	if (shot->side) {
		struct address src = seg.src;

		seg.src = seg.dst;
		seg.dst = src;
		seg.sport = 80;
		seg.dport = 40000;
	}
	flow_table_segment(table, &seg, &place, &w->counters);
}

static void
assert_heard(const struct world *w, unsigned client_side, uint64_t gap)
{
	unsigned wrong = 0;

	for (unsigned side = 0; side < 2; side++) {
		unsigned direction = side ^ client_side;
		uint32_t bytes = ROUNDS * (side ? TELL_BYTES : ASK_BYTES);

		assert_int_equal(w->heard_bytes[direction], bytes);
		for (uint32_t i = 0; i < bytes; i++)
			wrong += w->heard[direction][i] != octet_at(side, i);
	}
	/* Those of a hole are zeros here; one of them may be right. */
	assert_true(wrong <= gap && wrong >= gap - gap / 50);
}

static void
play(void **state)
{
	const struct row *row = *state;
	struct script *s = calloc(1, sizeof *s);
	struct world *w = calloc(1, sizeof *w);
	struct flow_user user = {
		user_open, user_chunk, user_end, user_conflict, user_close, w};
	struct flow_table *table = flow_table_new(&user, PLENTY, 42);
	const struct figures *want = &row->figures;
	const struct counters *got = &w->counters;

	assert_non_null(s);
	assert_non_null(w);
	converse(s);
	s->isn[0] = row->isn[0];
	s->isn[1] = row->isn[1];
	row->change(s);
	for (unsigned i = 0; i < s->count; i++)
		feed(table, w, s, &s->shots[i]);
	flow_table_finish(table, &w->counters);
	assert_heard(w, s->shots[0].side, want->gap);
	assert_string_equal(w->ends, row->ends ? row->ends : "FIN FIN");
	assert_int_equal(w->flows, 1);
	assert_int_equal(got->retransmitted_octets, want->retransmitted);
	assert_int_equal(got->http_direction[0].retransmitted_octets +
				 got->http_direction[1].retransmitted_octets,
		want->retransmitted - want->probes);
	assert_int_equal(got->http_direction[0].duplicate_octets +
				 got->http_direction[1].duplicate_octets,
		want->duplicate_octets);
	assert_int_equal(got->duplicate_packets, want->duplicates);
	assert_int_equal(got->duplicate_octets, want->duplicate_octets);
	assert_int_equal(got->conflicting_octets, want->conflicting);
	assert_int_equal(got->gap_octets, want->gap);
	assert_int_equal(got->pending_octets, want->pending);
	assert_int_equal(got->ignored_rst_packets, want->ignored_rst);
	assert_int_equal(got->flows_midstream, want->midstream);
	assert_int_equal(got->flows_one_sided, want->one_sided);
	flow_table_free(&table);
	free(w);
	free(s);
}

#define ALL_OCTETS (ROUNDS * (ASK_BYTES + TELL_BYTES))
#define ALL_PACKETS (3 + ROUNDS * (2 + 1 + 20 + 1) + 3)

static const struct row rows[] = {
	{"as it was", nothing, .isn = {1000, 5000}},
	{"octets one by one", each_octet_alone, .isn = {1000, 5000}},
	{"numbers that begin at the last one", nothing, .isn = {UINT32_MAX, UINT32_MAX}},
	{"numbers that wrap in the first question", nothing,
		.isn = {UINT32_MAX - 60, UINT32_MAX - 60}},
	{"numbers that wrap in an answer", nothing, .isn = {7, UINT32_MAX - 3000}},
	{"numbers that wrap while packets are shuffled", all_within_16,
		.isn = {UINT32_MAX - 100, UINT32_MAX - 500}},
	{"every segment sent again after 230 ms", all_again_after_230_ms,
		.figures = {.retransmitted = ALL_OCTETS}, .isn = {1, 2}},
	{"sent again with more on both sides, and a part of it",
		again_with_more_and_with_less, .figures = {.retransmitted = 350},
		.isn = {1, 2}},
	{"probes of keep-alive and of a zero window", probes,
		.figures = {.retransmitted = 2, .probes = 1}, .isn = {1, 2}},
	{"shuffled within 2", all_within_2, .isn = {1, 2}},
	{"shuffled within 4", all_within_4, .isn = {1, 2}},
	{"shuffled within 8", all_within_8, .isn = {1, 2}},
	{"shuffled within 16", all_within_16, .isn = {1, 2}},
	{"shuffled within 32", all_within_32, .isn = {1, 2}},
	{"segments of a side shuffled within 64", segments_within_64, .isn = {1, 2}},
	{"FIN before the last data", fins_before_the_last_data, .isn = {1, 2}},
	{"an answer before its question", the_answer_first, .isn = {1, 2}},
	{"SYN-ACK before SYN", the_syn_second, .isn = {1, 2}},
	{"resets far from the window", blind_resets, .figures = {.ignored_rst = 4},
		.isn = {1, 2}},
	{"a reset in the window that is not exact", a_reset_inside_the_window,
		.figures = {.ignored_rst = 1}, .isn = {1, 2}},
	{"a reset in place of the FINs, twice", resets_at_the_end, .isn = {1, 2},
		.ends = "RST RST"},
	{"a reset after the FINs", a_reset_after_the_fins, .isn = {1, 2}},
	{"the client closes its side first", the_client_closes_first, .isn = {1, 2}},
	{"each packet captured twice", adjacent_copies,
		.figures = {.duplicates = ALL_PACKETS, .duplicate_octets = ALL_OCTETS},
		.isn = {1, 2}},
	{"each segment captured again within a millisecond", copies_seven_packets_later,
		.figures = {.duplicates = ROUNDS * 22, .duplicate_octets = ALL_OCTETS},
		.isn = {1, 2}},
	{"captured again after 50 ms", copies_after_50_ms,
		.figures = {.retransmitted = SEGMENT_BYTES}, .isn = {1, 2}},
	{"rubbish in place of what was acknowledged", rubbish_after_the_acknowledgement,
		.figures = {.retransmitted = 50, .conflicting = 50}, .isn = {1, 2}},
	{"a segment is not in the capture", a_segment_is_lost, .figures = {.gap = 100},
		.isn = {1, 2}},
	{"an answer is not in the capture", a_whole_answer_is_lost,
		.figures = {.gap = TELL_BYTES}, .isn = {1, 2}},
	{"the handshake is not in the capture", no_handshake, .figures = {.midstream = 1},
		.isn = {1, 2}},
	{"equal time stamps", stamps_that_are_equal, .isn = {1, 2}},
	{"the clock goes back by a microsecond", back_by_a_microsecond, .isn = {1, 2}},
	{"the clock goes back by three seconds", back_by_three_seconds, .isn = {1, 2}},
	{"the clock goes on by a day", on_by_a_day, .isn = {1, 2}},
	{"the clock was never set", in_1970, .isn = {1, 2}},
};

int
main(int argc, char **argv)
{
	rows_filter(argc, argv);
	return ROWS_RUN(rows, play);
}
