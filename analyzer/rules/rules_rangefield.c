/* Fields of what carries a part, or offers parts [RFC9110 14.3, 14.4, 15.3.7]. */
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"
#include "parsers/list.h"

static bool
lacks(const struct view *view, enum field_id id, struct slice earlier)
{
	return earlier.at && !message_has(&view->x->r, id);
}

/* A 200 of the same version and coding, from the same server. */
static const struct observation *
whole_of(const struct view *view)
{
	const struct resource *resource = view->resource;

	for (unsigned i = 0; i < resource->observation_count; i++) {
		const struct observation *o = resource->observations[i];

		if (o->status != 200 || o->is_head || !view_same_server(view, o) ||
			!view_same_variant(view, o))
			continue;
		if (o->etag_raw.at && view->x->etag.raw.at &&
			!slice_eq(o->etag_raw, view->x->etag.raw))
			return NULL;
		if (message_has(&view->x->r, FIELD_LAST_MODIFIED) &&
			o->last_modified.at &&
			!slice_eq(o->last_modified,
				message_value(&view->x->r, FIELD_LAST_MODIFIED)))
			return NULL;
		return o;
	}
	return NULL;
}

bool
rule_206_missing_required_header(const struct view *view, struct ruling *ruling)
{
	const struct observation *o = whole_of(view);

	if (!o)
		return false;
	const struct {
		enum field_id id;
		struct slice value;
		const char *kind;
	} fields[] = {
		{FIELD_DATE, o->date, "required"},
		{FIELD_CACHE_CONTROL, o->cache_control, "required"},
		{FIELD_ETAG, o->etag_raw, "required"},
		{FIELD_EXPIRES, o->expires, "required"},
		{FIELD_CONTENT_LOCATION, o->content_location, "required"},
		{FIELD_VARY, o->vary, "required"},
		{FIELD_CONTENT_TYPE, o->content_type, "representation"},
		{FIELD_CONTENT_ENCODING, o->content_encoding, "representation"},
		{FIELD_CONTENT_LANGUAGE, o->content_language, "representation"},
		{FIELD_LAST_MODIFIED, o->last_modified, "representation"},
	};
	bool may_be_short = message_has(&view->x->q, FIELD_IF_RANGE);

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		if (!lacks(view, fields[i].id, fields[i].value))
			continue;
		if (may_be_short && strcmp(fields[i].kind, "representation") == 0)
			return false;
		if (fields[i].id == FIELD_CONTENT_ENCODING)
			continue; /* another coding is another representation */
		ruling->ref = o;
		ruling->kind = fields[i].kind;
		ruling->a = field_name(fields[i].id);
		return true;
	}
	return false;
}

bool
rule_206_if_range_extra_metadata(const struct view *view, struct ruling *ruling)
{
	static const enum field_id extra[] = {
		FIELD_CONTENT_LANGUAGE, FIELD_CONTENT_ENCODING, FIELD_LAST_MODIFIED};
	const struct message *r = &view->x->r;

	if (!message_has(&view->x->q, FIELD_IF_RANGE) || !view->x->etag.raw.at)
		return false;
	for (size_t i = 0; i < sizeof extra / sizeof *extra; i++) {
		if (!message_has(r, extra[i]))
			continue;
		ruling->a = field_name(extra[i]);
		return true;
	}
	return false;
}

bool
rule_content_range_wrong_place(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	bool asked = message_has(&x->q, FIELD_CONTENT_RANGE);

	if (asked) {
		ruling->a = message_value(&x->q, FIELD_CONTENT_RANGE);
		ruling->fault = FAULT_CLIENT;
		if (x->method == METHOD_PUT)
			ruling->kind = "partial-put";
		if (x->method == METHOD_PUT || x->method == METHOD_POST)
			ruling->severity = SEVERITY_ADVICE;
		if (x->method != METHOD_PATCH)
			return true;
	}
	ruling->a = message_value(&x->r, FIELD_CONTENT_RANGE);
	ruling->fault = FAULT_SERVER;
	ruling->kind = NULL;
	ruling->severity = x->r.status == 308 ? SEVERITY_ADVICE : SEVERITY_WARNING;
	return x->has_response && message_is_clean(&x->r) &&
	       message_has(&x->r, FIELD_CONTENT_RANGE) && x->r.status != 206 &&
	       x->r.status != 416 && x->r.status != 304;
}

bool
rule_accept_ranges_invalid(const struct view *view, struct ruling *ruling)
{
	struct slice rest = message_value(&view->x->r, FIELD_ACCEPT_RANGES), unit;
	unsigned count = 0;
	bool none = false, other = false;

	ruling->a = rest;
	if (!rest.at)
		return false;
	for (; list_next(&rest, &unit); count++) {
		none |= slice_eq_nocase(unit, SLICE("none"));
		other |= !slice_eq_nocase(unit, SLICE("none")) &&
			 !slice_eq_nocase(unit, SLICE("bytes"));
	}
	return !count || other || (none && count > 1);
}
