/*
 * parsers/ip.h - IPv4 and IPv6 up to the transport header
 *
 * Version 4 with options [RFC791 3.1], version 6 with a chain of extension
 * headers [RFC8200 4].  An IPv6 fragment header that says "first and last" is
 * no fragment [RFC6946]: the datagram is whole.
 *
 * The length is the header's, with two exceptions.  Where it claims more than
 * the frame had, the frame wins.  Where it is 0 (segmentation offload and
 * jumbograms, which do not fit 16 bits), everything to the frame's end counts, less
 * its check sequence.
 *
 * Authentication headers [RFC4302] are skipped in both versions.
 */
#ifndef PARSERS_IP_H
#define PARSERS_IP_H

#include "parsers/address.h"
#include "parsers/slice.h"

enum {
	IP_PROTOCOL_TCP = 6,
	IP_EXTENSIONS_MAX = 8,
};

enum ip_kind {
	IP_WHOLE,
	IP_FRAGMENT,
	IP_CUT,		  /* before the transport header */
	IP_BAD_VERSION,	  /* not the one that the header before it named */
	IP_BAD_LENGTH,	  /* shorter than its own header */
	IP_BAD_EXTENSION, /* longer than the packet, or too many */
};

struct ip_header {
	struct address *src, *dst; /* the caller's: the addresses are put there */
	uint32_t total_bytes;	   /* headers and payload on the wire */
	uint32_t header_bytes;	   /* with options or extension headers; <= total_bytes */
	uint16_t id;		   /* 0 for IPv6 */
	uint8_t version, protocol;
	/* After IP_FRAGMENT: where it belongs in the datagram's payload. */
	bool is_last;
	uint16_t fragment_offset; /* in octets */
	uint32_t fragment_id;
};

/*
 * `packet` starts at the IP header and holds what was captured; `wire_bytes` is
 * what the frame had from there on (>= packet.n), `trailer_bytes` how many of those
 * are a check sequence.  *ip is only meaningful after IP_WHOLE, and then header_bytes
 * <= packet.n, and after IP_FRAGMENT, where the header may be cut.
 */
enum ip_kind ipv4_decode(struct ip_header *ip, struct slice packet, uint32_t wire_bytes,
	uint32_t trailer_bytes);
enum ip_kind ipv6_decode(struct ip_header *ip, struct slice packet, uint32_t wire_bytes,
	uint32_t trailer_bytes);

/*
 * The extension headers behind the first ip->header_bytes of `packet`, the first of
 * which is ip->protocol.  For version 4 that is an authentication header or none.
 */
enum ip_kind ip_extensions_decode(struct ip_header *ip, struct slice packet);

#endif
