#include "parsers/ppp.h"

#include "parsers/ethertype.h"
#include "parsers/fetch.h"

enum {
	PPP_IPV4 = 0x0021,
	PPP_IPV6 = 0x0057,
	PPP_MPLS = 0x0281,
	PPP_MPLS_MULTICAST = 0x0283,
	CISCO_UNICAST = 0x0f,
	CISCO_MULTICAST = 0x8f,
	CISCO_BYTES = 4,
};

enum link_next
ppp_decode(struct link_header *link, struct slice frame)
{
	static const struct slice framing = SLICE_INIT("\xff\x03");
	unsigned protocol;
	const uint8_t *at;

	if (slice_has_prefix(slice_from(frame, link->bytes), framing))
		link->bytes += (uint32_t)framing.n;
	at = link_take(link, frame, 1);
	if (!at)
		return LINK_NEXT_CUT;
	protocol = *at;
	if (!(protocol & 1)) { /* the last octet of a number is odd, no other one */
		at = link_take(link, frame, 1);
		if (!at)
			return LINK_NEXT_CUT;
		protocol = protocol << 8 | *at;
	}
	switch (protocol) {
	case PPP_IPV4:
		return LINK_NEXT_IPV4;
	case PPP_IPV6:
		return LINK_NEXT_IPV6;
	case PPP_MPLS:
	case PPP_MPLS_MULTICAST:
		return ethertype_decode(link, frame, ETHERTYPE_MPLS);
	default:
		return LINK_NEXT_OTHER;
	}
}

enum link_next
ppp_hdlc(struct link_header *link, struct slice frame)
{
	const uint8_t *at;

	if (link->bytes < frame.n && frame.at[link->bytes] != CISCO_UNICAST &&
		frame.at[link->bytes] != CISCO_MULTICAST)
		return ppp_decode(link, frame);
	at = link_take(link, frame, CISCO_BYTES);
	return at ? ethertype_decode(link, frame, fetch_be16(at + 2)) : LINK_NEXT_CUT;
}
