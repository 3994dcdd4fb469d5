/*
 * analyzer/capture/source_file.h - one capture file: pcap or pcapng, plain or packed
 *
 * The part of source.h that reads a file.  Damage is data: what can be read is
 * given, the rest is counted in the info.  Nothing here allocates per packet.
 */
#ifndef ANALYZER_CAPTURE_SOURCE_FILE_H
#define ANALYZER_CAPTURE_SOURCE_FILE_H

#include "analyzer/capture/source.h"
#include "analyzer/capture/window.h"
#include "parsers/pcapfile.h"

enum source_file_state {
	SOURCE_FILE_UNREAD,
	SOURCE_FILE_PCAP,
	SOURCE_FILE_PCAPNG,
	SOURCE_FILE_LAST_GIVEN, /* the rest of a cut record; its octets are still in use
				 */
	SOURCE_FILE_ENDED,
};

struct source_file {
	struct source_info info;
	struct window window;
	enum source_file_state state;
	struct pcap_header pcap;
	bool is_big_endian; /* the pcapng section */
	struct pcapng_interface *interfaces;
	size_t interface_count, interface_room;
	int64_t last_ns; /* what a packet without a time gets */
	uint64_t frame;
	struct packet next; /* source.c's: what a merge compares */
};

/* `path` is borrowed.  A failure is in the info, and its errno is returned, else 0. */
int source_file_open(struct source_file *file, const char *path);
/* 1 with the next packet, or 0.  The info's packets and octets are source.c's to count.
 */
int source_file_next(struct source_file *file, struct packet *packet);
void source_file_close(struct source_file *file);

#endif
