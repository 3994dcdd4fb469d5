#include "analyzer/capture/edition.h"

#include "analyzer/config.h"

#include <unistd.h>

enum {
	FIRST_BYTES = 512,
	BLANK_BYTES = 24, /* a pcap header; a pcapng section header is no shorter */
};

static int64_t
mtime_ns(const struct stat *status)
{
	return status->st_mtim.tv_sec * CONFIG_S_NS + status->st_mtim.tv_nsec;
}

void
edition_look(struct edition *edition, const struct stat *status)
{
	edition->octets = (uint64_t)status->st_size;
	edition->mtime_ns = mtime_ns(status);
}

bool
edition_looks_same(const struct edition *edition, const struct stat *status)
{
	return edition->device == status->st_dev && edition->inode == status->st_ino &&
	       edition->octets == (uint64_t)status->st_size &&
	       edition->mtime_ns == mtime_ns(status);
}

void
edition_begin(struct edition *edition, const struct stat *status, int fd)
{
	*edition = (struct edition){.device = status->st_dev, .inode = status->st_ino};
	edition_look(edition, status);
	if (fd >= 0)
		edition_goes_on(edition, fd);
}

bool
edition_goes_on(struct edition *edition, int fd)
{
	uint8_t octets[FIRST_BYTES];
	ssize_t got = pread(fd, octets, sizeof octets, 0);
	size_t n = got < 0 ? 0 : (size_t)got;
	size_t common = n < EDITION_FIRST_BYTES ? n : EDITION_FIRST_BYTES;
	struct key start = key_start(0);

	if (n < edition->first_n)
		return n > BLANK_BYTES && memcmp(octets, edition->first, common) == 0;
	if (edition->first_n &&
		!key_eq(edition->first_key,
			key_add(start, slice_of(octets, edition->first_n))))
		return false;
	edition->first_n = n;
	edition->first_key = key_add(start, slice_of(octets, n));
	memcpy(edition->first, octets, common);
	return true;
}

bool
edition_is_blank(const struct edition *edition)
{
	return edition->first_n <= BLANK_BYTES;
}
