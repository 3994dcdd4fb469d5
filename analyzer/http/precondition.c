#include "analyzer/http/precondition.h"

#include "parsers/list.h"

enum cond
precondition_effective(const struct exchange *x)
{
	bool reads = x->method == METHOD_GET || x->method == METHOD_HEAD;

	if (reads && message_has(&x->q, FIELD_IF_NONE_MATCH)) {
		switch (x->inm_form) {
		case ETAG_LIST_EMPTY:
			return COND_NONE;
		case ETAG_STAR:
			return COND_STAR;
		default:
			return x->ims.form == HTTPDATE_INVALID ? COND_INM : COND_BOTH;
		}
	}
	if (message_has(&x->q, FIELD_IF_MATCH) ||
		message_has(&x->q, FIELD_IF_UNMODIFIED_SINCE) ||
		message_has(&x->q, FIELD_IF_NONE_MATCH))
		return COND_WRITE;
	if (reads && x->ims.form != HTTPDATE_INVALID)
		return COND_IMS;
	return COND_NONE;
}

static bool
has_no_cache(struct slice pragma)
{
	struct slice element;

	while (list_next(&pragma, &element))
		if (slice_eq_nocase(element, SLICE("no-cache")))
			return true;
	return false;
}

bool
precondition_is_forced(const struct exchange *x)
{
	const struct cachecontrol *cc = &x->q_cc;

	if (!message_has(&x->q, FIELD_CACHE_CONTROL))
		return has_no_cache(message_value(&x->q, FIELD_PRAGMA));
	return cc->present & (CC_NO_CACHE | CC_NO_STORE) ||
	       (cc->present & CC_MAX_AGE && cc->max_age_s == 0);
}
