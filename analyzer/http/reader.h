/*
 * analyzer/http/reader.h - one direction of a connection: octets to messages
 *
 * The reader knows where messages begin and end; conn.c knows to which exchange
 * they belong.  Private to http/: conn.c and reader.c are two sides of one thing,
 * the calls that each makes of the other stand here.
 *
 * Every octet goes to one of: the message under way, stray octets of an exchange,
 * skipped (unparsed, once the connection is known to be HTTP), foreign (another
 * protocol), pending (a head that never ended).
 */
#ifndef ANALYZER_HTTP_READER_H
#define ANALYZER_HTTP_READER_H

#include "analyzer/http/conn.h"
#include "analyzer/http/digest.h"
#include "analyzer/http/pending.h"
#include "parsers/chunked.h"
#include "parsers/http1.h"

enum reader_state {
	READER_START,	  /* at the certain start of a message */
	READER_SEARCH,	  /* somewhere: the next message start is looked for */
	READER_HEAD,	  /* in a head, buffered if it came in pieces */
	READER_HEAD_REST, /* beyond what a head may measure: its end is looked for */
	READER_LENGTH,
	READER_CHUNKED,
	READER_CLOSE,
	READER_STRAY,	/* after a response that cannot have a body */
	READER_FOREIGN, /* not HTTP, as long as the other direction is not */
	READER_TUNNEL,	/* another protocol for good */
	READER_ENDED,
};

struct reader {
	uint8_t state;
	bool tentative;	 /* the head under way was found by searching */
	bool sniffed;	 /* it is known to be one */
	bool seen;	 /* octets have come */
	uint8_t *buffer; /* of a head in pieces */
	uint32_t buffered, capacity;
	uint64_t *held_bytes; /* counts the capacity; or NULL */
	size_t leading;	      /* line ends before the head under way */
	size_t resume;
	uint64_t rest;		  /* octets of a head beyond what is kept */
	struct misread *misread;  /* see misread.h; or NULL */
	uint8_t line;		  /* READER_HEAD_REST: 1 after LF, 2 after LF CR */
	struct place first, last; /* of the head under way; of all octets */
	uint64_t begin, peer_acked;
	struct message *m;	/* with a body under way */
	struct exchange *x;	/* that m belongs to */
	struct exchange *stray; /* that may still get stray octets */
	struct body *body;
	uint64_t left; /* READER_LENGTH: content octets to come */
	struct chunked chunked;
	uint64_t captured, foreign, undecided, pending;
	uint64_t lost;			       /* in holes */
	uint64_t conflict_begin, conflict_end; /* the last contradictory octets */
	bool conflict_waits;		       /* they come with the next chunk */
};

struct conn {
	struct conn_start start;
	const struct http_sink *sink;
	struct counters *counters;
	int client;	/* its direction, -1 while unknown: then it is not HTTP (yet) */
	bool anchored;	/* from a certain start, no hole between messages since */
	bool uncertain; /* there was one: order does not tell pairs */
	bool contradicted;     /* copies of octets differed */
	bool unheard;	       /* requests may have been in what was not captured */
	uint64_t anchor_after; /* offset of the server's side when that began */
	uint32_t trans;
	int64_t last_response_ns;  /* last octet of the answer before; -1 */
	struct pending pending;	   /* requests without answer */
	struct exchange *recent;   /* handed over, but not judged yet */
	struct past past;	   /* so far: past.h */
	struct exchange *doubtful; /* what follows its request's head is kept */
	enum closer closer;
	bool closed_by_reset, server_ended;
	uint64_t server_read; /* of the client's octets, at its FIN; UINT64_MAX */
	uint32_t abandoned;   /* requests, when the connection ended */
	struct reader reader[2];
};

/* ---- reader.c, called by conn.c ---- */

void reader_data(
	struct conn *c, unsigned direction, struct slice s, const struct chunk *chunk);
void reader_hole(struct conn *c, unsigned direction, uint64_t octets, bool snapped,
	const struct place *place);
void reader_end(struct conn *c, unsigned direction, enum stream_end end);
void reader_free(struct reader *r);

/* ---- conflict.c ---- */

/* The chunk with octets that contradict copies was read. */
void conflict_pass(struct conn *c, unsigned direction);

/* A head of the exchange was read: whether its octets contradict copies of them. */
void conflict_head(const struct reader *r, struct exchange *x, struct message *m);

/* The exchange was handed over: octets may still contradict it. */
void conflict_remember(struct conn *c, struct exchange *x);

/* The connection is gone. */
void conflict_forget(struct conn *c);

/* ---- conn.c, called by reader.c and pair.c ---- */

/* A head, whole or cut (then `state` is HEAD_CUT); false if it is none after all. */
bool conn_head(struct conn *c, unsigned direction, struct slice head, size_t leading,
	enum head_state state, const struct place *end);

/* The message under way has ended. */
void conn_message_end(struct conn *c, unsigned direction, enum message_end end);

/* Both directions speak another protocol from here on. */
void conn_tunnel(struct conn *c);

/* Messages may have been in a hole of so many octets, up to where the direction is. */
void conn_lose_anchor(struct conn *c, unsigned direction, uint64_t octets);

/* Octets were skipped; a server that had read the first request then may have sent the
 * rest of its answer. */
void conn_doubt(struct conn *c, unsigned direction, uint64_t acked);

/* Octets that belong to no message. */
void conn_skip(struct conn *c, unsigned direction, uint64_t octets);

/* The request will get no answer any more; its body may still be under way. */
void conn_give_up(struct conn *c, struct exchange *x);

/* No more stray octets will come for the exchange of this reader. */
void conn_settle(struct conn *c, unsigned direction, bool by_close);

#endif
