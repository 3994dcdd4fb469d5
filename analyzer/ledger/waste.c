#include "analyzer/ledger/judging.h"

#include "analyzer/ledger/cause.h"

#include <assert.h>

static const struct {
	enum tier tier;
	enum fault fault;
} classes[] = {
#define WASTE(id, name, tier, fault, summary) {tier, fault},
#include "analyzer/ledger/waste.def"
#undef WASTE
};

static struct waste *
book(struct judging *j, enum waste_class class, enum waste_part part, uint64_t octets)
{
	struct verdict *v = j->verdict;
	struct waste *waste;

	assert(v->waste_count < VERDICT_WASTE_MAX);
	waste = &v->waste[v->waste_count++];
	*waste = (struct waste){
		.class = class,
		.part = part,
		.tier = classes[class].tier,
		.fault = classes[class].fault,
		.octets = octets,
	};
	return waste;
}

/* Books what is left of the body; NULL if nothing is. */
static struct waste *
book_body(struct judging *j, enum waste_class class)
{
	uint64_t octets = j->body_left;

	j->body_left = 0;
	return octets ? book(j, class, PART_BODY, octets) : NULL;
}

static void
book_heads(struct judging *j, enum waste_class class)
{
	if (j->head_taken)
		return;
	j->head_taken = true;
	book(j, class, PART_HEAD, j->x->q.head_bytes + exchange_r_head(j->x));
}

/*
 * After a gap or a resynchronisation octets behind a 304 may be anything, so they
 * prove nothing.
 */
static void
take_illegal_body(struct judging *j)
{
	if (j->x->stray_bytes && j->x->anchored)
		book(j, WASTE_ILLEGAL_BODY, PART_STRAY, j->x->stray_bytes);
}

/* A date that matches proves less than a tag if nobody saw what it named. */
static void
take_ignored_match(struct judging *j)
{
	struct waste *waste;

	if (j->verdict->outcome != OUTCOME_MISSED_MATCH)
		return;
	waste = book_body(j, WASTE_IGNORED_MATCH);
	if (!waste)
		return;
	waste->cause = cause_of_ignored_match(j->x);
	if (j->x->cond == COND_IMS && j->verdict->identical == TRUTH_UNKNOWN)
		waste->tier = TIER_2;
}

static void
take_validator_churn(struct judging *j)
{
	struct waste *waste;

	if (j->verdict->outcome != OUTCOME_MISSED_CHURN)
		return;
	waste = book_body(j, WASTE_VALIDATOR_CHURN);
	if (waste)
		waste->cause = cause_of_churn(j->x, &j->named_by);
}

/* The client was sent what it holds, and a cache of its own would have kept it. */
static bool
is_repeat(const struct judging *j)
{
	return j->same_as_held == TRUTH_TRUE && j->before->held.storable &&
	       !j->is_forced && !message_has(&j->x->q, FIELD_RANGE);
}

static void
take_fresh_refetch(struct judging *j)
{
	if (!is_repeat(j) || j->verdict->in_conditional ||
		!j->before->held_fresh_for_sure)
		return;
	book_body(j, WASTE_FRESH_REFETCH);
	book_heads(j, WASTE_FRESH_REFETCH);
}

/* Another dress of known content is no repetition: its tag has to be another. */
static void
take_unexplained_repeat(struct judging *j)
{
	if (is_repeat(j) && j->is_full && j->verdict->in_conditional &&
		!(j->verdict->notes & (NOTE_RECODED | NOTE_RELABELLED)))
		book_body(j, WASTE_UNEXPLAINED_REPEAT);
}

static void
take_blind_refetch(struct judging *j)
{
	const struct held *held = &j->before->held;
	struct waste *waste;

	if (!is_repeat(j) || !j->is_full || j->verdict->in_conditional ||
		!(held->has_etag || held->has_last_modified))
		return;
	waste = book_body(j, WASTE_BLIND_REFETCH);
	if (waste && held->invalidated)
		waste->cause = CAUSE_INVALIDATED;
	else if (waste && j->before->held_heuristically_fresh)
		waste->cause = CAUSE_HEURISTIC;
}

static void
take_no_validator_refetch(struct judging *j)
{
	const struct held *held = &j->before->held;

	if (is_repeat(j) && j->is_full && !j->verdict->in_conditional &&
		!held->has_etag && !held->has_last_modified)
		book_body(j, WASTE_NO_VALIDATOR_REFETCH);
}

typedef void take(struct judging *j);

/* By class, so that the order is that of waste.def. */
static take *const takes[] = {
	[WASTE_ILLEGAL_BODY] = take_illegal_body,
	[WASTE_IGNORED_MATCH] = take_ignored_match,
	[WASTE_VALIDATOR_CHURN] = take_validator_churn,
	[WASTE_FRESH_REFETCH] = take_fresh_refetch,
	[WASTE_UNEXPLAINED_REPEAT] = take_unexplained_repeat,
	[WASTE_BLIND_REFETCH] = take_blind_refetch,
	[WASTE_NO_VALIDATOR_REFETCH] = take_no_validator_refetch,
};

_Static_assert(sizeof takes / sizeof *takes == WASTE_COUNT, "a class has no function");

/*
 * Bodies are judged for GET only.  A pair that is not certain, or a head that was not
 * seen whole, proves nothing about a body.
 */
void
judging_waste(struct judging *j)
{
	if (!j->is_provable)
		return;
	if (j->is_get)
		j->body_left = exchange_r_wire(j->x);
	for (size_t i = 0; i < WASTE_COUNT; i++)
		takes[i](j);
}
