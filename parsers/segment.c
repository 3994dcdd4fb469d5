#include "parsers/segment.h"

#include "parsers/ip.h"
#include "parsers/link.h"
#include "parsers/tcp.h"

/* `datagram` starts at the IP header and ends where its IP length ends. */
static enum decode
transport_decode(struct segment *seg, const struct ip_header *ip, struct slice datagram)
{
	struct tcp_header tcp;

	if (ip->protocol != IP_PROTOCOL_TCP)
		return DECODE_NOT_TCP;
	if (!tcp_decode(&tcp, slice_from(datagram, ip->header_bytes),
		    ip->total_bytes - ip->header_bytes))
		return DECODE_MALFORMED;
	seg->src = ip->src;
	seg->dst = ip->dst;
	seg->sport = tcp.sport;
	seg->dport = tcp.dport;
	seg->seq = tcp.seq;
	seg->ack = tcp.ack;
	seg->window = tcp.window;
	seg->flags = tcp.flags;
	seg->is_signed = tcp.is_signed;
	seg->ip_version = ip->version;
	seg->ip_id = ip->id;
	seg->checksum = tcp.checksum;
	seg->payload = slice_from(datagram, ip->header_bytes + tcp.bytes);
	seg->network_bytes = ip->header_bytes;
	seg->transport_bytes = tcp.bytes;
	seg->payload_bytes = ip->total_bytes - ip->header_bytes - tcp.bytes;
	return DECODE_TCP;
}

static enum decode
network_decode(
	struct segment *seg, struct slice packet, uint32_t wire_bytes, bool is_ipv4)
{
	struct ip_header ip;
	enum ip_kind kind = is_ipv4 ? ipv4_decode(&ip, packet, wire_bytes)
				    : ipv6_decode(&ip, packet, wire_bytes);

	switch (kind) {
	case IP_WHOLE:
		return transport_decode(seg, &ip, slice_part(packet, 0, ip.total_bytes));
	case IP_FRAGMENT:
		return DECODE_FRAGMENT;
	case IP_MALFORMED:
		break;
	}
	return DECODE_MALFORMED;
}

enum decode
segment_decode(
	struct segment *seg, struct slice frame, uint32_t wire_bytes, unsigned link_type)
{
	struct link_header link;
	enum link_next next = link_decode(&link, frame, link_type);
	enum decode decode;

	switch (next) {
	case LINK_NEXT_IPV4:
	case LINK_NEXT_IPV6:
		break;
	case LINK_NEXT_OTHER:
		return DECODE_NOT_TCP;
	case LINK_NEXT_CUT:
		return DECODE_MALFORMED;
	case LINK_NEXT_UNKNOWN:
		return DECODE_UNKNOWN_LINK;
	}
	decode = network_decode(seg, slice_from(frame, link.bytes),
		wire_bytes - link.bytes, next == LINK_NEXT_IPV4);
	if (decode != DECODE_TCP)
		return decode;
	seg->vlan = link.vlan;
	seg->link_bytes = wire_bytes - seg->network_bytes - seg->transport_bytes -
			  seg->payload_bytes;
	return DECODE_TCP;
}
