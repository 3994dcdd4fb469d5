/*
 * analyzer/flow/defrag.h - IP datagrams from their fragments
 *
 * Fragments come in any order and more than once.  A datagram is one of addresses,
 * identification and, in version 4, protocol [RFC791 3.2] [RFC8200 4.5].  When its
 * last octet is there, it is handed on as if one frame had carried it, at the place of
 * the fragment that made it whole.
 *
 * Where fragments overlap, version 4 keeps the octets that came first; version 6 drops
 * the datagram [RFC5722 4].  An equal fragment is a copy, which overlaps nothing.
 * Octets that differ are counted, and what is made of them is a contradicted segment:
 * the receiver may have read the other version, or nothing.  For
 * CONFIG_DUPLICATE_NS a whole datagram is remembered without its octets, so that copies
 * of its fragments begin no new one; later its identification may be in use again.
 *
 * Octets that no capture has (a snapshot length) end what is known of a datagram, not its
 * length.
 *
 * Bounds: CONFIG_DEFRAG_BYTES, CONFIG_DEFRAG_DATAGRAMS, and CONFIG_DEFRAG_NS of capture
 * time; the oldest goes first.  The octets of frames that made no datagram are not TCP.
 * Cost: each octet is copied once; a fragment of n octets takes n / 8 steps.
 */
#ifndef ANALYZER_FLOW_DEFRAG_H
#define ANALYZER_FLOW_DEFRAG_H

#include "analyzer/base/counters.h"
#include "parsers/segment.h"

struct defrag;

struct defrag *defrag_new(uint64_t seed);

/*
 * After DECODE_FRAGMENT.  `frame_bytes` goes in as the length of the frame and comes out
 * as that of all frames of the datagram.  DECODE_FRAGMENT again: there is nothing to do,
 * the octets are waiting or have been counted.  Otherwise it is what segment_decode()
 * would say of the datagram; seg->payload is then valid until the next call.
 */
enum decode defrag_feed(struct defrag *defrag, struct segment *seg, uint32_t *frame_bytes,
	int64_t ts_ns, struct counters *counters);

/* What still waits is counted as expired. */
void defrag_finish(struct defrag *defrag, struct counters *counters);

void defrag_free(struct defrag **defrag);

#endif
