/*
 * analyzer/http/conn.h - two streams of octets, read as requests and responses
 *
 * Which side is the client is told by the octets: a request line or a status line.
 * A connection on which neither ever starts a message is not HTTP, and costs little.
 *
 * Which request an answer belongs to: pair.h.
 *
 * Ownership: an exchange belongs to the connection until close() hands it over.
 * open() is told of it when its request's head is complete, before any answer.
 */
#ifndef ANALYZER_HTTP_CONN_H
#define ANALYZER_HTTP_CONN_H

#include "analyzer/base/counters.h"
#include "analyzer/flow/stream.h"
#include "analyzer/http/cutoff.h"

struct http_sink {
	void (*open)(void *context, struct exchange *x);
	void (*close)(void *context, struct exchange *x); /* the receiver frees it */
	void *context;
	uint64_t *held_bytes; /* counts what connections take, all in all; or NULL */
	/* While it stays below, contents are kept for measuring, and windows for decoding
	 * may be large. */
	uint64_t keep_max;
	uint64_t compress_min;	 /* octets of contents that are worth compressing */
	struct cutoffs *cutoffs; /* or NULL */
};

struct conn_start {
	struct endpoint side[2];
	uint64_t number;
	bool midstream;		  /* the first octets of the connection are missing */
	int64_t handshake_rtt_ns; /* -1: unknown */
	const struct streams *streams; /* valid as long as the connection */
};

struct conn;

/* `sink` and `counters` outlive the connection. */
struct conn *conn_new(const struct conn_start *start, const struct http_sink *sink,
	struct counters *counters);

void conn_chunk(struct conn *conn, unsigned direction, const struct chunk *chunk);
void conn_end(struct conn *conn, unsigned direction, enum stream_end end);

/* Copies of the octets [begin, end) contradict each other: so do their exchanges. */
void conn_conflict(struct conn *conn, unsigned direction, uint64_t begin, uint64_t end);

/* The direction of the requests; -1 if it is not HTTP. */
int conn_client(const struct conn *conn);

/* Hands over what is left and frees; true if it was HTTP. */
bool conn_close(struct conn **conn);

#endif
