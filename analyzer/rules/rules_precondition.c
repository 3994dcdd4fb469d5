/* Full answers although client and server name the same validator [RFC9110 13.1]. */
#include "analyzer/rules/ruling.h"
#include "analyzer/rules/view.h"
#include "parsers/chars.h"

/* A cache only should answer 304 [RFC9111 4.3.2], an origin must. */
static void
be_lenient_with_caches(const struct view *view, struct ruling *ruling)
{
	if (view_cache_answered(view))
		ruling->severity = SEVERITY_WARNING;
}

/* Why a server may have sent it all: the likely causes, the surest first. */
static const char *
cause_of(const struct view *view, bool first)
{
	const struct exchange *x = view->x;

	if (view_asks_no_cache(view))
		return "client-no-cache";
	if (view_has_ims(view) && (!view_has_last_modified(view) ||
					  x->ims.unix_s != x->last_modified.unix_s))
		return "date-also-required";
	if (message_has(&x->q, FIELD_RANGE))
		return "range";
	if (!first && !view_inm_is_star(view))
		return "list";
	if (x->r.length == UINT64_MAX && !message_has(&x->r, FIELD_LAST_MODIFIED))
		return "dynamic";
	return NULL;
}

bool
rule_200_despite_inm_match(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	bool first = false;

	if (!view_is_conditional_get(view) || !view_is_full_or_206(view))
		return false;
	if (view_inm_is_star(view)) {
		if (!x->etag.raw.at && !view_has_last_modified(view))
			return false;
	} else if (!view_inm_is_list(view) ||
		   view_inm_match(view, &first) != VIEW_MATCH_IDENTICAL) {
		return false;
	}
	ruling->a = x->inm;
	ruling->b = x->etag.raw;
	ruling->kind = cause_of(view, first);
	if (view_asks_no_cache(view))
		ruling->severity = SEVERITY_WARNING;
	be_lenient_with_caches(view, ruling);
	return true;
}

bool
rule_inm_weak_match_missed(const struct view *view, struct ruling *ruling)
{
	bool first;

	if (!view_is_conditional_get(view) || !view_is_full_or_206(view) ||
		!view_inm_is_list(view) ||
		view_inm_match(view, &first) != VIEW_MATCH_WEAK)
		return false;
	ruling->a = view->x->inm;
	ruling->b = view->x->etag.raw;
	if (view->x->r.status == 206 && message_has(&view->x->q, FIELD_RANGE))
		ruling->severity = SEVERITY_WARNING;
	be_lenient_with_caches(view, ruling);
	return true;
}

/* -gzip, ;gzip and --gzip mean gzip. */
static bool
suffix_means(struct slice suffix, enum coding coding)
{
	while (suffix.n && (suffix.at[0] == '-' || suffix.at[0] == ';'))
		suffix = slice_from(suffix, 1);
	return coding_parse(suffix) == coding;
}

static bool
suffix_agrees(const struct exchange *x, struct slice suffix)
{
	static const enum coding codings[] = {
		CODING_GZIP, CODING_BROTLI, CODING_ZSTD, CODING_DEFLATE};
	struct slice accepted = message_value(&x->q, FIELD_ACCEPT_ENCODING);

	for (unsigned i = 0; i < x->coding_count; i++)
		if (suffix_means(suffix, x->codings[i]))
			return true;
	for (size_t i = 0; i < sizeof codings / sizeof *codings; i++)
		if (suffix_means(suffix, codings[i]))
			return coding_accepted(accepted, codings[i]);
	return false;
}

bool
rule_etag_coding_suffix_mismatch(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	struct slice suffix;
	bool first;

	if (!view_is_get_or_head(view) || !view_is_full(view) ||
		!view_inm_is_list(view) ||
		view_inm_match(view, &first) != VIEW_MATCH_IDENTICAL)
		return false;
	etag_without_coding_suffix(x->etag.opaque, &suffix);
	if (!suffix.n || !suffix_agrees(x, suffix))
		return false;
	ruling->a = x->etag.raw;
	be_lenient_with_caches(view, ruling);
	return true;
}

/* The length of one quoting mark at the beginning or the end; 0: none. */
static size_t
quote_length(struct slice s, bool at_end)
{
	static const struct slice marks[] = {SLICE_INIT("&quot;"), SLICE_INIT("\\\""),
		SLICE_INIT("\""), SLICE_INIT("'")};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (at_end ? slice_has_suffix(s, marks[i])
			   : slice_has_prefix(s, marks[i]))
			return marks[i].n;
	return 0;
}

static struct slice
without_quotes(struct slice s)
{
	size_t n;

	if (slice_has_prefix(s, SLICE("W/")))
		s = slice_from(s, 2);
	while ((n = quote_length(s, false)))
		s = slice_from(s, n);
	while ((n = quote_length(s, true)))
		s = slice_part(s, 0, s.n - n);
	return s;
}

/* Well-formed, and no quote stands at an end within the quotes. */
static bool
is_plain_tag(const struct etag *tag)
{
	struct slice s = tag->opaque;

	return etag_is_valid(tag) && s.n &&
	       chars_classes[s.at[0]] & (CHARS_ALPHA | CHARS_DIGIT) &&
	       chars_classes[s.at[s.n - 1]] & (CHARS_ALPHA | CHARS_DIGIT);
}

/* Malformed, or a tag that has quotes within its quotes. */
static bool
same_without_quotes(const struct etag *member, const struct etag *tag)
{
	struct slice bare;

	if (is_plain_tag(member) && is_plain_tag(tag))
		return false;
	bare = without_quotes(member->raw);
	return bare.n && slice_eq(bare, without_quotes(tag->raw)) &&
	       !slice_eq(member->raw, tag->raw);
}

bool
rule_inm_quote_mismatch(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;
	struct slice rest = x->inm;
	struct etag member;
	bool found = false;

	if (!view_is_get_or_head(view) || !view_is_full_or_206(view) ||
		!view_has_inm(view) || !x->etag.raw.at || view_inm_is_star(view))
		return false;
	while (exchange_next_tag(x, &rest, &member)) {
		if (etag_weak_eq(&member, &x->etag))
			return false;
		if (found || !same_without_quotes(&member, &x->etag))
			continue;
		found = true;
		ruling->a = member.raw;
		if (etag_is_valid(&member) && etag_is_valid(&x->etag))
			ruling->severity = SEVERITY_ADVICE;
	}
	ruling->b = x->etag.raw;
	ruling->fault = etag_is_valid(&x->etag) ? FAULT_CLIENT : FAULT_SERVER;
	return found;
}

bool
rule_200_despite_ims_match(const struct view *view, struct ruling *ruling)
{
	const struct exchange *x = view->x;

	if (!view_is_get_or_head(view) || !view_is_full_or_206(view) ||
		view_has_inm(view) || x->ims.form == HTTPDATE_INVALID ||
		view_ims_is_ahead(view) || !view_has_last_modified(view) ||
		x->last_modified.unix_s > x->ims.unix_s)
		return false;
	ruling->kind = x->last_modified.unix_s == x->ims.unix_s ? "equal" : "later";
	ruling->a = message_value(&x->q, FIELD_IF_MODIFIED_SINCE);
	ruling->b = message_value(&x->r, FIELD_LAST_MODIFIED);
	if (x->last_modified.unix_s != x->ims.unix_s || x->r.status == 206)
		ruling->severity = SEVERITY_ADVICE;
	return x->r.status != 206 || !message_has(&x->q, FIELD_IF_RANGE);
}
