/*
 * analyzer/flow/duplicate.h - frames that were captured twice
 *
 * A mirror port shows a frame on its way in and on its way out, a router's two sides
 * show it with another TTL and tag.  A frame is a copy if one with the same connection,
 * direction, sequence number, length, flags and IP identification came within a
 * millisecond, without payload also the same acknowledgement; where there is no
 * identification, the TCP checksum takes its place.  Some hosts give all their packets
 * one identification: a FIN is no copy of the acknowledgement before it.  Later copies
 * are retransmissions.
 *
 * Only the newest frames are remembered, in a table of fixed size: at rates at which
 * more than it holds pass in a millisecond, a copy may count as a retransmission.
 */
#ifndef ANALYZER_FLOW_DUPLICATE_H
#define ANALYZER_FLOW_DUPLICATE_H

#include "parsers/segment.h"

enum {
	DUPLICATE_SETS = 2048,
	DUPLICATE_WAYS = 2
};

struct duplicates {
	struct duplicate_frame {
		uint64_t stream;
		int64_t ts_ns;
		uint32_t seq;
		uint32_t bytes; /* acknowledgement, of a frame without payload */
		uint32_t mark;	/* flags, and IP identification or checksum */
	} frames[DUPLICATE_SETS][DUPLICATE_WAYS];
};

/*
 * Remembers a frame; true if it is a copy.  `stream` is a number of the connection and
 * the direction, below 2^63.
 */
bool duplicate_find(struct duplicates *duplicates, uint64_t stream,
	const struct segment *seg, int64_t ts_ns);

#endif
