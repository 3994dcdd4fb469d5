#include "parsers/link.h"

#include "parsers/fetch.h"

enum {
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_IPV6 = 0x86dd,
	ETHERTYPE_VLAN = 0x8100,
	ETHERTYPE_QINQ = 0x88a8,
	ETHERTYPE_QINQ_OLD = 0x9100,
	TAGS_MAX = 8,
	TAG_BYTES = 4,
	VLAN_ID_MASK = 0x0fff,
	LLC_LENGTH_MAX = 1500, /* below, an EtherType is a length [IEEE 802.3 3.2.6] */
	SNAP_BYTES = 8,
};

static bool
ethertype_is_tag(unsigned ethertype)
{
	return ethertype == ETHERTYPE_VLAN || ethertype == ETHERTYPE_QINQ ||
	       ethertype == ETHERTYPE_QINQ_OLD;
}

static enum link_next
next_of_ethertype(unsigned ethertype)
{
	if (ethertype == ETHERTYPE_IPV4)
		return LINK_NEXT_IPV4;
	return ethertype == ETHERTYPE_IPV6 ? LINK_NEXT_IPV6 : LINK_NEXT_OTHER;
}

/* LLC with SNAP and no organisation: an EtherType after all.  [RFC1042] */
static unsigned
snap_decode(struct link_header *link, struct slice frame, unsigned length)
{
	static const struct slice snap = SLICE_INIT("\xaa\xaa\x03\0\0\0");
	struct slice llc = slice_from(frame, link->bytes);

	if (llc.n < SNAP_BYTES || !slice_has_prefix(llc, snap))
		return length;
	link->bytes += SNAP_BYTES;
	return fetch_be16(llc.at + 6);
}

/* Tags lie between the header that names them and the packet. */
static enum link_next
tags_decode(struct link_header *link, struct slice frame, unsigned ethertype)
{
	for (unsigned tags = 0; ethertype_is_tag(ethertype); tags++) {
		const uint8_t *tag = frame.at + link->bytes;

		if (tags == TAGS_MAX)
			return LINK_NEXT_OTHER;
		if (frame.n - link->bytes < TAG_BYTES)
			return LINK_NEXT_CUT;
		if (tags == 0)
			link->vlan = fetch_be16(tag) & VLAN_ID_MASK;
		ethertype = fetch_be16(tag + 2);
		link->bytes += TAG_BYTES;
	}
	if (ethertype <= LLC_LENGTH_MAX)
		ethertype = snap_decode(link, frame, ethertype);
	return next_of_ethertype(ethertype);
}

/* A header of `header_bytes` with an EtherType at `ethertype_at`. */
static enum link_next
ethertype_decode(struct link_header *link, struct slice frame, uint32_t header_bytes,
	uint32_t ethertype_at)
{
	if (frame.n < header_bytes)
		return LINK_NEXT_CUT;
	link->bytes = header_bytes;
	return tags_decode(link, frame, fetch_be16(frame.at + ethertype_at));
}

static enum link_next
family_decode(struct link_header *link, struct slice frame)
{
	uint32_t family;

	if (frame.n < 4)
		return LINK_NEXT_CUT;
	link->bytes = 4;
	family = fetch_le32(frame.at);
	if (family > 0xffff)
		family = fetch_be32(frame.at);
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

static enum link_next
version_decode(struct slice frame)
{
	if (frame.n == 0)
		return LINK_NEXT_CUT;
	switch (frame.at[0] >> 4) {
	case 4:
		return LINK_NEXT_IPV4;
	case 6:
		return LINK_NEXT_IPV6;
	default:
		return LINK_NEXT_OTHER;
	}
}

enum link_next
link_decode(struct link_header *link, struct slice frame, unsigned link_type)
{
	*link = (struct link_header){0};
	switch (link_type) {
	case LINK_TYPE_ETHERNET:
		return ethertype_decode(link, frame, 14, 12);
	case LINK_TYPE_SLL:
		return ethertype_decode(link, frame, 16, 14);
	case LINK_TYPE_SLL2:
		return ethertype_decode(link, frame, 20, 0);
	case LINK_TYPE_NULL:
	case LINK_TYPE_LOOP:
		return family_decode(link, frame);
	case LINK_TYPE_RAW:
	case LINK_TYPE_RAW_BSD:
	case LINK_TYPE_RAW_OPENBSD:
		return version_decode(frame);
	case LINK_TYPE_IPV4:
		return LINK_NEXT_IPV4;
	case LINK_TYPE_IPV6:
		return LINK_NEXT_IPV6;
	default:
		return LINK_NEXT_UNKNOWN;
	}
}
