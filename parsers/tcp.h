/*
 * parsers/tcp.h - the TCP header
 *
 * Only the 20 octets that every segment has need to be captured [RFC9293 3.1]:
 * a snapshot length that cuts the options leaves all lengths known.  Options are
 * looked at in resets only: nobody signs HTTP's connections, and a receiver without
 * a key drops a signed segment, so such a reset is forged or a probe.
 */
#ifndef PARSERS_TCP_H
#define PARSERS_TCP_H

#include "parsers/slice.h"

struct tcp_header {
	uint32_t seq, ack;
	uint16_t sport, dport, window, checksum;
	uint8_t flags;
	uint8_t bytes;	/* options included; 20-60, and no more than the segment has */
	bool is_signed; /* a reset with a signature option [RFC2385] [RFC5925] */
};

/*
 * `segment` starts at the TCP header and holds what was captured, `wire_bytes`
 * is its length by the IP header.  False: the header is cut, or contradicts that
 * length.
 */
bool tcp_decode(struct tcp_header *tcp, struct slice segment, uint32_t wire_bytes);

#endif
