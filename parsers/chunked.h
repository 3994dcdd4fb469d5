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
 * or data without its CRLF break the framing: CHUNKED_BROKEN.  What was bent, or broke
 * it, is among the flaws.
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

enum chunked_flaw {
	/* These break the framing. */
	CHUNKED_NOT_CHUNKED = 1 << 0, /* no size at the very start */
	CHUNKED_SIGN = 1 << 1,
	CHUNKED_LEADING_SPACE = 1 << 2,
	CHUNKED_PREFIX = 1 << 3, /* 0x */
	CHUNKED_UNDERSCORE = 1 << 4,
	CHUNKED_EMPTY_LINE = 1 << 5, /* where a size belongs */
	CHUNKED_OVERFLOW = 1 << 6,
	CHUNKED_TOO_LONG = 1 << 7,     /* a line, or the trailer section */
	CHUNKED_MISSING_CRLF = 1 << 8, /* behind the data comes a digit */
	CHUNKED_SPILL = 1 << 9,	       /* behind the data comes something else */
	/* This may: octets behind the size that are no extension. */
	CHUNKED_TEXT = 1 << 10,
	/* These do not. */
	CHUNKED_TRAILING_SPACE = 1 << 11,
	CHUNKED_BARE_LF = 1 << 12,	/* ends a size */
	CHUNKED_DATA_BARE_LF = 1 << 13, /* ends data */
	CHUNKED_EXT = 1 << 14,		/* there is an extension */
	CHUNKED_EXT_MALFORMED = 1 << 15,
	CHUNKED_EXT_LINE_END = 1 << 16, /* LF alone ends one, or CR is inside */
};

/* Where in a chunk-ext; see chunked.c. */
enum chunked_ext {
	CHUNKED_EXT_BEFORE, /* behind the size */
	CHUNKED_EXT_NAME_START,
	CHUNKED_EXT_NAME,
	CHUNKED_EXT_NAME_END,
	CHUNKED_EXT_VALUE_START,
	CHUNKED_EXT_VALUE,
	CHUNKED_EXT_QUOTED,
	CHUNKED_EXT_ESCAPED,
	CHUNKED_EXT_AFTER, /* behind a value */
	CHUNKED_EXT_CR,
};

struct chunked {       /* all zero at the start of a body */
	uint64_t left; /* content octets of the chunk that are still to come */
	uint64_t size;
	uint64_t chunks;     /* with data, begun */
	uint64_t ext_bytes;  /* of all extensions */
	uint32_t line_bytes; /* of the line under way, or of the trailer section */
	uint32_t ext_line_bytes, ext_longest;
	uint32_t flaws; /* enum chunked_flaw */
	uint8_t state;
	uint8_t ext; /* enum chunked_ext, in CHUNKED_EXTENSION */
	bool spaced; /* blanks behind the size */
};

static inline bool
chunked_is_over(const struct chunked *c)
{
	return c->state >= CHUNKED_DONE;
}

/* Takes framing octets up to the next content, the trailer section, the end, or the end
 * of `s`. */
size_t chunked_framing(struct chunked *c, struct slice s);

/* `n` octets of content went by; n <= c->left. */
void chunked_content(struct chunked *c, uint64_t n);

#endif
