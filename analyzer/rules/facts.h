/*
 * analyzer/rules/facts.h - which rules an exchange concerns
 *
 * What a row of rules.def needs is compared with what an exchange has.  Most exchanges
 * have little: no condition, no odd date, no Age.  So most rules are not asked about
 * them, and what is looked at is decided here, once, and not by each rule.
 *
 * Cost: some tens of comparisons for an exchange; of its heads only the target and the
 * host are read.  A full answer is compared with the glances at recent ones, and what the
 * client did before is looked up.
 */
#ifndef ANALYZER_RULES_FACTS_H
#define ANALYZER_RULES_FACTS_H

#include "analyzer/rules/row.h"

struct facts {
	uint64_t facts;	   /* enum fact, FACT_TRAITS(), FACT_AROUND() */
	uint64_t fields;   /* FIELD_BITs of both messages; that of FIELD_OTHER is set */
	unsigned likeness; /* enum likeness */
};

/* What the capture has of the exchange; all that may be known by many.  Reads the habits
 * and, if enum likeness is about it, the memo of the view. */
struct facts facts_of(const struct view *view);

/* Of AROUND_BY_MANY, what is so. */
unsigned facts_by_many(const struct view *view, const struct aggregated *known);

/* What the rule needs. */
struct facts facts_needed(const struct row *row);

/* All of the needed facts, and one of the needed fields, are there. */
static inline bool
facts_suffice(const struct facts *has, const struct facts *needed)
{
	return !(needed->facts & ~has->facts) && needed->fields & has->fields &&
	       !(needed->likeness & ~has->likeness);
}

#endif
