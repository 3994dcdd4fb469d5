/*
 * analyzer/http/evidence.h - whether octets that look like a message can be one
 *
 * Behind a hole whose framing is unknown the next message is looked for, and a body may
 * contain the text of whole messages.  What contradicts a start:
 *
 * - A request line with more than two spaces is a line of text, unless a connection that
 *   was open before the capture is seen from there on: the middle of a body is seldom.
 * - What follows the message in its segment starts none.
 * - An answer to a client that does not pipeline begins where the client had read to when
 *   it asked.  Where one that waits for its answer had read less, that answer began
 *   before, in the hole, and this is its content.
 * - Nothing waits for an answer, and no request can have been missed.
 * - A request whose head was cut has a method with content, and waits for its answer.
 *
 * A whole message that fills its segment, in the content of a request whose head was lost
 * or in that of an answer to a request that was lost too, cannot be told from a true one.
 *
 * Private to http/.
 */
#ifndef ANALYZER_HTTP_EVIDENCE_H
#define ANALYZER_HTTP_EVIDENCE_H

#include "analyzer/http/reader_head.h"

/* The octets at the cursor begin a segment. */
bool evidence_allows(
	const struct conn *c, unsigned direction, const struct cursor *cursor);

/* Whether a client asked when it had read just to here. */
bool evidence_is_awaited(const struct conn *c, uint64_t begin);

#endif
