/*
 * analyzer/flow/flow.h - the table of TCP connections
 *
 * One look-up a packet.  A connection begins with the first packet of its four
 * numbers, ends with FIN from both sides, with RST, or with a SYN that starts
 * another one; it is then remembered for a while, so that what comes late is known
 * as a retransmission.  Frames captured twice are recognised here.
 *
 * Until it is known where its streams begin, the packets of a connection are kept back
 * for a moment (hold.h): the capture may have them before the handshake.
 *
 * The user of a flow is made when its first payload arrives and told its end; a
 * flow without payload costs no more than its entry.
 *
 * Hostile input: the hash has a seed of the run; when there are too many flows for the
 * budget the one that was idle longest among a few is given up, and counted.  When too
 * much waits in all flows together, the next one that has to wait does not.
 *
 * A single SYN may be forged: over an open connection it starts another one only when
 * the other side, or data, confirm it.
 */
#ifndef ANALYZER_FLOW_FLOW_H
#define ANALYZER_FLOW_FLOW_H

#include "analyzer/flow/stream.h"

struct hold;

struct flow {
	/* What a look-up reads lies together. */
	uint32_t hash;
	uint32_t next;		   /* in its chain or the list of free entries */
	struct address address[2]; /* side 0 sent the first packet */
	uint16_t port[2];
	uint16_t flags;	 /* enum flow_flag */
	int64_t last_ns; /* of the table's time */
	struct streams streams;
	void *user;		/* NULL until there is payload */
	struct hold *hold;	/* packets that wait for its beginning; or NULL */
	uint64_t number;	/* of the connection in the capture, from 0 */
	uint32_t isn[2];	/* of SYN and SYN-ACK; valid with the flag */
	uint32_t new_isn;	/* of a SYN that may start another connection here */
	uint32_t waiting_bytes; /* of memory, for segments that wait */
	uint64_t frame_bytes;	/* of its packets, copies too */
	int64_t syn_ack_ns, handshake_rtt_ns; /* -1: unknown */
};

enum flow_flag {
	FLOW_OPEN = 1 << 0,   /* the entry is in use */
	FLOW_CLOSED = 1 << 1, /* both directions ended */
	FLOW_ISN_0 = 1 << 2,  /* isn[0] is known */
	FLOW_ISN_1 = 1 << 3,
	FLOW_CLIENT_KNOWN = 1 << 4, /* a SYN told who asked for the connection */
	FLOW_CLIENT_1 = 1 << 5,	    /* it was side 1 */
	FLOW_REUSE = 1 << 6,	    /* new_isn waits for its answer */
	FLOW_REUSE_1 = 1 << 7,	    /* and came from side 1 */
	FLOW_PAYLOAD_0 = 1 << 8,
	FLOW_PAYLOAD_1 = 1 << 9,
	FLOW_BEGUN = 1 << 10,	      /* where the streams begin was decided */
	FLOW_REUSE_SYN_ACK = 1 << 11, /* new_isn is of a SYN-ACK */
	FLOW_HTTP = 1 << 12,	      /* its user said so when it closed */
	FLOW_HTTP_CLIENT_1 = 1 << 13, /* and that side 1 sent the requests */
};

/* What a flow's user does; `user` is what open() returned. */
struct flow_user {
	void *(*open)(void *context, const struct flow *flow);
	void (*chunk)(void *user, unsigned direction, const struct chunk *chunk);
	void (*end)(void *user, unsigned direction, enum stream_end end);
	/* Copies of the octets [begin, end) contradict each other; see stream.h. */
	void (*conflict)(void *user, unsigned direction, uint64_t begin, uint64_t end);
	/* After both ends: the side that sent the requests; -1 if it was not HTTP. */
	int (*close)(void *user);
	void *context;
};

struct flow_table;

struct flow_table *flow_table_new(
	const struct flow_user *user, uint64_t memory_bytes, uint64_t seed);

/* No more than so many connections at once, whatever the memory would hold. */
void flow_table_limit(struct flow_table *table, uint64_t flows_max);

/* Whose copy of the same octets counts. */
void flow_table_overlap(struct flow_table *table, enum overlap overlap);

/* Gives up a connection whose user holds memory; false if there is none. */
bool flow_table_shed(struct flow_table *table, struct counters *counters);

void flow_table_segment(struct flow_table *table, const struct segment *seg,
	const struct place *place, struct counters *counters);

/* Nothing has come for longer than a beginning is waited for: the connections that wait
 * for theirs were open before the capture. */
void flow_table_idle(struct flow_table *table, struct counters *counters);

/* Ends all connections: the input is at its end. */
void flow_table_finish(struct flow_table *table, struct counters *counters);

void flow_table_free(struct flow_table **table);

/* Both directions from their first octets. */
bool flow_is_midstream(const struct flow *flow);

#endif
