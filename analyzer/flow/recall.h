/*
 * analyzer/flow/recall.h - what the latest delivered octets were, by their sums
 *
 * Nothing is copied on the in-order path, so when octets come again those that were
 * delivered are gone.  A sum of them tells whether the copy is the same.
 *
 * Known are the last few segments of a direction, long ones in pieces.  The sum is
 *linear,
 *
 *	sum = w0*K0 + w1*K1 + ... + w7*K7 + w8*K0 + ...	modulo 2^64,
 *
 * with the words w of eight octets from the piece's start on, so that copies that are cut
 * elsewhere add up: a piece is compared when copies have covered it whole, from its start
 * to its end.  A copy that is said to differ does; one that is not may, if it covers no
 * piece whole, comes too late, or was made to have the same sum.  How many octets differ
 * cannot be told, and all of the piece count.
 *
 * Cost: an addition for every eight octets that are delivered; memory grows with the
 * segments of a connection, up to a limit of each and a budget of all.
 */
#ifndef ANALYZER_FLOW_RECALL_H
#define ANALYZER_FLOW_RECALL_H

#include "analyzer/flow/queue.h"

struct recall {
	struct recalled *ring;
	uint16_t capacity, at;
	uint64_t part_end; /* copies cover a piece from its start to here; 0: none */
	uint64_t part_sum;
};

/* What all of them may take together. */
struct recall_budget {
	uint64_t bytes, most_bytes;
};

/* Remembers octets that were delivered. */
void recall_note(struct recall *recall, struct recall_budget *budget, uint64_t offset,
	struct slice octets);

/* Compares a copy, which may begin before the stream does. */
struct conflict recall_compare(struct recall *recall, int64_t offset, struct slice copy);

void recall_free(struct recall *recall, struct recall_budget *budget);

#endif
