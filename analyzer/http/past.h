/*
 * analyzer/http/past.h - what a connection shows around an exchange
 *
 * Private to http/: the facts that no message says by itself.  What came before a
 * request, who closed, octets that belong to nothing but directly follow a message
 * [RFC9112 9].
 *
 * What comes after an exchange reaches it as long as it waits for its turn in the
 * timeline; later octets are nobody's.
 */
#ifndef ANALYZER_HTTP_PAST_H
#define ANALYZER_HTTP_PAST_H

#include "analyzer/http/reader.h"

/* A request's head was read; its framing is known. */
void past_request(struct conn *c, struct exchange *x);

/* The head of a final answer was read: of an exchange, or of one that is no answer. */
void past_answer(struct conn *c, const struct reader *r, struct exchange *x);

/* A final answer has ended. */
void past_answered(struct conn *c, const struct exchange *x);

/* An interim answer, to the exchange or, NULL, when nothing was asked. */
void past_interim(struct conn *c, struct exchange *x, struct slice head, uint16_t status);

/* A server that had read so much of the client's octets may answer a request that was
 * sent when the answer under way had begun. */
bool past_is_due(const struct conn *c, uint64_t acked);

/* Octets that begin no message, at an offset of their direction. */
void past_extra(struct conn *c, unsigned direction, uint64_t offset, struct slice s);

/* Octets of a client, one of whose requests is doubtful, before they are read. */
void past_client(struct conn *c, uint64_t offset, struct slice s);

/* A direction ends: before its messages do. */
void past_end(struct conn *c, unsigned direction, enum stream_end end);

/* The exchange is over. */
void past_hand_over(struct conn *c, struct exchange *x);

#endif
