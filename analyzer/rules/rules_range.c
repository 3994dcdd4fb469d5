/* Ranges: what is asked for, and what is sent [RFC9110 14, 15.3.7, 15.5.17]. */
#include "analyzer/config.h"
#include "analyzer/rules/aggregate.h"
#include "analyzer/rules/asked.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"
#include "parsers/list.h"
#include "parsers/number.h"

enum {
	OVERLAPPING_MANY = 2,
	SMALL_MANY = 10, /* ranges, each smaller than a part costs */
	SMALL_OCTETS = 80,
	UNORDERED_MANY = 5,
	NEARLY_ALL_PERCENT = 90,
};

static struct slice
range_of(const struct view *view)
{
	return message_value(&view->x->q, FIELD_RANGE);
}

static bool
is_multipart(const struct view *view)
{
	struct slice type = message_value(&view->x->r, FIELD_CONTENT_TYPE);
	struct slice name = SLICE("multipart/byteranges"),
		     old = SLICE("multipart/x-byteranges");

	return slice_eq_nocase(slice_part(type, 0, name.n), name) ||
	       slice_eq_nocase(slice_part(type, 0, old.n), old);
}

/* Content octets of a whole answer; UINT64_MAX if that is not known. */
static uint64_t
length_of(const struct exchange *x)
{
	if (x->r.complete && !x->r.snapped_bytes)
		return x->r.content_bytes;
	return x->r.length;
}

/* ---- requests ---- */

/* What is wrong with a set of byte ranges; NULL: nothing. */
static const char *
flaw_of_set(struct slice set)
{
	struct slice member;
	unsigned members = 0;

	for (; list_next(&set, &member); members++) {
		size_t dash = slice_find(member, '-', 0);
		struct slice first = slice_part(member, 0, dash);
		struct slice last = slice_from(member, dash + 1);
		uint64_t from, to;

		if (dash == member.n || (!first.n && !last.n) ||
			(first.n && !number_decimal(first, &from)) ||
			(last.n && !number_decimal(last, &to)))
			return "syntax";
		if (first.n && last.n && to < from)
			return "reversed";
	}
	return members ? NULL : "syntax";
}

static const char *
flaw_of_range(struct slice range)
{
	size_t equals = slice_find(range, '=', 0);
	struct slice unit = slice_part(range, 0, equals);
	struct slice set = slice_trim(slice_from(range, equals + 1));

	if (equals == range.n || !slice_trim(unit).n)
		return "syntax";
	if (slice_trim(unit).n != unit.n)
		return "space-around-equals";
	if (!slice_eq_nocase(unit, SLICE("bytes")))
		return "unit";
	return flaw_of_set(set);
}

bool
rule_range_invalid(const struct view *view, struct ruling *ruling)
{
	const struct message *q = &view->x->q;

	ruling->a = range_of(view);
	ruling->kind = message_repeats(q, FIELD_RANGE) ? "repeated"
						       : flaw_of_range(ruling->a);
	if (ruling->kind && strcmp(ruling->kind, "unit") == 0)
		ruling->severity = SEVERITY_ADVICE;
	return ruling->kind != NULL;
}

bool
rule_range_on_other_method(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	ruling->a = x->q.method;
	if (x->method == METHOD_GET || x->method == METHOD_QUERY ||
		x->method == METHOD_OTHER)
		return false;
	if (x->method == METHOD_HEAD && x->r.status == 200)
		ruling->severity = SEVERITY_ADVICE;
	if (x->r.status == 206) {
		ruling->severity = SEVERITY_VIOLATION;
		ruling->fault = FAULT_SERVER;
	}
	return true;
}

static bool
is_ascending(const struct asked *asked)
{
	for (unsigned i = 1; i < asked->count && i < ASKED_RANGES; i++)
		if (asked->specs[i].form != RANGE_SUFFIX &&
			asked->specs[i].first < asked->specs[i - 1].first)
			return false;
	return true;
}

static bool
are_all_small(const struct asked *asked)
{
	for (unsigned i = 0; i < asked->count && i < ASKED_RANGES; i++) {
		const struct range_spec *spec = &asked->specs[i];

		if (spec->form == RANGE_FROM ||
			(spec->form == RANGE_SUFFIX && spec->last >= SMALL_OCTETS) ||
			(spec->form == RANGE_FIRST_LAST &&
				spec->last - spec->first >= SMALL_OCTETS - 1))
			return false;
	}
	return true;
}

bool
rule_range_excessive(const struct view *view, struct ruling *ruling)
{
	struct asked asked = asked_read(range_of(view));

	ruling->a = range_of(view);
	ruling->n = asked.count;
	return asked_overlapping(&asked) > OVERLAPPING_MANY ||
	       (asked.count > SMALL_MANY && are_all_small(&asked)) ||
	       (asked.count > UNORDERED_MANY && !is_ascending(&asked));
}

bool
rule_if_range_without_range(const struct view *view, struct ruling *ruling)
{
	ruling->a = message_value(&view->x->q, FIELD_IF_RANGE);
	return message_has(&view->x->q, FIELD_IF_RANGE) &&
	       !message_has(&view->x->q, FIELD_RANGE);
}

/* The date of If-Range; false if it is none. */
static bool
if_range_date(const struct view *view, int64_t *date_s)
{
	struct slice value = message_value(&view->x->q, FIELD_IF_RANGE);
	struct httpdate date = httpdate_parse(
		value, view->x->q.first.ts_ns / CONFIG_S_NS);

	*date_s = date.unix_s;
	return value.at && date.form != HTTPDATE_INVALID;
}

/* The tag of If-Range, well-formed; false if it is none. */
static bool
if_range_tag(const struct view *view, struct etag *tag)
{
	*tag = etag_parse(message_value(&view->x->q, FIELD_IF_RANGE));
	return message_has(&view->x->q, FIELD_IF_RANGE) && etag_is_valid(tag);
}

bool
rule_if_range_weak(const struct view *view, struct ruling *ruling)
{
	struct etag tag;
	int64_t date_s;

	ruling->a = message_value(&view->x->q, FIELD_IF_RANGE);
	if (!ruling->a.at || if_range_date(view, &date_s))
		return false;
	if (if_range_tag(view, &tag))
		return tag.weak;
	ruling->kind = tag.flaws & ETAG_SEVERAL ? "list" : "malformed";
	return true;
}

/* What this client was given last, be it to its end or not. */
static const struct observation *
last_delivery(const struct view *view)
{
	const struct resource *resource = view->resource;

	for (unsigned i = 0; i < resource->observation_count; i++) {
		const struct observation *o = resource->observations[i];

		if (!o->is_head && (o->status == 200 || o->status == 203) &&
			key_eq(o->client, view->before->client) &&
			view_same_variant(view, o))
			return o;
	}
	return NULL;
}

bool
rule_if_range_date_misused(const struct view *view, struct ruling *ruling)
{
	const struct observation *o = last_delivery(view);
	struct httpdate date;
	int64_t date_s;

	ruling->a = message_value(&view->x->q, FIELD_IF_RANGE);
	ruling->ref = o;
	if (!o || !if_range_date(view, &date_s))
		return false;
	if (o->etag_raw.at && etag_is_valid(&o->etag)) {
		ruling->kind = "etag-known";
		return !o->etag.weak;
	}
	ruling->kind = "not-strong";
	date = httpdate_parse(o->date, date_s);
	return o->last_modified_date.form != HTTPDATE_INVALID &&
	       o->last_modified_date.unix_s == date_s && date.form != HTTPDATE_INVALID &&
	       date.unix_s - date_s < 1;
}

/* ---- 206 ---- */

bool
rule_206_not_requested(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	ruling->a = message_value(&x->r, FIELD_CONTENT_RANGE);
	if (message_has(&x->r, FIELD_VIA) || x->via_cache)
		ruling->fault = FAULT_INTERMEDIARY;
	return !message_has(&x->q, FIELD_RANGE) ||
	       (x->method != METHOD_GET && x->method != METHOD_QUERY &&
		       x->method != METHOD_OTHER);
}

/* `unit SP first-last/complete`, as far as it can be read. */
struct loose_range {
	struct slice unit;
	bool unsatisfied, is_range, has_complete;
	uint64_t first, last, complete;
};

static struct loose_range
read_loosely(struct slice value)
{
	size_t space = slice_find(value, ' ', 0), slash = slice_find(value, '/', 0);
	struct slice part = slice_part(value, space + 1, slash);
	struct slice complete = slice_from(value, slash + 1);
	size_t dash = slice_find(part, '-', 0);
	struct loose_range range = {.unit = slice_part(value, 0, space)};

	range.unsatisfied = slice_eq(part, SLICE("*"));
	range.has_complete = number_decimal(complete, &range.complete);
	range.is_range = dash < part.n && slash < value.n &&
			 number_decimal(slice_part(part, 0, dash), &range.first) &&
			 number_decimal(slice_from(part, dash + 1), &range.last) &&
			 (range.has_complete || slice_eq(complete, SLICE("*")));
	return range;
}

static struct slice
unit_of(struct slice range)
{
	return slice_part(range, 0, slice_find(range, '=', 0));
}

static const char *
flaw_of_content_range(const struct view *view, struct ruling *ruling)
{
	const struct message *r = &view->x->r;
	struct slice value = message_value(r, FIELD_CONTENT_RANGE);
	struct loose_range range = read_loosely(value);

	if (!value.at)
		return is_multipart(view) ? NULL : "missing";
	if (is_multipart(view))
		return "both";
	if (message_repeats(r, FIELD_CONTENT_RANGE))
		return "repeated";
	if (!slice_eq_nocase(range.unit, SLICE("bytes"))) {
		ruling->severity = SEVERITY_WARNING;
		return slice_eq_nocase(range.unit, unit_of(range_of(view))) ? NULL
									    : "unit";
	}
	if (range.unsatisfied)
		return "unsatisfied-form";
	if (!range.is_range)
		return "syntax";
	if (range.last < range.first)
		return "reversed";
	if (range.has_complete)
		return range.complete <= range.last ? "beyond" : NULL;
	ruling->severity = SEVERITY_ADVICE;
	return "unknown-length";
}

bool
rule_206_content_range(const struct view *view, struct ruling *ruling)
{
	ruling->a = message_value(&view->x->r, FIELD_CONTENT_RANGE);
	ruling->b = message_value(&view->x->r, FIELD_CONTENT_TYPE);
	ruling->kind = flaw_of_content_range(view, ruling);
	return ruling->kind != NULL;
}

/* A single part, well described. */
static bool
single_part(const struct view *view, struct content_range *part)
{
	const struct message *r = &view->x->r;

	return !is_multipart(view) && message_has_one(r, FIELD_CONTENT_RANGE) &&
	       content_range_parse(message_value(r, FIELD_CONTENT_RANGE), part) &&
	       !part->unsatisfied;
}

bool
rule_206_length_mismatch(const struct view *view, struct ruling *ruling)
{
	const struct message *r = &view->x->r;
	struct content_range part;
	uint64_t octets, length;

	if (view->x->method == METHOD_HEAD || !single_part(view, &part))
		return false;
	octets = part.last - part.first + 1;
	length = r->length != UINT64_MAX ? r->length : r->content_bytes;
	if (part.complete_known && octets == part.complete)
		return false;
	if (r->length == UINT64_MAX && !message_is_whole(r))
		return false;
	if (length == octets && message_is_whole(r))
		length = r->content_bytes;
	if (part.complete_known && length == part.complete)
		ruling->kind = "full-length";
	ruling->a = message_value(r, FIELD_CONTENT_RANGE);
	ruling->n = length;
	ruling->m = octets;
	return length != octets;
}

bool
rule_206_range_not_asked(const struct view *view, struct ruling *ruling)
{
	struct asked asked = asked_read(range_of(view));
	uint64_t lowest = UINT64_MAX, highest = 0;
	struct content_range part;
	bool meets = false;

	if (!asked.count || !single_part(view, &part))
		return false;
	for (unsigned i = 0; i < asked.count && i < ASKED_RANGES; i++)
		if (asked.specs[i].form == RANGE_SUFFIX && !part.complete_known)
			return false;
	if (!asked_resolve(&asked, part.complete_known ? part.complete : UINT64_MAX))
		return false;
	for (unsigned i = 0; i < asked.satisfiable; i++) {
		meets |= asked.first[i] <= part.last && part.first <= asked.last[i];
		lowest = asked.first[i] < lowest ? asked.first[i] : lowest;
		highest = asked.last[i] > highest ? asked.last[i] : highest;
	}
	ruling->a = range_of(view);
	ruling->b = message_value(&view->x->r, FIELD_CONTENT_RANGE);
	ruling->kind = meets ? "overshoot" : "disjoint";
	if (!meets)
		return true;
	ruling->severity = SEVERITY_WARNING;
	/* Nothing is added: a range to the end of nobody knows what ends at the largest
	 * number. */
	return (lowest > part.first && lowest - part.first >= SMALL_OCTETS) ||
	       (part.last > highest && part.last - highest >= SMALL_OCTETS);
}

bool
rule_206_despite_if_range_mismatch(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	struct etag tag;
	int64_t date_s;

	ruling->a = message_value(&x->q, FIELD_IF_RANGE);
	if (if_range_tag(view, &tag)) {
		ruling->b = x->etag.raw;
		return view_has_etag(view) && !etag_strong_eq(&tag, &x->etag);
	}
	if (!if_range_date(view, &date_s) || !view_has_last_modified(view))
		return false;
	ruling->b = message_value(&x->r, FIELD_LAST_MODIFIED);
	ruling->confidence = CONFIDENCE_LIKELY;
	if (x->last_modified.unix_s != date_s)
		return true;
	ruling->kind = "not-strong";
	ruling->severity = SEVERITY_WARNING;
	return x->date.form != HTTPDATE_INVALID && date_s > x->date.unix_s - 1;
}

static bool
offers_ranges(const struct view *view)
{
	struct slice units = message_value(&view->x->r, FIELD_ACCEPT_RANGES);
	const struct resource *resource = view->resource;

	if (units.at)
		return slice_eq_nocase(units, SLICE("bytes"));
	for (unsigned i = 0; resource && i < resource->observation_count; i++)
		if (resource->observations[i]->status == 206)
			return true;
	return false;
}

/* Octets that were asked for; 0 unless the set is sound and part of it satisfiable. */
static uint64_t
octets_asked(const struct view *view, uint64_t length)
{
	struct asked asked = asked_read(range_of(view));

	if (!asked.count || length == UINT64_MAX || !asked_resolve(&asked, length))
		return 0;
	return asked_octets(&asked);
}

bool
rule_200_despite_if_range_match(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	uint64_t length = length_of(x), octets = octets_asked(view, length);
	struct etag tag;

	ruling->a = message_value(&x->q, FIELD_IF_RANGE);
	ruling->n = octets;
	ruling->m = length;
	return x->method == METHOD_GET && x->r.status == 200 &&
	       if_range_tag(view, &tag) && view_has_etag(view) &&
	       etag_strong_eq(&tag, &x->etag) && offers_ranges(view) && octets &&
	       octets < length / 100 * NEARLY_ALL_PERCENT +
				length % 100 * NEARLY_ALL_PERCENT / 100;
}

bool
rule_range_ignored(const struct view *view, struct ruling *ruling)
{
	const struct aggregate_ignored *ignored = aggregate_ignored_ranges(
		view->aggregate, view);

	if (!ignored || !view_range_is_ignored(view))
		return false;
	ruling->a = range_of(view);
	ruling->n = view->x->r.content_bytes;
	return ignored->of_resource >= 2 || ignored->of_host >= 5;
}

/* ---- 416 ---- */

/* Whether some range could have been answered from so many octets. */
static bool
is_satisfiable(const struct view *view, uint64_t length)
{
	struct asked asked = asked_read(range_of(view));

	return asked.count && asked.count <= SMALL_MANY && !asked_overlapping(&asked) &&
	       asked_resolve(&asked, length) && asked.satisfiable;
}

static bool
inm_names_current(const struct view *view)
{
	const struct resource *resource = view->resource;
	bool first;

	if (!view_inm_is_list(view))
		return false;
	if (view_has_etag(view))
		return view_inm_match(view, &first) != VIEW_MATCH_NONE;
	for (unsigned i = 0; resource && i < resource->observation_count; i++) {
		struct slice rest = view->x->inm;
		struct etag tag;

		if (!resource->observations[i]->etag_raw.at)
			continue;
		while (exchange_next_tag(view->x, &rest, &tag))
			if (etag_weak_eq(&tag, &resource->observations[i]->etag))
				return true;
		return false;
	}
	return false;
}

bool
rule_416_misuse(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	struct content_range range;
	bool described;

	if (x->r.status != 416)
		return false;
	described = content_range_parse(
		message_value(&x->r, FIELD_CONTENT_RANGE), &range);
	ruling->a = range_of(view);
	ruling->b = message_value(&x->r, FIELD_CONTENT_RANGE);
	if (!message_has(&x->q, FIELD_RANGE)) {
		ruling->kind = "no-range";
		if (message_has(&x->q, FIELD_CONTENT_RANGE) || view_is_unsafe(view))
			ruling->severity = SEVERITY_ADVICE;
		return true;
	}
	ruling->severity = SEVERITY_WARNING;
	if (inm_names_current(view)) {
		ruling->kind = "conditional";
		return true;
	}
	if (described && range.unsatisfied) {
		ruling->kind = "satisfiable";
		return is_satisfiable(view, range.complete);
	}
	ruling->kind = "no-content-range";
	ruling->severity = SEVERITY_ADVICE;
	return !message_has(&x->r, FIELD_CONTENT_RANGE) &&
	       slice_eq_nocase(unit_of(range_of(view)), SLICE("bytes"));
}
