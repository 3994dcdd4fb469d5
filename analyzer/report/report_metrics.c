#include "analyzer/report/report_metrics.h"

#include "analyzer/report/report_distribution.h"
#include "analyzer/report/report_spreads.h"

#include "analyzer/report/report_claims.h"
#include "analyzer/report/report_clocks.h"
#include "analyzer/report/report_keys.h"
#include "analyzer/report/report_lifetimes.h"
#include "analyzer/report/report_patterns.h"
#include "analyzer/report/report_slow.h"
#include "analyzer/report/report_tags.h"
#include "analyzer/report/report_whatif.h"

#include <stdio.h>

void
report_rate(struct json *json, const char *key, struct rate rate)
{
	json_key(json, key);
	json_object_inline(json);
	json_put_uint(json, "num", rate.num);
	json_put_uint(json, "den", rate.den);
	json_key(json, "value");
	if (rate.den)
		json_double(json, (double)rate.num / (double)rate.den);
	else
		json_null(json);
	json_end(json);
}

static void
put_octets(struct json *json, const struct tally *tally)
{
	const struct tally_octets *o = &tally->octets;

	json_key(json, "octets");
	json_object(json);
	json_put_uint(json, "q_head", o->q_head);
	json_put_uint(json, "q_body", o->q_body);
	json_put_uint(json, "r_head", o->r_head);
	json_put_uint(json, "r_content", o->r_content);
	json_put_uint(json, "r_framing", o->r_framing);
	json_put_uint(json, "stray", o->stray);
	json_put_uint(json, "total", tally_octets_total(tally));
	json_end(json);
}

static void
put_outcomes(struct json *json, const struct tally *tally)
{
	json_key(json, "outcomes");
	json_object(json);
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		if (tally->outcomes[i])
			json_put_uint(json, outcome_name(i), tally->outcomes[i]);
	json_end(json);
}

/* R1 to R3 of one method, or of both. */
static void
put_asker(struct json *json, const char *asker, const struct tally_conditional *c)
{
	static const char *const names[] = {
		"R1_conditional_hit", "R2_evaluable_hit", "R3_recall"};
	struct rate rates[] = {tally_hit(c), tally_evaluable_hit(c), tally_recall(c)};
	char key[48];

	for (unsigned i = 0; i < 3; i++) {
		snprintf(key, sizeof key, "%s.%s", names[i], asker);
		report_rate(json, key, rates[i]);
	}
}

static void
put_rates(struct json *json, const struct tally *tally)
{
	struct tally_conditional all = tally_conditional_all(tally);

	json_key(json, "rates");
	json_object(json);
	put_asker(json, "get", &tally->conditional[ASKER_GET]);
	put_asker(json, "head", &tally->conditional[ASKER_HEAD]);
	put_asker(json, "all", &all);
	report_rate(json, "R4_304_share_of_gets", tally->share_of_gets);
	report_rate(json, "R5_conditional_share", tally->conditional_share);
	report_rate(json, "R1_by_form.inm", tally->by_form[COND_INM]);
	report_rate(json, "R1_by_form.ims", tally->by_form[COND_IMS]);
	report_rate(json, "R1_by_form.both", tally->by_form[COND_BOTH]);
	report_rate(json, "R1_by_strength.strong", tally->by_strength[STRENGTH_STRONG]);
	report_rate(json, "R1_by_strength.weak", tally->by_strength[STRENGTH_WEAK]);
	report_rate(json, "R1_by_strength.mixed", tally->by_strength[STRENGTH_MIXED]);
	report_rate(json, "R8_matched_recall", tally->matched_recall);
	report_rate(json, "R6_conditional_uptake", tally->uptake);
	json_end(json);
}

static void
put_validators(struct json *json, const struct tally_validators *v)
{
	json_key(json, "validators");
	json_object(json);
	json_put_uint(json, "etag_strong", v->etag_strong);
	json_put_uint(json, "etag_weak", v->etag_weak);
	json_put_uint(json, "lm", v->lm);
	json_put_uint(json, "both", v->both);
	json_put_uint(json, "etag_only", v->etag_only);
	json_put_uint(json, "lm_only", v->lm_only);
	json_put_uint(json, "none", v->none);
	json_put_uint(json, "responses", v->responses);
	json_end(json);
}

static void
put_saved(struct json *json, const struct tally *tally)
{
	json_key(json, "saved");
	json_object(json);
	json_put_uint(json, "known_octets", tally_saved_octets(tally));
	json_put_uint(json, "known_count", tally_saved_known(tally));
	json_put_uint(json, "unknown_count", tally->saved.count[SAVING_UNKNOWN]);
	json_key(json, "by_source");
	json_object(json);
	for (unsigned i = 0; i < SAVING_SOURCES; i++) {
		if (i == SAVING_NONE || i == SAVING_UNKNOWN || i == SAVING_HEAD_METHOD)
			continue;
		if (tally->saved.count[i])
			json_put_uint(
				json, saving_source_name(i), tally->saved.octets[i]);
	}
	json_end(json);
	json_end(json);
}

static void
put_waste(struct json *json, const struct tally *tally)
{
	json_key(json, "waste");
	json_object(json);
	for (enum tier tier = TIER_1; tier <= TIER_3; tier++) {
		json_key(json, tier_name(tier));
		json_object(json);
		for (unsigned i = 0; i < WASTE_COUNT; i++)
			if (tally->waste_by_class[tier][i])
				json_put_uint(json, waste_name(i),
					tally->waste_by_class[tier][i]);
		json_end(json);
	}
	json_end(json);
}

static void
put_waste_sums(struct json *json, const struct tally *tally)
{
	uint64_t total = tally_octets_total(tally), headline = tally_headline(tally);

	json_key(json, "waste_sums");
	json_object(json);
	for (enum tier tier = TIER_1; tier <= TIER_3; tier++)
		json_put_uint(json, tier_name(tier), tally_wasted(tally, tier));
	json_put_uint(json, "headline", headline);
	json_put_uint(json, "headline_body", tally->headline_body_octets);
	json_put_uint(json, "headline_head", tally->headline_head_octets);
	json_put_uint(json, "not_wasted", total - headline);
	json_put_uint(json, "not_wasted_not_avoidable",
		total - headline - tally_wasted(tally, TIER_3));
	json_end(json);
}

void
report_metrics(struct json *json, const struct report *report)
{
	const struct tally *tally = report->tally;
	uint64_t saved = tally_saved_octets(tally);

	json_key(json, "metrics");
	json_object(json);
	put_octets(json, tally);
	put_outcomes(json, tally);
	report_key_quality(json, tally);
	put_rates(json, tally);
	put_validators(json, &tally->validators);
	put_saved(json, tally);
	put_waste(json, tally);
	put_waste_sums(json, tally);
	json_put_uint(json, "missed_304_octets", tally->missed_304_octets);
	report_rate(json, "B1_revalidation_byte_hit",
		(struct rate){saved, saved + tally->ok_get_wire_octets});
	report_rate(json, "B2_avoidance_efficiency",
		(struct rate){saved, saved + tally->headline_body_octets});
	json_key(json, "time");
	json_object(json);
	json_put_int(json, "revalidation_wait_us", tally->revalidation_wait_ns / 1000);
	json_put_int(json, "wasted_wait_us", tally->avoidable_wait_ns[TIER_2] / 1000);
	json_put_int(json, "t3_wait_us", tally->avoidable_wait_ns[TIER_3] / 1000);
	json_end(json);
	json_put_uint(json, "heads_of_validated_304", tally->validated_head_octets);
	report_whatif_metrics(json, report);
	json_end(json);
}

static void
put_recall_interval(struct json *json, const struct tally *tally)
{
	struct tally_conditional all = tally_conditional_all(tally);

	json_key(json, "R3_interval");
	json_object(json);
	report_rate(json, "low", tally_recall_low(&all));
	report_rate(json, "high", tally_recall(&all));
	json_end(json);
}

/* Octets that are known, and how many 304s saved what nobody saw. */
static void
put_saving(struct json *json, const char *key, uint64_t octets, uint64_t unknown)
{
	json_key(json, key);
	json_object_inline(json);
	json_put_uint(json, "octets", octets);
	json_put_uint(json, "unknown", unknown);
	json_end(json);
}

static void
put_needs(struct json *json, const struct tally *tally)
{
	const struct tally_needless *needless = &tally->needless;

	put_saving(json, "saved_needed", tally_saved_octets(tally) - needless->octets,
		tally->saved.count[SAVING_UNKNOWN] - needless->unknown);
	put_saving(json, "saved_needless", needless->octets, needless->unknown);
	report_rate(
		json, "revalidation_efficiency", tally_revalidation_efficiency(tally));
	json_put_uint(json, "suspect_304", tally->suspect_304);
	json_put_uint(json, "current_412", tally->current_412);
}

static void
put_waits(struct json *json, const struct tally *tally)
{
	static const char *const names[] = {
		[WAIT_VALIDATED] = "validated",
		[WAIT_MISSED] = "missed",
		[WAIT_CHANGED] = "changed",
		[WAIT_ALL] = "all",
		[WAIT_AT_CLIENT] = "validated_at_client_estimated",
	};

	for (unsigned i = 0; i < WAIT_COUNT; i++)
		report_distribution(json, names[i], &tally->waits[i], "_us");
}

static void
put_time(struct json *json, const struct report *report)
{
	const struct tally *tally = report->tally;

	json_key(json, "time");
	json_object(json);
	put_waits(json, tally);
	report_gaps_json(json, &tally->spreads);
	report_slow_json(json, report);
	report_clocks_json(json, report);
	json_end(json);
}

static void
put_writes(struct json *json, const struct tally_writes *writes)
{
	json_key(json, "write_conditions");
	json_object(json);
	json_put_uint(json, "asked", writes->asked);
	json_put_uint(json, "ok", writes->ok);
	json_put_uint(json, "precondition_failed", writes->failed);
	json_put_uint(json, "other", writes->other);
	report_rate(json, "guarded", writes->guarded);
	json_end(json);
}

/* What is in no class of waste: see METRICS.md. */
static void
put_bodies(struct json *json, const struct tally *tally)
{
	const struct tally_bodies *bodies = &tally->bodies;
	uint64_t estimated;
	bool known = tally_uncompressed_estimated(tally, &estimated);

	json_put_uint(
		json, "aborted_octets", bodies->aborted_octets - bodies->answered_octets);
	json_key(json, "unanalysed");
	json_object_inline(json);
	json_put_uint(json, "exchanges", bodies->unanalysed_exchanges);
	json_put_uint(json, "octets", bodies->unanalysed_octets);
	json_end(json);
	json_key(json, "uncompressed");
	json_object_inline(json);
	json_put_uint(json, "measured", bodies->uncoded.measured);
	json_put_uint(json, "loss", bodies->uncoded.loss);
	json_put_uint(json, "unmeasured", bodies->uncoded.unmeasured);
	json_end(json);
	json_key(json, "uncompressed_estimated");
	if (known)
		json_uint(json, estimated);
	else
		json_null(json);
}

/* What R1, R2 and R3 are made of. */
static void
put_conditional(struct json *json, const char *key, const struct tally_conditional *c)
{
	json_key(json, key);
	json_object_inline(json);
	json_put_uint(json, "asked", c->asked);
	json_put_uint(json, "validated", c->validated);
	json_put_uint(json, "missed_match", c->missed_match);
	json_put_uint(json, "missed_churn", c->missed_churn);
	json_put_uint(json, "changed", c->changed);
	json_put_uint(json, "presumed", c->presumed);
	json_put_uint(json, "changed_same", c->changed_same);
	json_put_uint(json, "indeterminate", c->indeterminate);
	json_put_uint(json, "mismatched", c->mismatched);
	json_end(json);
}

static void
put_wasted(struct json *json, const struct tally_waste *waste)
{
	json_object_inline(json);
	json_put_uint(json, "exchanges", waste->exchanges);
	for (enum tier tier = TIER_1; tier <= TIER_3; tier++)
		json_put_uint(json, tier_name(tier), waste->octets[tier]);
	json_key(json, "faults");
	json_object_inline(json);
	for (enum fault fault = 0; fault <= FAULT_USER; fault++)
		if (waste->faults & 1u << fault)
			json_put_bool(json, fault_name(fault), true);
	json_end(json);
	json_put_bool(json, "via_cache", waste->via_cache);
	json_end(json);
}

/* By class, and cause behind a slash. */
static void
put_causes(struct json *json, const struct tally *tally)
{
	char key[80];

	json_key(json, "waste_by_cause");
	json_object(json);
	for (unsigned i = 0; i < WASTE_COUNT * CAUSE_COUNT; i++) {
		const struct tally_waste
			*waste = &tally->waste[i / CAUSE_COUNT][i % CAUSE_COUNT];
		const char *cause = cause_name(i % CAUSE_COUNT);

		if (!waste->exchanges)
			continue;
		snprintf(key, sizeof key, "%s%s%s", waste_name(i / CAUSE_COUNT),
			cause ? "/" : "", cause ? cause : "");
		json_key(json, key);
		put_wasted(json, waste);
	}
	json_end(json);
}

void
report_more(struct json *json, const struct report *report, size_t rows_max)
{
	const struct tally *tally = report->tally;
	const struct tally_octets *o = &tally->octets;
	uint64_t total = tally_octets_total(tally), saved = tally_saved_octets(tally);

	json_key(json, "more");
	json_object(json);
	report_rate(json, "B3_wasted_share", (struct rate){tally_headline(tally), total});
	report_rate(
		json, "B4_header_overhead", (struct rate){o->q_head + o->r_head, total});
	report_rate(json, "B5",
		(struct rate){report->counters->http_frame_octets,
			report->counters->http_direction[TO_SERVER].stream_octets +
				report->counters->http_direction[TO_CLIENT]
					.stream_octets});
	report_rate(json, "B4_heads_of_304s_per_saved",
		(struct rate){tally->validated_head_octets, saved});
	json_key(json, "conditional");
	json_object(json);
	put_conditional(json, "get", &tally->conditional[ASKER_GET]);
	put_conditional(json, "head", &tally->conditional[ASKER_HEAD]);
	json_end(json);
	put_recall_interval(json, tally);
	report_rate(json, "R3_known", tally->known_recall);
	report_rate(json, "urls_below_90", tally_below_goal(tally));
	report_rate(json, "recall_octets",
		(struct rate){saved, saved + tally->missed_304_octets});
	put_needs(json, tally);
	put_causes(json, tally);
	put_bodies(json, tally);
	put_writes(json, &tally->writes);
	report_spreads_json(json, &tally->spreads);
	put_time(json, report);
	report_claims_json(json, &tally->tables);
	report_whatif_more(json, report);
	report_lifetimes_json(json, report, rows_max);
	report_patterns_json(json, whatif_ladder(report->whatif), rows_max);
	report_tags_json(json, report, rows_max);
	report_keys(json, report);
	json_end(json);
}

void
report_pairs(struct json *json, const struct doubts *doubts)
{
	json_key(json, "pairs");
	json_object(json);
	json_put_uint(json, "exact", doubts->exact);
	json_put_uint(json, "inferred", doubts->inferred);
	for (enum interval_of i = 0; i < INTERVAL_COUNT; i++) {
		char key[32];

		snprintf(key, sizeof key, "inferred_%s", interval_name(i));
		json_put_uint(json, key, doubts->counted[i]);
	}
	json_put_uint(json, "inferred_validated", doubts->validated);
	json_put_uint(json, "lost_answers", doubts->lost_answers);
	json_put_uint(json, "orphan_304", doubts->orphan_304);
	json_put_uint(json, "orphan_full", doubts->orphan_full);
	json_end(json);
}

static void
put_end(struct json *json, struct rate rate)
{
	if (rate.den)
		json_double(json, (double)rate.num / (double)rate.den);
	else
		json_null(json);
}

void
report_interval(struct json *json, enum interval_of which, struct rate rate,
	const struct doubts *doubts)
{
	struct interval range = interval(which, rate, doubts);

	json_key(json, interval_name(which));
	json_array_inline(json);
	put_end(json, range.low);
	put_end(json, range.high);
	json_end(json);
}
