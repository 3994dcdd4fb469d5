/*
 * analyzer/sieve.h - the packets of flows with findings (-w)
 *
 * Which flows have findings is known when the last packet was read, so the input is read
 * twice: the first time flows are marked, the second time their packets are written, in
 * the order in which they were read.  Packets that cannot be read again are spooled; when
 * there is no room for more the older ones of flows without findings go, then the oldest.
 * A flow is all that the two ends' addresses and ports have in common, handshakes and
 * late copies included.  With a flow come those that its findings rest on: the one with
 * the answer that is compared, and the one that gave the client its copy; and fragments
 * that may be the flow's.
 *
 * Bounded: flows, connections and fragments have byte budgets; flows that had to be
 * forgotten and packets that had to go are counted.
 */
#ifndef ANALYZER_SIEVE_H
#define ANALYZER_SIEVE_H

#include "analyzer/base/out.h"
#include "analyzer/capture/spool.h"
#include "analyzer/http/exchange.h"
#include "parsers/segment.h"

struct sieve;

/* `spool` is for packets that come once, and outlives the sieve; or NULL.  With one, all
 * that follows is called on one thread. */
struct sieve *sieve_new(uint64_t memory_bytes, uint64_t seed, struct spool *spool);
void sieve_free(struct sieve **sieve);

/* Packets come once: which of them go depends on what was marked by then. */
bool sieve_is_spooling(const struct sieve *sieve);

/* An exchange: its connection may be asked for later. */
void sieve_see(struct sieve *sieve, const struct exchange *x);
/* By the number of a connection, of which 32 bits count. */
void sieve_mark(struct sieve *sieve, uint64_t connection);
/* The segment came in fragments between two addresses. */
void sieve_see_fragments(struct sieve *sieve, const struct address *src,
	const struct address *dst, const struct segment *seg);

/* A packet was read, and what it is: it may be wanted. */
void sieve_keep(struct sieve *sieve, const struct packet *packet, enum decode decode);

/* Packets of wanted flows that had to go, as far as the memory goes; of how many. */
uint64_t sieve_lost_packets(struct sieve *sieve, uint64_t *flows);

/* Flows of which packets are, or may be, missing; one may count more than once.  A
 * connection that nobody asked for is none. */
uint64_t sieve_evictions(const struct sieve *sieve);

/* Reads as many packets as the first time, or those in the spool (`source` is NULL then).
 * -1: there are fewer, or the packets, or the source, are of no use; what the output says
 * is its own. */
int sieve_write(struct sieve *sieve, struct source *source, uint64_t packets,
	struct out *out, struct err *err);

#endif
