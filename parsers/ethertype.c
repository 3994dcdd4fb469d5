#include "parsers/ethertype.h"

#include "parsers/fetch.h"
#include "parsers/ppp.h"
#include "parsers/tunnel.h"

enum {
	ETHERTYPE_VLAN = 0x8100,
	ETHERTYPE_QINQ = 0x88a8,
	ETHERTYPE_QINQ_OLD = 0x9100,
	ETHERTYPE_MPLS_MULTICAST = 0x8848,
	ETHERTYPE_PPPOE_SESSION = 0x8864,
	ETHERTYPE_ETHERNET = 0x6558,
	ETHERTYPE_PPP = 0x880b,
	TAG_BYTES = 4,
	VLAN_ID_MASK = 0x0fff,
	LLC_LENGTH_MAX = 1500, /* below, an EtherType is a length [IEEE 802.3 3.2.6] */
	SNAP_BYTES = 8,
	LABEL_BYTES = 4,
	CONTROL_WORD_BYTES = 4,
	PPPOE_BYTES = 6,
};

static enum link_next
tag_decode(struct link_header *link, struct slice frame)
{
	const uint8_t *tag = link_take(link, frame, TAG_BYTES);

	if (!tag)
		return LINK_NEXT_CUT;
	if (link->layers == 0)
		link->vlan = fetch_be16(tag) & VLAN_ID_MASK;
	if (!link_nest(link))
		return LINK_NEXT_DEEP;
	return ethertype_decode(link, frame, fetch_be16(tag + 2));
}

/* SNAP of no organisation, or of the one for bridging: an EtherType after all. */
enum link_next
ethertype_llc(struct link_header *link, struct slice frame)
{
	static const struct slice snap = SLICE_INIT("\xaa\xaa\x03\0\0");
	const uint8_t *llc = link_take(link, frame, SNAP_BYTES);
	unsigned ethertype;

	if (!llc || !slice_has_prefix(slice_of(llc, SNAP_BYTES), snap))
		return LINK_NEXT_OTHER;
	ethertype = fetch_be16(llc + 6);
	if ((llc[5] != 0 && llc[5] != 0xf8) || ethertype <= LLC_LENGTH_MAX)
		return LINK_NEXT_OTHER;
	return ethertype_decode(link, frame, ethertype);
}

static bool
is_ethernet(struct slice octets)
{
	if (octets.n < ETHERNET_BYTES)
		return false;
	switch (fetch_be16(octets.at + 12)) {
	case ETHERTYPE_IPV4:
	case ETHERTYPE_IPV6:
	case ETHERTYPE_VLAN:
	case ETHERTYPE_QINQ:
		return true;
	default:
		return false;
	}
}

static enum link_next
pseudowire_decode(struct link_header *link, struct slice frame)
{
	struct slice rest = slice_from(frame, link->bytes);

	if (rest.at[0] >> 4 == 0 && is_ethernet(slice_from(rest, CONTROL_WORD_BYTES)))
		link->bytes += CONTROL_WORD_BYTES;
	else if (!is_ethernet(rest))
		return LINK_NEXT_OTHER;
	return ethertype_ethernet(link, frame);
}

static enum link_next
mpls_decode(struct link_header *link, struct slice frame)
{
	const uint8_t *label;
	enum link_next next;

	link->tunnels |= 1u << TUNNEL_MPLS;
	do {
		label = link_take(link, frame, LABEL_BYTES);
		if (!label)
			return LINK_NEXT_CUT;
		if (!link_nest(link))
			return LINK_NEXT_DEEP;
	} while (!(label[2] & 1)); /* the bottom of the stack */
	next = link_version(link, frame);
	return next == LINK_NEXT_OTHER ? pseudowire_decode(link, frame) : next;
}

enum link_next
ethertype_pppoe(struct link_header *link, struct slice frame)
{
	const uint8_t *at = link_take(link, frame, PPPOE_BYTES);

	if (!at)
		return LINK_NEXT_CUT;
	if (at[0] != 0x11 || at[1] != 0)
		return LINK_NEXT_OTHER;
	link->tunnels |= 1u << TUNNEL_PPPOE;
	return ppp_decode(link, frame);
}

static enum link_next
nested_decode(struct link_header *link, struct slice frame, unsigned ethertype)
{
	if (!link_nest(link))
		return LINK_NEXT_DEEP;
	return ethertype == ETHERTYPE_PPP ? ppp_decode(link, frame)
					  : ethertype_ethernet(link, frame);
}

enum link_next
ethertype_decode(struct link_header *link, struct slice frame, unsigned ethertype)
{
	switch (ethertype) {
	case ETHERTYPE_IPV4:
		return LINK_NEXT_IPV4;
	case ETHERTYPE_IPV6:
		return LINK_NEXT_IPV6;
	case ETHERTYPE_VLAN:
	case ETHERTYPE_QINQ:
	case ETHERTYPE_QINQ_OLD:
		return tag_decode(link, frame);
	case ETHERTYPE_MPLS:
	case ETHERTYPE_MPLS_MULTICAST:
		return mpls_decode(link, frame);
	case ETHERTYPE_PPPOE_SESSION:
		return ethertype_pppoe(link, frame);
	case ETHERTYPE_ETHERNET:
	case ETHERTYPE_PPP:
		return nested_decode(link, frame, ethertype);
	default:
		return ethertype <= LLC_LENGTH_MAX ? ethertype_llc(link, frame)
						   : LINK_NEXT_OTHER;
	}
}

enum link_next
ethertype_ethernet(struct link_header *link, struct slice frame)
{
	const uint8_t *at = link_take(link, frame, ETHERNET_BYTES);

	if (!at)
		return LINK_NEXT_CUT;
	return ethertype_decode(link, frame, fetch_be16(at + 12));
}
