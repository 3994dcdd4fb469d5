#include "analyzer/http/reader.h"

#include "analyzer/config.h"
#include "analyzer/http/evidence.h"
#include "analyzer/http/past.h"
#include "analyzer/http/reader_head.h"
#include "analyzer/http/uncoded.h"

/* ---- looking for a start ---- */

static void
reader_search(struct conn *c, unsigned direction, struct cursor *cursor)
{
	struct reader *r = &c->reader[direction];
	enum http1_start start = HTTP1_FOREIGN;

	if (cursor->segment_start)
		start = reader_sniff(c, direction, cursor->s, false);
	if (start == HTTP1_MORE || ((start == HTTP1_REQUEST || start == HTTP1_RESPONSE) &&
					   reader_guess(cursor->s) != GUESS_WRONG &&
					   evidence_allows(c, direction, cursor))) {
		reader_begin_head(r, cursor, true);
		return;
	}
	conn_doubt(c, direction, cursor->chunk->peer_acked);
	past_extra(c, direction, cursor_offset(cursor), cursor->s);
	conn_skip(c, direction, cursor->s.n);
	cursor_take(cursor, cursor->s.n);
}

void
reader_add_stray(struct conn *c, unsigned direction, struct slice s)
{
	struct reader *r = &c->reader[direction];
	struct exchange *x = r->stray;
	struct slice rest = s;

	if (!x) {
		conn_skip(c, direction, s.n);
		return;
	}
	for (size_t i = 0; i < s.n && x->stray_head_bytes < EXCHANGE_STRAY_BYTES; i++)
		x->stray_head[x->stray_head_bytes++] = s.at[i];
	x->stray_bytes += s.n;
	while (rest.n && !chunked_is_over(&r->chunked)) {
		size_t n = r->chunked.left < rest.n ? (size_t)r->chunked.left : rest.n;

		if (n) {
			chunked_content(&r->chunked, n);
		} else {
			n = chunked_framing(&r->chunked, rest);
			if (r->chunked.state == CHUNKED_BROKEN)
				break;
		}
		rest = slice_from(rest, n);
	}
	if (rest.n) /* more than a chunked body */
		r->chunked.state = CHUNKED_BROKEN;
}

/*
 * Where in stray octets the next response may begin: at a segment's start, after as
 * many octets as Content-Length announced, after a chunked body's end.
 */
static bool
reader_may_answer_here(const struct reader *r, const struct cursor *cursor)
{
	const struct exchange *x = r->stray;

	return !x || !x->stray_bytes || cursor->segment_start ||
	       x->stray_bytes == x->r.length || r->chunked.state == CHUNKED_DONE;
}

/* How far it is to the next such place, or to the end of the octets. */
static size_t
reader_stray_span(const struct reader *r, const struct cursor *cursor)
{
	const struct exchange *x = r->stray;
	struct chunked chunked = r->chunked;
	struct slice rest = cursor->s;

	if (x->r.length != UINT64_MAX && x->r.length > x->stray_bytes &&
		x->r.length - x->stray_bytes < rest.n)
		rest.n = (size_t)(x->r.length - x->stray_bytes);
	while (rest.n && !chunked_is_over(&chunked)) {
		size_t n = chunked.left < rest.n ? (size_t)chunked.left : rest.n;

		if (n)
			chunked_content(&chunked, n);
		else
			n = chunked_framing(&chunked, rest);
		rest = slice_from(rest, n);
	}
	/* Unless chunks end here, and not before, the length alone counts. */
	if (chunked.state != CHUNKED_DONE || r->chunked.state == CHUNKED_DONE)
		rest = slice_from(rest, rest.n);
	return (size_t)(rest.at - cursor->s.at);
}

static void
reader_stray(struct conn *c, unsigned direction, struct cursor *cursor)
{
	struct reader *r = &c->reader[direction];
	enum http1_start start;
	size_t n;

	if (reader_may_answer_here(r, cursor)) {
		start = reader_sniff(c, direction, cursor->s, true);
		if (start != HTTP1_FOREIGN || !r->stray || !r->stray->stray_bytes) {
			reader_begin_head(r, cursor, false);
			return;
		}
	}
	n = reader_stray_span(r, cursor);
	reader_add_stray(c, direction, slice_part(cursor->s, 0, n));
	cursor_take(cursor, n);
}

/* ---- bodies ---- */

/* Of what requests carry only PUT and QUERY are compared with anything; where a coding
 * is named it is tried. */
static bool
is_digested(const struct conn *c, unsigned direction, const struct exchange *x)
{
	return direction != (unsigned)c->client || x->method == METHOD_PUT ||
	       x->method == METHOD_QUERY || message_has(&x->q, FIELD_CONTENT_ENCODING);
}

static struct body *
reader_body_new(struct reader *r, const struct cutoff *cutoff)
{
	struct exchange *x = r->x;
	enum coding codings[sizeof x->codings / sizeof *x->codings];
	size_t count = coding_list(
		message_values(r->m, FIELD_CONTENT_ENCODING, &x->arena), codings,
		sizeof codings / sizeof *codings);
	struct body *body = body_new(codings, (unsigned)count, r->held_bytes);

	if (cutoff)
		body_sample(body, cutoff);
	return body;
}

/* The first octets of a content; false if they are all of it, and their digest known. */
static bool
reader_begin_content(struct conn *c, struct reader *r, struct slice s)
{
	struct message *m = r->m;
	const struct cutoff *cutoff = NULL;

	r->x->uncoded = uncoded_is(r->x, c->sink->compress_min);
	if (c->sink->cutoffs)
		cutoff = cutoffs_find(c->sink->cutoffs, r->x);
	if (!cutoff && r->state == READER_LENGTH && s.n == m->length &&
		!message_has(m, FIELD_CONTENT_ENCODING) && !body_may_be_gzip(s)) {
		m->digest = m->digest_decoded = digest_of(s);
		m->has_digest = m->has_digest_decoded = true;
		return false;
	}
	body_free(&r->body); /* of a request that was given up */
	r->body = reader_body_new(r, cutoff);
	return true;
}

/* The first octets of what is named by a tag: enough to tell that two are not the same.
 */
static void
reader_keep_begin(struct exchange *x, struct message *m, struct slice s)
{
	uint8_t octets[MESSAGE_BEGIN_BYTES];
	size_t kept = m->begin.n, more = sizeof octets - kept;

	if (kept != m->content_bytes || !more ||
		!(message_has(m, FIELD_ETAG) ||
			(m->status == 206 && message_has(m, FIELD_CONTENT_ENCODING))))
		return;
	s = slice_part(s, 0, more);
	if (kept)
		memcpy(octets, m->begin.at, kept);
	memcpy(octets + kept, s.at, s.n);
	m->begin = arena_copy(&x->arena, slice_of(octets, kept + s.n));
}

static void
reader_feed_parts(struct exchange *x, struct message *m, struct slice s)
{
	struct slice boundary;

	if (m->status != 206)
		return;
	if (!m->content_bytes) {
		boundary = byteranges_boundary(message_value(m, FIELD_CONTENT_TYPE));
		if (!boundary.n)
			return;
		m->parts = arena_alloc(&x->arena, sizeof *m->parts);
		*m->parts = (struct byteranges){.boundary = boundary};
	}
	if (m->parts)
		byteranges_feed(m->parts, s);
}

static void
reader_content(struct conn *c, unsigned direction, struct slice s)
{
	struct reader *r = &c->reader[direction];
	struct message *m = r->m;
	bool more = true;

	if (is_digested(c, direction, r->x) && !m->gap_bytes && !m->snapped_bytes) {
		if (m->content_bytes < MESSAGE_BEGIN_BYTES)
			reader_keep_begin(r->x, m, s);
		if (!m->content_bytes)
			more = reader_begin_content(c, r, s);
		if (more) {
			body_feed(r->body, s);
			c->counters->decoders_given_up += body_yield(
				r->body, c->sink->keep_max);
		}
		reader_feed_parts(r->x, m, s);
		if (r->x->uncoded)
			uncoded_keep(r->x, s, c->sink->keep_max);
	}
	m->content_bytes += s.n;
}

/* Trailers are rare, and read where somebody asks: their octets are kept, to a limit. */
static void
reader_keep_trailer(struct reader *r, struct slice s)
{
	struct slice *kept = &r->m->trailer;
	uint8_t *octets;

	if (!kept->at) {
		if (s.at[0] == '\r' || s.at[0] == '\n')
			return;
		kept->at = arena_alloc(&r->x->arena, CONFIG_TRAILER_BYTES);
	}
	s = slice_part(s, 0, CONFIG_TRAILER_BYTES - kept->n);
	octets = (uint8_t *)(uintptr_t)kept->at;
	memcpy(octets + kept->n, s.at, s.n);
	kept->n += s.n;
}

static void
reader_chunked(struct conn *c, unsigned direction, struct cursor *cursor)
{
	struct reader *r = &c->reader[direction];
	bool trailer = r->chunked.state >= CHUNKED_TRAILER;
	size_t n = r->chunked.left < cursor->s.n ? (size_t)r->chunked.left : cursor->s.n;

	if (n) {
		reader_content(c, direction, slice_part(cursor->s, 0, n));
		chunked_content(&r->chunked, n);
	} else {
		n = chunked_framing(&r->chunked, cursor->s);
		r->m->framing_bytes += n;
		if (trailer && n)
			reader_keep_trailer(r, slice_part(cursor->s, 0, n));
	}
	cursor_take(cursor, n);
	if (r->chunked.state == CHUNKED_BROKEN) {
		message_note(r->m, MESSAGE_CHUNK_MALFORMED,
			r->m->head_bytes + r->m->content_bytes + r->m->framing_bytes);
		conn_message_end(c, direction, END_LOST);
		r->state = READER_SEARCH;
		cursor->segment_start = false;
	} else if (r->chunked.state == CHUNKED_DONE) {
		conn_message_end(c, direction, END_FRAMING);
	}
}

static void
reader_length(struct conn *c, unsigned direction, struct cursor *cursor)
{
	struct reader *r = &c->reader[direction];
	size_t n = r->left < cursor->s.n ? (size_t)r->left : cursor->s.n;

	reader_content(c, direction, slice_part(cursor->s, 0, n));
	r->left -= n;
	cursor_take(cursor, n);
	if (!r->left)
		conn_message_end(c, direction, END_FRAMING);
}

/*
 * An answer whose request was not captured may be one to HEAD: then the next answer
 * begins where its content should, in a segment of its own.
 */
static bool
reader_ends_bodiless(struct conn *c, unsigned direction, const struct cursor *cursor)
{
	struct reader *r = &c->reader[direction];

	if (r->x->has_request || r->m->content_bytes + r->m->framing_bytes ||
		!cursor->segment_start ||
		reader_sniff(c, direction, cursor->s, false) != HTTP1_RESPONSE ||
		reader_guess(cursor->s) != GUESS_RIGHT ||
		(c->reader[c->client].seen &&
			!evidence_is_awaited(c, cursor_offset(cursor))))
		return false;
	r->m->framing = FRAMING_NONE;
	conn_message_end(c, direction, END_FRAMING);
	return true;
}

static void
reader_step(struct conn *c, unsigned direction, struct cursor *cursor)
{
	struct reader *r = &c->reader[direction];

	if (r->m && reader_ends_bodiless(c, direction, cursor))
		return;
	switch ((enum reader_state)r->state) {
	case READER_START:
		reader_begin_head(r, cursor, false);
		break;
	case READER_HEAD:
		reader_head(c, direction, cursor);
		break;
	case READER_HEAD_REST:
		reader_head_rest(c, direction, cursor);
		break;
	case READER_SEARCH:
		reader_search(c, direction, cursor);
		break;
	case READER_STRAY:
		reader_stray(c, direction, cursor);
		break;
	case READER_LENGTH:
		reader_length(c, direction, cursor);
		break;
	case READER_CHUNKED:
		reader_chunked(c, direction, cursor);
		break;
	case READER_CLOSE:
		reader_content(c, direction, cursor->s);
		cursor_take(cursor, cursor->s.n);
		break;
	case READER_FOREIGN:
		past_extra(c, direction, cursor_offset(cursor), cursor->s);
		conn_skip(c, direction, cursor->s.n);
		cursor_take(cursor, cursor->s.n);
		break;
	case READER_TUNNEL:
	case READER_ENDED:
		r->foreign += cursor->s.n;
		cursor_take(cursor, cursor->s.n);
		break;
	}
}

/* What may be the beginning of an answer, or of a piece of one. */
static bool
reader_sees_answer(const struct conn *c, unsigned direction, struct slice s)
{
	enum http1_start start = reader_sniff(c, direction, s, false);

	return start == HTTP1_MORE ||
	       (start == HTTP1_RESPONSE && reader_guess(s) != GUESS_WRONG);
}

/*
 * A client whose request was answered early may leave its body, and ask the next.  An
 * answer whose last coding is not chunked lasts until the end, or so its head says.
 */
static void
reader_look_back(struct conn *c, unsigned direction, const struct cursor *cursor)
{
	struct reader *r = &c->reader[direction];
	struct exchange *x = r->x;

	if (!cursor->segment_start)
		return;
	if (x->early && r->m == &x->q && !x->reused)
		x->reused = reader_sniff(c, direction, cursor->s, false) == HTTP1_REQUEST;
	if (r->state == READER_CLOSE && !x->goes_on &&
		message_has(r->m, FIELD_TRANSFER_ENCODING))
		x->goes_on = past_is_due(c, cursor->chunk->peer_acked) &&
			     reader_sees_answer(c, direction, cursor->s);
}

void
reader_data(struct conn *c, unsigned direction, struct slice s, const struct chunk *chunk)
{
	struct cursor cursor = {s, chunk, chunk->segment_start};
	struct reader *r = &c->reader[direction];

	r->captured += s.n;
	r->seen = true;
	while (cursor.s.n) {
		if (c->doubtful && direction == (unsigned)c->client)
			past_client(c, cursor_offset(&cursor), cursor.s);
		r->last = chunk->place;
		if (r->m) {
			r->m->last = chunk->place;
			if (r->m->content_ns < 0)
				r->m->content_ns = chunk->place.ts_ns;
			reader_look_back(c, direction, &cursor);
		}
		reader_step(c, direction, &cursor);
	}
}

/* ---- holes ---- */

/* Takes the part of a hole that the message's framing spans. */
static uint64_t
reader_span(struct reader *r, uint64_t octets, bool snapped)
{
	uint64_t room = UINT64_MAX;

	if (r->state == READER_LENGTH)
		room = r->left;
	else if (r->state == READER_CHUNKED)
		room = r->chunked.left;
	if (octets > room)
		octets = room;
	r->m->content_bytes += octets;
	if (snapped)
		r->m->snapped_bytes += octets;
	else
		r->m->gap_bytes += octets;
	r->m->has_digest = r->m->has_digest_decoded = false;
	if (r->state == READER_LENGTH)
		r->left -= octets;
	else if (r->state == READER_CHUNKED && octets)
		chunked_content(&r->chunked, octets);
	return octets;
}

static uint64_t
reader_hole_in_body(struct conn *c, unsigned direction, uint64_t octets, bool snapped)
{
	struct reader *r = &c->reader[direction];
	uint64_t taken = reader_span(r, octets, snapped);

	if (r->state == READER_LENGTH && !r->left) {
		conn_message_end(c, direction, END_FRAMING);
	} else if (r->state == READER_CHUNKED && taken < octets) {
		conn_message_end(c, direction, END_LOST);
		r->state = READER_SEARCH;
	}
	return octets - taken;
}

void
reader_hole(struct conn *c, unsigned direction, uint64_t octets, bool snapped,
	const struct place *place)
{
	struct reader *r = &c->reader[direction];

	if (snapped)
		r->captured += octets;
	r->last = *place;
	if (r->m) {
		r->m->last = *place;
		octets = reader_hole_in_body(c, direction, octets, snapped);
	}
	if (!octets)
		return;
	if (r->state == READER_TUNNEL || r->state == READER_ENDED) {
		r->foreign += snapped ? octets : 0;
		return;
	}
	if (r->state == READER_HEAD_REST)
		reader_give_rest(c, direction, place);
	if (r->state == READER_HEAD)
		reader_cut_head(c, direction, snapped);
	if (r->stray)
		conn_settle(c, direction, false);
	if (r->state != READER_FOREIGN && r->state != READER_TUNNEL)
		r->state = READER_SEARCH;
	conn_lose_anchor(c, direction, octets);
	/* Where the snapshot length cut, each segment's start is there. */
	c->unheard |= !snapped && direction != (unsigned)!c->client;
	if (snapped)
		conn_skip(c, direction, octets);
}

/* One octet that was acknowledged and never seen: a FIN, or the last of the content. */
static bool
reader_lacks_the_last(const struct conn *c, unsigned direction)
{
	const struct reader *r = &c->reader[direction];

	return c->start.streams->side[direction].flags & STREAM_FIN_ASSUMED &&
	       r->state == READER_LENGTH && r->left == 1;
}

void
reader_end(struct conn *c, unsigned direction, enum stream_end end)
{
	static const enum message_end ends[] = {
		[STREAM_FIN] = END_FIN,
		[STREAM_RST] = END_RST,
		[STREAM_GIVEN_UP] = END_TIMEOUT,
		[STREAM_CAPTURE_END] = END_OPEN,
	};
	struct reader *r = &c->reader[direction];

	if (r->state == READER_HEAD || r->state == READER_HEAD_REST) {
		struct slice old = slice_of(r->buffer, r->buffered);
		bool blank = http1_leading_crlf(old) == old.n;

		if (blank)
			past_extra(c, direction, r->begin, old);
		if (r->stray && blank)
			reader_add_stray(c, direction, old);
		else
			r->pending += old.n + r->rest;
		reader_unbuffer(r);
	}
	if (r->m)
		conn_message_end(c, direction,
			reader_lacks_the_last(c, direction) ? END_LOST : ends[end]);
	if (r->stray)
		conn_settle(c, direction, end == STREAM_FIN);
	r->state = READER_ENDED;
}
