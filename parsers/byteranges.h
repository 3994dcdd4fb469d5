/*
 * parsers/byteranges.h - several parts of a representation, octet by octet
 *
 *	multipart-body = [ preamble CRLF ] delimiter CRLF body-part
 *			 *( CRLF delimiter CRLF body-part ) CRLF close-delimiter ...
 *	delimiter      = "--" boundary			[RFC2046 5.1.1, RFC9110 14.6]
 *
 * Each part of a 206 has a Content-Range, and is as long as that says: so its octets are
 * counted, not searched for the boundary.  The first part that breaks this ends the
 * reading, for nobody could say where the next one begins.
 *
 * A single LF ends a line, blanks may follow a delimiter.  Of long lines the beginning is
 * read.  The boundary is borrowed.
 */
#ifndef PARSERS_BYTERANGES_H
#define PARSERS_BYTERANGES_H

#include "parsers/slice.h"

enum {
	BYTERANGES_LINE_BYTES = 128
};

enum byteranges_state {
	BYTERANGES_PREAMBLE, /* before the first delimiter */
	BYTERANGES_HEAD,     /* the fields of a part */
	BYTERANGES_DATA,
	BYTERANGES_BREAK, /* behind the data: a line end, */
	BYTERANGES_DELIMITER,
	BYTERANGES_DONE,   /* behind the last delimiter */
	BYTERANGES_BROKEN, /* see the flaws */
};

enum byteranges_flaw {
	BYTERANGES_NO_RANGE = 1 << 0, /* a part without Content-Range: broken */
	BYTERANGES_LENGTH = 1 << 1,   /* one that is not as long as its range: broken */
	BYTERANGES_NO_TYPE = 1 << 2,  /* one without Content-Type: this does not break */
};

struct byteranges {
	struct slice boundary; /* the rest all zero at the start */
	uint64_t left;	       /* octets of the part under way that are to come */
	uint64_t parts;	       /* begun */
	uint8_t state, flaws;
	bool has_range, has_type;
	uint8_t line_bytes; /* kept of the line under way */
	uint8_t line[BYTERANGES_LINE_BYTES];
};

/* The boundary that a Content-Type names, without its quotes; {NULL, 0} if none. */
struct slice byteranges_boundary(struct slice content_type);

void byteranges_feed(struct byteranges *b, struct slice s);

#endif
