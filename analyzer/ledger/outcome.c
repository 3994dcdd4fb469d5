#include "analyzer/ledger/judging.h"

#include "analyzer/history/validator.h"

static enum truth
same_as_any(const struct judging *j, const struct sight *named)
{
	enum truth truth = TRUTH_FALSE;

	for (; named; named = sight_older(named)) {
		struct represented body = sight_read(named);
		enum truth same = represented_same(&body, &j->body);

		if (same == TRUTH_TRUE)
			return same;
		if (same == TRUTH_UNKNOWN)
			truth = same;
	}
	return truth;
}

/* In what else the same content came; it deserves a new tag. */
static unsigned
dress_of(const struct judging *j, const struct represented *body)
{
	return (key_eq(body->coding, j->body.coding) ? 0 : NOTE_RECODED) |
	       (key_eq(body->type, j->body.type) ? 0 : NOTE_RELABELLED);
}

static void
note_dress(struct judging *j, const struct sight *named)
{
	unsigned notes = 0;

	for (; named; named = sight_older(named)) {
		struct represented body = sight_read(named);

		if (represented_same(&body, &j->body) != TRUTH_TRUE)
			continue;
		notes = dress_of(j, &body);
		if (!notes)
			break;
	}
	j->verdict->notes |= notes;
}

/* Whether the body is one that the validator named, or the client's own copy. */
static enum truth
same_as_named(struct judging *j, const struct sight *named, bool own_is_named)
{
	struct represented own = represented_by(&j->before->held);
	enum truth same = TRUTH_UNKNOWN;

	if (named)
		same = same_as_any(j, named);
	else if (own_is_named)
		same = represented_same(&own, &j->body);
	if (same == TRUTH_TRUE && named)
		note_dress(j, named);
	else if (same == TRUTH_TRUE)
		j->verdict->notes |= dress_of(j, &own);
	return same;
}

/* Whether the body is one that the tag named; the client's own copy is a witness too. */
static enum truth
same_as_tag(struct judging *j, const struct etag *tag)
{
	const struct before *before = j->before;
	bool own = before->has_held && before->held.has_etag &&
		   key_eq(before->held.etag, history_etag_key(before->resource, tag));
	enum truth same = same_as_named(j, history_by_etag(j->history, before, tag), own);

	if (same == TRUTH_TRUE)
		j->named_by = *tag;
	return same;
}

static enum truth
same_as_tags(struct judging *j)
{
	enum truth truth = TRUTH_FALSE;
	struct slice rest = j->x->inm;
	struct etag tag;

	while (exchange_next_tag(j->x, &rest, &tag)) {
		enum truth same = same_as_tag(j, &tag);

		if (same == TRUTH_TRUE)
			return same;
		if (same == TRUTH_UNKNOWN)
			truth = same;
	}
	return truth;
}

static enum truth
same_as_date(struct judging *j)
{
	const struct before *before = j->before;
	bool own = before->has_held &&
		   validator_of_held_matches(j->x, before->resource, &before->held);

	return same_as_named(
		j, history_by_date(j->history, before, j->x->ims.unix_s), own);
}

static bool
has_digests(const struct sight *named)
{
	for (; named; named = sight_older(named)) {
		struct represented body = sight_read(named);

		if (body.has_digest || body.has_digest_decoded)
			return true;
	}
	return false;
}

/* Whether a validator of the request names octets that were seen. */
static bool
names_known(const struct judging *j)
{
	const struct held *held = &j->before->held;
	struct slice rest = j->x->inm;
	struct etag tag;

	if (j->before->has_held && held->has_body &&
		(held->has_digest || held->has_digest_decoded) &&
		validator_of_held_matches(j->x, j->before->resource, held))
		return true;
	if (!validator_is_asked_by_tag(j->x))
		return has_digests(
			history_by_date(j->history, j->before, j->x->ims.unix_s));
	while (exchange_next_tag(j->x, &rest, &tag))
		if (has_digests(history_by_etag(j->history, j->before, &tag)))
			return true;
	return false;
}

/* Whether the answer's own validator satisfies the request's condition. */
static void
compare_validators(struct judging *j)
{
	const struct exchange *x = j->x;
	struct verdict *v = j->verdict;

	if (validator_is_asked_by_tag(x)) {
		v->validator_compared = validator_has_tag(x);
		v->validator_matched = v->validator_compared &&
				       validator_match(x) == TAG_SAME;
	} else {
		v->validator_compared = validator_has_date(x);
		v->validator_matched = v->validator_compared &&
				       x->last_modified.unix_s <= x->ims.unix_s;
	}
}

/* 304 to a condition.  Compressors that mark tags take the mark off in a 304. */
static enum outcome
outcome_of_304(struct judging *j)
{
	const struct exchange *x = j->x;

	if (!validator_is_asked_by_tag(x) || !validator_has_tag(x))
		return OUTCOME_VALIDATED;
	switch (validator_match(x)) {
	case TAG_SAME:
		return OUTCOME_VALIDATED;
	case TAG_BUT_SUFFIX:
		j->verdict->notes |= NOTE_SUFFIX_304;
		return OUTCOME_VALIDATED;
	default:
		return OUTCOME_MISMATCHED_304;
	}
}

/* 200 or 203 to a condition; HEAD is decided by the validators alone. */
static enum outcome
outcome_of_full(struct judging *j)
{
	struct verdict *v = j->verdict;

	if (j->is_get && j->x->r.complete)
		v->identical = validator_is_asked_by_tag(j->x) ? same_as_tags(j)
							       : same_as_date(j);
	v->perhaps_unnamed = j->is_get && v->identical != TRUTH_TRUE &&
			     history_may_have_named(
				     j->history, j->before, j->x, &j->body);
	if (v->validator_matched) {
		v->notes &= ~(unsigned)(NOTE_RECODED | NOTE_RELABELLED);
		return v->identical == TRUTH_FALSE ? OUTCOME_CHANGED_SAME_VALIDATOR
						   : OUTCOME_MISSED_MATCH;
	}
	if (v->identical == TRUTH_TRUE)
		return v->notes & (NOTE_RECODED | NOTE_RELABELLED) ? OUTCOME_CHANGED
								   : OUTCOME_MISSED_CHURN;
	if (v->identical == TRUTH_FALSE)
		return OUTCOME_CHANGED;
	v->presumed = v->validator_compared;
	return v->presumed ? OUTCOME_CHANGED : OUTCOME_INDETERMINATE;
}

static enum outcome
outcome_of_status(uint16_t status)
{
	if (status == 206)
		return OUTCOME_PARTIAL;
	if (status == 412)
		return OUTCOME_PRECONDITION_FAILED;
	if (status == 404 || status == 410)
		return OUTCOME_GONE;
	if (status >= 300 && status < 400)
		return OUTCOME_REDIRECT;
	if (status >= 400 && status < 500)
		return OUTCOME_CLIENT_ERROR;
	return status >= 500 && status < 600 ? OUTCOME_SERVER_ERROR : OUTCOME_OTHER;
}

static enum outcome
outcome_in_condition(struct judging *j)
{
	uint16_t status = j->x->r.status;

	compare_validators(j);
	j->verdict->names_known = names_known(j);
	if (status == 304)
		return outcome_of_304(j);
	if (j->is_full)
		return outcome_of_full(j);
	/* The condition comes before the range.  [RFC9110 13.2.2] */
	if (status == 206 && validator_is_asked_by_tag(j->x) &&
		j->verdict->validator_matched)
		return OUTCOME_MISSED_MATCH;
	return outcome_of_status(status);
}

static enum outcome
outcome_without_condition(const struct judging *j)
{
	const struct exchange *x = j->x;

	if (x->r.status == 304) {
		if (x->cond == COND_STAR)
			return OUTCOME_STAR_304;
		/* Of a request that was not seen whole nobody knows the condition. */
		return message_is_clean(&x->q) && x->cond == COND_NONE
			       ? OUTCOME_UNSOLICITED_304
			       : OUTCOME_OTHER;
	}
	if (j->is_full)
		return x->cond == COND_STAR ? OUTCOME_STAR_FULL : OUTCOME_FULL;
	return outcome_of_status(x->r.status);
}

static enum outcome
outcome_of(struct judging *j)
{
	const struct exchange *x = j->x;

	if (!x->has_response)
		return OUTCOME_UNANSWERED;
	if (x->method != METHOD_GET && x->method != METHOD_HEAD)
		return x->r.status == 412 ? OUTCOME_PRECONDITION_FAILED
					  : OUTCOME_OTHER_METHOD;
	j->verdict->in_conditional = validator_is_asked(x);
	return j->verdict->in_conditional ? outcome_in_condition(j)
					  : outcome_without_condition(j);
}

void
judging_outcome(struct judging *j)
{
	j->verdict->outcome = outcome_of(j);
}
