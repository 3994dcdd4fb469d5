#include "parsers/link.h"

#include "parsers/ethertype.h"
#include "parsers/fetch.h"
#include "parsers/ppp.h"
#include "parsers/wlan.h"

enum {
	NFLOG_BYTES = 4,
	NFLOG_TYPE_BYTES = 4,
	NFLOG_PAYLOAD = 9,
	NFLOG_TYPES_MAX = 32,
	IPNET_BYTES = 24,
	IPNET_IPV4 = 2,
	IPNET_IPV6 = 26,
	ENC_BYTES = 12,
	PFLOG_BYTES = 4, /* of the part that all versions have */
	PKTAP_BYTES = 12,
	PKTAP_PACKET = 1,
	PPI_BYTES = 8,
	FDDI_BYTES = 13,
};

/* What nearly all frames are goes no detour. */
static enum link_next
ethernet_decode(struct link_header *link, struct slice frame)
{
	if (frame.n < ETHERNET_BYTES ||
		fetch_be16(frame.at + ETHERNET_BYTES - 2) != ETHERTYPE_IPV4)
		return ethertype_ethernet(link, frame);
	link->bytes = ETHERNET_BYTES;
	return LINK_NEXT_IPV4;
}

/* A header of `header_bytes` with an EtherType at `ethertype_at`. */
static enum link_next
header_decode(struct link_header *link, struct slice frame, uint32_t header_bytes,
	uint32_t ethertype_at)
{
	const uint8_t *at = link_take(link, frame, header_bytes);

	if (!at)
		return LINK_NEXT_CUT;
	return ethertype_decode(link, frame, fetch_be16(at + ethertype_at));
}

static enum link_next
next_of_family(uint32_t family)
{
	switch (family) {
	case 2:
		return LINK_NEXT_IPV4;
	case 10: /* Linux */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* macOS */
		return LINK_NEXT_IPV6;
	default:
		return LINK_NEXT_OTHER;
	}
}

/* A header that begins with an address family in the writer's byte order. */
static enum link_next
family_decode(struct link_header *link, struct slice frame, uint32_t header_bytes)
{
	const uint8_t *at = link_take(link, frame, header_bytes);
	uint32_t family;

	if (!at)
		return LINK_NEXT_CUT;
	family = fetch_le32(at);
	return next_of_family(family > 0xffff ? fetch_be32(at) : family);
}

/* Type, length, value in the writer's byte order, each padded to 4 octets. */
static enum link_next
nflog_decode(struct link_header *link, struct slice frame)
{
	if (!link_take(link, frame, NFLOG_BYTES))
		return LINK_NEXT_CUT;
	for (unsigned i = 0; i < NFLOG_TYPES_MAX; i++) {
		const uint8_t *at = link_take(link, frame, NFLOG_TYPE_BYTES);
		uint32_t length, type;

		if (!at)
			return LINK_NEXT_CUT;
		type = fetch_le16(at + 2);
		length = type > 0xff ? fetch_be16(at) : fetch_le16(at);
		if (type == NFLOG_PAYLOAD || type == NFLOG_PAYLOAD << 8)
			return link_version(link, frame);
		if (length < NFLOG_TYPE_BYTES)
			return LINK_NEXT_OTHER;
		length = (length + 3) / 4 * 4 - NFLOG_TYPE_BYTES;
		if (length && !link_take(link, frame, length))
			return LINK_NEXT_CUT;
	}
	return LINK_NEXT_OTHER;
}

static enum link_next
ipnet_decode(struct link_header *link, struct slice frame)
{
	const uint8_t *at = link_take(link, frame, IPNET_BYTES);

	if (!at)
		return LINK_NEXT_CUT;
	if (at[1] == IPNET_IPV4)
		return LINK_NEXT_IPV4;
	return at[1] == IPNET_IPV6 ? LINK_NEXT_IPV6 : LINK_NEXT_OTHER;
}

/* The header grew with OpenBSD's versions and tells its length, before padding. */
static enum link_next
pflog_decode(struct link_header *link, struct slice frame)
{
	uint32_t bytes;

	if (frame.n < PFLOG_BYTES)
		return LINK_NEXT_CUT;
	bytes = (frame.at[0] + 3u) / 4 * 4;
	if (bytes < PFLOG_BYTES || !link_take(link, frame, bytes))
		return LINK_NEXT_CUT;
	return next_of_family(frame.at[1]);
}

/* `link_type` of what follows; `bytes` as the header says. */
static enum link_next
inner_decode(
	struct link_header *link, struct slice frame, uint32_t bytes, uint32_t link_type)
{
	struct link_header inner;
	enum link_next next;

	if (!link_take(link, frame, bytes))
		return LINK_NEXT_CUT;
	switch (link_type) {
	case LINK_TYPE_PKTAP_OLD:
	case LINK_TYPE_PKTAP:
	case LINK_TYPE_PPI:
		return LINK_NEXT_UNKNOWN;
	default:
		break;
	}
	next = link_decode(&inner, slice_from(frame, bytes), link_type);
	inner.bytes += bytes;
	*link = inner;
	return next;
}

static enum link_next
pktap_decode(struct link_header *link, struct slice frame)
{
	uint32_t bytes;

	if (frame.n < PKTAP_BYTES)
		return LINK_NEXT_CUT;
	bytes = fetch_le32(frame.at);
	if (bytes < PKTAP_BYTES || fetch_le32(frame.at + 4) != PKTAP_PACKET)
		return LINK_NEXT_OTHER;
	return inner_decode(link, frame, bytes, fetch_le32(frame.at + 8));
}

static enum link_next
ppi_decode(struct link_header *link, struct slice frame)
{
	uint32_t bytes;

	if (frame.n < PPI_BYTES)
		return LINK_NEXT_CUT;
	bytes = fetch_le16(frame.at + 2);
	if (bytes < PPI_BYTES)
		return LINK_NEXT_OTHER;
	return inner_decode(link, frame, bytes, fetch_le32(frame.at + 4));
}

static enum link_next
fddi_decode(struct link_header *link, struct slice frame)
{
	return link_take(link, frame, FDDI_BYTES) ? ethertype_llc(link, frame)
						  : LINK_NEXT_CUT;
}

/* pppd writes the direction in place of the address, others before it. */
static enum link_next
direction_decode(struct link_header *link, struct slice frame, uint32_t bytes)
{
	return link_take(link, frame, bytes) ? ppp_decode(link, frame) : LINK_NEXT_CUT;
}

static enum link_next
rare_decode(struct link_header *link, struct slice frame, unsigned link_type)
{
	switch (link_type) {
	case LINK_TYPE_PPP:
	case LINK_TYPE_PPP_HDLC:
	case LINK_TYPE_C_HDLC:
		return ppp_hdlc(link, frame);
	case LINK_TYPE_PPP_ETHER:
		return ethertype_pppoe(link, frame);
	case LINK_TYPE_PPP_PPPD:
		return direction_decode(link, frame, 2);
	case LINK_TYPE_PPP_DIRECTION:
		return direction_decode(link, frame, 1);
	case LINK_TYPE_MPLS:
		return ethertype_decode(link, frame, ETHERTYPE_MPLS);
	case LINK_TYPE_FDDI:
		return fddi_decode(link, frame);
	case LINK_TYPE_ATM_RFC1483:
		return ethertype_llc(link, frame);
	case LINK_TYPE_NFLOG:
		return nflog_decode(link, frame);
	case LINK_TYPE_IPNET:
		return ipnet_decode(link, frame);
	case LINK_TYPE_ENC:
		return family_decode(link, frame, ENC_BYTES);
	case LINK_TYPE_PFLOG:
		return pflog_decode(link, frame);
	case LINK_TYPE_PKTAP_OLD:
	case LINK_TYPE_PKTAP:
		return pktap_decode(link, frame);
	case LINK_TYPE_PPI:
		return ppi_decode(link, frame);
	default:
		return LINK_NEXT_UNKNOWN;
	}
}

enum link_next
link_decode(struct link_header *link, struct slice frame, unsigned link_type)
{
	*link = (struct link_header){0};
	switch (link_type) {
	case LINK_TYPE_ETHERNET:
		return ethernet_decode(link, frame);
	case LINK_TYPE_SLL:
		return header_decode(link, frame, 16, 14);
	case LINK_TYPE_SLL2:
		return header_decode(link, frame, 20, 0);
	case LINK_TYPE_NULL:
	case LINK_TYPE_LOOP:
		return family_decode(link, frame, 4);
	case LINK_TYPE_RAW:
	case LINK_TYPE_RAW_BSD:
	case LINK_TYPE_RAW_OPENBSD:
		return link_version(link, frame);
	case LINK_TYPE_IPV4:
		return LINK_NEXT_IPV4;
	case LINK_TYPE_IPV6:
		return LINK_NEXT_IPV6;
	case LINK_TYPE_WLAN:
		return wlan_decode(link, frame);
	case LINK_TYPE_RADIOTAP:
		return wlan_radiotap(link, frame);
	case LINK_TYPE_PRISM:
	case LINK_TYPE_AVS:
		return wlan_prism(link, frame);
	default:
		return rare_decode(link, frame, link_type);
	}
}
