/* Conditions that guard: If-Match, If-Unmodified-Since, 412 and 428 [RFC9110 13.1]. */
#include "analyzer/config.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"

#define RECENT_NS (5 * CONFIG_S_NS)
#define ALIVE_NS (60 * CONFIG_S_NS)

static bool
is_success(const struct view *view)
{
	return view->x->r.status >= 200 && view->x->r.status < 300;
}

static bool
has(const struct view *view, enum field_id id)
{
	return message_has(&view->x->q, id);
}

static bool
im_is_list(const struct view *view)
{
	return has(view, FIELD_IF_MATCH) && view->x->im_form == ETAG_LIST;
}

/* The first condition that is there, for the note. */
static struct slice
first_condition(const struct view *view)
{
	static const enum field_id conditions[] = {FIELD_IF_MATCH,
		FIELD_IF_UNMODIFIED_SINCE, FIELD_IF_NONE_MATCH, FIELD_IF_MODIFIED_SINCE,
		FIELD_IF_RANGE};

	for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
		if (has(view, conditions[i]))
			return message_value(&view->x->q, conditions[i]);
	return (struct slice){NULL, 0};
}

/* The newest answer, whatever it was; NULL if there is none. */
static const struct observation *
newest(const struct view *view)
{
	return view->resource && view->resource->observation_count
		       ? view->resource->observations[0]
		       : NULL;
}

/* The resource had one of these tags a moment ago, and nobody changed it since. */
static const struct observation *
named_just_now(const struct view *view, struct slice tags)
{
	const struct observation *o = newest(view);
	struct slice rest = tags;
	struct etag tag;

	if (!o || view->x->q.first.ts_ns - o->response_ns > RECENT_NS ||
		view_changed_since(view, o->response_ns) || !o->etag.raw.at)
		return NULL;
	while (etag_next(&rest, &tag))
		if (etag_weak_eq(&tag, &o->etag))
			return o;
	return NULL;
}

bool
rule_unsafe_performed_despite_inm(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	ruling->a = x->inm;
	ruling->n = x->r.status;
	if (x->method == METHOD_PUT && view_inm_is_star(view)) {
		ruling->ref = newest(view);
		ruling->kind = ruling->ref ? "existing" : "no-201";
		return x->r.status == 200 || x->r.status == 204;
	}
	if (!view_is_unsafe(view) || !view_inm_is_list(view) || !is_success(view) ||
		x->r.status == 201 || x->r.status == 202)
		return false;
	ruling->kind = "existing";
	ruling->ref = named_just_now(view, x->inm);
	return ruling->ref != NULL;
}

/* If-Modified-Since that a server has to ignore. */
static bool
ims_is_void(const struct view *view)
{
	return !view_is_conditional_get(view) || view->x->ims.form == HTTPDATE_INVALID;
}

bool
rule_412_instead_of_304(const struct view *view, struct ruling *ruling)
{
	if (!view_is_get_or_head(view) || has(view, FIELD_IF_MATCH) ||
		has(view, FIELD_IF_UNMODIFIED_SINCE) ||
		view_has_extension_condition(view))
		return false;
	ruling->a = view_has_inm(view) ? view->x->inm : first_condition(view);
	return view_has_inm(view) || (view_has_ims(view) && !ims_is_void(view));
}

/* Methods of WebDAV, whose conditions may stand in fields or in the body. */
static bool
is_webdav(struct slice method)
{
	static const struct slice methods[] = {SLICE_INIT("COPY"), SLICE_INIT("MOVE"),
		SLICE_INIT("LOCK"), SLICE_INIT("UNLOCK"), SLICE_INIT("PROPPATCH"),
		SLICE_INIT("PROPFIND"), SLICE_INIT("MKCOL"), SLICE_INIT("MKCALENDAR"),
		SLICE_INIT("ACL"), SLICE_INIT("REPORT"), SLICE_INIT("SEARCH")};

	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (slice_eq(method, methods[i]))
			return true;
	return false;
}

/* A body that may hold requests, and their conditions, of its own. */
static bool
is_batch(const struct exchange *x)
{
	struct slice type = message_value(&x->q, FIELD_CONTENT_TYPE);
	struct slice soap = SLICE("application/soap"), mixed = SLICE("multipart/mixed"),
		     http = SLICE("application/http");

	return slice_eq_nocase(slice_part(type, 0, soap.n), soap) ||
	       slice_eq_nocase(slice_part(type, 0, mixed.n), mixed) ||
	       slice_eq_nocase(slice_part(type, 0, http.n), http);
}

/* ifGenerationMatch and the like, as a parameter of the query. */
static bool
query_has_condition(struct slice path_query)
{
	size_t at = slice_find(path_query, '?', 0);

	for (; at < path_query.n; at = slice_find(path_query, '&', at + 1)) {
		struct slice name = slice_from(path_query, at + 1);

		if (name.n > 2 && slice_eq_nocase(slice_part(name, 0, 2), SLICE("if")))
			return true;
	}
	return false;
}

bool
rule_412_without_precondition(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	if (view_has_condition(view) || is_webdav(x->q.method) || is_batch(x))
		return false;
	if (query_has_condition(x->path_query))
		ruling->severity = SEVERITY_ADVICE;
	ruling->a = x->q.method;
	return true;
}

static bool
takes_no_condition(enum method method)
{
	return method == METHOD_CONNECT || method == METHOD_OPTIONS ||
	       method == METHOD_TRACE;
}

bool
rule_412_on_ignored_precondition(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	ruling->a = first_condition(view);
	ruling->b = x->q.method;
	if (view_has_extension_condition(view))
		return false;
	if (takes_no_condition(x->method))
		return true;
	if (has(view, FIELD_IF_MATCH) || view_has_inm(view) || has(view, FIELD_IF_RANGE))
		return false;
	if (has(view, FIELD_IF_UNMODIFIED_SINCE) && x->ius.form != HTTPDATE_INVALID)
		return false;
	return !view_has_ims(view) || ims_is_void(view);
}

/* The first member that matches strongly. */
static bool
im_has(const struct view *view, const struct etag *tag)
{
	struct slice rest = view->x->im;
	struct etag member;

	while (etag_next(&rest, &member))
		if (etag_strong_eq(&member, tag))
			return true;
	return false;
}

/* The tag of a 412 may be that of an error page, unless a 200 had it too. */
bool
rule_412_despite_if_match_true(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	if (!im_is_list(view) || view_has_inm(view) ||
		view_has_extension_condition(view) || !view_has_etag(view) ||
		!im_has(view, &x->etag))
		return false;
	ruling->ref = view_known(view, &x->etag);
	ruling->a = x->im;
	ruling->b = x->etag.raw;
	return ruling->ref && ruling->ref->status == 200 && !ruling->ref->etag.weak;
}

/* Who is not the origin server may leave these two alone. */
static bool
may_be_intermediary(const struct view *view)
{
	return view->x->via_cache || message_has(&view->x->r, FIELD_VIA);
}

bool
rule_if_match_ignored(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	ruling->a = x->im;
	ruling->b = x->etag.raw;
	return view_is_get_or_head(view) && im_is_list(view) &&
	       view_is_full_or_206(view) && view_has_etag(view) &&
	       !may_be_intermediary(view) && !im_has(view, &x->etag);
}

static bool
im_is_weak(const struct view *view)
{
	struct slice rest = view->x->im;
	struct etag member;

	if (!im_is_list(view))
		return false;
	while (etag_next(&rest, &member))
		if (!member.weak)
			return false;
	return true;
}

bool
rule_if_match_weak(const struct view *view, struct ruling *ruling)
{
	ruling->a = view->x->im;
	return im_is_weak(view);
}

/* The answer may say that there was nothing left to do. */
static bool
was_done_before(const struct view *view)
{
	const struct observation *o = newest(view);
	const struct exchange *x = view->x;

	if (x->method == METHOD_DELETE)
		return !o || x->q.first.ts_ns - o->response_ns > ALIVE_NS;
	return o && o->has_digest && x->q.has_digest &&
	       o->digest.high == x->q.digest.high && o->digest.low == x->q.digest.low;
}

bool
rule_if_match_weak_accepted(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	ruling->a = x->im;
	ruling->n = x->r.status;
	return view_is_unsafe(view) && im_is_weak(view) && is_success(view) &&
	       x->r.status != 202 && !was_done_before(view);
}

bool
rule_if_unmodified_since_ignored(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	ruling->a = message_value(&x->q, FIELD_IF_UNMODIFIED_SINCE);
	ruling->b = message_value(&x->r, FIELD_LAST_MODIFIED);
	return view_is_get_or_head(view) && x->ius.form != HTTPDATE_INVALID &&
	       !has(view, FIELD_IF_MATCH) && view_is_full_or_206(view) &&
	       !may_be_intermediary(view) && view_has_last_modified(view) &&
	       x->last_modified.unix_s > x->ius.unix_s;
}

bool
rule_428_with_precondition(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	if (x->r.status != 428)
		return false;
	ruling->a = first_condition(view);
	return im_is_list(view) || x->ius.form != HTTPDATE_INVALID;
}
