#include "analyzer/rules/facts.h"

#include "analyzer/config.h"
#include "analyzer/rules/aggregate.h"
#include "analyzer/rules/alias.h"
#include "analyzer/rules/habit.h"
#include "analyzer/rules/recent.h"
#include "analyzer/rules/view.h"
#include "parsers/target.h"

enum { /* longer ones are looked at */
	USUAL_LIST_BYTES = 256,
	USUAL_HEAD_BYTES = 4096,
	USUAL_LINES = 50,
};

static bool
is_odd_directive(const struct message *m, const struct cachecontrol *cc)
{
	return message_has(m, FIELD_CACHE_CONTROL) && !cc->plain;
}

/* Not as one writes dates today, or with a wrong day. */
static bool
is_odd_date(const struct message *m, enum field_id id, const struct httpdate *date)
{
	return message_has(m, id) && (date->form != HTTPDATE_IMF || !date->weekday_ok);
}

static bool
is_ahead(const struct httpdate *date, int64_t of_s)
{
	return date->form != HTTPDATE_INVALID && date->unix_s > of_s;
}

/* Last-Modified is later than Date, or If-Modified-Since than the server's time. */
static bool
has_date_ahead(const struct exchange *x)
{
	bool dated = x->date.form != HTTPDATE_INVALID;
	int64_t asked_s = x->q.first.ts_ns / CONFIG_S_NS;

	return is_ahead(&x->ims, asked_s) ||
	       (dated && (is_ahead(&x->ims, x->date.unix_s) ||
				 is_ahead(&x->last_modified, x->date.unix_s)));
}

/* Dates that nobody has read yet may be odd. */
static bool
has_odd_date(const struct exchange *x)
{
	const uint64_t unread_q = FIELD_BIT(FIELD_DATE) | FIELD_BIT(FIELD_IF_RANGE);
	const uint64_t unread_r = FIELD_BIT(FIELD_EXPIRES) |
				  FIELD_BIT(FIELD_RETRY_AFTER) | FIELD_BIT(FIELD_SUNSET);
	const uint64_t singles = FIELD_BIT(FIELD_IF_MODIFIED_SINCE) |
				 FIELD_BIT(FIELD_IF_UNMODIFIED_SINCE);

	return x->q.present & unread_q || x->q.repeated & singles ||
	       x->r.present & unread_r ||
	       (x->has_response && !message_has(&x->r, FIELD_DATE)) ||
	       has_date_ahead(x) || is_odd_date(&x->r, FIELD_DATE, &x->date) ||
	       is_odd_date(&x->r, FIELD_LAST_MODIFIED, &x->last_modified) ||
	       is_odd_date(&x->q, FIELD_IF_MODIFIED_SINCE, &x->ims) ||
	       is_odd_date(&x->q, FIELD_IF_UNMODIFIED_SINCE, &x->ius);
}

/* Directives that say something without another one. */
static bool
is_odd_policy(const struct exchange *x)
{
	const uint64_t legacy = FIELD_BIT(FIELD_EXPIRES) | FIELD_BIT(FIELD_PRAGMA) |
				FIELD_BIT(FIELD_WARNING) |
				FIELD_BIT(FIELD_SURROGATE_CONTROL);
	const uint32_t of_requests = CC_MAX_AGE | CC_NO_CACHE | CC_NO_STORE;
	const uint32_t of_answers = of_requests | CC_S_MAXAGE | CC_PUBLIC | CC_PRIVATE;
	uint32_t q = x->q_cc.present, r = x->r_cc.present;

	return q & ~of_requests || r & ~of_answers || r & (r - 1) ||
	       is_odd_directive(&x->r, &x->r_cc) ||
	       (x->q.present | x->r.present) & legacy;
}

/* Of the names that rules take for misspelled ones, or look at. */
static const uint32_t INITIALS = MESSAGE_INITIAL('a') | MESSAGE_INITIAL('c') |
				 MESSAGE_INITIAL('e') | MESSAGE_INITIAL('f') |
				 MESSAGE_INITIAL('h') | MESSAGE_INITIAL('i') |
				 MESSAGE_INITIAL('l') | MESSAGE_INITIAL('m') |
				 MESSAGE_INITIAL('t') | MESSAGE_INITIAL('v') |
				 MESSAGE_INITIAL('x');

static bool
is_odd_head(const struct message *m, unsigned side)
{
	return m->head_bytes > USUAL_HEAD_BYTES || m->field_count > USUAL_LINES ||
	       m->present & view_misplaced_fields(side) ||
	       m->repeated & ~FIELD_BIT(FIELD_OTHER) || message_has_initial(m, INITIALS);
}

static bool
is_in_pipeline(const struct past *past)
{
	return past->asked && !past->answered;
}

static bool
has_edge(const struct exchange *x)
{
	const struct past *past = &x->past;

	return !x->has_response || !x->q.complete || !x->r.complete || x->q.extra.bytes ||
	       x->r.extra.bytes || x->stray_bytes || x->interim_count ||
	       x->interim_late || x->r.status == 101 || x->r.status == 205 || x->early ||
	       x->behind_close || past->faulty || past->client_closes ||
	       past->server_closes || is_in_pipeline(past) ||
	       (x->q.flaws | x->r.flaws) & MESSAGE_LEADING_CRLF;
}

static bool
is_odd_start(const struct message *m)
{
	return m->flaws & MESSAGE_BAD_START || m->major != 1 || m->minor > 1;
}

static bool
is_odd_status(unsigned status)
{
	return status < 100 || status > 599;
}

/* As the resource is, which is looked at once; or the names themselves. */
static bool
has_plain_name(const struct view *view)
{
	const struct message *q = &view->x->q;

	return (view->resource && view->resource->is_plain &&
		       exchange_is_named_as_sent(view->x)) ||
	       (target_host_is_plain(message_value(q, FIELD_HOST)) &&
		       target_is_plain(q->target));
}

static bool
is_odd_request(const struct view *view)
{
	const struct message *q = &view->x->q;

	return q->flaws || q->field_flaws || !message_has_one(q, FIELD_HOST) ||
	       message_has(q, FIELD_TRANSFER_ENCODING) ||
	       view->x->method == METHOD_CONNECT || !has_plain_name(view);
}

/* One tag has no comma but within it. */
static bool
is_odd_list(const struct message *q, enum field_id id, struct slice list,
	enum etag_condition_form form)
{
	return message_has(q, id) && (form != ETAG_LIST || list.n > USUAL_LIST_BYTES ||
					     slice_find(list, ',', 0) < list.n);
}

/* Octets of which some recipients make an escape count, too. */
static bool
is_odd_tag(const struct exchange *x)
{
	return message_has(&x->r, FIELD_ETAG) &&
	       (x->etag.flaws || slice_find(x->etag.opaque, '\\', 0) < x->etag.opaque.n);
}

static bool
is_odd_length(const struct message *m)
{
	return message_has(m, FIELD_CONTENT_LENGTH) && !m->has_plain_length;
}

/* Chunked, as nearly all write it, between two of HTTP/1.1, without flaws and trailers,
 * leaves nothing to ask; nor does a message with neither a coding nor Trailer. */
static bool
is_odd_coding(const struct exchange *x, const struct message *m)
{
	if (!(m->present &
		    (FIELD_BIT(FIELD_TRANSFER_ENCODING) | FIELD_BIT(FIELD_TRAILER))))
		return false;
	return !message_is_plainly_chunked(m) || message_has(m, FIELD_TRAILER) ||
	       m->trailer.n || m->chunked.flaws || x->q.minor == 0 || x->r.minor == 0;
}

static bool
is_unusual_answer(const struct exchange *x)
{
	return (x->r.status != 200 && x->r.status != 304) || x->r.minor == 0 ||
	       x->r.framing == FRAMING_CLOSE || x->r.coded || x->interim_framed.at;
}

static bool
is_unusual(const struct exchange *x)
{
	return x->method != METHOD_GET || x->q.length != UINT64_MAX ||
	       x->q.content_bytes || x->q.coded || x->behind.n || is_unusual_answer(x);
}

/* Of orphans as well. */
static unsigned
cases_of_lines(const struct exchange *x)
{
	unsigned cases = 0;

	if (x->misread.at ||
		(x->has_request && (is_odd_start(&x->q) || x->method == METHOD_OTHER)) ||
		(x->has_response && (is_odd_start(&x->r) || is_odd_status(x->r.status))))
		cases |= FACT_ON_ODD_START;
	if (x->q.has_odd_value || x->r.has_odd_value)
		cases |= FACT_ON_ODD_VALUE;
	if (is_odd_head(&x->q, 0) || is_odd_head(&x->r, 1) ||
		slice_find(x->q.head, '%', 0) < x->q.head.n)
		cases |= FACT_ON_ODD_HEAD;
	return cases;
}

static unsigned
cases_of_request(const struct view *view)
{
	const struct exchange *x = view->x;
	unsigned cases = 0;

	if (view_is_conditional_get(view))
		cases |= FACT_ON_GET;
	if (view_has_standard_condition(view))
		cases |= FACT_ON_CONDITION;
	if (message_has(&x->q, FIELD_RANGE))
		cases |= FACT_ON_RANGE;
	if (is_odd_request(view))
		cases |= FACT_ON_ODD_REQUEST;
	if (is_odd_list(&x->q, FIELD_IF_NONE_MATCH, x->inm, x->inm_form) ||
		is_odd_list(&x->q, FIELD_IF_MATCH, x->im, x->im_form) || is_odd_tag(x))
		cases |= FACT_ON_ODD_TAG;
	if (view_asks_no_store(view))
		cases |= FACT_ON_RELOAD;
	return cases;
}

static unsigned
case_of_status(unsigned status)
{
	switch (status) {
	case 200:
	case 203:
		return FACT_ON_CONTENT | FACT_ON_FULL;
	case 206:
		return FACT_ON_CONTENT | FACT_ON_206;
	case 304:
		return FACT_ON_304;
	case 412:
		return FACT_ON_412;
	default:
		return 0;
	}
}

static unsigned
cases_of(const struct view *view)
{
	const uint32_t policy = CC_MAX_AGE | CC_S_MAXAGE | CC_NO_STORE | CC_NO_CACHE |
				CC_PRIVATE | CC_MUST_REVALIDATE | CC_PROXY_REVALIDATE;
	const struct exchange *x = view->x;
	unsigned cases = cases_of_request(view) | case_of_status(x->r.status);

	if (is_odd_directive(&x->q, &x->q_cc) || is_odd_directive(&x->r, &x->r_cc))
		cases |= FACT_ON_ODD_DIRECTIVE | FACT_ON_FAR;
	if (is_odd_policy(x))
		cases |= FACT_ON_ODD_POLICY;
	if (!(x->r_cc.present & policy) && !message_has(&x->r, FIELD_EXPIRES))
		cases |= FACT_ON_NO_LIFETIME;
	if (message_has(&x->r, FIELD_EXPIRES) || x->age_s == CACHECONTROL_MAX_S)
		cases |= FACT_ON_FAR;
	if (has_odd_date(x))
		cases |= FACT_ON_ODD_DATE;
	if (x->q.flaws || x->r.flaws || x->q.field_flaws || x->r.field_flaws ||
		is_odd_length(&x->q) || is_odd_length(&x->r) || is_odd_coding(x, &x->q) ||
		is_odd_coding(x, &x->r))
		cases |= FACT_ON_FLAW;
	if (has_edge(x))
		cases |= FACT_ON_EDGE;
	if (is_unusual(x))
		cases |= FACT_ON_UNUSUAL;
	return cases;
}

static bool
has_had_tags(const struct view *view)
{
	return view->resource && view->resource->has_tags;
}

/* Only of a single tag that is strong, like the answer's, the octets tell it. */
static unsigned
around_of_tags(const struct view *view, bool odd)
{
	const struct exchange *x = view->x;
	bool asked = message_has(&x->q, FIELD_IF_NONE_MATCH);
	bool tagged = message_has(&x->r, FIELD_ETAG) && x->etag.raw.at;
	unsigned around = tagged ? 0 : AROUND_UNTAGGED;
	bool same;

	if (!tagged && (asked || has_had_tags(view)))
		around |= AROUND_TAG_MISSING;
	if (!asked)
		return around;
	same = tagged && slice_eq(x->etag.raw, x->inm);
	if (!same || x->etag.flaws)
		around |= AROUND_OTHER_TAG;
	if (same || odd || x->etag.weak || !slice_has_prefix(x->inm, SLICE("\"")))
		around |= AROUND_NAMED;
	return around;
}

static unsigned
around_of_dates(const struct view *view)
{
	const struct held *held = &view->before->held;
	const struct exchange *x = view->x;
	bool asked = x->ims.form != HTTPDATE_INVALID;
	bool dated = x->date.form != HTTPDATE_INVALID;
	int64_t modified_s = x->last_modified.unix_s;
	unsigned around = 0;

	if (asked && message_has(&x->q, FIELD_IF_NONE_MATCH))
		around |= AROUND_BOTH;
	if (asked && !(view->before->has_held && held->has_last_modified &&
			     held->last_modified_s == x->ims.unix_s))
		around |= AROUND_OTHER_DATE;
	if (x->cond == COND_IMS && has_had_tags(view))
		around |= AROUND_DATE_ALONE;
	if (x->last_modified.form == HTTPDATE_INVALID)
		return around;
	if (asked && modified_s > x->ims.unix_s)
		around |= AROUND_NEWER;
	if (dated && modified_s >= x->date.unix_s - 1 && modified_s <= x->date.unix_s + 1)
		around |= AROUND_NOW;
	if (view->resource && view->resource->observation_count &&
		view->resource->modified_s > modified_s)
		around |= AROUND_LATER;
	return around;
}

static unsigned
around_of_policy(const struct exchange *x)
{
	const uint64_t validators = FIELD_BIT(FIELD_ETAG) |
				    FIELD_BIT(FIELD_LAST_MODIFIED);
	unsigned around = 0;

	if (x->r_cc.present & CC_NO_STORE)
		around |= AROUND_NO_STORE;
	if (view_is_unkept(x->r_cc.present, x->r.present & validators))
		around |= AROUND_UNKEPT;
	if (x->freshness.kind == FRESHNESS_EXPLICIT)
		around |= AROUND_LIFETIME;
	return around;
}

/* Of a full answer to a request without conditions: others need no look. */
static bool
was_validated(const struct view *view)
{
	const struct habit *habit = NULL;

	if (view_is_full(view) && view->x->method == METHOD_GET)
		habit = habits_of(view->habits, view->before);
	return habit && habit->was_validated;
}

static unsigned
around_of(const struct view *view, bool odd_tag)
{
	const struct before *before = view->before;
	unsigned around = AROUND_BY_MANY;

	if (before->has_held)
		around |= AROUND_HELD;
	if (before->has_held && before->held_fresh)
		around |= AROUND_FRESH;
	if (view->resource && view->resource->directives & CC_NO_STORE)
		around |= AROUND_FORBIDDEN;
	if (view->x->ended_after_ns >= 0 || message_has(&view->x->r, FIELD_CONNECTION))
		around |= AROUND_END;
	if (view->resource && view->resource->directives & CC_IMMUTABLE)
		around |= AROUND_IMMUTABLE;
	if (!view_has_standard_condition(view)) {
		around |= AROUND_UNASKED;
		if (was_validated(view))
			around |= AROUND_VALIDATED;
	}
	if (view->verdict && view->verdict->uncoded.measured)
		around |= AROUND_UNCODED;
	if (view->x->coding_count || view->differ & TRAIT_CODING)
		around |= AROUND_CODED;
	return around | around_of_tags(view, odd_tag) | around_of_dates(view) |
	       around_of_policy(view->x);
}

static uint64_t
heads_of(const struct view *view)
{
	const struct exchange *x = view->x;
	uint64_t facts = FACT_MANY | FACT_OR_ORPHAN | FACT_REQUEST;

	if (!x->has_request)
		return message_is_clean(&x->r) ? FACT_ORPHAN | FACT_OR_ORPHAN : 0;
	if (message_is_clean(&x->q))
		facts |= FACT_Q;
	if (x->has_response && message_is_clean(&x->r))
		facts |= FACT_R;
	if (x->has_response && x->pairing == PAIRING_EXACT && x->anchored &&
		!x->one_sided)
		facts |= FACT_PAIR;
	if (x->has_response && message_is_whole(&x->r))
		facts |= FACT_WHOLE;
	if (view->resource && view->resource->observation_count)
		facts |= FACT_HISTORY | FACT_TRAITS(view->differ);
	return facts;
}

/* No rule asks of others what they have in common with earlier ones. */
static bool
has_likeness(const struct view *view, uint64_t facts)
{
	const uint64_t needed = FACT_PAIR | FACT_WHOLE | FACT_HISTORY | FACT_ON_FULL;

	return (facts & needed) == needed && view->x->method == METHOD_GET;
}

struct facts
facts_of(const struct view *view)
{
	const struct exchange *x = view->x;
	struct facts has = {
		.facts = heads_of(view) | cases_of_lines(x),
		.fields = x->q.present | x->r.present | FIELD_BIT(FIELD_OTHER),
	};

	if (!x->has_request)
		return has;
	has.facts |= cases_of(view);
	has.facts |= FACT_AROUND(around_of(view, has.facts & FACT_ON_ODD_TAG));
	if (has_likeness(view, has.facts))
		has.likeness = recent_likeness(view);
	return has;
}

unsigned
facts_by_many(const struct view *view, const struct aggregated *known)
{
	unsigned around = 0;

	if (known->host && known->host->newest_ignored)
		around |= AROUND_IGNORED;
	if (known->server && known->server->skewed)
		around |= AROUND_SKEWED;
	if (known->steady && aggregate_is_steady(known->steady, view->x->r.first.ts_ns))
		around |= AROUND_STEADY;
	if (known->support && known->support->inconsistent)
		around |= AROUND_INCONSISTENT;
	if (known->busted && known->busted->equal)
		around |= AROUND_BUSTED;
	if (known->named && known->named->resources > 1)
		around |= AROUND_SHARED;
	return around;
}

struct facts
facts_needed(const struct row *row)
{
	struct facts needed = {
		.facts = row->facts,
		.fields = row->fields ? row->fields : FIELD_BIT(FIELD_OTHER),
		.likeness = row->likeness,
	};

	if (!(row->facts & (FACT_ORPHAN | FACT_OR_ORPHAN)))
		needed.facts |= FACT_REQUEST;
	return needed;
}
