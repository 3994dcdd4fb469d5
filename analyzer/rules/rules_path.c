/* What caches on the path do, by what they say of themselves [RFC9111 4, RFC9211]. */
#include "analyzer/config.h"
#include "analyzer/rules/habit.h"
#include "analyzer/rules/recent.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"
#include "parsers/cachestatus.h"
#include "parsers/structured.h"

enum {
	ROUNDING_S = 2, /* ages are whole seconds, and delays add to them */
};

#define WRITE_NS (3600 * CONFIG_S_NS)

bool
rule_cache_status_invalid(const struct view *view, struct ruling *ruling)
{
	const struct message *r = &view->x->r;
	struct cachestatus status;

	if (!message_has(r, FIELD_CACHE_STATUS) || message_repeats(r, FIELD_CACHE_STATUS))
		return false;
	ruling->a = message_value(r, FIELD_CACHE_STATUS);
	status = cachestatus_parse(ruling->a);
	ruling->b = status.flaw;
	return !status.is_valid;
}

/* Directives that are flags, and those that are numbers. */
static bool
is_right_type(struct slice key, const struct structured *item)
{
	static const struct slice flags[] = {SLICE_INIT("no-store"),
		SLICE_INIT("must-revalidate"), SLICE_INIT("proxy-revalidate"),
		SLICE_INIT("public"), SLICE_INIT("immutable"),
		SLICE_INIT("must-understand"), SLICE_INIT("no-transform")};
	static const struct slice numbers[] = {SLICE_INIT("max-age"),
		SLICE_INIT("s-maxage"), SLICE_INIT("stale-while-revalidate"),
		SLICE_INIT("stale-if-error")};

	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		if (slice_eq(key, flags[i]))
			return item->type == STRUCTURED_BOOLEAN && item->is_true;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (slice_eq(key, numbers[i]))
			return item->type == STRUCTURED_INTEGER && item->integer >= 0;
	return true;
}

bool
rule_targeted_cc_invalid(const struct view *view, struct ruling *ruling)
{
	const struct message *r = &view->x->r;
	struct slice rest = message_value(r, FIELD_CDN_CACHE_CONTROL), key, ignored;
	struct structured item, parameter;
	enum structured_next next;
	bool first = true;

	if (!rest.at || message_repeats(r, FIELD_CDN_CACHE_CONTROL))
		return false;
	ruling->a = rest;
	while ((next = structured_entry(&rest, first, &key, &item)) == STRUCTURED_NEXT) {
		first = false;
		ruling->b = key;
		if (!is_right_type(key, &item))
			return true;
		while ((next = structured_parameter(&rest, &ignored, &parameter)) ==
			STRUCTURED_NEXT)
			;
		if (next == STRUCTURED_BAD)
			return true;
	}
	ruling->b = rest;
	return next == STRUCTURED_BAD;
}

/* ---- ages ---- */

/* As a shared cache reads it; -1 if nothing explicit is there. */
static int64_t
shared_lifetime_s(const struct exchange *x)
{
	if (x->r_cc.present & CC_S_MAXAGE)
		return x->r_cc.s_maxage_s;
	return x->freshness.kind == FRESHNESS_EXPLICIT ? x->freshness.lifetime_s : -1;
}

/* The cache asked the origin before it answered. */
static bool
was_validated(const struct view *view)
{
	const struct message *r = &view->x->r;
	struct slice x_cache = message_value(r, FIELD_X_CACHE);
	struct cachestatus status = claim_status(r);

	return (status.is_valid && status.fwd_status == 304) ||
	       slice_contains_nocase(x_cache, SLICE("revalidated")) ||
	       slice_contains_nocase(x_cache, SLICE("refresh")) ||
	       slice_contains_nocase(
		       message_value(r, FIELD_X_CACHE_STATUS), SLICE("revalidated")) ||
	       slice_contains_nocase(
		       message_value(r, FIELD_CF_CACHE_STATUS), SLICE("revalidated"));
}

static bool
is_unqualified(const struct cachecontrol *cc, uint32_t bit)
{
	return cc->present & bit && !(cc->argued & bit);
}

bool
rule_stale_served(const struct view *view, struct ruling *ruling)
{
	const uint32_t strict = CC_MUST_REVALIDATE | CC_PROXY_REVALIDATE | CC_S_MAXAGE;
	const struct exchange *x = view->x;
	const struct cachecontrol *cc = &x->r_cc;
	int64_t lifetime_s = shared_lifetime_s(x), over_s = x->age_s - lifetime_s;
	int64_t window_s = cc->stale_while_revalidate_s > cc->stale_if_error_s
				   ? cc->stale_while_revalidate_s
				   : cc->stale_if_error_s;

	if (!message_has(&x->r, FIELD_AGE) || x->age_s < 0 || lifetime_s < 0 ||
		over_s <= ROUNDING_S || over_s <= window_s || was_validated(view) ||
		view_is_targeted(view))
		return false;
	if (x->q_cc.present & CC_MAX_STALE && x->q_cc.max_stale_s >= over_s)
		return false;
	ruling->n = (uint64_t)x->age_s;
	ruling->m = (uint64_t)lifetime_s;
	if (cc->present & strict || is_unqualified(cc, CC_NO_CACHE)) {
		ruling->kind = "forbidden";
		ruling->severity = SEVERITY_VIOLATION;
	}
	return true;
}

/* ---- hits ---- */

/* Who says that the answer came from a store; {NULL, 0}: nobody. */
static struct slice
hit_by_word(const struct message *r)
{
	static const enum field_id says[] = {
		FIELD_X_CACHE, FIELD_X_CACHE_STATUS, FIELD_CF_CACHE_STATUS};

	for (size_t i = 0; i < sizeof says / sizeof *says; i++) {
		struct slice value = message_value(r, says[i]);

		if (slice_eq_nocase(slice_part(value, 0, 3), SLICE("hit")))
			return value;
	}
	return (struct slice){NULL, 0};
}

static bool
hit_by_status(const struct message *r)
{
	struct cachestatus status = claim_status(r);

	return status.is_valid && status.hit;
}

/* An age that the delay of the answer does not explain. */
static bool
hit_by_age(const struct exchange *x)
{
	int64_t delay_s = (x->r.first.ts_ns - x->q.head_end.ts_ns) / CONFIG_S_NS;

	return x->age_s >= delay_s + ROUNDING_S;
}

/* An answer of about the time when this one was made, with the same content. */
static const struct observation *
authorized_before(const struct view *view)
{
	const struct exchange *x = view->x;
	int64_t made_ns = x->r.first.ts_ns - x->age_s * CONFIG_S_NS;
	const struct resource *resource = view->resource;

	for (unsigned i = 0; i < recent_count(view); i++) {
		const struct observation *o = resource->observations[i];
		int64_t apart_ns = o->response_ns - made_ns;

		if (o->has_authorization && apart_ns <= ROUNDING_S * CONFIG_S_NS &&
			-apart_ns <= ROUNDING_S * CONFIG_S_NS &&
			((o->etag_raw.at && slice_eq(o->etag_raw, x->etag.raw)) ||
				view_has_same_body(view, o)))
			return o;
	}
	return NULL;
}

static const char *
forbidden_kind(
	const struct view *view, struct ruling *ruling, bool by_status, bool by_age)
{
	const uint32_t opens = CC_PUBLIC | CC_MUST_REVALIDATE | CC_S_MAXAGE;
	const struct cachecontrol *cc = &view->x->r_cc;

	if (view_is_unsafe(view))
		return "unsafe-method";
	if (cc->present & CC_NO_STORE && !(cc->present & CC_MUST_UNDERSTAND))
		return "no-store";
	if (is_unqualified(cc, CC_PRIVATE))
		return "private";
	if (is_unqualified(cc, CC_NO_CACHE) && (by_status || by_age))
		return "no-cache";
	if (by_age && !(cc->present & opens))
		ruling->ref = authorized_before(view);
	return ruling->ref ? "authorization" : NULL;
}

bool
rule_cache_reused_forbidden(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	bool by_status = hit_by_status(&x->r), by_age = hit_by_age(x);
	struct slice by_word = hit_by_word(&x->r);

	if (!(by_status || by_age || by_word.at) || was_validated(view) ||
		view_is_targeted(view))
		return false;
	ruling->a = by_status ? message_value(&x->r, FIELD_CACHE_STATUS)
		    : by_age  ? message_value(&x->r, FIELD_AGE)
			      : by_word;
	ruling->b = message_value(&x->r, FIELD_CACHE_CONTROL);
	ruling->kind = forbidden_kind(view, ruling, by_status, by_age);
	return ruling->kind != NULL;
}

bool
rule_cache_hit_without_age(const struct view *view, struct ruling *ruling)
{
	const struct message *r = &view->x->r;
	struct slice x_cache = message_value(r, FIELD_X_CACHE);
	bool by_status = hit_by_status(r);
	bool by_word = slice_eq_nocase(slice_part(x_cache, 0, 3), SLICE("hit"));

	if (message_has(r, FIELD_AGE) || !(by_status || by_word) ||
		(!by_status && was_validated(view)))
		return false;
	ruling->a = by_status ? message_value(r, FIELD_CACHE_STATUS) : x_cache;
	if (!by_status)
		ruling->confidence = CONFIDENCE_LIKELY;
	if (r->status == 304)
		ruling->severity = SEVERITY_WARNING;
	return true;
}

/* The stored answer is one that was given before the write. */
static const struct observation *
known_from_before(const struct view *view, int64_t write_ns)
{
	const struct resource *resource = view->resource;

	for (unsigned i = 0; i < resource->observation_count; i++) {
		const struct observation *o = resource->observations[i];

		if (o->response_ns < write_ns &&
			((o->etag_raw.at && slice_eq(o->etag_raw, view->x->etag.raw)) ||
				view_has_same_body(view, o)))
			return o;
	}
	return NULL;
}

bool
rule_write_not_invalidated(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	int64_t made_ns, write_ns;

	if (x->method != METHOD_GET || !message_has(&x->r, FIELD_AGE) || x->age_s < 0 ||
		!habits_write_ns(view->habits, view->before, &x->server, &write_ns) ||
		x->r.first.ts_ns - write_ns > WRITE_NS)
		return false;
	made_ns = x->r.first.ts_ns - x->age_s * CONFIG_S_NS;
	ruling->n = (uint64_t)x->age_s;
	ruling->m = (uint64_t)((x->r.first.ts_ns - write_ns) / CONFIG_S_NS);
	if (made_ns >= write_ns - ROUNDING_S * CONFIG_S_NS)
		return false;
	ruling->ref = known_from_before(view, write_ns);
	return ruling->ref != NULL;
}
