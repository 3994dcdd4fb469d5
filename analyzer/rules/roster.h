/*
 * analyzer/rules/roster.h - which rules are asked, in which order, and about what
 *
 * Rules that need the same are a group, and are asked together or not at all.  A rule
 * that is switched off is asked only if something else depends on it: it may silence
 * another one (suppress.def), or be read by what is remembered of exchanges.
 */
#ifndef ANALYZER_RULES_ROSTER_H
#define ANALYZER_RULES_ROSTER_H

#include "analyzer/rules/facts.h"

struct group {
	struct facts needed;
	uint16_t begin, end; /* in the order of asking */
};

struct asked {
	const struct row *row;
	enum rule_id rule;
};

struct roster {
	struct asked asked[RULE_COUNT];
	struct group groups[RULE_COUNT]; /* those about many exchanges last */
	unsigned group_count, many_from;
};

/* Some rules together. */
struct rule_list {
	const uint16_t *rules;
	size_t count;
};

/* A server disregarded a condition; it sent a 304 that should not be. */
extern const struct rule_list roster_ignored_conditions, roster_wrong_304s;

/* `is_on`: of each rule whether it is switched on. */
void roster_build(struct roster *roster, const bool *is_on);

#endif
