#include "analyzer/http/pair.h"

#include "analyzer/config.h"
#include "analyzer/http/message.h"

enum {
	TRAILING_BYTES = 2 /* a line end behind content, as old clients sent */
};

/*
 * The server had read into a hole that came after this request: what it answers may be
 * what was asked there, unless the hole is the rest of this very request.
 */
static bool
may_be_passed_over(const struct exchange *x, uint64_t acked)
{
	return acked > x->hole_after && x->q.end != END_LOST;
}

/* The server had read octets behind this request that are none: then this may be the text
 * of one, in the content of another whose head was lost. */
static bool
goes_on(const struct exchange *x, uint64_t acked)
{
	const struct message *q = &x->q;
	uint64_t bytes = q->head_bytes + q->content_bytes + q->framing_bytes;

	return q->end == END_FRAMING && acked > q->stream_begin + bytes + TRAILING_BYTES;
}

/* After a hole: which request does the answer at this offset belong to? */
static struct exchange *
pair_by_acknowledgement(struct conn *c, uint64_t begin, uint64_t acked)
{
	uint32_t best = UINT32_MAX;
	bool alone = true;

	for (uint32_t i = 0; i < c->pending.count; i++) {
		const struct message *q = &pending_at(&c->pending, i)->q;

		if (q->peer_acked > begin || (acked && acked <= q->stream_begin))
			break;
		alone = best == UINT32_MAX ||
			pending_at(&c->pending, best)->q.peer_acked != q->peer_acked;
		best = i;
	}
	if (best == UINT32_MAX || !alone ||
		may_be_passed_over(pending_at(&c->pending, best), acked) ||
		goes_on(pending_at(&c->pending, best), acked))
		return NULL;
	while (best--)
		conn_give_up(c, pending_pop(&c->pending));
	return pending_pop(&c->pending);
}

/*
 * Where the capture began in the middle the order holds, but the first answers may be
 * to what was asked before: the server had not read the first request that we saw.
 */
static bool
pair_is_asked_before(struct conn *c, uint64_t acked)
{
	return !c->anchored && acked && c->pending.count &&
	       acked <= pending_at(&c->pending, 0)->q.stream_begin;
}

static struct exchange *
pair_in_order(struct conn *c, const struct reader *r)
{
	struct exchange *x;

	if (c->uncertain)
		x = pair_by_acknowledgement(c, r->begin, r->peer_acked);
	else if (pair_is_asked_before(c, r->peer_acked))
		x = NULL;
	else
		x = pending_pop(&c->pending);
	if (x) {
		x->pairing = c->anchored ? PAIRING_EXACT : PAIRING_INFERRED;
		x->anchored = c->anchored;
	}
	return x;
}

static bool
names_tag(const struct exchange *x, const struct etag *tag)
{
	struct slice rest = x->inm;
	struct etag member;

	for (unsigned n = 0;
		n < CONFIG_INFER_TAGS && exchange_next_tag(x, &rest, &member); n++)
		if (etag_weak_eq(&member, tag))
			return true;
	return false;
}

/*
 * Requests that were sent at once are told apart by a 304 whose tag only one of them
 * named.  The ones before it were answered in the hole.
 */
static struct exchange *
pair_by_tag(struct conn *c, const struct reader *r, struct slice head)
{
	struct message m = {0};
	struct arena arena = {0};
	struct exchange *x;
	struct etag tag;
	uint32_t found = UINT32_MAX, count = 0;

	if (!message_read(&m, &arena, head))
		m.status = 0;
	tag = etag_parse(message_value(&m, FIELD_ETAG));
	for (uint32_t i = 0; m.status == 304 && i < c->pending.count; i++) {
		x = pending_at(&c->pending, i);
		if (i == CONFIG_INFER_REQUESTS)
			count = 2; /* too many to tell */
		if (count > 1 || x->q.peer_acked > r->begin)
			break;
		if (names_tag(x, &tag)) {
			found = i;
			count++;
		}
	}
	arena_fini(&arena);
	if (count != 1 ||
		may_be_passed_over(pending_at(&c->pending, found), r->peer_acked))
		return NULL;
	while (found--)
		conn_give_up(c, pending_pop(&c->pending));
	x = pending_pop(&c->pending);
	x->pairing = PAIRING_INFERRED;
	return x;
}

struct exchange *
pair_find(
	struct conn *c, const struct reader *r, struct slice head, enum head_state state)
{
	struct exchange *x = pair_in_order(c, r);

	if (!x && c->uncertain && state == HEAD_CLEAN)
		x = pair_by_tag(c, r, head);
	return x;
}
