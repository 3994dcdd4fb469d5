/* Content-Length in a 304 says how long the 200 would have been [RFC9110 8.6]. */
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"

static bool
has_length(const struct observation *o)
{
	return o->length != UINT64_MAX || (o->whole && !o->is_head);
}

static uint64_t
length_of(const struct observation *o)
{
	return o->length != UINT64_MAX ? o->length : o->body_bytes;
}

static bool
is_candidate(const struct view *view, const struct observation *o)
{
	struct slice coding = message_value(&view->x->r, FIELD_CONTENT_ENCODING);

	return (o->status == 200 || o->status == 203) && has_length(o) &&
	       view_same_variant(view, o) && view_coding_fits(view, o) &&
	       (!coding.at || slice_eq(coding, o->content_encoding));
}

/*
 * The newest answer with the 304's tag; NULL also if answers in different codings
 * share the tag, because then nobody can tell which of them is meant.
 */
static const struct observation *
by_tag(const struct view *view, bool (*equal)(const struct etag *a, const struct etag *b))
{
	const struct observation *found = NULL;

	for (unsigned i = 0; i < view->resource->observation_count; i++) {
		const struct observation *o = view->resource->observations[i];

		if (!o->etag_raw.at || !equal(&o->etag, &view->x->etag) ||
			!is_candidate(view, o))
			continue;
		if (found && !slice_eq(found->content_encoding, o->content_encoding))
			return NULL;
		if (!found)
			found = o;
	}
	return found;
}

/* The newest answer of the variant, if it has the 304's date. */
static const struct observation *
by_date(const struct view *view)
{
	const struct httpdate *date = &view->x->last_modified;

	for (unsigned i = 0; i < view->resource->observation_count; i++) {
		const struct observation *o = view->resource->observations[i];

		if (!is_candidate(view, o))
			continue;
		return date->form != HTTPDATE_INVALID &&
				       o->last_modified_date.form != HTTPDATE_INVALID &&
				       o->last_modified_date.unix_s == date->unix_s
			       ? o
			       : NULL;
	}
	return NULL;
}

static const struct observation *
length_ref(const struct view *view, bool *strong)
{
	const struct observation *o;

	*strong = false;
	if (!view->resource)
		return NULL;
	if (!view->x->etag.raw.at)
		return by_date(view);
	o = by_tag(view, etag_strong_eq);
	*strong = o != NULL;
	return o ? o : by_tag(view, etag_weak_eq);
}

bool
rule_304_content_length_mismatch(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	bool strong;

	if (!view_is_304(view) || !view_is_get_or_head(view) || x->r.length == UINT64_MAX)
		return false;
	ruling->ref = length_ref(view, &strong);
	if (!ruling->ref)
		return false;
	if (!strong)
		ruling->confidence = CONFIDENCE_LIKELY;
	ruling->n = x->r.length;
	ruling->m = length_of(ruling->ref);
	/* A weak tag may stand for bodies of different lengths, but none is empty. */
	if (!strong && x->etag.raw.at)
		return ruling->n == 0 && ruling->m > 0;
	return ruling->n != ruling->m;
}

bool
rule_304_content_length_zero(const struct view *view, struct ruling *ruling)
{
	bool strong;

	(void)ruling;
	return view_is_304(view) && view->x->method == METHOD_GET &&
	       view->x->r.length == 0 && !length_ref(view, &strong);
}
