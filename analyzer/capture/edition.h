/*
 * analyzer/capture/edition.h - what was written under a name, and whether it still is
 *
 * A ring of files writes old names anew, often into the same inode, and a size alone
 * does not show it: the new octets may be more than the old ones were.  The first
 * octets do, as they hold the time of the first packet.
 */
#ifndef ANALYZER_CAPTURE_EDITION_H
#define ANALYZER_CAPTURE_EDITION_H

#include "analyzer/base/key.h"

#include <sys/stat.h>

enum {
	EDITION_FIRST_BYTES = 64
};

struct edition {
	dev_t device;
	ino_t inode;
	uint64_t octets;  /* when it was looked at last */
	int64_t mtime_ns; /* the same */
	size_t first_n;	  /* so many of the first octets are in the key */
	struct key first_key;
	uint8_t first[EDITION_FIRST_BYTES];
};

/* `status` is the file's; `fd` may be -1, and then nothing is known of its octets. */
void edition_begin(struct edition *edition, const struct stat *status, int fd);

/*
 * Whether the file begins as it did; what it has more of its beginning is learnt.  One
 * that was cut goes on, unless nothing but a header is left.
 */
bool edition_goes_on(struct edition *edition, int fd);

/* Size and time as they are now. */
void edition_look(struct edition *edition, const struct stat *status);
bool edition_looks_same(const struct edition *edition, const struct stat *status);

/* There was no packet in it yet. */
bool edition_is_blank(const struct edition *edition);

#endif
