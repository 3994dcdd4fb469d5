/* What a 304 may be sent for, and what it may carry. */
#include "analyzer/config.h"
#include "analyzer/rules/aggregate.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"

bool
rule_304_with_body(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	if (!view_is_304(view) || x->stray_bytes == 0 || x->stray_kind == STRAY_CRLF ||
		x->stray_kind == STRAY_NONE)
		return false;
	ruling->kind = view_stray_kind(view);
	ruling->n = x->stray_bytes;
	ruling->a = slice_of(x->stray_head, x->stray_head_bytes);
	return true;
}

/* RFC 9111 4.3.3: the 304 to a cache's own validation is for the cache alone. */
static enum fault
fault_of_path(const struct view *view)
{
	return view->x->via_cache || message_has(&view->x->r, FIELD_VIA)
		       ? FAULT_INTERMEDIARY
		       : FAULT_SERVER;
}

/* Never before, as far as nothing was forgotten. */
static bool
is_first_request(const struct view *view)
{
	return !view->before->client_has_resource &&
	       history_evictions(view->history).held == 0;
}

bool
rule_304_unconditional_request(const struct view *view, struct ruling *ruling)
{
	if (!view_is_304(view) || !view_is_conditional_get(view) ||
		view_has_condition(view))
		return false;
	if (view->x->forced || is_first_request(view))
		ruling->kind = "client-refused-304";
	ruling->fault = fault_of_path(view);
	return true;
}

bool
rule_304_wrong_precondition(const struct view *view, struct ruling *ruling)
{
	const struct message *q = &view->x->q;

	if (!view_is_304(view) || !view_is_get_or_head(view) || view_has_inm(view) ||
		view_has_ims(view) || view_has_extension_condition(view))
		return false;
	if (message_has(q, FIELD_IF_MATCH))
		ruling->a = SLICE("If-Match");
	else if (message_has(q, FIELD_IF_UNMODIFIED_SINCE))
		ruling->a = SLICE("If-Unmodified-Since");
	else if (message_has(q, FIELD_IF_RANGE))
		ruling->a = SLICE("If-Range");
	return ruling->a.at != NULL;
}

static bool
overrides_to_get(const struct message *q)
{
	for (size_t i = 0; i < q->field_count; i++)
		if (slice_eq_nocase(q->fields[i].name, SLICE("X-HTTP-Method-Override")))
			return slice_eq_nocase(q->fields[i].value, SLICE("GET"));
	return false;
}

bool
rule_304_method_not_get_head(const struct view *view, struct ruling *ruling)
{
	if (!view_is_304(view) || view_is_conditional_get(view))
		return false;
	ruling->a = view->x->q.method;
	if (view->x->method == METHOD_OTHER) {
		ruling->severity = SEVERITY_WARNING;
		ruling->confidence = CONFIDENCE_LIKELY;
	}
	if (overrides_to_get(&view->x->q))
		ruling->severity = SEVERITY_WARNING;
	return true;
}

bool
rule_304_extra_metadata(const struct view *view, struct ruling *ruling)
{
	static const struct {
		enum field_id id;
		const char *kind;
		enum severity severity;
	} fields[] = {
		{FIELD_CONTENT_ENCODING, "content-encoding", SEVERITY_WARNING},
		{FIELD_CONTENT_RANGE, "content-range", SEVERITY_WARNING},
		{FIELD_CONTENT_TYPE, "content-type", SEVERITY_ADVICE},
		{FIELD_CONTENT_LANGUAGE, "content-language", SEVERITY_ADVICE},
	};

	for (size_t i = 0; view_is_304(view) && i < sizeof fields / sizeof *fields; i++)
		if (message_has(&view->x->r, fields[i].id)) {
			ruling->kind = fields[i].kind;
			ruling->severity = fields[i].severity;
			ruling->a = message_value(&view->x->r, fields[i].id);
			return true;
		}
	return false;
}

/* A server without a clock sends none on purpose [RFC9110 6.6.1]. */
bool
rule_304_missing_date(const struct view *view, struct ruling *ruling)
{
	if (!view_is_304(view) || message_has(&view->x->r, FIELD_DATE))
		return false;
	ruling->pending = !aggregate_has_clock(view->aggregate, &view->x->server);
	return true;
}

static bool
has_tagged_peer(const struct view *view, struct ruling *ruling)
{
	const struct observation *peer = view_peer(view);

	if (!peer || !peer->etag_raw.at || !view_same_server(view, peer) ||
		!view_coding_fits(view, peer))
		return false;
	ruling->ref = peer;
	ruling->a = peer->etag_raw;
	return true;
}

bool
rule_304_missing_etag(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	if (!view_is_304(view) || message_has(&x->r, FIELD_ETAG))
		return false;
	if (view_has_inm(view)) {
		ruling->a = x->inm;
		if (x->ims.form != HTTPDATE_INVALID && view_has_last_modified(view) &&
			x->last_modified.unix_s <= x->ims.unix_s)
			ruling->kind = "inm-ignored";
		return view_inm_is_list(view);
	}
	ruling->confidence = CONFIDENCE_LIKELY;
	return x->method != METHOD_HEAD && x->ims.form != HTTPDATE_INVALID &&
	       has_tagged_peer(view, ruling);
}

static bool
matches_without_suffix(const struct exchange *x)
{
	struct slice rest = x->inm, suffix;
	struct slice bare = etag_without_coding_suffix(x->etag.opaque, &suffix);
	struct etag tag;

	while (exchange_next_tag(x, &rest, &tag))
		if (slice_eq(etag_without_coding_suffix(tag.opaque, &suffix), bare))
			return true;
	return false;
}

bool
rule_304_etag_not_requested(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	bool first;

	if (!view_is_304(view) || !view_inm_is_list(view) || !view_has_etag(view) ||
		view_inm_match(view, &first) != VIEW_MATCH_NONE)
		return false;
	ruling->a = x->inm;
	ruling->b = x->etag.raw;
	if (matches_without_suffix(x))
		ruling->kind = "coding-suffix";
	else if (x->ims.form != HTTPDATE_INVALID && view_has_last_modified(view) &&
		 x->last_modified.unix_s <= x->ims.unix_s)
		ruling->kind = "by-date";
	else if (aggregate_knows_tag(view->aggregate, view, &view->x->etag))
		ruling->kind = "foreign";
	else if (x->via_cache)
		ruling->kind = "union";
	return true;
}

bool
rule_304_last_modified_after_ims(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	if (!view_is_304(view) || view_has_inm(view) || x->ims.form == HTTPDATE_INVALID ||
		!view_has_last_modified(view) || x->last_modified.unix_s <= x->ims.unix_s)
		return false;
	ruling->a = message_value(&x->r, FIELD_LAST_MODIFIED);
	ruling->b = message_value(&x->q, FIELD_IF_MODIFIED_SINCE);
	ruling->n = (uint64_t)(x->last_modified.unix_s - x->ims.unix_s);
	return true;
}

static bool
is_echo(const struct view *view, struct slice value)
{
	if (slice_eq(message_value(&view->x->r, FIELD_LAST_MODIFIED), value))
		return true;
	for (unsigned i = 0; view->resource && i < view->resource->observation_count; i++)
		if (slice_eq(view->resource->observations[i]->last_modified, value))
			return true;
	return false;
}

/* A date, and after it the length that old browsers added. */
static bool
has_length_suffix(const struct exchange *x, struct slice value)
{
	struct slice date = slice_trim(slice_part(value, 0, slice_find(value, ';', 0)));

	return date.n < value.n &&
	       httpdate_parse(date, x->q.first.ts_ns / CONFIG_S_NS).form !=
		       HTTPDATE_INVALID;
}

bool
rule_304_on_invalid_ims(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	struct slice value = message_value(&x->q, FIELD_IF_MODIFIED_SINCE);

	if (!view_is_304(view) || view_has_inm(view) || !view_has_ims(view) ||
		x->ims.form != HTTPDATE_INVALID)
		return false;
	ruling->a = value;
	if (message_repeats(&x->q, FIELD_IF_MODIFIED_SINCE))
		return true;
	if (value.n && is_echo(view, value)) {
		ruling->kind = "echo";
		ruling->severity = SEVERITY_WARNING;
	} else if (has_length_suffix(x, value)) {
		ruling->kind = "length-suffix";
		ruling->severity = SEVERITY_ADVICE;
	}
	return true;
}

bool
rule_304_transfer_encoding(const struct view *view, struct ruling *ruling)
{
	ruling->a = message_value(&view->x->r, FIELD_TRANSFER_ENCODING);
	return message_has(&view->x->r, FIELD_TRANSFER_ENCODING);
}
