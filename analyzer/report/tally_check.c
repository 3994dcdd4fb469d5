#include "analyzer/report/tally.h"

static uint64_t
sum(const uint64_t *numbers, size_t count)
{
	uint64_t total = 0;

	while (count--)
		total += numbers[count];
	return total;
}

static const char *
check_messages(const struct tally *tally)
{
	const struct tally_http *http = &tally->http;
	uint64_t methods = http->other_methods;

	for (unsigned i = 0; i < http->method_count; i++)
		methods += http->methods[i].count;
	if (methods != http->requests)
		return "requests are not those of all methods";
	if (sum(http->by_status, TALLY_STATUSES) != http->responses)
		return "responses are not those of all statuses";
	if (http->requests - http->unanswered + http->orphan_responses != http->responses)
		return "responses are not the answers and the orphans";
	if (sum(tally->outcomes, OUTCOME_COUNT) != http->requests)
		return "exchanges are not those of all outcomes";
	if (tally->doubts.exact + tally->doubts.inferred > http->requests)
		return "more pairs than requests";
	return NULL;
}

static bool
is_rate(struct rate rate)
{
	return rate.num <= rate.den;
}

/* A smaller denominator counts a part of what the larger one does. */
static const char *
check_conditions(const struct tally *tally)
{
	struct tally_conditional all = tally_conditional_all(tally);
	uint64_t forms = 0, strengths = 0;

	for (unsigned i = 0; i <= COND_BOTH; i++)
		forms += tally->by_form[i].den;
	for (unsigned i = 0; i < STRENGTH_COUNT; i++)
		strengths += tally->by_strength[i].den;
	if (forms != all.asked)
		return "conditional requests are not those of all forms";
	if (strengths != tally->by_form[COND_INM].den + tally->by_form[COND_BOTH].den)
		return "conditions by tag are not those of all strengths";
	if (tally_evaluable_hit(&all).den > all.asked ||
		tally_recall(&all).den > tally_evaluable_hit(&all).den)
		return "R1, R2 and R3 do not narrow";
	if (all.validated != tally->outcomes[OUTCOME_VALIDATED])
		return "validated conditions are not those of all exchanges";
	if (!is_rate(tally_hit(&all)) || !is_rate(tally->share_of_gets) ||
		!is_rate(tally->conditional_share) || !is_rate(tally->uptake) ||
		!is_rate(tally->matched_recall) ||
		tally->conditional_share.num != all.asked)
		return "a rate counts more than there is";
	return NULL;
}

/* Every table has every exchange once. */
static const char *
check_tables(const struct tally *tally)
{
	struct tally_conditional all = tally_conditional_all(tally);
	struct sums total = {
		.exchanges = tally->http.requests,
		.octets = tally_octets_total(tally),
		.conditional = all.asked,
		.validated = all.validated,
		.missed = all.missed_match + all.missed_churn,
		.uptake = tally->uptake,
		.echo = {tally->keys.unknown.den - tally->keys.unknown.num,
			tally->keys.unknown.den},
		.saved = tally_saved_octets(tally),
	};

	for (enum tier tier = TIER_1; tier <= TIER_3; tier++)
		total.waste[tier] = tally_wasted(tally, tier);
	return tables_check(&tally->tables, &total);
}

/* A fix takes all octets that are due to one thing, and each octet is due to one. */
static const char *
check_fixes(const struct tally *tally)
{
	size_t count = fixes_count(tally->fixes);
	const struct fixes_row **rows = mem_alloc((count + 1) * sizeof *rows);
	uint64_t octets[TIER_3 + 1] = {0}, alone = 0;

	fixes_ranked(tally->fixes, rows);
	for (size_t i = 0; i < count; i++) {
		for (enum tier tier = TIER_1; tier <= TIER_3; tier++)
			octets[tier] += rows[i]->octets[tier];
		if (fixes_alone(rows[i]) > alone)
			alone = fixes_alone(rows[i]);
	}
	mem_free(rows);
	if (alone > tally_octets_total(tally))
		return "a fix saves more than was sent";
	for (enum tier tier = TIER_1; tier <= TIER_3; tier++)
		if (octets[tier] != tally_wasted(tally, tier))
			return "waste is not that of all fixes";
	return NULL;
}

static const char *
check_waste(const struct tally *tally)
{
	uint64_t causes[TIER_3 + 1] = {0};

	for (unsigned i = 0; i < WASTE_COUNT; i++)
		for (unsigned j = 0; j < CAUSE_COUNT; j++)
			for (enum tier tier = TIER_1; tier <= TIER_3; tier++)
				causes[tier] += tally->waste[i][j].octets[tier];
	for (enum tier tier = TIER_1; tier <= TIER_3; tier++)
		if (causes[tier] != tally_wasted(tally, tier))
			return "waste is not that of all causes";
	if (tally->headline_body_octets + tally->headline_head_octets !=
		tally_headline(tally))
		return "waste is not that of bodies and heads";
	if (tally_headline(tally) + tally_wasted(tally, TIER_3) >
		tally_octets_total(tally))
		return "more was wasted than was sent";
	if (tally->bodies.answered_octets > tally->bodies.aborted_octets)
		return "more broken transfers were answered than there were";
	if (tally->bodies.uncoded.loss > tally->bodies.uncoded.measured)
		return "compression would save more than was sent";
	return NULL;
}

static const char *
check_keys(const struct tally *tally)
{
	const struct tally_keys *keys = &tally->keys;
	uint64_t octets = 0;

	for (enum evidence i = 0; i < EVIDENCE_COUNT; i++)
		octets += keys->t2_octets[i];
	if (octets != tally_wasted(tally, TIER_2))
		return "likely waste is not that of all evidence";
	if (!is_rate(keys->foreign) || !is_rate(keys->unknown) ||
		keys->foreign.den + keys->unknown.num != keys->unknown.den)
		return "tags are not the known and the unknown ones";
	return NULL;
}

const char *
tally_check(const struct tally *tally)
{
	static const char *(*const checks[])(const struct tally *) = {check_messages,
		check_conditions, check_waste, check_fixes, check_keys, check_tables};
	const char *broken = NULL;

	for (size_t i = 0; i < sizeof checks / sizeof *checks && !broken; i++)
		broken = checks[i](tally);
	return broken;
}
