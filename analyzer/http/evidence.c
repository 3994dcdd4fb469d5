#include "analyzer/http/evidence.h"

#include "analyzer/config.h"
#include "analyzer/http/message.h"

/* Whether the requests that wait allow an answer to begin here. */
static bool
evidence_is_asked(const struct conn *c, uint64_t begin)
{
	const struct exchange *only = NULL;
	uint32_t older = 0;

	for (uint32_t i = 0; i < c->pending.count; i++) {
		const struct exchange *x = pending_at(&c->pending, i);

		if (x->q.peer_acked == begin)
			return true;
		if (x->q.peer_acked < begin) {
			only = x;
			older++;
		}
	}
	if (older == 1)
		return only->hole_after != UINT64_MAX ||
		       message_has(&only->q, FIELD_EXPECT);
	return older || c->unheard;
}

/* Where the message ends, if its head and its framing say so; 0: unknown. */
static uint64_t
evidence_end(struct slice s, size_t head_end)
{
	struct message m = {0};
	struct arena arena = {0};
	uint64_t end = 0;

	if (message_read(&m, &arena, slice_part(s, 0, head_end))) {
		if (slice_has_prefix(s, SLICE("HTTP/")))
			message_frame_response(&m, METHOD_OTHER);
		else
			message_frame_request(&m);
		/* A 304 may have octets behind it all the same. */
		if (m.framing == FRAMING_NONE && !m.status)
			end = head_end;
		else if (m.framing == FRAMING_LENGTH)
			end = head_end + m.length;
	}
	arena_fini(&arena);
	return end;
}

/* Whether what follows in the segment starts a message too. */
static bool
evidence_goes_on(const struct conn *c, unsigned direction, struct slice s)
{
	size_t resume = 0, head_end = http1_head_end(s, &resume);
	uint64_t end;
	struct slice rest;

	if (!head_end || head_end > CONFIG_HEAD_BYTES)
		return true;
	end = evidence_end(s, head_end);
	if (!end || end >= s.n)
		return true;
	rest = slice_from(s, (size_t)end);
	rest = slice_from(rest, http1_leading_crlf(rest));
	return !rest.n || reader_sniff(c, direction, rest, false) != HTTP1_FOREIGN ||
	       reader_sniff(c, direction, slice_from(s, head_end), false) !=
		       HTTP1_FOREIGN; /* an answer to HEAD */
}

bool
evidence_is_awaited(const struct conn *c, uint64_t begin)
{
	for (uint32_t i = 0; i < c->pending.count; i++)
		if (pending_at(&c->pending, i)->q.peer_acked == begin)
			return true;
	return false;
}

/* method SP request-target SP HTTP-version, with no space more  [RFC9112 3] */
static bool
evidence_is_strict(struct slice s)
{
	struct slice line = slice_part(s, 0, slice_find(s, '\n', 0));
	size_t first = slice_find(line, ' ', 0);
	size_t second = slice_find(line, ' ', first + 1);

	return second < line.n && slice_find(line, ' ', second + 1) == line.n;
}

/* Whether these are octets of a request whose head was cut. */
static bool
evidence_is_content(const struct conn *c)
{
	const struct exchange *last = pending_newest(&c->pending);

	return last && last->q.framing == FRAMING_UNKNOWN &&
	       (last->method == METHOD_POST || last->method == METHOD_PUT ||
		       last->method == METHOD_PATCH || last->method == METHOD_OTHER);
}

bool
evidence_allows(const struct conn *c, unsigned direction, const struct cursor *cursor)
{
	if (cursor_offset(cursor) && !slice_has_prefix(cursor->s, SLICE("HTTP/")) &&
		!evidence_is_strict(cursor->s))
		return false;
	if (c->client < 0)
		return evidence_goes_on(c, direction, cursor->s);
	if (direction == (unsigned)c->client)
		return !evidence_is_content(c) &&
		       evidence_goes_on(c, direction, cursor->s);
	return evidence_is_asked(c, cursor_offset(cursor)) &&
	       evidence_goes_on(c, direction, cursor->s);
}
