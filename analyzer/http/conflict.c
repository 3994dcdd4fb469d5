/*
 * Octets of which copies contradict each other make a connection tentative: whoever sent
 * two versions of one octet may have sent others that nobody noticed.  From then on all
 * findings of the connection are: of exchanges to come, and of those that are under way,
 * wait for their answers, or were handed over and are not judged yet.  What was judged
 * was said before anybody could know.
 *
 * The exchanges that the octets touch are contradicted too: their content is evidence of
 * nothing.  Two cases.  Copies that waited together are known before their octets come:
 * the reader keeps the range, and a head in it is dirty, for the receiver may have read
 * another one.  A copy of octets that had been delivered comes when their exchange is
 * under way, waits for its answer, or was handed over: its heads stay as they were read.
 */
#include "analyzer/http/reader.h"

enum {
	RECENT_LOOKS = 256 /* a connection has no more messages within reach than this */
};

static bool
conflict_meets(uint64_t begin, uint64_t end, uint64_t from, uint64_t octets)
{
	return begin < from + octets && end > from;
}

static uint64_t
message_bytes(const struct message *m)
{
	return m->head_bytes + m->content_bytes + m->framing_bytes;
}

static void
conflict_mark(const struct conn *c, unsigned direction, struct exchange *x,
	uint64_t begin, uint64_t end)
{
	bool asks = direction == (unsigned)c->client;
	const struct message *m = asks ? &x->q : &x->r;
	uint64_t octets = message_bytes(m) + (asks ? 0 : x->stray_bytes);

	if ((asks ? x->has_request : x->has_response) &&
		conflict_meets(begin, end, m->stream_begin, octets))
		x->contradicted = true;
}

/* Whether the octets of the exchange in this direction all come before. */
static bool
conflict_is_after(const struct conn *c, unsigned direction, const struct exchange *x,
	uint64_t begin)
{
	bool asks = direction == (unsigned)c->client;
	const struct message *m = asks ? &x->q : &x->r;

	return (asks ? x->has_request : x->has_response) &&
	       m->stream_begin + message_bytes(m) <= begin;
}

static void
conflict_mark_all(struct conn *c, unsigned direction, uint64_t begin, uint64_t end)
{
	struct exchange *x = c->recent;

	if (c->client < 0)
		return;
	for (uint32_t i = 0; i < c->pending.count; i++)
		conflict_mark(c, direction, pending_at(&c->pending, i), begin, end);
	if (c->reader[direction].x)
		conflict_mark(c, direction, c->reader[direction].x, begin, end);
	for (unsigned i = 0; x && i < RECENT_LOOKS; i++, x = x->recent_next) {
		if (!x->stray_bytes && conflict_is_after(c, direction, x, begin))
			break;
		conflict_mark(c, direction, x, begin, end);
	}
}

/* Once is enough: later exchanges are born so. */
static void
conflict_begin(struct conn *c)
{
	if (c->contradicted)
		return;
	c->contradicted = true;
	for (uint32_t i = 0; i < c->pending.count; i++)
		pending_at(&c->pending, i)->tentative = true;
	for (unsigned d = 0; d < 2; d++)
		if (c->reader[d].x)
			c->reader[d].x->tentative = true;
	for (struct exchange *x = c->recent; x; x = x->recent_next)
		x->tentative = true;
}

void
conn_conflict(struct conn *c, unsigned direction, uint64_t begin, uint64_t end)
{
	struct reader *r = &c->reader[direction];
	bool waits = begin >= c->start.streams->side[direction].offset;

	conflict_begin(c);
	if (!waits)
		conflict_mark_all(c, direction, begin, end);
	if (waits || (r->state == READER_HEAD && end > r->begin)) {
		r->conflict_begin = begin;
		r->conflict_end = end;
		r->conflict_waits = waits;
	}
}

void
conflict_pass(struct conn *c, unsigned direction)
{
	struct reader *r = &c->reader[direction];

	r->conflict_waits = false;
	conflict_mark_all(c, direction, r->conflict_begin, r->conflict_end);
}

void
conflict_head(const struct reader *r, struct exchange *x, struct message *m)
{
	if (!conflict_meets(
		    r->conflict_begin, r->conflict_end, m->stream_begin, m->head_bytes))
		return;
	x->contradicted = true;
	if (m->head_state == HEAD_CLEAN)
		m->head_state = HEAD_DIRTY;
}

void
conflict_remember(struct conn *c, struct exchange *x)
{
	x->recent_next = c->recent;
	x->recent_at = &c->recent;
	if (c->recent)
		c->recent->recent_at = &x->recent_next;
	c->recent = x;
}

void
conflict_forget(struct conn *c)
{
	while (c->recent) {
		struct exchange *x = c->recent;

		c->recent = x->recent_next;
		x->recent_next = NULL;
		x->recent_at = NULL;
	}
}
