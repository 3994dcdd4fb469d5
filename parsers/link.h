/*
 * parsers/link.h - the link layer: what carries an IP packet
 *
 * link_decode() tells where the link headers end and which IP version follows.
 * Link types are LINKTYPE_ values, as capture files have them.  802.1Q, 802.1ad
 * and the older 0x9100 tags are link headers too, in any order, up to eight.
 *
 * BSD loopback frames start with an address family in the byte order of the
 * machine that wrote them, and each BSD has another number for IPv6.  Families
 * are small numbers, so the order is the one in which the value is small.
 */
#ifndef PARSERS_LINK_H
#define PARSERS_LINK_H

#include "parsers/slice.h"

enum link_type {
	LINK_TYPE_NULL = 0,
	LINK_TYPE_ETHERNET = 1,
	LINK_TYPE_RAW_BSD = 12, /* DLT_RAW, written by programs that forgot to map it */
	LINK_TYPE_RAW_OPENBSD = 14,
	LINK_TYPE_RAW = 101,
	LINK_TYPE_LOOP = 108,
	LINK_TYPE_SLL = 113,
	LINK_TYPE_IPV4 = 228,
	LINK_TYPE_IPV6 = 229,
	LINK_TYPE_SLL2 = 276,
};

enum link_next {
	LINK_NEXT_IPV4,
	LINK_NEXT_IPV6,
	LINK_NEXT_OTHER,   /* ARP, LLC, more tags than one can mean */
	LINK_NEXT_CUT,	   /* the frame ends inside a header */
	LINK_NEXT_UNKNOWN, /* a link type that is not known here */
};

struct link_header {
	uint32_t bytes; /* of all link headers, tags included; <= frame.n */
	uint16_t vlan;	/* id of the outermost tag, else 0 */
};

/* *link is only meaningful before an IP packet. */
enum link_next link_decode(
	struct link_header *link, struct slice frame, unsigned link_type);

#endif
