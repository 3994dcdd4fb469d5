#include "analyzer/flow/duplicate.h"

#include "analyzer/config.h"

static bool
duplicate_is_copy(const struct duplicate_frame *a, const struct duplicate_frame *b)
{
	int64_t apart_ns = a->ts_ns - b->ts_ns;

	return a->seq == b->seq && a->stream == b->stream && a->bytes == b->bytes &&
	       a->mark == b->mark && apart_ns <= CONFIG_DUPLICATE_NS &&
	       apart_ns >= -CONFIG_DUPLICATE_NS;
}

bool
duplicate_find(struct duplicates *duplicates, uint64_t stream, const struct segment *seg,
	int64_t ts_ns)
{
	struct duplicate_frame now = {.stream = stream,
		.ts_ns = ts_ns,
		.seq = seg->seq,
		.bytes = seg->payload_bytes,
		.mark = (uint32_t)seg->flags << 24 |
			(seg->ip_id ? seg->ip_id : UINT32_C(0x10000) | seg->checksum)};
	struct duplicate_frame *set;
	uint64_t spread;

	if (!seg->payload_bytes) {
		now.stream |= UINT64_C(1) << 63;
		now.bytes = seg->ack;
	}
	/* Acknowledgements of one stream of data all have the same sequence number. */
	spread = (now.stream * UINT64_C(0x9e3779b97f4a7c15) ^ seg->seq ^
			 (uint64_t)now.bytes << 32) *
		 UINT64_C(0xbf58476d1ce4e5b9);
	set = duplicates->frames[(spread >> 32) % DUPLICATE_SETS];
	for (unsigned way = 0; way < DUPLICATE_WAYS; way++)
		if (duplicate_is_copy(&set[way], &now))
			return true;
	for (unsigned way = DUPLICATE_WAYS - 1; way > 0; way--)
		set[way] = set[way - 1];
	set[0] = now;
	return false;
}
