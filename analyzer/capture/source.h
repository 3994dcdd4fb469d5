/*
 * analyzer/capture/source.h - where packets come from: files and interfaces
 *
 * A source gives packets in the order of time.  Several files are one time line:
 * at each step the file whose next packet is the oldest delivers it, so a
 * connection goes on from one rotated file into the next.  A file keeps its own order,
 * whatever its clock does; and where one ends and the next begins, a clock that goes
 * back a little does not mix the two.
 *
 * Opening and reading are apart on purpose: source_open_*() opens descriptors
 * and reads not one octet of them, so that the program can give up its
 * privileges in between.
 *
 * A packet's octets belong to the source's buffer: they are valid until the
 * next call of source_next() or source_close().
 */
#ifndef ANALYZER_CAPTURE_SOURCE_H
#define ANALYZER_CAPTURE_SOURCE_H

#include "analyzer/base/err.h"
#include "parsers/slice.h"

#include <stdio.h>

struct packet {
	int64_t ts_ns;	     /* capture clock, since 1970-01-01 UTC */
	struct slice data;   /* captured octets */
	uint32_t wire_bytes; /* length on the wire; >= data.n */
	uint32_t source;     /* index of the file, from 0 */
	uint64_t frame;	     /* number in that file, from 1, as Wireshark counts */
	uint64_t offset;     /* of its data in that file; 0: live, or a packed file */
	uint16_t link_type;  /* LINKTYPE_ value */
	uint8_t fcs_bytes; /* of a check sequence at the frame's end, as the file says */
};

enum {
	SOURCE_LINK_TYPES_MAX = 16
};

/* What is printed of one file or interface (report JSON: capture.sources). */
struct source_info {
	const char
		*path; /* as given, or a file of a folder; "-" for stdin; an interface */
	const char *format;	 /* "pcap", "pcapng", "live"; NULL before it is known */
	const char *compression; /* "none", "gzip", "zstd" */
	uint16_t link_types[SOURCE_LINK_TYPES_MAX];
	unsigned link_type_count;
	uint64_t packets,
		octets; /* given by source_next(); octets of frames on the wire */
	bool truncated_tail;
	uint64_t damaged_records; /* passed over, or mended */
	uint64_t bad_options;	  /* interfaces with an option that is not usable */
	/* Where the octets of the (unpacked) file went; live: all 0. */
	uint64_t header_octets, record_octets, skipped_octets, tail_octets;
	uint64_t file_octets; /* as they were read; the sum of those before, at the end */
	char trouble[160];    /* why reading ended early, or what was repaired; else "" */
	bool is_told;	      /* by source_trouble() */
	bool is_rewritten;    /* its name came to stand for something else meanwhile */
	bool is_late;	      /* it grew after it had been left for a later one */
	bool failed;	      /* it could not be read as a capture at all */
	struct err err;	      /* filled when failed */
};

struct source;

struct source_live_options {
	const char *interface;
	uint32_t snaplen_bytes; /* 0: 262144 */
	uint32_t buffer_kib;	/* 0: 16384 */
	bool no_promiscuous;
	int64_t duration_ns; /* 0: until stopped */
};

/*
 * `filter` is an expression in pcap-filter syntax or NULL; it must outlive the
 * source.  Packets of a file that do not match are not given, but have a frame
 * number.  A folder stands for the files in it, by name.  A file that cannot be opened is
 * noted in its source_info (failed) and the others are read; if none can be opened, or
 * the filter does not compile, -1.
 */
int source_open_files(struct source **source, char *const *paths, size_t count,
	const char *filter, struct err *err);
/*
 * Before the first source_next(): waits at the end for more, until source_stop(), or for
 * `duration_ns` if that is not 0.  One file, or the files of a ring, are read one after
 * the other in the order of time, and then those that are newer (ring.h), or that take
 * the name of one that was removed, written anew or cut.
 */
int source_follow(struct source *source, int64_t duration_ns, struct err *err);
int source_open_live(struct source **source, const struct source_live_options *options,
	const char *filter, struct err *err);

/*
 * 1 with the next packet, 0 at the end, -1 if the source broke (live: the
 * interface went away).  Damage in a file is not an error: it is counted in
 * source_info and reading goes on as far as possible.
 */
int source_next(struct source *source, struct packet *packet, struct err *err);

/*
 * Live: source_next() gives what the kernel already has and then 0; a followed file:
 * what has been read; a pipe: what its writer still sends, for half a second; other
 * files: nothing more.  Safe in a signal handler.
 */
void source_stop(void);
/* Other files may be read after it.  Not in a signal handler. */
void source_resume(void);

/* While source_next() waits for a packet it calls this from time to time, with the time
 * stamp that one would have.  After source_follow(), which forgets it. */
void source_on_idle(
	struct source *source, void (*tell)(void *context, int64_t ts_ns), void *context);

size_t source_count(const struct source *source);
/* Their paths by number, also of those to come while files are followed: as many as
 * *room, NULL where there is none yet.  Valid, and in its place, until source_close(). */
const char *const *source_paths(const struct source *source, size_t *room);
const struct source_info *source_info(const struct source *source, size_t index);

/* What is to be said of a file that was read in part or with repairs, once; or "". */
const char *source_trouble(struct source *source, size_t index);

/* How many octets were read of how many, packed ones as they are; false if the number
 * of all is not known, as of a pipe. */
bool source_progress(const struct source *source, uint64_t *read, uint64_t *all);

/* What must hold: every octet read is in one place.  NULL, or what does not. */
const char *source_check(const struct source *source);

/* Live: packets that the kernel dropped, modulo nothing; -1 for files. */
int64_t source_kernel_dropped(struct source *source);

/* Live: those that the interface itself lost before the kernel saw them; -1 for files. */
int64_t source_interface_dropped(struct source *source);

/* One line each, for -D. */
int source_list_interfaces(FILE *out, struct err *err);

void source_close(struct source **source);

#endif
