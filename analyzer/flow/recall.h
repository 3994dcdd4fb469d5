/*
 * analyzer/flow/recall.h - what the latest delivered segments were, by their hashes
 *
 * Nothing is copied on the in-order path, so when a segment comes again the octets that
 * were delivered are gone.  A hash of them tells whether the copy is the same.
 *
 * Only the last few segments of a direction are known, and only those that the copy
 * covers whole.  Of a long segment the two ends are hashed: replaced answers are
 * noticed, an octet changed in the middle of a body is not.  So a copy that is said to
 * differ does; one that is not may.  How many octets differ cannot be told, and all of
 * the segment count.
 *
 * Cost: one short hash a segment; memory grows with the segments of a connection, up
 * to a limit.
 */
#ifndef ANALYZER_FLOW_RECALL_H
#define ANALYZER_FLOW_RECALL_H

#include "analyzer/flow/queue.h"

struct recall {
	struct recalled *ring;
	uint16_t capacity, at;
};

/* Remembers octets that were delivered. */
void recall_note(struct recall *recall, uint64_t offset, struct slice octets);

/* Compares a copy, which may begin before the stream does. */
struct conflict recall_compare(
	const struct recall *recall, int64_t offset, struct slice copy);

void recall_free(struct recall *recall);

#endif
