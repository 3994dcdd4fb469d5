/*
 * analyzer/base/counters.h - every packet and every octet, counted in one place
 *
 * The stages below HTTP add to these, the report reads them.  They obey
 *
 *	frame = link + network + transport + not_tcp + payload
 *	payload = http + not_http + retransmitted + duplicate + pending
 *
 * where http are the octets of exchanges and of `unparsed`, less the holes that
 * framing spans.  gap octets were never captured and are outside both sums;
 * snapped octets are inside them.
 */
#ifndef ANALYZER_BASE_COUNTERS_H
#define ANALYZER_BASE_COUNTERS_H

#include <stdint.h>

enum {
	COUNTERS_TUNNELS = 16, /* kinds, as in parsers/tunnel.h */
	COUNTERS_REASONS = 8,  /* as in parsers/segment.h */
	COUNTERS_UNREADS = 5,  /* as in parsers/link.h */
};

enum counters_to {
	TO_SERVER,
	TO_CLIENT,
};

/* Of one direction of all connections with HTTP; keep-alive probes are not among what
 * was retransmitted. */
struct counters_direction {
	uint64_t stream_octets, retransmitted_octets, duplicate_octets, gap_octets;
};

struct counters {
	uint64_t packets;
	int64_t first_ns, last_ns; /* smallest and largest time stamp */

	uint64_t frame_octets, link_octets, network_octets, transport_octets;
	uint64_t not_tcp_octets, payload_octets;
	uint64_t http_octets; /* captured or snapped octets of exchanges, and unparsed */
	uint64_t unparsed_octets;
	uint64_t not_http_octets, retransmitted_octets, duplicate_octets, pending_octets;
	uint64_t gap_octets, snapped_octets;
	uint64_t gaps; /* holes declared lost */

	/* Of connections with HTTP: all frames, and what each direction had. */
	uint64_t http_frame_octets;
	struct counters_direction http_direction[2]; /* by enum counters_to */

	uint64_t flows, flows_midstream, flows_one_sided, flows_not_http;
	uint64_t flows_ended;
	uint64_t flows_evicted;	    /* to stay within the memory budget */
	uint64_t requests_given_up; /* more than CONFIG_PIPELINE waited with them */
	uint64_t decoders_given_up; /* of large windows, when memory was short */

	/* Each packet is one of these, or malformed; a fragment that made a datagram
	 * whole is what the datagram was. */
	uint64_t tcp_packets, fragments_kept;
	uint64_t not_tcp_packets, too_deep_packets, unknown_link_packets;
	uint64_t malformed_packets[COUNTERS_REASONS]; /* by enum malformed */
	uint64_t tunnel_packets[COUNTERS_TUNNELS];    /* by enum tunnel */
	uint64_t unread_packets[COUNTERS_UNREADS]; /* of not_tcp, by enum link_unread */
	/* Fragments; copies and those that expired became part of no datagram. */
	uint64_t fragment_packets, fragments_copied, fragments_expired;
	uint64_t fragments_overlapping, datagrams_reassembled;
	uint64_t fragments_conflicting_octets; /* copies of octets that differ */
	uint64_t duplicate_packets, retransmitted_packets, reordered_packets;
	uint64_t time_backwards_packets, ignored_rst_packets;
	uint64_t conflicting_octets; /* copies of octets that differ */
	uint64_t streams_unbalanced; /* broken laws, see flow/stream.h: none */
};

#endif
