#include "analyzer/flow/stream.h"

#include "analyzer/base/mem.h"
#include "analyzer/config.h"

#include <assert.h>

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
	unsigned ends = STREAM_ENDED | STREAM_FIN_ASSUMED;

	return streams->side[0].flags & ends && streams->side[1].flags & ends;
}

/* ---- delivery ---- */

static void
stream_advance(struct stream *s, uint64_t octets)
{
	s->offset += octets;
	s->next += (uint32_t)octets;
}

static void
stream_discard_one(struct stream *s, struct counters *counters)
{
	struct queued *q = queue_pop(&s->queue);

	counters->pending_octets += q->piece.bytes - q->used;
	mem_free(q);
}

/* Where the last octet of what waits ends. */
static uint64_t
stream_extent(const struct stream *s)
{
	uint64_t end = queue_end(&s->queue);

	return end > s->offset ? end : s->offset;
}

/* Nothing follows an end: what still waits was never part of the stream. */
static void
stream_end(struct stream *s, unsigned direction, enum stream_end end,
	const struct stream_sink *sink, struct counters *counters)
{
	if (s->flags & STREAM_ENDED)
		return;
	if (s->offset != s->passed + s->lost || s->highest > stream_extent(s))
		counters->streams_unbalanced++;
	s->flags |= STREAM_ENDED;
	s->acked = s->offset;
	s->hole_ns = 0;
	while (s->queue.count)
		stream_discard_one(s, counters);
	sink->end(sink->context, direction, end);
}

static void
stream_count_again(struct stream *s, uint64_t octets, struct counters *counters)
{
	s->retransmitted += octets;
	counters->retransmitted_octets += octets;
}

/* A keep-alive probe: its octet was sent before, and may be anything. */
static bool
stream_is_probe(const struct stream *s, const struct piece *piece, int64_t offset)
{
	return piece->bytes == 1 && offset + 1 == (int64_t)s->offset;
}

/* Passes octets of a piece from where the stream is; returns how many. */
static uint64_t
stream_pass(struct stream *s, unsigned direction, const struct piece *piece, uint64_t end,
	const struct stream_sink *sink)
{
	uint64_t skip = s->offset - piece->offset, fresh = end - s->offset;
	struct chunk chunk = {.offset = s->offset,
		.peer_acked = piece->peer_acked,
		.place = *piece->place,
		.segment_start = !skip && !(piece->flags & PIECE_CUT)};

	if (piece->captured > skip) {
		chunk.data = slice_of(piece->data + skip, piece->captured - skip);
		chunk.data = slice_part(chunk.data, 0, fresh);
	}
	chunk.snapped = fresh - chunk.data.n;
	recall_note(&s->recall, sink->recall, s->offset, chunk.data);
	stream_advance(s, fresh);
	s->passed += chunk.data.n + chunk.snapped;
	sink->chunk(sink->context, direction, &chunk);
	return fresh;
}

static void
stream_fin(struct stream *s, unsigned direction, const struct piece *piece,
	const struct stream_sink *sink, struct counters *counters)
{
	if (!(piece->flags & TCP_FIN) || piece->offset + piece->bytes != s->offset)
		return;
	stream_advance(s, 1);
	s->passed++;
	stream_end(s, direction, STREAM_FIN, sink, counters);
}

static void
stream_deliver(struct stream *s, unsigned direction, const struct piece *piece,
	const struct stream_sink *sink, struct counters *counters)
{
	uint64_t end = piece->offset + piece->bytes, fresh = 0;

	if (end > s->offset)
		fresh = stream_pass(s, direction, piece, end, sink);
	stream_count_again(s, piece->bytes - fresh, counters);
	stream_fin(s, direction, piece, sink, counters);
}

/* Octets that come after the end of their stream, or were sent before it again. */
static void
stream_refuse(struct stream *s, const struct piece *piece, struct counters *counters)
{
	uint64_t old = piece->offset < s->offset ? s->offset - piece->offset : 0;

	if (old > piece->bytes)
		old = piece->bytes;
	stream_count_again(s, old, counters);
	counters->pending_octets += piece->bytes - old;
}

/* ---- copies that differ ---- */

static void
stream_conflict(unsigned direction, const struct conflict *conflict,
	const struct stream_sink *sink, struct counters *counters)
{
	if (!conflict->octets)
		return;
	counters->conflicting_octets += conflict->octets;
	sink->conflict(sink->context, direction, conflict->begin, conflict->end);
}

/* The datagram's fragments were seen in several versions. */
static void
stream_contradict(unsigned direction, const struct piece *piece, int64_t offset,
	const struct stream_sink *sink)
{
	int64_t end = offset + piece->bytes;

	if (piece->bytes && end > 0)
		sink->conflict(sink->context, direction,
			offset > 0 ? (uint64_t)offset : 0, (uint64_t)end);
}

/* What was delivered comes again.  A keep-alive probe's octet may be anything. */
static void
stream_compare(struct stream *s, unsigned direction, const struct piece *piece,
	int64_t offset, const struct stream_sink *sink, struct counters *counters)
{
	struct conflict conflict;

	if (stream_is_probe(s, piece, offset) || !piece->captured)
		return;
	conflict = recall_compare(
		&s->recall, offset, slice_of(piece->data, piece->captured));
	stream_conflict(direction, &conflict, sink, counters);
}

/* ---- the queue ---- */

/* What waits first has all octets before it, and waits for the other direction. */
static bool
stream_is_waiting(const struct stream *s)
{
	return s->queue.count && queue_first(&s->queue)->piece.offset <= s->offset;
}

/* Nothing that the sender had acknowledged is still outstanding. */
static bool
stream_is_caused(const struct streams *streams, unsigned direction, uint64_t peer_acked)
{
	const struct stream *peer = &streams->side[!direction];

	return peer_acked <= peer->offset || !(peer->flags & STREAM_SEEN) ||
	       peer->flags & STREAM_ENDED;
}

/* What comes next of what waits: the copy that counts here, or the first if it is used
 * up. */
static struct queued *
streams_next_queued(const struct streams *streams, const struct stream *s)
{
	struct queued *q = queue_first(&s->queue);

	if (q->piece.offset + q->piece.bytes > s->offset)
		q = queue_winner(&s->queue, streams->overlap, s->offset);
	assert(q);
	return q;
}

/* The RST of a direction ends both. */
static void
streams_finish_by(struct streams *streams, unsigned direction,
	const struct stream_sink *sink, struct counters *counters)
{
	streams->side[direction].flags |= STREAM_RESETS;
	streams_finish(streams, STREAM_RST, sink, counters);
}

/* Takes the first of the queue out: all its octets were delivered, from it or another. */
static void
streams_retire_queued(struct streams *streams, unsigned direction,
	const struct stream_sink *sink, struct counters *counters)
{
	struct stream *s = &streams->side[direction];
	struct queued *q = queue_pop(&s->queue);

	stream_count_again(s, q->piece.bytes - q->used, counters);
	if (!(q->piece.flags & TCP_RST))
		stream_fin(s, direction, &q->piece, sink, counters);
	else if (q->piece.offset == s->offset)
		streams_finish_by(streams, direction, sink, counters);
	else
		counters->ignored_rst_packets++;
	mem_free(q);
}

static void
streams_deliver_queued(struct streams *streams, unsigned direction,
	const struct stream_sink *sink, struct counters *counters)
{
	struct stream *s = &streams->side[direction];
	struct queued *q = streams_next_queued(streams, s);
	struct conflict conflict;
	uint64_t end;

	if (q->piece.offset + q->piece.bytes > s->offset) {
		end = queue_reach(&s->queue, q, streams->overlap, s->offset);
		conflict = queue_compare(&s->queue, q, s->offset, end);
		stream_conflict(direction, &conflict, sink, counters);
		q->used += (uint32_t)stream_pass(s, direction, &q->piece, end, sink);
	}
	q = queue_first(&s->queue);
	if (q->piece.offset + q->piece.bytes <= s->offset)
		streams_retire_queued(streams, direction, sink, counters);
}

static bool
streams_drain_one(struct streams *streams, unsigned direction,
	const struct stream_sink *sink, struct counters *counters)
{
	const struct stream *s = &streams->side[direction];
	const struct queued *q;

	if (!stream_is_waiting(s))
		return false;
	q = streams_next_queued(streams, s);
	if (!stream_is_caused(streams, direction, q->piece.peer_acked))
		return false;
	streams_deliver_queued(streams, direction, sink, counters);
	return true;
}

static void
streams_drain(struct streams *streams, const struct stream_sink *sink,
	struct counters *counters)
{
	while (streams_drain_one(streams, 0, sink, counters) ||
		streams_drain_one(streams, 1, sink, counters))
		;
}

/* ---- holes ---- */

/*
 * Where a hole ends: at the first segment behind it, but not beyond what the other
 * side acknowledged, if that is what proves the hole.  0: there is none.
 */
static uint64_t
stream_hole_end(const struct stream *s)
{
	const struct queued *first = queue_first(&s->queue);

	if (stream_is_waiting(s) || s->flags & STREAM_ENDED)
		return 0;
	if (s->acked > s->offset && (!first || s->acked < first->piece.offset))
		return s->acked;
	return first ? first->piece.offset : 0;
}

/* Octets follow: what was taken for a FIN was an octet. */
static void
stream_retract_fin(struct stream *s)
{
	s->flags &= ~STREAM_FIN_ASSUMED;
	s->offset--;
	s->passed--;
	s->next--;
}

static bool
stream_declare_lost(struct stream *s, unsigned direction, const struct place *place,
	const struct stream_sink *sink, struct counters *counters)
{
	uint64_t end = stream_hole_end(s);
	const struct queued *behind = queue_first(&s->queue);
	struct chunk chunk = {.place = behind ? behind->place : *place};

	if (end <= s->offset)
		return false;
	if (s->flags & STREAM_FIN_ASSUMED) {
		stream_retract_fin(s);
	} else if (end == s->offset + 1 && !behind) {
		s->flags |= STREAM_FIN_ASSUMED;
		stream_advance(s, 1);
		s->passed++;
		return true;
	}
	chunk.offset = s->offset;
	chunk.lost = end - s->offset;
	counters->gap_octets += chunk.lost;
	counters->gaps++;
	s->lost += chunk.lost;
	stream_advance(s, chunk.lost);
	sink->chunk(sink->context, direction, &chunk);
	return true;
}

/*
 * The grace runs for the octets that were acknowledged when it began; an
 * acknowledgement that keeps ahead of its data must not shorten it.
 */
static void
stream_watch_hole(struct stream *s, int64_t now_ns)
{
	if (s->hole_ns && s->offset < s->proven) {
		if (s->hole_packets <= CONFIG_HOLE_PACKETS)
			s->hole_packets++;
		return;
	}
	s->hole_ns = 0;
	s->hole_packets = 0;
	if (s->acked > s->offset && s->flags & STREAM_SEEN) {
		s->hole_ns = now_ns ? now_ns : 1;
		s->proven = s->acked;
	}
}

/* The receiver can be heard, and has not got what is in the hole either. */
static bool
stream_is_missed(const struct stream *s)
{
	return s->heard && s->acked <= s->offset;
}

static bool
stream_has_waited(const struct stream *s, int64_t now_ns)
{
	bool missed = stream_is_missed(s);

	if (s->queue.bytes > (missed ? CONFIG_MISSED_BYTES : CONFIG_QUEUE_BYTES) ||
		s->queue.count >
			(missed ? CONFIG_MISSED_SEGMENTS : CONFIG_QUEUE_SEGMENTS))
		return true;
	return s->hole_ns && (s->hole_packets > CONFIG_HOLE_PACKETS ||
				     now_ns - s->hole_ns >= CONFIG_HOLE_NS);
}

/*
 * Ends the wait of a direction: declares its hole, or the one that it waits for.
 * If both wait for each other, one of them lies.
 */
static void
streams_unblock(struct streams *streams, unsigned direction, const struct place *place,
	const struct stream_sink *sink, struct counters *counters)
{
	struct stream *s = &streams->side[direction];
	struct stream *peer = &streams->side[!direction];

	if (!stream_is_waiting(s))
		stream_declare_lost(s, direction, place, sink, counters);
	else if (!stream_declare_lost(peer, !direction, place, sink, counters))
		streams_deliver_queued(streams, direction, sink, counters);
}

static void
streams_judge_holes(struct streams *streams, const struct place *place,
	const struct stream_sink *sink, struct counters *counters)
{
	for (unsigned d = 0; d < 2; d++) {
		struct stream *s = &streams->side[d];

		stream_watch_hole(s, place->ts_ns);
		if (!stream_has_waited(s, place->ts_ns))
			continue;
		streams_unblock(streams, d, place, sink, counters);
		streams_drain(streams, sink, counters);
	}
}

/* ---- a segment ---- */

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
	if (acked > (int64_t)peer->heard && acked <= (int64_t)peer->offset)
		peer->heard = (uint64_t)acked;
	if (acked <= (int64_t)peer->offset)
		return acked < 0 ? 0 : (uint64_t)acked;
	if (acked > (int64_t)peer->offset + CONFIG_WINDOW_BYTES ||
		peer->flags & STREAM_ENDED)
		return 0;
	if (acked > (int64_t)peer->acked)
		peer->acked = (uint64_t)acked;
	if (!peer->hole_ns)
		stream_watch_hole(peer, now_ns);
	return (uint64_t)acked;
}

/*
 * The first packet of a direction.  If the capture began in the middle, what the other
 * side acknowledged before it was sent before the capture, and is no hole.
 */
static void
stream_see(struct streams *streams, unsigned direction, const struct segment *seg,
	uint32_t seq)
{
	struct stream *s = &streams->side[direction];
	bool midstream = !(streams->side[!direction].flags & STREAM_FROM_SYN);

	if (s->flags & STREAM_SEEN)
		return;
	s->flags |= STREAM_SEEN;
	if (!(s->flags & STREAM_PLACED) ||
		(midstream && (int32_t)(seq - s->next) > 0 && !(seg->flags & TCP_RST)))
		stream_place(s, seq);
}

/* The octets of a reset are a message to nobody. */
static void
streams_reset(struct streams *streams, unsigned direction, const struct piece *piece,
	int64_t offset, const struct stream_sink *sink, struct counters *counters)
{
	struct stream *s = &streams->side[direction];
	struct piece reset = {.offset = s->offset,
		.peer_acked = piece->peer_acked,
		.flags = TCP_RST,
		.place = piece->place};
	int64_t ahead = offset - (int64_t)s->offset;

	counters->pending_octets += piece->bytes;
	if (streams_ended(streams))
		return;
	if (ahead < 0 || ahead > CONFIG_WINDOW_BYTES) {
		counters->ignored_rst_packets++;
	} else if (ahead) {
		counters->ignored_rst_packets += !!(s->flags & STREAM_RST_AHEAD);
		s->flags |= STREAM_RST_AHEAD;
		s->reset_at = (uint64_t)offset;
	} else if (!stream_is_caused(streams, direction, reset.peer_acked)) {
		queue_put(&s->queue, &reset);
	} else {
		streams_finish_by(streams, direction, sink, counters);
	}
}

/* Takes off what was sent before the stream began. */
static void
piece_cut(
	struct stream *s, struct piece *piece, int64_t *offset, struct counters *counters)
{
	uint32_t old = (uint32_t) - *offset;

	stream_count_again(s, old, counters);
	piece->bytes -= old;
	piece->captured -= piece->captured < old ? piece->captured : old;
	piece->data = piece->captured ? piece->data + old : NULL;
	piece->flags |= PIECE_CUT;
	*offset = 0;
}

static void
streams_take(struct streams *streams, unsigned direction, struct piece *piece,
	int64_t offset, const struct stream_sink *sink, struct counters *counters)
{
	struct stream *s = &streams->side[direction];
	int64_t end = offset + piece->bytes + !!(piece->flags & TCP_FIN);

	if (offset < (int64_t)s->offset)
		stream_compare(s, direction, piece, offset, sink, counters);
	if (end <= (int64_t)s->offset) {
		stream_count_again(s, piece->bytes, counters);
		if (stream_is_probe(s, piece, offset))
			s->retransmitted--;
		return;
	}
	if (offset < 0)
		piece_cut(s, piece, &offset, counters);
	piece->offset = (uint64_t)offset;
	if (s->flags & STREAM_FIN_ASSUMED)
		stream_retract_fin(s);
	if (!(s->flags & STREAM_ENDED) && piece->offset + piece->bytes > s->highest)
		s->highest = piece->offset + piece->bytes;
	if (s->flags & STREAM_ENDED) {
		stream_refuse(s, piece, counters);
	} else if (piece->offset > s->offset ||
		   !stream_is_caused(streams, direction, piece->peer_acked) ||
		   queue_holds(&s->queue, s->offset, piece->offset + piece->bytes)) {
		counters->reordered_packets += piece->offset > s->offset;
		queue_put(&s->queue, piece);
	} else {
		stream_deliver(s, direction, piece, sink, counters);
	}
}

void
streams_feed(struct streams *streams, unsigned direction, const struct segment *seg,
	uint32_t seq, const struct place *place, const struct stream_sink *sink,
	struct counters *counters)
{
	struct stream *s = &streams->side[direction];
	const struct stream *peer = &streams->side[!direction];
	struct piece piece = {.data = seg->payload.at,
		.bytes = seg->payload_bytes,
		.captured = (uint32_t)seg->payload.n,
		.flags = seg->flags & TCP_FIN,
		.place = place};
	int64_t offset;

	streams->last_ns = place->ts_ns;
	stream_see(streams, direction, seg, seq);
	offset = stream_offset(s, seq);
	piece.peer_acked = streams_acknowledge(
		streams, direction, seg, offset, place->ts_ns);
	if (seg->is_contradicted)
		stream_contradict(direction, &piece, offset, sink);
	if (seg->is_signed) {
		counters->pending_octets += piece.bytes;
		counters->ignored_rst_packets++;
	} else if (seg->flags & TCP_RST)
		streams_reset(streams, direction, &piece, offset, sink, counters);
	else if (piece.bytes || piece.flags)
		streams_take(streams, direction, &piece, offset, sink, counters);
	if (s->queue.count || peer->queue.count || s->hole_ns || peer->hole_ns) {
		streams_drain(streams, sink, counters);
		streams_judge_holes(streams, place, sink, counters);
	}
}

/* ---- the end ---- */

/*
 * At the end a hole that nobody acknowledged is one too, unless it is absurdly wide, or
 * all that lies behind it is a FIN which the other side, being captured, never confirmed.
 */
static bool
streams_flush_hole(struct streams *streams, unsigned direction, bool proven,
	const struct stream_sink *sink, struct counters *counters)
{
	struct stream *s = &streams->side[direction];
	const struct queued *q = queue_first(&s->queue);

	if (stream_is_waiting(s) || !(s->flags & STREAM_SEEN))
		return false;
	if (s->acked <= s->offset) {
		if (proven || !q)
			return false;
		if (q->piece.offset - s->offset > CONFIG_HOLE_UNPROVEN_BYTES ||
			(!q->piece.bytes &&
				streams->side[!direction].flags & STREAM_SEEN)) {
			stream_discard_one(s, counters);
			s->highest = stream_extent(s);
			return true;
		}
	}
	return stream_declare_lost(s, direction, &(struct place){0}, sink, counters);
}

static bool
streams_flush_one(struct streams *streams, const struct stream_sink *sink,
	struct counters *counters)
{
	/* Acknowledged holes first: what waits for them waits for a reason. */
	for (unsigned i = 0; i < 4; i++)
		if (streams_flush_hole(streams, i & 1, i < 2, sink, counters))
			return true;
	for (unsigned d = 0; d < 2; d++)
		if (streams->side[d].queue.count) {
			streams_deliver_queued(streams, d, sink, counters);
			return true;
		}
	return false;
}

void
streams_flush(struct streams *streams, const struct stream_sink *sink,
	struct counters *counters)
{
	do {
		streams_drain(streams, sink, counters);
	} while (streams_flush_one(streams, sink, counters));
}

void
streams_finish(struct streams *streams, enum stream_end end,
	const struct stream_sink *sink, struct counters *counters)
{
	streams_flush(streams, sink, counters);
	for (unsigned d = 0; d < 2; d++) {
		struct stream *s = &streams->side[d];

		if (!(s->flags & STREAM_RST_AHEAD))
			continue;
		s->flags &= ~STREAM_RST_AHEAD;
		if (s->offset == s->reset_at) {
			s->flags |= STREAM_RESETS;
			end = STREAM_RST;
		} else {
			counters->ignored_rst_packets++;
		}
	}
	for (unsigned d = 0; d < 2; d++) {
		struct stream *s = &streams->side[d];
		bool fin = s->flags & STREAM_FIN_ASSUMED;

		stream_end(s, d, fin ? STREAM_FIN : end, sink, counters);
	}
}
