#include "analyzer/report/restore.h"

#include "analyzer/report/report_distribution.h"

#include <stdio.h>

static const struct jsonvalue *
in(const struct jsonvalue *object, const char *key)
{
	return jsonvalue_get(object, key);
}

static void
restore_http(struct tally_http *http, const struct jsonvalue *from)
{
	const struct jsonvalue *method = in(from, "by_method");
	char key[8];

	http->requests = restore_count(from, "requests");
	http->responses = restore_count(from, "responses");
	http->interim = restore_count(from, "interim");
	http->unanswered = restore_at_most(
		restore_count(from, "unanswered"), http->requests);
	http->orphan_responses = restore_count(from, "orphan_responses");
	http->incomplete = restore_at_most(
		restore_count(from, "incomplete"), http->requests - http->unanswered);
	for (unsigned i = 0; i < TALLY_STATUSES; i++) {
		snprintf(key, sizeof key, "%03u", i);
		http->by_status[i] = restore_count(in(from, "by_status"), key);
	}
	for (method = method ? method->first : NULL; method; method = method->next) {
		struct tally_method *to = &http->methods[http->method_count];

		if (http->method_count == TALLY_METHODS ||
			method->type != JSONVALUE_INTEGER || method->integer < 0)
			continue;
		snprintf(to->name, sizeof to->name, "%.*s", (int)method->key.n,
			method->key.n ? (const char *)method->key.at : "");
		to->count = (uint64_t)method->integer;
		http->method_count++;
	}
}

static void
restore_octets(struct tally_octets *octets, const struct jsonvalue *from)
{
	octets->q_head = restore_count(from, "q_head");
	octets->q_body = restore_count(from, "q_body");
	octets->r_head = restore_count(from, "r_head");
	octets->r_content = restore_count(from, "r_content");
	octets->r_framing = restore_count(from, "r_framing");
	octets->stray = restore_count(from, "stray");
}

static void
restore_conditional(struct tally_conditional *c, const struct jsonvalue *from)
{
	c->asked = restore_count(from, "asked");
	c->validated = restore_count(from, "validated");
	c->missed_match = restore_count(from, "missed_match");
	c->missed_churn = restore_count(from, "missed_churn");
	c->changed = restore_count(from, "changed");
	c->presumed = restore_count(from, "presumed");
	c->changed_same = restore_count(from, "changed_same");
	c->indeterminate = restore_count(from, "indeterminate");
	c->mismatched = restore_count(from, "mismatched");
}

static void
restore_rates(struct tally *tally, const struct jsonvalue *rates)
{
	tally->share_of_gets = restore_rate(rates, "R4_304_share_of_gets");
	tally->conditional_share = restore_rate(rates, "R5_conditional_share");
	tally->by_form[COND_INM] = restore_rate(rates, "R1_by_form.inm");
	tally->by_form[COND_IMS] = restore_rate(rates, "R1_by_form.ims");
	tally->by_form[COND_BOTH] = restore_rate(rates, "R1_by_form.both");
	tally->by_strength[STRENGTH_STRONG] = restore_rate(
		rates, "R1_by_strength.strong");
	tally->by_strength[STRENGTH_WEAK] = restore_rate(rates, "R1_by_strength.weak");
	tally->by_strength[STRENGTH_MIXED] = restore_rate(rates, "R1_by_strength.mixed");
	tally->matched_recall = restore_rate(rates, "R8_matched_recall");
	tally->uptake = restore_rate(rates, "R6_conditional_uptake");
}

static void
restore_validators(struct tally_validators *v, const struct jsonvalue *from)
{
	v->responses = restore_count(from, "responses");
	v->etag_strong = restore_count(from, "etag_strong");
	v->etag_weak = restore_count(from, "etag_weak");
	v->lm = restore_count(from, "lm");
	v->both = restore_count(from, "both");
	v->etag_only = restore_count(from, "etag_only");
	v->lm_only = restore_count(from, "lm_only");
	v->none = restore_count(from, "none");
}

/* The source of a saving is told by octets, their number for all together. */
static void
restore_saved(struct tally *tally, const struct jsonvalue *from)
{
	const struct jsonvalue *sources = in(from, "by_source");
	struct tally_saved *saved = &tally->saved;

	for (unsigned i = SAVING_NONE + 1; i < SAVING_SOURCES; i++)
		saved->octets[i] = restore_count(sources, saving_source_name(i));
	saved->count[SAVING_SEEN] = restore_count(from, "known_count");
	saved->count[SAVING_UNKNOWN] = restore_count(from, "unknown_count");
}

/* ---- waste ---- */

static void
restore_wasted(struct tally_waste *waste, const struct jsonvalue *from)
{
	const struct jsonvalue *fault = in(from, "faults");
	const struct jsonvalue *via_cache = in(from, "via_cache");

	waste->exchanges += restore_count(from, "exchanges");
	for (enum tier tier = TIER_1; tier <= TIER_3; tier++)
		waste->octets[tier] += restore_count(from, tier_name(tier));
	for (fault = fault ? fault->first : NULL; fault; fault = fault->next)
		waste->faults |= 1u << restore_fault(fault->key);
	waste->via_cache |= via_cache && via_cache->boolean;
}

static void
restore_waste(struct tally *tally, const struct jsonvalue *metrics,
	const struct jsonvalue *more)
{
	const struct jsonvalue *sums = in(metrics, "waste_sums"),
			       *from = in(more, "waste_by_cause");

	for (enum tier tier = TIER_1; tier <= TIER_3; tier++)
		for (unsigned i = 0; i < WASTE_COUNT; i++)
			tally->waste_by_class[tier][i] = restore_count(
				in(in(metrics, "waste"), tier_name(tier)), waste_name(i));
	for (from = from ? from->first : NULL; from; from = from->next) {
		unsigned class, cause;

		restore_class_cause(from->key, &class, &cause);
		restore_wasted(&tally->waste[class][cause], from);
	}
	tally->headline_body_octets = restore_count(sums, "headline_body");
	tally->headline_head_octets = restore_count(sums, "headline_head");
	tally->missed_304_octets = restore_count(metrics, "missed_304_octets");
}

static void
restore_bodies(struct tally_bodies *bodies, const struct jsonvalue *more)
{
	const struct jsonvalue *unanalysed = in(more, "unanalysed"),
			       *uncompressed = in(more, "uncompressed");

	bodies->aborted_octets = restore_count(more, "aborted_octets");
	bodies->unanalysed_exchanges = restore_count(unanalysed, "exchanges");
	bodies->unanalysed_octets = restore_count(unanalysed, "octets");
	bodies->uncoded.measured = restore_count(uncompressed, "measured");
	bodies->uncoded.loss = restore_count(uncompressed, "loss");
	bodies->uncoded.unmeasured = restore_count(uncompressed, "unmeasured");
}

/* ---- distributions ---- */

static void
restore_distribution(struct distribution *to, const struct jsonvalue *from)
{
	const struct jsonvalue *bucket = in(from, "buckets");

	if (!from || !report_distribution_is(from))
		return;
	for (bucket = bucket->first; bucket && bucket->first->integer < RESTORE_US_MAX;
		bucket = bucket->next)
		distribution_put(to, (uint64_t)bucket->first->integer,
			(uint64_t)bucket->first->next->integer);
}

static void
restore_spans(uint64_t spans[SPAN_COUNT], const struct jsonvalue *from)
{
	for (enum spread_span i = 0; i < SPAN_COUNT; i++)
		spans[i] = restore_count(from, spreads_span_name(i));
}

static void
restore_spreads(struct spreads *spreads, const struct jsonvalue *more)
{
	const struct jsonvalue *from = in(more, "distributions");
	const struct jsonvalue *gaps = in(in(more, "time"), "gaps");

	for (enum spread_lifetime i = 0; i < LIFETIME_COUNT; i++)
		spreads->lifetimes[i] = restore_count(
			in(from, "lifetime"), spreads_lifetime_name(i));
	for (unsigned i = 0; i < SPREAD_SIZES; i++)
		spreads->sizes[i] = restore_count(
			in(from, "object_size"), spreads_size_name(i));
	restore_spans(spreads->ages, in(from, "age"));
	restore_spans(spreads->since_modified, in(from, "since_modified"));
	spreads->short_lifetimes = restore_rate(from, "lifetime_below_since_modified");
	restore_distribution(&spreads->size, in(from, "object_octets"));
	restore_spans(spreads->gaps[REPEAT_UNCHANGED], in(gaps, "unchanged"));
	restore_spans(spreads->gaps[REPEAT_CHANGED], in(gaps, "changed"));
}

static void
restore_times(struct tally *tally, const struct jsonvalue *metrics,
	const struct jsonvalue *more)
{
	const struct jsonvalue *sums = in(metrics, "time"), *waits = in(more, "time");

	tally->revalidation_wait_ns = restore_time_ns(sums, "revalidation_wait_us");
	tally->avoidable_wait_ns[TIER_2] = restore_time_ns(sums, "wasted_wait_us");
	tally->avoidable_wait_ns[TIER_3] = restore_time_ns(sums, "t3_wait_us");
	restore_distribution(&tally->waits[WAIT_VALIDATED], in(waits, "validated"));
	restore_distribution(&tally->waits[WAIT_MISSED], in(waits, "missed"));
	restore_distribution(&tally->waits[WAIT_CHANGED], in(waits, "changed"));
	restore_distribution(&tally->waits[WAIT_ALL], in(waits, "all"));
	restore_distribution(&tally->waits[WAIT_AT_CLIENT],
		in(waits, "validated_at_client_estimated"));
}

/* ---- the rest ---- */

static void
restore_keys(struct tally_keys *keys, const struct jsonvalue *metrics,
	const struct jsonvalue *more)
{
	const struct jsonvalue *quality = in(metrics, "key_quality");

	keys->foreign = restore_rate(quality, "foreign_validator");
	keys->unknown = restore_rate(quality, "unknown_validator");
	for (enum evidence i = 0; i < EVIDENCE_COUNT; i++)
		keys->t2_octets[i] = restore_count(
			in(more, "t2_evidence"), evidence_name(i));
	keys->hasty_refetches = restore_count(in(more, "clients"), "hasty_refetches");
	keys->forgotten_octets = restore_count(
		in(more, "upper_bounds"), "forgotten_octets");
}

static void
restore_doubts(struct doubts *doubts, const struct jsonvalue *pairs)
{
	static const char *const counted[INTERVAL_COUNT] = {
		"inferred_R1", "inferred_R2", "inferred_R3"};

	doubts->exact = restore_count(pairs, "exact");
	doubts->inferred = restore_count(pairs, "inferred");
	for (enum interval_of i = 0; i < INTERVAL_COUNT; i++)
		doubts->counted[i] = restore_count(pairs, counted[i]);
	doubts->validated = restore_count(pairs, "inferred_validated");
	doubts->lost_answers = restore_count(pairs, "lost_answers");
	doubts->orphan_304 = restore_count(pairs, "orphan_304");
	doubts->orphan_full = restore_count(pairs, "orphan_full");
}

static void
restore_writes(struct tally_writes *writes, const struct jsonvalue *from)
{
	writes->asked = restore_count(from, "asked");
	writes->ok = restore_count(from, "ok");
	writes->failed = restore_count(from, "precondition_failed");
	writes->other = restore_count(from, "other");
	writes->guarded = restore_rate(from, "guarded");
}

static void
restore_claims(struct tables *tables, const struct jsonvalue *claims)
{
	for (enum claim claim = CLAIM_NONE + 1; claim < CLAIM_COUNT; claim++)
		for (unsigned i = 0; i < OUTCOME_COUNT; i++)
			tables->claims[claim][i] = restore_count(
				in(claims, claim_name(claim)), outcome_name(i));
}

/* What is given as a quotient or a difference. */
static void
restore_savings(struct tally *tally, const struct jsonvalue *metrics,
	const struct jsonvalue *more)
{
	struct rate hit = restore_rate(metrics, "B1_revalidation_byte_hit");

	restore_saved(tally, in(metrics, "saved"));
	tally->needless.octets = restore_at_most(
		restore_count(in(more, "saved_needless"), "octets"),
		tally_saved_octets(tally));
	tally->needless.unknown = restore_at_most(
		restore_count(in(more, "saved_needless"), "unknown"),
		tally->saved.count[SAVING_UNKNOWN]);
	tally->suspect_304 = restore_count(more, "suspect_304");
	tally->current_412 = restore_count(more, "current_412");
	tally->known_recall = restore_rate(more, "R3_known");
	tally->ok_get_wire_octets = hit.den > hit.num ? hit.den - hit.num : 0;
	tally->validated_head_octets = restore_count(metrics, "heads_of_validated_304");
}

void
restore_tally(struct tally *tally, const struct jsonvalue *http,
	const struct jsonvalue *metrics, const struct jsonvalue *more,
	const struct jsonvalue *quality)
{
	const struct jsonvalue *conditional = in(more, "conditional");

	restore_http(&tally->http, http);
	tally->http.cut_heads = restore_count(quality, "cut_heads");
	restore_octets(&tally->octets, in(metrics, "octets"));
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		tally->outcomes[i] = restore_count(
			in(metrics, "outcomes"), outcome_name(i));
	restore_conditional(&tally->conditional[ASKER_GET], in(conditional, "get"));
	restore_conditional(&tally->conditional[ASKER_HEAD], in(conditional, "head"));
	restore_rates(tally, in(metrics, "rates"));
	restore_validators(&tally->validators, in(metrics, "validators"));
	restore_savings(tally, metrics, more);
	restore_waste(tally, metrics, more);
	restore_bodies(&tally->bodies, more);
	restore_spreads(&tally->spreads, more);
	restore_times(tally, metrics, more);
	restore_keys(&tally->keys, metrics, more);
	restore_doubts(&tally->doubts, in(quality, "pairs"));
	restore_writes(&tally->writes, in(more, "write_conditions"));
	restore_claims(&tally->tables, in(more, "claims"));
}
