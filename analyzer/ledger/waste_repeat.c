#include "analyzer/ledger/judging.h"

#include "analyzer/config.h"
#include "analyzer/history/resource.h"
#include "parsers/mediatype.h"

/*
 * The client was sent what it holds.  A cache of its own would have kept that, and it
 * did not insist.  Another dress of known content is no repetition: its tag has to be
 * another.
 */
enum waste_class
judging_repeat(const struct judging *j)
{
	const struct held *held = &j->before->held;
	const unsigned dress = NOTE_RECODED | NOTE_RELABELLED;

	if (j->same_as_held != TRUTH_TRUE || !held->storable || j->is_forced ||
		message_has(&j->x->q, FIELD_RANGE))
		return WASTE_COUNT;
	if (!j->verdict->in_conditional && j->before->held_fresh_for_sure)
		return WASTE_FRESH_REFETCH;
	if (!j->is_full)
		return WASTE_COUNT;
	if (j->verdict->in_conditional)
		return j->verdict->notes & dress ? WASTE_COUNT : WASTE_UNEXPLAINED_REPEAT;
	return held->has_etag || held->has_last_modified ? WASTE_BLIND_REFETCH
							 : WASTE_NO_VALIDATOR_REFETCH;
}

static bool
is_accused(const struct judging *j, enum waste_class class)
{
	return j->repeat == class && !j->is_partitioned;
}

void
waste_fresh_refetch(struct judging *j)
{
	if (!is_accused(j, WASTE_FRESH_REFETCH))
		return;
	judging_book_body(j, WASTE_FRESH_REFETCH);
	judging_book_heads(j, WASTE_FRESH_REFETCH);
}

void
waste_unexplained_repeat(struct judging *j)
{
	if (is_accused(j, WASTE_UNEXPLAINED_REPEAT))
		judging_book_body(j, WASTE_UNEXPLAINED_REPEAT);
}

void
waste_blind_refetch(struct judging *j)
{
	struct waste *waste;

	if (!is_accused(j, WASTE_BLIND_REFETCH))
		return;
	waste = judging_book_body(j, WASTE_BLIND_REFETCH);
	if (waste && j->before->held.invalidated)
		waste->cause = CAUSE_INVALIDATED;
	else if (waste && j->before->held_heuristically_fresh)
		waste->cause = CAUSE_HEURISTIC;
}

void
waste_no_validator_refetch(struct judging *j)
{
	if (is_accused(j, WASTE_NO_VALIDATOR_REFETCH))
		judging_book_body(j, WASTE_NO_VALIDATOR_REFETCH);
}

/* What would have been another class, had it been asked from the page of the same site.
 */
void
waste_partitioned_repeat(struct judging *j)
{
	judging_book_body_part(j, WASTE_PARTITIONED_REPEAT, j->body_apart);
	if (!j->is_partitioned)
		return;
	if (j->repeat != WASTE_COUNT)
		judging_book_body(j, WASTE_PARTITIONED_REPEAT);
	if (j->repeat == WASTE_FRESH_REFETCH || judging_is_fresh_revalidation(j))
		judging_book_heads(j, WASTE_PARTITIONED_REPEAT);
}

void
waste_no_store_repeat(struct judging *j)
{
	if (j->same_as_held == TRUTH_TRUE && j->is_full && !j->before->held.storable)
		judging_book_body(j, WASTE_NO_STORE_REPEAT);
}

/* A condition that nothing can satisfy is another way to insist. */
void
waste_forced_reload(struct judging *j)
{
	bool asks = j->verdict->in_conditional &&
		    !(j->verdict->notes & NOTE_CACHE_BUSTER);

	if (j->same_as_held == TRUTH_TRUE && j->is_full && j->is_forced && !asks)
		judging_book_body(j, WASTE_FORCED_RELOAD);
}

/* The same answer, which only lacks a lifetime to be kept. */
static bool
is_repeated_for_want_of_lifetime(const struct judging *j)
{
	const struct held *held = &j->before->held;
	struct key location = key_add(
		key_start(0), message_value(&j->x->r, FIELD_LOCATION));

	return j->same_as_held == TRUTH_TRUE && held->storable &&
	       held->freshness.kind != FRESHNESS_EXPLICIT &&
	       (held->status / 100 != 3 || held->location.low == location.low);
}

void
waste_repeat_redirect(struct judging *j)
{
	uint16_t status = j->x->r.status;

	if ((status != 300 && status != 301 && status != 308) ||
		!is_repeated_for_want_of_lifetime(j))
		return;
	judging_book_body(j, WASTE_REPEAT_REDIRECT);
	judging_book_heads(j, WASTE_REPEAT_REDIRECT);
}

void
waste_repeat_error(struct judging *j)
{
	uint16_t status = j->x->r.status;

	if ((status != 404 && status != 405 && status != 410 && status != 414 &&
		    status != 501) ||
		!is_repeated_for_want_of_lifetime(j))
		return;
	judging_book_body(j, WASTE_REPEAT_ERROR);
	judging_book_heads(j, WASTE_REPEAT_ERROR);
}

void
waste_concurrent_duplicate(struct judging *j)
{
	if (j->is_full && j->delivered.meanwhile)
		judging_book_body(j, WASTE_CONCURRENT_DUPLICATE);
}

static bool
is_worth_it(const struct judging *j)
{
	return j->is_full &&
	       j->x->r.content_bytes >= j->thresholds->of[THRESHOLD_ALIAS_OCTETS];
}

void
waste_rotation(struct judging *j)
{
	struct represented held = represented_by(&j->before->held);

	if (is_worth_it(j) && j->delivered.here && j->before->has_held &&
		j->before->held.has_body &&
		represented_same(&held, &j->body) == TRUTH_FALSE)
		judging_book_body(j, WASTE_ROTATION);
}

/* Without Vary nothing that the client has can be of another variant. */
void
waste_variant_repeat(struct judging *j)
{
	if (is_worth_it(j) && j->delivered.here && !j->before->has_held &&
		(resource_vary(j->resource).n || message_has(&j->x->r, FIELD_VARY)))
		judging_book_body(j, WASTE_VARIANT_REPEAT);
}

static bool
is_html(const struct exchange *x)
{
	struct slice type = message_value(&x->r, FIELD_CONTENT_TYPE);

	return slice_eq_nocase(slice_trim(slice_part(type, 0, slice_find(type, ';', 0))),
		SLICE("text/html"));
}

void
waste_alias(struct judging *j)
{
	static const enum waste_cause causes[] = {
		[ELSEWHERE_QUERY] = CAUSE_QUERY,
		[ELSEWHERE_HOST] = CAUSE_HOST,
		[ELSEWHERE_PATH] = CAUSE_PATH,
	};
	struct waste *waste;

	if (!is_worth_it(j) || j->delivered.elsewhere == ELSEWHERE_NONE)
		return;
	waste = judging_book_body(j, WASTE_ALIAS);
	if (!waste)
		return;
	waste->cause = causes[j->delivered.elsewhere];
	if (j->delivered.paths > CONFIG_FALLBACK_PATHS && is_html(j->x))
		waste->cause = CAUSE_FALLBACK;
}
