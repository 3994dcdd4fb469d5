#include "analyzer/rules/roster.h"

#include "analyzer/base/mem.h"

static const uint16_t ignored_conditions[] = {RULE_200_DESPITE_INM_MATCH,
	RULE_INM_WEAK_MATCH_MISSED, RULE_ETAG_CODING_SUFFIX_MISMATCH,
	RULE_INM_QUOTE_MISMATCH, RULE_200_DESPITE_IMS_MATCH};
static const uint16_t wrong_304s[] = {RULE_304_ETAG_NOT_REQUESTED,
	RULE_304_LAST_MODIFIED_AFTER_IMS, RULE_304_ON_INVALID_IMS,
	RULE_304_CONTENT_LENGTH_MISMATCH};

enum {
	IGNORED_CONDITIONS = sizeof ignored_conditions / sizeof *ignored_conditions,
	WRONG_304S = sizeof wrong_304s / sizeof *wrong_304s
};

static void
need_all(bool *needed, const uint16_t *rules, size_t count)
{
	for (size_t i = 0; i < count; i++)
		needed[rules[i]] = true;
}

static struct rule_set
set_of(const uint16_t *rules, size_t count)
{
	struct rule_set set = {{0}};

	for (size_t i = 0; i < count; i++)
		rule_set_add(&set, rules[i]);
	return set;
}

static const struct {
	uint16_t speaks, silent;
} pairs[] = {
#define SUPPRESS(speaks, silent) {RULE_##speaks, RULE_##silent},
#include "analyzer/rules/suppress.def"
#undef SUPPRESS
};

/* What may silence a rule that is needed is needed. */
static void
need_speakers(bool *needed)
{
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
			if (needed[pairs[i].silent] && !needed[pairs[i].speaks])
				more = needed[pairs[i].speaks] = true;
	}
}

static void
find_needed(const bool *is_on, bool *needed)
{
	bool any = false;

	for (unsigned i = 0; i < RULE_COUNT; i++)
		any |= needed[i] = is_on[i];
	if (!any)
		return;
	need_all(needed, ignored_conditions, IGNORED_CONDITIONS);
	need_all(needed, wrong_304s, WRONG_304S);
	needed[RULE_PAIRING_ORDER_SUSPECT] = true; /* others are tentative then */
	need_speakers(needed);
}

void
roster_build(struct roster *roster, const bool *is_on)
{
	bool asked[RULE_COUNT];

	find_needed(is_on, asked);
	*roster = (struct roster){.is_empty = true,
		.ignored_conditions = set_of(ignored_conditions, IGNORED_CONDITIONS),
		.wrong_304s = set_of(wrong_304s, WRONG_304S)};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		rule_set_add(&roster->speaking, pairs[i].speaks);
		rule_set_add(&roster->silenced, pairs[i].silent);
	}
	for (unsigned rule = 0; rule < RULE_COUNT; rule++) {
		struct facts needed = facts_needed(row_of(rule));

		if (!asked[rule])
			continue;
		roster->is_empty = false;
		rule_set_add(&roster->on, rule);
		roster->named.facts |= needed.facts;
		roster->named.fields |= needed.fields;
		for (unsigned i = 0; i < ROSTER_FACTS; i++)
			if (needed.facts >> i & 1)
				rule_set_add(&roster->needing[i], rule);
		for (unsigned i = 0; i < ROSTER_FIELDS; i++)
			if (needed.fields >> i & 1)
				rule_set_add(&roster->having[i], rule);
		for (unsigned i = 0; i < AROUND_MANY_CASES; i++)
			if (!(needed.facts & FACT_AROUND(AROUND_BY_MANY) &
				    ~FACT_AROUND(i << AROUND_MANY_SHIFT)))
				rule_set_add(&roster->by_many[i], rule);
		for (unsigned i = 0; i < LIKENESS_CASES; i++)
			if (!(needed.likeness & ~i))
				rule_set_add(&roster->by_likeness[i], rule);
	}
}

static struct roster_pick
pick(const struct roster *roster, const struct facts *has)
{
	const struct rule_set *many = &roster->needing[__builtin_ctz(FACT_MANY)];
	struct roster_pick pick = {.has = *has};
	struct rule_set *first = &pick.first;

	for (uint64_t left = has->fields & roster->named.fields; left; left &= left - 1)
		for (unsigned i = 0; i < ROSTER_WORDS; i++)
			first->words[i] |= roster->having[__builtin_ctzll(left)].words[i];
	for (uint64_t left = roster->named.facts & ~has->facts; left; left &= left - 1)
		for (unsigned i = 0; i < ROSTER_WORDS; i++)
			first->words[i] &= ~roster->needing[__builtin_ctzll(left)]
						    .words[i];
	for (unsigned i = 0; i < ROSTER_WORDS; i++) {
		pick.many.words[i] = first->words[i] & many->words[i];
		first->words[i] &= ~many->words[i];
	}
	return pick;
}

static size_t
place_of_pick(const struct facts *has)
{
	uint64_t hash = (has->facts ^ has->fields * UINT64_C(0x9e3779b97f4a7c15)) *
			UINT64_C(0xd6e8feb86659fd93);

	return hash >> (64 - ROSTER_PICK_BITS);
}

void
roster_expect(const struct roster *roster, const struct facts *has)
{
	const struct roster_pick *pick = &roster->picks[place_of_pick(has)];

	mem_expect(pick, sizeof *pick);
}

const struct roster_pick *
roster_pick(struct roster *roster, const struct facts *has)
{
	struct roster_pick *last = &roster->picks[place_of_pick(has)];

	if (last->has.facts != has->facts || last->has.fields != has->fields)
		*last = pick(roster, has);
	return last;
}

static struct rule_set
common(const struct rule_set *a, const struct rule_set *b)
{
	struct rule_set both;

	for (unsigned i = 0; i < ROSTER_WORDS; i++)
		both.words[i] = a->words[i] & b->words[i];
	return both;
}

struct rule_set
roster_of_alike(
	const struct roster *roster, const struct rule_set *first, unsigned likeness)
{
	return common(first, &roster->by_likeness[likeness]);
}

struct rule_set
roster_of_many(const struct roster *roster, const struct rule_set *many, unsigned around)
{
	return common(many, &roster->by_many[around >> AROUND_MANY_SHIFT]);
}
