/* Validators that change although what they stand for does not [RFC9110 8.8.1]. */
#include "analyzer/history/glance.h"
#include "analyzer/rules/aggregate.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/tagform.h"
#include "analyzer/rules/view.h"

/* Three tags or more for these octets, none of them twice. */
static bool
is_new_each_time(const struct view *view)
{
	unsigned count = view->resource->observation_count, same = 0;

	for (unsigned i = 0; i < count; i++) {
		const struct observation *o = view->resource->observations[i];

		if (!o->etag_raw.at || !view_has_same_body(view, o))
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
	const char *pattern = tagform_change(was, is);

	if (pattern)
		return pattern;
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
	while (exchange_next_tag(view->x, &rest, &tag)) {
		const struct observation *o = view_known(view, &tag);

		if (!o || !view_has_same_body(view, o) || !view_same_metadata(view, o))
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

		if (view->resource->glances[i].modified_s == view->x->ims.unix_s &&
			o->status == 200 && !o->is_head && view_same_variant(view, o))
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
	return ruling->ref && view_has_same_body(view, ruling->ref) &&
	       view_same_metadata(view, ruling->ref);
}

bool
rule_conditional_support_inconsistent(const struct view *view, struct ruling *ruling)
{
	const struct support *s = view->known->support;

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
	const struct aggregate_host *host = view->known->host;

	if (!host || !host->newest_ignored || !aggregate_host_ignores(host))
		return false;
	ruling->n = host->ignored;
	ruling->m = host->decided;
	return true;
}
