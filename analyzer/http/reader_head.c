#include "analyzer/http/reader_head.h"

#include "analyzer/config.h"
#include "analyzer/http/misread.h"
#include "analyzer/http/past.h"
#include "parsers/chars.h"

enum {
	SNIFF_BYTES = 64, /* below this every octet may change the verdict */
	FIRST_BUFFER_BYTES = 1024,
};

/* ---- the buffer of a head in pieces ---- */

static void
reader_set_capacity(struct reader *r, size_t capacity)
{
	if (r->held_bytes) {
		*r->held_bytes -= r->capacity;
		*r->held_bytes += capacity;
	}
	r->capacity = (uint32_t)capacity;
}

static void
reader_buffer(struct reader *r, struct slice s)
{
	if (r->buffered + s.n > r->capacity) {
		size_t capacity = r->capacity ? r->capacity : FIRST_BUFFER_BYTES;

		while (capacity < r->buffered + s.n)
			capacity *= 2;
		r->buffer = mem_grow(r->buffer, capacity);
		reader_set_capacity(r, capacity);
	}
	memcpy(r->buffer + r->buffered, s.at, s.n);
	r->buffered += (uint32_t)s.n;
}

void
reader_unbuffer(struct reader *r)
{
	mem_free(r->buffer);
	r->buffer = NULL;
	r->buffered = 0;
	reader_set_capacity(r, 0);
	r->resume = 0;
	r->rest = 0;
	r->sniffed = false;
}

void
reader_free(struct reader *r)
{
	reader_unbuffer(r);
	body_free(&r->body);
	misread_forget(r);
}

/* ---- heads ---- */

/*
 * What starts here, as far as this direction may say it.  At the certain start of an
 * answer more is forgiven than where one is looked for.
 */
enum http1_start
reader_sniff(const struct conn *c, unsigned direction, struct slice s, bool certain)
{
	enum http1_start start = http1_sniff(s);
	bool answers = s.n && s.at[0] == 'H' &&
		       slice_has_prefix(s, slice_part(SLICE("HTTP/"), 0, s.n));

	if (c->client < 0)
		return start;
	if (direction == (unsigned)c->client)
		return start == HTTP1_RESPONSE ? HTTP1_FOREIGN : start;
	if (certain)
		return http1_sniff_answer(s);
	return start == HTTP1_RESPONSE || (start == HTTP1_MORE && answers)
		       ? start
		       : HTTP1_FOREIGN;
}

void
reader_begin_head(struct reader *r, const struct cursor *cursor, bool tentative)
{
	r->state = READER_HEAD;
	r->tentative = tentative;
	r->sniffed = false;
	r->leading = 0;
	r->resume = 0;
	r->first = cursor->chunk->place;
	r->begin = cursor_offset(cursor);
	r->peer_acked = cursor->chunk->peer_acked;
}

/*
 * Where a head was expected there is none.  What was buffered is let go, the octets
 * at the cursor are looked at again in the state that follows.
 */
static void
reader_no_head(struct conn *c, unsigned direction, struct cursor *cursor)
{
	struct reader *r = &c->reader[direction];
	struct slice old = slice_of(r->buffer, r->buffered);
	bool first = r->begin == 0 && !r->tentative;

	if (r->stray) {
		r->state = READER_STRAY;
		reader_add_stray(c, direction, old);
		if (!old.n && cursor->s.n) {
			reader_add_stray(c, direction, slice_part(cursor->s, 0, 1));
			cursor_take(cursor, 1);
		}
	} else {
		if (!r->tentative)
			misread_begin(c, direction, r->begin + r->leading,
				slice_from(old.n ? old : cursor->s, r->leading));
		past_extra(c, direction, r->begin, old);
		conn_skip(c, direction, old.n);
		r->state = first && c->client < 0 ? READER_FOREIGN : READER_SEARCH;
		if (!old.n) {
			past_extra(c, direction, cursor_offset(cursor), cursor->s);
			conn_skip(c, direction, cursor->s.n);
			cursor_take(cursor, cursor->s.n);
		}
	}
	reader_unbuffer(r);
}

/* A new segment that is a start line by itself ends a guess that came to nothing. */
static bool
reader_guess_is_over(
	const struct conn *c, unsigned direction, const struct cursor *cursor)
{
	const struct reader *r = &c->reader[direction];
	enum http1_start start;

	if (!r->tentative || !r->buffered || !cursor->segment_start)
		return false;
	start = reader_sniff(c, direction, cursor->s, false);
	return start == HTTP1_REQUEST || start == HTTP1_RESPONSE;
}

/* The head is whole: `used` octets at the cursor belong to it. */
static void
reader_head_done(struct conn *c, unsigned direction, struct slice head, size_t leading,
	size_t used, struct cursor *cursor)
{
	struct reader *r = &c->reader[direction];
	struct slice old = slice_of(r->buffer, r->buffered);

	r->buffer = NULL;
	r->buffered = 0;
	reader_set_capacity(r, 0);
	cursor_take(cursor, used);
	if (!conn_head(c, direction, head, leading, HEAD_CLEAN, &cursor->chunk->place)) {
		past_extra(c, direction, r->begin + leading, head);
		conn_skip(c, direction, leading + head.n);
		r->state = READER_SEARCH;
	}
	mem_free((uint8_t *)(uintptr_t)old.at);
	r->sniffed = false;
	r->resume = 0;
}

/* ---- heads beyond the limit: what fits is read, the rest only counted ---- */

static void
reader_begin_rest(struct reader *r, struct slice view)
{
	uint8_t last = view.at[view.n - 1];

	r->state = READER_HEAD_REST;
	r->rest = 0;
	r->line = last == '\n' ? 1 : last == '\r' && view.at[view.n - 2] == '\n' ? 2 : 0;
}

/* Octets up to and with the empty line, or 0 if that has not come. */
static size_t
reader_find_end(struct reader *r, struct slice s)
{
	for (size_t at = 0; at < s.n; at++) {
		if (!r->line)
			at = slice_find(s, '\n', at);
		if (at == s.n)
			break;
		if (s.at[at] == '\n' && r->line)
			return at + 1;
		r->line = s.at[at] == '\n' ? 1 : s.at[at] == '\r' && r->line == 1 ? 2 : 0;
	}
	return 0;
}

/* The kept part up to its last whole line, as a head that is cut. */
bool
reader_give_rest(struct conn *c, unsigned direction, const struct place *end)
{
	struct reader *r = &c->reader[direction];
	struct slice head = slice_of(r->buffer, r->buffered), kept = head;
	size_t leading = http1_leading_crlf(head);
	uint8_t *old = r->buffer;
	bool given;

	while (kept.n && kept.at[kept.n - 1] != '\n')
		kept.n--;
	r->rest += head.n - kept.n;
	r->buffer = NULL;
	r->buffered = 0;
	reader_set_capacity(r, 0);
	given = r->sniffed && kept.n > leading &&
		conn_head(
			c, direction, slice_from(kept, leading), leading, HEAD_CUT, end);
	if (!given)
		conn_skip(c, direction, kept.n + r->rest);
	mem_free(old);
	reader_unbuffer(r);
	return given;
}

void
reader_head_rest(struct conn *c, unsigned direction, struct cursor *cursor)
{
	struct reader *r = &c->reader[direction];
	size_t n = reader_find_end(r, cursor->s);

	r->rest += n ? n : cursor->s.n;
	cursor_take(cursor, n ? n : cursor->s.n);
	if (n && !reader_give_rest(c, direction, &cursor->chunk->place))
		r->state = READER_SEARCH;
}

/* What a line after a start line says: a field has its name and its colon. */
static enum guess
guess_line(struct slice s)
{
	size_t at = 0;

	while (at < s.n && chars_is_token(s.at[at]))
		at++;
	if (at >= s.n)
		return GUESS_OPEN;
	if (at)
		return s.at[at] == ':' ? GUESS_RIGHT : GUESS_WRONG;
	return s.at[at] == '\r' || s.at[at] == '\n' ? GUESS_RIGHT : GUESS_WRONG;
}

/*
 * A start line in the middle of nowhere may be text in a body: it wants a field, or the
 * empty line, after it.  One whole line before a field may be broken.
 */
enum guess
reader_guess(struct slice s)
{
	struct slice rest = slice_from(s, slice_find(s, '\n', 0) + 1), next;
	enum guess guess = guess_line(rest);
	size_t broken;

	if (guess != GUESS_WRONG)
		return guess;
	broken = slice_find(rest, '\n', 0);
	if (broken > CONFIG_START_LINE_BYTES)
		return GUESS_WRONG;
	next = slice_from(rest, broken + 1);
	if (!next.n)
		return GUESS_OPEN;
	return chars_is_token(next.at[0]) ? guess_line(next) : GUESS_WRONG;
}

/* Looks at a guess again when more of it has come. */
static bool
reader_try_guess(
	struct conn *c, unsigned direction, struct slice view, struct cursor *cursor)
{
	struct reader *r = &c->reader[direction];
	enum guess guess;

	if (!r->tentative || !r->sniffed)
		return true;
	guess = reader_guess(view);
	if (guess == GUESS_WRONG) {
		reader_no_head(c, direction, cursor);
		return false;
	}
	r->tentative = guess == GUESS_OPEN;
	return true;
}

static bool
reader_sniff_head(struct conn *c, unsigned direction, struct slice view, bool news,
	struct cursor *cursor)
{
	struct reader *r = &c->reader[direction];
	enum http1_start start;

	if (r->sniffed ||
		(view.n > SNIFF_BYTES && !news && view.n <= CONFIG_START_LINE_BYTES))
		return true;
	start = reader_sniff(c, direction, view, !r->tentative);
	if (start == HTTP1_PREFACE) {
		c->reader[direction].foreign += r->buffered;
		reader_unbuffer(r);
		conn_tunnel(c);
		return false;
	}
	if (start == HTTP1_FOREIGN ||
		(start == HTTP1_MORE && view.n > CONFIG_START_LINE_BYTES)) {
		reader_no_head(c, direction, cursor);
		return false;
	}
	r->sniffed = start != HTTP1_MORE;
	return true;
}

void
reader_head(struct conn *c, unsigned direction, struct cursor *cursor)
{
	struct reader *r = &c->reader[direction];
	size_t old = r->buffered, leading, end;
	bool news = !old || slice_find(cursor->s, '\n', 0) < cursor->s.n;
	struct slice view = cursor->s;

	if (reader_guess_is_over(c, direction, cursor)) {
		reader_no_head(c, direction, cursor);
		return;
	}
	if (old) {
		/* No more than can be a head is ever copied. */
		reader_buffer(r, slice_part(cursor->s, 0, CONFIG_HEAD_BYTES + 4));
		view = slice_of(r->buffer, r->buffered);
	}
	leading = r->leading += http1_leading_crlf(slice_from(view, r->leading));
	if (leading < view.n) {
		if (old)
			r->buffered = (uint32_t)old; /* what no_head() has to let go */
		if (!reader_sniff_head(
			    c, direction, slice_from(view, leading), news, cursor) ||
			!reader_try_guess(
				c, direction, slice_from(view, leading), cursor))
			return;
		if (r->resume < leading)
			r->resume = leading;
		end = http1_head_end(view, &r->resume);
		if (end && end <= CONFIG_HEAD_BYTES) {
			reader_head_done(c, direction, slice_part(view, leading, end),
				leading, end - old, cursor);
			return;
		}
	}
	if (!old)
		reader_buffer(r, slice_part(view, 0, CONFIG_HEAD_BYTES + 4));
	else
		r->buffered = (uint32_t)view.n;
	cursor_take(cursor, r->buffered - old);
	if (r->buffered > CONFIG_HEAD_BYTES)
		reader_begin_rest(r, slice_of(r->buffer, r->buffered));
}

/* ---- holes ---- */

/*
 * The start line is there, or of an answer that is waited for as much as says what it is.
 * What was found by searching, and might be text as far as it goes, is believed only
 * where the snapshot length cut: then nothing else than segments' ends is missing.
 */
static bool
reader_has_start(
	const struct conn *c, unsigned direction, struct slice head, bool snapped)
{
	const struct reader *r = &c->reader[direction];
	struct start_line start;

	if (r->tentative && !(snapped && r->sniffed))
		return false;
	if (slice_find(head, '\n', 0) < head.n)
		return r->sniffed;
	return c->client == !direction && c->pending.count &&
	       http1_cut_status_line(head, &start);
}

/* The head has a hole.  With its start line it is still a message. */
void
reader_cut_head(struct conn *c, unsigned direction, bool snapped)
{
	struct reader *r = &c->reader[direction];
	struct slice view = slice_of(r->buffer, r->buffered);
	size_t leading = http1_leading_crlf(view);
	struct place last = r->last;

	if (!reader_has_start(c, direction, slice_from(view, leading), snapped) ||
		!conn_head(c, direction, slice_from(view, leading), leading, HEAD_CUT,
			&last))
		conn_skip(c, direction, view.n);
	reader_unbuffer(r);
	r->state = READER_SEARCH;
}
