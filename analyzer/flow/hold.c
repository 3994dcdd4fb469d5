#include "analyzer/flow/hold.h"

#include "analyzer/base/mem.h"
#include "analyzer/config.h"

struct hold *
hold_new(struct holds *holds, struct flow *flow, int64_t now_ns)
{
	struct hold *hold = mem_alloc(sizeof *hold);

	hold->flow = flow;
	hold->since_ns = now_ns;
	hold->bytes = sizeof *hold;
	hold->older = holds->youngest;
	if (hold->older)
		hold->older->younger = hold;
	else
		holds->oldest = hold;
	holds->youngest = hold;
	return hold;
}

void
hold_leave(struct holds *holds, struct hold *hold)
{
	if (hold->older)
		hold->older->younger = hold->younger;
	else
		holds->oldest = hold->younger;
	if (hold->younger)
		hold->younger->older = hold->older;
	else
		holds->youngest = hold->older;
}

void
hold_put(struct hold *hold, unsigned direction, const struct segment *seg,
	const struct place *place)
{
	size_t octets = seg->payload.n;
	struct held_packet *packet = mem_grow(NULL, sizeof *packet + octets);

	*packet = (struct held_packet){
		.seg = *seg, .place = *place, .direction = direction};
	if (octets)
		memcpy(packet->octets, seg->payload.at, octets);
	packet->seg.payload.at = packet->octets;
	if (hold->last)
		hold->last->next = packet;
	else
		hold->first = packet;
	hold->last = packet;
	hold->bytes += (uint32_t)(sizeof *packet + octets);
	hold->packets[direction]++;
}

struct held_packet *
hold_pop(struct hold *hold)
{
	struct held_packet *packet = hold->first;

	if (packet)
		hold->first = packet->next;
	if (!hold->first)
		hold->last = NULL;
	return packet;
}

bool
hold_is_full(const struct hold *hold)
{
	return hold->packets[0] + hold->packets[1] >= CONFIG_BEGIN_PACKETS ||
	       hold->bytes > CONFIG_QUEUE_BYTES;
}

static void
take_lower(uint32_t number, bool *found, uint32_t *seq)
{
	if (!*found || (int32_t)(number - *seq) < 0)
		*seq = number;
	*found = true;
}

bool
hold_lowest(const struct hold *hold, unsigned direction, bool acks, uint32_t *seq)
{
	bool found = false;

	for (const struct held_packet *p = hold->first; p; p = p->next) {
		if (p->seg.flags & TCP_RST)
			continue;
		if (p->direction == direction)
			take_lower(p->seg.seq, &found, seq);
		else if (acks && p->seg.flags & TCP_ACK)
			take_lower(p->seg.ack, &found, seq);
	}
	return found;
}

bool
hold_acked_at(const struct hold *hold, unsigned direction, uint32_t seq, uint32_t *ack)
{
	bool found = false;

	for (const struct held_packet *p = hold->first; p; p = p->next)
		if (p->direction == direction && p->seg.seq == seq &&
			(p->seg.flags & (TCP_ACK | TCP_RST)) == TCP_ACK)
			take_lower(p->seg.ack, &found, ack);
	return found;
}

bool
hold_is_foreign(const struct hold *hold, unsigned direction, uint32_t isn)
{
	for (const struct held_packet *p = hold->first; p; p = p->next) {
		bool own = p->direction == direction;
		uint32_t number = own ? p->seg.seq : p->seg.ack;

		/* Even a number that is a little lower: a split handshake's is equal. */
		if ((own || p->seg.flags & TCP_ACK) && !(p->seg.flags & TCP_RST) &&
			number - isn > CONFIG_WINDOW_BYTES)
			return true;
	}
	return false;
}
