#include "analyzer/history/delivered.h"

#include "analyzer/base/mem.h"

enum {
	KEYS_MAX = 3
};

/* One resource under which a body was delivered to a client. */
struct place_of {
	uint32_t resource;	       /* some bits of it, never 0; the lowest is 0 */
	unsigned path : 20, host : 12; /* the path without its query */
	int64_t first_ns, last_ns;
	int64_t kept_ns; /* the first that might be kept; INT64_MAX: none */
};

struct places {
	unsigned count, room;
	struct place_of places[];
};

/* Most bodies are delivered once: that is in the entry. */
struct body {
	uint32_t resource; /* and the lowest bit: it might be kept */
	unsigned path : 20, host : 12;
	int64_t once_ns;
	struct places *places; /* NULL: one place, once */
};

_Static_assert(sizeof(struct body) == 24, "a million of them was reckoned with");

static void
body_drop(void *entry)
{
	mem_free(((struct body *)entry)->places);
}

struct table *
delivered_new(uint64_t budget_bytes)
{
	return table_new(sizeof(struct body), budget_bytes, body_drop);
}

static struct key
body_key(struct key client, struct digest digest, unsigned kind)
{
	client = key_add_number(client, digest.high);
	client = key_add_number(client, digest.low);
	return kind ? key_add_number(client, kind) : client;
}

static bool
is_coded(const struct represented *body)
{
	return body->digest.high != body->digest_decoded.high ||
	       body->digest.low != body->digest_decoded.low;
}

/*
 * The names of a body: of its octets as sent, of what it decodes to where that was sent
 * coded, and where it was sent as it is.
 */
static unsigned
body_keys(struct key client, const struct represented *body, struct key keys[KEYS_MAX])
{
	unsigned count = 0;

	if (!body->has_digest)
		return 0;
	keys[count++] = body_key(client, body->digest, 0);
	if (!body->has_digest_decoded)
		return count;
	keys[count++] = body_key(client, body->digest_decoded, 1);
	if (is_coded(body))
		keys[count++] = body_key(client, body->digest_decoded, 0);
	return count;
}

static struct place_of
place_of(const struct before *before, const struct exchange *x)
{
	struct key none = key_start(0);
	struct slice path = slice_part(
		x->path_query, 0, slice_find(x->path_query, '?', 0));
	bool may_keep = !((x->q_cc.present | x->r_cc.present) & CC_NO_STORE);

	return (struct place_of){
		.resource = ((uint32_t)before->resource.low | 2) & ~1u,
		.path = key_add(none, path).low & 0xfffff,
		.host = key_add_nocase(none, x->host).low & 0xfff,
		.first_ns = x->r.last.ts_ns,
		.last_ns = x->r.last.ts_ns,
		.kept_ns = may_keep ? x->r.last.ts_ns : INT64_MAX,
	};
}

static unsigned
places_of(const struct body *body)
{
	return body->places ? body->places->count : 1;
}

static struct place_of
place_at(const struct body *body, unsigned at)
{
	if (body->places)
		return body->places->places[at];
	return (struct place_of){
		.resource = body->resource & ~1u,
		.path = body->path,
		.host = body->host,
		.first_ns = body->once_ns,
		.last_ns = body->once_ns,
		.kept_ns = body->resource & 1 ? body->once_ns : INT64_MAX,
	};
}

static void
body_begin(struct body *body, const struct place_of *place)
{
	body->resource = place->resource | (place->kept_ns != INT64_MAX);
	body->path = place->path;
	body->host = place->host;
	body->once_ns = place->first_ns;
}

/* Room for one more place beside those that there are, if that is not too many. */
static struct places *
body_grow(struct table *table, struct body *body)
{
	struct place_of first = place_at(body, 0);
	unsigned count = places_of(body);
	unsigned room = body->places ? 2 * body->places->room : 2;
	size_t bytes = sizeof *body->places + room * sizeof first;

	if (body->places && (count < body->places->room || count == DELIVERED_PLACES))
		return body->places;
	body->places = mem_grow(body->places, bytes);
	body->places->places[0] = first;
	body->places->count = count;
	body->places->room = room;
	table_own(table, body, bytes);
	return body->places;
}

/* A new place, or that of the stalest but the first. */
static void
places_add(struct places *places, const struct place_of *place)
{
	unsigned stalest = 1;

	if (places->count < places->room) {
		places->places[places->count++] = *place;
		return;
	}
	for (unsigned i = 2; i < places->count; i++)
		if (places->places[i].last_ns < places->places[stalest].last_ns)
			stalest = i;
	places->places[stalest] = *place;
}

static void
body_learn(struct table *table, struct key key, const struct place_of *place)
{
	struct body *body = table_put(table, key);
	struct places *places;

	if (!body->resource) {
		body_begin(body, place);
		return;
	}
	places = body_grow(table, body);
	for (unsigned i = 0; i < places->count; i++) {
		struct place_of *known = &places->places[i];

		if (known->resource == place->resource) {
			known->last_ns = place->last_ns;
			if (place->kept_ns < known->kept_ns)
				known->kept_ns = place->kept_ns;
			return;
		}
	}
	places_add(places, place);
}

static bool
is_delivery(const struct exchange *x, const struct represented *body)
{
	return x->method == METHOD_GET && x->r.complete && x->r.content_bytes &&
	       (x->r.status == 200 || x->r.status == 203) && body->has_digest;
}

void
delivered_learn(
	struct table *table, const struct before *before, const struct exchange *x)
{
	struct represented body = represented_of(x);
	struct place_of place;
	struct key keys[KEYS_MAX];
	unsigned count;

	if (!is_delivery(x, &body))
		return;
	place = place_of(before, x);
	count = body_keys(before->client, &body, keys);
	body_learn(table, keys[0], &place);
	if (count == KEYS_MAX)
		body_learn(table, keys[1], &place);
}

/* The closer a URI is to another, the likelier one of them is needless. */
static enum elsewhere
relation(const struct place_of *a, const struct place_of *b)
{
	if (a->path != b->path)
		return ELSEWHERE_PATH;
	return a->host == b->host ? ELSEWHERE_QUERY : ELSEWHERE_HOST;
}

static bool
is_new_path(const struct body *body, unsigned at, const struct place_of *own)
{
	struct place_of place = place_at(body, at), other;

	if (relation(&place, own) == ELSEWHERE_QUERY)
		return false;
	for (unsigned i = 0; i < at; i++) {
		other = place_at(body, i);
		if (relation(&place, &other) == ELSEWHERE_QUERY)
			return false;
	}
	return true;
}

static void
delivered_add(struct delivered *d, const struct body *body, const struct place_of *own,
	int64_t asked_ns)
{
	unsigned paths = 1;

	for (unsigned i = 0; i < places_of(body); i++) {
		struct place_of place = place_at(body, i);
		enum elsewhere closer;

		if (place.resource == own->resource) {
			d->here |= place.first_ns <= asked_ns;
			d->meanwhile |= place.last_ns > asked_ns;
			continue;
		}
		if (place.first_ns > asked_ns)
			continue;
		closer = relation(&place, own);
		if (d->elsewhere == ELSEWHERE_NONE || closer < d->elsewhere)
			d->elsewhere = closer;
		paths += is_new_path(body, i, own);
	}
	if (paths > d->paths)
		d->paths = paths;
}

static bool
was_kept_by(const struct body *body, int64_t ns)
{
	for (unsigned i = 0; i < places_of(body); i++)
		if (place_at(body, i).kept_ns <= ns)
			return true;
	return false;
}

struct delivered
delivered_find(
	const struct table *table, const struct before *before, const struct exchange *x)
{
	struct represented own = represented_of(x);
	struct place_of place;
	struct delivered d = {.paths = 1};
	int64_t head_ns = x->q.head_end.ts_ns, asked_ns = head_ns;
	struct key keys[KEYS_MAX];
	unsigned count;

	if (!is_delivery(x, &own))
		return d;
	place = place_of(before, x);
	if (x->handshake_rtt_ns > 0)
		asked_ns -= x->handshake_rtt_ns;
	count = body_keys(before->client, &own, keys);
	for (unsigned i = 0; i < count; i++) {
		const struct body *body = table_find(table, keys[i]);

		if (!body)
			continue;
		if (i == 0)
			d.as_sent = was_kept_by(body, head_ns);
		delivered_add(&d, body, &place, asked_ns);
	}
	return d;
}
