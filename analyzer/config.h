/*
 * analyzer/config.h - the limits, each with its unit and its reason
 *
 * When one is reached, the report says which and how often.
 */
#ifndef ANALYZER_CONFIG_H
#define ANALYZER_CONFIG_H

#include <stdint.h>

#define CONFIG_MS_NS INT64_C(1000000)
#define CONFIG_S_NS INT64_C(1000000000)

/* A captured acknowledgement may precede the data that it acknowledges: taps with two
 * queues.  A hole is only declared lost after this many packets of the connection or
 * this much time. */
#define CONFIG_HOLE_PACKETS 32
#define CONFIG_HOLE_NS (100 * CONFIG_MS_NS)

/* A connection whose first packet is not of a handshake may have begun before the
 * capture, or its SYN comes later, from another queue: so long it is waited for. */
#define CONFIG_BEGIN_PACKETS 32
#define CONFIG_BEGIN_NS (100 * CONFIG_MS_NS)

/* What may wait behind a hole that nobody acknowledges. */
#define CONFIG_QUEUE_BYTES (1u << 20)
#define CONFIG_QUEUE_SEGMENTS 512u

/* The same if the receiver can be heard: it has not got those octets either, so they will
 * be sent again, and a window of some MB may be under way before they come. */
#define CONFIG_MISSED_BYTES (4u << 20)
#define CONFIG_MISSED_SEGMENTS 2048u

/* An unacknowledged hole wider than this at the end of the input is no hole, but a
 * packet with a foreign sequence number. */
#define CONFIG_HOLE_UNPROVEN_BYTES (1u << 20)

/* Sequence and acknowledgement numbers this far ahead are not believed at once: no
 * window in use is so wide, and a forged packet must not move a stream. */
#define CONFIG_WINDOW_BYTES (64 << 20)

/* Equal frames within this time are one frame, captured twice. */
#define CONFIG_DUPLICATE_NS (1 * CONFIG_MS_NS)

/* Fragments that wait for the others of their datagram: octets, datagrams, and how long,
 * which is what Linux waits.  More than a receiver would hold helps nobody. */
#define CONFIG_DEFRAG_BYTES (4u << 20)
#define CONFIG_DEFRAG_DATAGRAMS 4096
#define CONFIG_DEFRAG_NS (30 * CONFIG_S_NS)

/* How long a closed connection is remembered, so that what comes late is known as a
 * retransmission; and an idle one, whose end was never captured. */
#define CONFIG_FLOW_LINGER_NS (60 * CONFIG_S_NS)
#define CONFIG_FLOW_IDLE_NS (2 * 3600 * CONFIG_S_NS)

/* A head may be this long; what is beyond has its own finding, not memory. */
#define CONFIG_HEAD_BYTES (256u << 10)
#define CONFIG_START_LINE_BYTES (64u << 10)
#define CONFIG_FIELDS 1000u
#define CONFIG_TRAILER_BYTES 4096u /* kept of a trailer section */
#define CONFIG_BEHIND_BYTES 4096u  /* kept behind a head that does not say its end */

/* Requests of one connection that wait for their answers. */
#define CONFIG_PIPELINE 1024u

/* How many waiting requests, and how many tags of each, are compared with a 304 after a
 * hole. */
#define CONFIG_INFER_REQUESTS 16u
#define CONFIG_INFER_TAGS 64u

/* Decoding of content: a bomb costs no more than this. */
#define CONFIG_DECODE_BYTES (UINT64_C(64) << 20)
#define CONFIG_DECODE_RATIO 1000u
#define CONFIG_DECODE_RATIO_FROM_BYTES (1u << 20)
#define CONFIG_DECODE_CODINGS 2u

/* Contents that are compressed to see how small they would have been: as many octets a
 * run, then those of one resource in so many. */
#define CONFIG_SQUEEZE_BYTES (UINT64_C(64) << 20)
#define CONFIG_SQUEEZE_SAMPLE 16u

/* Segments of one direction that were captured in the wrong order are taken to have come
 * when the last of them did, if they are no further apart than this. */
#define CONFIG_REORDER_NS (1 * CONFIG_S_NS)

/* Events of different connections are put into the order of their times within this
 * span, which is longer than a hole may hold them back, so that the order of packets in
 * the capture changes no verdict; octets after a response that cannot have a body are
 * waited for a little longer. */
#define CONFIG_SETTLE_NS (2 * CONFIG_HOLE_NS)
#define CONFIG_STRAY_NS (1 * CONFIG_S_NS)

/* Records go out while the capture goes on: so often they are looked at, and so long one
 * waits at most for what may still change it.  Where no packet came for a while, the
 * capture's clock is taken to go on. */
#define CONFIG_TICK_NS (100 * CONFIG_MS_NS)
#define CONFIG_RECORD_NS (60 * CONFIG_S_NS)
#define CONFIG_IDLE_NS (1 * CONFIG_S_NS)
_Static_assert(
	CONFIG_IDLE_NS > CONFIG_BEGIN_NS, "what is held at a beginning goes first");

/* Where one part of a capture ends and the next begins, the clock may have gone back:
 * so far the next one waits, the longer time if the first is nearly read through. */
#define CONFIG_STEP_TINY_NS (1 * CONFIG_MS_NS)
#define CONFIG_STEP_NS (3 * CONFIG_S_NS)

/* Bodies below this length are not worth a better Vary or one name instead of two. */
#define CONFIG_REPEAT_BYTES 1024u

/* One page under more paths than these is a page for whatever path. */
#define CONFIG_FALLBACK_PATHS 3u

/* Files of a ring that one run follows: each is a row of the report, about 1 KiB. */
#define CONFIG_FOLLOW_FILES ((size_t)1 << 16)

/* A report that is read again may be this long. */
#define CONFIG_REPORT_BYTES (UINT64_C(256) << 20)

/* What nobody has used for so long is forgotten when live, unless told otherwise. */
#define CONFIG_LIVE_HISTORY_S (24 * 3600)

/* Default of --max-memory. */
#define CONFIG_MEMORY_BYTES (UINT64_C(512) << 20)

#endif
