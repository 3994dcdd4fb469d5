/*
 * analyzer/http/coded.h - what came of undoing the codings of a content
 *
 * The first thing that went wrong, outermost coding first.  Browsers take more than
 * the grammar allows: "deflate" without the wrapper of zlib is decoded, and noted.
 */
#ifndef ANALYZER_HTTP_CODED_H
#define ANALYZER_HTTP_CODED_H

#include "parsers/coding.h"

enum coded_fault {
	CODED_FINE,
	CODED_PLAIN,	 /* it does not begin as the coding does */
	CODED_OTHER,	 /* but as another one */
	CODED_CORRUPT,	 /* impossible octets within */
	CODED_CHECKSUM,	 /* it was decoded, but is not what was encoded */
	CODED_LENGTH,	 /* nor as long */
	CODED_TRUNCATED, /* the content ends before the coding does */
	CODED_TRAILING,	 /* octets behind its end */
	CODED_BOMB,	 /* given up at a cap */
	CODED_REFUSED,	 /* given up: it wants more memory than decoders are given */
};

enum {
	CODED_FIRST_BYTES = 16
};

struct coded {
	enum coded_fault fault;
	enum coding coding; /* with the fault; the outermost if there is none */
	bool raw_deflate;
	bool gzip_within;     /* what is under all codings is gzip again */
	uint64_t at_bytes;    /* octets of that coding up to the fault, or all */
	uint64_t out_bytes;   /* decoded, under all codings */
	unsigned first_bytes; /* of that coding */
	uint8_t first[CODED_FIRST_BYTES];
};

#endif
