/* Parts compared with others of their representation [RFC9110 15.3.7; RFC9111 3.3]. */
#include "analyzer/rules/asked.h"
#include "analyzer/rules/recent.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"
#include "parsers/mediatype.h"

enum {
	REFETCHED_BYTES = 64 << 10,
};

/* What is wrong with the parts; those that break off the reading first. */
static const char *
flaw_of_parts(const struct byteranges *parts)
{
	if (parts->flaws & BYTERANGES_NO_RANGE)
		return "part-without-content-range";
	if (parts->flaws & BYTERANGES_LENGTH || parts->state == BYTERANGES_DATA)
		return "part-length";
	if (parts->state == BYTERANGES_PREAMBLE)
		return "boundary-not-found";
	return parts->state != BYTERANGES_DONE ? "unterminated" : NULL;
}

/* A whole answer says of which type the parts are, and they do not. */
static bool
lacks_type(const struct view *view)
{
	const struct resource *resource = view->resource;

	if (!(view->x->r.parts->flaws & BYTERANGES_NO_TYPE))
		return false;
	for (unsigned i = 0; i < recent_count(view); i++)
		if (resource->observations[i]->status == 200 &&
			resource->observations[i]->content_type.n)
			return true;
	return false;
}

bool
rule_206_multipart(const struct view *view, struct ruling *ruling)
{
	const struct message *r = &view->x->r;
	struct slice type = message_value(r, FIELD_CONTENT_TYPE);
	struct slice essence = mediatype_essence(type);
	struct asked asked = asked_read(message_value(&view->x->q, FIELD_RANGE));

	if (slice_eq_nocase(essence, SLICE("multipart/x-byteranges")))
		ruling->severity = SEVERITY_ADVICE;
	else if (!slice_eq_nocase(essence, SLICE("multipart/byteranges")))
		return false;
	ruling->a = type;
	ruling->b = message_value(&view->x->q, FIELD_RANGE);
	if (asked.count == 1)
		ruling->kind = "single-range";
	else if (!byteranges_boundary(type).n)
		ruling->kind = "no-boundary";
	else if (r->parts && message_is_whole(r) && !view->x->coding_count)
		ruling->kind = flaw_of_parts(r->parts);
	if (ruling->kind || !r->parts || !message_is_whole(r) || !lacks_type(view))
		return ruling->kind != NULL;
	ruling->kind = "part-without-type";
	ruling->severity = SEVERITY_ADVICE;
	return true;
}

/* What an answer says of the whole, and which octets of it are its body. */
struct extent {
	uint64_t first, last, complete;
	bool has_octets, has_complete;
};

static struct extent
extent_of(uint16_t status, struct slice content_range, bool whole, uint64_t bytes)
{
	struct extent e = {0};
	struct content_range range;

	if (status != 206) {
		e.has_octets = e.has_complete = whole && bytes;
		e.complete = bytes;
		e.last = bytes - 1;
	} else if (content_range_parse(content_range, &range) && !range.unsatisfied) {
		e.first = range.first;
		e.last = range.last;
		e.has_octets = whole && bytes == range.last - range.first + 1;
		e.has_complete = range.complete_known;
		e.complete = range.complete;
	}
	return e;
}

static struct extent
extent_of_observation(const struct observation *o)
{
	return extent_of(
		o->status, o->content_range, o->whole && o->has_digest, o->body_bytes);
}

/* The octets that are kept of both, as far as they are those of the same place. */
static bool
begins_differ(const struct extent *a, struct slice of_a, const struct extent *b,
	struct slice of_b, uint64_t *at)
{
	uint64_t first = a->first > b->first ? a->first : b->first;

	for (; first - a->first < of_a.n && first - b->first < of_b.n; first++) {
		*at = first;
		if (of_a.at[first - a->first] != of_b.at[first - b->first])
			return true;
	}
	return false;
}

static const char *
inconsistency(const struct view *view, const struct observation *o, struct ruling *ruling)
{
	const struct message *r = &view->x->r;
	struct extent now = extent_of(r->status, message_value(r, FIELD_CONTENT_RANGE),
		message_is_whole(r), r->content_bytes);
	struct extent then = extent_of_observation(o);

	/* If-Range lets the server leave it out. */
	if (!view_same_coding(view, o) &&
		!(o->status == 206 && !o->content_encoding.at) &&
		(view->x->coding_count || !message_has(&view->x->q, FIELD_IF_RANGE)))
		return "coding-differs";
	ruling->n = now.complete;
	ruling->m = then.complete;
	if (now.has_complete && then.has_complete && now.complete != then.complete)
		return "length-differs";
	ruling->n = now.first;
	ruling->m = now.last;
	if (now.has_octets && then.has_octets && now.first == then.first &&
		now.last == then.last && view_has_other_octets(view, o))
		return "bytes-differ";
	ruling->m = ruling->n;
	if (now.has_octets && then.has_octets &&
		begins_differ(&now, r->begin, &then, o->begin, &ruling->n))
		return "bytes-differ";
	return NULL;
}

bool
rule_range_content_inconsistent(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	if (!view_has_etag(view) || x->etag.weak || x->method != METHOD_GET)
		return false;
	ruling->a = x->etag.raw;
	ruling->b = message_value(&x->r, FIELD_CONTENT_RANGE);
	for (unsigned i = 0; i < recent_count(view); i++) {
		const struct observation *o = view->resource->observations[i];

		if (o->is_head || !o->etag_raw.at || !etag_strong_eq(&x->etag, &o->etag))
			continue;
		ruling->kind = inconsistency(view, o, ruling);
		ruling->ref = o;
		if (ruling->kind)
			return true;
	}
	return false;
}

bool
rule_overlapping_range_refetch(const struct view *view, struct ruling *ruling)
{
	const struct verdict *verdict = view->verdict;
	const struct before *before = view->before;
	uint64_t octets = 0;

	for (unsigned i = 0; i < verdict->waste_count; i++)
		if (verdict->waste[i].class == WASTE_RANGE_REPEAT)
			octets += verdict->waste[i].octets;
	ruling->a = message_value(&view->x->r, FIELD_CONTENT_RANGE);
	ruling->n = octets;
	ruling->m = view->x->r.content_bytes;
	return octets &&
	       (octets >= REFETCHED_BYTES || octets >= view->x->r.content_bytes / 2) &&
	       (before->has_partial ? before->partial.storable : before->held.storable);
}
