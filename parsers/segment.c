#include "parsers/segment.h"

#include "parsers/ip.h"
#include "parsers/link.h"
#include "parsers/tcp.h"
#include "parsers/tunnel.h"

enum {
	TCP_BYTES_MIN = 20
};

/* An IP packet that was entered, and how many tunnels are around it. */
struct inner {
	struct ip_header ip;
	struct slice packet; /* from the IP header to where its length ends */
	unsigned depth;
};

const char *
malformed_name(enum malformed malformed)
{
	static const char *const names[MALFORMED_REASONS] = {"cut", "check_sequence",
		"ip_version", "ip_length", "ip_extension", "fragment", "tcp"};

	return names[malformed];
}

static enum decode
malformed(struct segment *seg, enum malformed reason)
{
	seg->malformed = reason;
	return DECODE_MALFORMED;
}

/* Inline: each packet comes here, from one of two places. */
static inline enum decode
transport_decode(struct segment *seg, const struct inner *inner)
{
	const struct ip_header *ip = &inner->ip;
	struct slice octets = slice_from(inner->packet, ip->header_bytes);
	uint32_t bytes = ip->total_bytes - ip->header_bytes;
	struct tcp_header tcp;

	if (!tcp_decode(&tcp, octets, bytes))
		return malformed(seg, octets.n < TCP_BYTES_MIN && octets.n < bytes
					      ? MALFORMED_CUT
					      : MALFORMED_TCP);
	seg->sport = tcp.sport;
	seg->dport = tcp.dport;
	seg->seq = tcp.seq;
	seg->ack = tcp.ack;
	seg->window = tcp.window;
	seg->flags = tcp.flags;
	seg->is_signed = tcp.is_signed;
	seg->is_contradicted = false;
	seg->ip_version = ip->version;
	seg->ip_id = ip->id;
	seg->checksum = tcp.checksum;
	seg->payload = slice_from(octets, tcp.bytes);
	seg->network_bytes = ip->header_bytes;
	seg->transport_bytes = tcp.bytes;
	seg->payload_bytes = bytes - tcp.bytes;
	return DECODE_TCP;
}

static enum decode
fragment_decode(struct segment *seg, const struct inner *inner)
{
	const struct ip_header *ip = &inner->ip;

	seg->fragment = (struct fragment){.src = seg->src,
		.dst = seg->dst,
		.octets = slice_from(inner->packet, ip->header_bytes),
		.bytes = ip->total_bytes - ip->header_bytes,
		.header_bytes = ip->header_bytes,
		.id = ip->fragment_id,
		.offset = ip->fragment_offset,
		.is_last = ip->is_last,
		.version = ip->version,
		.protocol = ip->protocol,
		.depth = (uint8_t)inner->depth};
	return DECODE_FRAGMENT;
}

static enum decode
decode_of_kind(struct segment *seg, const struct inner *inner, enum ip_kind kind)
{
	switch (kind) {
	case IP_WHOLE:
		return DECODE_TCP;
	case IP_FRAGMENT:
		return fragment_decode(seg, inner);
	case IP_CUT:
		return malformed(seg, MALFORMED_CUT);
	case IP_BAD_VERSION:
		return malformed(seg, MALFORMED_IP_VERSION);
	case IP_BAD_LENGTH:
		return malformed(seg, MALFORMED_IP_LENGTH);
	case IP_BAD_EXTENSION:
		break;
	}
	return malformed(seg, MALFORMED_IP_EXTENSION);
}

/* DECODE_TCP: inner->ip is whole, whatever it carries. */
static inline enum decode
network_decode(struct segment *seg, struct inner *inner, struct slice packet,
	uint32_t wire_bytes, uint32_t trailer_bytes, bool is_ipv4)
{
	enum ip_kind kind = is_ipv4 ? ipv4_decode(&inner->ip, packet, wire_bytes,
					      trailer_bytes)
				    : ipv6_decode(&inner->ip, packet, wire_bytes,
					      trailer_bytes);

	if (kind == IP_WHOLE || kind == IP_FRAGMENT)
		inner->packet = slice_part(packet, 0, inner->ip.total_bytes);
	return kind == IP_WHOLE ? DECODE_TCP : decode_of_kind(seg, inner, kind);
}

static enum decode
decode_of_next(struct segment *seg, enum link_next next)
{
	switch (next) {
	case LINK_NEXT_CUT:
		return malformed(seg, MALFORMED_CUT);
	case LINK_NEXT_DAMAGED:
		return malformed(seg, MALFORMED_CHECK_SEQUENCE);
	case LINK_NEXT_DEEP:
		return DECODE_TOO_DEEP;
	case LINK_NEXT_UNKNOWN:
		return DECODE_UNKNOWN_LINK;
	default:
		return DECODE_NOT_TCP;
	}
}

static bool
is_ip(enum link_next next)
{
	return next == LINK_NEXT_IPV4 || next == LINK_NEXT_IPV6;
}

/* From an IP packet to the one inside it. */
static enum decode
tunnel_enter(struct segment *seg, struct inner *inner)
{
	const struct ip_header *ip = &inner->ip;
	struct slice payload = slice_from(inner->packet, ip->header_bytes);
	uint32_t bytes = ip->total_bytes - ip->header_bytes;
	struct link_header link;
	enum link_next next = tunnel_decode(&link, payload, bytes, ip->protocol);

	seg->tunnels |= link.tunnels;
	if (!is_ip(next))
		return decode_of_next(seg, next);
	if (inner->depth++ == SEGMENT_TUNNELS_MAX)
		return DECODE_TOO_DEEP;
	return network_decode(seg, inner, slice_from(payload, link.bytes),
		bytes - link.bytes, 0, next == LINK_NEXT_IPV4);
}

/* From whatever packet to one that holds TCP. */
static enum decode
inner_find(struct segment *seg, struct inner *inner)
{
	enum decode decode = DECODE_TCP;

	while (decode == DECODE_TCP && inner->ip.protocol != IP_PROTOCOL_TCP)
		decode = tunnel_enter(seg, inner);
	return decode;
}

static void
segment_account(struct segment *seg, uint32_t frame_bytes)
{
	seg->link_bytes = frame_bytes - seg->network_bytes - seg->transport_bytes -
			  seg->payload_bytes;
}

enum decode
segment_decode(struct segment *seg, const struct frame *frame)
{
	struct link_header link;
	enum link_next next = link_decode(&link, frame->octets, frame->link_type);
	struct inner inner;
	enum decode decode;

	seg->tunnels = link.tunnels;
	seg->unread = link.unread;
	if (!is_ip(next))
		return decode_of_next(seg, next);
	inner.ip.src = &seg->src;
	inner.ip.dst = &seg->dst;
	inner.depth = 0;
	decode = network_decode(seg, &inner, slice_from(frame->octets, link.bytes),
		frame->wire_bytes - link.bytes,
		(uint32_t)frame->fcs_bytes + link.trailer_bytes, next == LINK_NEXT_IPV4);
	if (decode == DECODE_TCP && inner.ip.protocol != IP_PROTOCOL_TCP)
		decode = inner_find(seg, &inner);
	if (decode == DECODE_TCP)
		decode = transport_decode(seg, &inner);
	if (decode != DECODE_TCP)
		return decode;
	seg->vlan = link.vlan;
	segment_account(seg, frame->wire_bytes);
	return DECODE_TCP;
}

enum decode
segment_resume(struct segment *seg, const struct fragment *fragment, struct slice payload,
	uint32_t payload_bytes, uint32_t frame_bytes)
{
	struct inner inner = {
		.ip = {.src = &seg->src,
			.dst = &seg->dst,
			.total_bytes = payload_bytes,
			.version = fragment->version,
			.protocol = fragment->protocol,
			.id = fragment->version == 4 ? (uint16_t)fragment->id : 0},
		.packet = payload,
		.depth = fragment->depth};
	enum ip_kind kind = ip_extensions_decode(&inner.ip, payload);
	enum decode decode;

	if (kind == IP_FRAGMENT) /* nobody may cut a fragment again [RFC8200 4.5] */
		return malformed(seg, MALFORMED_FRAGMENT);
	seg->src = fragment->src;
	seg->dst = fragment->dst;
	seg->vlan = 0;
	decode = decode_of_kind(seg, &inner, kind);
	if (decode == DECODE_TCP)
		decode = inner_find(seg, &inner);
	if (decode == DECODE_TCP)
		decode = transport_decode(seg, &inner);
	if (decode != DECODE_TCP)
		return decode;
	if (inner.depth == fragment->depth)
		seg->network_bytes += fragment->header_bytes;
	segment_account(seg, frame_bytes);
	return DECODE_TCP;
}
