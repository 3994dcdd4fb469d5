/* The caching fields that a 304 has to repeat from the 200 [RFC9110 15.4.5]. */
#include "analyzer/config.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"
#include "parsers/target.h"
#include "parsers/vary.h"

static struct slice
observed(const struct observation *o, enum field_id id)
{
	switch (id) {
	case FIELD_CACHE_CONTROL:
		return o->cache_control;
	case FIELD_EXPIRES:
		return o->expires;
	case FIELD_VARY:
		return o->vary;
	default:
		return o->content_location;
	}
}

/* The field was dropped from 200 answers since, or emptied: the configuration changed.
 */
static bool
was_dropped_since(
	const struct view *view, const struct observation *ref, enum field_id id)
{
	for (unsigned i = 0; view->resource->observations[i] != ref; i++) {
		const struct observation *o = view->resource->observations[i];

		if ((o->status == 200 || o->status == 203) && !o->is_head &&
			!observed(o, id).n)
			return true;
	}
	return false;
}

/* A 304 to HEAD may lack what is made with the content [RFC9110 9.3.2]; an empty field
 * said nothing. */
static bool
is_missing(const struct view *view, struct ruling *ruling, enum field_id id)
{
	if (!view_is_304(view) || view->x->method == METHOD_HEAD ||
		message_has(&view->x->r, id))
		return false;
	ruling->ref = view_policy_ref(view);
	if (!ruling->ref)
		return false;
	ruling->a = observed(ruling->ref, id);
	if (!ruling->a.n || was_dropped_since(view, ruling->ref, id))
		return false;
	if (view_path_differs(view, ruling->ref))
		ruling->confidence = CONFIDENCE_HINT;
	return true;
}

bool
rule_304_missing_cache_control(const struct view *view, struct ruling *ruling)
{
	return is_missing(view, ruling, FIELD_CACHE_CONTROL);
}

static bool
is_past(const struct observation *o)
{
	int64_t now_s = o->response_ns / CONFIG_S_NS;
	struct httpdate expires = httpdate_parse(o->expires, now_s);
	struct httpdate date = httpdate_parse(o->date, now_s);

	return expires.form == HTTPDATE_INVALID ||
	       expires.unix_s <= (date.form == HTTPDATE_INVALID ? now_s : date.unix_s);
}

bool
rule_304_missing_expires(const struct view *view, struct ruling *ruling)
{
	uint32_t says = view->x->r_cc.present;

	if (!is_missing(view, ruling, FIELD_EXPIRES))
		return false;
	if ((says & (CC_MAX_AGE | CC_S_MAXAGE)) ||
		((says & (CC_NO_CACHE | CC_NO_STORE)) && is_past(ruling->ref)))
		ruling->severity = SEVERITY_ADVICE;
	return true;
}

/* The variant without a coding may be one that does not vary. */
static bool
is_coded_variant_only(const struct view *view, const struct observation *ref)
{
	struct slice rest = ref->vary, name;

	if (!ref->content_encoding.n || view_coding_fits(view, ref))
		return false;
	while (vary_next(&rest, &name))
		if (!slice_eq_nocase(name, SLICE("accept-encoding")))
			return false;
	return true;
}

bool
rule_304_missing_vary(const struct view *view, struct ruling *ruling)
{
	struct slice rest, name;

	if (!is_missing(view, ruling, FIELD_VARY))
		return false;
	rest = ruling->a;
	return vary_next(&rest, &name) && !is_coded_variant_only(view, ruling->ref);
}

static bool
has_dot_segment(struct slice path)
{
	for (size_t i = 0; i < path.n; i++)
		if (path.at[i] == '.' &&
			(i == 0 || path.at[i - 1] == '/' || path.at[i - 1] == '.'))
			return true;
	return false;
}

static bool
is_same_host(const struct exchange *x, struct slice authority, struct slice scheme)
{
	return slice_eq_nocase(
		target_host_without_default_port(authority, scheme), x->host);
}

/*
 * Whether a reference leads to the request's own URI [RFC3986 5.2].  Dot segments
 * are not resolved; a path that has them counts as the same, which accuses nobody.
 */
static bool
is_own_uri(const struct exchange *x, struct slice reference)
{
	struct slice r = slice_part(reference, 0, slice_find(reference, '#', 0));
	struct slice own = x->path_query, path;
	struct target target = target_parse(r, SLICE("GET"));
	size_t directory = slice_find(own, '?', 0);

	if (target.form == TARGET_ABSOLUTE)
		return is_same_host(x, target.authority, target.scheme) &&
		       slice_eq(target.path_query, own);
	if (slice_has_prefix(r, SLICE("//"))) {
		size_t slash = slice_find(r, '/', 2);

		return is_same_host(x, slice_part(r, 2, slash), x->scheme) &&
		       slice_eq(slice_from(r, slash), own);
	}
	path = slice_part(r, 0, slice_find(r, '?', 0));
	if (r.n == 0 || has_dot_segment(path))
		return true;
	if (path.n && path.at[0] == '/')
		return slice_eq(r, own);
	while (path.n && directory && own.at[directory - 1] != '/')
		directory--;
	return slice_has_prefix(own, slice_part(own, 0, directory)) &&
	       slice_eq(slice_from(own, directory), r);
}

bool
rule_304_missing_content_location(const struct view *view, struct ruling *ruling)
{
	if (!is_missing(view, ruling, FIELD_CONTENT_LOCATION))
		return false;
	if (is_own_uri(view->x, ruling->a))
		ruling->severity = SEVERITY_ADVICE;
	return true;
}

/* What a response says about its reuse, as a private cache reads it. */
struct policy {
	bool stated, never, by_expires;
	int64_t lifetime_s, received_s;
};

static struct policy
policy_of(
	uint32_t directives, bool has_expires, const struct freshness *f, int64_t now_ns)
{
	struct policy p = {.received_s = now_ns / CONFIG_S_NS};

	p.never = directives & (CC_NO_CACHE | CC_NO_STORE);
	p.by_expires = !(directives & CC_MAX_AGE) && has_expires;
	p.stated = p.never || p.by_expires || (directives & CC_MAX_AGE);
	p.lifetime_s = f->kind == FRESHNESS_EXPLICIT ? f->lifetime_s : 0;
	return p;
}

static bool
policy_is_fresh(const struct policy *p)
{
	return !p->never && p->lifetime_s > 0;
}

static bool
policy_differs(const struct policy *a, const struct policy *b)
{
	int64_t longer = a->lifetime_s, shorter = b->lifetime_s;
	int64_t apart = a->received_s + longer - b->received_s - shorter;

	if (policy_is_fresh(a) != policy_is_fresh(b))
		return true;
	if (longer < shorter) {
		longer = b->lifetime_s;
		shorter = a->lifetime_s;
	}
	/* Lifetimes that run down to one deadline are the same policy. */
	return policy_is_fresh(a) && longer - shorter > 60 && longer > 2 * shorter &&
	       (apart < -2 || apart > 2);
}

/* A later 200 already says what the 304 says. */
static bool
is_new_policy(const struct view *view, const struct observation *ref)
{
	const struct exchange *x = view->x;

	for (unsigned i = 0; view->resource->observations[i] != ref; i++) {
		const struct observation *o = view->resource->observations[i];

		if (history_same_field(o->cache_control, x, FIELD_CACHE_CONTROL) &&
			history_same_field(o->expires, x, FIELD_EXPIRES))
			return true;
	}
	return false;
}

bool
rule_304_freshness_differs(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	struct slice expires = message_value(&x->r, FIELD_EXPIRES);
	struct policy was, is;

	if (!view_is_304(view) || !(ruling->ref = view_policy_ref(view)))
		return false;
	ruling->a = ruling->ref->cache_control;
	ruling->b = message_value(&x->r, FIELD_CACHE_CONTROL);
	is = policy_of(
		x->r_cc.present, expires.at != NULL, &x->freshness, x->r.first.ts_ns);
	if (!is.stated)
		return false;
	was = policy_of(ruling->ref->directives, ruling->ref->expires.at != NULL,
		&ruling->ref->freshness, ruling->ref->response_ns);
	ruling->m = (uint64_t)was.lifetime_s;
	ruling->n = (uint64_t)is.lifetime_s;
	if (was.by_expires && is.by_expires &&
		history_same_field(ruling->ref->expires, x, FIELD_EXPIRES))
		return false;
	if (view_path_differs(view, ruling->ref))
		ruling->confidence = CONFIDENCE_HINT;
	return was.stated && policy_differs(&was, &is) &&
	       !is_new_policy(view, ruling->ref);
}

/* An explicit lifetime that is not over on arrival, and counts. */
static bool
is_fresh_on_arrival(const struct freshness *f, uint32_t directives)
{
	return f->kind == FRESHNESS_EXPLICIT && !f->no_cache &&
	       !(directives & CC_NO_STORE) &&
	       f->lifetime_s * CONFIG_S_NS > f->initial_age_ns;
}

/* The 304 repeats an end of freshness that is past. */
bool
rule_304_still_stale(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct observation *ref = x->freshness.kind == FRESHNESS_EXPLICIT
						? view_policy_ref(view)
						: NULL;
	uint32_t was;

	if (!ref)
		return false;
	was = ref->directives;
	if (was & CC_MAX_AGE && !message_has(&x->r, FIELD_CACHE_CONTROL))
		return false; /* that of the stored answer still counts */
	ruling->ref = ref;
	ruling->a = message_has(&x->r, FIELD_EXPIRES)
			    ? message_value(&x->r, FIELD_EXPIRES)
			    : message_value(&x->r, FIELD_CACHE_CONTROL);
	return is_fresh_on_arrival(&ref->freshness, was) && !x->freshness.no_cache &&
	       !(x->r_cc.present & CC_NO_STORE) &&
	       !is_fresh_on_arrival(&x->freshness, x->r_cc.present);
}

static bool
is_for_shared_caches(uint32_t directives, const struct freshness *f)
{
	if (directives & (CC_PRIVATE | CC_NO_STORE | CC_NO_CACHE))
		return false;
	return directives & (CC_PUBLIC | CC_S_MAXAGE) ||
	       (f->kind == FRESHNESS_EXPLICIT && f->lifetime_s > 0);
}

bool
rule_304_set_cookie(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct observation *ref = view_policy_ref(view);
	uint32_t was = ref ? ref->directives : 0;

	if (!message_has(&x->r, FIELD_SET_COOKIE))
		return false;
	ruling->a = message_value(&x->r, FIELD_CACHE_CONTROL);
	if ((was | x->r_cc.present) & (CC_PRIVATE | CC_NO_STORE | CC_NO_CACHE))
		return false;
	return is_for_shared_caches(x->r_cc.present, &x->freshness) ||
	       (ref && is_for_shared_caches(was, &ref->freshness));
}
