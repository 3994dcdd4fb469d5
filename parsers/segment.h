/*
 * parsers/segment.h - a TCP segment, as link, network and transport headers tell it
 *
 * segment_decode() walks from the link layer to the TCP payload of one frame.
 * It borrows the frame: every slice is valid as long as the frame's octets are.
 *
 * Lengths are those that the wire had, not what the capture kept: the payload's
 * length comes from the IP header, so that a short snapshot length changes no
 * octet count.  For every DECODE_TCP frame
 *
 *	wire_bytes = link_bytes + network_bytes + transport_bytes + payload_bytes
 *
 * where link_bytes includes trailers and padding.  Where the IP header claims
 * more than the frame had, the frame wins; where its total length is 0
 * (segmentation offload beyond 64 KiB), the frame's length is taken.
 * Checksums are never verified: captures on the sender show unfinished ones.
 */
#ifndef PARSERS_SEGMENT_H
#define PARSERS_SEGMENT_H

#include "parsers/address.h"
#include "parsers/slice.h"

enum {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_PSH = 0x08,
	TCP_ACK = 0x10,
	TCP_URG = 0x20,
};

struct segment {
	struct address src, dst;
	uint16_t sport, dport;
	uint32_t seq, ack;
	uint16_t window;
	uint8_t flags;
	bool is_signed;		/* a reset with a signature, see parsers/tcp.h */
	uint8_t ip_version;	/* 4 or 6 */
	uint16_t ip_id;		/* 0 for IPv6 */
	uint16_t checksum;	/* of TCP, as found */
	uint16_t vlan;		/* outermost VLAN id, 0 without a tag */
	struct slice payload;	/* the captured part */
	uint32_t payload_bytes; /* on the wire; >= payload.n */
	uint32_t link_bytes, network_bytes, transport_bytes;
};

enum decode {
	DECODE_TCP,
	DECODE_NOT_TCP,	  /* another protocol, well-formed as far as one looked */
	DECODE_FRAGMENT,  /* a fragment of an IP datagram */
	DECODE_MALFORMED, /* a header contradicts itself, or is cut */
	DECODE_UNKNOWN_LINK,
};

/*
 * `frame` holds the captured octets, `wire_bytes` the length the frame had
 * (>= frame.n), `link_type` is a LINKTYPE_ value as in a capture file.
 * *seg is only meaningful after DECODE_TCP.
 */
enum decode segment_decode(
	struct segment *seg, struct slice frame, uint32_t wire_bytes, unsigned link_type);

#endif
