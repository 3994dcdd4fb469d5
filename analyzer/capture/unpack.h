/*
 * analyzer/capture/unpack.h - a compressed file as a stream of octets
 *
 * gzip (RFC1952) with any number of members, and zstd (RFC8878) where it is
 * built in.  What follows the last member and is none is ignored, as gzip does.
 * A stream that ends too early gives what can be unpacked.  Behind damage it goes on
 * with the next member, where there is one.
 */
#ifndef ANALYZER_CAPTURE_UNPACK_H
#define ANALYZER_CAPTURE_UNPACK_H

#include "parsers/slice.h"

enum unpack_coding {
	UNPACK_NONE,
	UNPACK_GZIP,
	UNPACK_ZSTD,
	UNPACK_XZ, /* this and the following are recognised, so that the user can be
		      helped */
	UNPACK_LZ4,
	UNPACK_BZIP2,
};

enum {
	UNPACK_MAGIC_BYTES = 6
};

struct idle;
struct unpack;

enum unpack_coding unpack_recognise(struct slice first);
const char *unpack_name(enum unpack_coding coding);
bool unpack_is_built_in(enum unpack_coding coding);

/* `first` was already read from `fd` and is copied; the descriptor is borrowed. */
struct unpack *unpack_new(enum unpack_coding coding, int fd, struct slice first);
void unpack_free(struct unpack **unpack);

/* At least one octet, or 0 at the end: then unpack_trouble() tells what kind of end. */
size_t unpack_read(struct unpack *unpack, uint8_t *to, size_t room);

/* The compressed stream stops in the middle. */
bool unpack_is_cut(const struct unpack *unpack);
/* Why a part of the compressed stream could not be unpacked, or NULL. */
const char *unpack_damage(const struct unpack *unpack);
/* errno of a read that failed, or 0. */
int unpack_errno(const struct unpack *unpack);

/* Octets that were read from the descriptor and not unpacked yet. */
size_t unpack_waiting(const struct unpack *unpack);

/* read(2) that goes on after a signal and waits on a descriptor that does not block; 0
 * after source_stop() as well, with `*end_ms` and `idle` as in stop_wait(). */
size_t unpack_read_plain(
	int fd, uint8_t *to, size_t room, int *error, int64_t *end_ms, struct idle *idle);

#endif
