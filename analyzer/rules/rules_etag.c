/* Entity tags: how they are written, and what they stand for [RFC9110 8.8.3]. */
#include "analyzer/rules/aggregate.h"
#include "analyzer/rules/recent.h"
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/tagform.h"
#include "analyzer/rules/view.h"

enum {
	CLIENTS_MIN = 3, /* with a tag each, to speak of tags per client */
	PAIRED_OBSERVATIONS = RECENT_MAX, /* that are compared each with each */
	PAIRS_MIN = 2, /* plain with, compressed without a tag, of one resource */
};

bool
rule_etag_malformed(const struct view *view, struct ruling *ruling)
{
	static const struct {
		unsigned flaws;
		const char *kind;
	} kinds[] = {
		{ETAG_EMPTY, "empty-field"},
		{ETAG_SEVERAL, "list"},
		{ETAG_ESCAPED, "escaped"},
		{ETAG_WEAK_SYNTAX | ETAG_WEAK_UNQUOTED, "weak-syntax"},
		{ETAG_QUOTED_TWICE, "double-quoted-twice"},
		{ETAG_INNER_QUOTE, "inner-quote"},
		{ETAG_SINGLE_QUOTED, "single-quoted"},
		{ETAG_UNTERMINATED, "unterminated"},
		{ETAG_BAD_CHAR, "space-or-ctl"},
		{ETAG_UNQUOTED, "unquoted"},
	};
	const struct etag *tag = &view->x->etag;

	ruling->a = tag->raw;
	if (!message_has(&view->x->r, FIELD_ETAG) || tag->flaws & ETAG_LOWERCASE_WEAK)
		return false;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		ruling->kind = kinds[i].kind;
		if (tag->flaws & kinds[i].flaws)
			return true;
	}
	return false;
}

bool
rule_etag_weak_prefix_lowercase(const struct view *view, struct ruling *ruling)
{
	ruling->a = view->x->etag.raw;
	return view->x->etag.flaws & ETAG_LOWERCASE_WEAK;
}

bool
rule_etag_backslash(const struct view *view, struct ruling *ruling)
{
	const struct etag *tag = &view->x->etag;

	ruling->a = tag->raw;
	return view_has_etag(view) && slice_find(tag->opaque, '\\', 0) < tag->opaque.n;
}

/* ---- one tag, several bodies ---- */

static bool
is_full_get(const struct observation *o)
{
	return !o->is_head && (o->status == 200 || o->status == 203);
}

/* A transforming proxy, which a 203 tells of, may keep the tag. */
static void
note_transformed(
	const struct view *view, const struct observation *o, struct ruling *ruling)
{
	if (o->status == 203 || view->x->r.status == 203)
		ruling->severity = SEVERITY_WARNING;
	if (view_path_differs(view, o))
		ruling->fault = FAULT_INTERMEDIARY;
}

/* In one of a set of the recent observations. */
static bool
find_strong(const struct view *view, unsigned set, struct ruling *ruling,
	bool (*fits)(const struct view *view, const struct observation *o))
{
	const struct observation *o;

	if (view->x->method != METHOD_GET || !view_has_etag(view) || view->x->etag.weak)
		return false;
	set &= recent_same_tag(view);
	while ((o = recent_next(view, &set))) {
		if (!is_full_get(o) || !etag_strong_eq(&o->etag, &view->x->etag) ||
			!fits(view, o))
			continue;
		ruling->ref = o;
		ruling->a = view->x->etag.raw;
		ruling->n = view->x->r.content_bytes;
		ruling->m = o->body_bytes;
		note_transformed(view, o, ruling);
		return true;
	}
	return false;
}

/* Other octets; a strong tag promises more than the same decoded content. */
bool
rule_strong_etag_body_changed(const struct view *view, struct ruling *ruling)
{
	return find_strong(view, recent_other_octets(view), ruling, view_same_coding);
}

static bool
is_other_coding(const struct view *view, const struct observation *o)
{
	return !view_same_coding(view, o) && !view_has_same_body(view, o) &&
	       (view->x->r.content_bytes || o->body_bytes);
}

bool
rule_strong_etag_across_encodings(const struct view *view, struct ruling *ruling)
{
	if (!find_strong(view, recent_all(view), ruling, is_other_coding))
		return false;
	ruling->b = view->x->coding_count
			    ? message_value(&view->x->r, FIELD_CONTENT_ENCODING)
			    : ruling->ref->content_encoding;
	return true;
}

bool
rule_weak_etag_body_changed(const struct view *view, struct ruling *ruling)
{
	const struct etag *tag = &view->x->etag;
	const struct observation *o;
	unsigned set;

	if (view->x->method != METHOD_GET || view->x->r.status != 200 ||
		!view_has_etag(view) || !(tag->weak || view->resource->has_weak_tags) ||
		!recent_other_octets(view))
		return false;
	set = recent_same_tag(view);
	while ((o = recent_next(view, &set))) {
		if (o->status != 200 || o->is_head || !(o->etag.weak || tag->weak) ||
			!view_same_coding(view, o) || !view_same_variant(view, o))
			continue;
		ruling->ref = o;
		ruling->a = tag->raw;
		ruling->n = view->x->r.content_bytes;
		ruling->m = o->body_bytes;
		return view_has_other_body(view, o);
	}
	return false;
}

/* ---- one body, several tags ---- */

/* An answer with these octets in this coding and a tag. */
static bool
is_peer(const struct view *view, const struct observation *o)
{
	return is_full_get(o) && o->etag_raw.at && view_has_same_body(view, o) &&
	       view_same_coding(view, o) && view_same_variant(view, o);
}

static bool
is_own_tag(const struct view *view, const struct observation *o)
{
	return etag_weak_eq(&o->etag, &view->x->etag);
}

/*
 * Clients with a tag that is theirs alone, 0 if any tag was given to two clients, or
 * any client was given two.
 */
static unsigned
clients_with_own_tag(const struct view *view)
{
	const struct resource *resource = view->resource;
	unsigned clients = 1; /* that of the answer at hand */
	unsigned count = resource->observation_count;

	if (count > PAIRED_OBSERVATIONS)
		count = PAIRED_OBSERVATIONS;
	for (unsigned i = 0; i < count; i++) {
		const struct observation *o = resource->observations[i];
		bool is_new = true;

		if (!is_peer(view, o))
			continue;
		if (key_eq(o->client, view->before->client) != is_own_tag(view, o))
			return 0;
		is_new = !is_own_tag(view, o);
		for (unsigned j = 0; j < i; j++) {
			const struct observation *p = resource->observations[j];

			if (!is_peer(view, p))
				continue;
			if (key_eq(o->client, p->client) !=
				etag_weak_eq(&o->etag, &p->etag))
				return 0;
			is_new = is_new && !key_eq(o->client, p->client);
		}
		clients += is_new;
	}
	return clients;
}

bool
rule_etag_differs_per_client(const struct view *view, struct ruling *ruling)
{
	if (view->x->method != METHOD_GET || !view_has_etag(view))
		return false;
	ruling->a = view->x->etag.raw;
	ruling->n = clients_with_own_tag(view);
	return ruling->n >= CLIENTS_MIN;
}

/* The series of tags came back to this one, or each server has its own. */
static const struct observation *
find_other_node(const struct view *view)
{
	const struct observation *other = NULL, *elsewhere = NULL, *o;
	unsigned same = recent_same_body(view);
	bool shared = false;

	if (!(same & ~recent_same_tag(view)))
		return NULL;
	while ((o = recent_next(view, &same))) {
		bool own = is_own_tag(view, o), here = view_same_server(view, o);

		if ((own && here && !other) || !is_peer(view, o))
			continue;
		if (own && other)
			return other;
		if (!own && !other)
			other = o;
		if (own == !here)
			shared = true;
		else if (!own)
			elsewhere = o;
	}
	return shared ? NULL : elsewhere;
}

bool
rule_etag_differs_per_server(const struct view *view, struct ruling *ruling)
{
	if (view->x->method != METHOD_GET || !view_has_etag(view))
		return false;
	ruling->ref = find_other_node(view);
	if (!ruling->ref || clients_with_own_tag(view) > 1)
		return false;
	ruling->kind = tagform_change(ruling->ref->etag.opaque, view->x->etag.opaque);
	ruling->a = ruling->ref->etag_raw;
	ruling->b = view->x->etag.raw;
	return true;
}

/* ---- tags that compression takes away ---- */

static bool
has_validator(const struct observation *o)
{
	return o->etag_raw.at != NULL;
}

bool
rule_validator_lost_when_compressed(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	const struct resource *resource = view->resource;
	unsigned plain = 0, compressed = x->coding_count > 0;
	const struct aggregate_host *host;

	if (x->method != METHOD_GET || x->etag.raw.at)
		return false;
	if (!compressed)
		return false;
	for (unsigned i = 0; i < recent_count(view); i++) {
		const struct observation *o = resource->observations[i];
		bool coded = o->content_encoding.n > 0;

		if (!is_full_get(o) || !view_same_server(view, o))
			continue;
		if (coded && has_validator(o))
			return false;
		compressed += coded;
		if (coded || !has_validator(o))
			continue;
		plain++;
		ruling->ref = o;
	}
	if (!plain)
		return false;
	ruling->a = ruling->ref->etag_raw;
	host = view->known->host;
	return (plain >= PAIRS_MIN && compressed >= PAIRS_MIN) ||
	       (host && host->lost_validators >= AGGREGATE_LOST_MIN);
}
