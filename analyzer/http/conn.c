#include "analyzer/http/conn.h"

#include "analyzer/config.h"
#include "analyzer/http/message.h"
#include "analyzer/http/pair.h"
#include "analyzer/http/past.h"
#include "analyzer/http/reader.h"
#include "analyzer/http/uncoded.h"

#include <assert.h>

enum {
	PROBE_BYTES = 1, /* what a keep-alive probe repeats of what was read long ago */
};

struct conn *
conn_new(const struct conn_start *start, const struct http_sink *sink,
	struct counters *counters)
{
	struct conn *c = mem_alloc(sizeof *c);

	c->start = *start;
	c->sink = sink;
	c->counters = counters;
	c->client = -1;
	c->anchored = !start->midstream;
	c->unheard = start->midstream;
	c->last_response_ns = c->past.answer_ns = -1;
	c->server_read = UINT64_MAX;
	c->reader[0].held_bytes = c->reader[1].held_bytes = sink->held_bytes;
	if (sink->held_bytes)
		*sink->held_bytes += sizeof *c;
	if (start->midstream)
		c->reader[0].state = c->reader[1].state = READER_SEARCH;
	return c;
}

static struct reader *
conn_server(struct conn *c)
{
	return &c->reader[!c->client];
}

/* ---- exchanges that are over ---- */

/* Whether the other direction's octets are in the capture at all. */
static bool
conn_is_one_sided(const struct conn *c)
{
	const struct streams *streams = c->start.streams;

	return !(streams->side[0].flags & streams->side[1].flags & STREAM_SEEN);
}

static void
conn_hand_over(struct conn *c, struct exchange *x)
{
	x->one_sided = conn_is_one_sided(c);
	x->answer_lost = !x->has_response && (x->one_sided || c->uncertain);
	if (x->has_response)
		exchange_read_response(x);
	if (!x->has_request)
		c->counters->unparsed_octets += exchange_r_head(x) + exchange_r_wire(x) -
						x->r.gap_bytes;
	past_hand_over(c, x);
	x->settled = conn_server(c)->stray != x;
	if (!x->settled)
		x->watch = &conn_server(c)->stray;
	conflict_remember(c, x);
	c->sink->close(c->sink->context, x);
}

static void
conn_finish_if_done(struct conn *c, struct exchange *x)
{
	bool asked = !x->has_request || x->q.end != END_OPEN;

	if (asked && x->has_response && x->r.end != END_OPEN)
		conn_hand_over(c, x);
}

void
conn_give_up(struct conn *c, struct exchange *x)
{
	struct reader *client = &c->reader[c->client];

	if (client->x == x) {
		client->x = NULL;
		client->m = NULL;
		client->state = READER_SEARCH;
	}
	conn_hand_over(c, x);
}

void
conn_settle(struct conn *c, unsigned direction, bool by_close)
{
	struct reader *r = &c->reader[direction];
	struct exchange *x = r->stray;

	r->stray = NULL;
	if (!x)
		return;
	if (!x->stray_bytes)
		x->stray_kind = STRAY_NONE;
	else if (http1_leading_crlf(slice_of(x->stray_head, x->stray_head_bytes)) ==
		 x->stray_bytes)
		x->stray_kind = STRAY_CRLF;
	else if (x->r.length == x->stray_bytes)
		x->stray_kind = STRAY_CONTENT_LENGTH;
	else if (x->stray_bytes == 5 && memcmp(x->stray_head, "0\r\n\r\n", 5) == 0)
		x->stray_kind = STRAY_CHUNK_TERMINATOR;
	else if (r->chunked.state == CHUNKED_DONE)
		x->stray_kind = STRAY_CHUNKED;
	else
		x->stray_kind = by_close ? STRAY_UNTIL_CLOSE : STRAY_JUNK;
	x->settled = true;
	x->watch = NULL;
}

/* ---- what the readers find ---- */

void
conn_skip(struct conn *c, unsigned direction, uint64_t octets)
{
	if (c->client < 0)
		c->reader[direction].undecided += octets;
	else
		c->counters->unparsed_octets += octets;
}

/* Those that wait with a hole after them already are the older ones. */
static void
conn_note_hole(struct conn *c, uint64_t begin)
{
	for (uint32_t i = c->pending.count; i > 0; i--) {
		struct exchange *x = pending_at(&c->pending, i - 1);

		if (x->hole_after != UINT64_MAX)
			return;
		x->hole_after = begin;
	}
}

void
conn_lose_anchor(struct conn *c, unsigned direction, uint64_t octets)
{
	c->uncertain = true;
	c->anchored = false;
	if (c->client < 0)
		return;
	c->anchor_after = c->start.streams->side[!c->client].offset;
	if (direction == (unsigned)c->client)
		conn_note_hole(c, c->start.streams->side[c->client].offset - octets);
	else if (octets <= c->anchor_after)
		c->anchor_after -= octets;
}

void
conn_doubt(struct conn *c, unsigned direction, uint64_t acked)
{
	if (!c->anchored && c->pending.count && direction != (unsigned)c->client &&
		acked > pending_at(&c->pending, 0)->q.stream_begin)
		c->uncertain = true;
}

static void
conn_tunnel_reader(struct conn *c, struct reader *r)
{
	struct exchange *x = r->x;

	if (r->state == READER_ENDED)
		return;
	r->foreign += r->buffered;
	reader_free(r);
	r->state = READER_TUNNEL;
	if (!r->m)
		return;
	r->m->end = END_FRAMING;
	r->m = NULL;
	r->x = NULL;
	conn_finish_if_done(c, x);
}

void
conn_tunnel(struct conn *c)
{
	conn_tunnel_reader(c, &c->reader[0]);
	conn_tunnel_reader(c, &c->reader[1]);
}

/* The first message start tells who is the client, and that this is HTTP. */
static void
conn_know_client(struct conn *c, unsigned client)
{
	c->client = (int)client;
	for (unsigned d = 0; d < 2; d++) {
		struct reader *r = &c->reader[d];

		c->counters->unparsed_octets += r->undecided;
		r->undecided = 0;
		if (r->state == READER_FOREIGN)
			r->state = READER_SEARCH;
	}
}

static void
conn_fill(struct conn *c, struct exchange *x)
{
	x->client = c->start.side[c->client];
	x->server = c->start.side[!c->client];
	x->connection = c->start.number;
	x->handshake_rtt_ns = c->start.handshake_rtt_ns;
	x->wait_ns = x->ended_after_ns = -1;
	x->pairing = PAIRING_UNKNOWN;
	x->tentative = c->contradicted;
}

static void
conn_place_head(struct reader *r, struct message *m, struct slice head, size_t leading,
	enum head_state state, const struct place *end)
{
	m->first = r->first;
	m->content_ns = -1;
	m->head_end = m->last = *end;
	m->stream_begin = r->begin;
	m->peer_acked = r->peer_acked;
	m->head_bytes = leading + head.n + r->rest;
	m->head_state = state;
	if (r->rest)
		message_note(m, MESSAGE_HEAD_TOO_LARGE, head.n);
	r->rest = 0;
	if (leading)
		message_note(m, MESSAGE_LEADING_CRLF, 0);
}

/* A head that was too long is framed by what was read of it, if that says anything. */
static bool
framing_is_certain(const struct message *m)
{
	return m->flaws & MESSAGE_HEAD_TOO_LARGE && m->framing != FRAMING_CLOSE;
}

/* Starts the body that the framing announces, or ends the message. */
static void
conn_begin_body(struct conn *c, unsigned direction, struct exchange *x, struct message *m)
{
	struct reader *r = &c->reader[direction];

	r->m = m;
	r->x = x;
	r->chunked = (struct chunked){0};
	if (m->head_state == HEAD_CUT && !framing_is_certain(m)) {
		m->framing = FRAMING_UNKNOWN;
		conn_message_end(c, direction, END_LOST);
		r->state = READER_SEARCH;
		return;
	}
	switch (m->framing) {
	case FRAMING_LENGTH:
		r->left = m->length;
		r->state = READER_LENGTH;
		if (!r->left)
			conn_message_end(c, direction, END_FRAMING);
		break;
	case FRAMING_CHUNKED:
		r->state = READER_CHUNKED;
		break;
	case FRAMING_CLOSE:
		r->state = READER_CLOSE;
		break;
	case FRAMING_TUNNEL:
		conn_message_end(c, direction, END_FRAMING);
		conn_tunnel(c);
		break;
	case FRAMING_NONE:
	case FRAMING_UNKNOWN:
		conn_message_end(c, direction, END_FRAMING);
		break;
	}
}

/*
 * A request that finds nothing outstanding, from a client that had read what came
 * after the last hole, is an anchor: from here on order proves pairs.
 */
static void
conn_try_anchor(struct conn *c, const struct exchange *x)
{
	const struct reader *server = conn_server(c);
	bool idle = server->state == READER_START || server->state == READER_STRAY;

	if (!c->anchored && !c->pending.count && idle && !server->x && server->seen &&
		x->q.peer_acked > c->anchor_after && x->q.head_state == HEAD_CLEAN) {
		c->uncertain = false;
		c->anchored = true;
		c->unheard = false;
	}
}

static bool
conn_request(struct conn *c, unsigned direction, struct slice head, size_t leading,
	enum head_state state, const struct place *end)
{
	struct reader *r = &c->reader[direction];
	struct exchange *x = exchange_new(c->sink->held_bytes);

	if (!message_read(&x->q, &x->arena, head)) {
		exchange_free(&x);
		return false;
	}
	if (c->client < 0)
		conn_know_client(c, direction);
	conn_fill(c, x);
	conn_place_head(r, &x->q, head, leading, state, end);
	conflict_head(r, x, &x->q);
	message_frame_request(&x->q);
	x->has_request = true;
	x->hole_after = UINT64_MAX;
	x->trans = ++c->trans;
	if (c->start.midstream && x->trans == 1 && r->begin > PROBE_BYTES) {
		/* The octets before may be of a request whose answer is still to
		 * come, and this one was then sent without waiting for it. */
		c->uncertain = true;
		x->hole_after = r->begin;
	}
	conn_try_anchor(c, x);
	if (c->pending.count >= CONFIG_PIPELINE) {
		c->counters->requests_given_up++;
		conn_give_up(c, pending_pop(&c->pending));
		conn_lose_anchor(c, direction, 0);
	}
	pending_push(&c->pending, x);
	exchange_read_request(x);
	past_request(c, x);
	c->sink->open(c->sink->context, x);
	conn_begin_body(c, direction, x, &x->q);
	return true;
}

static void
conn_interim(struct conn *c, struct reader *r, unsigned direction, struct slice head,
	uint64_t octets, uint16_t status)
{
	struct exchange *x;

	r->state = READER_START;
	if (!c->pending.count || c->uncertain) {
		past_interim(c, NULL, head, status);
		conn_skip(c, direction, octets);
		return;
	}
	x = pending_at(&c->pending, 0);
	if (!x->interim_count++)
		x->interim_first = r->first;
	x->interim_bytes += octets;
	past_interim(c, x, head, status);
}

static void
conn_set_wait(const struct conn *c, struct exchange *x)
{
	int64_t from_ns = x->q.last.ts_ns;

	if (!x->has_request)
		return;
	if (c->last_response_ns > from_ns)
		from_ns = c->last_response_ns;
	x->wait_ns = x->r.first.ts_ns > from_ns ? x->r.first.ts_ns - from_ns : 0;
}

static bool
conn_response(struct conn *c, unsigned direction, struct slice head, size_t leading,
	enum head_state state, const struct place *end, uint16_t status)
{
	struct reader *r = &c->reader[direction];
	struct exchange *x;

	if (c->client < 0)
		conn_know_client(c, !direction);
	if (r->stray)
		conn_settle(c, direction, false);
	if (status / 100 == 1 && status != 101) {
		conn_interim(c, r, direction, head, leading + head.n, status);
		return true;
	}
	x = pair_find(c, r, head, state);
	if (!x) {
		x = exchange_new(c->sink->held_bytes);
		conn_fill(c, x);
	}
	if (!message_read(&x->r, &x->arena, head))
		assert(!"a status line that was read before");
	x->has_response = true;
	conn_place_head(r, &x->r, head, leading, state, end);
	conflict_head(r, x, &x->r);
	message_frame_response(&x->r, x->has_request ? x->method : METHOD_OTHER);
	conn_set_wait(c, x);
	past_answer(c, r, x);
	conn_begin_body(c, direction, x, &x->r);
	return true;
}

bool
conn_head(struct conn *c, unsigned direction, struct slice head, size_t leading,
	enum head_state state, const struct place *end)
{
	struct start_line start;
	struct slice rest = head, line;
	bool bare_lf, is_line = http1_line(&rest, &line, &bare_lf);

	if (is_line ? http1_status_line(line, &start)
		    : http1_cut_status_line(head, &start))
		return conn_response(
			c, direction, head, leading, state, end, start.status);
	return is_line && conn_request(c, direction, head, leading, state, end);
}

/* Content that is complete, empty content included, has its digests. */
static void
reader_finish_content(struct reader *r)
{
	struct message *m = r->m;

	if (m->complete && !r->body && !m->content_bytes && m->framing != FRAMING_NONE &&
		m->framing != FRAMING_TUNNEL) {
		m->digest = m->digest_decoded = digest_of(slice_of("", 0));
		m->has_digest = m->has_digest_decoded = true;
	}
	if (r->body)
		body_finish(r->body, m, &r->x->arena);
	body_free(&r->body);
}

static void
conn_finish_answer(struct conn *c, struct exchange *x)
{
	if (x->kept)
		uncoded_finish(x, c->sink->compress_min);
	if (c->sink->cutoffs)
		cutoffs_learn(c->sink->cutoffs, x);
}

void
conn_message_end(struct conn *c, unsigned direction, enum message_end end)
{
	struct reader *r = &c->reader[direction];
	struct message *m = r->m;
	struct exchange *x = r->x;
	bool answers = m == &x->r;

	m->end = end;
	m->complete = end == END_FRAMING ||
		      (end == END_FIN && m->framing == FRAMING_CLOSE);
	if (m->framing == FRAMING_CHUNKED)
		m->chunked = r->chunked;
	/* What was not ended by anything seen is over for us all the same. */
	if (end == END_OPEN)
		m->end = END_TIMEOUT;
	if (answers || r->body)
		reader_finish_content(r);
	if (answers)
		conn_finish_answer(c, x);
	r->m = NULL;
	r->x = NULL;
	r->state = READER_START;
	if (answers) {
		c->last_response_ns = m->last.ts_ns;
		past_answered(c, x);
		if (m->framing == FRAMING_NONE && x->has_request) {
			r->state = READER_STRAY;
			r->stray = x;
			r->chunked = (struct chunked){0};
		}
	}
	conn_finish_if_done(c, x);
	if (end == END_OPEN && r->state == READER_STRAY)
		conn_settle(c, direction, false);
}

/* ---- the flow's side ---- */

void
conn_chunk(struct conn *c, unsigned direction, const struct chunk *chunk)
{
	int64_t before_ns = c->reader[direction].last.ts_ns;
	struct chunk late;

	/* Octets have come when those before them have. */
	if (chunk->place.ts_ns < before_ns &&
		before_ns - chunk->place.ts_ns < CONFIG_REORDER_NS) {
		late = *chunk;
		late.place.ts_ns = before_ns;
		chunk = &late;
	}
	if (chunk->lost) {
		c->reader[direction].lost += chunk->lost;
		reader_hole(c, direction, chunk->lost, false, &chunk->place);
		return;
	}
	reader_data(c, direction, chunk->data, chunk);
	if (chunk->snapped)
		reader_hole(c, direction, chunk->snapped, true, &chunk->place);
	if (c->reader[direction].conflict_waits)
		conflict_pass(c, direction);
}

void
conn_end(struct conn *c, unsigned direction, enum stream_end end)
{
	past_end(c, direction, end);
	reader_end(c, direction, end);
}

static void
conn_count(struct conn *c)
{
	bool http = c->client >= 0;

	for (unsigned d = 0; d < 2; d++) {
		const struct reader *r = &c->reader[d];
		uint64_t not_http = r->foreign + r->undecided;

		c->counters->pending_octets += r->pending;
		c->counters->not_http_octets += http ? not_http
						     : r->captured - r->pending;
		if (http) {
			struct counters_direction
				*to = &c->counters->http_direction[(int)d == c->client
									   ? TO_SERVER
									   : TO_CLIENT];

			c->counters->http_octets += r->captured - not_http - r->pending;
			to->stream_octets += r->captured;
			to->gap_octets += r->lost;
		}
	}
}

int
conn_client(const struct conn *conn)
{
	return conn->client;
}

bool
conn_close(struct conn **conn)
{
	struct conn *c = *conn;
	bool http = c->client >= 0;

	c->abandoned = c->pending.count;
	for (struct exchange *x; (x = pending_pop(&c->pending));)
		conn_give_up(c, x);
	conflict_forget(c);
	conn_count(c);
	reader_free(&c->reader[0]);
	reader_free(&c->reader[1]);
	pending_free(&c->pending);
	if (c->sink->held_bytes)
		*c->sink->held_bytes -= sizeof *c;
	mem_free(c);
	*conn = NULL;
	return http;
}
