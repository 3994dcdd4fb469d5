/*
 * tests/lib/talk.h - a conversation by hand, read as HTTP, told as lines of text
 *
 *	const struct turn turns[] = {
 *		{'c', "GET /a HTTP/1.1\r\n\r\n"},
 *		{'s', "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"},
 *		{0}};
 *
 * A turn is a segment, or several after cutting.  'C' and 'S' are turns of the same
 * sides that were never captured: a hole; 'd' and 't' are what the snapshot length cut
 * off the turn before.  '.' ends both directions with FIN.  Each
 * side has read what the other sent before it speaks, as with real clients that do
 * not pipeline; 'p' is a client's turn sent before it has read anything new.
 *
 * The log has a line for each exchange, in the order of their ends:
 *
 *	GET /a 200 content=2
 *
 * followed by what is not usual: q=N framing=N stray=N gap=N interim=N incomplete cut
 * inferred unknown last; an orphan response has `-` for method and target.
 */
#ifndef TESTS_LIB_TALK_H
#define TESTS_LIB_TALK_H

#include "analyzer/http/conn.h"

enum {
	TALK_LOG_BYTES = 8192
};

struct turn {
	char side;
	const char *octets;
};

struct talk {
	char log[TALK_LOG_BYTES];
	size_t log_bytes;
	struct counters counters;
	uint64_t exchange_octets; /* of exchanges, holes left out */
	uint64_t fed_octets;
	uint64_t held_bytes; /* by the connection; 0 when all is over */
	bool http;
};

/* Pieces of at most `cut` octets after a first piece of `first`; 0: whole turns. */
void talk_run(struct talk *talk, const struct turn *turns, size_t first, size_t cut,
	bool midstream);

#endif
