#include "analyzer/history/delivered.h"

#include "analyzer/base/mem.h"

enum {
	KEYS_MAX = 3
};

/* One resource under which a body was delivered to a client. */
struct place_of {
	uint64_t resource;
	uint32_t host, path; /* the path without its query */
	int64_t first_ns, last_ns;
	int64_t kept_ns; /* the first that might be kept; INT64_MAX: none */
};

struct others {
	unsigned count, room;
	struct place_of places[];
};

struct body {
	struct place_of first;
	struct others *others; /* NULL: the first is the only one */
};

static void
body_drop(void *entry)
{
	mem_free(((struct body *)entry)->others);
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
		.resource = before->resource.low,
		.host = (uint32_t)key_add_nocase(none, x->host).low,
		.path = (uint32_t)key_add(none, path).low,
		.first_ns = x->r.last.ts_ns,
		.last_ns = x->r.last.ts_ns,
		.kept_ns = may_keep ? x->r.last.ts_ns : INT64_MAX,
	};
}

static unsigned
places_of(const struct body *body)
{
	return 1 + (body->others ? body->others->count : 0);
}

static const struct place_of *
place_at(const struct body *body, unsigned at)
{
	return at ? &body->others->places[at - 1] : &body->first;
}

/* Room for one more resource: a new one, or that of the stalest but the first. */
static struct place_of *
body_add(struct table *table, struct body *body)
{
	struct others *others = body->others;
	unsigned stalest = 0;

	if (!others ||
		(others->count == others->room && others->room < DELIVERED_PLACES - 1)) {
		unsigned room = others ? 2 * others->room + 1 : 1;

		body->others = mem_grow(
			others, sizeof *others + room * sizeof *others->places);
		if (!others)
			body->others->count = 0;
		others = body->others;
		others->room = room;
		table_own(table, body, sizeof *others + room * sizeof *others->places);
	}
	if (others->count < others->room)
		return &others->places[others->count++];
	for (unsigned i = 1; i < others->count; i++)
		if (others->places[i].last_ns < others->places[stalest].last_ns)
			stalest = i;
	return &others->places[stalest];
}

static void
body_learn(struct table *table, struct key key, const struct place_of *place)
{
	struct body *body = table_put(table, key);

	if (!body->first.resource && !body->first.last_ns) {
		body->first = *place;
		return;
	}
	for (unsigned i = 0; i < places_of(body); i++) {
		struct place_of *known = (struct place_of *)place_at(body, i);

		if (known->resource == place->resource) {
			known->last_ns = place->last_ns;
			if (place->kept_ns < known->kept_ns)
				known->kept_ns = place->kept_ns;
			return;
		}
	}
	*body_add(table, body) = *place;
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
	struct place_of place = place_of(before, x);
	struct key keys[KEYS_MAX];
	unsigned count;

	if (!is_delivery(x, &body))
		return;
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
	const struct place_of *place = place_at(body, at);

	if (relation(place, own) == ELSEWHERE_QUERY)
		return false;
	for (unsigned i = 0; i < at; i++)
		if (relation(place, place_at(body, i)) == ELSEWHERE_QUERY)
			return false;
	return true;
}

static void
delivered_add(struct delivered *d, const struct body *body, const struct place_of *own,
	int64_t asked_ns)
{
	unsigned paths = 1;

	for (unsigned i = 0; i < places_of(body); i++) {
		const struct place_of *place = place_at(body, i);
		enum elsewhere closer;

		if (place->resource == own->resource) {
			d->here |= place->first_ns <= asked_ns;
			d->meanwhile |= place->last_ns > asked_ns;
			continue;
		}
		if (place->first_ns > asked_ns)
			continue;
		closer = relation(place, own);
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
		if (place_at(body, i)->kept_ns <= ns)
			return true;
	return false;
}

struct delivered
delivered_find(
	const struct table *table, const struct before *before, const struct exchange *x)
{
	struct represented own = represented_of(x);
	struct place_of place = place_of(before, x);
	struct delivered d = {.paths = 1};
	int64_t head_ns = x->q.head_end.ts_ns, asked_ns = head_ns;
	struct key keys[KEYS_MAX];
	unsigned count;

	if (!is_delivery(x, &own))
		return d;
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
