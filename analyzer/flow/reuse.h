/*
 * analyzer/flow/reuse.h - the same four numbers, another connection
 *
 * A SYN over a closed connection starts another one.  Over an open connection it may be
 * forged, or late: it is noted, and starts another one only when the other side
 * acknowledges it, or data follow it at numbers that the open one could not have
 * [RFC9293 3.10.7.4] [RFC5961 4].
 */
#ifndef ANALYZER_FLOW_REUSE_H
#define ANALYZER_FLOW_REUSE_H

#include "analyzer/flow/flow.h"

/* How a packet ends the connection that is there. */
enum reuse {
	REUSE_NONE,
	REUSE_SYN,	/* by a SYN of another one */
	REUSE_CONFIRMED /* by confirming the SYN that was noted before */
};

/* Notes a SYN that may be of another connection. */
enum reuse reuse_find(struct flow *flow, unsigned direction, const struct segment *seg);

/* A split handshake acknowledges with the SYN's own number before it sends the SYN. */
bool reuse_is_own_syn(
	const struct flow *flow, unsigned direction, const struct segment *seg);

/* A new connection whose first packet, a SYN, has passed already: from side 0. */
void reuse_begin(struct flow *flow, const struct flow *old);

#endif
