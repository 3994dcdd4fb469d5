#include "analyzer/ledger/judging.h"

#include "analyzer/config.h"
#include "analyzer/history/validator.h"
#include "parsers/fingerprint.h"
#include "parsers/mediatype.h"
#include "parsers/vary.h"

enum {
	URL_BYTES = 4096 /* longer ones match no expression */
};

/* ---- what the client need not have asked about ---- */

/* The client asks whether the very copy that it holds, and might use, has changed. */
static bool
is_revalidation_of_fresh(const struct judging *j)
{
	switch (j->verdict->outcome) {
	case OUTCOME_VALIDATED:
	case OUTCOME_MISSED_MATCH:
	case OUTCOME_MISSED_CHURN:
		return j->is_get && j->before->has_held && j->before->held_fresh &&
		       validator_of_held_matches(
			       j->x, j->before->resource, &j->before->held);
	default:
		return false;
	}
}

void
waste_reload_revalidation(struct judging *j)
{
	if (j->is_forced && is_revalidation_of_fresh(j))
		judging_book_heads(j, WASTE_RELOAD_REVALIDATION);
}

bool
judging_is_fresh_revalidation(const struct judging *j)
{
	return !j->is_forced && j->before->held_fresh_for_sure &&
	       is_revalidation_of_fresh(j);
}

void
waste_fresh_revalidation(struct judging *j)
{
	struct waste *waste;

	if (!judging_is_fresh_revalidation(j))
		return;
	waste = judging_book_heads(j, WASTE_FRESH_REVALIDATION);
	if (waste && j->before->held.freshness.immutable)
		waste->cause = CAUSE_IMMUTABLE;
}

/* ---- URLs of one version ---- */

static bool
matches_expression(const regex_t *expression, struct slice url)
{
	char text[URL_BYTES];

	if (url.n >= sizeof text || memchr(url.at, '\0', url.n))
		return false;
	memcpy(text, url.at, url.n);
	text[url.n] = '\0';
	return regexec(expression, text, 0, NULL, 0) == 0;
}

/* The type of what the client holds: a 304 seldom says it, an answer before it did. */
static struct slice
media_type(const struct judging *j)
{
	const struct resource *resource = j->resource;
	struct slice type = message_value(&j->x->r, FIELD_CONTENT_TYPE);

	for (unsigned i = 0; !type.n && resource && i < resource->observation_count; i++)
		type = resource->observations[i]->content_type;
	return mediatype_essence(type);
}

static bool
is_page_or_data(struct slice type)
{
	return slice_eq_nocase(type, SLICE("text/html")) ||
	       slice_eq_nocase(type, SLICE("application/json")) ||
	       (type.n > 5 &&
		       slice_eq_nocase(slice_from(type, type.n - 5), SLICE("+json"))) ||
	       slice_eq_nocase(type, SLICE("application/xhtml+xml"));
}

/* A URL that had two contents names no version, whatever it looks like. */
static bool
had_two_bodies(const struct judging *j)
{
	const struct resource *resource = j->resource;
	const struct observation *first = NULL;

	for (unsigned i = 0; resource && i < resource->observation_count; i++) {
		const struct observation *o = resource->observations[i];

		if (!o->has_digest_decoded)
			continue;
		if (!first)
			first = o;
		else if (o->digest_decoded.high != first->digest_decoded.high ||
			 o->digest_decoded.low != first->digest_decoded.low)
			return true;
	}
	return false;
}

static bool
is_versioned(const struct judging *j)
{
	struct slice url = j->x->path_query;

	if (j->fingerprint ? fingerprint_is_page(url) ||
				     !matches_expression(j->fingerprint, url)
			   : !fingerprint_in_url(url))
		return false;
	return !is_page_or_data(media_type(j)) && !had_two_bodies(j);
}

static bool
is_long(const struct judging *j, const struct freshness *f)
{
	return f->kind == FRESHNESS_EXPLICIT &&
	       f->lifetime_s >= (int64_t)j->thresholds->of[THRESHOLD_VERSIONED_S];
}

void
waste_versioned_revalidation(struct judging *j)
{
	if (j->head_taken || !j->is_get || j->verdict->outcome != OUTCOME_VALIDATED ||
		(j->before->has_held && is_long(j, &j->before->held.freshness)) ||
		is_long(j, &j->x->freshness) || !is_versioned(j))
		return;
	judging_book_heads(j, WASTE_VERSIONED_REVALIDATION);
}

bool
judging_is_needless_revalidation(const struct judging *j)
{
	const struct verdict *v = j->verdict;

	for (unsigned i = 0; i < v->waste_count; i++)
		switch (v->waste[i].class) {
		case WASTE_FRESH_REVALIDATION:
		case WASTE_RELOAD_REVALIDATION:
		case WASTE_VERSIONED_REVALIDATION:
			return true;
		default:
			break;
		}
	return false;
}

/* ---- cookies ---- */

static bool
varies_by_cookie(const struct exchange *x)
{
	struct arena scratch = {0};
	struct slice vary = message_values(&x->r, FIELD_VARY, &scratch), name;
	bool varies = false;

	while (vary_next(&vary, &name))
		varies |= slice_eq_nocase(name, SLICE("cookie")) ||
			  slice_eq(name, SLICE("*"));
	arena_fini(&scratch);
	return varies;
}

/* The octets of the Cookie lines, their ends included. */
static uint64_t
cookie_octets(const struct message *q)
{
	const uint8_t *end = q->head.at + q->head.n;
	uint64_t octets = 0;

	for (size_t i = 0; i < q->field_count; i++) {
		struct slice rest;

		if (q->fields[i].id != FIELD_COOKIE)
			continue;
		rest = slice_of(
			q->fields[i].name.at, (size_t)(end - q->fields[i].name.at));
		octets += slice_find(rest, '\n', 0) + 1;
	}
	return octets;
}

void
waste_cookie_on_static(struct judging *j)
{
	const struct exchange *x = j->x;

	if (j->head_taken || !j->is_get || (x->r.status != 200 && x->r.status != 304) ||
		!message_has(&x->q, FIELD_COOKIE) ||
		message_has(&x->r, FIELD_SET_COOKIE) ||
		x->r_cc.present & (CC_PRIVATE | CC_NO_STORE) ||
		!mediatype_is_static(media_type(j)) || varies_by_cookie(x))
		return;
	judging_book_head_part(j, WASTE_COOKIE_ON_STATIC, cookie_octets(&x->q));
}
