/*
 * analyzer/http/reader_head.h - heads: found, kept when they come in pieces, let go
 *
 * Private to http/: the half of the reader that decides whether octets are a head.  A
 * head that lies in one chunk is read where it lies; one in pieces is buffered up to the
 * limit of config.h, beyond which its octets are only counted.
 */
#ifndef ANALYZER_HTTP_READER_HEAD_H
#define ANALYZER_HTTP_READER_HEAD_H

#include "analyzer/http/reader.h"

/* What is left of a chunk. */
struct cursor {
	struct slice s;
	const struct chunk *chunk;
	bool segment_start; /* s begins with the first octet of a segment */
};

static inline uint64_t
cursor_offset(const struct cursor *cursor)
{
	return cursor->chunk->offset + cursor->chunk->data.n - cursor->s.n;
}

static inline void
cursor_take(struct cursor *cursor, size_t n)
{
	cursor->s = slice_from(cursor->s, n);
	if (n)
		cursor->segment_start = false;
}

enum guess {
	GUESS_OPEN, /* more octets are needed */
	GUESS_RIGHT,
	GUESS_WRONG,
};

/* What starts here, as far as this direction may say it. */
enum http1_start reader_sniff(
	const struct conn *c, unsigned direction, struct slice s, bool certain);

/* What follows a start line in the middle of nowhere says of it.  A line that is broken
 * may have its end, and a field after it, still to come. */
enum guess reader_guess(struct slice s);

void reader_begin_head(struct reader *r, const struct cursor *cursor, bool tentative);
void reader_head(struct conn *c, unsigned direction, struct cursor *cursor);
void reader_head_rest(struct conn *c, unsigned direction, struct cursor *cursor);

/* Hands over what is kept of a head beyond the limit; false if it is none. */
bool reader_give_rest(struct conn *c, unsigned direction, const struct place *end);

/* A hole is next: with its start line the head is still a message. */
void reader_cut_head(struct conn *c, unsigned direction, bool snapped);

void reader_unbuffer(struct reader *r);

/* ---- reader.c ---- */

/* Octets after a response that cannot have a body. */
void reader_add_stray(struct conn *c, unsigned direction, struct slice s);

#endif
