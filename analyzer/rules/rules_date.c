/* Last-Modified: dates that say too little, or what is not so [RFC9110 8.8.2]. */
#include "analyzer/config.h"
#include "analyzer/history/glance.h"
#include "analyzer/rules/recent.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"

enum {
	STRONG_AFTER_S = 60, /* a date so much older than Date is good enough to compare
			      */
	SERIES_MIN = 3,
};

#define SERIES_NS (5 * CONFIG_S_NS)

/* Date of an earlier answer; false if it has none. */
static bool
date_of(const struct observation *o, int64_t *date_s)
{
	struct httpdate date = httpdate_parse(o->date, o->response_ns / CONFIG_S_NS);

	*date_s = date.unix_s;
	return date.form != HTTPDATE_INVALID;
}

static bool
is_get_200(const struct view *view)
{
	return view->x->method == METHOD_GET && view->x->r.status == 200;
}

/* Other content under the same Last-Modified; *late: the date was hardly past. */
static const struct observation *
find_other_content(const struct view *view, bool *late)
{
	const struct exchange *x = view->x;
	unsigned others;
	int64_t date_s, modified_s = x->last_modified.unix_s;
	const struct observation *o;

	if (!is_get_200(view) || !view_has_last_modified(view) ||
		x->date.form == HTTPDATE_INVALID)
		return NULL;
	others = recent_other_octets(view) & recent_same_date(view);
	while ((o = recent_next(view, &others))) {
		if (o->status != 200 || o->is_head || !view_has_other_body(view, o) ||
			!view_same_coding(view, o) || !view_same_variant(view, o) ||
			!date_of(o, &date_s))
			continue;
		*late = modified_s > x->date.unix_s - STRONG_AFTER_S ||
			modified_s > date_s - STRONG_AFTER_S;
		return o;
	}
	return NULL;
}

static bool
judge_content(const struct view *view, struct ruling *ruling, bool want_late)
{
	bool late = false;

	ruling->ref = find_other_content(view, &late);
	if (!ruling->ref || late != want_late)
		return false;
	ruling->a = message_value(&view->x->r, FIELD_LAST_MODIFIED);
	if (view_has_etag(view) && ruling->ref->etag_raw.at &&
		!etag_weak_eq(&ruling->ref->etag, &view->x->etag))
		ruling->severity = SEVERITY_ADVICE;
	return true;
}

bool
rule_last_modified_body_changed(const struct view *view, struct ruling *ruling)
{
	return judge_content(view, ruling, false);
}

bool
rule_last_modified_same_second_change(const struct view *view, struct ruling *ruling)
{
	return judge_content(view, ruling, true);
}

bool
rule_last_modified_after_date(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	if (!view_has_last_modified(view) || x->date.form == HTTPDATE_INVALID ||
		x->last_modified.unix_s <= x->date.unix_s)
		return false;
	ruling->a = message_value(&x->r, FIELD_LAST_MODIFIED);
	ruling->b = message_value(&x->r, FIELD_DATE);
	ruling->n = (uint64_t)(x->last_modified.unix_s - x->date.unix_s);
	return true;
}

static bool
is_now(int64_t date_s, int64_t modified_s)
{
	return date_s - modified_s <= 1 && modified_s - date_s <= 1;
}

/* Two answers of the series have the same octets, one right after the other. */
static bool
is_same_body(const struct observation *a, const struct observation *b)
{
	return a->whole && b->whole && a->has_digest && b->has_digest && a->body_bytes &&
	       a->digest.high == b->digest.high && a->digest.low == b->digest.low;
}

bool
rule_last_modified_always_now(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct resource *resource = view->resource;
	const struct observation *last = NULL;
	int64_t newer_s = x->last_modified.unix_s, begin_ns = x->r.first.ts_ns;
	unsigned count = 1;
	bool same = false;

	if (!is_get_200(view) || !view_has_last_modified(view) ||
		x->date.form == HTTPDATE_INVALID || !is_now(x->date.unix_s, newer_s))
		return false;
	for (unsigned i = 0; i < resource->observation_count; i++) {
		const struct observation *o = resource->observations[i];
		int64_t date_s, modified_s = o->last_modified_date.unix_s;

		if (o->status != 200 || o->is_head)
			continue;
		if (o->last_modified_date.form == HTTPDATE_INVALID ||
			!date_of(o, &date_s) || !is_now(date_s, modified_s))
			return false;
		if (modified_s == newer_s)
			return false;
		same |= last ? is_same_body(last, o) : view_has_same_body(view, o);
		last = o;
		newer_s = modified_s;
		begin_ns = o->response_ns;
		count++;
	}
	ruling->a = message_value(&x->r, FIELD_LAST_MODIFIED);
	ruling->n = count;
	return count >= SERIES_MIN && same && x->r.first.ts_ns - begin_ns >= SERIES_NS;
}

/* Answers from caches come in the order of their Dates, not of their times. */
static bool
is_in_series(const struct view *view, const struct observation *o)
{
	return !o->is_head && (o->status == 200 || o->status == 203) && !o->age.at &&
	       view_same_variant(view, o);
}

bool
rule_last_modified_went_backwards(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct resource *resource = view->resource;
	int64_t newer_s = x->last_modified.unix_s;
	unsigned turns = 0;
	bool falls = true; /* from the older to the newer */

	if (!view_is_get_or_head(view) || !view_has_last_modified(view) ||
		message_has(&x->r, FIELD_AGE) ||
		!(view_is_304(view) || view_is_full(view)))
		return false;
	for (unsigned i = 0; i < recent_count(view); i++) {
		const struct observation *o = resource->observations[i];
		int64_t older_s = resource->glances[i].modified_s;

		if (older_s == newer_s || older_s == GLANCE_NO_DATE ||
			!is_in_series(view, o))
			continue;
		if (!ruling->ref) {
			if (older_s < newer_s)
				return false;
			ruling->ref = o;
		} else if ((older_s > newer_s) != falls) {
			turns++;
			falls = !falls;
		}
		newer_s = older_s;
	}
	if (!ruling->ref)
		return false;
	ruling->a = message_value(&x->r, FIELD_LAST_MODIFIED);
	ruling->b = ruling->ref->last_modified;
	return turns >= 2 || !view_same_server(view, ruling->ref);
}
