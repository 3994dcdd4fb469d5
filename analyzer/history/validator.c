#include "analyzer/history/validator.h"

bool
validator_is_asked(const struct exchange *x)
{
	if (x->method != METHOD_GET && x->method != METHOD_HEAD)
		return false;
	return x->cond == COND_INM || x->cond == COND_IMS || x->cond == COND_BOTH;
}

bool
validator_is_asked_by_tag(const struct exchange *x)
{
	return x->cond == COND_INM || x->cond == COND_BOTH;
}

bool
validator_has_tag(const struct exchange *x)
{
	return x->etag.raw.at && !(x->etag.flaws & ETAG_EMPTY);
}

bool
validator_has_date(const struct exchange *x)
{
	return x->last_modified.form != HTTPDATE_INVALID;
}

static bool
tags_differ_by_suffix(const struct etag *a, const struct etag *b)
{
	struct slice suffix_a, suffix_b;
	struct slice stem_a = etag_without_coding_suffix(a->opaque, &suffix_a);
	struct slice stem_b = etag_without_coding_suffix(b->opaque, &suffix_b);

	return (suffix_a.n || suffix_b.n) && slice_eq(stem_a, stem_b);
}

enum tag_match
validator_match(const struct exchange *x)
{
	enum tag_match best = TAG_OTHER;
	struct slice rest = x->inm;
	struct etag tag;

	while (exchange_next_tag(x, &rest, &tag)) {
		if (etag_weak_eq(&tag, &x->etag))
			return TAG_SAME;
		if (tags_differ_by_suffix(&tag, &x->etag))
			best = TAG_BUT_SUFFIX;
	}
	return best;
}

bool
validator_of_held_matches(
	const struct exchange *x, struct key resource, const struct held *held)
{
	struct slice rest = x->inm;
	struct etag tag;

	if (!validator_is_asked_by_tag(x))
		return x->cond == COND_IMS && held->has_last_modified &&
		       held->last_modified_s <= x->ims.unix_s;
	while (held->has_etag && exchange_next_tag(x, &rest, &tag))
		if (key_eq(history_etag_key(resource, &tag), held->etag))
			return true;
	return false;
}
