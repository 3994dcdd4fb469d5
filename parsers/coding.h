/*
 * parsers/coding.h - content codings, applied and accepted
 *
 *	Content-Encoding = #token				[RFC9110 8.4]
 *	Accept-Encoding	 = #( codings [ OWS ";" OWS "q=" qvalue ] ) [RFC9110 12.5.3]
 *	qvalue = ( "0" [ "." *3DIGIT ] ) / ( "1" [ "." *3"0" ] )
 *
 * Names compare without case; x-gzip and x-compress are gzip and compress.
 */
#ifndef PARSERS_CODING_H
#define PARSERS_CODING_H

#include "parsers/slice.h"

enum coding {
	CODING_IDENTITY,
	CODING_GZIP,
	CODING_DEFLATE,
	CODING_BROTLI,
	CODING_ZSTD,
	CODING_COMPRESS,
	CODING_UNKNOWN,
};

enum coding coding_parse(struct slice token);

/*
 * The codings of a Content-Encoding value in the order in which they were applied,
 * identity left out.  Returns how many were stored.  If there are more than `max`,
 * the last one stored is CODING_UNKNOWN: nobody can undo such a stack.
 */
size_t coding_list(struct slice content_encoding, enum coding *out, size_t max);

/*
 * Whether the client said that it takes the coding.  A member of its own wins over
 * `*`; the first of several members counts; a weight that does not parse is none.
 * An absent value ({NULL, 0}) would allow any coding, but asks for none: only
 * identity is accepted then.  Identity is accepted unless excluded by q=0.
 */
bool coding_accepted(struct slice accept_encoding, enum coding coding);

#endif
