/*
 * analyzer/flow/hold.h - packets of connections whose beginning is not known yet
 *
 * A capture that is fed from several queues may have data before the SYN, or the second
 * segment before the first.  Where a stream begins is certain once a SYN or its
 * acknowledgement was seen; until then the packets of a connection are kept back, for a
 * moment.  When nothing comes, the connection was open before the capture began, and its
 * streams begin with the lowest numbers that were seen.
 *
 * Ownership: copies of the packets.
 * Cost: a connection that begins with its handshake keeps nothing; any other one no more
 * than CONFIG_BEGIN_PACKETS packets, for CONFIG_BEGIN_NS.
 */
#ifndef ANALYZER_FLOW_HOLD_H
#define ANALYZER_FLOW_HOLD_H

#include "analyzer/base/place.h"
#include "parsers/segment.h"

struct flow;

struct held_packet {
	struct held_packet *next;
	struct segment seg; /* its payload lies in octets */
	struct place place;
	unsigned direction;
	uint8_t octets[];
};

/* Of one connection, in the order of the capture. */
struct hold {
	struct held_packet *first, *last;
	struct hold *older, *younger;
	struct flow *flow;
	int64_t since_ns;
	uint32_t bytes;	     /* of memory */
	uint16_t packets[2]; /* of each direction */
};

/* All of them. */
struct holds {
	struct hold *oldest, *youngest;
};

struct hold *hold_new(struct holds *holds, struct flow *flow, int64_t now_ns);

/* Takes it out of the others; its packets stay. */
void hold_leave(struct holds *holds, struct hold *hold);

/* Keeps a copy of a packet. */
void hold_put(struct hold *hold, unsigned direction, const struct segment *seg,
	const struct place *place);

/* Takes the first packet out; the caller frees it. NULL: there is none. */
struct held_packet *hold_pop(struct hold *hold);

/* No more packets should be kept. */
bool hold_is_full(const struct hold *hold);

/*
 * The lowest sequence number of a direction; with `acks` also the lowest that the other
 * direction acknowledged.  False if there is none.  A reset tells nothing.
 */
bool hold_lowest(const struct hold *hold, unsigned direction, bool acks, uint32_t *seq);

/* What the packet of a direction with this number acknowledged; false: there is none. */
bool hold_acked_at(
	const struct hold *hold, unsigned direction, uint32_t seq, uint32_t *ack);

/* Whether packets are of another connection than one that begins with this SYN. */
bool hold_is_foreign(const struct hold *hold, unsigned direction, uint32_t isn);

#endif
