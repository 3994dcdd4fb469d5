/*
 * analyzer/flow/stream.h - the octets of a connection in the order they were sent
 *
 * Two streams, one for each direction, delivered as chunks.  In-order segments
 * pass without a copy; only what waits is copied.  A segment waits for two things:
 *
 * - the octets before it, and
 * - the octets of the other direction that its sender had acknowledged, so that
 *   the consumer sees causes before effects: no answer before its question, even
 *   if the capture has them the other way round.
 *
 * A hole that the other side acknowledges past was lost by the capture, not by
 * the network; it is declared after a short grace and delivered as a chunk without
 * data.  A hole that nobody acknowledged is waited for, within bounds.
 *
 * Copies of the same sequence numbers: what was delivered is final; of copies that
 * wait, the policy decides (queue.h).  Where copies differ the consumer is told: before
 * the chunk if both waited, after it if one was delivered when the other came
 * (recall.h says how far that can be known).
 *
 * A single acknowledged octet behind which nothing was captured is taken for a FIN
 * that the capture lost, until octets follow.
 *
 * RST closes when its number is the next one expected [RFC5961 3.2].  One that lies
 * ahead may have overtaken data, or be forged: it is remembered, and believed when
 * nothing but the end of the connection's input follows the octets before it.  One
 * with a signature closes nothing (parsers/tcp.h).
 *
 * Every payload octet fed is delivered, or counted as retransmitted or pending.  For each
 * stream, when it ends:
 *
 *	offset = passed + lost
 *	highest <= offset + the extent of what still waits
 *
 * where a FIN takes one number of the sequence, as an octet does.
 *
 * A chunk borrows: its octets are valid until the callback returns.
 */
#ifndef ANALYZER_FLOW_STREAM_H
#define ANALYZER_FLOW_STREAM_H

#include "analyzer/base/counters.h"
#include "analyzer/flow/queue.h"
#include "analyzer/flow/recall.h"
#include "parsers/segment.h"

struct chunk {
	uint64_t offset;     /* of the first octet, from 0 at the start of the stream */
	struct slice data;   /* captured octets */
	uint64_t snapped;    /* then so many that the snapshot length cut */
	uint64_t lost;	     /* a hole: data and snapped are empty */
	uint64_t peer_acked; /* offset of the other direction that the sender had seen */
	struct place place;
	bool segment_start; /* the first octet is the first of a segment */
};

enum stream_end {
	STREAM_FIN,
	STREAM_RST,
	STREAM_GIVEN_UP, /* idle too long, evicted, or replaced by a new connection */
	STREAM_CAPTURE_END,
};

struct stream_sink {
	void (*chunk)(void *context, unsigned direction, const struct chunk *chunk);
	void (*end)(void *context, unsigned direction, enum stream_end end);
	/* Copies of the octets [begin, end) contradict each other. */
	void (*conflict)(void *context, unsigned direction, uint64_t begin, uint64_t end);
	void *context;
	struct recall_budget *recall; /* or NULL: no limit */
};

enum stream_flag {
	STREAM_SEEN = 1 << 0,	/* a packet of this direction was captured */
	STREAM_PLACED = 1 << 1, /* `next` is known, from a packet or an acknowledgement */
	STREAM_FROM_SYN = 1 << 2,    /* from its first octet */
	STREAM_ENDED = 1 << 3,	     /* the sink was told so */
	STREAM_FIN_ASSUMED = 1 << 4, /* the last octet may have been one */
	STREAM_RST_AHEAD = 1 << 5,   /* reset_at is known */
	STREAM_RESETS = 1 << 6,	     /* its RST ended both directions */
};

struct stream {
	struct queue queue;
	uint64_t offset;       /* delivered so far */
	uint64_t passed, lost; /* of it: captured or cut by the snapshot; in holes */
	uint64_t highest;      /* end of the segments that were taken */
	uint64_t acked;	       /* by the other side; beyond offset: a hole */
	uint64_t heard;	       /* acknowledged, of what was delivered */
	uint64_t proven;       /* what was acknowledged at hole_ns */
	int64_t hole_ns;       /* since when a hole is known; 0: there is none */
	uint64_t reset_at;
	uint64_t retransmitted, duplicate; /* octets that came again, in what way */
	struct recall recall;
	uint32_t next; /* sequence number of `offset` */
	uint16_t hole_packets;
	uint8_t flags;
};

struct streams {
	struct stream side[2];
	int64_t last_ns; /* the packet that was fed last */
	uint8_t overlap; /* enum overlap */
};

/* The offset of a sequence number, which may lie before the start: negative. */
static inline int64_t
stream_offset(const struct stream *s, uint32_t seq)
{
	return (int64_t)s->offset + (int32_t)(seq - s->next);
}

/* Whether the first octet of the stream has this number. */
static inline bool
stream_starts_at(const struct stream *s, uint32_t seq)
{
	return s->flags & STREAM_PLACED && s->next - (uint32_t)s->offset == seq;
}

/* Starts a direction at a sequence number, from its SYN or from the middle. */
void stream_place(struct stream *s, uint32_t seq);

/*
 * Feeds a segment of `direction`.  Its SYN, if any, was taken off by the caller:
 * `seq` is the number of the first payload octet.
 */
void streams_feed(struct streams *streams, unsigned direction, const struct segment *seg,
	uint32_t seq, const struct place *place, const struct stream_sink *sink,
	struct counters *counters);

/* Delivers what waits, declaring holes, and ends both directions. */
void streams_finish(struct streams *streams, enum stream_end end,
	const struct stream_sink *sink, struct counters *counters);

/* Both directions are at their end; streams_finish() tells it where it was assumed. */
bool streams_ended(const struct streams *streams);

/* Gives up waiting: what waits is delivered, with the holes before it declared. */
void streams_flush(struct streams *streams, const struct stream_sink *sink,
	struct counters *counters);

#endif
