#include "analyzer/flow/flow.h"

#include "analyzer/base/mem.h"
#include "analyzer/config.h"
#include "analyzer/flow/duplicate.h"
#include "analyzer/flow/flowmap.h"
#include "analyzer/flow/hold.h"
#include "analyzer/flow/reuse.h"

#include <stdlib.h>

enum {
	EVICTION_LOOKS = 8,
	SWEEP_STEP = 2, /* entries looked at for each new flow, so sweeping keeps up */
};

/* A clock that leaps further between two packets was set: so much has passed at most. */
#define LEAP_NS (CONFIG_FLOW_LINGER_NS * 10)

struct flow_table {
	struct flow_user user;
	struct flowmap map;
	uint32_t sweep;
	uint32_t flows_max;
	uint64_t waiting_bytes, waiting_max;
	uint64_t numbers;
	int64_t seen_ns, now_ns; /* the latest stamp; the time that has passed */
	enum overlap overlap;
	struct recall_budget recall;
	struct holds holds;
	struct duplicates duplicates;
};

struct flow_table *
flow_table_new(const struct flow_user *user, uint64_t memory_bytes, uint64_t seed)
{
	struct flow_table *table = mem_alloc(sizeof *table);
	uint64_t most = memory_bytes / 2 / sizeof(struct flow);

	table->user = *user;
	flowmap_init(&table->map, seed);
	table->waiting_max = memory_bytes * 3 / 8;
	table->recall.most_bytes = memory_bytes / 8;
	table->flows_max = most < FLOWMAP_FIRST	     ? FLOWMAP_FIRST
			   : most < FLOWMAP_NONE / 2 ? (uint32_t)most
						     : FLOWMAP_NONE / 2;
	return table;
}

void
flow_table_limit(struct flow_table *table, uint64_t flows_max)
{
	if (flows_max < table->flows_max)
		table->flows_max = (uint32_t)flows_max;
}

void
flow_table_overlap(struct flow_table *table, enum overlap overlap)
{
	table->overlap = overlap;
}

bool
flow_is_midstream(const struct flow *flow)
{
	return !(flow->streams.side[0].flags & flow->streams.side[1].flags &
		       STREAM_FROM_SYN) &&
	       !(flow->flags & FLOW_CLIENT_KNOWN);
}

/* ---- users ---- */

struct flow_call {
	struct flow_table *table;
	struct flow *flow;
};

/* A direction may have ended without an octet, by FIN, before the other one had any. */
static void
call_open(const struct flow_call *call)
{
	const struct flow_user *user = &call->table->user;
	struct flow *flow = call->flow;

	flow->user = user->open(user->context, flow);
	for (unsigned d = 0; d < 2; d++)
		if (flow->streams.side[d].flags & STREAM_ENDED)
			user->end(flow->user, d, STREAM_FIN);
}

static void
call_chunk(void *context, unsigned direction, const struct chunk *chunk)
{
	struct flow_call *call = context;

	if (!call->flow->user)
		call_open(call);
	call->table->user.chunk(call->flow->user, direction, chunk);
}

static void
call_end(void *context, unsigned direction, enum stream_end end)
{
	struct flow_call *call = context;

	if (call->flow->user)
		call->table->user.end(call->flow->user, direction, end);
}

static void
call_conflict(void *context, unsigned direction, uint64_t begin, uint64_t end)
{
	struct flow_call *call = context;

	if (call->flow->flags & FLOW_CLOSED)
		return;
	if (!call->flow->user)
		call_open(call);
	call->table->user.conflict(call->flow->user, direction, begin, end);
}

/* The flow's user is done; the entry stays for what comes late. */
static void
flow_close(struct flow_table *table, struct flow *flow, struct counters *counters)
{
	unsigned payload = flow->flags & (FLOW_PAYLOAD_0 | FLOW_PAYLOAD_1);

	flow->flags |= FLOW_CLOSED;
	recall_free(&flow->streams.side[0].recall, &table->recall);
	recall_free(&flow->streams.side[1].recall, &table->recall);
	counters->flows_ended++;
	counters->flows_midstream += flow_is_midstream(flow);
	if (payload &&
		(flow->streams.side[0].flags ^ flow->streams.side[1].flags) & STREAM_SEEN)
		counters->flows_one_sided++;
	if (flow->user) {
		int client = table->user.close(flow->user);

		counters->flows_not_http += client < 0;
		if (client >= 0)
			flow->flags |= FLOW_HTTP | (client ? FLOW_HTTP_CLIENT_1 : 0);
		flow->user = NULL;
	}
}

static void flow_begin(
	struct flow_table *table, struct flow *flow, struct counters *counters);

static void
flow_finish(struct flow_table *table, struct flow *flow, enum stream_end end,
	struct counters *counters)
{
	struct flow_call call = {table, flow};
	struct stream_sink sink = {
		call_chunk, call_end, call_conflict, &call, &table->recall};

	if (flow->hold)
		flow_begin(table, flow, counters);
	if (flow->flags & FLOW_CLOSED)
		return;
	streams_finish(&flow->streams, end, &sink, counters);
	table->waiting_bytes -= flow->waiting_bytes;
	flow->waiting_bytes = 0;
	flow_close(table, flow, counters);
}

/* Nothing comes any more: what HTTP cost below it. */
static void
flow_settle(const struct flow *flow, struct counters *counters)
{
	unsigned client = !!(flow->flags & FLOW_HTTP_CLIENT_1);

	if (!(flow->flags & FLOW_HTTP))
		return;
	counters->http_frame_octets += flow->frame_bytes;
	for (unsigned d = 0; d < 2; d++) {
		const struct stream *s = &flow->streams.side[d];
		struct counters_direction
			*to = &counters->http_direction[d == client ? TO_SERVER
								    : TO_CLIENT];

		to->retransmitted_octets += s->retransmitted;
		to->duplicate_octets += s->duplicate;
	}
}

/* ---- the table ---- */

static bool
flow_is_over(const struct flow *flow, int64_t now_ns)
{
	int64_t idle_ns = now_ns - flow->last_ns;

	return idle_ns > CONFIG_FLOW_IDLE_NS ||
	       (flow->flags & FLOW_CLOSED && idle_ns > CONFIG_FLOW_LINGER_NS);
}

static void
flow_drop(struct flow_table *table, uint32_t index, struct counters *counters)
{
	flow_finish(table, flowmap_at(&table->map, index), STREAM_GIVEN_UP, counters);
	flow_settle(flowmap_at(&table->map, index), counters);
	flowmap_remove(&table->map, index);
}

/* Looks at a few entries each time, so that finished ones go as fast as new ones come. */
static void
flow_table_sweep(struct flow_table *table, struct counters *counters)
{
	for (unsigned i = 0; i < SWEEP_STEP && table->map.entries; i++) {
		uint32_t index = table->sweep++ % table->map.entries;
		struct flow *flow = flowmap_at(&table->map, index);

		if (flow->flags & FLOW_OPEN && flow_is_over(flow, table->now_ns))
			flow_drop(table, index, counters);
	}
}

/* The stalest of a few, of all or of those with a user; FLOWMAP_NONE if there is none. */
static uint32_t
flow_table_victim(struct flow_table *table, bool used)
{
	uint32_t victim = FLOWMAP_NONE;

	for (uint32_t i = 0, looks = 0; i < table->map.entries && looks < EVICTION_LOOKS;
		i++) {
		uint32_t index = table->sweep++ % table->map.entries;
		const struct flow *flow = flowmap_at(&table->map, index);

		if (!(flow->flags & FLOW_OPEN) || (used && !flow->user))
			continue;
		looks++;
		if (victim == FLOWMAP_NONE ||
			flow->last_ns < flowmap_at(&table->map, victim)->last_ns)
			victim = index;
	}
	return victim;
}

bool
flow_table_shed(struct flow_table *table, struct counters *counters)
{
	uint32_t victim = flow_table_victim(table, true);

	if (victim == FLOWMAP_NONE)
		return false;
	counters->flows_evicted++;
	flow_drop(table, victim, counters);
	return true;
}

static void
flow_table_evict(struct flow_table *table, struct counters *counters)
{
	uint32_t victim = flow_table_victim(table, false);

	if (!(flowmap_at(&table->map, victim)->flags & FLOW_CLOSED))
		counters->flows_evicted++;
	flow_drop(table, victim, counters);
}

static struct flow *
flow_new(struct flow_table *table, const struct segment *seg, uint32_t hash,
	struct counters *counters)
{
	struct flow *flow;

	flow_table_sweep(table, counters);
	while (table->map.used >= table->flows_max)
		flow_table_evict(table, counters);
	flow = flowmap_add(&table->map, seg, hash);
	flow->last_ns = table->now_ns;
	flow->number = table->numbers++;
	flow->streams.overlap = (uint8_t)table->overlap;
	flow->syn_ack_ns = -1;
	flow->handshake_rtt_ns = -1;
	counters->flows++;
	return flow;
}

/* ---- a packet ---- */

static void
flow_syn(struct flow *flow, unsigned direction, const struct segment *seg,
	const struct place *place)
{
	struct stream *s = &flow->streams.side[direction];

	flow->flags |= direction ? FLOW_ISN_1 : FLOW_ISN_0;
	flow->isn[direction] = seg->seq;
	if (!stream_starts_at(s, seg->seq + 1) && !s->offset)
		stream_place(s, seg->seq + 1);
	s->flags |= STREAM_FROM_SYN;
	if (seg->flags & TCP_ACK && flow->syn_ack_ns < 0)
		flow->syn_ack_ns = place->ts_ns;
	if (!(flow->flags & FLOW_CLIENT_KNOWN)) {
		bool one = direction ^ !!(seg->flags & TCP_ACK);

		flow->flags |= FLOW_CLIENT_KNOWN | (one ? FLOW_CLIENT_1 : 0);
	}
}

/* The handshake's third packet gives the round trip to the client. */
static void
flow_handshake(struct flow *flow, unsigned direction, const struct segment *seg,
	const struct place *place)
{
	bool from_client = direction == !!(flow->flags & FLOW_CLIENT_1);

	/* A request that comes instead was sent when the client had thought. */
	if (flow->syn_ack_ns >= 0 && flow->handshake_rtt_ns < 0 && from_client &&
		!seg->payload_bytes && seg->flags & TCP_ACK &&
		seg->ack == flow->isn[!direction] + 1 && place->ts_ns >= flow->syn_ack_ns)
		flow->handshake_rtt_ns = place->ts_ns - flow->syn_ack_ns;
}

static bool
flow_is_copy(struct flow_table *table, struct flow *flow, unsigned direction,
	const struct segment *seg, const struct place *place, struct counters *counters)
{
	if (!duplicate_find(
		    &table->duplicates, flow->number << 1 | direction, seg, place->ts_ns))
		return false;
	counters->duplicate_packets++;
	counters->duplicate_octets += seg->payload_bytes;
	flow->streams.side[direction].duplicate += seg->payload_bytes;
	return true;
}

/* Keeps what waits in all flows together within the budget. */
static void
flow_account(struct flow_table *table, struct flow *flow, const struct stream_sink *sink,
	struct counters *counters)
{
	const struct stream *side = flow->streams.side;

	table->waiting_bytes -= flow->waiting_bytes;
	if (table->waiting_bytes + side[0].queue.bytes + side[1].queue.bytes >
		table->waiting_max)
		streams_flush(&flow->streams, sink, counters);
	flow->waiting_bytes = side[0].queue.bytes + side[1].queue.bytes;
	table->waiting_bytes += flow->waiting_bytes;
}

/* A packet of a connection that has begun, or a SYN. */
static void
flow_pass(struct flow_table *table, struct flow *flow, unsigned direction,
	const struct segment *seg, const struct place *place, struct counters *counters)
{
	struct flow_call call = {table, flow};
	struct stream_sink sink = {
		call_chunk, call_end, call_conflict, &call, &table->recall};
	const struct stream *side = flow->streams.side;
	uint32_t seq = seg->seq + !!(seg->flags & TCP_SYN);

	if (seg->flags & TCP_SYN && !reuse_is_own_syn(flow, direction, seg)) {
		counters->pending_octets += seg->payload_bytes;
		return;
	}
	counters->retransmitted_packets += seg->payload_bytes &&
					   side[direction].flags & STREAM_SEEN &&
					   (int32_t)(seq - side[direction].next) < 0;
	if (seg->payload_bytes)
		flow->flags |= direction ? FLOW_PAYLOAD_1 : FLOW_PAYLOAD_0;
	if (seg->flags & TCP_SYN)
		flow_syn(flow, direction, seg, place);
	else if (flow->handshake_rtt_ns < 0)
		flow_handshake(flow, direction, seg, place);
	streams_feed(&flow->streams, direction, seg, seq, place, &sink, counters);
	if (side[0].queue.count || side[1].queue.count || flow->waiting_bytes)
		flow_account(table, flow, &sink, counters);
	if (streams_ended(&flow->streams))
		flow_finish(table, flow, STREAM_RST, counters);
}

/* ---- the beginning ---- */

/*
 * Where its streams begin is known, or will not be: what was kept back is passed on.
 * What the other side acknowledged tells it too, if that began with a SYN.
 */
static void
flow_begin(struct flow_table *table, struct flow *flow, struct counters *counters)
{
	struct hold *hold = flow->hold;
	struct held_packet *packet;

	flow->flags |= FLOW_BEGUN;
	if (!hold)
		return;
	flow->hold = NULL;
	hold_leave(&table->holds, hold);
	table->waiting_bytes -= hold->bytes;
	for (unsigned d = 0; d < 2; d++) {
		struct stream *s = &flow->streams.side[d];
		bool acks = flow->streams.side[!d].flags & STREAM_FROM_SYN;
		uint32_t seq;

		if (!(s->flags & STREAM_PLACED) && hold_lowest(hold, d, acks, &seq))
			stream_place(s, seq);
		if (hold_lowest(hold, d, false, &seq))
			s->flags |= STREAM_SEEN;
	}
	while ((packet = hold_pop(hold))) {
		flow_pass(table, flow, packet->direction, &packet->seg, &packet->place,
			counters);
		mem_free(packet);
	}
	mem_free(hold);
}

/* The server refuses a SYN. */
static bool
flow_is_refused(const struct flow *flow, unsigned direction, const struct segment *seg)
{
	const struct stream *peer = &flow->streams.side[!direction];

	return seg->flags & TCP_RST && seg->flags & TCP_ACK &&
	       peer->flags & STREAM_FROM_SYN && seg->ack == peer->next;
}

/* The first packet after a SYN acknowledges the beginning of the other direction. */
static void
flow_place_peer(struct flow *flow, unsigned direction)
{
	const struct stream *s = &flow->streams.side[direction];
	struct stream *peer = &flow->streams.side[!direction];
	uint32_t ack;

	if (s->flags & STREAM_FROM_SYN && !(peer->flags & STREAM_PLACED) && flow->hold &&
		hold_acked_at(flow->hold, direction, s->next, &ack))
		stream_place(peer, ack);
}

/* Both streams' beginnings are known, and that both sides were captured: an answer then
 * waits for its question. */
static bool
flow_can_begin(const struct flow *flow)
{
	for (unsigned d = 0; d < 2; d++) {
		unsigned flags = flow->streams.side[d].flags;

		if (!(flags & STREAM_PLACED) ||
			(!(flags & STREAM_SEEN) &&
				(!flow->hold || !flow->hold->packets[d])))
			return false;
	}
	return true;
}

/* Keeps a packet back, as long as there is room. */
static void
flow_hold(struct flow_table *table, struct flow *flow, unsigned direction,
	const struct segment *seg, const struct place *place, struct counters *counters)
{
	uint32_t before = 0;

	if (flow->hold)
		before = flow->hold->bytes;
	else
		flow->hold = hold_new(&table->holds, flow, table->now_ns);
	hold_put(flow->hold, direction, seg, place);
	table->waiting_bytes += flow->hold->bytes - before;
	if (hold_is_full(flow->hold) || table->waiting_bytes > table->waiting_max)
		flow_begin(table, flow, counters);
}

/* A packet of a connection that has not begun. */
static void
flow_await(struct flow_table *table, struct flow *flow, unsigned direction,
	const struct segment *seg, const struct place *place, struct counters *counters)
{
	if (seg->flags & TCP_SYN)
		flow_pass(table, flow, direction, seg, place, counters);
	else
		flow_hold(table, flow, direction, seg, place, counters);
	if (flow->flags & FLOW_BEGUN)
		return;
	flow_place_peer(flow, direction);
	if (flow_can_begin(flow) || flow_is_refused(flow, direction, seg))
		flow_begin(table, flow, counters);
}

/* Time passes as the latest stamp goes on; several clocks may differ a little. */
static void
flow_table_tick(struct flow_table *table, int64_t ts_ns)
{
	int64_t passed_ns = ts_ns - table->seen_ns;

	if (passed_ns > 0)
		table->now_ns += passed_ns < LEAP_NS ? passed_ns : LEAP_NS;
	if (passed_ns > 0 || passed_ns < -LEAP_NS)
		table->seen_ns = ts_ns;
}

/* Connections whose beginning did not come in time began before the capture. */
static void
flow_table_begin(struct flow_table *table, struct counters *counters)
{
	const struct hold *hold;

	while ((hold = table->holds.oldest) &&
		table->now_ns - hold->since_ns >= CONFIG_BEGIN_NS)
		flow_begin(table, hold->flow, counters);
}

static void
flow_feed(struct flow_table *table, struct flow *flow, unsigned direction,
	const struct segment *seg, const struct place *place, struct counters *counters)
{
	flow->last_ns = table->now_ns;
	flow->frame_bytes += (uint64_t)seg->link_bytes + seg->network_bytes +
			     seg->transport_bytes + seg->payload_bytes;
	counters->snapped_octets += seg->payload_bytes - seg->payload.n;
	if (flow_is_copy(table, flow, direction, seg, place, counters))
		return;
	if (flow->flags & FLOW_BEGUN)
		flow_pass(table, flow, direction, seg, place, counters);
	else
		flow_await(table, flow, direction, seg, place, counters);
}

/* Another connection's SYN ends the wait for the beginning of the one that is there. */
static enum reuse
flow_reuse(struct flow_table *table, struct flow *flow, unsigned direction,
	const struct segment *seg, struct counters *counters)
{
	if (flow->hold && seg->flags & TCP_SYN &&
		hold_is_foreign(flow->hold, direction, seg->seq))
		flow_begin(table, flow, counters);
	return reuse_find(flow, direction, seg);
}

void
flow_table_segment(struct flow_table *table, const struct segment *seg,
	const struct place *place, struct counters *counters)
{
	uint32_t hash = flowmap_hash(&table->map, seg);
	unsigned direction;
	uint32_t index = flowmap_find(&table->map, seg, hash, &direction);
	enum reuse reuse = REUSE_NONE;
	struct flow *flow;

	flow_table_tick(table, place->ts_ns);
	flow_table_begin(table, counters);
	if (index != FLOWMAP_NONE)
		reuse = flow_reuse(
			table, flowmap_at(&table->map, index), direction, seg, counters);
	if (index == FLOWMAP_NONE) {
		direction = 0;
		flow = flow_new(table, seg, hash, counters);
	} else if (reuse) {
		struct flow old = *flowmap_at(&table->map, index);

		flow_drop(table, index, counters);
		flow = flow_new(table, seg, hash, counters);
		direction = 0;
		if (reuse == REUSE_CONFIRMED) {
			reuse_begin(flow, &old);
			direction = !flowmap_is_side(flow, 0, seg);
		}
	} else {
		flow = flowmap_at(&table->map, index);
	}
	flow_feed(table, flow, direction, seg, place, counters);
}

void
flow_table_idle(struct flow_table *table, struct counters *counters)
{
	while (table->holds.oldest)
		flow_begin(table, table->holds.oldest->flow, counters);
}

static int
by_number(const void *a, const void *b)
{
	const struct flow *const *x = a, *const *y = b;

	return (*x)->number < (*y)->number ? -1 : (*x)->number > (*y)->number;
}

void
flow_table_finish(struct flow_table *table, struct counters *counters)
{
	struct flow **open = mem_grow(NULL, table->map.used * sizeof(struct flow *));
	uint32_t count = 0;

	for (uint32_t i = 0; i < table->map.entries; i++)
		if (flowmap_at(&table->map, i)->flags & FLOW_OPEN)
			open[count++] = flowmap_at(&table->map, i);
	/* In the order in which they began, for the same output each time. */
	qsort(open, count, sizeof *open, by_number);
	for (uint32_t i = 0; i < count; i++) {
		flow_finish(table, open[i], STREAM_CAPTURE_END, counters);
		flow_settle(open[i], counters);
	}
	mem_free(open);
}

void
flow_table_free(struct flow_table **table)
{
	if (!*table)
		return;
	flowmap_fini(&(*table)->map);
	mem_free(*table);
	*table = NULL;
}
