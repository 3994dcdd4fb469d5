#include "analyzer/flow/defrag.h"

#include "analyzer/base/mem.h"
#include "analyzer/config.h"

#include <assert.h>

enum {
	BUCKETS = 2 * CONFIG_DEFRAG_DATAGRAMS, /* a power of two */
	UNIT_BYTES = 8,			       /* fragments begin at multiples of it */
	UNITS_OF_OCTET = 8,
	CAPACITY_MIN = 2048,
	DATAGRAM_BYTES_MAX = 65535,
	NONE = UINT16_MAX,
};

#define LENGTH_UNKNOWN UINT32_MAX

enum state {
	STATE_OPEN,
	STATE_WHOLE,  /* handed on */
	STATE_REFUSED /* by overlap: no fragment of it is believed any more */
};

struct datagram {
	struct fragment key; /* of the first that came; header octets of all */
	int64_t begin_ns, whole_ns;
	uint8_t *octets; /* `capacity` of them, then a bit for each unit that is there */
	uint32_t capacity;
	uint32_t length;    /* of the payload, known from the last fragment on */
	uint32_t end;	    /* of what came */
	uint32_t units;	    /* that are there */
	uint32_t cut_at;    /* first octet that is not captured */
	uint32_t fragments; /* that wait */
	uint64_t frame_bytes;
	bool is_contradicted; /* octets or lengths differ between its fragments */
	enum state state;
	uint16_t next;	       /* in its bucket or the list of free entries */
	uint16_t older, newer; /* by begin_ns */
};

struct defrag {
	uint64_t seed;
	struct datagram *datagrams; /* NULL before the first fragment */
	uint16_t buckets[BUCKETS];
	uint16_t free, oldest, newest;
	uint32_t bytes;	 /* allocated for octets */
	uint8_t *handed; /* octets of the datagram handed on last */
};

struct defrag *
defrag_new(uint64_t seed)
{
	struct defrag *defrag = mem_alloc(sizeof *defrag);

	defrag->seed = seed;
	defrag->oldest = defrag->newest = NONE;
	return defrag;
}

static void
defrag_start(struct defrag *defrag)
{
	defrag->datagrams = mem_alloc(CONFIG_DEFRAG_DATAGRAMS * sizeof(struct datagram));
	memset(defrag->buckets, 0xff, sizeof defrag->buckets);
	for (uint16_t i = 0; i < CONFIG_DEFRAG_DATAGRAMS; i++)
		defrag->datagrams[i].next = i + 1 < CONFIG_DEFRAG_DATAGRAMS
						    ? (uint16_t)(i + 1)
						    : NONE;
}

/* ---- the table ---- */

static uint16_t *
defrag_bucket(struct defrag *defrag, const struct fragment *key)
{
	uint64_t words[4], hash = defrag->seed;

	memcpy(words, key->src.octets, 16);
	memcpy(words + 2, key->dst.octets, 16);
	for (unsigned i = 0; i < 4; i++) {
		hash = (hash ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	hash = (hash ^ key->id) * UINT64_C(0xbf58476d1ce4e5b9);
	return &defrag->buckets[(hash >> 32) % BUCKETS];
}

static bool
is_of(const struct datagram *d, const struct fragment *f)
{
	return d->key.id == f->id && d->key.version == f->version &&
	       (f->version == 6 || d->key.protocol == f->protocol) &&
	       address_eq(&d->key.src, &f->src) && address_eq(&d->key.dst, &f->dst);
}

static struct datagram *
defrag_find(struct defrag *defrag, const struct fragment *f)
{
	uint16_t index = *defrag_bucket(defrag, f);

	while (index != NONE && !is_of(&defrag->datagrams[index], f))
		index = defrag->datagrams[index].next;
	return index == NONE ? NULL : &defrag->datagrams[index];
}

static uint32_t
storage_bytes(uint32_t capacity)
{
	return capacity ? capacity + capacity / (UNIT_BYTES * UNITS_OF_OCTET) : 0;
}

static void
datagram_drop_octets(struct defrag *defrag, struct datagram *d)
{
	defrag->bytes -= storage_bytes(d->capacity);
	mem_free(d->octets);
	d->octets = NULL;
	d->capacity = 0;
}

/* What waits is given up; the entry stays. */
static void
datagram_expire(struct defrag *defrag, struct datagram *d, struct counters *counters)
{
	counters->fragments_expired += d->fragments;
	counters->not_tcp_octets += d->frame_bytes;
	d->fragments = 0;
	d->frame_bytes = 0;
	datagram_drop_octets(defrag, d);
}

static void
datagram_unlink(struct defrag *defrag, struct datagram *d)
{
	uint16_t index = (uint16_t)(d - defrag->datagrams);
	uint16_t *at = defrag_bucket(defrag, &d->key);

	while (*at != index)
		at = &defrag->datagrams[*at].next;
	*at = d->next;
	*(d->older == NONE ? &defrag->oldest
			   : &defrag->datagrams[d->older].newer) = d->newer;
	*(d->newer == NONE ? &defrag->newest
			   : &defrag->datagrams[d->newer].older) = d->older;
	d->next = defrag->free;
	defrag->free = index;
}

static void
datagram_forget(struct defrag *defrag, struct datagram *d, struct counters *counters)
{
	datagram_expire(defrag, d, counters);
	datagram_unlink(defrag, d);
}

static void
defrag_expire(struct defrag *defrag, int64_t now_ns, struct counters *counters)
{
	while (defrag->oldest != NONE) {
		struct datagram *d = &defrag->datagrams[defrag->oldest];

		if (now_ns - d->begin_ns <= CONFIG_DEFRAG_NS)
			return;
		datagram_forget(defrag, d, counters);
	}
}

static struct datagram *
datagram_new(struct defrag *defrag, const struct fragment *f, int64_t ts_ns,
	struct counters *counters)
{
	uint16_t *bucket = defrag_bucket(defrag, f);
	struct datagram *d;
	uint16_t index;

	if (defrag->free == NONE)
		datagram_forget(defrag, &defrag->datagrams[defrag->oldest], counters);
	index = defrag->free;
	d = &defrag->datagrams[index];
	defrag->free = d->next;
	*d = (struct datagram){.key = *f,
		.begin_ns = ts_ns,
		.length = LENGTH_UNKNOWN,
		.cut_at = LENGTH_UNKNOWN,
		.next = *bucket,
		.older = defrag->newest,
		.newer = NONE};
	d->key.header_bytes = 0;
	*(d->older == NONE ? &defrag->oldest
			   : &defrag->datagrams[d->older].newer) = index;
	*bucket = defrag->newest = index;
	return d;
}

/* ---- the octets ---- */

static uint8_t *
datagram_map(struct datagram *d)
{
	return d->octets + d->capacity;
}

static bool
has_unit(struct datagram *d, uint32_t unit)
{
	return unit * UNIT_BYTES < d->capacity &&
	       datagram_map(d)[unit / UNITS_OF_OCTET] & 1u << unit % UNITS_OF_OCTET;
}

/* Makes room up to `end`; others give way. */
static void
datagram_reserve(struct defrag *defrag, struct datagram *d, uint32_t end,
	struct counters *counters)
{
	uint32_t capacity = d->capacity ? d->capacity : CAPACITY_MIN, old = d->capacity;
	uint16_t index = defrag->oldest;

	while (capacity < end)
		capacity *= 2;
	if (capacity == old)
		return;
	while (defrag->bytes + storage_bytes(capacity) > CONFIG_DEFRAG_BYTES) {
		struct datagram *victim = &defrag->datagrams[index];

		index = victim->newer;
		if (victim != d)
			datagram_forget(defrag, victim, counters);
	}
	defrag->bytes += storage_bytes(capacity) - storage_bytes(old);
	d->octets = mem_grow(d->octets, storage_bytes(capacity));
	memmove(d->octets + capacity, d->octets + old, storage_bytes(old) - old);
	memset(d->octets + capacity + (storage_bytes(old) - old), 0,
		storage_bytes(capacity) - capacity - (storage_bytes(old) - old));
	d->capacity = capacity;
}

static uint32_t
fragment_end(const struct fragment *f)
{
	return f->offset + f->bytes;
}

/* How much of a fragment is there already. */
enum cover {
	COVER_NONE,
	COVER_PART, /* or all, with other octets */
	COVER_EQUAL,
};

static enum cover
datagram_cover(struct datagram *d, const struct fragment *f)
{
	uint32_t first = f->offset / UNIT_BYTES;
	uint32_t last = (fragment_end(f) + UNIT_BYTES - 1) / UNIT_BYTES, there = 0;
	uint32_t known = (uint32_t)f->octets.n;

	for (uint32_t unit = first; unit < last; unit++)
		there += has_unit(d, unit);
	if (!there)
		return COVER_NONE;
	if (there < last - first || fragment_end(f) > d->end)
		return COVER_PART;
	if (f->offset + known > d->cut_at)
		known = d->cut_at > f->offset ? d->cut_at - f->offset : 0;
	return known && memcmp(d->octets + f->offset, f->octets.at, known) != 0
		       ? COVER_PART
		       : COVER_EQUAL;
}

/* How many of its octets are there already, and others. */
static uint32_t
datagram_differences(struct datagram *d, const struct fragment *f)
{
	uint32_t known = d->cut_at < d->end ? d->cut_at : d->end, octets = 0;

	for (uint32_t i = 0; i < f->octets.n && f->offset + i < known; i++)
		octets += has_unit(d, (f->offset + i) / UNIT_BYTES) &&
			  d->octets[f->offset + i] != f->octets.at[i];
	return octets;
}

/* The first copy of an octet stays. */
static void
datagram_fill(struct datagram *d, const struct fragment *f)
{
	uint8_t *map = datagram_map(d);

	for (uint32_t at = 0; at < f->bytes; at += UNIT_BYTES) {
		uint32_t unit = (f->offset + at) / UNIT_BYTES;
		struct slice octets = slice_part(f->octets, at, at + UNIT_BYTES);

		if (has_unit(d, unit))
			continue;
		map[unit / UNITS_OF_OCTET] |= (uint8_t)(1u << unit % UNITS_OF_OCTET);
		d->units++;
		if (octets.n)
			memcpy(d->octets + f->offset + at, octets.at, octets.n);
		if (octets.n < UNIT_BYTES && at + octets.n < f->bytes &&
			f->offset + at + octets.n < d->cut_at)
			d->cut_at = (uint32_t)(f->offset + at + octets.n);
	}
	if (fragment_end(f) > d->end)
		d->end = fragment_end(f);
}

/* ---- a fragment ---- */

static bool
fragment_is_possible(const struct fragment *f)
{
	return f->bytes && fragment_end(f) <= DATAGRAM_BYTES_MAX &&
	       (f->is_last || f->bytes % UNIT_BYTES == 0);
}

/* A datagram has one length. */
static bool
is_consistent(const struct datagram *d, const struct fragment *f)
{
	if (f->is_last && d->length != LENGTH_UNKNOWN)
		return fragment_end(f) == d->length;
	return f->is_last ? fragment_end(f) >= d->end : fragment_end(f) <= d->length;
}

static bool
is_whole(const struct datagram *d)
{
	return d->length != LENGTH_UNKNOWN &&
	       d->units == (d->length + UNIT_BYTES - 1) / UNIT_BYTES;
}

/* A frame that adds nothing. */
static void
count_useless(struct counters *counters, uint64_t *kind, uint32_t frame_bytes)
{
	counters->not_tcp_octets += frame_bytes;
	++*kind;
}

/* False: the fragment was refused, and counted. */
static bool
datagram_add(struct defrag *defrag, struct datagram *d, const struct fragment *f,
	uint32_t frame_bytes, struct counters *counters)
{
	enum cover cover = datagram_cover(d, f);
	bool fits = is_consistent(d, f) && d->frame_bytes + frame_bytes <= UINT32_MAX;
	bool tells_length = f->is_last && d->length == LENGTH_UNKNOWN;

	if (cover == COVER_EQUAL && fits && !tells_length) {
		count_useless(counters, &counters->fragments_copied, frame_bytes);
		return false;
	}
	if (cover == COVER_PART || !fits) {
		uint32_t differences = datagram_differences(d, f);

		counters->fragments_overlapping++;
		counters->fragments_conflicting_octets += differences;
		d->is_contradicted |= differences || !fits;
		if (f->version == 6) {
			datagram_expire(defrag, d, counters);
			d->state = STATE_REFUSED;
		}
		if (f->version == 6 || !fits) {
			count_useless(
				counters, &counters->fragments_expired, frame_bytes);
			return false;
		}
	}
	datagram_reserve(defrag, d, fragment_end(f), counters);
	if (f->is_last)
		d->length = fragment_end(f);
	if (f->offset == 0)
		d->key.protocol = f->protocol;
	datagram_fill(d, f);
	d->key.header_bytes += f->header_bytes;
	d->frame_bytes += frame_bytes;
	d->fragments++;
	return true;
}

static enum decode
datagram_hand_on(struct defrag *defrag, struct datagram *d, struct segment *seg,
	uint32_t *frame_bytes, int64_t ts_ns, struct counters *counters)
{
	uint32_t known = d->cut_at < d->length ? d->cut_at : d->length;

	mem_free(defrag->handed);
	defrag->handed = d->octets;
	defrag->bytes -= storage_bytes(d->capacity);
	d->octets = NULL;
	d->capacity = 0;
	*frame_bytes = (uint32_t)d->frame_bytes;
	counters->datagrams_reassembled++;
	d->fragments = 0;
	d->frame_bytes = 0;
	d->state = STATE_WHOLE;
	d->whole_ns = ts_ns;
	return segment_resume(
		seg, &d->key, slice_of(defrag->handed, known), d->length, *frame_bytes);
}

/* The datagram to which the fragment belongs; NULL: it was counted. */
static struct datagram *
defrag_get(struct defrag *defrag, const struct fragment *f, uint32_t frame_bytes,
	int64_t ts_ns, struct counters *counters)
{
	struct datagram *d = defrag_find(defrag, f);

	if (d && d->state == STATE_REFUSED) {
		count_useless(counters, &counters->fragments_expired, frame_bytes);
		return NULL;
	}
	if (d && d->state == STATE_WHOLE) {
		if (ts_ns - d->whole_ns <= CONFIG_DUPLICATE_NS &&
			ts_ns >= d->whole_ns - CONFIG_DUPLICATE_NS) {
			count_useless(counters, &counters->fragments_copied, frame_bytes);
			return NULL;
		}
		datagram_forget(defrag, d, counters);
		d = NULL;
	}
	return d ? d : datagram_new(defrag, f, ts_ns, counters);
}

enum decode
defrag_feed(struct defrag *defrag, struct segment *seg, uint32_t *frame_bytes,
	int64_t ts_ns, struct counters *counters)
{
	enum decode decode = DECODE_FRAGMENT;
	bool is_contradicted = false;

	if (!defrag->datagrams)
		defrag_start(defrag);
	defrag_expire(defrag, ts_ns, counters);
	counters->fragment_packets++;
	while (decode == DECODE_FRAGMENT) { /* a datagram may hold another's fragment */
		const struct fragment f = seg->fragment;
		struct datagram *d;

		if (!fragment_is_possible(&f)) {
			seg->malformed = MALFORMED_FRAGMENT;
			return DECODE_MALFORMED;
		}
		d = defrag_get(defrag, &f, *frame_bytes, ts_ns, counters);
		if (d)
			d->is_contradicted |= is_contradicted;
		if (!d || !datagram_add(defrag, d, &f, *frame_bytes, counters) ||
			!is_whole(d))
			return DECODE_FRAGMENT;
		is_contradicted |= d->is_contradicted;
		decode = datagram_hand_on(defrag, d, seg, frame_bytes, ts_ns, counters);
	}
	seg->is_contradicted = is_contradicted;
	return decode;
}

void
defrag_finish(struct defrag *defrag, struct counters *counters)
{
	while (defrag->oldest != NONE)
		datagram_forget(defrag, &defrag->datagrams[defrag->oldest], counters);
}

void
defrag_free(struct defrag **defrag)
{
	struct defrag *d = *defrag;

	if (!d)
		return;
	for (uint16_t i = d->oldest; i != NONE; i = d->datagrams[i].newer)
		mem_free(d->datagrams[i].octets);
	mem_free(d->datagrams);
	mem_free(d->handed);
	mem_free(d);
	*defrag = NULL;
}
