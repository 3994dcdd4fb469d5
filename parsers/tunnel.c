#include "parsers/tunnel.h"

#include "parsers/ethertype.h"
#include "parsers/fetch.h"
#include "parsers/ppp.h"

enum {
	PROTOCOL_IPV4 = 4,
	PROTOCOL_UDP = 17,
	PROTOCOL_IPV6 = 41,
	PROTOCOL_GRE = 47,
	PROTOCOL_ETHERIP = 97,
	PROTOCOL_MPLS = 137,
	UDP_BYTES = 8,
	ETHERIP_BYTES = 2,
	ETHERIP_VERSION = 0x30,

	GRE_BYTES = 4,
	GRE_CHECKSUM = 0x8000,
	GRE_ROUTING = 0x4000,
	GRE_KEY = 0x2000,
	GRE_SEQUENCE = 0x1000,
	GRE_ACKNOWLEDGEMENT = 0x0080, /* of version 1 */
	GRE_VERSION_MASK = 0x0007,
	GRE_ERSPAN = 0x88be,
	GRE_ERSPAN_3 = 0x22eb,
	GRE_WCCP = 0x883e,
	WCCP_BYTES = 4,

	ERSPAN_2_BYTES = 8,
	ERSPAN_3_BYTES = 12,
	ERSPAN_3_MORE_BYTES = 8,
	ERSPAN_3_MORE = 0x01,
	ERSPAN_3_TYPE_MASK = 0x7c,
	ERSPAN_3_TYPE_IP = 0x08,

	VXLAN_BYTES = 8,
	VXLAN_HAS_NETWORK = 0x08,
	VXLAN_HAS_PROTOCOL = 0x04,
	GENEVE_BYTES = 8,
	GENEVE_VERSION_MASK = 0xc0,
	GENEVE_OPTIONS_MASK = 0x3f,

	GTP_BYTES = 8,
	GTP_KIND_MASK = 0xf8, /* version, protocol type, and a bit that is 0 */
	GTP_KIND = 0x30,
	GTP_OPTIONAL = 0x07, /* any of the three makes room for all */
	GTP_OPTIONAL_BYTES = 4,
	GTP_EXTENSION = 0x04,
	GTP_EXTENSIONS_MAX = 8,
	GTP_PACKET = 255,

	TEREDO_ORIGIN_BYTES = 8,
	TEREDO_AUTHENTICATION_BYTES = 4,
	TEREDO_NONCE_BYTES = 9, /* and the confirmation */
	IPV6_BYTES = 40,

	L2TP_BYTES = 6,
	L2TP_CONTROL = 0x8000,
	L2TP_LENGTH = 0x4000,
	L2TP_SEQUENCE = 0x0800,
	L2TP_OFFSET = 0x0200,
	L2TP_VERSION_MASK = 0x000f,
	L2TP_VERSION = 2,
};

const char *
tunnel_name(enum tunnel tunnel)
{
	static const char *const names[TUNNELS] = {"mpls", "pppoe", "ip_in_ip", "gre",
		"erspan", "vxlan", "geneve", "gtp_u", "teredo", "l2tp"};

	return names[tunnel];
}

static void
tunnel_note(struct link_header *link, enum tunnel tunnel)
{
	link->tunnels |= (uint16_t)(1u << tunnel);
}

/* ---- GRE ---- */

static enum link_next
erspan_3_decode(struct link_header *link, struct slice payload)
{
	const uint8_t *at = link_take(link, payload, ERSPAN_3_BYTES);
	bool is_ip;

	if (!at)
		return LINK_NEXT_CUT;
	is_ip = (at[10] & ERSPAN_3_TYPE_MASK) == ERSPAN_3_TYPE_IP;
	if (at[11] & ERSPAN_3_MORE && !link_take(link, payload, ERSPAN_3_MORE_BYTES))
		return LINK_NEXT_CUT;
	return is_ip ? link_version(link, payload) : ethertype_ethernet(link, payload);
}

/* Type I has no header of its own, and no sequence number in GRE's. */
static enum link_next
erspan_decode(struct link_header *link, struct slice payload, unsigned flags)
{
	tunnel_note(link, TUNNEL_ERSPAN);
	if (flags & GRE_SEQUENCE && !link_take(link, payload, ERSPAN_2_BYTES))
		return LINK_NEXT_CUT;
	return ethertype_ethernet(link, payload);
}

/* The second version puts four octets before the packet.  Linux tells them alike. */
static enum link_next
wccp_decode(struct link_header *link, struct slice payload)
{
	if (link_version(link, payload) == LINK_NEXT_OTHER)
		link->bytes += WCCP_BYTES;
	return link->bytes < payload.n ? link_version(link, payload) : LINK_NEXT_CUT;
}

static uint32_t
gre_options_bytes(unsigned flags)
{
	return (flags & GRE_CHECKSUM ? 4u : 0) + (flags & GRE_KEY ? 4u : 0) +
	       (flags & GRE_SEQUENCE ? 4u : 0);
}

static enum link_next
gre_decode(struct link_header *link, struct slice payload)
{
	const uint8_t *at = link_take(link, payload, GRE_BYTES);
	unsigned flags, version, protocol;
	uint32_t options;

	if (!at)
		return LINK_NEXT_CUT;
	flags = fetch_be16(at);
	protocol = fetch_be16(at + 2);
	version = flags & GRE_VERSION_MASK;
	options = gre_options_bytes(flags);
	if (flags & GRE_ROUTING || version > 1)
		return LINK_NEXT_OTHER;
	if (version == 1 && flags & GRE_ACKNOWLEDGEMENT)
		options += 4;
	tunnel_note(link, TUNNEL_GRE);
	if (options && !link_take(link, payload, options))
		return LINK_NEXT_CUT;
	switch (protocol) {
	case GRE_ERSPAN:
		return erspan_decode(link, payload, flags);
	case GRE_ERSPAN_3:
		tunnel_note(link, TUNNEL_ERSPAN);
		return erspan_3_decode(link, payload);
	case GRE_WCCP:
		return wccp_decode(link, payload);
	default:
		return protocol <= 0xff ? LINK_NEXT_OTHER
					: ethertype_decode(link, payload, protocol);
	}
}

/* ---- over UDP ---- */

static enum link_next
vxlan_decode(struct link_header *link, struct slice payload, uint32_t wire_bytes)
{
	const uint8_t *at = link_take(link, payload, VXLAN_BYTES);

	(void)wire_bytes;
	if (!at || !(at[0] & VXLAN_HAS_NETWORK))
		return LINK_NEXT_OTHER;
	tunnel_note(link, TUNNEL_VXLAN);
	return ethertype_ethernet(link, payload);
}

static enum link_next
vxlan_gpe_decode(struct link_header *link, struct slice payload, uint32_t wire_bytes)
{
	const uint8_t *at = slice_from(payload, link->bytes).at;

	if (payload.n - link->bytes < VXLAN_BYTES || !(at[0] & VXLAN_HAS_PROTOCOL))
		return vxlan_decode(link, payload, wire_bytes);
	link->bytes += VXLAN_BYTES;
	switch (at[3]) {
	case 1:
		tunnel_note(link, TUNNEL_VXLAN);
		return LINK_NEXT_IPV4;
	case 2:
		tunnel_note(link, TUNNEL_VXLAN);
		return LINK_NEXT_IPV6;
	case 3:
		tunnel_note(link, TUNNEL_VXLAN);
		return ethertype_ethernet(link, payload);
	default:
		return LINK_NEXT_OTHER;
	}
}

static enum link_next
geneve_decode(struct link_header *link, struct slice payload, uint32_t wire_bytes)
{
	const uint8_t *at = link_take(link, payload, GENEVE_BYTES);
	uint32_t options;
	unsigned protocol;

	if (!at || at[0] & GENEVE_VERSION_MASK)
		return LINK_NEXT_OTHER;
	options = (at[0] & GENEVE_OPTIONS_MASK) * 4u;
	protocol = fetch_be16(at + 2);
	if (options > wire_bytes - link->bytes || protocol <= 0xff)
		return LINK_NEXT_OTHER;
	tunnel_note(link, TUNNEL_GENEVE);
	if (options && !link_take(link, payload, options))
		return LINK_NEXT_CUT;
	return ethertype_decode(link, payload, protocol);
}

/* A chain: length in units of 4 octets, content, type of the next.  0 ends it. */
static bool
gtp_extensions(struct link_header *link, struct slice payload, unsigned type)
{
	for (unsigned i = 0; type; i++) {
		const uint8_t *length = link_take(link, payload, 1);

		if (i == GTP_EXTENSIONS_MAX || !length || *length == 0 ||
			!link_take(link, payload, *length * 4u - 1))
			return false;
		type = payload.at[link->bytes - 1];
	}
	return true;
}

static enum link_next
gtp_decode(struct link_header *link, struct slice payload, uint32_t wire_bytes)
{
	const uint8_t *at = link_take(link, payload, GTP_BYTES), *more;

	if (!at || (at[0] & GTP_KIND_MASK) != GTP_KIND || at[1] != GTP_PACKET ||
		fetch_be16(at + 2) > wire_bytes - link->bytes)
		return LINK_NEXT_OTHER;
	tunnel_note(link, TUNNEL_GTP_U);
	if (at[0] & GTP_OPTIONAL) {
		more = link_take(link, payload, GTP_OPTIONAL_BYTES);
		if (!more || (at[0] & GTP_EXTENSION &&
				     !gtp_extensions(link, payload, more[3])))
			return LINK_NEXT_CUT;
	}
	return link_version(link, payload);
}

/* A client's address has Teredo's prefix; what keeps the path open is link-local. */
static bool
is_teredo(const uint8_t *address)
{
	return fetch_be32(address) == 0x20010000 || fetch_be16(address) == 0xfe80;
}

static enum link_next
teredo_decode(struct link_header *link, struct slice payload, uint32_t wire_bytes)
{
	struct slice rest = slice_from(payload, link->bytes);

	if (rest.n > TEREDO_AUTHENTICATION_BYTES && fetch_be16(rest.at) == 1)
		rest = slice_from(rest, TEREDO_AUTHENTICATION_BYTES + rest.at[2] +
						rest.at[3] + TEREDO_NONCE_BYTES);
	if (rest.n > TEREDO_ORIGIN_BYTES && fetch_be16(rest.at) == 0)
		rest = slice_from(rest, TEREDO_ORIGIN_BYTES);
	link->bytes = (uint32_t)(payload.n - rest.n);
	if (rest.n < IPV6_BYTES || rest.at[0] >> 4 != 6 ||
		fetch_be16(rest.at + 4) + (uint32_t)IPV6_BYTES >
			wire_bytes - link->bytes ||
		!(is_teredo(rest.at + 8) || is_teredo(rest.at + 24)))
		return LINK_NEXT_OTHER;
	tunnel_note(link, TUNNEL_TEREDO);
	return LINK_NEXT_IPV6;
}

/* The fields behind the flags come and go with them.  [RFC2661 3.1] */
static enum link_next
l2tp_decode(struct link_header *link, struct slice payload, uint32_t wire_bytes)
{
	const uint8_t *at = link_take(link, payload, L2TP_BYTES);
	unsigned flags = at ? fetch_be16(at) : L2TP_CONTROL;
	uint32_t options = (flags & L2TP_LENGTH ? 2u : 0) +
			   (flags & L2TP_SEQUENCE ? 4u : 0);

	if (flags & L2TP_CONTROL || (flags & L2TP_VERSION_MASK) != L2TP_VERSION ||
		(flags & L2TP_LENGTH && fetch_be16(at + 2) > wire_bytes - UDP_BYTES))
		return LINK_NEXT_OTHER;
	if (options && !link_take(link, payload, options))
		return LINK_NEXT_CUT;
	if (flags & L2TP_OFFSET) {
		at = link_take(link, payload, 2);
		if (!at || (fetch_be16(at) && !link_take(link, payload, fetch_be16(at))))
			return LINK_NEXT_CUT;
	}
	tunnel_note(link, TUNNEL_L2TP);
	return ppp_decode(link, payload);
}

static enum link_next
udp_decode(struct link_header *link, struct slice payload, uint32_t wire_bytes)
{
	static const struct {
		uint16_t port;
		bool either; /* source or target */
		enum link_next (*decode)(struct link_header *, struct slice, uint32_t);
	} tunnels[] = {
		{4789, false, vxlan_decode},
		{8472, false, vxlan_decode}, /* Linux before there was a number */
		{4790, false, vxlan_gpe_decode},
		{6081, false, geneve_decode},
		{2152, true, gtp_decode},
		{3544, true, teredo_decode},
		{1701, true, l2tp_decode},
	};
	const uint8_t *at = link_take(link, payload, UDP_BYTES);
	unsigned sport, dport;

	if (!at)
		return LINK_NEXT_OTHER;
	sport = fetch_be16(at);
	dport = fetch_be16(at + 2);
	for (size_t i = 0; i < sizeof tunnels / sizeof *tunnels; i++)
		if (dport == tunnels[i].port ||
			(tunnels[i].either && sport == tunnels[i].port))
			return tunnels[i].decode(link, payload, wire_bytes);
	return LINK_NEXT_OTHER;
}

/* ---- over IP ---- */

static enum link_next
etherip_decode(struct link_header *link, struct slice payload)
{
	const uint8_t *at = link_take(link, payload, ETHERIP_BYTES);

	if (!at)
		return LINK_NEXT_CUT;
	if (at[0] != ETHERIP_VERSION)
		return LINK_NEXT_OTHER;
	tunnel_note(link, TUNNEL_IP_IN_IP);
	return ethertype_ethernet(link, payload);
}

enum link_next
tunnel_decode(struct link_header *link, struct slice payload, uint32_t wire_bytes,
	unsigned protocol)
{
	*link = (struct link_header){0};
	switch (protocol) {
	case PROTOCOL_UDP:
		return udp_decode(link, payload, wire_bytes);
	case PROTOCOL_GRE:
		return gre_decode(link, payload);
	case PROTOCOL_IPV4:
		tunnel_note(link, TUNNEL_IP_IN_IP);
		return LINK_NEXT_IPV4;
	case PROTOCOL_IPV6:
		tunnel_note(link, TUNNEL_IP_IN_IP);
		return LINK_NEXT_IPV6;
	case PROTOCOL_MPLS:
		return ethertype_decode(link, payload, ETHERTYPE_MPLS);
	case PROTOCOL_ETHERIP:
		return etherip_decode(link, payload);
	default:
		return LINK_NEXT_OTHER;
	}
}
