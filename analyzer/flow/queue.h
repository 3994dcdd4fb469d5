/*
 * analyzer/flow/queue.h - segments that wait, and which of their copies counts
 *
 * Segments are kept whole, in the order of their starts; copies of the same sequence
 * numbers lie side by side until their turn comes.  Who wins where they differ is the
 * receiver's business, and receivers differ.  The names are those of Novak and Sturges
 * (2007); all go by the segments as they were sent:
 *
 *	linux	the lower start, then the longer, then the first
 *	first	the first
 *	last	the last
 *	bsd	the lower start, then the first
 *
 * What was delivered is final with all of them.
 *
 * Ownership: the queue owns copies of the octets; an empty one owns nothing.
 * Cost: to put, logarithmic in what waits, and a move of pointers if others stand behind;
 * to compare, linear in what overlaps.
 */
#ifndef ANALYZER_FLOW_QUEUE_H
#define ANALYZER_FLOW_QUEUE_H

#include "analyzer/base/place.h"
#include "parsers/slice.h"

enum overlap {
	OVERLAP_LINUX,
	OVERLAP_FIRST,
	OVERLAP_LAST,
	OVERLAP_BSD,
	OVERLAPS
};

extern const char *const overlap_names[OVERLAPS];

/* Octets [offset, offset + bytes) of which `captured` lie at `data`. */
struct piece {
	uint64_t offset, peer_acked;
	const uint8_t *data;
	uint32_t bytes, captured;
	uint8_t flags; /* TCP_FIN, TCP_RST, PIECE_CUT */
	const struct place *place;
};

enum {
	PIECE_CUT = 0x80 /* the octets at its start were taken off */
};

struct queued {
	struct piece piece; /* its data and place are those below */
	struct place place;
	uint32_t number; /* in the order of arrival */
	uint32_t used;	 /* octets delivered from it */
	uint8_t data[];
};

struct queue {
	struct queued **slots; /* those that wait are at [begin, begin + count) */
	uint32_t begin, count, room;
	uint32_t bytes; /* of those that wait */
	uint32_t numbers;
};

/* The first that waits, or NULL. */
static inline struct queued *
queue_first(const struct queue *queue)
{
	return queue->count ? queue->slots[queue->begin] : NULL;
}

/* Where copies contradict each other. */
struct conflict {
	uint64_t octets; /* of copies that differ */
	uint64_t begin, end;
};

/* Puts a copy of the piece into its place. */
void queue_put(struct queue *queue, const struct piece *piece);

/* Where the last octet that waits ends; 0: none does. */
uint64_t queue_end(const struct queue *queue);

/* Takes the first one out; the caller frees it. */
struct queued *queue_pop(struct queue *queue);

/* Whether octets of [begin, end) wait. */
bool queue_holds(const struct queue *queue, uint64_t begin, uint64_t end);

/* Which of the copies of the octet at `offset` counts; NULL: none waits. */
struct queued *queue_winner(
	const struct queue *queue, enum overlap overlap, uint64_t offset);

/* How far its octets count from there: up to its end, or where another one wins. */
uint64_t queue_reach(const struct queue *queue, const struct queued *winner,
	enum overlap overlap, uint64_t offset);

/* Compares the winner's octets of [begin, end) with all other copies that wait. */
struct conflict queue_compare(const struct queue *queue, const struct queued *winner,
	uint64_t begin, uint64_t end);

/* Counts one more place where octets differ. */
void conflict_add(
	struct conflict *conflict, uint64_t begin, uint64_t end, uint64_t octets);

#endif
