#include "analyzer/flow/reuse.h"

#include "analyzer/config.h"

/* A number that no packet of the open connection could have at this time. */
static bool
reuse_is_far(const struct flow *flow, unsigned side, uint32_t seq)
{
	const struct stream *s = &flow->streams.side[side];
	int64_t ahead = stream_offset(s, seq) - (int64_t)s->offset;

	return ahead > CONFIG_WINDOW_BYTES || ahead < -CONFIG_WINDOW_BYTES;
}

static bool
reuse_is_confirmed(const struct flow *flow, unsigned direction, const struct segment *seg)
{
	unsigned side = !!(flow->flags & FLOW_REUSE_1);
	uint32_t start = flow->new_isn + 1;
	bool syn = seg->flags & TCP_SYN;

	if (!(flow->flags & FLOW_REUSE))
		return false;
	if (direction == side)
		return !syn && seg->payload_bytes && seg->seq == start &&
		       reuse_is_far(flow, side, start);
	return seg->flags & TCP_ACK && seg->ack == start &&
	       (syn || reuse_is_far(flow, side, start));
}

bool
reuse_is_own_syn(const struct flow *flow, unsigned direction, const struct segment *seg)
{
	const struct stream *s = &flow->streams.side[direction];
	bool known = flow->flags & (direction ? FLOW_ISN_1 : FLOW_ISN_0);

	if (known && flow->isn[direction] == seg->seq)
		return true;
	return !(s->flags & STREAM_PLACED) || stream_starts_at(s, seg->seq + 1) ||
	       (!known && !s->offset && s->next == seg->seq);
}

enum reuse
reuse_find(struct flow *flow, unsigned direction, const struct segment *seg)
{
	if (reuse_is_confirmed(flow, direction, seg))
		return REUSE_CONFIRMED;
	if (!(seg->flags & TCP_SYN) || reuse_is_own_syn(flow, direction, seg))
		return REUSE_NONE;
	if (flow->flags & FLOW_CLOSED)
		return REUSE_SYN;
	flow->flags &= ~(FLOW_REUSE_1 | FLOW_REUSE_SYN_ACK);
	flow->flags |= FLOW_REUSE | (direction ? FLOW_REUSE_1 : 0) |
		       (seg->flags & TCP_ACK ? FLOW_REUSE_SYN_ACK : 0);
	flow->new_isn = seg->seq;
	return REUSE_NONE;
}

void
reuse_begin(struct flow *flow, const struct flow *old)
{
	unsigned side = !!(old->flags & FLOW_REUSE_1);
	struct stream *s = &flow->streams.side[0];

	for (unsigned i = 0; i < 2; i++) {
		flow->address[i] = old->address[i ^ side];
		flow->port[i] = old->port[i ^ side];
	}
	stream_place(s, old->new_isn + 1);
	s->flags |= STREAM_FROM_SYN | STREAM_SEEN;
	flow->isn[0] = old->new_isn;
	flow->flags |= FLOW_CLIENT_KNOWN | FLOW_ISN_0 |
		       (old->flags & FLOW_REUSE_SYN_ACK ? FLOW_CLIENT_1 | FLOW_BEGUN : 0);
}
