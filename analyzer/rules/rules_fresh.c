/* Answers that caches cannot keep, cannot validate, or keep too long or too short
 * [RFC9111 3, 4.2, 4.3]. */
#include "analyzer/config.h"
#include "analyzer/http/freshness.h"
#include "analyzer/rules/aggregate.h"
#include "analyzer/rules/habit.h"
#include "analyzer/rules/recent.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/sides.h"
#include "analyzer/rules/view.h"
#include "parsers/mediatype.h"
#include "parsers/vary.h"

enum {
	LARGE_BYTES = 1024, /* worth a validator */
	RESENT_BYTES = 256, /* worth a word when they come again */
	ASSET_BYTES = 512,
	ASSETS_MIN = 3,
	LIVE_MIN = 3,	  /* answers that all differ: live data */
	LIVES_MIN_S = 10, /* shorter lifetimes promise nothing */
	DAY_S = 86400,
};

#define ASSET_NS (60 * CONFIG_S_NS)

static bool
has_validator(const struct view *view)
{
	return message_has(&view->x->r, FIELD_ETAG) ||
	       message_has(&view->x->r, FIELD_LAST_MODIFIED);
}

static bool
is_full_get(const struct view *view)
{
	return view->x->method == METHOD_GET && view_is_full(view);
}

static uint32_t
directives(const struct view *view)
{
	return view->x->r_cc.present;
}

/* Streams are not fetched again, they are joined. */
static bool
is_stream(const struct view *view)
{
	struct slice type = mediatype_essence(
		message_value(&view->x->r, FIELD_CONTENT_TYPE));

	return slice_eq_nocase(type, SLICE("text/event-stream")) ||
	       slice_eq_nocase(type, SLICE("multipart/x-mixed-replace"));
}

static bool
is_delivery(const struct observation *o)
{
	return !o->is_head && (o->status == 200 || o->status == 203);
}

bool
rule_no_validator(const struct view *view, struct ruling *ruling)
{
	const struct resource *resource = view->resource;
	unsigned others = 0;

	if (!is_full_get(view) || has_validator(view) || directives(view) & CC_NO_STORE ||
		!view->x->r.complete || view->x->r.content_bytes < LARGE_BYTES ||
		is_stream(view) || sides_has_trailer(&view->x->r, field_name(FIELD_ETAG)))
		return false;
	ruling->a = message_value(&view->x->r, FIELD_CONTENT_TYPE);
	ruling->n = view->x->r.content_bytes;
	for (unsigned i = 0; i < recent_count(view); i++) {
		const struct observation *o = resource->observations[i];

		if (!is_delivery(o))
			continue;
		if (view_has_same_body(view, o)) {
			ruling->severity = SEVERITY_WARNING;
			return true;
		}
		others += view_has_other_body(view, o);
	}
	if (others + 1 >= LIVE_MIN)
		ruling->confidence = CONFIDENCE_HINT;
	return true;
}

/* With a condition on which a server has to answer 304, and not one for writes. */
static bool
asks_whether_changed(const struct view *view)
{
	if (view_has_inm(view))
		return view_inm_is_list(view) || view_inm_is_star(view);
	return view->x->cond == COND_IMS && !view_ims_is_ahead(view);
}

/* Who could have avoided it, and how. */
static void
judge_resent(const struct view *view, const struct observation *o, struct ruling *ruling)
{
	ruling->fault = FAULT_CLIENT;
	if (view->x->forced) {
		ruling->kind = "reload";
	} else if (o->directives & CC_NO_STORE) {
		ruling->kind = "no-store";
		ruling->fault = FAULT_SERVER;
	} else if (!o->etag_raw.at && !o->last_modified.at) {
		ruling->kind = "no-validator";
		ruling->fault = FAULT_SERVER;
	} else if (view->before->held_fresh) {
		ruling->kind = "was-fresh";
	} else if (!asks_whether_changed(view)) {
		ruling->kind = "client-unconditional";
	} else {
		ruling->fault = FAULT_SERVER;
	}
}

bool
rule_identical_body_resent(const struct view *view, struct ruling *ruling)
{
	unsigned same = recent_same_body(view);
	const struct observation *o;

	if (!is_full_get(view) || message_has(&view->x->q, FIELD_RANGE) ||
		view->x->r.content_bytes < RESENT_BYTES)
		return false;
	if (same)
		same &= recent_same_client(view);
	while ((o = recent_next(view, &same))) {
		if (!is_delivery(o) || !view_same_variant(view, o))
			continue;
		ruling->ref = o;
		ruling->n = view->x->r.content_bytes;
		judge_resent(view, o, ruling);
		return true;
	}
	return false;
}

bool
rule_no_explicit_freshness(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	if (x->method != METHOD_GET || !freshness_is_heuristic(x->r.status) ||
		slice_eq_nocase(message_value(&x->r, FIELD_PRAGMA), SLICE("no-cache")) ||
		vary_is_star(message_value(&x->r, FIELD_VARY)) || view_is_targeted(view))
		return false;
	for (unsigned i = 0; x->r.status == 206 && view->resource &&
			     i < view->resource->observation_count;
		i++)
		if (view->resource->observations[i]->freshness.kind == FRESHNESS_EXPLICIT)
			return false;
	ruling->n = x->freshness.kind == FRESHNESS_HEURISTIC
			    ? (uint64_t)x->freshness.lifetime_s
			    : 0;
	if (ruling->n > 7 * DAY_S)
		ruling->kind = "long";
	return true;
}

bool
rule_always_stale_without_validator(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct cachecontrol *cc = &x->r_cc;
	bool dead = x->freshness.kind == FRESHNESS_EXPLICIT &&
		    x->freshness.lifetime_s <= 0;

	if (!is_full_get(view) || has_validator(view) || cc->present & CC_NO_STORE ||
		!(cc->present & CC_NO_CACHE || dead) || cc->s_maxage_s > 0 ||
		cc->stale_while_revalidate_s > 0 || is_stream(view))
		return false;
	if (x->r.content_bytes < RESENT_BYTES)
		ruling->severity = SEVERITY_ADVICE;
	ruling->a = message_value(&x->r, FIELD_CACHE_CONTROL);
	ruling->b = message_value(&x->r, FIELD_EXPIRES);
	ruling->n = x->r.content_bytes;
	return true;
}

bool
rule_no_store_with_validator(const struct view *view, struct ruling *ruling)
{
	ruling->a = message_has(&view->x->r, FIELD_ETAG)
			    ? message_value(&view->x->r, FIELD_ETAG)
			    : message_value(&view->x->r, FIELD_LAST_MODIFIED);
	return view->x->method == METHOD_GET && view->x->r.status == 200 &&
	       directives(view) & CC_NO_STORE &&
	       !(directives(view) & CC_MUST_UNDERSTAND) && has_validator(view) &&
	       !view_is_targeted(view) && !habits_is_guarded(view->habits, view->before);
}

bool
rule_no_store_static_asset(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct resource *resource = view->resource;
	int64_t oldest_ns = x->r.first.ts_ns;
	unsigned count = 1;

	if (x->method != METHOD_GET || x->r.status != 200 ||
		!view_is_unkept(directives(view), has_validator(view)) ||
		!mediatype_is_static(message_value(&x->r, FIELD_CONTENT_TYPE)) ||
		message_has(&x->r, FIELD_SET_COOKIE) ||
		message_has(&x->q, FIELD_AUTHORIZATION) ||
		x->r.content_bytes < ASSET_BYTES)
		return false;
	for (unsigned i = 0; i < resource->observation_count; i++) {
		const struct observation *o = resource->observations[i];

		if (o->status != 200 || o->is_head)
			continue;
		if (!view_has_same_body(view, o) || o->has_authorization ||
			!view_is_unkept(
				o->directives, o->etag_raw.at || o->last_modified.at))
			break;
		oldest_ns = o->response_ns;
		count++;
	}
	ruling->a = message_value(&x->r, FIELD_CACHE_CONTROL);
	ruling->n = count;
	ruling->m = x->r.content_bytes;
	return count >= ASSETS_MIN && x->r.first.ts_ns - oldest_ns >= ASSET_NS;
}

bool
rule_must_revalidate_alone(const struct view *view, struct ruling *ruling)
{
	const uint32_t others = CC_MAX_AGE | CC_S_MAXAGE | CC_NO_CACHE | CC_NO_STORE;

	ruling->a = message_value(&view->x->r, FIELD_CACHE_CONTROL);
	return directives(view) & (CC_MUST_REVALIDATE | CC_PROXY_REVALIDATE) &&
	       !(directives(view) & others) && view_is_get_or_head(view) &&
	       !message_has(&view->x->r, FIELD_EXPIRES) && !view_is_targeted(view);
}

/* Lifetime as given; 0 if none is. */
static int64_t
lifetime_s(const struct freshness *f)
{
	return f->kind == FRESHNESS_EXPLICIT ? f->lifetime_s : 0;
}

bool
rule_freshness_too_short(const struct view *view, struct ruling *ruling)
{
	const struct aggregate_steady *steady = view->known->steady;
	const uint32_t policy = CC_NO_CACHE | CC_MUST_REVALIDATE;
	struct slice type;
	int64_t span_ns;

	if (!steady || view->x->forced ||
		!aggregate_is_steady(steady, view->x->r.first.ts_ns))
		return false;
	type = mediatype_essence(message_value(&view->x->r, FIELD_CONTENT_TYPE));
	span_ns = view->x->r.first.ts_ns - steady->since_ns;
	ruling->n = steady->validations;
	ruling->m = (uint64_t)(span_ns / CONFIG_S_NS);
	ruling->a = message_value(&view->x->r, FIELD_CACHE_CONTROL);
	if (directives(view) & policy ||
		(directives(view) & CC_MAX_AGE && view->x->r_cc.max_age_s == 0) ||
		slice_eq_nocase(type, SLICE("text/html")))
		ruling->kind = "by-policy";
	return true;
}

/* ---- content that changes while it is fresh ---- */

/* The newest whole answer of the variant in this coding. */
static const struct observation *
newest_before(const struct view *view)
{
	const struct resource *resource = view->resource;

	for (unsigned i = 0; i < recent_count(view); i++) {
		const struct observation *o = resource->observations[i];

		if (o->status == 200 && !o->is_head && o->whole &&
			view_same_coding(view, o) && view_same_variant(view, o))
			return o;
	}
	return NULL;
}

static bool
is_still_fresh(const struct view *view, const struct observation *o)
{
	int64_t age_ns = o->freshness.initial_age_ns + view->x->r.first.ts_ns -
			 o->response_ns;

	return lifetime_s(&o->freshness) * CONFIG_S_NS > age_ns;
}

/* One user's page may be given to another. */
static bool
is_personal(const struct view *view, const struct observation *o, uint32_t present)
{
	const struct message *q = &view->x->q;
	bool cookie = o->has_cookie != message_has(q, FIELD_COOKIE);
	bool credentials = o->has_authorization != message_has(q, FIELD_AUTHORIZATION);

	if (present & (CC_PRIVATE | CC_NO_STORE | CC_NO_CACHE))
		return false;
	return (cookie && !vary_has(o->vary, SLICE("cookie"))) ||
	       (credentials && !vary_has(o->vary, SLICE("authorization")));
}

bool
rule_changed_while_fresh(const struct view *view, struct ruling *ruling)
{
	const struct observation *o;
	uint32_t present;

	if (view->x->method != METHOD_GET || view->x->r.status != 200 ||
		!recent_other_octets(view))
		return false;
	o = newest_before(view);
	if (!o || lifetime_s(&o->freshness) < LIVES_MIN_S || !is_still_fresh(view, o) ||
		!view_has_other_body(view, o))
		return false;
	if (o->etag_raw.at && view->x->etag.raw.at &&
		etag_weak_eq(&o->etag, &view->x->etag))
		return false;
	present = o->directives;
	if (present & (CC_NO_CACHE | CC_NO_STORE) ||
		(present & CC_PRIVATE && !key_eq(o->client, view->before->client)))
		return false;
	ruling->ref = o;
	ruling->a = o->cache_control;
	ruling->n = (uint64_t)lifetime_s(&o->freshness);
	if (is_personal(view, o, present))
		ruling->kind = "personalised";
	return true;
}

bool
rule_immutable_changed(const struct view *view, struct ruling *ruling)
{
	const struct observation *o;
	unsigned others;

	if (view->x->method != METHOD_GET || view->x->r.status != 200 ||
		!(view->resource->directives & CC_IMMUTABLE))
		return false;
	others = recent_other_octets(view);
	while ((o = recent_next(view, &others))) {
		if (o->status != 200 || o->is_head || !o->freshness.immutable ||
			!is_still_fresh(view, o) || !view_same_variant(view, o) ||
			!view_has_other_body(view, o))
			continue;
		ruling->ref = o;
		ruling->a = o->cache_control;
		return true;
	}
	return false;
}
