/*
 * parsers/segment.h - a TCP segment, as link, network and transport headers tell it
 *
 * segment_decode() walks from the link layer to the TCP payload of one frame, through
 * tunnels as well.  It borrows the frame: every slice is valid as long as the frame's
 * octets are.
 *
 * Lengths are those that the wire had, not what the capture kept: the payload's
 * length comes from the IP header, so that a short snapshot length changes no
 * octet count.  For every DECODE_TCP frame
 *
 *	wire_bytes = link_bytes + network_bytes + transport_bytes + payload_bytes
 *
 * where network_bytes is the innermost IP header and link_bytes all around it: outer
 * headers, trailers, padding.  Where the IP header claims more than the frame had, the
 * frame wins; where its total length is 0 (segmentation offload beyond 64 KiB), the
 * frame's length is taken.  Checksums are never verified: captures on the sender show
 * unfinished ones.
 *
 * Tunnels and tags are no part of a segment's identity: two captures of one packet,
 * before and after a router or inside and outside of a tunnel, are copies.  Two
 * customers with equal addresses, ports and sequence numbers at the same time in two
 * VLANs are therefore taken for one.
 *
 * A fragment of an IP datagram is handed out as such.  When somebody has put the
 * datagram together, segment_resume() goes on where its first fragment ended.
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

enum {
	SEGMENT_TUNNELS_MAX = 8 /* one inside the other */
};

/* One captured frame. */
struct frame {
	struct slice octets;
	uint32_t wire_bytes; /* the length it had; >= octets.n */
	uint16_t link_type;  /* LINKTYPE_ value as in a capture file */
	uint8_t fcs_bytes;   /* of a check sequence at its end, as the file says */
};

enum malformed {
	MALFORMED_CUT,		  /* the capture ends inside a header */
	MALFORMED_CHECK_SEQUENCE, /* the receiver found the frame damaged */
	MALFORMED_IP_VERSION,
	MALFORMED_IP_LENGTH,
	MALFORMED_IP_EXTENSION,
	MALFORMED_FRAGMENT,
	MALFORMED_TCP,
	MALFORMED_REASONS
};

/* A part of a datagram's payload, what follows the IP header. */
struct fragment {
	struct address src, dst;
	struct slice octets;   /* the captured part */
	uint32_t bytes;	       /* on the wire */
	uint32_t header_bytes; /* of its IP header */
	uint32_t id;
	uint16_t offset; /* a multiple of 8 */
	bool is_last;
	uint8_t version;
	uint8_t protocol; /* for IPv6 the first fragment's counts */
	uint8_t depth;	  /* tunnels around it */
};

struct segment {
	struct address src, dst;
	uint16_t sport, dport;
	uint32_t seq, ack;
	uint16_t window;
	uint8_t flags;
	bool is_signed;		/* a reset with a signature, see parsers/tcp.h */
	bool is_contradicted;	/* its datagram's fragments came in several versions */
	uint8_t ip_version;	/* 4 or 6 */
	uint16_t ip_id;		/* 0 for IPv6 */
	uint16_t checksum;	/* of TCP, as found */
	uint16_t vlan;		/* outermost VLAN id, 0 without a tag */
	struct slice payload;	/* the captured part */
	uint32_t payload_bytes; /* on the wire; >= payload.n */
	uint32_t link_bytes, network_bytes, transport_bytes;
	uint16_t tunnels;	  /* 1 << enum tunnel, whatever segment_decode() says */
	uint8_t unread;		  /* enum link_unread, after DECODE_NOT_TCP */
	enum malformed malformed; /* after DECODE_MALFORMED */
	struct fragment fragment; /* after DECODE_FRAGMENT */
};

enum decode {
	DECODE_TCP,
	DECODE_NOT_TCP,	  /* another protocol, well-formed as far as one looked */
	DECODE_FRAGMENT,  /* a fragment of an IP datagram */
	DECODE_MALFORMED, /* a header contradicts itself, or is cut */
	DECODE_TOO_DEEP,  /* more tunnels, tags or labels than one follows */
	DECODE_UNKNOWN_LINK,
};

/* Where nothing else is said, *seg is only meaningful after DECODE_TCP. */
enum decode segment_decode(struct segment *seg, const struct frame *frame);

/*
 * `payload` is the datagram's whole payload, captured without a hole and perhaps not
 * to its end, of `payload_bytes` on the wire.  `fragment` has what identifies it, the
 * first fragment's protocol and the octets of all IP headers; `frame_bytes` is the
 * length of all frames.
 */
enum decode segment_resume(struct segment *seg, const struct fragment *fragment,
	struct slice payload, uint32_t payload_bytes, uint32_t frame_bytes);

/* As in the report JSON. */
const char *malformed_name(enum malformed malformed);

#endif
