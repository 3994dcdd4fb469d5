/*
 * parsers/link.h - the link layer: what carries an IP packet
 *
 * link_decode() tells where the link headers end and which IP version follows.
 * Link types are LINKTYPE_ values, as capture files have them.  What lies between
 * the frame's own header and the IP packet is read by parsers/ethertype.h,
 * parsers/ppp.h and parsers/wlan.h, all with the same cursor: `bytes` of the
 * link_header is where the next header begins.
 *
 * BSD loopback frames start with an address family in the byte order of the
 * machine that wrote them, and each BSD has another number for IPv6.  Families
 * are small numbers, so the order is the one in which the value is small.  The
 * same holds for NFLOG's types.
 *
 * PKTAP and PPI announce another link type behind their own header; a second one
 * of that kind inside is not followed.
 */
#ifndef PARSERS_LINK_H
#define PARSERS_LINK_H

#include "parsers/slice.h"

enum link_type {
	LINK_TYPE_NULL = 0,
	LINK_TYPE_ETHERNET = 1,
	LINK_TYPE_PPP = 9,
	LINK_TYPE_FDDI = 10,
	LINK_TYPE_RAW_BSD = 12, /* DLT_RAW, written by programs that forgot to map it */
	LINK_TYPE_RAW_OPENBSD = 14,
	LINK_TYPE_PPP_HDLC = 50,
	LINK_TYPE_PPP_ETHER = 51,
	LINK_TYPE_ATM_RFC1483 = 100,
	LINK_TYPE_RAW = 101,
	LINK_TYPE_C_HDLC = 104,
	LINK_TYPE_WLAN = 105,
	LINK_TYPE_LOOP = 108,
	LINK_TYPE_ENC = 109,
	LINK_TYPE_SLL = 113,
	LINK_TYPE_PFLOG = 117,
	LINK_TYPE_PRISM = 119,
	LINK_TYPE_RADIOTAP = 127,
	LINK_TYPE_PKTAP_OLD = 149, /* DLT_USER2, as which macOS wrote it at first */
	LINK_TYPE_AVS = 163,
	LINK_TYPE_PPP_PPPD = 166,
	LINK_TYPE_PPI = 192,
	LINK_TYPE_PPP_DIRECTION = 204,
	LINK_TYPE_MPLS = 219,
	LINK_TYPE_IPNET = 226,
	LINK_TYPE_IPV4 = 228,
	LINK_TYPE_IPV6 = 229,
	LINK_TYPE_NFLOG = 239,
	LINK_TYPE_PKTAP = 258,
	LINK_TYPE_SLL2 = 276,
};

enum {
	LINK_LAYERS_MAX = 8 /* tags, labels, headers in headers */
};

enum link_next {
	LINK_NEXT_IPV4,
	LINK_NEXT_IPV6,
	LINK_NEXT_OTHER,   /* ARP, LLC, encrypted, fragments of the link layer */
	LINK_NEXT_CUT,	   /* the frame ends inside a header */
	LINK_NEXT_DEEP,	   /* more layers than LINK_LAYERS_MAX */
	LINK_NEXT_DAMAGED, /* a frame whose check sequence was wrong */
	LINK_NEXT_UNKNOWN, /* a link type that is not known here */
};

/* Why a frame of 802.11 is LINK_NEXT_OTHER. */
enum link_unread {
	LINK_UNREAD_NOTHING, /* not for one of these */
	LINK_UNREAD_NO_DATA, /* management, control, null data */
	LINK_UNREAD_PROTECTED,
	LINK_UNREAD_FRAGMENT,
	LINK_UNREAD_AGGREGATE,
	LINK_UNREADS
};

struct link_header {
	uint32_t bytes;	       /* of all link headers, tags included; <= frame.n */
	uint16_t vlan;	       /* id of the outermost tag, else 0 */
	uint16_t tunnels;      /* 1 << enum tunnel, for each that was seen */
	uint8_t layers;	       /* tags and the like so far */
	uint8_t trailer_bytes; /* of a check sequence, where a header tells of one */
	uint8_t unread;	       /* enum link_unread */
};

/* The next header and the cursor behind it, or NULL if it is cut.  bytes > 0. */
static inline const uint8_t *
link_take(struct link_header *link, struct slice frame, uint32_t bytes)
{
	if (frame.n - link->bytes < bytes)
		return NULL;
	link->bytes += bytes;
	return frame.at + link->bytes - bytes;
}

/* False: this layer is one too many. */
static inline bool
link_nest(struct link_header *link)
{
	return link->layers++ < LINK_LAYERS_MAX;
}

/* IP that knows its version by itself, at the cursor. */
static inline enum link_next
link_version(const struct link_header *link, struct slice frame)
{
	if (frame.n == link->bytes)
		return LINK_NEXT_CUT;
	switch (frame.at[link->bytes] >> 4) {
	case 4:
		return LINK_NEXT_IPV4;
	case 6:
		return LINK_NEXT_IPV6;
	default:
		return LINK_NEXT_OTHER;
	}
}

/* *link is only meaningful before an IP packet; link->tunnels always is. */
enum link_next link_decode(
	struct link_header *link, struct slice frame, unsigned link_type);

/* As in the report JSON. */
const char *link_unread_name(enum link_unread unread);

#endif
