#include "analyzer/rules/neighbour.h"

#include "analyzer/base/mem.h"
#include "analyzer/rules/view.h"

struct neighbours {
	struct table *table; /* by connection */
};

struct neighbours *
neighbours_new(uint64_t memory_bytes)
{
	struct neighbours *neighbours = mem_alloc(sizeof *neighbours);

	neighbours->table = table_new_rough(sizeof(struct neighbour), memory_bytes, NULL);
	return neighbours;
}

void
neighbours_free(struct neighbours **neighbours)
{
	if (!*neighbours)
		return;
	table_free(&(*neighbours)->table);
	mem_free(*neighbours);
	*neighbours = NULL;
}

uint64_t
neighbours_evictions(const struct neighbours *neighbours)
{
	return table_evictions(neighbours->table);
}

void
neighbours_expect(
	const struct neighbours *neighbours, const struct exchange *x, table_fetch *fetch)
{
	fetch(neighbours->table, key_of_number(x->connection));
}

struct neighbour *
neighbours_last(struct neighbours *neighbours, const struct exchange *x)
{
	return table_use(neighbours->table, key_of_number(x->connection));
}

/* ---- an exchange in short ---- */

/* Most often it is the answer's. */
static uint64_t
hash_of(const struct view *view, const struct etag *tag)
{
	const struct etag *own = &view->x->etag;
	struct key key = own->raw.at && slice_eq(own->opaque, tag->opaque)
				 ? view->tag_key
				 : aggregate_tag_key(view->aggregate, tag);

	return key.low | 1;
}

static void
read_tags(struct neighbour *n, const struct view *view)
{
	const struct exchange *x = view->x;
	struct slice rest = x->inm;
	struct etag tag;

	if (n->tag &&
		slice_eq(x->inm, x->etag.raw)) { /* the only one, and the answer's */
		n->tags[n->tag_count++] = n->tag;
		return;
	}
	while (n->tag_count <= NEIGHBOUR_TAGS && exchange_next_tag(x, &rest, &tag)) {
		if (n->tag_count < NEIGHBOUR_TAGS)
			n->tags[n->tag_count] = hash_of(view, &tag);
		n->tag_count++;
	}
}

/* Without scheme and authority. */
static struct slice
path_of(struct slice location)
{
	size_t colon = slice_find(location, ':', 0);
	struct slice rest = slice_from(location, colon);

	if (!slice_has_prefix(rest, SLICE("://")))
		return location;
	rest = slice_from(rest, 3);
	return slice_from(rest, slice_find(rest, '/', 0));
}

/* ---- signs ---- */

static bool
names_tag(const struct neighbour *asker, uint64_t tag)
{
	for (unsigned i = 0; i < asker->tag_count && i < NEIGHBOUR_TAGS; i++)
		if (asker->tags[i] == tag)
			return true;
	return false;
}

/* What an answer may have that its own request does not explain. */
static bool
has_other_tag(const struct neighbour *n)
{
	return n->status == 304 && n->tag && n->tag_count &&
	       n->tag_count <= NEIGHBOUR_TAGS && !names_tag(n, n->tag);
}

/* All of the part was asked for; or, `some`, an octet of it. */
static bool
asks_for(const struct neighbour *asker, const struct content_range *part, bool some)
{
	for (unsigned i = 0; i < asker->range_count; i++) {
		struct range_spec spec = asker->ranges[i];

		if (spec.form == RANGE_SUFFIX && !part->complete_known)
			return some;
		if (spec.form == RANGE_SUFFIX) {
			spec.first = spec.last < part->complete
					     ? part->complete - spec.last
					     : 0;
			spec.last = UINT64_MAX;
		}
		if (some ? spec.first <= part->last && spec.last >= part->first
			 : spec.first <= part->first && spec.last >= part->last)
			return true;
	}
	return false;
}

static bool
has_other_range(const struct neighbour *n)
{
	return n->ranged && n->range_count && !asks_for(n, &n->range, true);
}

static bool
has_no_reason(const struct neighbour *n)
{
	return n->status == 304 && !n->conditional;
}

static bool
has_other_location(const struct neighbour *n)
{
	return n->location && n->location != n->resource;
}

static bool
is_odd(const struct neighbour *n)
{
	return has_other_tag(n) || has_other_range(n) || has_no_reason(n) ||
	       has_other_location(n);
}

/* What of that is explained by another request. */
static unsigned
count_explained(const struct neighbour *own, const struct neighbour *other)
{
	unsigned count = 0;

	count += has_other_tag(own) && names_tag(other, own->tag);
	count += has_other_range(own) && asks_for(other, &own->range, false);
	count += has_no_reason(own) && other->conditional && other->status == 200;
	count += has_other_location(own) && own->location == other->resource;
	return count;
}

/* The resource was given with these octets, but not by the answer itself. */
static bool
knows_octets(const struct resource *resource, const struct neighbour *n, bool *knows_any)
{
	*knows_any = false;
	for (unsigned i = 0; resource && i < resource->observation_count; i++) {
		const struct observation *o = resource->observations[i];

		if (!o->whole || !o->has_digest || o->response_ns >= n->response_ns)
			continue;
		*knows_any = true;
		if (o->digest.high == n->digest.high && o->digest.low == n->digest.low)
			return true;
	}
	return false;
}

static bool
is_content_of_other(const struct view *view, const struct neighbour *own,
	const struct neighbour *other)
{
	const struct history *history = view->history;
	bool ours, theirs;

	return own->has_digest && own->status == 200 &&
	       !knows_octets(history_resource(history, key_of_short(own->resource)), own,
		       &ours) &&
	       ours &&
	       knows_octets(history_resource(history, key_of_short(other->resource)), own,
		       &theirs);
}

static void
read_ranges(struct neighbour *n, const struct exchange *x)
{
	int count = 0;

	if (message_has(&x->q, FIELD_RANGE))
		count = range_parse(
			message_value(&x->q, FIELD_RANGE), n->ranges, NEIGHBOUR_RANGES);
	n->range_count = count > NEIGHBOUR_RANGES ? 0 : (uint8_t)count;
	n->ranged = x->r.status == 206 &&
		    content_range_parse(
			    message_value(&x->r, FIELD_CONTENT_RANGE), &n->range) &&
		    !n->range.unsatisfied;
}

void
neighbour_fill(struct neighbour *n, const struct view *view)
{
	const struct exchange *x = view->x;
	struct slice location = message_value(&x->r, FIELD_CONTENT_LOCATION);

	n->trans = x->trans;
	n->status = x->r.status;
	n->conditional = view_has_condition(view);
	n->has_digest = message_is_whole(&x->r) && x->r.content_bytes;
	n->resource = view->before->resource.low;
	n->server_key = view->server_key;
	n->digest = x->r.digest;
	n->response_ns = x->r.first.ts_ns;
	n->tag_count = n->finding_count = 0;
	n->tag = view_has_etag(view) ? view->tag_key.low | 1 : 0;
	n->location = location.n ? key_add(view->before->origin, path_of(location)).low
				 : 0;
	read_tags(n, view);
	read_ranges(n, x);
	n->odd = is_odd(n);
}

unsigned
neighbour_signs(const struct view *view, const struct neighbour *own,
	const struct neighbour *other)
{
	unsigned signs;

	if (own->resource == other->resource)
		return 0;
	signs = count_explained(own, other);
	/* The content is dear to compare, and is not enough. */
	return signs ? signs + is_content_of_other(view, own, other) : 0;
}

/* But for its findings. */
static void
neighbour_copy(struct neighbour *to, const struct neighbour *from)
{
	memcpy(to, from, offsetof(struct neighbour, tags));
	for (unsigned i = 0; i < from->tag_count && i < NEIGHBOUR_TAGS; i++)
		to->tags[i] = from->tags[i];
	if (from->ranged)
		to->range = from->range;
	for (unsigned i = 0; i < from->range_count; i++)
		to->ranges[i] = from->ranges[i];
}

void
neighbours_add(struct neighbours *neighbours, struct neighbour *last,
	const struct view *view, const size_t *findings, unsigned finding_count)
{
	struct key key = key_of_number(view->x->connection);
	struct neighbour *n = last;

	if (!view->now || view->x->is_last) {
		table_remove(neighbours->table, key);
		return;
	}
	if (!n)
		n = table_put(neighbours->table, key);
	neighbour_copy(n, view->now);
	for (; n->finding_count < finding_count && n->finding_count < NEIGHBOUR_FINDINGS;
		n->finding_count++)
		n->findings[n->finding_count] = (uint32_t)findings[n->finding_count];
}
