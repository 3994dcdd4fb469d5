/*
 * parsers/http1.h - the head of an HTTP/1.x message
 *
 *	HTTP-message = start-line CRLF *( field-line CRLF ) CRLF [ body ]  [RFC9112 2.1]
 *	request-line = method SP request-target SP HTTP-version		   [RFC9112 3]
 *	status-line  = HTTP-version SP status-code SP [ reason-phrase ]	   [RFC9112 4]
 *
 * HTTP is known by its octets, never by a port, so http1_sniff() decides on the
 * start line alone and is strict about what tells HTTP from everything else: a
 * token, a target without control octets, a version of two digits; a status line has
 * version 1.x.  A request may have another major: its form is that of HTTP/1 and the
 * answer is 505 [RFC9110 15.6.6].  A single LF ends a line, as RFC 9112 2.2 allows.
 *
 * Cost: each octet is looked at once; http1_head_end() resumes where it stopped.
 */
#ifndef PARSERS_HTTP1_H
#define PARSERS_HTTP1_H

#include "parsers/field.h"

enum http1_start {
	HTTP1_MORE, /* may become HTTP: more octets are needed */
	HTTP1_REQUEST,
	HTTP1_RESPONSE,
	HTTP1_PREFACE, /* of HTTP/2: PRI * HTTP/2.0 [RFC9113 3.4] */
	HTTP1_FOREIGN,
};

/* What starts here.  REQUEST and PREFACE need the whole start line. */
enum http1_start http1_sniff(struct slice s);

/*
 * What starts here, where an answer is due: RESPONSE, MORE or FOREIGN.  There nothing
 * else is expected, so a version of two digits or of another major, and any white
 * space, are forgiven, as clients do.  The status has three digits all the same:
 * without them nobody could say what the answer was.
 */
enum http1_start http1_sniff_answer(struct slice s);

struct start_line {
	struct slice method, target; /* of a request */
	struct slice reason;	     /* of a response */
	uint16_t status;
	uint8_t major, minor;
	bool bent; /* the grammar is, though everybody understands it */
};

/* `line` comes without its line end. */
bool http1_request_line(struct slice line, struct start_line *start);
bool http1_status_line(struct slice line, struct start_line *start);

/* What is there of a status line whose end is not: true if the status is whole.  The
 * reason is not told, for a part of one is none. */
bool http1_cut_status_line(struct slice part, struct start_line *start);

/*
 * Length of the head with its empty line, or 0 if that has not come.  *resume is 0
 * at first and keeps the place between calls with more octets of the same head.
 */
size_t http1_head_end(struct slice s, size_t *resume);

/* Takes the next line off *rest; false if there is no line end. */
bool http1_line(struct slice *rest, struct slice *line, bool *bare_lf);

/* Splits a line at its colon; flaws say what is bent.  The id is looked up. */
struct field http1_field(struct slice line);

/* Octets of line ends at the start, which are skipped before a start line. */
size_t http1_leading_crlf(struct slice s);

#endif
