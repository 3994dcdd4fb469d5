#include "analyzer/sieve.h"

#include "analyzer/base/table.h"
#include "analyzer/capture/writer.h"

#include <inttypes.h>

enum {
	SHARE = 5,		     /* tables of one budget */
	SPOOL_LEAST_BYTES = 1 << 19, /* with less there is nothing to choose from */
};

/* A flow, and between whom its fragments were seen. */
struct fragmented {
	struct key flow, pair;
};

/* A flow, or two ends of fragments, and how many of its packets had to go. */
struct lost {
	struct key key;
	uint64_t packets;
};

struct sieve {
	struct spool *spool; /* or NULL */
	struct key start;
	struct table *connections; /* number to struct key of the flow */
	struct table *flows;	   /* marked; struct key of itself */
	struct table *fragmented;  /* by flow */
	struct table *pairs;	   /* of marked flows with fragments */
	struct table *lost;
	uint64_t missed; /* connections to be marked that were forgotten */
};

struct sieve *
sieve_new(uint64_t memory_bytes, uint64_t seed, struct spool *spool)
{
	struct sieve *sieve = mem_alloc(sizeof *sieve);
	uint64_t bytes = memory_bytes / SHARE;

	sieve->spool = spool;
	sieve->start = key_start(seed);
	sieve->connections = table_new(sizeof(struct key), bytes, NULL);
	sieve->flows = table_new(sizeof(struct key), bytes, NULL);
	sieve->fragmented = table_new(sizeof(struct fragmented), bytes, NULL);
	sieve->pairs = table_new(sizeof(struct key), bytes, NULL);
	sieve->lost = table_new(sizeof(struct lost), bytes, NULL);
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
	table_free(&s->lost);
	mem_free(s);
	*sieve = NULL;
}

bool
sieve_is_spooling(const struct sieve *sieve)
{
	return sieve->spool != NULL;
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
	sieve->missed += !flow;
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
	return table_evictions(sieve->flows) + table_evictions(sieve->fragmented) +
	       sieve->missed;
}

/* ---- what is wanted ---- */

static void
find_pairs(struct sieve *sieve)
{
	const struct fragmented *f = table_oldest(sieve->fragmented);

	for (; f; f = table_newer(sieve->fragmented, f))
		if (table_find(sieve->flows, f->flow))
			put(sieve->pairs, f->pair);
}

/* What a packet is looked for by, and where; NULL: nobody asks for it. */
static const struct table *
place_of(const struct sieve *sieve, const struct packet *packet, struct key *key)
{
	struct frame frame = {
		packet->data, packet->wire_bytes, packet->link_type, packet->fcs_bytes};
	struct segment seg;
	enum decode decode = segment_decode(&seg, &frame);

	if (decode == DECODE_TCP)
		*key = segment_key(sieve, &seg);
	else if (decode == DECODE_FRAGMENT)
		*key = pair_key(sieve, &seg.fragment.src, &seg.fragment.dst);
	return decode == DECODE_TCP	   ? sieve->flows
	       : decode == DECODE_FRAGMENT ? sieve->pairs
					   : NULL;
}

static bool
is_wanted(const struct sieve *sieve, const struct packet *packet)
{
	struct key key;
	const struct table *wanted = place_of(sieve, packet, &key);

	return wanted && table_find(wanted, key);
}

/* ---- packets that come once ---- */

/* So many octets have to go of the older ones, the oldest first. */
struct thinning {
	struct sieve *sieve;
	uint64_t older_bytes;
	uint64_t wanted_bytes, other_bytes;
};

static void
note_lost(struct sieve *sieve, const struct packet *packet)
{
	struct key key;
	struct lost *lost;

	if (!place_of(sieve, packet, &key))
		return;
	lost = table_put(sieve->lost, key);
	lost->key = key;
	lost->packets++;
}

static bool
keep(void *context, const struct packet *packet)
{
	struct thinning *thinning = context;
	uint64_t bytes = spool_packet_bytes(packet), *left;

	if (thinning->older_bytes < bytes)
		return true;
	thinning->older_bytes -= bytes;
	left = is_wanted(thinning->sieve, packet) ? &thinning->wanted_bytes
						  : &thinning->other_bytes;
	if (!*left)
		return true;
	*left -= bytes < *left ? bytes : *left;
	note_lost(thinning->sieve, packet);
	return false;
}

static uint64_t
above(uint64_t bytes, uint64_t limit)
{
	return bytes > limit ? bytes - limit : 0;
}

/* Makes half of the room free.  Of the newest packets nobody knows yet whether they are
 * wanted: they stay. */
static void
sieve_thin(struct sieve *sieve)
{
	uint64_t part_bytes = spool_room_bytes(sieve->spool) / 4;
	uint64_t older_bytes = above(spool_bytes(sieve->spool), part_bytes);
	struct thinning thinning = {.sieve = sieve, .older_bytes = older_bytes};
	uint64_t wanted_bytes = 0, seen_bytes = 0;
	struct packet packet;

	find_pairs(sieve);
	spool_rewind(sieve->spool);
	while (spool_next(sieve->spool, &packet)) {
		uint64_t bytes = spool_packet_bytes(&packet);

		seen_bytes += bytes;
		if (seen_bytes > older_bytes)
			break;
		wanted_bytes += is_wanted(sieve, &packet) ? bytes : 0;
	}
	thinning.wanted_bytes = above(wanted_bytes, part_bytes);
	thinning.other_bytes = above(older_bytes, part_bytes) - thinning.wanted_bytes;
	spool_thin(sieve->spool, keep, &thinning);
}

void
sieve_keep(struct sieve *sieve, const struct packet *packet, enum decode decode)
{
	bool may_be_wanted = decode == DECODE_TCP || decode == DECODE_FRAGMENT;

	if (!sieve->spool || !may_be_wanted || spool_put(sieve->spool, packet))
		return;
	if (spool_room_bytes(sieve->spool) >= SPOOL_LEAST_BYTES)
		sieve_thin(sieve);
	if (!spool_put(sieve->spool, packet))
		note_lost(sieve, packet);
}

uint64_t
sieve_lost_packets(struct sieve *sieve, uint64_t *flows)
{
	const struct lost *lost = table_oldest(sieve->lost);
	uint64_t packets = 0;

	find_pairs(sieve);

	*flows = 0;
	for (; lost; lost = table_newer(sieve->lost, lost)) {
		if (!table_find(sieve->flows, lost->key) &&
			!table_find(sieve->pairs, lost->key))
			continue;
		packets += lost->packets;
		++*flows;
	}
	return packets;
}

/* ---- the second time ---- */

/* As source_next(). */
static int
next_again(struct sieve *sieve, struct source *source, struct packet *packet,
	struct err *err)
{
	return sieve->spool ? spool_next(sieve->spool, packet)
			    : source_next(source, packet, err);
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
	if (sieve->spool)
		spool_rewind(sieve->spool);
	writer_init(&writer, out, out->name);
	while (!out_broke(out) && left &&
		(got = next_again(sieve, source, &packet, err)) > 0) {
		left--;
		if (is_wanted(sieve, &packet) && writer_packet(&writer, &packet, err) < 0)
			return -1;
	}
	writer_finish(&writer);
	if (sieve->spool && spool_failed(sieve->spool)) {
		err_set(err, EXIT_OUTPUT, "packets that were kept for %s are lost (%s)",
			out->name, strerror(spool_failed(sieve->spool)));
		return -1;
	}
	if (got > 0 || sieve->spool)
		return 0;
	if (!got)
		err_set(err, EXIT_INPUT,
			"%s: only %" PRIu64 " of %" PRIu64
			" packets could be read the second time",
			out->name, packets - left, packets);
	return -1;
}
