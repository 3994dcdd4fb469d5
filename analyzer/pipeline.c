#include "analyzer/pipeline.h"

#include "analyzer/flow/flow.h"
#include "analyzer/history/timeline.h"
#include "analyzer/http/conn.h"

struct pipeline {
	struct counters counters;
	struct flow_table *flows;
	struct http_sink http;
	struct timeline *timeline;
	struct history *history;
	struct ledger *ledger;
	struct rules *rules;
	struct tally *tally;
	struct records *records;
	int64_t now_ns; /* the latest time stamp */
	uint64_t gap_octets_in_messages;
};

/* ---- exchange: history, verdict, report ---- */

static void
on_open(void *context, const struct exchange *x, struct before *before)
{
	struct pipeline *p = context;

	history_open(p->history, x, before);
}

static void
on_late_saving(void *context, uint64_t ticket, uint64_t octets)
{
	struct pipeline *p = context;

	tally_late_saving(p->tally, octets);
	if (p->records)
		records_late_saving(p->records, ticket, octets);
}

static void
on_orphan(struct pipeline *p, const struct exchange *x)
{
	tally_add(p->tally, x, NULL, NULL);
	if (p->records)
		records_add(p->records, &(struct record){.x = x});
}

static void
on_close(void *context, const struct exchange *x, const struct before *before)
{
	struct pipeline *p = context;
	struct hit hits[HITS_MAX];
	struct verdict verdict;
	struct view view = {
		.x = x, .before = before, .verdict = &verdict, .history = p->history};
	size_t count;

	if (!x->has_request) {
		on_orphan(p, x);
		return;
	}
	p->gap_octets_in_messages += x->q.gap_bytes + x->r.gap_bytes;
	ledger_judge(p->ledger, p->history, before, x, &verdict);
	view.resource = history_resource(p->history, before->resource);
	count = rules_judge(p->rules, &view, hits, HITS_MAX);
	tally_add(p->tally, x, before, &verdict);
	if (p->records)
		records_add(p->records, &(struct record){.x = x,
						.verdict = &verdict,
						.hits = hits,
						.hit_count = count});
	history_close(p->history, x, before);
	ledger_close(p->ledger, before, x, on_late_saving, p);
}

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

static bool
on_flow_close(void *user)
{
	struct conn *conn = user;

	return conn_close(&conn);
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
count_not_tcp(struct counters *counters, enum decode decode, uint32_t octets)
{
	counters->not_tcp_octets += octets;
	counters->not_tcp_packets += decode == DECODE_NOT_TCP;
	counters->fragment_packets += decode == DECODE_FRAGMENT;
	counters->malformed_packets += decode == DECODE_MALFORMED;
	counters->unknown_link_packets += decode == DECODE_UNKNOWN_LINK;
}

void
pipeline_packet(struct pipeline *p, const struct packet *packet)
{
	struct place place = {packet->ts_ns, packet->frame, packet->source};
	struct segment seg;
	enum decode decode = segment_decode(
		&seg, packet->data, packet->wire_bytes, packet->link_type);

	count_time(p, packet->ts_ns);
	p->counters.frame_octets += packet->wire_bytes;
	if (decode != DECODE_TCP) {
		count_not_tcp(&p->counters, decode, packet->wire_bytes);
	} else {
		p->counters.link_octets += seg.link_bytes;
		p->counters.network_octets += seg.network_bytes;
		p->counters.transport_octets += seg.transport_bytes;
		p->counters.payload_octets += seg.payload_bytes;
		flow_table_segment(p->flows, &seg, &place, &p->counters);
	}
	timeline_advance(p->timeline, p->now_ns);
}

/* ---- the whole ---- */

struct pipeline *
pipeline_new(const struct pipeline_options *options)
{
	struct pipeline *p = mem_alloc(sizeof *p);
	struct flow_user user = {on_flow, on_chunk, on_end, on_flow_close, p};
	struct timeline_sink timeline = {on_open, on_close, p};
	struct history_options history = {options->memory_bytes / 2, options->seed};

	p->http = (struct http_sink){on_request, on_exchange, p};
	p->flows = flow_table_new(&user, options->memory_bytes / 8, options->seed);
	p->timeline = timeline_new(&timeline);
	p->history = history_new(&history);
	p->ledger = ledger_new(options->memory_bytes / 32);
	p->rules = rules_new(options->rules, options->memory_bytes / 32);
	p->tally = tally_new();
	if (options->records)
		p->records = records_new(options->records, options->record_options,
			options->memory_bytes / 4);
	return p;
}

void
pipeline_finish(struct pipeline *p)
{
	flow_table_finish(p->flows, &p->counters);
	timeline_finish(p->timeline);
	rules_finish(p->rules);
	if (p->records)
		records_finish(p->records);
}

void
pipeline_free(struct pipeline **pipeline)
{
	struct pipeline *p = *pipeline;

	if (!p)
		return;
	flow_table_free(&p->flows);
	timeline_free(&p->timeline);
	history_free(&p->history);
	ledger_free(&p->ledger);
	rules_free(&p->rules);
	tally_free(&p->tally);
	records_free(&p->records);
	mem_free(p);
	*pipeline = NULL;
}

void
pipeline_report(const struct pipeline *p, struct report *report)
{
	struct history_evictions history = history_evictions(p->history);

	report->counters = &p->counters;
	report->tally = p->tally;
	report->rules = p->rules;
	report->evictions.held = history.held;
	report->evictions.represented = history.represented;
	report->evictions.resources = history.resources;
	report->evictions.servers = history.servers;
	report->evictions.savings = ledger_evictions(p->ledger);
	report->evictions.records = p->records ? records_evicted(p->records) : 0;
}

const char *
pipeline_check(const struct pipeline *p)
{
	const struct counters *c = &p->counters;
	uint64_t messages = tally_octets_total(p->tally) - p->gap_octets_in_messages;

	if (c->frame_octets != c->link_octets + c->network_octets + c->transport_octets +
				       c->not_tcp_octets + c->payload_octets)
		return "octets of frames are not those of their parts";
	if (c->payload_octets != c->http_octets + c->not_http_octets +
					 c->retransmitted_octets + c->duplicate_octets +
					 c->pending_octets)
		return "octets of payload are not those of their parts";
	if (c->http_octets != messages + c->unparsed_octets)
		return "octets of HTTP are not those of messages and of what is unparsed";
	return NULL;
}
