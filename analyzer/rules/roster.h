/*
 * analyzer/rules/roster.h - which rules are asked about an exchange, and when
 *
 * A set of rules is a string of bits.  For each fact and each field there is the set of
 * those that need it, so what an exchange has picks its rules by a few words, however
 * many rules there are.
 *
 * A rule that is switched off is asked only if something else depends on it: it may
 * silence another one (suppress.def), or be read by what is remembered of exchanges.
 */
#ifndef ANALYZER_RULES_ROSTER_H
#define ANALYZER_RULES_ROSTER_H

#include "analyzer/rules/facts.h"

enum {
	ROSTER_WORD_BITS = 64,
	ROSTER_WORDS = (RULE_COUNT + ROSTER_WORD_BITS - 1) / ROSTER_WORD_BITS,
	ROSTER_FACTS = 64, /* bits of facts */
	ROSTER_FIELDS = 64 /* bits of FIELD_BIT() */
};

struct rule_set {
	uint64_t words[ROSTER_WORDS];
};

static inline bool
rule_set_has(const struct rule_set *set, enum rule_id rule)
{
	return set->words[rule / ROSTER_WORD_BITS] >> rule % ROSTER_WORD_BITS & 1;
}

/* They have a rule in common. */
static inline bool
rule_set_meets(const struct rule_set *a, const struct rule_set *b)
{
	uint64_t common = 0;

	for (unsigned i = 0; i < ROSTER_WORDS; i++)
		common |= a->words[i] & b->words[i];
	return common != 0;
}

static inline void
rule_set_add(struct rule_set *set, enum rule_id rule)
{
	set->words[rule / ROSTER_WORD_BITS] |= UINT64_C(1) << rule % ROSTER_WORD_BITS;
}

static inline void
rule_set_remove(struct rule_set *set, enum rule_id rule)
{
	set->words[rule / ROSTER_WORD_BITS] &= ~(UINT64_C(1) << rule % ROSTER_WORD_BITS);
}

enum {
	ROSTER_PICK_BITS = 8,
	ROSTER_PICKS = 1 << ROSTER_PICK_BITS
};

/* Those that are asked, see facts_suffice(), if all of enum likeness and AROUND_BY_MANY
 * is so: at first, and then those about many exchanges together. */
struct roster_pick {
	struct facts has;
	struct rule_set first, many;
};

struct roster {
	bool is_empty;
	struct facts named; /* that any rule needs */
	struct rule_set on; /* that are ever asked */
	struct rule_set needing[ROSTER_FACTS];
	struct rule_set by_many[AROUND_MANY_CASES]; /* by what is so of AROUND_BY_MANY */
	struct rule_set by_likeness[LIKENESS_CASES];
	struct rule_set having[ROSTER_FIELDS]; /* one of their fields is enough */
	struct rule_set speaking, silenced;    /* of suppress.def */
	/* A server disregarded a condition; it sent a 304 that should not be. */
	struct rule_set ignored_conditions, wrong_304s;
	/* By a hash of the facts, for most exchanges have what others had; no facts: none
	 * yet. */
	struct roster_pick picks[ROSTER_PICKS];
};

/* `is_on`: of each rule whether it is switched on. */
void roster_build(struct roster *roster, const bool *is_on);

/* roster_pick() of these, most likely, will come. */
void roster_expect(const struct roster *roster, const struct facts *has);

/* Holds until the next one is picked. */
const struct roster_pick *roster_pick(struct roster *roster, const struct facts *has);

/* Of those asked at first; `likeness`: what of enum likeness is so. */
struct rule_set roster_of_alike(
	const struct roster *roster, const struct rule_set *first, unsigned likeness);

/* Of those about many exchanges; `around`: what is so of AROUND_BY_MANY. */
struct rule_set roster_of_many(
	const struct roster *roster, const struct rule_set *many, unsigned around);

#endif
