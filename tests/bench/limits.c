/*
 * tests/bench/limits.c - the loops that bound what an analyser can do
 *
 *	limits pcap|walk|decode|flow|hash PCAP
 *
 *	pcap	libpcap's loop, counting packets
 *	walk	our own walk over the records
 *	decode	+ segment_decode()
 *	flow	+ a look-up in a flow table and the check of the sequence number
 *	hash	+ XXH3 of each payload
 *
 * Little-endian pcap of Ethernet frames in order only: what tests/bench/gen.c writes.
 * A loop prints what it saw, so that no compiler leaves it out.
 */
#define _DEFAULT_SOURCE /* <pcap/pcap.h> needs u_int */
#include "parsers/pcapfile.h"
#include "parsers/segment.h"

#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
	WINDOW_BYTES = 256 * 1024,
	FLOW_SLOTS_MIN = 1024,
	LINK_ETHERNET = 1,
};

/* The endpoints in a fixed order, so that both directions are one flow. */
struct flow_key {
	struct address low, high;
	uint16_t low_port, high_port;
};

struct flow {
	struct flow_key key;
	uint32_t next_seq[2];
	bool is_used, has_seq[2];
};

struct limits {
	int depth; /* 0 walk, 1 decode, 2 flow, 3 hash */
	struct flow *flows;
	size_t slots, used; /* slots is a power of two */
	uint64_t packets, tcp, in_order, hash;
};

static void
limits_fail(const char *what)
{
	fprintf(stderr, "limits: %s\n", what);
	exit(1);
}

static struct flow *
flow_slot(struct flow *flows, size_t slots, const struct flow_key *key)
{
	size_t at = XXH3_64bits(key, sizeof *key) & (slots - 1);

	while (flows[at].is_used && memcmp(&flows[at].key, key, sizeof *key) != 0)
		at = (at + 1) & (slots - 1);
	return &flows[at];
}

static void
flow_table_grow(struct limits *l)
{
	size_t slots = l->slots ? l->slots * 2 : FLOW_SLOTS_MIN;
	struct flow *flows = calloc(slots, sizeof *flows);

	if (!flows)
		limits_fail("no memory");
	for (size_t i = 0; i < l->slots; i++)
		if (l->flows[i].is_used)
			*flow_slot(flows, slots, &l->flows[i].key) = l->flows[i];
	free(l->flows);
	l->flows = flows;
	l->slots = slots;
}

static struct flow *
flow_get(struct limits *l, const struct flow_key *key)
{
	struct flow *flow;

	if (l->used * 2 >= l->slots)
		flow_table_grow(l);
	flow = flow_slot(l->flows, l->slots, key);
	if (!flow->is_used) {
		flow->key = *key;
		flow->is_used = true;
		l->used++;
	}
	return flow;
}

static void
limits_flow(struct limits *l, const struct segment *seg)
{
	int order = memcmp(&seg->src, &seg->dst, sizeof seg->src);
	bool is_up = order < 0 || (order == 0 && seg->sport < seg->dport);
	struct flow_key key;
	struct flow *flow;

	key.low = is_up ? seg->src : seg->dst;
	key.high = is_up ? seg->dst : seg->src;
	key.low_port = is_up ? seg->sport : seg->dport;
	key.high_port = is_up ? seg->dport : seg->sport;
	flow = flow_get(l, &key);
	l->in_order += !flow->has_seq[is_up] || flow->next_seq[is_up] == seg->seq;
	flow->has_seq[is_up] = true;
	flow->next_seq[is_up] = seg->seq + seg->payload_bytes + !!(seg->flags & TCP_SYN) +
				!!(seg->flags & TCP_FIN);
}

static void
limits_packet(struct limits *l, struct slice octets, uint32_t wire_bytes)
{
	struct segment seg;

	l->packets++;
	if (l->depth < 1 || segment_decode(&seg, &(struct frame){octets, wire_bytes,
							 LINK_ETHERNET, 0}) != DECODE_TCP)
		return;
	l->tcp++;
	if (l->depth >= 2)
		limits_flow(l, &seg);
	if (l->depth >= 3)
		l->hash ^= XXH3_64bits(seg.payload.at, seg.payload.n);
}

/* The whole records of the window; returns the octets used. */
static size_t
limits_window(struct limits *l, const struct pcap_header *header, struct slice window)
{
	size_t at = 0, head = header->record_header_bytes;
	struct pcap_record record;

	while (window.n - at >= head) {
		pcap_record_parse(&record, header, window.at + at);
		if (record.captured_bytes > WINDOW_BYTES / 2)
			limits_fail("a record is too long");
		if (window.n - at - head < record.captured_bytes)
			break;
		limits_packet(l, slice_of(window.at + at + head, record.captured_bytes),
			record.wire_bytes);
		at += head + record.captured_bytes;
	}
	return at;
}

static void
limits_walk(struct limits *l, const char *path)
{
	static uint8_t window[WINDOW_BYTES];
	struct pcap_header header;
	FILE *file = fopen(path, "rb");
	size_t kept = 0, n, used;

	if (!file || setvbuf(file, NULL, _IONBF, 0) != 0 ||
		fread(window, 1, PCAP_HEADER_BYTES, file) != PCAP_HEADER_BYTES ||
		!pcap_header_parse(&header, slice_of(window, PCAP_HEADER_BYTES)))
		limits_fail("no pcap file");
	while ((n = fread(window + kept, 1, WINDOW_BYTES - kept, file)) > 0) {
		used = limits_window(l, &header, slice_of(window, kept + n));
		kept += n - used;
		memmove(window, window + used, kept);
	}
	fclose(file);
}

static void
limits_count(u_char *user, const struct pcap_pkthdr *header, const u_char *octets)
{
	(void)header;
	(void)octets;
	((struct limits *)(void *)user)->packets++;
}

static void
limits_libpcap(struct limits *l, const char *path)
{
	char trouble[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_open_offline(path, trouble);

	if (!pcap)
		limits_fail(trouble);
	if (pcap_dispatch(pcap, -1, limits_count, (u_char *)l) < 0)
		limits_fail(pcap_geterr(pcap));
	pcap_close(pcap);
}

int
main(int argc, char **argv)
{
	static const char *const loops[] = {"walk", "decode", "flow", "hash"};
	struct limits l = {.depth = -1};

	for (int i = 0; argc == 3 && i < 4; i++)
		if (strcmp(argv[1], loops[i]) == 0)
			l.depth = i;
	if (argc != 3 || (l.depth < 0 && strcmp(argv[1], "pcap") != 0))
		limits_fail("usage: limits pcap|walk|decode|flow|hash PCAP");
	if (l.depth < 0)
		limits_libpcap(&l, argv[2]);
	else
		limits_walk(&l, argv[2]);
	printf("%" PRIu64 " packets, %" PRIu64 " TCP, %" PRIu64
	       " in order, %zu flows, %016" PRIx64 "\n",
		l.packets, l.tcp, l.in_order, l.used, l.hash);
	free(l.flows);
	return 0;
}
