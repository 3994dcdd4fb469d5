#include "analyzer/sieve.h"

#include "analyzer/base/table.h"
#include "analyzer/capture/writer.h"

#include <inttypes.h>

enum {
	SHARE = 4 /* tables of one budget */
};

/* A flow, and between whom its fragments were seen. */
struct fragmented {
	struct key flow, pair;
};

struct sieve {
	struct key start;
	struct table *connections; /* number to struct key of the flow */
	struct table *flows;	   /* marked; struct key of itself */
	struct table *fragmented;  /* by flow */
	struct table *pairs;	   /* of marked flows with fragments */
};

struct sieve *
sieve_new(uint64_t memory_bytes, uint64_t seed)
{
	struct sieve *sieve = mem_alloc(sizeof *sieve);
	uint64_t bytes = memory_bytes / SHARE;

	sieve->start = key_start(seed);
	sieve->connections = table_new(sizeof(struct key), bytes, NULL);
	sieve->flows = table_new(sizeof(struct key), bytes, NULL);
	sieve->fragmented = table_new(sizeof(struct fragmented), bytes, NULL);
	sieve->pairs = table_new(sizeof(struct key), bytes, NULL);
	return sieve;
}

void
sieve_free(struct sieve **sieve)
{
	struct sieve *s = *sieve;

	if (!s)
		return;
	table_free(&s->connections);
	table_free(&s->flows);
	table_free(&s->fragmented);
	table_free(&s->pairs);
	mem_free(s);
	*sieve = NULL;
}

/* ---- keys ---- */

static struct key
add_end(struct key key, const struct address *address, uint16_t port)
{
	key = key_add(key, slice_of(address->octets, sizeof address->octets));
	return key_add_number(key, port);
}

/* The same for both directions. */
static struct key
flow_key(const struct sieve *sieve, const struct address *a, uint16_t a_port,
	const struct address *b, uint16_t b_port)
{
	int order = memcmp(a, b, sizeof *a);

	if (order > 0 || (order == 0 && a_port > b_port))
		return add_end(add_end(sieve->start, b, b_port), a, a_port);
	return add_end(add_end(sieve->start, a, a_port), b, b_port);
}

static struct key
segment_key(const struct sieve *sieve, const struct segment *seg)
{
	return flow_key(sieve, &seg->src, seg->sport, &seg->dst, seg->dport);
}

static struct key
pair_key(const struct sieve *sieve, const struct address *a, const struct address *b)
{
	return flow_key(sieve, a, 0, b, 0);
}

static void
put(struct table *table, struct key key)
{
	*(struct key *)table_put(table, key) = key;
}

/* ---- the first time ---- */

static struct key
connection_key(const struct sieve *sieve, uint64_t connection)
{
	return key_add_number(sieve->start, (uint32_t)connection);
}

void
sieve_see(struct sieve *sieve, const struct exchange *x)
{
	*(struct key *)table_put(sieve->connections,
		connection_key(sieve, x->connection)) = flow_key(sieve,
		&x->client.address, x->client.port, &x->server.address, x->server.port);
}

void
sieve_mark(struct sieve *sieve, uint64_t connection)
{
	const struct key *flow = table_use(
		sieve->connections, connection_key(sieve, connection));

	if (flow)
		put(sieve->flows, *flow);
}

void
sieve_see_fragments(struct sieve *sieve, const struct address *src,
	const struct address *dst, const struct segment *seg)
{
	struct key flow = segment_key(sieve, seg);

	*(struct fragmented *)table_put(sieve->fragmented, flow) = (struct fragmented){
		flow, pair_key(sieve, src, dst)};
}

uint64_t
sieve_evictions(const struct sieve *sieve)
{
	return table_evictions(sieve->flows) + table_evictions(sieve->fragmented);
}

/* ---- the second time ---- */

static void
find_pairs(struct sieve *sieve)
{
	const struct fragmented *f = table_oldest(sieve->fragmented);

	for (; f; f = table_newer(sieve->fragmented, f))
		if (table_find(sieve->flows, f->flow))
			put(sieve->pairs, f->pair);
}

static bool
is_wanted(const struct sieve *sieve, const struct packet *packet)
{
	struct frame frame = {
		packet->data, packet->wire_bytes, packet->link_type, packet->fcs_bytes};
	struct segment seg;
	enum decode decode = segment_decode(&seg, &frame);

	if (decode == DECODE_TCP)
		return table_find(sieve->flows, segment_key(sieve, &seg)) != NULL;
	return decode == DECODE_FRAGMENT &&
	       table_find(sieve->pairs,
		       pair_key(sieve, &seg.fragment.src, &seg.fragment.dst)) != NULL;
}

int
sieve_write(struct sieve *sieve, struct source *source, uint64_t packets, struct out *out,
	struct err *err)
{
	struct writer writer;
	struct packet packet;
	uint64_t left = packets;
	int got = 1;

	find_pairs(sieve);
	writer_init(&writer, out, out->name);
	while (!out_broke(out) && left && (got = source_next(source, &packet, err)) > 0) {
		left--;
		if (is_wanted(sieve, &packet) && writer_packet(&writer, &packet, err) < 0)
			return -1;
	}
	writer_finish(&writer);
	if (!got)
		err_set(err, EXIT_INPUT,
			"%s: only %" PRIu64 " of %" PRIu64
			" packets could be read the second time",
			out->name, packets - left, packets);
	return got > 0 ? 0 : -1;
}
