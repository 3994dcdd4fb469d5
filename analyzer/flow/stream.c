#include "analyzer/flow/stream.h"

#include "analyzer/base/mem.h"
#include "analyzer/config.h"

#include <assert.h>

/* A segment that waits, with a copy of its octets. */
struct queued {
	struct queued *next;
	uint64_t offset;
	uint64_t peer_acked;
	struct place place;
	uint32_t bytes, captured;
	uint8_t flags; /* TCP_FIN, TCP_RST */
	uint8_t data[];
};

void
stream_place(struct stream *s, uint32_t seq)
{
	s->next = seq;
	s->acked = s->offset;
	s->flags |= STREAM_PLACED;
}

bool
streams_ended(const struct streams *streams)
{
	return streams->side[0].flags & streams->side[1].flags & STREAM_ENDED;
}

bool
stream_has_queued(const struct stream *s, uint64_t offset, uint32_t bytes)
{
	for (const struct queued *q = s->queue; q && q->offset <= offset; q = q->next)
		if (q->offset == offset && q->bytes == bytes)
			return true;
	return false;
}

static void
stream_end(struct stream *s, unsigned direction, enum stream_end end,
	const struct stream_sink *sink)
{
	if (s->flags & STREAM_ENDED)
		return;
	s->flags |= STREAM_ENDED;
	sink->end(sink->context, direction, end);
}

static void
stream_advance(struct stream *s, uint64_t octets)
{
	s->offset += octets;
	s->next += (uint32_t)octets;
}

/* Octets [offset, offset + bytes) of which `captured` lie at `data`. */
struct piece {
	uint64_t offset, peer_acked;
	const uint8_t *data;
	uint32_t bytes, captured;
	uint8_t flags;
	const struct place *place;
};

static void
stream_deliver(struct streams *streams, unsigned direction, const struct piece *piece,
	const struct stream_sink *sink, struct counters *counters)
{
	struct stream *s = &streams->side[direction];
	uint64_t skip = s->offset - piece->offset;
	struct chunk chunk = {.offset = s->offset,
		.peer_acked = piece->peer_acked,
		.place = *piece->place,
		.segment_start = skip == 0};
	uint64_t fresh;

	if (skip > piece->bytes)
		skip = piece->bytes;
	fresh = piece->bytes - skip;
	counters->retransmitted_octets += skip;
	if (fresh && (s->flags & STREAM_ENDED)) {
		counters->pending_octets += fresh;
		stream_advance(s, fresh);
	} else if (fresh) {
		if (piece->captured > skip)
			chunk.data = slice_of(piece->data + skip, piece->captured - skip);
		chunk.snapped = fresh - chunk.data.n;
		stream_advance(s, fresh);
		sink->chunk(sink->context, direction, &chunk);
	}
	if (piece->flags & TCP_FIN && piece->offset + piece->bytes == s->offset &&
		!(s->flags & STREAM_FINISHED)) {
		s->flags |= STREAM_FINISHED;
		stream_advance(s, 1);
		stream_end(s, direction, STREAM_FIN, sink);
	}
}

/* Nothing that the sender had acknowledged is still outstanding. */
static bool
stream_is_caused(const struct streams *streams, unsigned direction, uint64_t peer_acked)
{
	const struct stream *peer = &streams->side[!direction];

	return !(peer->flags & STREAM_SEEN) || peer_acked <= peer->offset ||
	       peer->flags & STREAM_ENDED;
}

static struct queued *
stream_unqueue(struct stream *s)
{
	struct queued *q = s->queue;

	s->queue = q->next;
	if (!s->queue)
		s->last = NULL;
	s->queued_bytes -= q->captured;
	s->queued_count--;
	return q;
}

/* Delivers the first of the queue if nothing before it is missing. */
static bool
stream_drain_one(struct streams *streams, unsigned direction,
	const struct stream_sink *sink, struct counters *counters)
{
	struct stream *s = &streams->side[direction];
	struct queued *q = s->queue;
	struct piece piece;

	if (!q || q->offset > s->offset ||
		!stream_is_caused(streams, direction, q->peer_acked))
		return false;
	stream_unqueue(s);
	piece = (struct piece){.offset = q->offset,
		.peer_acked = q->peer_acked,
		.data = q->data,
		.bytes = q->bytes,
		.captured = q->captured,
		.flags = q->flags,
		.place = &q->place};
	if (q->flags & TCP_RST) {
		if (q->offset == s->offset)
			streams_finish(streams, STREAM_RST, sink, counters);
		else
			counters->ignored_rst_packets++;
	} else {
		stream_deliver(streams, direction, &piece, sink, counters);
	}
	mem_free(q);
	return true;
}

static void
streams_drain(struct streams *streams, const struct stream_sink *sink,
	struct counters *counters)
{
	while (stream_drain_one(streams, 0, sink, counters) ||
		stream_drain_one(streams, 1, sink, counters))
		;
}

/* Keeps the queue in the order of starts; at equal starts the longer comes first. */
static void
stream_queue(struct stream *s, const struct piece *piece)
{
	struct queued *q = mem_grow(NULL, sizeof *q + piece->captured);
	struct queued **at = &s->queue;

	*q = (struct queued){.offset = piece->offset,
		.peer_acked = piece->peer_acked,
		.place = *piece->place,
		.bytes = piece->bytes,
		.captured = piece->captured,
		.flags = piece->flags};
	if (piece->captured)
		memcpy(q->data, piece->data, piece->captured);
	if (s->last && s->last->offset < q->offset)
		at = &s->last->next;
	while (*at && ((*at)->offset < q->offset ||
			      ((*at)->offset == q->offset && (*at)->bytes >= q->bytes)))
		at = &(*at)->next;
	q->next = *at;
	*at = q;
	if (!q->next)
		s->last = q;
	s->queued_bytes += q->captured;
	s->queued_count++;
}

/*
 * Where a hole ends: at the first segment behind it, but not beyond what the other
 * side acknowledged, if that is what proves the hole.
 */
static uint64_t
stream_hole_end(const struct stream *s)
{
	uint64_t end = s->acked > s->offset ? s->acked : 0;

	if (s->queue && s->queue->offset > s->offset && (!end || s->queue->offset < end))
		end = s->queue->offset;
	return end;
}

static void
stream_declare_lost(struct stream *s, unsigned direction, const struct stream_sink *sink,
	struct counters *counters, const struct place *place)
{
	uint64_t end = stream_hole_end(s);
	struct chunk chunk = {.offset = s->offset, .place = *place};

	if (end <= s->offset)
		return;
	if (end == s->offset + 1 && !s->queue) {
		/* The acknowledged octet is the FIN, which was not captured. */
		s->flags |= STREAM_FINISHED;
		stream_advance(s, 1);
		stream_end(s, direction, STREAM_FIN, sink);
		return;
	}
	chunk.lost = end - s->offset;
	if (s->queue)
		chunk.place = s->queue->place;
	counters->gap_octets += chunk.lost;
	counters->gaps++;
	stream_advance(s, chunk.lost);
	if (!(s->flags & STREAM_ENDED))
		sink->chunk(sink->context, direction, &chunk);
}

static bool
stream_hole_is_lost(const struct stream *s, int64_t now_ns)
{
	if (s->queued_bytes > CONFIG_QUEUE_BYTES ||
		s->queued_count > CONFIG_QUEUE_SEGMENTS)
		return true;
	return s->hole_ns && (s->hole_packets >= CONFIG_HOLE_PACKETS ||
				     now_ns - s->hole_ns >= CONFIG_HOLE_NS);
}

/* Whoever waits for the other direction with a full queue has waited long enough. */
static void
streams_judge_holes(struct streams *streams, const struct place *place,
	const struct stream_sink *sink, struct counters *counters)
{
	for (unsigned d = 0; d < 2; d++) {
		struct stream *s = &streams->side[d];

		if (s->acked <= s->offset) {
			s->hole_ns = 0;
			s->hole_packets = 0;
		} else if (s->hole_ns && s->hole_packets < CONFIG_HOLE_PACKETS) {
			s->hole_packets++;
		}
		if (!stream_hole_is_lost(s, place->ts_ns))
			continue;
		if (s->queue && s->queue->offset <= s->offset)
			stream_declare_lost(
				&streams->side[!d], !d, sink, counters, place);
		else
			stream_declare_lost(s, d, sink, counters, place);
		streams_drain(streams, sink, counters);
	}
}

/*
 * Takes the acknowledgement of a segment; its offset in the other direction.  What is
 * far from the window, in either direction, is not of this connection.
 */
static uint64_t
streams_acknowledge(struct streams *streams, unsigned direction,
	const struct segment *seg, int64_t offset, int64_t now_ns)
{
	struct stream *peer = &streams->side[!direction];
	int64_t ahead = offset - (int64_t)streams->side[direction].offset;
	int64_t acked;

	if (!(seg->flags & TCP_ACK) || ahead > CONFIG_WINDOW_BYTES ||
		ahead < -CONFIG_WINDOW_BYTES)
		return 0;
	if (!(peer->flags & STREAM_PLACED))
		stream_place(peer, seg->ack);
	acked = stream_offset(peer, seg->ack);
	if (acked <= (int64_t)peer->offset)
		return acked < 0 ? 0 : (uint64_t)acked;
	if (acked > (int64_t)peer->offset + CONFIG_WINDOW_BYTES)
		return 0;
	if (acked > (int64_t)peer->acked)
		peer->acked = (uint64_t)acked;
	if (!peer->hole_ns && peer->flags & STREAM_SEEN)
		peer->hole_ns = now_ns ? now_ns : 1;
	return (uint64_t)acked;
}

static void
streams_take(struct streams *streams, unsigned direction, const struct piece *piece,
	const struct stream_sink *sink, struct counters *counters)
{
	struct stream *s = &streams->side[direction];

	if (piece->offset > s->offset ||
		!stream_is_caused(streams, direction, piece->peer_acked)) {
		if (piece->offset > s->offset)
			counters->reordered_packets++;
		stream_queue(s, piece);
	} else if (piece->flags & TCP_RST) {
		streams_finish(streams, STREAM_RST, sink, counters);
	} else {
		stream_deliver(streams, direction, piece, sink, counters);
	}
}

/*
 * The first packet of a direction.  If the capture began in the middle, what the other
 * side acknowledged before it was sent before the capture, and is no hole.
 */
static void
stream_see(struct streams *streams, unsigned direction, uint32_t seq)
{
	struct stream *s = &streams->side[direction];
	bool midstream = !(streams->side[!direction].flags & STREAM_FROM_SYN);

	if (!(s->flags & STREAM_PLACED) ||
		(!(s->flags & STREAM_SEEN) && midstream && (int32_t)(seq - s->next) > 0))
		stream_place(s, seq);
	s->flags |= STREAM_SEEN;
}

void
streams_feed(struct streams *streams, unsigned direction, const struct segment *seg,
	uint32_t seq, const struct place *place, const struct stream_sink *sink,
	struct counters *counters)
{
	struct stream *s = &streams->side[direction];
	struct piece piece = {.data = seg->payload.at,
		.bytes = seg->payload_bytes,
		.captured = (uint32_t)seg->payload.n,
		.flags = seg->flags & (TCP_FIN | TCP_RST),
		.place = place};
	int64_t offset;

	stream_see(streams, direction, seq);
	offset = stream_offset(s, seq);
	piece.peer_acked = streams_acknowledge(
		streams, direction, seg, offset, place->ts_ns);
	if (piece.flags & TCP_RST && offset < (int64_t)s->offset) {
		counters->ignored_rst_packets++;
		piece.flags &= ~TCP_RST;
	}
	if (offset + piece.bytes < (int64_t)s->offset || offset < 0) {
		/* Old as a whole, or begun before the capture did. */
		uint64_t old = offset + piece.bytes <= (int64_t)s->offset
				       ? piece.bytes
				       : (uint64_t)((int64_t)s->offset - offset);

		counters->retransmitted_octets += old;
		piece.bytes -= (uint32_t)old;
		if (piece.captured > old)
			piece.data += old;
		piece.captured -= piece.captured < old ? piece.captured : (uint32_t)old;
		offset += (int64_t)old;
	}
	piece.offset = (uint64_t)offset;
	if (piece.bytes || piece.flags)
		streams_take(streams, direction, &piece, sink, counters);
	if (streams->side[0].queue || streams->side[1].queue ||
		streams->side[0].hole_ns || streams->side[1].hole_ns) {
		streams_drain(streams, sink, counters);
		streams_judge_holes(streams, place, sink, counters);
	}
}

/* At the end a hole that nobody acknowledged is one, unless it is absurdly wide. */
static bool
stream_finish_hole(struct stream *s, unsigned direction, const struct stream_sink *sink,
	struct counters *counters)
{
	uint64_t end = stream_hole_end(s);

	if (end <= s->offset || !(s->flags & STREAM_SEEN))
		return false;
	if (s->acked <= s->offset && (end - s->offset > CONFIG_HOLE_UNPROVEN_BYTES ||
					     s->queue->flags & TCP_RST)) {
		struct queued *q = stream_unqueue(s);

		counters->pending_octets += q->bytes;
		mem_free(q);
		return true;
	}
	stream_declare_lost(s, direction, sink, counters,
		s->queue ? &s->queue->place : &(struct place){0});
	return true;
}

void
streams_finish(struct streams *streams, enum stream_end end,
	const struct stream_sink *sink, struct counters *counters)
{
	/* Acknowledged holes first: what waits for them waits for a reason. */
	do {
		streams_drain(streams, sink, counters);
	} while ((streams->side[0].acked > streams->side[0].offset &&
			 stream_finish_hole(&streams->side[0], 0, sink, counters)) ||
		 (streams->side[1].acked > streams->side[1].offset &&
			 stream_finish_hole(&streams->side[1], 1, sink, counters)) ||
		 stream_finish_hole(&streams->side[0], 0, sink, counters) ||
		 stream_finish_hole(&streams->side[1], 1, sink, counters));
	for (unsigned d = 0; d < 2; d++) {
		struct stream *s = &streams->side[d];

		while (s->queue) {
			struct queued *q = stream_unqueue(s);

			counters->pending_octets += q->bytes;
			mem_free(q);
		}
		if (s->flags & STREAM_PLACED || end != STREAM_CAPTURE_END)
			stream_end(s, d, end, sink);
		s->flags |= STREAM_ENDED;
	}
}
