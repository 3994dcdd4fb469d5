#include "analyzer/ledger/sighting.h"

#include "analyzer/history/validator.h"

/* 0 is kept for the unknown. */
static uint64_t
half(uint64_t bits)
{
	return bits ? bits : 1;
}

static void
take_body(struct sighting *s, const struct represented *body)
{
	if (body->has_digest)
		s->encoded = half(body->digest.low);
	if (body->has_digest_decoded)
		s->decoded = half(body->digest_decoded.low);
}

static void
take_tag(struct sighting *s, const struct before *before, const struct etag *tag)
{
	s->tag = half(history_etag_key(before->resource, tag).low);
}

/*
 * A 304 without a validator of its own confirms the only one that was asked about.  A
 * date that was asked about need not be that of the last change, unless somebody was
 * given it as that.
 */
static void
take_asked(struct sighting *s, const struct before *before, const struct exchange *x,
	bool is_known)
{
	const struct held *held = &before->held;
	struct slice rest = x->inm;
	struct etag tag, other;

	if (validator_is_asked_by_tag(x)) {
		if (!s->tag && exchange_next_tag(x, &rest, &tag) &&
			!exchange_next_tag(x, &rest, &other))
			take_tag(s, before, &tag);
		return;
	}
	if (before->has_held && held->has_last_modified &&
		held->last_modified_s == x->ims.unix_s)
		is_known = true;
	if (is_known && x->cond == COND_IMS && s->modified_s == SIGHTING_NO_DATE)
		s->modified_s = x->ims.unix_s;
}

struct sighting
sighting_of(const struct history *history, const struct before *before,
	const struct exchange *x)
{
	struct sighting s = {.modified_s = SIGHTING_NO_DATE};
	const struct sight *named;
	struct represented body;

	if (validator_has_tag(x))
		take_tag(&s, before, &x->etag);
	if (validator_has_date(x))
		s.modified_s = x->last_modified.unix_s;
	if (x->r.status != 304) {
		body = represented_of(x);
		take_body(&s, &body);
		return s;
	}
	named = history_named_by_304(history, before, x);
	take_asked(&s, before, x, named != NULL);
	if (named && !sight_older(named)) {
		body = sight_read(named);
		take_body(&s, &body);
	}
	return s;
}

enum truth
sighting_same_body(const struct sighting *a, const struct sighting *b)
{
	if (a->encoded && a->encoded == b->encoded)
		return TRUTH_TRUE;
	if (!a->decoded || !b->decoded)
		return TRUTH_UNKNOWN;
	return a->decoded == b->decoded ? TRUTH_TRUE : TRUTH_FALSE;
}

enum truth
sighting_same(const struct sighting *a, const struct sighting *b)
{
	enum truth same = sighting_same_body(a, b);

	if (same != TRUTH_UNKNOWN)
		return same;
	if (a->tag && b->tag)
		return a->tag == b->tag ? TRUTH_TRUE : TRUTH_FALSE;
	if (a->modified_s == SIGHTING_NO_DATE || b->modified_s == SIGHTING_NO_DATE)
		return TRUTH_UNKNOWN;
	return a->modified_s == b->modified_s ? TRUTH_TRUE : TRUTH_FALSE;
}

bool
sighting_same_validator(const struct sighting *a, const struct sighting *b)
{
	if (a->tag || b->tag)
		return a->tag == b->tag;
	return a->modified_s != SIGHTING_NO_DATE && a->modified_s == b->modified_s;
}

void
sighting_take_validators(struct sighting *old, const struct sighting *new)
{
	if (new->tag)
		old->tag = new->tag;
	if (new->modified_s != SIGHTING_NO_DATE)
		old->modified_s = new->modified_s;
}
