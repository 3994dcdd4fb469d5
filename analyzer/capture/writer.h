/*
 * analyzer/capture/writer.h - packets into a capture file, pcap or pcapng
 *
 * Octets, lengths on the wire, link types, check sequences and times are those of the
 * packets as they were read; times are written in nanoseconds.  A pcap file has one link
 * type: the second one is refused.  In pcapng each has an interface of its own, described
 * when it is first needed.  Numbers are little-endian.
 */
#ifndef ANALYZER_CAPTURE_WRITER_H
#define ANALYZER_CAPTURE_WRITER_H

#include "analyzer/base/out.h"
#include "analyzer/capture/source.h"

enum {
	WRITER_INTERFACES_MAX = 64
};

struct writer {
	struct out *out;
	bool is_pcap;
	unsigned interface_count; /* so far */
	struct writer_interface {
		uint16_t link_type;
		uint8_t fcs_bytes;
	} interfaces[WRITER_INTERFACES_MAX];
};

/* A name that ends in .pcap or .cap is one of a pcap file. */
void writer_init(struct writer *writer, struct out *out, const char *path);

/* -1 if the format has no room for the packet's link type. */
int writer_packet(struct writer *writer, const struct packet *packet, struct err *err);

/* A file of no packets is one as well. */
void writer_finish(struct writer *writer);

#endif
