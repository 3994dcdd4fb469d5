/*
 * analyzer/http/message.h - heads dissected, and what their framing is
 *
 * Framing is RFC 9112 6.3 and nothing else: a 1xx, 204 or 304, and any answer to
 * HEAD, ends with its empty line whatever it announces; Transfer-Encoding overrides
 * Content-Length.  Where a message contradicts itself the reading is, in order:
 *
 *	chunked is the last coding	chunked, also with Content-Length or in HTTP/1.0
 *	another last coding		a response until close, a request without body
 *	`identity` alone		as if it were absent
 *	equal lengths			that length
 *	different lengths		the first
 *	a length that is no number	a response until close, a request without body
 *
 * and the flaw is noted.
 */
#ifndef ANALYZER_HTTP_MESSAGE_H
#define ANALYZER_HTTP_MESSAGE_H

#include "analyzer/http/exchange.h"

/*
 * Reads a head, whole or cut, that begins with its start line, and keeps a copy of
 * it in the arena.  False if the start line is none, or not whole; of a status line the
 * status is enough.
 */
bool message_read(struct message *m, struct arena *arena, struct slice head);

void message_frame_request(struct message *m);

/* `request` is the method of the request, METHOD_OTHER if unknown. */
void message_frame_response(struct message *m, enum method request);

enum method method_find(struct slice name);

#endif
