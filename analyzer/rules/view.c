#include "analyzer/rules/view.h"

#include "analyzer/config.h"
#include "analyzer/rules/asked.h"
#include "analyzer/rules/habit.h"
#include "parsers/vary.h"

enum {
	RANGE_EXCESS = 4 /* so many times what was asked for is too much */
};

bool
view_is_304(const struct view *view)
{
	return view->x->has_response && view->x->r.status == 304;
}

bool
view_is_full(const struct view *view)
{
	return view->x->r.status == 200 || view->x->r.status == 203;
}

bool
view_is_full_or_206(const struct view *view)
{
	return view_is_full(view) || view->x->r.status == 206;
}

bool
view_is_get_or_head(const struct view *view)
{
	return view->x->method == METHOD_GET || view->x->method == METHOD_HEAD;
}

bool
view_is_conditional_get(const struct view *view)
{
	return view_is_get_or_head(view) || view->x->method == METHOD_QUERY;
}

bool
view_is_unsafe(const struct view *view)
{
	enum method method = view->x->method;

	return method == METHOD_PUT || method == METHOD_POST || method == METHOD_PATCH ||
	       method == METHOD_DELETE;
}

bool
view_changed_since(const struct view *view, int64_t ts_ns)
{
	return habits_changed_since(view->habits, view->before, ts_ns);
}

bool
view_remembers_since(const struct view *view, int64_t ts_ns)
{
	const struct resource *resource = view->resource;
	unsigned count = resource ? resource->observation_count : 0;

	return !count || !resource->observations_lost ||
	       resource->observations[count - 1]->response_ns <= ts_ns;
}

const char *
view_stray_kind(const struct view *view)
{
	static const char *const kinds[] = {
		[STRAY_CONTENT_LENGTH] = "content-length",
		[STRAY_CHUNK_TERMINATOR] = "chunk-terminator",
		[STRAY_CHUNKED] = "chunked",
		[STRAY_UNTIL_CLOSE] = "until-close",
		[STRAY_JUNK] = "junk",
		[STRAY_CRLF] = "crlf",
	};

	return kinds[view->x->stray_kind];
}

const struct message *
view_side(const struct view *view, unsigned side)
{
	const struct exchange *x = view->x;
	const struct message *m = side ? &x->r : &x->q;

	return (side ? x->has_response : x->has_request) && message_is_clean(m) ? m
										: NULL;
}

#define F(id) FIELD_BIT(FIELD_##id)

uint64_t
view_misplaced_fields(unsigned side)
{
	const uint64_t of_responses = F(AGE) | F(EXPIRES) | F(VARY) | F(ACCEPT_RANGES) |
				      F(SET_COOKIE) | F(ETAG) | F(WWW_AUTHENTICATE);
	const uint64_t of_requests = F(IF_NONE_MATCH) | F(IF_MODIFIED_SINCE) |
				     F(IF_MATCH) | F(IF_UNMODIFIED_SINCE) | F(IF_RANGE) |
				     F(RANGE) | F(EXPECT) | F(TE) | F(HOST) | F(COOKIE) |
				     F(AUTHORIZATION) | F(ACCEPT_LANGUAGE);

	return side ? of_requests : of_responses;
}

enum fault
view_sender(unsigned side)
{
	return side ? FAULT_SERVER : FAULT_CLIENT;
}

bool
view_is_targeted(const struct view *view)
{
	return message_has(&view->x->r, FIELD_CDN_CACHE_CONTROL) ||
	       message_has(&view->x->r, FIELD_SURROGATE_CONTROL);
}

static bool
name_has_if(struct slice name)
{
	for (size_t i = 0; i + 3 <= name.n; i++)
		if (name.at[i + 2] == '-' && octet_lower(name.at[i]) == 'i' &&
			octet_lower(name.at[i + 1]) == 'f')
			return true;
	return false;
}

static bool
name_is_extension(struct slice name)
{
	return name_has_if(name) || slice_has_suffix_nocase(name, SLICE("-match"));
}

static bool
has_extension_condition(const struct message *q)
{
	if (message_has(q, FIELD_IF) || message_has(q, FIELD_IF_SCHEDULE_TAG_MATCH) ||
		message_has(q, FIELD_OVERWRITE) || message_has(q, FIELD_LOCK_TOKEN))
		return true;
	for (size_t i = 0; i < q->field_count; i++)
		if (q->fields[i].id == FIELD_OTHER &&
			name_is_extension(q->fields[i].name))
			return true;
	return false;
}

bool
view_has_extension_condition(const struct view *view)
{
	struct view_memo own, *memo = view->memo ? view->memo : &own;

	if (memo == &own || !memo->has_extension) {
		memo->has_extension = true;
		memo->extension = has_extension_condition(&view->x->q);
	}
	return memo->extension;
}

bool
view_has_standard_condition(const struct view *view)
{
	const uint64_t conditions = F(IF_NONE_MATCH) | F(IF_MODIFIED_SINCE) |
				    F(IF_MATCH) | F(IF_UNMODIFIED_SINCE) | F(IF_RANGE);

	return (view->x->q.present & conditions) != 0;
}

bool
view_has_condition(const struct view *view)
{
	return view_has_standard_condition(view) || view_has_extension_condition(view);
}

bool
view_has_inm(const struct view *view)
{
	return message_has(&view->x->q, FIELD_IF_NONE_MATCH);
}

bool
view_has_ims(const struct view *view)
{
	return message_has(&view->x->q, FIELD_IF_MODIFIED_SINCE);
}

bool
view_inm_is_list(const struct view *view)
{
	return view_has_inm(view) && view->x->inm_form == ETAG_LIST;
}

bool
view_inm_is_star(const struct view *view)
{
	return view_has_inm(view) && view->x->inm_form == ETAG_STAR;
}

bool
view_ims_is_ahead(const struct view *view)
{
	const struct exchange *x = view->x;
	int64_t now_s = x->date.form != HTTPDATE_INVALID ? x->date.unix_s
							 : x->r.first.ts_ns / CONFIG_S_NS;

	return x->ims.unix_s > now_s + 1;
}

bool
view_has_etag(const struct view *view)
{
	return view->x->etag.raw.at && etag_is_valid(&view->x->etag);
}

bool
view_has_last_modified(const struct view *view)
{
	return view->x->last_modified.form != HTTPDATE_INVALID;
}

static enum view_match
match_inm(const struct view *view, bool *first)
{
	struct slice rest = view->x->inm;
	enum view_match best = VIEW_MATCH_NONE;
	struct etag tag;

	*first = false;
	for (unsigned i = 0;
		view_has_etag(view) && exchange_next_tag(view->x, &rest, &tag); i++) {
		if (!etag_weak_eq(&tag, &view->x->etag))
			continue;
		if (tag.weak == view->x->etag.weak) {
			*first = i == 0;
			return VIEW_MATCH_IDENTICAL;
		}
		best = VIEW_MATCH_WEAK;
	}
	return best;
}

enum view_match
view_inm_match(const struct view *view, bool *first)
{
	struct view_memo own, *memo = view->memo ? view->memo : &own;

	if (memo == &own || !memo->has_match) {
		memo->has_match = true;
		memo->match = match_inm(view, &memo->match_is_first);
	}
	*first = memo->match_is_first;
	return memo->match;
}

bool
view_inm_names(const struct view *view, const struct etag *tag)
{
	struct slice rest = view->x->inm;
	struct etag member;

	while (exchange_next_tag(view->x, &rest, &member))
		if (etag_weak_eq(&member, tag))
			return true;
	return false;
}

bool
view_asks_no_cache(const struct view *view)
{
	const struct message *q = &view->x->q;

	return (view->x->q_cc.present & CC_NO_CACHE) ||
	       (message_has(q, FIELD_PRAGMA) &&
		       slice_eq_nocase(
			       message_value(q, FIELD_PRAGMA), SLICE("no-cache")));
}

bool
view_asks_no_store(const struct view *view)
{
	return view_asks_no_cache(view) || view->x->q_cc.present & CC_NO_STORE;
}

bool
view_cache_answered(const struct view *view)
{
	static const enum field_id says[] = {FIELD_CACHE_STATUS, FIELD_X_CACHE,
		FIELD_X_CACHE_STATUS, FIELD_CF_CACHE_STATUS};

	if (view->x->age_s > 0 || exchange_is_varnish_hit(view->x))
		return true;
	for (size_t i = 0; i < sizeof says / sizeof says[0]; i++)
		if (slice_contains_nocase(
			    message_value(&view->x->r, says[i]), SLICE("hit")))
			return true;
	return false;
}

bool
view_range_is_ignored(const struct view *view)
{
	const struct exchange *x = view->x;
	struct asked asked;

	if (x->method != METHOD_GET || x->r.status != 200 || !x->r.complete ||
		!message_has(&x->q, FIELD_RANGE) || message_has(&x->q, FIELD_IF_RANGE) ||
		x->coding_count ||
		!slice_eq_nocase(
			message_value(&x->r, FIELD_ACCEPT_RANGES), SLICE("bytes")))
		return false;
	asked = asked_read(message_value(&x->q, FIELD_RANGE));
	if (!asked.count || !asked_resolve(&asked, x->r.content_bytes) ||
		!asked.satisfiable)
		return false;
	return x->r.content_bytes / RANGE_EXCESS > asked_octets(&asked);
}

const struct observation *
view_known(const struct view *view, const struct etag *tag)
{
	return view->resource ? history_known(view->resource, tag) : NULL;
}

const struct observation *
view_peer(const struct view *view)
{
	return view->resource ? history_peer(view->resource, view->before, view->x)
			      : NULL;
}

bool
view_same_variant(const struct view *view, const struct observation *o)
{
	struct view_variant own, *v = view->memo ? &view->memo->variant : &own;

	if (v == &own || !v->is_read || !slice_eq(v->vary, o->vary)) {
		v->is_read = true;
		v->vary = o->vary;
		v->is_known = history_variant(view->before, view->x, o->vary, &v->key);
	}
	return v->is_known && key_eq(v->key, o->variant);
}

bool
view_same_server(const struct view *view, const struct observation *o)
{
	return o->server.port == view->x->server.port &&
	       address_eq(&o->server.address, &view->x->server.address);
}

bool
view_coding_fits(const struct view *view, const struct observation *o)
{
	struct slice accepted = message_value(&view->x->q, FIELD_ACCEPT_ENCODING);
	enum coding codings[4];
	size_t n = coding_list(o->content_encoding, codings, 4);

	for (size_t i = 0; i < n; i++)
		if (!coding_accepted(accepted, codings[i]))
			return false;
	return true;
}

bool
view_same_coding(const struct view *view, const struct observation *o)
{
	const struct exchange *x = view->x;
	enum coding codings[4];
	size_t n;

	if (!o->content_encoding.n)
		return !x->coding_count;
	n = coding_list(o->content_encoding, codings, 4);
	if (n != x->coding_count)
		return false;
	for (size_t i = 0; i < n; i++)
		if (codings[i] != x->codings[i])
			return false;
	return true;
}

static bool
digest_eq(const struct digest *a, const struct digest *b)
{
	return a->high == b->high && a->low == b->low;
}

static bool
both_are_whole(const struct view *view, const struct observation *o)
{
	return o->whole && o->has_digest && !o->is_head && message_is_whole(&view->x->r);
}

bool
view_has_same_body(const struct view *view, const struct observation *o)
{
	return both_are_whole(view, o) && view->x->r.content_bytes > 0 &&
	       digest_eq(&view->x->r.digest, &o->digest);
}

bool
view_has_other_octets(const struct view *view, const struct observation *o)
{
	const struct message *r = &view->x->r;

	return both_are_whole(view, o) && (r->content_bytes || o->body_bytes) &&
	       !digest_eq(&r->digest, &o->digest);
}

bool
view_has_other_body(const struct view *view, const struct observation *o)
{
	const struct message *r = &view->x->r;

	return view_has_other_octets(view, o) &&
	       (!r->has_digest_decoded || !o->has_digest_decoded ||
		       !digest_eq(&r->digest_decoded, &o->digest_decoded));
}

bool
view_same_metadata(const struct view *view, const struct observation *o)
{
	const struct message *r = &view->x->r;

	return slice_eq(message_value(r, FIELD_CONTENT_ENCODING), o->content_encoding) &&
	       slice_eq(message_value(r, FIELD_CONTENT_TYPE), o->content_type) &&
	       slice_eq(message_value(r, FIELD_CONTENT_LANGUAGE), o->content_language) &&
	       slice_eq(message_value(r, FIELD_CONTENT_DISPOSITION),
		       o->content_disposition);
}

static bool
same_credentials(const struct view *view, const struct observation *o)
{
	const struct message *q = &view->x->q;

	return o->has_authorization == message_has(q, FIELD_AUTHORIZATION) &&
	       o->has_cookie == message_has(q, FIELD_COOKIE);
}

static bool
is_policy_ref(const struct view *view, const struct observation *o)
{
	return (o->status == 200 || o->status == 203) && !o->is_head &&
	       view_same_server(view, o) && same_credentials(view, o) &&
	       view_same_variant(view, o);
}

/* The 304 is about the representation of this answer, as far as its fields tell. */
static bool
is_validated(const struct view *view, const struct observation *o)
{
	const struct exchange *x = view->x;
	struct slice rest = x->inm;
	struct etag tag;

	if (x->etag.raw.at)
		return o->etag_raw.at && etag_weak_eq(&o->etag, &x->etag);
	if (view_has_inm(view)) {
		while (exchange_next_tag(x, &rest, &tag))
			if (o->etag_raw.at && etag_weak_eq(&o->etag, &tag))
				return true;
		return false;
	}
	return x->ims.form != HTTPDATE_INVALID &&
	       o->last_modified_date.form != HTTPDATE_INVALID &&
	       o->last_modified_date.unix_s == x->ims.unix_s;
}

static const struct observation *
find_policy_ref(const struct view *view)
{
	const struct observation *newest = NULL;

	for (unsigned i = 0; view->resource && i < view->resource->observation_count;
		i++) {
		const struct observation *o = view->resource->observations[i];

		if (!is_policy_ref(view, o))
			continue;
		if (is_validated(view, o))
			return o;
		if (!newest)
			newest = o;
	}
	return newest;
}

const struct observation *
view_policy_ref(const struct view *view)
{
	struct view_memo own, *memo = view->memo ? view->memo : &own;

	if (memo == &own || !memo->has_policy_ref) {
		memo->has_policy_ref = true;
		memo->policy_ref = find_policy_ref(view);
	}
	return memo->policy_ref;
}

bool
view_path_differs(const struct view *view, const struct observation *o)
{
	const struct message *r = &view->x->r;

	return !slice_eq(message_value(r, FIELD_VIA), o->via) ||
	       !slice_eq(message_value(r, FIELD_X_CACHE), o->x_cache) ||
	       view->x->via_cache != o->via_cache;
}

uint64_t
view_octets(const struct view *view)
{
	uint64_t octets = 0;

	for (unsigned i = 0; view->verdict && i < view->verdict->waste_count; i++)
		octets += view->verdict->waste[i].octets;
	return octets;
}
