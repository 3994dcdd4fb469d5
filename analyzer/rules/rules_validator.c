/* Validators that change although what they stand for does not [RFC9110 8.8.1]. */
#include "analyzer/rules/aggregate.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"
#include "parsers/chars.h"

static bool
has_same_body(const struct view *view, const struct observation *o)
{
	const struct digest *a = &view->x->r.digest, *b = &o->digest;

	return o->whole && o->has_digest && !o->is_head && view->x->r.content_bytes > 0 &&
	       a->high == b->high && a->low == b->low;
}

/* Takes the part before the next `separator` off *rest. */
static struct slice
next_part(struct slice *rest, uint8_t separator)
{
	size_t at = slice_find(*rest, separator, 0);
	struct slice part = slice_part(*rest, 0, at);

	*rest = slice_from(*rest, at + 1);
	return part;
}

static unsigned
count_octet(struct slice s, uint8_t c)
{
	unsigned n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.at[i] == c;
	return n;
}

/* Apache's inode-size-mtime, and size-mtime as in nginx. */
static const char *
pattern_of_parts(struct slice a, struct slice b)
{
	unsigned parts = count_octet(a, '-'), differ = 0;

	if (parts == 0 || parts > 2 || count_octet(b, '-') != parts)
		return NULL;
	for (unsigned i = 0; i <= parts; i++)
		if (!slice_eq(next_part(&a, '-'), next_part(&b, '-')))
			differ |= 1u << i;
	if (parts == 2 && differ == 1u << 0)
		return "inode";
	/* nginx puts the time first, Apache last. */
	return differ == 1u << parts || (parts == 1 && differ == 1u << 0) ? "mtime"
									  : NULL;
}

/* IIS: hash, colon, a number that counts its metabase's changes. */
static bool
is_iis_counter(struct slice a, struct slice b)
{
	size_t colon = slice_find(a, ':', 0);

	if (colon == a.n ||
		!slice_eq(slice_part(a, 0, colon + 1), slice_part(b, 0, colon + 1)))
		return false;
	for (size_t i = colon + 1; i < b.n; i++)
		if (!chars_is_digit(b.at[i]))
			return false;
	return b.n > colon + 1;
}

/* Three tags or more for these octets, none of them twice. */
static bool
is_new_each_time(const struct view *view)
{
	unsigned count = view->resource->observation_count, same = 0;

	for (unsigned i = 0; i < count; i++) {
		const struct observation *o = view->resource->observations[i];

		if (!o->etag_raw.at || !has_same_body(view, o))
			continue;
		if (etag_weak_eq(&o->etag, &view->x->etag))
			return false;
		for (unsigned j = i + 1; j < count; j++)
			if (etag_weak_eq(
				    &o->etag, &view->resource->observations[j]->etag))
				return false;
		same++;
	}
	return same >= 2;
}

/* This client had the response's tag before, somebody else the one it sent. */
static bool
is_per_client(const struct view *view, const struct observation *known)
{
	if (key_eq(known->client, view->before->client))
		return false;
	for (unsigned i = 0; i < view->resource->observation_count; i++) {
		const struct observation *o = view->resource->observations[i];

		if (key_eq(o->client, view->before->client) && o->etag_raw.at &&
			etag_weak_eq(&o->etag, &view->x->etag))
			return true;
	}
	return false;
}

static const char *
pattern_of(const struct view *view, const struct observation *known)
{
	struct slice was = known->etag.opaque, is = view->x->etag.opaque;
	const char *pattern = pattern_of_parts(was, is);

	if (pattern)
		return pattern;
	if (is_iis_counter(was, is))
		return "iis-counter";
	if (is_per_client(view, known))
		return "per-client";
	return is_new_each_time(view) ? "random" : NULL;
}

bool
rule_200_identical_body_etag_changed(const struct view *view, struct ruling *ruling)
{
	struct slice rest = view->x->inm;
	struct etag tag;
	bool first;

	if (!view_is_conditional_get(view) || !view_is_full(view) ||
		!view_inm_is_list(view) || !view_has_etag(view) ||
		view_inm_match(view, &first) != VIEW_MATCH_NONE)
		return false;
	while (etag_next(&rest, &tag)) {
		const struct observation *o = view_known(view, &tag);

		if (!o || !has_same_body(view, o) || !view_same_metadata(view, o))
			continue;
		ruling->ref = o;
		ruling->a = tag.raw;
		ruling->b = view->x->etag.raw;
		ruling->kind = pattern_of(view, o);
		return true;
	}
	return false;
}

/* The newest answer of the variant with the date that the client sent. */
static const struct observation *
by_ims(const struct view *view)
{
	for (unsigned i = 0; i < view->resource->observation_count; i++) {
		const struct observation *o = view->resource->observations[i];

		if (o->status == 200 && !o->is_head &&
			o->last_modified_date.form != HTTPDATE_INVALID &&
			o->last_modified_date.unix_s == view->x->ims.unix_s &&
			view_same_variant(view, o))
			return o;
	}
	return NULL;
}

static const char *
motion_of(const struct exchange *x)
{
	int64_t apart = x->last_modified.unix_s - x->date.unix_s;

	if (!message_has(&x->r, FIELD_LAST_MODIFIED))
		return "no-last-modified-now";
	return x->date.form != HTTPDATE_INVALID && apart >= -2 && apart <= 2 ? "now"
									     : "moved";
}

bool
rule_200_identical_body_last_modified_changed(
	const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	if (!view_is_get_or_head(view) || x->r.status != 200 || view_has_inm(view) ||
		x->ims.form == HTTPDATE_INVALID ||
		(message_has(&x->r, FIELD_LAST_MODIFIED) &&
			(!view_has_last_modified(view) ||
				x->last_modified.unix_s <= x->ims.unix_s)))
		return false;
	ruling->ref = by_ims(view);
	ruling->a = message_value(&x->q, FIELD_IF_MODIFIED_SINCE);
	ruling->b = message_value(&x->r, FIELD_LAST_MODIFIED);
	ruling->kind = motion_of(x);
	return ruling->ref && has_same_body(view, ruling->ref) &&
	       view_same_metadata(view, ruling->ref);
}

bool
rule_conditional_support_inconsistent(const struct view *view, struct ruling *ruling)
{
	const struct aggregate_support *s = aggregate_support(view->aggregate, view);

	if (!s || !s->inconsistent)
		return false;
	if (s->just_revealed) {
		ruling->count = s->answers;
		ruling->octets = s->octets;
	}
	return true;
}

/* Its count is the host's, and rules_finish() brings it up to date. */
bool
rule_host_ignores_conditionals(const struct view *view, struct ruling *ruling)
{
	struct key key = aggregate_host_key(view->aggregate, view->x);
	const struct aggregate_host *host = aggregate_host(view->aggregate, key);

	if (!host || !host->newest_ignored || !aggregate_host_ignores(host))
		return false;
	ruling->n = host->ignored;
	ruling->m = host->decided;
	return true;
}
