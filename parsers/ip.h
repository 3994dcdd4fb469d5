/*
 * parsers/ip.h - IPv4 and IPv6 up to the transport header
 *
 * Version 4 with options [RFC791 3.1], version 6 with a chain of extension
 * headers [RFC8200 4].  An IPv6 fragment header that says "first and last" is
 * no fragment [RFC6946]: the datagram is whole.
 *
 * The length is the header's, with two exceptions.  Where it claims more than
 * the frame had, the frame wins.  Where it is 0 (segmentation offload and
 * jumbograms, which do not fit 16 bits), everything to the frame's end counts.
 */
#ifndef PARSERS_IP_H
#define PARSERS_IP_H

#include "parsers/address.h"
#include "parsers/slice.h"

enum {
	IP_PROTOCOL_TCP = 6,
	IPV6_EXTENSIONS_MAX = 8,
};

enum ip_kind {
	IP_WHOLE,
	IP_FRAGMENT,
	IP_MALFORMED, /* contradicts itself, or is cut before the transport header */
};

struct ip_header {
	struct address src, dst;
	uint32_t total_bytes;  /* headers and payload on the wire */
	uint32_t header_bytes; /* with options or extension headers; <= total_bytes */
	uint16_t id;	       /* 0 for IPv6 */
	uint8_t version, protocol;
};

/*
 * `packet` starts at the IP header and holds what was captured; `wire_bytes` is
 * what the frame had from there on (>= packet.n).  *ip is only meaningful after
 * IP_WHOLE, and then header_bytes <= packet.n.
 */
enum ip_kind ipv4_decode(struct ip_header *ip, struct slice packet, uint32_t wire_bytes);
enum ip_kind ipv6_decode(struct ip_header *ip, struct slice packet, uint32_t wire_bytes);

#endif
