/*
 * parsers/tunnel.h - what carries an IP packet inside another one
 *
 * tunnel_decode() reads what follows an IP header: GRE [RFC2784] [RFC2890] with
 * PPTP's variant [RFC2637], ERSPAN of all three types and WCCP in it; IP in IP
 * [RFC2003] [RFC4213], MPLS in IP [RFC4023], EtherIP [RFC3378]; and over UDP: VXLAN
 * [RFC7348] with GPE, GENEVE [RFC8926], GTP-U [3GPP TS 29.281], Teredo [RFC4380],
 * L2TP [RFC2661].
 *
 * Ports prove nothing.  A tunnel over UDP is one if its port *and* its header are
 * right; every other datagram is left alone as LINK_NEXT_OTHER.  The port of GTP-U,
 * Teredo and L2TP may be on either side, the others are the target's.
 *
 * A GRE header with routing [RFC1701] has no defined end here and is not followed.
 */
#ifndef PARSERS_TUNNEL_H
#define PARSERS_TUNNEL_H

#include "parsers/link.h"

enum tunnel {
	TUNNEL_MPLS,
	TUNNEL_PPPOE,
	TUNNEL_IP_IN_IP, /* either version in either version, and EtherIP */
	TUNNEL_GRE,
	TUNNEL_ERSPAN,
	TUNNEL_VXLAN,
	TUNNEL_GENEVE,
	TUNNEL_GTP_U,
	TUNNEL_TEREDO,
	TUNNEL_L2TP,
	TUNNELS
};

/* As in the report JSON. */
const char *tunnel_name(enum tunnel tunnel);

/*
 * `payload` follows an IP header that names `protocol`; `wire_bytes` is its length
 * on the wire (>= payload.n).  *link tells where the inner packet begins, from
 * payload.at on.
 */
enum link_next tunnel_decode(struct link_header *link, struct slice payload,
	uint32_t wire_bytes, unsigned protocol);

#endif
