/* Vary, cookies, and what shared caches may make of an answer [RFC9110 12.5.5,
 * RFC9111 3.5, 4.1, 7.3]. */
#include "analyzer/config.h"
#include "analyzer/rules/aggregate.h"
#include "analyzer/rules/recent.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"
#include "parsers/chars.h"
#include "parsers/list.h"
#include "parsers/target.h"
#include "parsers/vary.h"

enum {
	MEMBERS_MANY = 3, /* of Vary */
	SEEN_MIN = 6,	  /* answers, to speak of how many values a field has */
	DAY_S = 86400,
	OUTAGE_S = 60,
	NAMES_MAX = 32, /* of Vary that are compared with each other */
};

#define WINDOW_NS (600 * CONFIG_S_NS)

static struct slice
vary_of(const struct view *view)
{
	return message_value(&view->x->r, FIELD_VARY);
}

bool
rule_vary_star(const struct view *view, struct ruling *ruling)
{
	const struct message *r = &view->x->r;

	ruling->a = message_value(r, FIELD_CACHE_CONTROL);
	if (view->x->r_cc.present & CC_NO_STORE)
		ruling->severity = SEVERITY_ADVICE;
	for (size_t i = 0; message_has(r, FIELD_VARY) && i < r->field_count; i++)
		if (r->fields[i].id == FIELD_VARY && vary_is_star(r->fields[i].value))
			return true;
	return false;
}

/* ---- members of Vary ---- */

static const char *
flaw_of_member(struct slice name)
{
	static const struct {
		struct slice name;
		const char *kind;
	} poor[] = {
		{SLICE_INIT("user-agent"), "user-agent"},
		{SLICE_INIT("cookie"), "cookie"},
		{SLICE_INIT("host"), "useless"},
		{SLICE_INIT("authorization"), "useless"},
		{SLICE_INIT("date"), "useless"},
		{SLICE_INIT("if-none-match"), "conditional-field"},
		{SLICE_INIT("if-modified-since"), "conditional-field"},
		{SLICE_INIT("referer"), "high-cardinality"},
		{SLICE_INIT("x-forwarded-for"), "high-cardinality"},
	};

	for (size_t i = 0; i < sizeof poor / sizeof *poor; i++)
		if (slice_eq_nocase(name, poor[i].name))
			return poor[i].kind;
	return NULL;
}

/* One field that has another value in every other request of the resource. */
static bool
has_many_values(const struct view *view)
{
	const struct resource *resource = view->resource;
	unsigned seen = 1, distinct = 1;

	for (unsigned i = 0; i < recent_count(view); i++) {
		const struct observation *o = resource->observations[i];
		bool is_new = !key_eq(o->variant, view->before->variant);

		if (o->is_head || !slice_eq_nocase(o->vary, vary_of(view)))
			continue;
		for (unsigned j = 0; j < i && is_new; j++)
			is_new = !key_eq(o->variant, resource->observations[j]->variant);
		seen++;
		distinct += is_new;
	}
	return seen >= SEEN_MIN && 2 * distinct >= seen;
}

bool
rule_vary_inefficient(const struct view *view, struct ruling *ruling)
{
	uint32_t present = view->x->r_cc.present;
	struct slice rest = vary_of(view), name;
	unsigned members = 0;

	ruling->a = rest;
	if (!rest.at || !view->x->freshness.storable || vary_is_star(rest))
		return false;
	for (; vary_next(&rest, &name); members++) {
		ruling->kind = flaw_of_member(name);
		if (ruling->kind && present & CC_PRIVATE &&
			strcmp(ruling->kind, "cookie") == 0)
			continue;
		if (ruling->kind)
			return true;
	}
	ruling->kind = members > MEMBERS_MANY ? "too-many" : "high-cardinality";
	return members > MEMBERS_MANY || (members == 1 && has_many_values(view));
}

static bool
has_all(struct slice a, struct slice b)
{
	struct slice name;

	while (vary_next(&b, &name))
		if (!vary_has(a, name))
			return false;
	return true;
}

static bool
is_same_set(struct slice a, struct slice b)
{
	return slice_eq(a, b) || (has_all(a, b) && has_all(b, a));
}

/* All that one has and the other has not is Origin. */
static bool
differs_in_origin(struct slice a, struct slice b)
{
	struct slice name;

	for (unsigned i = 0; i < 2; i++) {
		struct slice rest = i ? a : b, other = i ? b : a;

		while (vary_next(&rest, &name))
			if (!vary_has(other, name) &&
				!slice_eq_nocase(name, SLICE("origin")))
				return false;
	}
	return true;
}

/* The set went away and came back: no new configuration, but two at a time. */
bool
rule_vary_inconsistent(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct resource *resource = view->resource;
	const struct observation *other = NULL;
	struct slice vary = vary_of(view);

	if (x->method != METHOD_GET || !(view_is_full(view) || view_is_304(view)) ||
		(x->r_cc.present & CC_NO_STORE))
		return false;
	for (unsigned i = 0; i < recent_count(view); i++) {
		const struct observation *o = resource->observations[i];

		if (o->is_head || (o->status != 200 && o->status != 203) ||
			!o->freshness.storable || !view_same_server(view, o))
			continue;
		if (x->r.first.ts_ns - o->response_ns > WINDOW_NS)
			return false;
		if (!is_same_set(o->vary, vary)) {
			other = other ? other : o;
			continue;
		}
		if (!other)
			continue;
		ruling->ref = other;
		ruling->a = vary;
		ruling->b = other->vary;
		if (differs_in_origin(vary, other->vary))
			ruling->severity = SEVERITY_ADVICE;
		return true;
	}
	return false;
}

/* A violation outweighs what is only odd. */
static bool
judge_names(const struct slice *names, unsigned count, struct ruling *ruling)
{
	bool odd = false;

	for (unsigned i = 0; i < count; i++) {
		ruling->a = names[i];
		if (!chars_are(names[i], CHARS_TOKEN)) {
			ruling->kind = "not-field-name";
			ruling->severity = SEVERITY_VIOLATION;
			return true;
		}
		for (unsigned j = 0; j < i; j++) {
			if (odd || !slice_eq_nocase(names[i], names[j]))
				continue;
			ruling->kind = "repeated";
			ruling->severity = SEVERITY_ADVICE;
			odd = true;
		}
		if (count > 1 && slice_eq(names[i], SLICE("*")) && !odd) {
			ruling->kind = "star-and-names";
			ruling->severity = SEVERITY_ADVICE;
			odd = true;
		}
	}
	return odd;
}

bool
rule_vary_malformed(const struct view *view, struct ruling *ruling)
{
	const struct message *r = &view->x->r;
	struct slice names[NAMES_MAX];
	unsigned count = 0;
	bool empty = false;

	for (size_t i = 0; message_has(r, FIELD_VARY) && i < r->field_count; i++) {
		struct slice rest = r->fields[i].value;

		if (r->fields[i].id != FIELD_VARY)
			continue;
		empty |= list_has_empty(rest);
		while (count < NAMES_MAX && list_next(&rest, &names[count]))
			count++;
	}
	if (judge_names(names, count, ruling))
		return true;
	ruling->kind = "empty-element";
	ruling->severity = SEVERITY_ADVICE;
	ruling->a = vary_of(view);
	return empty;
}

/* ---- what may be shared ---- */

static bool
is_open(const struct cachecontrol *cc, const struct freshness *f)
{
	return cc->present & CC_PUBLIC || cc->s_maxage_s > 0 ||
	       (f->kind == FRESHNESS_EXPLICIT && f->lifetime_s > 0);
}

/* 206 and 404 are among them: a cache may keep these unasked. */
static bool
is_kept(uint16_t status)
{
	static const uint16_t statuses[] = {200, 203, 206, 300, 301, 308, 404, 410};

	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
		if (status == statuses[i])
			return true;
	return false;
}

bool
rule_set_cookie_shared_cacheable(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct cachecontrol *cc = &x->r_cc;

	if (!message_has(&x->r, FIELD_SET_COOKIE) || x->method != METHOD_GET ||
		!is_kept(x->r.status) || cc->present & (CC_PRIVATE | CC_NO_STORE))
		return false;
	ruling->a = message_value(&x->r, FIELD_CACHE_CONTROL);
	if (cc->present & CC_NO_CACHE && cc->argued & CC_NO_CACHE)
		return false;
	if (aggregate_shares_cookie(view->aggregate, view)) {
		ruling->kind = "cookie-shared";
		ruling->severity = SEVERITY_VIOLATION;
		ruling->confidence = CONFIDENCE_LIKELY;
	} else if (!is_open(cc, &x->freshness) || cc->present & CC_NO_CACHE) {
		ruling->severity = SEVERITY_ADVICE;
	}
	return true;
}

/* The same octets were given without a password, too. */
static bool
is_public(const struct view *view)
{
	const struct resource *resource = view->resource;

	for (unsigned i = 0; i < recent_count(view); i++)
		if (!resource->observations[i]->has_authorization &&
			view_has_same_body(view, resource->observations[i]))
			return true;
	return false;
}

bool
rule_authorized_response_shared(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct cachecontrol *cc = &x->r_cc;
	bool lives = x->freshness.kind == FRESHNESS_EXPLICIT &&
		     x->freshness.lifetime_s > 0;

	ruling->a = message_value(&x->r, FIELD_CACHE_CONTROL);
	return message_has(&x->q, FIELD_AUTHORIZATION) && x->r.status == 200 &&
	       !(cc->present & (CC_PRIVATE | CC_NO_STORE)) &&
	       (cc->present & CC_PUBLIC || cc->s_maxage_s > 0 ||
		       (cc->present & CC_MUST_REVALIDATE && lives)) &&
	       !is_public(view);
}

bool
rule_error_cached_long(const struct view *view, struct ruling *ruling)
{
	static const struct {
		uint16_t status;
		int64_t most_s;
	} limits[] = {{400, OUTAGE_S}, {401, OUTAGE_S}, {403, OUTAGE_S}, {408, OUTAGE_S},
		{429, OUTAGE_S}, {500, OUTAGE_S}, {502, OUTAGE_S}, {503, OUTAGE_S},
		{504, OUTAGE_S}, {404, DAY_S}, {410, DAY_S}, {414, DAY_S}, {302, DAY_S},
		{303, DAY_S}, {307, DAY_S}};
	const struct exchange *x = view->x;
	const struct freshness *f = &x->freshness;

	if (x->r.status == 200 || f->kind != FRESHNESS_EXPLICIT ||
		x->r_cc.present & (CC_NO_STORE | CC_PRIVATE))
		return false;
	ruling->n = x->r.status;
	ruling->m = (uint64_t)f->lifetime_s;
	if (x->r.status == 410)
		ruling->severity = SEVERITY_ADVICE;
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		if (x->r.status == limits[i].status)
			return f->lifetime_s > limits[i].most_s;
	return false;
}

bool
rule_post_freshness_unusable(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	struct slice location = message_value(&x->r, FIELD_CONTENT_LOCATION);

	if (!(view_is_unsafe(view) || x->method == METHOD_OPTIONS) || x->r.status < 200 ||
		x->r.status >= 300 || view_is_targeted(view))
		return false;
	ruling->a = x->q.method;
	ruling->b = message_value(&x->r, FIELD_CACHE_CONTROL);
	if (x->method == METHOD_POST && location.at &&
		(slice_eq(location, x->path_query) || slice_eq(location, x->q.target)))
		return false;
	return x->freshness.kind == FRESHNESS_EXPLICIT && x->freshness.lifetime_s > 0;
}

/* ---- fields that do nothing ---- */

/* Directives of a browser that is no more. */
static bool
has_pre_check(const struct exchange *x)
{
	const struct message *r = &x->r;

	if (x->r_cc.plain)
		return false;
	for (size_t i = 0; message_has(r, FIELD_CACHE_CONTROL) && i < r->field_count;
		i++) {
		struct slice rest = r->fields[i].value;
		struct directive d;

		if (r->fields[i].id != FIELD_CACHE_CONTROL)
			continue;
		while (directive_next(&rest, &d))
			if (slice_eq_nocase(d.name, SLICE("pre-check")) ||
				slice_eq_nocase(d.name, SLICE("post-check")))
				return true;
	}
	return false;
}

static bool
judge_response(const struct exchange *x, struct ruling *ruling)
{
	const struct message *r = &x->r;

	if (message_has(r, FIELD_PRAGMA)) {
		ruling->kind = "pragma-response";
		ruling->a = message_value(r, FIELD_PRAGMA);
		if (!message_has(r, FIELD_CACHE_CONTROL))
			ruling->severity = SEVERITY_WARNING;
		return true;
	}
	if (message_has(r, FIELD_WARNING)) {
		ruling->kind = "warning-field";
		ruling->a = message_value(r, FIELD_WARNING);
		return true;
	}
	if (has_pre_check(x)) {
		ruling->kind = "pre-post-check";
		ruling->a = message_value(r, FIELD_CACHE_CONTROL);
		return true;
	}
	if (message_has(r, FIELD_SURROGATE_CONTROL) &&
		!message_has(r, FIELD_CACHE_CONTROL)) {
		ruling->kind = "surrogate-only";
		ruling->a = message_value(r, FIELD_SURROGATE_CONTROL);
		return true;
	}
	return false;
}

/* What is only superfluous. */
static bool
judge_redundant(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	uint32_t present = x->r_cc.present;

	ruling->a = message_value(&x->r, FIELD_CACHE_CONTROL);
	if (present & CC_MAX_AGE && message_has(&x->r, FIELD_EXPIRES)) {
		ruling->kind = "expires-redundant";
		return true;
	}
	ruling->kind = "public-redundant";
	return present & CC_PUBLIC && present & (CC_MAX_AGE | CC_S_MAXAGE) &&
	       !message_has(&x->q, FIELD_AUTHORIZATION);
}

bool
rule_pragma_and_legacy(const struct view *view, struct ruling *ruling)
{
	const struct message *q = view_side(view, 0), *r = view_side(view, 1);

	if (q && message_has(q, FIELD_PRAGMA)) {
		ruling->fault = FAULT_CLIENT;
		ruling->kind = "pragma-other";
		ruling->a = message_value(q, FIELD_PRAGMA);
		if (!slice_eq_nocase(ruling->a, SLICE("no-cache")))
			return true;
	}
	ruling->fault = FAULT_SERVER;
	return r && (judge_response(view->x, ruling) || judge_redundant(view, ruling));
}

bool
rule_cache_header_misspelled(const struct view *view, struct ruling *ruling)
{
	static const struct {
		struct slice wrong;
		enum field_id right;
	} names[] = {
		{SLICE_INIT("cachecontrol"), FIELD_CACHE_CONTROL},
		{SLICE_INIT("cache_control"), FIELD_CACHE_CONTROL},
		{SLICE_INIT("cache-contol"), FIELD_CACHE_CONTROL},
		{SLICE_INIT("cache-controle"), FIELD_CACHE_CONTROL},
		{SLICE_INIT("cash-control"), FIELD_CACHE_CONTROL},
		{SLICE_INIT("x-cache-control"), FIELD_CACHE_CONTROL},
		{SLICE_INIT("e-tag"), FIELD_ETAG},
		{SLICE_INIT("etags"), FIELD_ETAG},
		{SLICE_INIT("entity-tag"), FIELD_ETAG},
		{SLICE_INIT("lastmodified"), FIELD_LAST_MODIFIED},
		{SLICE_INIT("last_modified"), FIELD_LAST_MODIFIED},
		{SLICE_INIT("last-modifed"), FIELD_LAST_MODIFIED},
		{SLICE_INIT("modified"), FIELD_LAST_MODIFIED},
		{SLICE_INIT("expire"), FIELD_EXPIRES},
		{SLICE_INIT("expiry"), FIELD_EXPIRES},
		{SLICE_INIT("expires-at"), FIELD_EXPIRES},
		{SLICE_INIT("varry"), FIELD_VARY},
		{SLICE_INIT("vary-by"), FIELD_VARY},
		{SLICE_INIT("content_encoding"), FIELD_CONTENT_ENCODING},
		{SLICE_INIT("accept_ranges"), FIELD_ACCEPT_RANGES},
	};

	for (unsigned side = 0; side < 2; side++) {
		const struct message *m = view_side(view, side);

		if (!m || !message_has_initial(
				  m, MESSAGE_INITIAL('a') | MESSAGE_INITIAL('c') |
					     MESSAGE_INITIAL('e') | MESSAGE_INITIAL('l') |
					     MESSAGE_INITIAL('m') | MESSAGE_INITIAL('v') |
					     MESSAGE_INITIAL('x')))
			continue;
		for (size_t i = 0; i < m->field_count; i++) {
			if (m->fields[i].id != FIELD_OTHER)
				continue;
			for (size_t j = 0; j < sizeof names / sizeof *names; j++) {
				if (!slice_eq_nocase(m->fields[i].name, names[j].wrong) ||
					message_has(m, names[j].right))
					continue;
				ruling->fault = view_sender(side);
				ruling->a = m->fields[i].name;
				ruling->b = field_name(names[j].right);
				return true;
			}
		}
	}
	return false;
}

/* Some think of a tag when they write. */
static bool
is_lost(const struct field *field, const struct exchange *x, unsigned side)
{
	if (!side && field->id == FIELD_ETAG)
		return x->method == METHOD_GET || x->method == METHOD_HEAD;
	return view_misplaced_fields(side) & FIELD_BIT(field->id);
}

bool
rule_field_wrong_direction(const struct view *view, struct ruling *ruling)
{
	for (unsigned side = 0; side < 2; side++) {
		const struct message *m = view_side(view, side);

		if (!m || !(m->present & view_misplaced_fields(side)))
			continue;
		for (size_t i = 0; i < m->field_count; i++) {
			const struct field *field = &m->fields[i];

			if (!is_lost(field, view->x, side))
				continue;
			ruling->fault = view_sender(side);
			ruling->a = field->name;
			ruling->b = side ? SLICE("response") : SLICE("request");
			return true;
		}
	}
	return false;
}
