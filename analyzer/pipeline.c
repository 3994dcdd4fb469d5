#include "analyzer/pipeline.h"

#include "analyzer/config.h"
#include "analyzer/flow/defrag.h"
#include "analyzer/flow/flow.h"
#include "analyzer/history/timeline.h"
#include "analyzer/http/conn.h"
#include "analyzer/relay.h"
#include "parsers/link.h"
#include "parsers/tunnel.h"

#include <assert.h>

struct pipeline {
	struct counters counters;
	struct defrag *defrag;
	struct flow_table *flows;
	struct cutoffs *cutoffs;
	struct http_sink http;
	struct timeline *timeline;
	struct relay *relay;
	struct judge *judge;
	struct hiding *hiding;
	struct sieve *sieve;
	int64_t now_ns;		       /* the latest time stamp */
	bool is_streamed;	       /* records go out meanwhile */
	bool is_unheard;	       /* and nobody reads them */
	int64_t ticked_ns;	       /* when they did last */
	uint64_t held_bytes, held_max; /* by what is under way */
};

/* ---- stream: messages, exchanges ---- */

static void
on_request(void *context, struct exchange *x)
{
	timeline_open(((struct pipeline *)context)->timeline, x);
}

static void
on_exchange(void *context, struct exchange *x)
{
	timeline_close(((struct pipeline *)context)->timeline, x);
}

static void *
on_flow(void *context, const struct flow *flow)
{
	struct pipeline *p = context;
	struct conn_start start = {
		.side = {{flow->address[0], flow->port[0]},
			{flow->address[1], flow->port[1]}},
		.number = flow->number,
		.midstream = flow_is_midstream(flow),
		.handshake_rtt_ns = flow->handshake_rtt_ns,
		.streams = &flow->streams,
	};

	if (p->hiding)
		hiding_seal(p->hiding);
	return conn_new(&start, &p->http, &p->counters);
}

static void
on_chunk(void *user, unsigned direction, const struct chunk *chunk)
{
	conn_chunk(user, direction, chunk);
}

static void
on_end(void *user, unsigned direction, enum stream_end end)
{
	conn_end(user, direction, end);
}

static void
on_conflict(void *user, unsigned direction, uint64_t begin, uint64_t end)
{
	conn_conflict(user, direction, begin, end);
}

static int
on_flow_close(void *user)
{
	struct conn *conn = user;
	int client = conn_client(conn);

	conn_close(&conn);
	return client;
}

/* ---- packet: segment, stream ---- */

static void
count_time(struct pipeline *p, int64_t ts_ns)
{
	if (!p->counters.packets++) {
		p->counters.first_ns = p->counters.last_ns = p->now_ns = ts_ns;
		return;
	}
	if (ts_ns < p->counters.first_ns)
		p->counters.first_ns = ts_ns;
	if (ts_ns > p->counters.last_ns)
		p->counters.last_ns = ts_ns;
	if (ts_ns < p->now_ns)
		p->counters.time_backwards_packets++;
	else
		p->now_ns = ts_ns;
}

static void
count_not_tcp(struct counters *counters, enum decode decode, const struct segment *seg,
	uint32_t octets)
{
	counters->not_tcp_octets += octets;
	counters->not_tcp_packets += decode == DECODE_NOT_TCP;
	counters->unread_packets[seg->unread] += decode == DECODE_NOT_TCP;
	counters->too_deep_packets += decode == DECODE_TOO_DEEP;
	counters->unknown_link_packets += decode == DECODE_UNKNOWN_LINK;
	if (decode == DECODE_MALFORMED)
		counters->malformed_packets[seg->malformed]++;
}

static void
count_tunnels(struct counters *counters, unsigned tunnels)
{
	_Static_assert((int)TUNNELS <= (int)COUNTERS_TUNNELS &&
			       (int)MALFORMED_REASONS <= (int)COUNTERS_REASONS &&
			       (int)LINK_UNREADS <= (int)COUNTERS_UNREADS,
		"every kind has its counter");

	for (unsigned i = 0; i < TUNNELS; i++)
		counters->tunnel_packets[i] += tunnels >> i & 1;
}

/* What is under way stays within its budget: the order of events gives way first. */
static void
pipeline_shed(struct pipeline *p)
{
	while (p->held_bytes > p->held_max && timeline_shed(p->timeline))
		;
	while (p->held_bytes > p->held_max && flow_table_shed(p->flows, &p->counters))
		while (timeline_shed(p->timeline))
			;
}

static enum decode
pipeline_fragment(
	struct pipeline *p, struct segment *seg, uint32_t *frame_bytes, int64_t ts_ns)
{
	struct address src = seg->fragment.src, dst = seg->fragment.dst;
	enum decode decode = defrag_feed(
		p->defrag, seg, frame_bytes, ts_ns, &p->counters);

	if (p->sieve && decode == DECODE_TCP)
		sieve_see_fragments(p->sieve, &src, &dst, seg);
	return decode;
}

/* Records go out as time goes on, wherever a clock was set to. */
static void
pipeline_tick(struct pipeline *p, int64_t ts_ns)
{
	int64_t passed_ns = ts_ns - p->ticked_ns;
	int64_t settled_ns = p->now_ns - CONFIG_STRAY_NS;
	int64_t begun_ns = timeline_begun_ns(p->timeline);

	if (passed_ns < CONFIG_TICK_NS && passed_ns > -CONFIG_TICK_NS)
		return;
	p->ticked_ns = ts_ns;
	p->is_unheard |= !relay_tick(
		p->relay, p->now_ns, begun_ns < settled_ns ? begun_ns : settled_ns);
}

void
pipeline_packet(struct pipeline *p, const struct packet *packet)
{
	struct place place = {.ts_ns = packet->ts_ns,
		.frame = packet->frame,
		.offset = packet->offset,
		.source = packet->source,
		.octets = (uint32_t)packet->data.n};
	struct frame frame = {
		packet->data, packet->wire_bytes, packet->link_type, packet->fcs_bytes};
	uint32_t frame_bytes = packet->wire_bytes;
	struct segment seg;
	enum decode decode = segment_decode(&seg, &frame);

	if (p->hiding)
		hiding_feed(p->hiding, packet->ts_ns, packet->data);
	count_time(p, packet->ts_ns);
	p->counters.frame_octets += packet->wire_bytes;
	if (p->sieve)
		sieve_keep(p->sieve, packet, decode);
	if (decode == DECODE_FRAGMENT)
		decode = pipeline_fragment(p, &seg, &frame_bytes, packet->ts_ns);
	if (seg.tunnels)
		count_tunnels(&p->counters, seg.tunnels);
	p->counters.tcp_packets += decode == DECODE_TCP;
	p->counters.fragments_kept += decode == DECODE_FRAGMENT;
	if (decode == DECODE_TCP) {
		p->counters.link_octets += seg.link_bytes;
		p->counters.network_octets += seg.network_bytes;
		p->counters.transport_octets += seg.transport_bytes;
		p->counters.payload_octets += seg.payload_bytes;
		flow_table_segment(p->flows, &seg, &place, &p->counters);
	} else if (decode != DECODE_FRAGMENT) {
		count_not_tcp(&p->counters, decode, &seg, frame_bytes);
	}
	timeline_advance(p->timeline, p->now_ns);
	if (p->held_bytes > p->held_max)
		pipeline_shed(p);
	if (p->is_streamed)
		pipeline_tick(p, packet->ts_ns);
}

void
pipeline_idle(struct pipeline *p, int64_t now_ns)
{
	int64_t latest_ns = p->now_ns;

	if (!p->is_streamed)
		return;
	if (now_ns > latest_ns)
		p->now_ns = now_ns;
	flow_table_idle(p->flows, &p->counters);
	timeline_advance(p->timeline, p->now_ns);
	pipeline_tick(p, now_ns);
	p->now_ns = latest_ns;
}

bool
pipeline_is_unheard(const struct pipeline *p)
{
	return p->is_unheard;
}

/* ---- the whole ---- */

struct pipeline *
pipeline_new(const struct pipeline_options *options)
{
	struct pipeline *p = mem_alloc(sizeof *p);
	struct flow_user user = {
		on_flow, on_chunk, on_end, on_conflict, on_flow_close, p};
	struct timeline_sink timeline = {relay_open, relay_close, NULL};

	p->hiding = options->hiding;
	p->sieve = options->judge.sieve;
	p->is_streamed = options->judge.record_count &&
			 options->judge.record_options->wait_ns;
	p->held_max = options->judge.memory_bytes / 4;
	p->cutoffs = cutoffs_new(options->judge.memory_bytes / 256, options->judge.seed);
	p->http = (struct http_sink){on_request, on_exchange, p, &p->held_bytes,
		p->held_max / 4 * 3,
		options->judge.thresholds->of[THRESHOLD_COMPRESS_OCTETS], p->cutoffs};
	p->defrag = defrag_new(options->judge.seed);
	p->flows = flow_table_new(
		&user, options->judge.memory_bytes / 8, options->judge.seed);
	if (options->flows_max)
		flow_table_limit(p->flows, options->flows_max);
	flow_table_overlap(p->flows, options->overlap);
	p->judge = judge_new(&options->judge);
	timeline.context = p->relay = relay_new(
		p->judge, options->jobs > 1, p->sieve && sieve_is_spooling(p->sieve));
	p->timeline = timeline_new(&timeline);
	return p;
}

void
pipeline_finish(struct pipeline *p)
{
	defrag_finish(p->defrag, &p->counters);
	flow_table_finish(p->flows, &p->counters);
	timeline_finish(p->timeline);
	assert(!p->held_bytes);
	relay_finish(p->relay);
	judge_finish(p->judge);
}

void
pipeline_free(struct pipeline **pipeline)
{
	struct pipeline *p = *pipeline;

	if (!p)
		return;
	defrag_free(&p->defrag);
	flow_table_free(&p->flows);
	cutoffs_free(&p->cutoffs);
	timeline_free(&p->timeline);
	relay_free(&p->relay);
	judge_free(&p->judge);
	mem_free(p);
	*pipeline = NULL;
}

void
pipeline_report(const struct pipeline *p, struct report *report)
{
	report->counters = &p->counters;
	judge_report(p->judge, report);
	report->evictions.held += cutoffs_evictions(p->cutoffs);
}

/* What each packet was, and each connection. */
static const char *
check_packets(const struct pipeline *p)
{
	const struct counters *c = &p->counters;
	uint64_t others = c->not_tcp_packets + c->too_deep_packets +
			  c->unknown_link_packets + c->fragments_kept;
	uint64_t not_tcp = 0;

	for (unsigned i = 0; i < COUNTERS_REASONS; i++)
		others += c->malformed_packets[i];
	for (unsigned i = 0; i < COUNTERS_UNREADS; i++)
		not_tcp += c->unread_packets[i];
	if (c->packets != c->tcp_packets + others || not_tcp != c->not_tcp_packets)
		return "packets are not those of all kinds";
	if (c->flows != c->flows_ended)
		return "connections that began are not those that ended";
	if (c->flows_one_sided > c->flows || c->flows_midstream > c->flows ||
		c->flows_not_http > c->flows || c->flows_evicted > c->flows)
		return "more connections of a kind than there are";
	return NULL;
}

/* What connections with HTTP had is a part of what all had. */
static const char *
check_directions(const struct counters *c)
{
	const struct counters_direction *a = &c->http_direction[TO_SERVER];
	const struct counters_direction *b = &c->http_direction[TO_CLIENT];

	if (a->stream_octets + b->stream_octets < c->http_octets ||
		c->http_frame_octets > c->frame_octets)
		return "connections with HTTP had less than HTTP, or more than all";
	if (a->retransmitted_octets + b->retransmitted_octets > c->retransmitted_octets ||
		a->duplicate_octets + b->duplicate_octets > c->duplicate_octets ||
		a->gap_octets + b->gap_octets > c->gap_octets)
		return "more was repeated or lost in a direction than in all";
	return NULL;
}

static const char *
check_octets(const struct pipeline *p)
{
	const struct counters *c = &p->counters;
	uint64_t messages = judge_captured_octets(p->judge);

	if (c->frame_octets != c->link_octets + c->network_octets + c->transport_octets +
				       c->not_tcp_octets + c->payload_octets)
		return "octets of frames are not those of their parts";
	if (c->payload_octets != c->http_octets + c->not_http_octets +
					 c->retransmitted_octets + c->duplicate_octets +
					 c->pending_octets)
		return "octets of payload are not those of their parts";
	if (c->http_octets != messages + c->unparsed_octets)
		return "octets of HTTP are not those of messages and of what is unparsed";
	if (c->streams_unbalanced)
		return "octets of a stream are not those passed on, lost and waiting";
	if (c->snapped_octets > c->payload_octets)
		return "more octets were cut from packets than were in them";
	return check_directions(c);
}

const char *
pipeline_check(const struct pipeline *p)
{
	const char *broken = check_packets(p);

	if (!broken)
		broken = check_octets(p);
	return broken ? broken : judge_check(p->judge);
}
