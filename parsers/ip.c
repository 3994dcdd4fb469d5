#include "parsers/ip.h"

#include "parsers/fetch.h"

enum {
	IPV4_BYTES_MIN = 20,
	IPV4_MORE = 0x2000, /* fragments */
	IPV4_OFFSET_MASK = 0x1fff,
	IPV6_BYTES = 40,
	EXTENSION_HOP_BY_HOP = 0,
	EXTENSION_ROUTING = 43,
	EXTENSION_FRAGMENT = 44,
	EXTENSION_AUTHENTICATION = 51,
	EXTENSION_DESTINATION = 60,
	EXTENSION_MOBILITY = 135,
	EXTENSION_HIP = 139,
	EXTENSION_SHIM6 = 140,
	IPV6_MORE = 0x0001,
	IPV6_OFFSET_MASK = 0xfff8,
};

static uint32_t
total_length(uint32_t announced_bytes, uint32_t wire_bytes, uint32_t trailer_bytes)
{
	if (announced_bytes == 0)
		return wire_bytes - (trailer_bytes < wire_bytes ? trailer_bytes : 0);
	return announced_bytes < wire_bytes ? announced_bytes : wire_bytes;
}

static void
ipv4_fragment(struct ip_header *ip, const uint8_t *at)
{
	unsigned place = fetch_be16(at + 6);

	ip->is_last = !(place & IPV4_MORE);
	ip->fragment_offset = (uint16_t)((place & IPV4_OFFSET_MASK) * 8);
	ip->fragment_id = ip->id;
}

enum ip_kind
ipv4_decode(struct ip_header *ip, struct slice packet, uint32_t wire_bytes,
	uint32_t trailer_bytes)
{
	const uint8_t *at = packet.at;

	if (packet.n && at[0] >> 4 != 4)
		return IP_BAD_VERSION;
	if (packet.n < IPV4_BYTES_MIN)
		return IP_CUT;
	ip->header_bytes = (at[0] & 0x0fu) * 4;
	ip->total_bytes = total_length(fetch_be16(at + 2), wire_bytes, trailer_bytes);
	if (ip->header_bytes < IPV4_BYTES_MIN || ip->header_bytes > ip->total_bytes)
		return IP_BAD_LENGTH;
	ip->version = 4;
	ip->protocol = at[9];
	ip->id = fetch_be16(at + 4);
	*ip->src = address_of_ipv4(at + 12);
	*ip->dst = address_of_ipv4(at + 16);
	if (fetch_be16(at + 6) & (IPV4_MORE | IPV4_OFFSET_MASK)) {
		ipv4_fragment(ip, at);
		return IP_FRAGMENT;
	}
	if (ip->header_bytes > packet.n)
		return IP_CUT;
	if (ip->protocol == EXTENSION_AUTHENTICATION)
		return ip_extensions_decode(ip, packet);
	return IP_WHOLE;
}

static bool
protocol_is_extension(unsigned protocol, unsigned version)
{
	if (version == 4)
		return protocol == EXTENSION_AUTHENTICATION;
	switch (protocol) {
	case EXTENSION_HOP_BY_HOP:
	case EXTENSION_ROUTING:
	case EXTENSION_FRAGMENT:
	case EXTENSION_AUTHENTICATION:
	case EXTENSION_DESTINATION:
	case EXTENSION_MOBILITY:
	case EXTENSION_HIP:
	case EXTENSION_SHIM6:
		return true;
	default:
		return false;
	}
}

/* Authentication counts in words of 4 octets less 2, the others in 8 less 1. */
static uint32_t
extension_bytes(unsigned protocol, unsigned length)
{
	if (protocol == EXTENSION_FRAGMENT)
		return 8;
	if (protocol == EXTENSION_AUTHENTICATION)
		return (length + 2) * 4;
	return (length + 1) * 8;
}

static bool
ipv6_is_fragment(struct ip_header *ip, const uint8_t *at)
{
	unsigned place = fetch_be16(at + 2);

	if (!(place & (IPV6_MORE | IPV6_OFFSET_MASK)))
		return false;
	ip->is_last = !(place & IPV6_MORE);
	ip->fragment_offset = (uint16_t)(place & IPV6_OFFSET_MASK);
	ip->fragment_id = fetch_be32(at + 4);
	return true;
}

enum ip_kind
ip_extensions_decode(struct ip_header *ip, struct slice packet)
{
	for (unsigned i = 0; protocol_is_extension(ip->protocol, ip->version); i++) {
		const uint8_t *at = packet.at + ip->header_bytes;
		bool is_fragment = false;
		uint32_t bytes;

		if (i == IP_EXTENSIONS_MAX)
			return IP_BAD_EXTENSION;
		if (packet.n - ip->header_bytes < 8)
			return IP_CUT;
		bytes = extension_bytes(ip->protocol, at[1]);
		if (bytes > ip->total_bytes - ip->header_bytes)
			return IP_BAD_EXTENSION;
		if (ip->protocol == EXTENSION_FRAGMENT)
			is_fragment = ipv6_is_fragment(ip, at);
		if (bytes > packet.n - ip->header_bytes)
			return IP_CUT;
		ip->header_bytes += bytes;
		ip->protocol = at[0];
		if (is_fragment)
			return IP_FRAGMENT;
	}
	return IP_WHOLE;
}

enum ip_kind
ipv6_decode(struct ip_header *ip, struct slice packet, uint32_t wire_bytes,
	uint32_t trailer_bytes)
{
	const uint8_t *at = packet.at;
	uint32_t payload_bytes;

	if (packet.n && at[0] >> 4 != 6)
		return IP_BAD_VERSION;
	if (packet.n < IPV6_BYTES)
		return IP_CUT;
	payload_bytes = fetch_be16(at + 4);
	ip->total_bytes = total_length(payload_bytes ? IPV6_BYTES + payload_bytes : 0,
		wire_bytes, trailer_bytes);
	if (ip->total_bytes < IPV6_BYTES)
		return IP_BAD_LENGTH;
	ip->header_bytes = IPV6_BYTES;
	ip->version = 6;
	ip->protocol = at[6];
	ip->id = 0;
	memcpy(ip->src->octets, at + 8, sizeof ip->src->octets);
	memcpy(ip->dst->octets, at + 24, sizeof ip->dst->octets);
	return ip_extensions_decode(ip, packet);
}
