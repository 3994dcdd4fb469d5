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
	*waste = waste_of_class(class, part, octets);
	return waste;
}

struct waste
waste_of_class(enum waste_class class, enum waste_part part, uint64_t octets)
{
	return (struct waste){
		.class = class,
		.part = part,
		.tier = classes[class].tier,
		.fault = classes[class].fault,
		.octets = octets,
	};
}

struct waste *
judging_book_body(struct judging *j, enum waste_class class)
{
	return judging_book_body_part(j, class, j->body_left);
}

struct waste *
judging_book_body_part(struct judging *j, enum waste_class class, uint64_t octets)
{
	if (octets > j->body_left)
		octets = j->body_left;
	j->body_left -= octets;
	return octets ? book(j, class, PART_BODY, octets) : NULL;
}

/* The class has to be one of repetitions, which stand before the partitioned one. */
struct waste *
judging_book_repeat(
	struct judging *j, enum waste_class class, uint64_t octets, struct site given)
{
	if (!site_differs(given, j->site))
		return judging_book_body_part(j, class, octets);
	if (octets > j->body_left)
		octets = j->body_left;
	j->body_apart = octets;
	return NULL;
}

struct waste *
judging_book_head_part(struct judging *j, enum waste_class class, uint64_t octets)
{
	if (j->head_taken || !octets)
		return NULL;
	j->head_taken = true;
	return book(j, class, PART_HEAD, octets);
}

struct waste *
judging_book_heads(struct judging *j, enum waste_class class)
{
	return judging_book_head_part(
		j, class, j->x->q.head_bytes + exchange_r_head(j->x));
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
	waste = judging_book_body(j, WASTE_IGNORED_MATCH);
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
	waste = judging_book_body(j, WASTE_VALIDATOR_CHURN);
	if (waste)
		waste->cause = cause_of_churn(j->x, &j->named_by);
}

/* Of what only a later exchange tells: ledger_close() books it. */
static void
take_nothing(struct judging *j)
{
	(void)j;
}

typedef void take(struct judging *j);

/* By class, so that the order is that of waste.def. */
static take *const takes[] = {
	[WASTE_ILLEGAL_BODY] = take_illegal_body,
	[WASTE_IGNORED_MATCH] = take_ignored_match,
	[WASTE_VALIDATOR_CHURN] = take_validator_churn,
	[WASTE_RANGE_IGNORED] = waste_range_ignored,
	[WASTE_RANGE_REPEAT] = waste_range_repeat,
	[WASTE_FRESH_REFETCH] = waste_fresh_refetch,
	[WASTE_UNEXPLAINED_REPEAT] = waste_unexplained_repeat,
	[WASTE_BLIND_REFETCH] = waste_blind_refetch,
	[WASTE_NO_VALIDATOR_REFETCH] = waste_no_validator_refetch,
	[WASTE_RESTART_AFTER_ABORT] = waste_restart_after_abort,
	[WASTE_UNCOMPRESSED] = waste_uncompressed,
	[WASTE_PARTITIONED_REPEAT] = waste_partitioned_repeat,
	[WASTE_NO_STORE_REPEAT] = waste_no_store_repeat,
	[WASTE_FORCED_RELOAD] = waste_forced_reload,
	[WASTE_REPEAT_REDIRECT] = waste_repeat_redirect,
	[WASTE_REPEAT_ERROR] = waste_repeat_error,
	[WASTE_CONCURRENT_DUPLICATE] = waste_concurrent_duplicate,
	[WASTE_ROTATION] = waste_rotation,
	[WASTE_VARIANT_REPEAT] = waste_variant_repeat,
	[WASTE_ALIAS] = waste_alias,
	[WASTE_RELOAD_REVALIDATION] = waste_reload_revalidation,
	[WASTE_FRESH_REVALIDATION] = waste_fresh_revalidation,
	[WASTE_VERSIONED_REVALIDATION] = waste_versioned_revalidation,
	[WASTE_HEAD_PROBE] = take_nothing,
	[WASTE_COOKIE_ON_STATIC] = waste_cookie_on_static,
};

_Static_assert(sizeof takes / sizeof *takes == WASTE_COUNT, "a class has no function");

/* What was booked of it for the class. */
static uint64_t
booked_octets(const struct verdict *v, const struct waste *waste)
{
	uint64_t octets = 0;

	for (unsigned i = 0; i < v->waste_count; i++)
		if (v->waste[i].class == waste->class && v->waste[i].part == waste->part)
			octets += v->waste[i].octets;
	return octets;
}

/*
 * What each class would have taken of the exchange if there were no others, beyond what
 * it took: a fix that is made alone saves that as well.  Up to the first that took
 * something all were asked like that.
 */
static void
judging_hidden(const struct judging *j)
{
	struct verdict *v = j->verdict, scratch;
	struct judging alone = *j;

	if (!v->waste_count)
		return;
	scratch = *v;
	alone.verdict = &scratch;
	alone.is_alone = true;
	for (size_t i = v->waste[0].class + 1u; i < WASTE_COUNT; i++) {
		scratch.waste_count = 0;
		alone.head_taken = false;
		alone.body_left = j->is_get ? exchange_r_wire(j->x) : 0;
		takes[i](&alone);
		for (unsigned k = 0; k < scratch.waste_count; k++) {
			struct waste *waste = &scratch.waste[k];
			uint64_t booked = booked_octets(v, waste);

			if (waste->octets <= booked)
				continue;
			assert(v->hidden_count < VERDICT_HIDDEN_MAX);
			waste->octets -= booked;
			v->hidden[v->hidden_count++] = *waste;
		}
	}
}

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
	j->repeat = judging_repeat(j);
	for (size_t i = 0; i < WASTE_COUNT; i++)
		takes[i](j);
	judging_hidden(j);
}
