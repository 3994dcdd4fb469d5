#include "analyzer/ledger/judging.h"

#include "analyzer/history/validator.h"

static enum truth
same_as_any(const struct judging *j, const struct represented *named)
{
	enum truth truth = TRUTH_FALSE;

	for (; named; named = named->next) {
		enum truth same = represented_same(named, &j->body);

		if (same == TRUTH_TRUE)
			return same;
		if (same == TRUTH_UNKNOWN)
			truth = same;
	}
	return truth;
}

/* Marks that the same content came in another dress, which deserves a new tag. */
static void
note_dress(struct judging *j, const struct represented *named)
{
	unsigned notes = 0;

	for (; named; named = named->next) {
		if (represented_same(named, &j->body) != TRUTH_TRUE)
			continue;
		notes = 0;
		if (!key_eq(named->coding, j->body.coding))
			notes |= NOTE_RECODED;
		if (!key_eq(named->type, j->body.type))
			notes |= NOTE_RELABELLED;
		if (!notes)
			break;
	}
	j->verdict->notes |= notes;
}

/* Whether the body is one that the tag named; the client's own copy is a witness too. */
static enum truth
same_as_tag(struct judging *j, const struct etag *tag)
{
	const struct before *before = j->before;
	const struct represented *named = history_by_etag(j->history, before, tag);
	struct represented own = represented_by(&before->held);
	enum truth same;

	if (!named && before->has_held && before->held.has_etag &&
		key_eq(before->held.etag, history_etag_key(before->resource, tag)))
		named = &own;
	if (!named)
		return TRUTH_UNKNOWN;
	same = same_as_any(j, named);
	if (same == TRUTH_TRUE) {
		j->named_by = *tag;
		note_dress(j, named);
	}
	return same;
}

static enum truth
same_as_tags(struct judging *j)
{
	enum truth truth = TRUTH_FALSE;
	struct slice rest = j->x->inm;
	struct etag tag;

	while (etag_next(&rest, &tag)) {
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
	const struct held *held = &j->before->held;
	const struct represented *named = history_by_date(
		j->history, j->before, j->x->ims.unix_s);
	struct represented own = represented_by(held);
	enum truth same;

	if (!named && j->before->has_held &&
		validator_of_held_matches(j->x, j->before->resource, held))
		named = &own;
	if (!named)
		return TRUTH_UNKNOWN;
	same = same_as_any(j, named);
	if (same == TRUTH_TRUE)
		note_dress(j, named);
	return same;
}

static bool
has_digests(const struct represented *named)
{
	for (; named; named = named->next)
		if (named->has_digest || named->has_digest_decoded)
			return true;
	return false;
}

/* Whether a validator of the request names octets that were seen. */
static bool
names_known(const struct judging *j)
{
	const struct held *held = &j->before->held;
	struct represented own = represented_by(held);
	struct slice rest = j->x->inm;
	struct etag tag;

	if (j->before->has_held && held->has_body && has_digests(&own) &&
		validator_of_held_matches(j->x, j->before->resource, held))
		return true;
	if (!validator_is_asked_by_tag(j->x))
		return has_digests(
			history_by_date(j->history, j->before, j->x->ims.unix_s));
	while (etag_next(&rest, &tag))
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
