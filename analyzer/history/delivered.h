/*
 * analyzer/history/delivered.h - which octets each client was given, and where
 *
 * The table of the history that knows content, not names: for a client and a body it
 * keeps the resources under which the body was delivered, and when.  A body is known by
 * the digest of its octets as sent and, where it was coded, by that of the decoded ones
 * as well: two bodies are the same if either is.  Filled by complete 200 and 203
 * answers to GET whose octets were all captured.
 *
 * Of one body DELIVERED_PLACES resources are kept, the first of them for good and the
 * newest of the others.
 *
 * Places are compared with few others: 31 bits of a resource, 20 of a path and 12 of a
 * host are enough.
 *
 * Cost: 56 octets a body and client with the table's own; 32 for each resource beside
 * that once it is delivered again.
 */
#ifndef ANALYZER_HISTORY_DELIVERED_H
#define ANALYZER_HISTORY_DELIVERED_H

#include "analyzer/base/table.h"
#include "analyzer/history/history.h"

enum {
	DELIVERED_PLACES = 8
};

struct table *delivered_new(uint64_t budget_bytes);

/* The body of a complete exchange, now that its client has it. */
void delivered_learn(
	struct table *table, const struct before *before, const struct exchange *x);

/* What the client had been given of that body, as history_delivered() says. */
struct delivered delivered_find(
	const struct table *table, const struct before *before, const struct exchange *x);

#endif
