/*
 * parsers/ethertype.h - from an EtherType to the IP packet behind it
 *
 * 802.1Q, 802.1ad and the older 0x9100 tags, LLC with SNAP [RFC1042], MPLS label
 * stacks [RFC3032], PPPoE sessions [RFC2516], and what GRE and GENEVE name by an
 * EtherType: Ethernet frames [RFC7637] and PPP.  In any order, up to
 * LINK_LAYERS_MAX.
 *
 * A label stack does not tell what it carries.  The first nibble does: 4 and 6
 * are IP [RFC4928 3], 0 is a pseudowire's control word.  For what else looks like
 * an Ethernet frame, a pseudowire without that word is assumed [RFC4448].
 *
 * All of them start at link->bytes and move it.
 */
#ifndef PARSERS_ETHERTYPE_H
#define PARSERS_ETHERTYPE_H

#include "parsers/link.h"

enum {
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_IPV6 = 0x86dd,
	ETHERTYPE_MPLS = 0x8847,
	ETHERNET_BYTES = 14,
};

enum link_next ethertype_decode(
	struct link_header *link, struct slice frame, unsigned ethertype);
enum link_next ethertype_ethernet(struct link_header *link, struct slice frame);
enum link_next ethertype_llc(struct link_header *link, struct slice frame);
enum link_next ethertype_pppoe(struct link_header *link, struct slice frame);

#endif
