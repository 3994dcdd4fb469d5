/*
 * parsers/chunked.h - the chunked transfer coding, octet by octet
 *
 *	chunked-body = *chunk last-chunk trailer-section CRLF	[RFC9112 7.1]
 *	chunk	     = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
 *
 * The caller owns the state, feeds whatever octets it has and takes the content
 * itself: while `left` is not 0 the next `left` octets are content.
 *
 *	while (s.n && !chunked_is_over(&c))
 *		if (c.left)  take min(c.left, s.n) octets: chunked_content(&c, n)
 *		else	     s = slice_from(s, chunked_framing(&c, s))
 *
 * Read as everybody does: either case of digits, leading zeros, white space before
 * an extension, a single LF as line end.  A size that overflows, a line over 16 KiB
 * or data without its CRLF break the framing: CHUNKED_BROKEN.
 */
#ifndef PARSERS_CHUNKED_H
#define PARSERS_CHUNKED_H

#include "parsers/slice.h"

enum chunked_state {
	CHUNKED_SIZE, /* before the first digit */
	CHUNKED_DIGITS,
	CHUNKED_EXTENSION, /* after the size, up to the line end */
	CHUNKED_DATA,
	CHUNKED_DATA_CR, /* after the data: its line end */
	CHUNKED_DATA_LF,
	CHUNKED_TRAILER, /* at the start of a trailer line */
	CHUNKED_TRAILER_LINE,
	CHUNKED_TRAILER_LF, /* CR was the first octet of a line */
	CHUNKED_DONE,
	CHUNKED_BROKEN,
};

struct chunked {       /* all zero at the start of a body */
	uint64_t left; /* content octets of the chunk that are still to come */
	uint64_t size;
	uint32_t line_bytes; /* of the line under way, or of the trailer section */
	uint8_t state;
};

static inline bool
chunked_is_over(const struct chunked *c)
{
	return c->state >= CHUNKED_DONE;
}

/* Takes framing octets up to the next content, the end, or the end of `s`. */
size_t chunked_framing(struct chunked *c, struct slice s);

/* `n` octets of content went by; n <= c->left. */
void chunked_content(struct chunked *c, uint64_t n);

#endif
