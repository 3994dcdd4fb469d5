#include "analyzer/http/past.h"

#include "analyzer/config.h"
#include "analyzer/http/message.h"
#include "analyzer/http/misread.h"

enum {
	LOOKS = 8, /* exchanges back; a client has hardly more on their way */
	FAULTY = MESSAGE_LENGTH_AND_TE | MESSAGE_LENGTH_INVALID | MESSAGE_LENGTH_CONFLICT,
};

static bool
is_old(const struct message *m)
{
	return m->major == 1 && m->minor == 0;
}

/* Whether recipients may disagree on where it ends.  [RFC9112 6.1, 6.3] */
static bool
is_faulty(const struct message *q)
{
	return q->flaws & FAULTY || (message_has(q, FIELD_TRANSFER_ENCODING) &&
					    (q->framing != FRAMING_CHUNKED || is_old(q)));
}

/* Others may see more framing fields than we do. */
static bool
has_lookalike(const struct message *q)
{
	for (size_t i = 0; i < q->field_count; i++)
		if (q->fields[i].id == FIELD_OTHER &&
			(field_looks_like(
				 q->fields[i].name, field_name(FIELD_CONTENT_LENGTH)) ||
				field_looks_like(q->fields[i].name,
					field_name(FIELD_TRANSFER_ENCODING))))
			return true;
	return false;
}

void
past_client(struct conn *c, uint64_t offset, struct slice s)
{
	struct exchange *x = c->doubtful;
	uint64_t next;
	uint8_t *kept;

	next = x->q.stream_begin + x->q.head_bytes + x->behind.n;
	if (offset > next || next - offset >= s.n)
		return;
	s = slice_part(slice_from(s, (size_t)(next - offset)), 0,
		CONFIG_BEHIND_BYTES - x->behind.n);
	if (!x->behind.at)
		x->behind.at = arena_alloc(&x->arena, CONFIG_BEHIND_BYTES);
	kept = (uint8_t *)(uintptr_t)x->behind.at;
	memcpy(kept + x->behind.n, s.at, s.n);
	x->behind.n += s.n;
}

void
past_request(struct conn *c, struct exchange *x)
{
	struct past *past = &c->past;

	misread_forget(&c->reader[c->client]);
	x->past = *past;
	x->past.answered = past->answered && x->q.peer_acked > past->answer_begin;
	past->asked = true;
	past->answered = false;
	past->method = x->method;
	past->flaws = x->q.flaws;
	past->had_content = x->q.framing == FRAMING_CHUNKED ||
			    (x->q.framing == FRAMING_LENGTH && x->q.length);
	past->client_closes |= (x->q.connection & CONNECTION_CLOSE) != 0;
	if (!c->doubtful &&
		(is_faulty(&x->q) || (past->had_content && has_lookalike(&x->q))))
		c->doubtful = x;
}

/* Nothing waits for an answer, nor may there be a request that we do not know of. */
static bool
past_is_unasked(const struct conn *c, const struct reader *r)
{
	const struct reader *client = &c->reader[c->client];

	return c->anchored && !c->uncertain && !c->past.junk && !client->x &&
	       !client->buffered &&
	       (client->state == READER_START || client->state == READER_STRAY) &&
	       r->peer_acked <= c->start.streams->side[c->client].offset;
}

void
past_answer(struct conn *c, const struct reader *r, struct exchange *x)
{
	struct exchange *next = c->pending.count ? pending_at(&c->pending, 0) : NULL;

	misread_forget(&c->reader[!c->client]);
	if (!x->has_request) {
		struct reader *client = &c->reader[c->client];

		if (client->misread && r->peer_acked > client->misread->begin)
			misread_give(client, x);
		x->past = c->past;
		x->unasked = past_is_unasked(c, r);
		return;
	}
	x->past.faulty = c->past.faulty;
	x->behind_close = c->past.server_closes;
	x->past.answer_ns = c->past.answer_ns;
	if (x->trans == c->trans) {
		c->past.answered = true;
		c->past.answer_begin = x->r.stream_begin;
	}
	c->past.faulty |= is_faulty(&x->q);
	if (next)
		next->past.answered = next->q.peer_acked > x->r.stream_begin;
	x->early = x->q.end == END_OPEN;
	x->early_bytes = x->q.content_bytes;
}

/* Packets may be swapped: a request that came first may have read the answer. */
static void
past_closes(const struct conn *c, struct past *past)
{
	past->server_closes = true;
	past->by_version = c->past.by_version;
	past->close_end = c->past.close_end;
	past->close_ns = c->past.close_ns;
}

void
past_answered(struct conn *c, const struct exchange *x)
{
	const struct message *r = &x->r;
	bool closes = r->connection & CONNECTION_CLOSE;
	bool by_version = is_old(r) && !(r->connection & CONNECTION_KEEP_ALIVE);

	c->past.answer_ns = r->last.ts_ns;
	if (!r->complete || c->past.server_closes || (!closes && !by_version))
		return;
	c->past.server_closes = true;
	c->past.by_version = !closes;
	c->past.close_ns = r->last.ts_ns;
	c->past.close_end = r->stream_begin + r->head_bytes + r->content_bytes +
			    r->framing_bytes;
	for (uint32_t i = 0; i < c->pending.count; i++)
		past_closes(c, &pending_at(&c->pending, i)->past);
}

void
past_interim(struct conn *c, struct exchange *x, struct slice head, uint16_t status)
{
	struct arena arena = {0};
	struct message m = {0};
	struct slice value;

	if (!x) {
		if (c->anchored && !c->uncertain && c->recent && c->recent->has_response)
			c->recent->interim_late = true;
		return;
	}
	x->interim_100 += status == 100;
	if (x->interim_framed.at || !message_read(&m, &arena, head))
		return;
	value = message_value(&m, FIELD_TRANSFER_ENCODING);
	if (!value.at)
		value = message_value(&m, FIELD_CONTENT_LENGTH);
	if (value.at)
		x->interim_framed = arena_copy(&x->arena, value);
	arena_fini(&arena);
}

bool
past_is_due(const struct conn *c, uint64_t acked)
{
	const struct reader *server = &c->reader[!c->client];
	const struct exchange *next = c->pending.count ? pending_at(&c->pending, 0)
						       : NULL;

	return next && acked > next->q.stream_begin &&
	       next->q.peer_acked > server->m->stream_begin;
}

static bool
extra_add(struct message *m, uint64_t offset, struct slice s)
{
	uint64_t end = m->stream_begin + m->head_bytes + m->content_bytes +
		       m->framing_bytes + m->extra.bytes;

	if (m->end != END_FRAMING || offset != end || m->framing == FRAMING_TUNNEL)
		return false;
	for (size_t i = 0; i < s.n && m->extra.head_bytes < EXTRA_BYTES; i++)
		m->extra.head[m->extra.head_bytes++] = s.at[i];
	m->extra.bytes += s.n;
	return true;
}

void
past_extra(struct conn *c, unsigned direction, uint64_t offset, struct slice s)
{
	bool asks = direction == (unsigned)c->client;
	struct exchange *x = c->recent;

	misread_add(&c->reader[direction], offset, s);
	if (c->client < 0 || !s.n)
		return;
	c->past.junk |= asks;
	for (uint32_t i = 0; asks && i < c->pending.count && i < LOOKS; i++)
		if (extra_add(&pending_at(&c->pending, c->pending.count - 1 - i)->q,
			    offset, s))
			return;
	for (unsigned i = 0; x && i < LOOKS; i++, x = x->recent_next)
		if ((asks ? x->has_request : x->has_response && !x->stray_bytes) &&
			extra_add(asks ? &x->q : &x->r, offset, s))
			return;
}

/* A FIN whose sender had read more than we saw came after that of the other side. */
static enum closer
closer_of(const struct conn *c, unsigned direction, enum stream_end end)
{
	const struct stream *side = c->start.streams->side;

	if (end == STREAM_RST && (side[0].flags | side[1].flags) & STREAM_RESETS)
		direction = !(side[0].flags & STREAM_RESETS);
	else if (side[!direction].acked > side[!direction].offset)
		direction = !direction;
	return direction == (unsigned)c->client ? CLOSER_CLIENT : CLOSER_SERVER;
}

/* The last answer may be that of an exchange that waits for its turn still. */
static void
past_ended(const struct conn *c, struct exchange *x)
{
	while (x && !x->has_response)
		x = x->recent_next;
	if (c->closer == CLOSER_SERVER && x && !c->reader[!c->client].m &&
		x->r.last.ts_ns == c->last_response_ns)
		x->ended_after_ns = c->start.streams->last_ns - x->r.last.ts_ns;
}

void
past_end(struct conn *c, unsigned direction, enum stream_end end)
{
	struct exchange *x = c->recent;

	if (c->client < 0 || (end != STREAM_FIN && end != STREAM_RST))
		return;
	if (direction != (unsigned)c->client || end == STREAM_RST)
		c->server_ended = true;
	if (direction != (unsigned)c->client && end == STREAM_FIN)
		c->server_read = c->start.streams->side[c->client].heard;
	if (c->closer != CLOSER_NONE)
		return;
	c->closer = closer_of(c, direction, end);
	c->closed_by_reset = end == STREAM_RST;
	past_ended(c, x);
	if (x && !c->pending.count)
		x->is_last = true;
	for (unsigned i = 0; x && i < LOOKS; i++, x = x->recent_next) {
		x->closer = c->closer;
		x->closed_by_reset = c->closed_by_reset;
	}
}

void
past_hand_over(struct conn *c, struct exchange *x)
{
	if (c->doubtful == x)
		c->doubtful = NULL;
	x->closer = c->closer;
	x->closed_by_reset = c->closed_by_reset;
	x->server_ended = c->server_ended;
	if (x->has_response)
		return;
	if (c->reader[!c->client].misread && !x->answer_lost)
		misread_give(&c->reader[!c->client], x);
	x->behind_close = c->past.server_closes;
	x->abandoned = c->anchored ? c->abandoned : 0;
	x->unread = c->server_ended && c->server_read != UINT64_MAX &&
		    c->server_read <= x->q.stream_begin;
}
