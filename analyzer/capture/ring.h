/*
 * analyzer/capture/ring.h - the files that a capture is written into one after the other
 *
 * What `tcpdump -C`, `-G` and `-W` and dumpcap's `-b` make: a family of names that
 * differ in their digits alone (`x.pcap`, `x.pcap1`; `x_00001_20261121.pcapng`), or
 * simply a folder.  A file that is new, or whose name was written anew, waits for its
 * turn; it is held open, so that it may be removed meanwhile.
 *
 * A writer closes a file before it begins the next one.  So a file is over when its
 * end was read after a later one had been seen.  Several writers do not keep to that: a
 * file that grows when it is over waits once more.
 *
 * Order: what is found at one look goes by the time of the first packet, then by when
 * it was written last; what is found later is later.  A look costs a call of the system
 * for each name.
 *
 * A packed copy of a file that was read already, which `tcpdump -z gzip` leaves behind,
 * is not read again.
 */
#ifndef ANALYZER_CAPTURE_RING_H
#define ANALYZER_CAPTURE_RING_H

#include "analyzer/capture/edition.h"

#include <stddef.h>

struct ring;

enum {
	RING_NEW_FILE = -1
};

struct ring_file {
	char *name;    /* in the folder; the receiver's to free */
	int fd;	       /* the same, of a new file; -1: could not be opened */
	int error;     /* and why */
	int index;     /* of an operand, or RING_NEW_FILE */
	bool is_rest;  /* of that, which was read: it has grown since */
	bool was_lost; /* octets of before were overwritten and never read */
	struct edition edition;
};

/* `model` is a name of the family, or NULL: all files of the folder.  NULL with errno. */
struct ring *ring_open(const char *folder, const char *model);
void ring_close(struct ring **ring);

/* Whether two names are of one family. */
bool ring_is_family(const char *a, const char *b);

/* A file that is open already, to be read in its turn. */
void ring_add_operand(struct ring *ring, const char *name, int index, int fd);

/* Whether files have come that wait. */
bool ring_look(struct ring *ring);
bool ring_has_waiting(const struct ring *ring);
/* One has the name of the file that is being read. */
bool ring_has_same(const struct ring *ring);

/* The next file, or false.  It is being read until the next call. */
bool ring_take(struct ring *ring, struct ring_file *file);
/* What was read of it, in the end.  What comes after that waits as the rest of the file
 * `index`, unless it is RING_NEW_FILE. */
void ring_done(struct ring *ring, const struct edition *edition, int index);

#endif
