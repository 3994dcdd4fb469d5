/*
 * analyzer/capture/spool.h - packets that somebody may want in the end
 *
 * What comes from an interface, a pipe or a file that grows cannot be read again.  Its
 * packets are kept in a file of TMPDIR that has no name, so that it is gone with the
 * program, however that ends.  It is bounded: when there is no room, on the disk or
 * within the limit, whoever keeps packets says which of them may go.
 *
 * Cost: one copy of each packet; letting go reads and writes what is there once.
 */
#ifndef ANALYZER_CAPTURE_SPOOL_H
#define ANALYZER_CAPTURE_SPOOL_H

#include "analyzer/capture/source.h"

struct spool;

/* NULL with EXIT_OUTPUT.  To be called before root is given up. */
struct spool *spool_open(uint64_t most_bytes, struct err *err);
void spool_close(struct spool **spool);

/* Keeps a copy; false: there is no room for it. */
bool spool_put(struct spool *spool, const struct packet *packet);

/* Octets that may be in use, that are, and what a packet takes of them. */
uint64_t spool_room_bytes(const struct spool *spool);
uint64_t spool_bytes(const struct spool *spool);
uint64_t spool_packet_bytes(const struct packet *packet);

/* From the first one; the octets of a packet are valid until the next call.  Nothing is
 * put meanwhile. */
void spool_rewind(struct spool *spool);
bool spool_next(struct spool *spool, struct packet *packet);

/* The errno for which packets that were put are not there any more, or 0. */
int spool_failed(const struct spool *spool);

/* All that keep() does not want are gone; it is asked in their order. */
void spool_thin(struct spool *spool,
	bool (*keep)(void *context, const struct packet *packet), void *context);

#endif
